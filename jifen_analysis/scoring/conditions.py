"""Whether something holds of a member in a period or a year.

Forced grades and outcomes read nothing else. Comparisons are made after
rounding to six decimals; a value that is missing satisfies no condition.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import numpy as np

from jifen_analysis.schemes.model import Condition, Decision
from jifen_analysis.schemes.model.parts import COMPARISONS
from jifen_analysis.scoring.arrays import Bools, Ints, Names, blockwise, broadcast, compress
from jifen_analysis.scoring.measures import longest_run
from jifen_analysis.scoring.row_state import MILLION, RowState, Years, millionths

# ---------------------------------------------------------------- in a period


def decision_holds(decision: Decision, holds: Callable[[Condition], Bools], size: int) -> Bools:
    """Return where a decision stands: all of ``all``, and one of ``any`` where there is any."""
    stands = [holds(condition) for condition in decision.all]
    if decision.any:
        stands.append(reduce(np.logical_or, map(holds, decision.any)))
    return reduce(np.logical_and, stands, broadcast(True, (size,)))


def holds(condition: Condition, facts: RowState) -> Bools:
    """Return for each row whether a condition holds in its period."""
    if condition.per in ("month", "quarter"):
        return _in_parts(condition, facts)
    if condition.over == "data":
        return _cumulated(condition, facts)
    now = _now(condition, facts)
    if condition.in_a_row:
        now = in_a_row(now, facts.roster.before, condition.in_a_row)
    return now if condition.nth is None else now & (running_sums(now, facts.roster.member) == condition.nth)


def _now(condition: Condition, facts: RowState) -> Bools:
    if condition.who is not None:
        return facts.roster.are(condition.who)
    if condition.outcome is not None:
        return facts.stands[condition.outcome]
    if condition.table is not None:
        return within_bounds(facts.count(condition), condition)
    if condition.measure == "grade":
        return grade_matches(facts.grade, condition)
    values = facts.values[str(condition.measure)]
    if condition.below == "branch_mean":
        return below_mean(values, facts.roster.groups("branch"), facts.roster.counted)
    return within_bounds(values, condition)


def within_bounds(values: np.ndarray, condition: Condition) -> Bools:
    """Hold values against a condition's bounds; records without a bound need only exist."""
    bounds = condition.bounds or (("at_least", 1.0),)

    def kept(seen: np.ndarray) -> Bools:
        rounded = seen if seen.dtype.kind == "i" else np.where(np.isnan(seen), np.nan, millionths(seen) / MILLION)
        return reduce(np.logical_and, (COMPARISONS[name](rounded, float(bound)) for name, bound in bounds))

    return broadcast(blockwise(kept)(compress(values)), values.shape)


def grade_matches(grade: Names, condition: Condition) -> Bools:
    """Hold grades against the names a condition lists; nobody without a grade satisfies one."""
    named = np.logical_or.reduce([grade == name for name in condition.among or condition.outside or ()])
    return (grade != "") & (~named if condition.outside else named)


def below_mean(total: np.ndarray, group: Ints, counted: Bools) -> Bools:
    """Return who is below the mean of the group's counted members, exactly."""
    known = ~np.isnan(total)
    whole = np.where(known, millionths(total), 0)
    size = int(group.max(initial=-1)) + 1
    mine = known & counted
    n = np.bincount(group[mine], minlength=size)
    summed = np.zeros(size, dtype="int64")
    np.add.at(summed, group[mine], whole[mine])
    return known & (whole * n[group] < summed[group])


def in_a_row(now: Bools, before: Ints, n: int) -> Bools:
    """Return where something holds now and in the n - 1 periods just before."""
    stands, row = now, before
    for _ in range(n - 1):
        stands = stands & (row >= 0) & now[row]
        row = np.where(row >= 0, before[row], -1)
    return stands


def running_sums(now: np.ndarray, member: Ints) -> Ints:
    """Return the running sum of a member's values up to each row (rows stand by member, then time)."""
    if not len(member):
        return np.zeros(0, dtype="int64")
    total = np.cumsum(now.astype("int64"))
    first = np.flatnonzero(np.diff(member, prepend=-1))
    return total - np.repeat(total[first] - now[first].astype("int64"), np.diff(np.append(first, len(member))))


def _in_parts(condition: Condition, facts: RowState) -> Bools:
    counts = facts.count(condition, str(condition.per))
    plain = condition.model_copy(update={"per": None})
    return longest_run(within_bounds(counts, plain)) >= (condition.in_a_row or 1)


def _cumulated(condition: Condition, facts: RowState) -> Bools:
    if condition.table is None:
        once = _now(condition, facts)
        return once if condition.in_a_row is None else in_a_row(once, facts.roster.before, condition.in_a_row)
    counts = facts.count(condition)
    return (counts > 0) & within_bounds(running_sums(counts, facts.roster.member), condition)


# ---------------------------------------------------------------- in a year


def holds_in_year(condition: Condition, years: Years) -> Bools:
    """Return for each member and year whether a condition holds."""
    facts = years.facts
    if condition.in_a_row:
        now = _now(condition, facts)
        before = facts.roster.before
        same = (before >= 0) & (facts.roster.year[before] == facts.roster.year)
        return years.any(in_a_row(now, np.where(same, before, -1), condition.in_a_row))
    if condition.who is not None:
        return facts.roster.are(condition.who)[years.last]
    if condition.outcome is not None:
        return years.stands[condition.outcome]
    if condition.table is not None:
        return _records_in_year(condition, years)
    if condition.measure == "grade":
        return grade_matches(years.grade, condition)
    return within_bounds(_measure_in_year(condition, years), condition)


def _records_in_year(condition: Condition, years: Years) -> Bools:
    counts = years.sum(years.facts.count(condition))
    if condition.over != "data":
        return within_bounds(counts, condition)
    total = running_sums(counts, years.facts.roster.member[years.last])
    return (counts > 0) & within_bounds(total, condition)


def _measure_in_year(condition: Condition, years: Years) -> np.ndarray:
    name = str(condition.measure)
    return years.total if name == "total" else years.facts.values[f"year.{name}"][years.last]
