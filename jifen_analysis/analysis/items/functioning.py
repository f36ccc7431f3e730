"""Differential item functioning: whether an item is harder for a group than for others who do as well."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

from jifen_analysis.analysis.inputs import MIN_N, Bools, Floats, as_series, by_member, complete, floats, millionths
from jifen_analysis.analysis.inputs.multiple import LEVEL, adjust_p_values, false_alarms
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import Functioning

DELTA = -2.35
"""From the logarithm of an odds ratio to the delta scale of the Educational Testing Service."""


def differential_functioning(
    items: pd.DataFrame,
    group: pd.Series,
    full: Mapping[Any, float] | None = None,
    match: pd.Series | None = None,
    *,
    min_n: int = MIN_N,
) -> pd.DataFrame:
    """Ask of each item whether members of a group reach full marks less often than others who do as well.

    That a group loses more points says nothing of the item: it may do worse. Here
    members are compared with those who hold as many items in full. A difference
    that is left may lie in the rule (who cannot attend loses by it), in how it is
    applied, or in what the group does; the number does not say which.

    Parameters
    ----------
    items : DataFrame of shape (members, items)
        Points; members with a missing item are left out. An item counts as held
        or not held in full.
    group : Series by member
        Such as branch, age band or sex; those without one are left out.
    full : mapping of item to float, optional
        Full marks, in points; default the highest mark of each item.
    match : Series by member, optional
        What members are matched on; default how many of the items that vary they hold in full.
    min_n : int
        Groups of fewer members are withheld.

    Returns
    -------
    DataFrame
        One row an item and group (of two groups the first by name, which says all
        of the other): ``item``, ``group``, ``n`` (members of the group), ``others``
        compared with, ``share_full`` of the group, ``odds_ratio`` of Mantel and
        Haenszel (below 1: harder for the group) with its 95 % interval ``low``,
        ``high``, ``delta`` (ETS; below 0: easier for the others), ``chi2`` and
        ``p`` with the correction for continuity (of few members the exact
        conditional p), ``p_holm``, ``p_bh``;
        ``p_logistic`` of the two-degree logistic test, which also sees a
        difference that turns with the score, and ``p_logistic_holm``; ``effect``
        (ETS: ``A`` negligible, ``B``, ``C`` large); ``stands``: ``harder`` or
        ``easier`` where ``p_holm`` is below .05 and the effect is no ``A``, else
        empty; ``withheld``. Missing where the matched members do not tell.
        ``attrs``: ``summaries.Functioning``.

    Raises
    ------
    UsageError
        With fewer than two groups, two items or two complete members, or a member
        named twice.

    Notes
    -----
    Holland & Thayer (1988), in Wainer & Braun, Test Validity, 129-145; Mantel &
    Haenszel (1959), JNCI 22, 719-748; how few are too few for it, Mantel & Fleiss
    (1980), American J. Epidemiology 112, 129-134; logistic: Swaminathan & Rogers (1990), J.
    Educational Measurement 27, 361-370. Holm (1979), Scand. J. Statistics 6,
    65-70; Benjamini & Hochberg (1995), JRSS B 57, 289-300.

    Examples
    --------
    >>> items = pd.DataFrame({"a": [1, 0] * 40, "b": [1, 1, 0, 0] * 20, "c": [0, 1, 1, 0] * 20})
    >>> sex = pd.Series(["男"] * 40 + ["女"] * 40)
    >>> differential_functioning(items, sex)[["item", "group", "odds_ratio"]].round(6).values.tolist()
    [['a', '女', 1.0], ['b', '女', 1.0], ['c', '女', 1.0]]
    """
    whole, of, matched = _matched(items, group, full, match)
    rows = [
        {"item": item, "group": name, **_compared(whole[item].to_numpy(), (of == name).to_numpy(), matched, min_n)}
        for name in _asked(of)
        for item in whole
    ]
    table = pd.DataFrame(rows)
    table[["p_holm", "p_bh"]] = adjust_p_values(table["p"])
    table["p_logistic_holm"] = adjust_p_values(table["p_logistic"])["p_holm"]
    table["effect"] = _effect(table)
    beyond = (table["p_holm"] < LEVEL) & (table["effect"] != "A")
    table["stands"] = np.select(
        [beyond & (table["delta"] < 0), beyond & (table["delta"] > 0)], ["harder", "easier"], ""
    )
    tests = int(table["p"].notna().sum())
    return Functioning(min_n, tests, false_alarms(tests), len(whole), len(items) - len(whole)).on(table)


def _matched(
    items: pd.DataFrame, group: pd.Series, full: Mapping[Any, float] | None, match: pd.Series | None
) -> tuple[pd.DataFrame, pd.Series, Floats]:
    """Return who holds which item in full, of the items that vary, with the members' groups and what they match on."""
    of = by_member(as_series(group, "分组", "groups"), "分组", "groups").dropna().astype("str")
    known = complete(by_member(items, "分项", "items"), "分项", "items").index.intersection(of.index)
    if match is not None:
        known = known.intersection(floats(match, "匹配分", "matching scores").dropna().index)
    marks, of = items.loc[known].astype("float64"), of.loc[known]
    if of.nunique() < 2:
        raise UsageError(
            f"至少要有两组人才能比:现有 {of.nunique()} 组", f"two groups are needed to compare: found {of.nunique()}"
        )
    best = marks.max() if full is None else pd.Series(full, dtype="float64").reindex(marks.columns).fillna(marks.max())
    held = pd.DataFrame(millionths(marks.to_numpy()) >= millionths(best.to_numpy()), marks.index, marks.columns)
    score = held.loc[:, held.nunique() > 1].sum(axis=1) if match is None else match.loc[known]
    return held, of, score.to_numpy("float64")


