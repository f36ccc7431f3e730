"""Movement of ranks and totals, and what chance alone would have moved."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import MIN_N, as_frame, as_number, by_member, differ, floats, millionths, must_be
from jifen_analysis.analysis.inputs.consistency import cronbach_alpha, feldt
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import Paired, PairedChange, RankChange, RegressionToMean


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
        ``attrs``: ``summaries.RankChange``.

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
    table, paired = _both(before, after)
    grains = table.apply(millionths)
    places = grains.rank(method="min", ascending=False).astype("int64").add_prefix("rank_")
    tau = stats.kendalltau(grains["before"], grains["after"])
    table = table.join(places)
    table["change"] = table["rank_before"] - table["rank_after"]
    return RankChange(**asdict(paired), tau_b=float(tau.statistic), p=float(tau.pvalue)).on(table)


def _both(before: pd.Series, after: pd.Series) -> tuple[pd.DataFrame, Paired]:
    first = floats(by_member(before, "前一年", "before"), "前一年", "before").dropna()
    second = floats(by_member(after, "后一年", "after"), "后一年", "after").dropna()
    table = pd.concat({"before": first, "after": second}, axis=1, join="inner")
    if len(table) < 2:
        ids = [next(iter(side.index), "-") for side in (first, second)]  # 17 and 00017 are seen at a glance
        raise UsageError(
            f"两年都有总分的人不足两名:{len(table)};前一年的编号如 {ids[0]},后一年的如 {ids[1]}",
            f"fewer than two members have both totals: {len(table)}; ids before are such as {ids[0]}, after {ids[1]}",
        )
    return table, Paired(len(table), len(first) - len(table), len(second) - len(table))


def regression_to_mean(
    before: pd.Series, after: pd.Series, reliability: float | None = None, halves: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Ask whether the worst really improved, or only came back to the mean.

    Totals fall back to the mean as far as they are measured with error, no
    farther: how much is to be expected needs the reliability of a total. Without
    it the changes are described, and nothing is explained.

    Parameters
    ----------
    before, after : Series
        Totals in points by member.
    reliability : float, optional
        Of the totals before: the share of their variance that is no error, 0 to 1.
    halves : DataFrame of shape (members, parts), optional
        Totals of the parts of the year before, such as its half-years, by member:
        the reliability is then estimated from them (alpha, with Feldt's interval).

    Returns
    -------
    DataFrame
        One row for each tenth of the members by the total before, 1 the lowest,
        ties together and empty tenths kept: ``decile``, ``n``, ``before`` (mean,
        points), ``observed`` (mean change) with its 95 % interval
        ``observed_low``, ``observed_high``; ``expected`` (the mean change of all,
        and what error alone brings back) with the interval that comes from that
        of the reliability, ``expected_low``, ``expected_high``; ``excess``, with
        both uncertainties ``excess_low``, ``excess_high``. What is expected is
        missing without a reliability. ``attrs``: ``summaries.RegressionToMean``.

    Raises
    ------
    UsageError
        With fewer than ten members with both totals, all totals of one year
        equal, or a reliability outside 0 to 1.

    Notes
    -----
    Galton (1886); Barnett, van der Pols & Dobson (2005), Int. J. Epidemiology
    34, 215-220: the expected fall is (1 - reliability) (x - mean before). A mean
    of less than ten is held by Student's t.

    Examples
    --------
    >>> before = pd.Series(np.arange(10.0), index=list("abcdefghij"))
    >>> table = regression_to_mean(before, 4.5 + (before - 4.5) / 2, reliability=0.8)
    >>> table[["observed", "expected"]].iloc[0].round(6).tolist()
    [2.25, 0.9]
    """
    table, paired = _both(before, after)
    if len(table) < 10:
        raise UsageError(
            f"至少要有十人两年都有总分,现有 {len(table)} 人",
            f"ten members with both totals are needed, found {len(table)}",
        )
    for side, zh in (("before", "前一年"), ("after", "后一年")):
        if not differ(table[side]):
            raise UsageError(
                f"{zh}的总分全是 {table[side].iloc[0]:g},谈不上回归均值",
                f"all totals {side} are {table[side].iloc[0]:g}: there is no mean to fall back to",
            )
    known = _reliability(reliability, halves)
    line = stats.linregress(table["before"], table["after"])
    first, second = (float(table[side].mean()) for side in ("before", "after"))
    result = _tenths(table)
    for name, share in zip(("expected", "expected_low", "expected_high"), known, strict=True):
        result[name] = second - first - (1 - share) * (result["before"] - first)
    ends = result[["expected_low", "expected_high"]]
    result["expected_low"], result["expected_high"] = ends.min(axis=1, skipna=False), ends.max(axis=1, skipna=False)
    result["excess"] = result["observed"] - result["expected"]
    for side, other in (("low", "high"), ("high", "low")):
        far = (result[f"observed_{side}"] - result["observed"]), (result["expected"] - result[f"expected_{other}"])
        result[f"excess_{side}"] = result["excess"] + np.hypot(*far) * (1 if side == "high" else -1)
    named: dict[str, Any] = dict(zip(("reliability", "reliability_low", "reliability_high"), known, strict=True))
    line_of: dict[str, Any] = {
        "r": float(line.rvalue),
        "slope": float(line.slope),
        "mean_before": first,
        "mean_after": second,
    }
    return RegressionToMean(**asdict(paired), **line_of, **named).on(result)


