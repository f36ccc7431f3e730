"""How far two gradings, or two orders, of the same members agree."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa

from jifen_analysis.analysis.inputs import MIN_N, Floats, as_grades, by_member, floats, millionths
from jifen_analysis.analysis.inputs.resampling import expanded_tail
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import Agreement, CompleteCases


def agreement(a: pd.Series, b: pd.Series, grades: Sequence[str]) -> pd.Series:
    """Measure how far two gradings of the same members agree.

    Parameters
    ----------
    a, b : Series
        Grades by member (or member and period); those without a grade on both
        sides are left out.
    grades : sequence of str
        Every grade there is, in order.

    Returns
    -------
    Series
        Cohen's ``kappa`` without weights, ``kappa_linear`` with its 95 % interval
        ``kappa_linear_low`` and ``_high``, ``kappa_quadratic``; ``bowker``
        chi-square for symmetric movement and ``bowker_p``, exact where moves are
        few (pairs of grades between which nobody moved give no degree of
        freedom). Kappa is missing where all members hold one same grade; the
        interval is withheld under 5 members. Where the index has levels, the
        first is the member, whose periods are not independent. ``attrs``: ``summaries.Agreement``.

    Raises
    ------
    UsageError
        For an unknown grade, a member named twice, or no member with both.

    Notes
    -----
    Cohen (1960, 1968), Psychological Bulletin 70, 213-220; interval: the Bayesian
    bootstrap of members, Rubin (1981), Annals of Statistics 9, 130-134, its
    quantiles expanded for few, Hesterberg (2015), The American Statistician 69,
    371-386; Bowker (1948), JASA 43, 572-574, of two grades McNemar (1947), Psychometrika 12.

    Examples
    --------
    >>> a, b = pd.Series(["优秀", "合格", "合格"]), pd.Series(["优秀", "优秀", "合格"])
    >>> agreement(a, b, ["优秀", "合格", "不合格"]).round(3)["kappa"].item()
    0.4
    """
    both, left_out = _both_graded(a, b, grades)
    counts, members = both.groupby(["a", "b"], observed=False).size().unstack(fill_value=0), _tables(both, len(grades))
    n = len(both)
    trivial = (counts.sum(axis=0) * counts.sum(axis=1)).sum() == n * n
    kappa, linear, quadratic = (_kappa(counts, weights, trivial=trivial) for weights in (None, "linear", "quadratic"))
    low, high = (np.nan, np.nan) if trivial or len(members) < MIN_N else kappa_interval(members)
    bowker, p = symmetry(members)
    found = {
        "kappa": kappa,
        "kappa_linear": linear,
        "kappa_quadratic": quadratic,
        "kappa_linear_low": low,
        "kappa_linear_high": high,
        "bowker": bowker,
        "bowker_p": p,
    }
    measures = pd.Series(found, name="value", dtype="float64").rename_axis("measure")
    return Agreement(n, left_out, len(members)).on(measures)


def _both_graded(a: pd.Series, b: pd.Series, grades: Sequence[str]) -> tuple[pd.DataFrame, int]:
    sides = {"a": as_grades(a, grades, "甲方案", "a"), "b": as_grades(b, grades, "乙方案", "b")}
    everyone = pd.concat(sides, axis=1)
    both = everyone.dropna()
    if both.empty:
        raise UsageError("没有两边都有等次的人", "no member holds a grade on both sides")
    return both, len(everyone) - len(both)


def _tables(both: pd.DataFrame, k: int) -> Tables:
    """Return each member's own table of grades by grades."""
    member = pd.factorize(both.index.get_level_values(0))[0]
    found = np.zeros((int(member.max()) + 1, k, k))
    np.add.at(found, (member, both["a"].cat.codes.to_numpy(), both["b"].cat.codes.to_numpy()), 1)
    return found


def _kappa(counts: pd.DataFrame, weights: str | None, *, trivial: bool) -> float:
    if trivial:
        return float("nan")
    with np.errstate(invalid="ignore", divide="ignore"):  # a variance of 0, or of -1e-17, and what is made of it
        return float(cohens_kappa(counts, wt=weights).kappa)


def rank_agreement(a: pd.Series, b: pd.Series) -> pd.Series:
    """Measure how far two orders of the same members agree.

    Parameters
    ----------
    a, b : Series
        Totals in points by member (or member and period), tied when equal at 6
        decimals; members without both are left out.

    Returns
    -------
    Series
        Kendall's ``tau_b``; ``weighted_tau``, in which exchanges at the top
        weigh more (hyperbolic, additive); ``spearman``. Missing where all
        totals of a side are equal. ``attrs``: ``summaries.CompleteCases``.

    Raises
    ------
    UsageError
        Where fewer than two members have both totals, or one is named twice.

    Notes
    -----
    Kendall (1945), Biometrika 33, 239-251; Vigna (2015), "A weighted
    correlation index for rankings with ties", WWW 2015.

    Examples
    --------
    >>> a, b = pd.Series([90.0, 80, 70, 60]), pd.Series([85.0, 90, 70, 60])
    >>> rank_agreement(a, b).round(3).tolist()
    [0.667, 0.52, 0.8]
    """
    sides = {"a": by_member(a, "甲方案", "a"), "b": by_member(b, "乙方案", "b")}
    everyone = floats(pd.concat(sides, axis=1), "总分", "totals")
    both = everyone.dropna()
    if len(both) < 2:
        raise UsageError(
            f"两边都有总分的人不足两名:{len(both)}", f"fewer than two members have both totals: {len(both)}"
        )
    x, y = millionths(both["a"]), millionths(both["b"])
    tests = {"tau_b": stats.kendalltau, "weighted_tau": stats.weightedtau, "spearman": stats.spearmanr}
    differ = bool(np.ptp(x) and np.ptp(y))
    found = {name: float(test(x, y).statistic) if differ else np.nan for name, test in tests.items()}
    measures = pd.Series(found, name="value").rename_axis("measure")
    return CompleteCases(len(both), len(everyone) - len(both)).on(measures)


