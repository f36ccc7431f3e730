"""Other shares, cut scores and quotas on trial: who moves, and by which of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from jifen_analysis.analysis.inputs import KEYS, Bools, Ints, reassess
from jifen_analysis.analysis.weights.swapping import swaps
from jifen_analysis.schemes.proposal import Proposal, Step
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.summaries import Replaced

MOVES = [*KEYS, "name", "branch", "total_before", "total_after", "grade_before", "grade_after", "up", "reason"]
_LINE = {"share": "share_line", "cut": "cut_line", "quota": "quota"}
_PLACE = {"share": "share_place", "cut": "cut_place", "quota": "quota"}


@dataclass(frozen=True)
class Trial:
    """A result before and after a proposal.

    Attributes
    ----------
    proposal : Proposal
        What is tried.
    before, after : Assessment
        Of the same records.
    moves : DataFrame
        Whose grade changes: ``member_id``, ``period``, ``name``, ``branch``,
        ``total_before``, ``total_after``, ``grade_before``, ``grade_after``,
        ``up``, ``reason``: codes joined by ``;`` for the changes that moved the
        member, in order. ``share_line``, the own total passed a cut because
        of the shares; ``share_place``, it did not, but the place among those
        who share a quota is another; ``cut_line``, a cut passed the own total;
        ``cut_place``, others came or went because of a cut; ``quota``, another
        quota; ``clause``, a clause that asks for totals or ranks.
    grades : DataFrame
        ``period``, ``branch``, ``grade``, ``before``, ``after``: members,
        every grade of every branch, also those nobody holds.
    """

    proposal: Proposal
    before: Assessment
    after: Assessment
    moves: pd.DataFrame
    grades: pd.DataFrame


def trial(result: Assessment, proposal: Proposal) -> Trial:
    """Try a proposal on the records of a result.

    Nothing is approximated: forced grades, quotas and corrections are decided anew.

    Parameters
    ----------
    result : Assessment
        With its records.
    proposal : Proposal
        Shares, then cut scores, then quotas.

    Returns
    -------
    Trial
        Both sides, who moves and why, the grades by branch.

    Raises
    ------
    UsageError, InvalidScheme
        Where the proposal does not fit the scheme, or the result has no records.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> from jifen_analysis.tables.records import Records
    >>> marks = {"member_id": "1", "period": "2024H1", "group": "members", "mark": 70.0}
    >>> attended = {"member_id": "1", "date": "2024-03-05", "activity": "lecture", "status": "present"}
    >>> records = Records.from_frames({
    ...     "members": pd.DataFrame([{"member_id": "1", "branch": "一"}]),
    ...     "attendance": pd.DataFrame([attended]), "evaluations": pd.DataFrame([marks]),
    ... })
    >>> found = trial(assess(records, read_scheme("community_60_40")), Proposal({"daily": "70%", "evaluation": "30%"}))
    >>> found.moves[["total_before", "total_after", "grade_before", "grade_after", "reason"]].values.tolist()
    [[88.0, 91.0, '合格', '优秀', 'share_line']]
    """
    results: list[tuple[Step, Assessment]] = []
    for step, scheme in proposal.steps(result.scheme):
        results.append((step, reassess(results[-1][1] if results else result, scheme)))
    after = results[-1][1] if results else result
    return Trial(proposal, result, after, _moves(result, after, results), _grades(result, after))


def _moves(before: Assessment, after: Assessment, results: list[tuple[Step, Assessment]]) -> pd.DataFrame:
    tables = [before.table, *(result.table for _, result in results)]
    first, last = tables[0], after.table
    reasons = np.full(len(first), "", dtype=object)
    for (step, _), one, other in zip(results, tables[:-1], tables[1:], strict=True):
        said = _reasons(step, one, other)
        reasons = np.where((reasons != "") & (said != ""), reasons + ";" + said, reasons + said)
    codes, later = _codes(first["grade"]), _codes(last["grade"])
    sides = {"total_before": first["total"], "total_after": last["total"]}
    grades = {"grade_before": first["grade"], "grade_after": last["grade"]}
    whole = first[[*KEYS, "name", "branch"]].assign(**sides, **grades, up=later > codes, reason=reasons)
    return whole[codes != later].reset_index(drop=True)[MOVES]


def _reasons(step: Step, before: pd.DataFrame, after: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return why each grade is another after a step; blank where it is not."""
    moved = _codes(before["grade"]) != _codes(after["grade"])
    crossed = _codes(before["grade_by_total"]) != _codes(after["grade_by_total"])
    forced = _forced(before) != _forced(after)
    said = np.select([~moved, forced, crossed], ["", "clause", _LINE[step]], _PLACE[step])
    return said.astype(object)