def _tenths(table: pd.DataFrame) -> pd.DataFrame:
    """Return size, mean total before and mean change with its interval of each tenth."""
    place = pd.Series(millionths(table["before"]), index=table.index).rank(method="average")
    deciles = np.ceil(10 * place / len(table)).astype("int64")
    groups = table.assign(observed=table["after"] - table["before"]).groupby(deciles)
    rows = groups[["before", "observed"]].mean().assign(n=groups.size(), sd=groups["observed"].std())
    rows = rows.reindex(range(1, 11)).rename_axis("decile").reset_index()
    n = rows["n"].fillna(0).astype("int64")
    reach = stats.t.ppf(0.975, np.maximum(n - 1, 1)) * rows["sd"] / np.sqrt(n.clip(lower=1))
    rows = rows.assign(n=n, observed_low=rows["observed"] - reach, observed_high=rows["observed"] + reach)
    return rows[["decile", "n", "before", "observed", "observed_low", "observed_high"]]


def _reliability(given: float | None, halves: pd.DataFrame | None) -> tuple[float, float, float]:
    """Return the reliability of a total with its interval; missing where nothing is known of it."""
    if given is not None:
        share = as_number(given, "信度", "the reliability")
        if not 0 <= share <= 1:
            raise UsageError(f"信度须在 0 与 1 之间:{given}", f"the reliability must lie between 0 and 1: {given}")
        return share, share, share
    nothing = (float("nan"),) * 3
    if halves is None:
        return nothing
    whole = by_member(
        as_frame(halves, "各期总分", "the parts of the year"), "各期总分", "the parts of the year"
    ).dropna()
    if min(len(whole) / 10, whole.shape[1] / 2) < 1:
        return nothing
    alpha = cronbach_alpha(whole)
    low, high = feldt(alpha, *whole.shape)
    return float(np.clip(alpha, 0, 1)), float(np.clip(low, 0, 1)), float(np.clip(high, 0, 1))


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
        there is none) and ``state``: ``stayed``, ``transferred``, ``joined`` (not
        listed before), ``left`` (not listed after), or ``unknown`` for who is on
        both lists with a blank branch.

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
        pd.Series(~table.index.isin(before.index), index=table.index),
        pd.Series(~table.index.isin(after.index), index=table.index),
        table[["branch_before", "branch_after"]].isna().any(axis=1),
        table["branch_before"] != table["branch_after"],
    ]
    return table.assign(state=np.select(conditions, ["joined", "left", "unknown", "transferred"], "stayed"))


_CONFIDENCE = 0.95


