"""Whether those who mark agree, and whether rows of marks repeat each other more often than chance has it."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import krippendorff
import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa, to_table

from jifen_analysis.analysis.inputs import MIN_N, Floats, Ints, as_frame, differ, millionths, pair_values
from jifen_analysis.analysis.inputs.multiple import LEVEL, adjust_p_values, false_alarms
from jifen_analysis.analysis.inputs.resampling import expanded_tail
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import Concordance, RepeatedRows

DRAWS, SEED = 99, 20_240_105

FEW = 12
"""Different marks up to which they are grades, of which it counts whether they are the same."""

Level = Literal["nominal", "ordinal", "interval"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval")
RESAMPLED = ("kappa", *(f"alpha_{level}" for level in LEVELS))


def concordance(marks: pd.DataFrame, *, draws: int = DRAWS) -> pd.DataFrame:
    """Measure how far raters agree on the same persons, beside what chance makes of the same marks.

    Parameters
    ----------
    marks : DataFrame of shape (persons, raters)
        Each rater's mark of each person; missing where not given. Persons with
        fewer than two marks are left out.
    draws : int
        How often each rater's marks are dealt anew among the persons that the
        rater marked, for what chance makes.

    Returns
    -------
    DataFrame
        Indexed by ``coefficient``: ``kappa`` (mean of the pairs), ``alpha_nominal``,
        ``alpha_ordinal``, ``alpha_interval``, ``kendall_w`` (of ranks, with ties);
        ``value``, its 95 % interval ``low``, ``high`` (none of W, nor under 5 persons;
        never a point: raters who did not differ yet may), ``chance`` and
        ``chance_high``, the median and the 95 % quantile of the dealt marks, ``p``
        of as much by chance (of W all three by chi squared). Kappa and the nominal
        and ordinal alpha are missing for marks of more than 12 values, kappa
        without two persons marked by all, W without three. ``attrs``: ``summaries.Concordance``.

    Raises
    ------
    UsageError
        With fewer than two persons who have two marks, or where all marks are equal.

    Notes
    -----
    Kappa: Cohen (1960), Educ. Psychol. Meas. 20, 37-46; the mean of pairs: Light
    (1971), Psychological Bulletin 76, 365-377. W: Kendall & Babington Smith
    (1939), Annals of Mathematical Statistics 10, 275-287. Alpha: Krippendorff
    (2011), Computing Krippendorff's Alpha-Reliability. Intervals: the Bayesian
    bootstrap of persons, Rubin (1981), Annals of Statistics 9, 130-134, its
    quantiles expanded for few, Hesterberg (2015), The American Statistician 69,
    371-386.

    Examples
    --------
    >>> marks = pd.DataFrame({"a": [1, 2, 3, 3, 2], "b": [1, 2, 3, 3, 2], "c": [1, 2, 3, 3, 1]})
    >>> concordance(marks)["value"].round(2).tolist()
    [0.8, 0.81, 0.92, 0.9, 0.96]
    """
    given = as_frame(marks, "评分", "marks").sort_index(kind="stable").sort_index(axis=1)
    held = given[given.notna().sum(axis=1) >= 2].dropna(axis=1, how="all").to_numpy()
    if len(held) < 2:
        raise UsageError(
            f"至少要有两人各得两个评分,现有 {len(held)} 人",
            f"two persons with two marks each are needed, found {len(held)}",
        )
    if not differ(held):
        raise UsageError(
            "所有评分全同,一致与否无从谈起", "all marks are alike: whether raters agree cannot be told from them"
        )
    random = np.random.default_rng(SEED)
    value = _coefficients(held)
    dealt = np.array([_coefficients(_deal_marks(held, random)) for _ in range(draws)]).reshape(draws, -1)
    table = pd.DataFrame({"value": value}, index=pd.Index(RESAMPLED, name="coefficient"))
    table[["low", "high"]] = _intervals(held, graded=_graded(held))
    table["chance"], table["chance_high"] = _quantile(dealt, 0.5), _quantile(dealt, 0.95)
    table["p"] = np.where(np.isnan(value), np.nan, (1 + (dealt >= value - 1e-12).sum(axis=0)) / (1 + draws))
    whole = held[~np.isnan(held).any(axis=1)]
    table.loc["kendall_w"] = _kendall(whole)
    return Concordance(len(held), held.shape[1], len(whole), len(given) - len(held)).on(table)


def _coefficients(held: Floats) -> Floats:
    """Return kappa and the three alphas; those of grades missing for marks of many values."""
    if not _graded(held):
        return np.array([np.nan, np.nan, np.nan, _alpha_interval(held)])
    whole = held[~np.isnan(held).any(axis=1)]
    return np.array([_kappa(whole), *(_alpha(held, level) for level in LEVELS)])


def _graded(held: Floats) -> bool:
    return len(np.unique(held[~np.isnan(held)])) <= FEW


def _kappa(whole: Floats) -> float:
    """Return the mean of the pairs' kappas; missing where a pair leaves nothing to agree on."""
    if len(whole) < 2:
        return float("nan")
    codes = np.unique(whole, return_inverse=True)[1].reshape(whole.shape)
    levels = int(codes.max()) + 1
    if levels < 2:
        return float("nan")
    with np.errstate(invalid="ignore", divide="ignore"):
        pairs = [
            cohens_kappa(to_table(codes[:, list(pair)], bins=levels)[0], return_results=False)
            for pair in combinations(range(whole.shape[1]), 2)
        ]
    return float(np.mean(pairs))


