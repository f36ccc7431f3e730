"""Item analysis of classical test theory: difficulty, discrimination, and how well the items hang together."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import complete, differ, millionths
from jifen_analysis.analysis.inputs.consistency import cronbach_alpha, feldt
from jifen_analysis.analysis.inputs.multiple import LEVEL, adjust_p_values
from jifen_analysis.analysis.items.omega import DRAWS, omega, omega_interval
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import ItemAnalysis

ENDS = 0.27
"""Share of the members in the upper and in the lower group: Kelley (1939)."""

FULL = 0.95
"""Share of the members with one mark from which an item hardly asks anything."""


def item_analysis(items: pd.DataFrame, full: Mapping[Any, float] | None = None, *, draws: int = DRAWS) -> pd.DataFrame:
    """Say of each item whether it tells members apart, or only fills the sheet.

    Parameters
    ----------
    items : DataFrame of shape (members, items)
        Points as they are added up. Members with a missing item are left out.
    full : mapping of item to float, optional
        Full marks, in points; default the highest mark of each item.
    draws : int
        How often members are drawn anew for the interval of omega; 0 for none.

    Returns
    -------
    DataFrame
        Indexed by ``item``: ``n``, ``mean``, ``sd`` (n - 1), ``full``, in points;
        ``difficulty``, the mean as a share of full marks (the higher, the easier;
        missing where full marks are not above 0); ``discrimination``, the mean of
        the upper 27 % by the sum minus that of the lower, as a share of the
        item's range (missing where the two cannot be told); ``item_rest_r``, the
        correlation with the sum of the others, its 95 % interval ``r_low``,
        ``r_high`` by Fisher's z, ``p`` of no correlation and ``p_holm``;
        ``ceiling_share`` and ``floor_share`` of members at full marks and at the
        lowest mark; ``share``, how much of the variance of the sum is the item's
        (they add up to 1); and ``stands``: ``dead`` (everybody has one mark),
        ``ceiling`` or ``floor`` (95 % of them at that end): these fill the sheet;
        of those that tell members apart ``together`` (with the others, beyond
        chance), ``against`` (against them, beyond chance), else ``alone``.
        ``attrs``: ``summaries.ItemAnalysis``.

    Raises
    ------
    UsageError
        With fewer than two items or two complete members, or a mark above full.

    Notes
    -----
    Upper and lower 27 %: Kelley (1939), J. Educational Psychology 30, 17-24.
    Alpha: Cronbach (1951), Psychometrika 16, 297-334, with the interval of Feldt
    (1965), Psychometrika 30, 357-370. Omega: McDonald (1999), Test Theory, of one
    factor; its interval by resampling members (Rubin 1981, Annals of Statistics
    9, 130-134). Holm (1979), Scand. J. Statistics 6, 65-70.

    Examples
    --------
    >>> items = pd.DataFrame({"a": [5, 5, 5, 5], "b": [1, 2, 3, 4], "c": [2, 1, 4, 5]})
    >>> item_analysis(items)[["difficulty", "stands"]].values.tolist()
    [[1.0, 'dead'], [0.625, 'alone'], [0.6, 'alone']]
    """
    whole = complete(items, "分项", "items")
    best = _full_marks(whole, full)
    table = pd.DataFrame({"n": len(whole), "mean": whole.mean(), "sd": whole.std(), "full": best})
    table["difficulty"] = (table["mean"] / best).where(best > 0)
    table["discrimination"] = _discrimination(whole, best)
    table = table.join(_with_the_rest(whole))
    marks = pd.DataFrame(millionths(whole.to_numpy()), whole.index, whole.columns)
    table["ceiling_share"] = (marks == millionths(best.to_numpy())).mean()
    table["floor_share"] = (marks == marks.min()).mean()
    sums = whole.sum(axis=1)
    table["share"] = whole.apply(sums.cov) / sums.var() if differ(sums) else np.nan
    table["stands"] = _standing(table, whole)
    return _together(whole, draws, len(items) - len(whole)).on(table.rename_axis("item"))


def _full_marks(whole: pd.DataFrame, full: Mapping[Any, float] | None) -> pd.Series:
    highest = whole.max()
    if full is None:
        return highest
    best = pd.Series(full, dtype="float64").reindex(whole.columns).fillna(highest)
    above = highest.index[millionths(highest) > millionths(best)]
    if len(above):
        item = above[0]
        raise UsageError(
            f"“{item}”有人得 {highest[item]:g} 分,超过满分 {best[item]:g}",
            f"somebody has {highest[item]:g} in {item}, above its full marks of {best[item]:g}",
        )
    return best


def _discrimination(whole: pd.DataFrame, best: pd.Series) -> pd.Series:
    """Return upper minus lower; who ties with the last of a group belongs to it, so that no order decides."""
    sums = pd.Series(millionths(whole.sum(axis=1)), whole.index)
    low, high = (np.quantile(sums, share, method="nearest") for share in (ENDS, 1 - ENDS))
    if not low < high:
        return pd.Series(np.nan, whole.columns)
    reach = best - whole.min()
    return ((whole[sums >= high].mean() - whole[sums <= low].mean()) / reach).where(reach > 0)


def _with_the_rest(whole: pd.DataFrame) -> pd.DataFrame:
    """Return each item's correlation with the sum of the others, how sure it is, and how likely by chance."""
    found = pd.DataFrame({item: _correlation(whole, item) for item in whole}, ["item_rest_r", "r_low", "r_high", "p"]).T
    return found.assign(p_holm=adjust_p_values(found["p"])["p_holm"])


def _correlation(whole: pd.DataFrame, item: Hashable) -> tuple[float, float, float, float]:
    own, rest = whole[item], whole.drop(columns=item).sum(axis=1)
    if len(whole) < 4 or not differ(own) or not differ(rest):
        return float("nan"), float("nan"), float("nan"), float("nan")
    found = stats.pearsonr(own, rest)
    low, high = found.confidence_interval()
    return float(found.statistic), float(low), float(high), float(found.pvalue)


def _standing(table: pd.DataFrame, whole: pd.DataFrame) -> pd.Series:
    beyond = table["p_holm"] < LEVEL
    kinds = {
        "dead": ~whole.apply(differ),
        "ceiling": table["ceiling_share"] >= FULL,
        "floor": table["floor_share"] >= FULL,
        "together": beyond & (table["item_rest_r"] > 0),
        "against": beyond & (table["item_rest_r"] < 0),
    }
    return pd.Series(np.select(list(kinds.values()), list(kinds), "alone"), table.index)


def _together(whole: pd.DataFrame, draws: int, left_out: int) -> ItemAnalysis:
    """Return what is said of all items: alpha and omega of those that vary."""
    varying = whole.loc[:, whole.apply(differ)]
    alpha = cronbach_alpha(varying)
    alphas = alpha, *feldt(alpha, *varying.shape)
    omegas = omega(varying.cov().to_numpy()), *omega_interval(varying, draws)
    return ItemAnalysis(*alphas, *omegas, varying.shape[1], len(whole), left_out)