def paired_change(before: pd.Series, after: pd.Series, branch: pd.Series, min_n: int = MIN_N) -> pd.DataFrame:
    """Say by how much the totals of the same members changed, over all and in each branch.

    Members of one branch move together: the same secretary, the same meetings,
    the same hand that marks. The interval of the change of all therefore takes
    branches, not members, as what was drawn.

    Parameters
    ----------
    before, after : Series
        Totals in points by member; who lacks one is left out.
    branch : Series
        Branch by member; who has none is left out.
    min_n : int
        A branch of fewer such members is withheld; where those withheld are still
        fewer in all, the smallest of the others too: else the change of all, less
        what is told, would be theirs.

    Returns
    -------
    DataFrame
        One row a branch, the largest change first: ``branch``, ``n``, ``change``
        (mean, points), ``low``, ``high`` (intervals that hold at 95 % for all
        branches at once), ``stands``: ``rose`` or ``fell`` where it does not hold
        0, else empty; ``withheld``, and then nothing else is told. ``attrs``: ``summaries.PairedChange``.

    Raises
    ------
    UsageError
        Where a list is empty or names a member twice, or nobody has both totals
        and a branch.

    Notes
    -----
    Cluster-robust variance of a mean, reduced in bias (CR2: Bell & McCaffrey
    2002, Survey Methodology 28, 169-181), by Student's t with one less than the
    effective number of clusters (Carter, Schnepel & Steigerwald 2017, Review of
    Economics and Statistics 99, 698-709). The usual one (CR1, in statsmodels)
    with as many degrees as there are branches covers .78 where six branches are
    unlike in size; of branches of one size the two are the same. Branches: Student's
    t at the level of Sidak (1967), JASA 62, 626-633.

    Examples
    --------
    >>> before = pd.Series([80.0, 82, 90, 91], index=list("1234"))
    >>> branch = pd.Series(["一", "一", "二", "二"], index=list("1234"))
    >>> table = paired_change(before, before + [1, 3, 2, 4], branch, min_n=2)
    >>> table[["branch", "change"]].values.tolist(), table.attrs["change"]
    ([['二', 3.0], ['一', 2.0]], 2.5)
    """
    must_be(branch, pd.Series, "支部须以党员编号为索引", "branches must be indexed by member")
    first, second = (
        floats(by_member(values, zh, en), zh, en).dropna()
        for values, zh, en in ((before, "前一年", "before"), (after, "后一年", "after"))
    )
    homes = by_member(branch, "支部", "branches").dropna()
    both = first.index.intersection(second.index)
    known = both.intersection(homes.index).sort_values()
    if known.empty:
        raise UsageError(
            f"没有一个人两年都有总分、又有支部:两年都有总分的 {len(both)} 人,有支部的 {len(homes)} 人",
            f"nobody has both totals and a branch: {len(both)} with both totals, {len(homes)} with a branch",
        )
    rows = pd.DataFrame({"branch": homes.loc[known].astype("object"), "change": (second - first).loc[known].round(9)})
    table = _branches(rows, min_n)
    alone = {"only_before": len(first) - len(both), "only_after": len(second) - len(both)}
    return replace(_overall(rows), **alone, no_branch=len(both) - len(known), min_n=min_n).on(table)


def _branches(rows: pd.DataFrame, min_n: int) -> pd.DataFrame:
    groups = rows.groupby("branch")["change"]
    table = pd.DataFrame({"n": groups.size(), "change": groups.mean(), "sd": groups.std()}).reset_index()
    withheld = _withheld(table["n"], min_n)
    level = _CONFIDENCE ** (1 / max(1, int((~withheld).sum())))
    known = ~withheld & (table["n"] > 1)
    n = table["n"].clip(lower=2)
    reach = (stats.t.ppf((1 + level) / 2, n - 1) * table["sd"] / np.sqrt(n)).where(known)
    table = table.drop(columns="sd").assign(low=table["change"] - reach, high=table["change"] + reach)
    table["stands"] = np.select([table["low"] > 0, table["high"] < 0], ["rose", "fell"], "")
    table[["change", "low", "high"]] = table[["change", "low", "high"]].mask(np.tile(withheld, (3, 1)).T)
    table["withheld"] = withheld
    return table.sort_values(["change", "branch"], ascending=[False, True], ignore_index=True)


def _withheld(n: pd.Series, min_n: int) -> pd.Series:
    """Return which branches are too small to be told, and which one else would give them away."""
    small = n < min_n
    if not 0 < n[small].sum() < min_n or small.all():
        return small
    return small | (n.index == n[~small].idxmin())


def _overall(rows: pd.DataFrame) -> PairedChange:
    """Return the change of all with the interval of branches drawn anew."""
    mean, size = float(rows["change"].mean()), len(rows)
    groups = (rows["change"] - mean).groupby(rows["branch"])
    share, sums = groups.size() / size, groups.sum() / size
    effective = float(1 / (share**2).sum())
    found = PairedChange(mean, size, len(share), effective)
    if len(share) < 2:
        return found
    se = float(np.sqrt((sums**2 / (1 - share)).sum())) if differ(rows["change"]) else 0.0
    freedom = max(1.0, effective - 1)
    reach = float(stats.t.ppf((1 + _CONFIDENCE) / 2, freedom)) * se
    return replace(found, se=se, df=freedom, low=mean - reach, high=mean + reach)