def _kendall(whole: Floats) -> list[float]:
    """Return W, no interval, its mean and 95 % quantile by chance, and its p: Friedman's chi squared as a share."""
    persons, raters = whole.shape
    if persons < 3 or not (np.ptp(whole, axis=0) > 0).any():
        return [float("nan")] * 6
    most, found = raters * (persons - 1), stats.friedmanchisquare(*whole)
    by_chance = float(stats.chi2.ppf(0.95, persons - 1)) / most
    return [float(found.statistic) / most, np.nan, np.nan, 1 / raters, min(1.0, by_chance), float(found.pvalue)]


def _alpha(held: Floats, level: Level) -> float:
    if len(np.unique(held[~np.isnan(held)])) < 2:
        return float("nan")
    return float(krippendorff.alpha(reliability_data=held.T, level_of_measurement=level))


def _alpha_interval(held: Floats) -> float:
    """Return alpha of many-valued marks, for which a table of coincidences is too large: by sums of squares."""
    counts = (~np.isnan(held)).sum(axis=1)
    rows, n = held[counts >= 2], int(counts[counts >= 2].sum())
    inside = np.nansum((rows - np.nanmean(rows, axis=1, keepdims=True)) ** 2, axis=1)
    per = counts[counts >= 2]
    across = float(np.nansum((rows - np.nanmean(rows)) ** 2))
    if not across > 0:
        return float("nan")
    return float(1 - (n - 1) / n * (inside * per / (per - 1)).sum() / across)


def _deal_marks(held: Floats, random: np.random.Generator) -> Floats:
    """Return the marks with each rater's dealt anew among the persons that the rater marked."""
    found = held.copy()
    for column in found.T:  # views into the copy
        there = ~np.isnan(column)
        column[there] = random.permutation(column[there])
    return found


def _quantile(found: Floats, share: float) -> Floats:
    result = np.full(found.shape[1], np.nan)
    known = ~np.isnan(found).all(axis=0)
    result[known] = np.nanquantile(found[:, known], share, axis=0)
    return result


# ---------------------------------------------------------------- how sure it is


RESAMPLES, SEED_OF_RESAMPLES = 1_000, 20_240_107


