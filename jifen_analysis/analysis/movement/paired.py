"""By how much totals changed between two years, and how sure that is when members of a branch move together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import MIN_N, by_member, differ, floats, must_be
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import PairedChange

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