def _asked(of: pd.Series) -> list[str]:
    """Return the groups that are compared with all others: of two only the first, for the other says the same."""
    names = sorted(of.unique())
    return names[:1] if len(names) == 2 else names


def _compared(held: Bools, inside: Bools, score: Floats, min_n: int) -> dict[str, Any]:
    n, others = int(inside.sum()), int((~inside).sum())
    withheld = min(n, others) < min_n
    found = {"n": n, "others": others, "share_full": float("nan") if withheld else float(held[inside].mean())}
    tables = [] if withheld else list(_strata(held, inside, score))
    return (
        found | _mantel_haenszel(tables) | {"p_logistic": _logistic(held, inside, score, tables), "withheld": withheld}
    )


def _strata(held: Bools, inside: Bools, score: Floats) -> Iterator[Floats]:
    """Yield the fourfold tables of equal scores that say something: both groups, and both outcomes."""
    for level in np.unique(score):
        at = score == level
        counts = np.array([[np.sum(at & one & two) for two in (held, ~held)] for one in (inside, ~inside)], "float64")
        if counts.sum(axis=0).all() and counts.sum(axis=1).all():
            yield counts


def _mantel_haenszel(tables: list[Floats]) -> dict[str, float]:
    names = ("odds_ratio", "low", "high", "delta", "chi2", "p")
    if not tables:
        return dict.fromkeys(names, float("nan"))
    stacked = StratifiedTable(tables)
    tested = stacked.test_null_odds(correction=True)
    with np.errstate(divide="ignore", invalid="ignore"):  # nobody in a corner: the ratio is 0 or infinite
        ratio = float(stacked.oddsratio_pooled)
        low, high = stacked.oddsratio_pooled_confint() if 0 < ratio < np.inf else (np.nan, np.nan)
        delta = DELTA * float(-np.log(ratio))
    p = _exact(tables) if _few(tables) else float(tested.pvalue)
    return dict(zip(names, (ratio, float(low), float(high), delta, float(tested.statistic), p), strict=True))


_LEAST = 5.0
"""How far what is expected lies from the least and the most that could be, where chi-square holds (Mantel & Fleiss)."""


def _few(tables: list[Floats]) -> bool:
    """Return whether chi-square does not hold for the sum over tables."""
    inside, held, of = _margins(tables)
    expected = (inside * held / of).sum()
    least, most = np.maximum(0, inside + held - of).sum(), np.minimum(inside, held).sum()
    return bool(min(expected - least, most - expected) < _LEAST)


def _margins(tables: list[Floats]) -> tuple[Floats, Floats, Floats]:
    """Return of each table how many are of the group, how many hold the item, and how many there are."""
    counts = np.stack(tables)
    return counts[:, 0].sum(axis=1), counts[:, :, 0].sum(axis=1), counts.sum(axis=(1, 2))


def _exact(tables: list[Floats]) -> float:
    """Return the two-sided p of how many of the group hold the item, given all margins: a sum of hypergeometrics."""
    chances = np.ones(1)
    for inside, held, of in zip(*_margins(tables), strict=True):
        chances = np.convolve(chances, stats.hypergeom(of, held, inside).pmf(np.arange(inside + 1)))
    seen = chances[int(sum(table[0, 0] for table in tables))]
    return float(min(1.0, chances[chances <= seen * (1 + 1e-7)].sum()))


def _logistic(held: Bools, inside: Bools, score: Floats, tables: list[Floats]) -> float:
    """Return p of the group and of its turning with the score, beside the score alone."""
    if len(tables) < 2:
        return float("nan")
    centred = score - score.mean()
    member = inside.astype("float64")
    plain = np.column_stack([np.ones(len(score)), centred])
    design = np.column_stack([plain, member, member * centred])
    return float(stats.chi2.sf(max(0.0, _deviance(held, plain) - _deviance(held, design)), 2))


def _deviance(held: Bools, design: Floats) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of members told apart without fail: the deviance has its limit all the same
        return float(sm.GLM(held.astype("float64"), design, family=sm.families.Binomial()).fit().deviance)


def _effect(table: pd.DataFrame) -> pd.Series:
    """Return the classes of the Educational Testing Service: A below one delta or within chance, C from 1.5 on."""
    size = table["delta"].abs()
    within = (size < 1) | (table["p"] >= LEVEL)
    found: pd.Series = pd.Series(np.select([within, size < 1.5], ["A", "B"], "C"), table.index, dtype="object")
    return found.where(table["p"].notna(), "")