def _intervals(held: Floats, *, graded: bool) -> Floats:
    """Return the 95 % intervals of kappa and of the nominal, ordinal and interval alpha, a row each.

    The Bayesian bootstrap of persons (Rubin 1981) with one person more: at the lower
    end one whose marks are dealt by chance, at the upper one on whom all agree. So
    raters who never differed are not said to agree for certain. Of few persons
    the quantiles are taken as far out as Student's t lies beyond the normal
    (Hesterberg 2015). Missing of fewer than five persons, and for marks of many
    values but for the last.

    Parameters
    ----------
    held : array of shape (persons, raters)
        Persons with two marks or more.
    graded : bool
        Whether the marks are of so few values that it counts whether they are the same.

    Examples
    --------
    >>> alike = np.repeat([[1.0], [2.0], [3.0], [2.0], [1.0]], 3, axis=1)
    >>> low, high = _intervals(alike, graded=True)[3]
    >>> bool(0.3 < low < 0.6 and high == 1)
    True
    """
    n = len(held)
    if n < MIN_N:
        return np.full((4, 2), np.nan)
    random = np.random.default_rng(SEED_OF_RESAMPLES)
    weights = random.dirichlet(np.ones(n), RESAMPLES) * n
    drawn = (
        np.column_stack([_drawn_grades(held, weights), _distances(held, weights)])
        if graded
        else _only_last(held, weights)
    )
    beside = n / (n + random.exponential(size=(RESAMPLES, 1)))
    tail = expanded_tail(n)
    low = _drawn_quantile(np.minimum(drawn, drawn * beside), tail)
    return np.column_stack([low, _drawn_quantile(1 - (1 - drawn) * beside, 1 - tail)])


def _only_last(held: Floats, weights: Floats) -> Floats:
    return np.column_stack([np.full((RESAMPLES, 3), np.nan), _distances(held, weights)])


def _drawn_grades(held: Floats, weights: Floats) -> Floats:
    """Return kappa and the nominal and ordinal alpha of each draw, by tables that add up over persons."""
    values = np.unique(held[~np.isnan(held)])
    chosen = (held[:, :, None] == values).astype("float64")  # nothing where a mark is missing
    counts = chosen.sum(axis=1)
    marks = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))
    joint = np.tensordot(weights / (marks - 1), pairs, axes=1)
    nominal = 1 - np.eye(len(values))
    return np.column_stack([_kappas(chosen, weights), _alphas(joint, nominal), _alphas(joint, _ranked(joint))])


def _alphas(joint: Floats, apart: Floats) -> Floats:
    """Return 1 less the disagreement seen by that expected, of tables of coincidences (Krippendorff 2011)."""
    margin = joint.sum(axis=2)
    seen, n = (joint * apart).sum(axis=(1, 2)), margin.sum(axis=1)
    expected = (margin[:, :, None] * margin[:, None, :] * apart).sum(axis=(1, 2))
    return 1 - (n - 1) * seen / np.where(expected > 0, expected, np.nan)


def _ranked(joint: Floats) -> Floats:
    """Return the squared distance of grades in ranks: how many marks lie between, half of both ends counted."""
    margin = joint.sum(axis=2)
    middle = margin.cumsum(axis=1) - margin / 2
    return np.asarray((middle[:, :, None] - middle[:, None, :]) ** 2, dtype="float64")


def _kappas(chosen: Floats, weights: Floats) -> Floats:
    """Return the mean kappa of the pairs of raters, of the persons whom all marked."""
    whole = np.all(chosen.sum(axis=2) > 0, axis=1)
    if whole.sum() < 2:
        return np.full(len(weights), np.nan)
    given, share = chosen[whole], weights[:, whole] / weights[:, whole].sum(axis=1, keepdims=True)
    margins = np.tensordot(share, given, axes=1)
    found = [
        _drawn_kappa(share @ (given[:, a] * given[:, b]).sum(axis=1), (margins[:, a] * margins[:, b]).sum(axis=1))
        for a, b in combinations(range(chosen.shape[1]), 2)
    ]
    return np.asarray(np.mean(found, axis=0), dtype="float64")


