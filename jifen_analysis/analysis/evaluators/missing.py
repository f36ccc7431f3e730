"""Who gained or lost because a group of evaluators gave no mark."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from jifen_analysis.analysis.inputs import KEYS, HasScheme, part_of, scheme_of, table_of
from jifen_analysis.periods import Period
from jifen_analysis.schemes.model import EvaluationItem
from jifen_analysis.summaries import PartialMarks

COLUMNS = [*KEYS, "branch", "component", "item", "missing", "given", "gain_low", "gain_high", "stands"]


def partial(result: HasScheme) -> pd.DataFrame:
    """Say who gained or lost how much because a group of evaluators was missing.

    Where a group gave no mark its weight is shared over the others: whoever lost
    a harsh group gains. How the group would have marked is not known; that it
    would have kept to the marks that it gave in the same branch and period bounds
    the difference: an assumption, and the weaker the fewer those were.

    Parameters
    ----------
    result : Assessment
        Its ledger, table and scheme.

    Returns
    -------
    DataFrame
        One row a member, period and item flagged ``evaluation_partial``:
        ``member_id``, ``period``, ``branch``, ``component``, ``item``,
        ``missing`` (codes of the groups, with ``;``), ``given`` (points of the
        total by this item), ``gain_low``, ``gain_high`` (points of the total
        gained, at least and at most; missing where the group marked nobody in
        the branch), ``stands``: ``gained`` or ``lost`` where both have one sign,
        ``unknown`` where there is no bound, else ``open``; who gained at least
        most first. ``attrs``: ``summaries.PartialMarks``.

    Raises
    ------
    UsageError
        Where it is no result, or nothing was assessed.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> from jifen_analysis.tables import Records
    >>> marks = [["1", "committee", 70.0], *([who, group, 90.0] for who in "12" for group in ("members", "households"))]
    >>> evaluations = pd.DataFrame(marks, columns=["member_id", "group", "mark"]).assign(period="2024H1")
    >>> members = pd.DataFrame({"member_id": ["1", "2"], "branch": "一"})
    >>> present = {"member_id": ["1", "2"], "date": "2024-03-05", "activity": "lecture", "status": "present"}
    >>> tables = {"members": members, "attendance": pd.DataFrame(present), "evaluations": evaluations}
    >>> found = partial(assess(Records.from_frames(tables), read_scheme("community_60_40")))
    >>> found[["member_id", "missing", "stands"]].values.tolist()
    [['2', 'committee', 'gained']]
    """
    scheme, table = scheme_of(result), table_of(result, *KEYS, "branch")
    ledger = part_of(result, "ledger")
    branch = table.set_index(KEYS)["branch"]
    found = [
        _partial(lines.join(branch, on=KEYS), item, component.weight).assign(component=key, item=name)
        for code, rows in ledger.groupby("period", observed=True)
        for key, component in scheme.on(Period.parse(str(code)).first_day).book.components.items()
        for name, item in component.items.items()
        if isinstance(item, EvaluationItem)
        and len(lines := rows[(rows["component"] == key) & (rows["item"] == name) & rows["rule"].isin(item.groups)])
    ]
    marked = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)
    gaps = marked[marked["missing"] != ""].sort_values(["gain_low", *KEYS], ascending=[False, True, True])
    return PartialMarks(len(marked)).on(gaps.reset_index(drop=True)[COLUMNS])


def _partial(lines: pd.DataFrame, item: EvaluationItem, weight: float) -> pd.DataFrame:
    """Return of every marked member which groups are missing, and what that changed."""
    weights = pd.Series({name: float(group.weight) for name, group in item.groups.items()})
    given = lines[lines["count"] > 0].assign(branch=lines["branch"].astype("object"))
    points = given.pivot_table(index=[*KEYS, "branch"], columns="rule", values="points", observed=True)
    points = points.reindex(columns=weights.index)
    there = points.notna() * weights
    whole = there.sum(axis=1)
    marks = points.mul(whole, axis=0) / (weights * item.scale)
    groups = marks.groupby([marks.index.get_level_values("branch")])
    harshest, kindest = groups.transform("min"), groups.transform("max")
    absent = points.isna() * weights
    score = points.sum(axis=1)
    high, low = (
        score - item.scale * ((marks * there).sum(axis=1) + _bound(bound, absent)) / (whole + absent.sum(axis=1))
        for bound in (harshest, kindest)
    )
    rows = pd.DataFrame({"given": score * weight, "gain_low": low * weight, "gain_high": high * weight})
    rows["missing"] = [";".join(names) for names in _names(absent > 0)]
    rows["stands"] = np.select(
        [rows["gain_low"].isna(), rows["gain_low"] > 1e-6, rows["gain_high"] < -1e-6],
        ["unknown", "gained", "lost"],
        "open",
    )
    return rows.reset_index()


def _bound(marks: pd.DataFrame, weights: pd.DataFrame) -> pd.Series:
    """Return what the missing groups would add if they marked so; missing where nobody knows."""
    return (marks * weights).where(weights > 0, 0.0).sum(axis=1, skipna=False)


def _names(absent: pd.DataFrame) -> Iterator[list[str]]:
    for row in absent.to_numpy():
        yield [str(name) for name, gone in zip(absent.columns, row, strict=True) if gone]