def _codes(grades: pd.Series) -> Ints:
    """Return grades as numbers, the higher the better; -1 for none."""
    if not isinstance(grades.dtype, pd.CategoricalDtype):
        return np.full(len(grades), -1, "int64")
    return np.asarray(grades.cat.codes, "int64")


def _forced(table: pd.DataFrame) -> Bools:
    return table["flags"].str.contains(r"\b(?:veto|forced)\b").to_numpy(bool)


def _grades(before: Assessment, after: Assessment) -> pd.DataFrame:
    """Count every grade of every branch on both sides."""
    columns = ["period", "branch", "grade"]
    counts = [result.table.groupby(columns, observed=False).size() for result in (before, after)]
    table = pd.concat(counts, axis=1, keys=["before", "after"]).fillna(0).astype("int64").reset_index()
    best = table["grade"].cat.codes if isinstance(table["grade"].dtype, pd.CategoricalDtype) else table["grade"]
    ordered = table.assign(best=-best).sort_values(["period", "branch", "best"], kind="stable")
    everyone = before.table[["period", "branch"]].drop_duplicates()
    return ordered.merge(everyone, on=["period", "branch"])[[*columns, "before", "after"]]


# ---------------------------------------------------------------- who passes whom


def swap_shares(found: Trial) -> pd.DataFrame:
    """Return at which shares those who rise pass those who fall, in exact numbers.

    On the straight way from the old shares to the new ones everybody's total
    moves evenly, so that two members are level at one point of it at most.

    Parameters
    ----------
    found : Trial
        From ``trial``.

    Returns
    -------
    DataFrame
        ``period``, ``branch``, ``rises``, ``falls`` (members of the same branch
        and period whose order is another afterwards), ``at``: the exact Fraction
        of the way, inside (0, 1), at which their totals, rounded to six
        decimals, are level; ordered by it. ``attrs``: ``summaries.Replaced``.

    Examples
    --------
    >>> found = Trial(Proposal(), *[None] * 2, pd.DataFrame({
    ...     "member_id": ["1", "2"], "period": "2024", "branch": "一", "up": [False, True],
    ...     "total_before": [90.0, 88.0], "total_after": [89.0, 91.0]}), pd.DataFrame())
    >>> swap_shares(found)[["rises", "falls", "at"]].values.tolist()
    [['2', '1', Fraction(1, 2)]]
    """
    rows: list[tuple[object, ...]] = []
    moving = found.moves[(found.moves["total_before"] - found.moves["total_after"]).round(6) != 0]
    for (period, branch), movers in moving.groupby(["period", "branch"], sort=True):
        sides = [movers[movers["up"] == up][_SIDES].itertuples(index=False, name=None) for up in (True, False)]
        for (rises, *mine), (falls, *theirs) in product(*map(list, sides)):
            at = swaps(*([round(total, 6) for total in totals] for totals in (mine, theirs)))
            rows += [(period, branch, rises, falls, at)] if at is not None and mine[0] > theirs[0] else []
    table = pd.DataFrame(rows, columns=["period", "branch", "rises", "falls", "at"])
    table = table.sort_values("at", key=lambda at: at.map(float), kind="stable").reset_index(drop=True)
    return Replaced(_shares(found)).on(table)


_SIDES = ["member_id", "total_after", "total_before"]


def _shares(found: Trial) -> Mapping[str, tuple[Fraction, Fraction]]:
    if not found.proposal.shares:
        return {}
    before, after = found.before.scheme.shares, found.after.scheme.shares
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}