def _drawn_kappa(seen: Floats, chance: Floats) -> Floats:
    return np.where(chance < 1 - 1e-12, (seen - chance) / np.where(chance < 1 - 1e-12, 1 - chance, 1), np.nan)


def _distances(held: Floats, weights: Floats) -> Floats:
    """Return the interval alpha of each draw, by sums of squares."""
    marks = (~np.isnan(held)).sum(axis=1)
    centred = held - np.nanmean(held)
    inside = np.nansum((held - np.nanmean(held, axis=1, keepdims=True)) ** 2, axis=1) * marks / (marks - 1)
    n = weights @ marks
    across = weights @ np.nansum(centred**2, axis=1) - (weights @ np.nansum(centred, axis=1)) ** 2 / n
    return 1 - (n - 1) / n * (weights @ inside) / np.where(across > 1e-12, across, np.nan)


def _drawn_quantile(drawn: Floats, share: float) -> Floats:
    known = (~np.isnan(drawn)).mean(axis=0) > 0.5
    found = np.full(drawn.shape[1], np.nan)
    found[known] = np.nanquantile(drawn[:, known], share, axis=0)
    return found


# ---------------------------------------------------------------- repetition


DEALS, SEED_OF_DEALS = 49, 20_240_106

BLOCK, SMALL = 4, 24
"""Neighbours by their mean among whom marks are dealt anew: one fewer of so few rows, where four lie far apart."""


def repeated_rows(
    marks: pd.DataFrame, group: pd.Series | None = None, *, draws: int = DEALS, min_n: int = MIN_N
) -> pd.DataFrame:
    """Count rows of marks that repeat another row, and rows of one mark throughout, beside what chance has.

    Members of equal merit are marked alike, and few marks to choose from make
    equal rows without anybody copying. Chance is therefore what the same marks
    make when each column is dealt anew among members of about the same mean. More
    than that may come of a common decision, of marks carried over from another
    list, of haste, or of how the sheet was filled; the count does not say which. Where
    everybody has the same marks, dealt anew they are the same: that shows in the
    counts, not in p.

    Parameters
    ----------
    marks : DataFrame of shape (members, columns)
        Such as the mark of each group of evaluators, or of each item; turned over,
        rows are raters. Rows with a missing mark are left out.
    group : Series by member, optional
        Such as the branch: rows are compared inside it. Without one, all together.
    draws : int
        How often the marks are dealt anew.
    min_n : int
        Groups of fewer rows are withheld.

    Returns
    -------
    DataFrame
        One row a group: ``group``, ``n``; ``repeated``, how many rows are the same
        as an earlier one (rows of one mark apart), ``repeated_expected`` by chance,
        ``repeated_p`` of as many, ``repeated_holm`` with all groups considered; the
        same of ``straight``, rows of one mark throughout; ``stands``: ``repeated``,
        ``straight`` or ``both`` where that is beyond chance, else empty;
        ``withheld``. ``attrs``: ``summaries.RepeatedRows``.

    Raises
    ------
    UsageError
        With fewer than two columns, no complete row, or none that has a group.

    Notes
    -----
    Counts of rare coincidences are Poisson (Feller 1968, An Introduction to
    Probability Theory, 3rd ed., chapter 2); the expected one is simulated. Because
    members are sorted by the marks themselves the test keeps below its level; of
    fewer than a dozen rows copies are seldom told from raters who agree. Holm
    (1979), Scand. J. Statistics 6, 65-70.

    Examples
    --------
    >>> marks = pd.DataFrame(np.random.default_rng(1).normal(85, 4, (20, 3)).round(1))
    >>> marks.iloc[10:] = marks.iloc[:10].to_numpy()
    >>> repeated_rows(marks)[["group", "n", "repeated", "stands"]].values.tolist()
    [['all', 20, 10, 'repeated']]
    """
    given = as_frame(marks, "评分", "marks")
    whole = given.dropna()
    if whole.empty or whole.shape[1] < 2:
        raise UsageError(
            f"至少要有两列、一行完整的评分:现有 {len(whole)} 行 {whole.shape[1]} 列",
            f"two columns and a complete row are needed: found {len(whole)} rows of {whole.shape[1]} columns",
        )
    of = pd.Series("all", whole.index) if group is None else _groups(whole, group)
    if of.isna().all():
        raise UsageError("有评分的行都没有分组", "no row with marks has a group")
    rows = [_counted(str(name), millionths(part), draws, min_n) for name, part in _parts(whole, of)]
    table = pd.DataFrame(rows)
    for kind in ("repeated", "straight"):
        table[f"{kind}_holm"] = adjust_p_values(table[f"{kind}_p"])["p_holm"]
    beyond = {kind: table[f"{kind}_holm"] < LEVEL / 2 for kind in ("repeated", "straight")}
    both = beyond["repeated"] & beyond["straight"]
    table["stands"] = np.select([both, beyond["repeated"], beyond["straight"]], ["both", "repeated", "straight"], "")
    tests = int(table[["repeated_p", "straight_p"]].notna().to_numpy().sum())
    return RepeatedRows(min_n, tests, false_alarms(tests), whole.shape[1], len(given) - sum(table["n"])).on(table)