# ---------------------------------------------------------------- agreement by chance


Tables = npt.NDArray[np.float64]
"""One table of grades by grades for each member: rows one grading, columns the other."""

DRAWS = 4_000
_SEED = 20_240_101
EXACT = 200_000
"""Ways in which moves could have fallen that are gone through one by one."""


def kappas(counts: Tables) -> Floats:
    """Return linearly weighted kappa of tables, the last two axes grades by grades; missing where all hold one grade.

    Examples
    --------
    >>> kappas(np.array([[4.0, 1], [1, 4]])).round(6).item()
    0.6
    """
    k, n = counts.shape[-1], counts.sum(axis=(-2, -1), keepdims=True)
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k)))
    chance = counts.sum(axis=-1, keepdims=True) * counts.sum(axis=-2, keepdims=True) / n
    seen, expected = (counts * apart).sum(axis=(-2, -1)), (chance * apart).sum(axis=(-2, -1))
    return np.where(expected > 1e-12, 1 - seen / np.where(expected > 1e-12, expected, 1), np.nan)


def kappa_interval(members: Tables) -> tuple[float, float]:
    """Return the 95 % interval of linearly weighted kappa, members drawn anew as wholes.

    The Bayesian bootstrap (Rubin 1981) of members, with one member spread evenly
    over all cells beside them: the interval stays inside the range of kappa, is
    never a point, and takes a member's several periods as one. Of few members
    its quantiles lie too close: they are taken as far out as Student's t lies
    beyond the normal (Hesterberg 2015, The American Statistician 69, 371-386).

    Examples
    --------
    >>> alike = np.repeat(np.diag([1.0, 0])[None], 3, axis=0), np.repeat(np.diag([0.0, 1])[None], 3, axis=0)
    >>> low, high = kappa_interval(np.concatenate(alike))
    >>> bool(0 < low < 0.8 and high == 1)
    True
    """
    random, k = np.random.default_rng(_SEED), members.shape[-1]
    kinds, sizes = np.unique(members.reshape(len(members), -1), axis=0, return_counts=True)
    weights = random.gamma(sizes, size=(DRAWS, len(sizes)))
    even = random.gamma(1 / k**2, size=(DRAWS, k**2)) * members.sum() / len(members)  # as heavy as a member
    drawn = kappas((weights @ kinds + even).reshape(DRAWS, k, k))
    tail = expanded_tail(len(members))
    low, high = np.nanquantile(drawn, [tail, 1 - tail])
    seen = float(kappas(members.sum(axis=0)))
    return float(min(low, seen)), float(max(high, seen))


def symmetry(members: Tables) -> tuple[float, float]:
    """Return Bowker's statistic of symmetric movement, and how often chance gives as much.

    Exact where each member is there once and the moves are few (with two grades
    McNemar's exact test); of many, the chi-square; where members have several
    periods, by turning whole members round at random.

    Examples
    --------
    >>> statistic, p = symmetry(np.repeat(np.array([[[0.0, 1], [0, 0]]]), 5, axis=0))
    >>> statistic, round(p, 6)
    (5.0, 0.0625)
    """
    upper = np.triu_indices(members.shape[-1], 1)
    up, down = members[:, upper[0], upper[1]], members[:, upper[1], upper[0]]
    moved, net = (up + down).sum(axis=0), up - down
    held = moved > 0
    if not held.any():
        return 0.0, 1.0
    statistic = float((net.sum(axis=0)[held] ** 2 / moved[held]).sum())
    if (members.sum(axis=(1, 2)) > 1).any():
        return statistic, _turned(net[:, held], moved[held], statistic)
    if np.prod(moved[held] + 1) <= EXACT:
        return statistic, _exact(moved[held], statistic)
    return statistic, float(stats.chi2.sf(statistic, held.sum()))


def _exact(moved: Floats, statistic: float) -> float:
    """Sum the probability of all ways in which the moves could have fallen that are at least as lopsided."""
    each = [((2 * np.arange(n + 1) - n) ** 2 / n, stats.binom.pmf(np.arange(n + 1), n, 0.5)) for n in moved.astype(int)]
    value = reduce(lambda total, one: np.add.outer(total, one).ravel(), (one for one, _ in each))
    chance = reduce(lambda total, one: np.multiply.outer(total, one).ravel(), (one for _, one in each))
    return float(min(1.0, chance[value >= statistic - 1e-9].sum()))


def _turned(net: Floats, moved: Floats, statistic: float) -> float:
    random = np.random.default_rng(_SEED)
    kinds, sizes = np.unique(net[(net != 0).any(axis=1)], axis=0, return_counts=True)
    if not len(kinds):
        return 1.0
    signs = 2 * random.binomial(sizes, 0.5, size=(DRAWS, len(sizes))) - sizes
    found = ((signs @ kinds) ** 2 / moved).sum(axis=1)
    return float((1 + (found >= statistic - 1e-9).sum()) / (1 + DRAWS))
