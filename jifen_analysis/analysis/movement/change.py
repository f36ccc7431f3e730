"""Movement of ranks and totals, and what chance alone would have moved."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import by_member, floats, millionths
from jifen_analysis.errors import UsageError


def ranks(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """Say who rose and who fell among those with a total in both years.

    Parameters
    ----------
    before, after : Series
        Totals in points by member; missing where there is none.

    Returns
    -------
    DataFrame
        Indexed by member: ``before``, ``after`` (points), ``rank_before``,
        ``rank_after`` (1 is the highest; ties, at 6 decimals, share the best
        rank; ranked among the members with both), ``change`` (positive: rose).
        ``attrs``: Kendall's ``tau_b`` and its two-sided ``p``, ``n``, ``only_before``,
        ``only_after`` (members left out for want of the other total).

    Raises
    ------
    UsageError
        Where a list is empty or names a member twice, or fewer than two members
        have both totals.

    Notes
    -----
    Kendall (1945), "The treatment of ties in ranking problems", Biometrika 33.

    Examples
    --------
    >>> table = ranks(pd.Series({"1": 90.0, "2": 80, "3": 70}), pd.Series({"1": 85.0, "2": 95, "3": 60}))
    >>> table["change"].tolist(), round(table.attrs["tau_b"], 3)
    ([-1, 1, 0], 0.333)
    """
    table = _both(before, after)
    grains = table.apply(millionths)
    places = grains.rank(method="min", ascending=False).astype("int64").add_prefix("rank_")
    tau = stats.kendalltau(grains["before"], grains["after"])
    attrs = table.attrs
    table = table.join(places)
    table["change"] = table["rank_before"] - table["rank_after"]
    table.attrs = {"tau_b": float(tau.statistic), "p": float(tau.pvalue), **attrs}
    return table


def _both(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    first = floats(by_member(before, "前一年", "before"), "前一年", "before").dropna()
    second = floats(by_member(after, "后一年", "after"), "后一年", "after").dropna()
    table = pd.concat({"before": first, "after": second}, axis=1, join="inner")
    if len(table) < 2:
        ids = [next(iter(side.index), "-") for side in (first, second)]  # 17 and 00017 are seen at a glance
        raise UsageError(
            f"两年都有总分的人不足两名:{len(table)};前一年的编号如 {ids[0]},后一年的如 {ids[1]}",
            f"fewer than two members have both totals: {len(table)}; ids before are such as {ids[0]}, after {ids[1]}",
        )
    table.attrs = {"n": len(table), "only_before": len(first) - len(table), "only_after": len(second) - len(table)}
    return table


def regression_to_mean(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """Ask whether the worst really improved, or only came back to the mean.

    Parameters
    ----------
    before, after : Series
        Totals in points by member.

    Returns
    -------
    DataFrame
        One row for each tenth of the members by the total before, 1 the lowest,
        ties together and empty tenths kept: ``decile``, ``n``, ``before`` (mean,
        points), ``observed`` (mean change), ``expected`` (mean change if
        everybody followed the same line), ``excess``. ``attrs``: ``r``,
        ``slope``, ``mean_before``, ``mean_after``, ``n``, ``only_before``,
        ``only_after``.

    Raises
    ------
    UsageError
        With fewer than ten members with both totals, or all totals of one year equal.

    Notes
    -----
    Galton (1886); Barnett, van der Pols & Dobson (2005), Int. J. Epidemiology
    34, 215-220. Expected change = mean after + r sd_after / sd_before (x - mean
    before) - x.

    Examples
    --------
    >>> before = pd.Series(np.arange(10.0), index=list("abcdefghij"))
    >>> table = regression_to_mean(before, 4.5 + (before - 4.5) / 2)
    >>> table[["observed", "expected"]].iloc[0].round(6).tolist()
    [2.25, 2.25]
    """
    table = _both(before, after)
    if len(table) < 10 or table["before"].nunique() < 2 or table["after"].nunique() < 2:
        raise UsageError(
            f"至少要有十人两年都有总分,且总分不全相同;现有 {len(table)} 人",
            f"ten members with both totals are needed, and totals that differ; found {len(table)} members",
        )
    line = stats.linregress(table["before"], table["after"])
    place = pd.Series(millionths(table["before"]), index=table.index).rank(method="average")
    observed = table["after"] - table["before"]
    expected = line.intercept + line.slope * table["before"] - table["before"]
    deciles = np.ceil(10 * place / len(table)).astype("int64")
    rows = pd.DataFrame({"before": table["before"], "observed": observed, "expected": expected}).groupby(deciles)
    result = rows.mean().assign(n=rows.size()).reindex(range(1, 11)).rename_axis("decile").reset_index()
    result["n"] = result["n"].fillna(0).astype("int64")
    result["excess"] = result["observed"] - result["expected"]
    result = result[["decile", "n", "before", "observed", "expected", "excess"]]
    means = {f"mean_{side}": float(table[side].mean()) for side in ("before", "after")}
    result.attrs = {"r": float(line.rvalue), "slope": float(line.slope)} | means | table.attrs
    return result


def whereabouts(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """Say who stayed, changed branch, joined or left between two years.

    Parameters
    ----------
    before, after : Series
        Branch by member.

    Returns
    -------
    DataFrame
        Indexed by member: ``branch_before``, ``branch_after`` (missing where
        there is none) and ``state``: ``stayed``, ``transferred``, ``joined`` or ``left``.

    Raises
    ------
    UsageError
        Where a list is empty or names a member twice.

    Examples
    --------
    >>> whereabouts(pd.Series({"1": "一", "2": "一"}), pd.Series({"1": "二", "3": "一"}))["state"].tolist()
    ['transferred', 'left', 'joined']
    """
    lists = {
        "branch_before": by_member(before, "前一年", "before"),
        "branch_after": by_member(after, "后一年", "after"),
    }
    table = pd.concat({name: branch.astype("object") for name, branch in lists.items()}, axis=1).sort_index()
    conditions = [
        table["branch_before"].isna(),
        table["branch_after"].isna(),
        table["branch_before"] != table["branch_after"],
    ]
    return table.assign(state=np.select(conditions, ["joined", "left", "transferred"], "stayed"))