def _groups(whole: pd.DataFrame, group: pd.Series) -> pd.Series:
    if whole.index.is_unique and group.index.is_unique:
        return group.reindex(whole.index)
    return pd.Series(pair_values(pd.Series(range(len(whole)), whole.index), group)["group"].array, whole.index)


def _parts(whole: pd.DataFrame, of: pd.Series) -> list[tuple[object, np.ndarray]]:
    known = of.notna().to_numpy()
    values, names = whole.to_numpy()[known], of[known].astype("str").to_numpy()
    return [(name, values[names == name]) for name in sorted(set(names))]


def _counted(name: str, rows: Ints, draws: int, min_n: int) -> dict[str, object]:
    found: dict[str, object] = {"group": name, "n": len(rows), "withheld": len(rows) < min_n}
    kinds = ("repeated", "straight")
    if len(rows) < min_n:
        blank = {f"{kind}{part}": float("nan") for kind in kinds for part in ("", "_expected", "_p")}
        return found | blank
    seen = _coincidences(rows)
    expected = _by_chance(rows, draws)
    for kind, count, mean in zip(kinds, seen, expected, strict=True):
        p = float(stats.poisson.sf(count - 1, mean)) if count else 1.0
        found |= {kind: count, f"{kind}_expected": float(mean), f"{kind}_p": p}
    return found


def _coincidences(rows: Ints) -> tuple[int, int]:
    """Return how many rows repeat an earlier one, and how many hold one mark throughout."""
    straight = (rows == rows[:, :1]).all(axis=1)
    others = rows[~straight]
    return len(others) - len(np.unique(others, axis=0)), int(straight.sum())


def _by_chance(rows: Ints, draws: int) -> np.ndarray:
    """Return the two counts on average, each column dealt anew among neighbours by their mean."""
    ordered = rows[np.lexsort((*rows.T, rows.sum(axis=1)))]
    block = np.arange(len(rows)) // (BLOCK if len(rows) >= SMALL else BLOCK - 1)
    random = np.random.default_rng(SEED_OF_DEALS)
    found = np.empty((draws, 2))
    for draw in found:
        keys = block[:, None] + random.random(rows.shape)
        draw[:] = _coincidences(np.take_along_axis(ordered, np.argsort(keys, axis=0), axis=0))
    return np.maximum(found.mean(axis=0), 1 / (draws + 1))
