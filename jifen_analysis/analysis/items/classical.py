"""Item analysis of classical test theory: difficulty, discrimination, and how well the items hang together."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.multivariate.factor import Factor

from jifen_analysis.analysis.inputs import Floats, HasLedger, complete, differ, millionths, part_of, require, table_of
from jifen_analysis.analysis.inputs.consistency import cronbach_alpha, feldt
from jifen_analysis.analysis.inputs.multiple import LEVEL, adjust_p_values
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import ItemAnalysis


def item_table(result: HasLedger, component: str, period: str) -> pd.DataFrame:
    """Return the points of each member in each item of a component.

    Parameters
    ----------
    result : Assessment
        Its table and ledger.
    component : str
        A component by its id.
    period : str
        One period, such as ``2024H2``.

    Returns
    -------
    DataFrame of shape (members, items)
        In points, before the component's weight; of those who have a total,
        ordered by member. Where an item has no line for a member it gave and
        took nothing: 0, for the ledger adds up.

    Raises
    ------
    UsageError
        Where the component or the period does not exist (with the nearest), or
        nobody has a total in it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = {"member_id": ["1", "1", "2"], "period": "2024", "component": "daily", "item": ["a", "b", "a"]}
    >>> ledger = pd.DataFrame(rows | {"points": [5.0, -1.0, 4.0]})
    >>> table = pd.DataFrame({"member_id": ["1", "2"], "period": "2024", "total": [4.0, 4.0]})
    >>> item_table(SimpleNamespace(ledger=ledger, table=table), "daily", "2024").values.tolist()
    [[5.0, -1.0], [4.0, 0.0]]
    """
    table, ledger = table_of(result, "member_id", "period", "total"), part_of(result, "ledger")
    require(period, table["period"].unique(), "考核期", "period")
    require(component, ledger["component"].dropna().unique(), "板块", "component")
    scored = table.loc[(table["period"] == period) & table["total"].notna(), "member_id"]
    if scored.empty:
        raise UsageError(f"{period} 还没有人有总分", f"nobody has a total in {period}")
    lines = ledger[(ledger["period"] == period) & (ledger["component"] == component)]
    points = lines.groupby(["member_id", "item"], observed=True)["points"].sum().unstack("item")
    return points.reindex(sorted(scored), fill_value=0.0).fillna(0.0).rename_axis(columns="item")


# ---------------------------------------------------------------- what items tell


ENDS = 0.27
"""Share of the members in the upper and in the lower group: Kelley (1939)."""

DRAWS, SEED, NORMAL = 100, 20_240_103, 1.96
_FULL = 0.95
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
        "ceiling": table["ceiling_share"] >= _FULL,
        "floor": table["floor_share"] >= _FULL,
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


# ---------------------------------------------------------------- omega


def omega(covariance: Floats) -> float:
    """Return omega of the one factor of some items; missing for fewer than three, which have no single solution.

    Examples
    --------
    >>> loading = np.array([1.0, 2.0, 3.0])
    >>> round(omega(np.outer(loading, loading) + np.diag([1.0, 2.0, 3.0])), 4)
    0.8571
    """
    spread = np.sqrt(np.diag(covariance))
    if len(spread) < 3 or not (spread > 0).all():
        return float("nan")
    correlation = covariance / np.outer(spread, spread)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a solution at the edge is one: what is its own is then 0
        try:
            fitted = Factor(corr=correlation, n_factor=1, method="pa", smc=False).fit(maxiter=200, tol=1e-7)
        except (ValueError, np.linalg.LinAlgError):
            return float("nan")
    loading = fitted.loadings.ravel()
    own = float((np.clip(1 - loading**2, 0, None) * spread**2).sum())
    common = float((loading * spread).sum()) ** 2
    return common / (common + own)


def omega_interval(items: pd.DataFrame, draws: int = DRAWS) -> tuple[float, float]:
    """Return the 95 % interval of omega: members weighted anew, as if others had been drawn (Rubin 1981).

    Taken on log(1 - omega), as Kelley & Pornprasertmanit (2016), Psychological
    Methods 21, 69-92, have it, so that it ends below 1.
    """
    n, k = items.shape
    whole = omega(items.cov().to_numpy()) if k > 2 and n >= k + 2 else float("nan")
    if not whole < 1:
        return float("nan"), float("nan")
    marks = items.to_numpy("float64") - items.mean().to_numpy()
    drawn = np.random.default_rng(SEED).dirichlet(np.ones(n), draws)
    found = np.array([omega(np.cov(marks.T, aweights=share, ddof=0)) for share in drawn])
    rest = np.log1p(-found[found < 1])
    reach = NORMAL * float(rest.std(ddof=1)) if len(rest) > max(1, draws / 2) else float("nan")
    low, high = (1 - (1 - whole) * float(np.exp(sign * reach)) for sign in (1, -1))
    return float(np.maximum(low, 0)), high
