"""What is known of every row and every year: sums, measures, later scores, grades and outcomes; and what holds there.

Forced grades, outcomes and conditional rules ask nothing else. Comparisons are made after
rounding to six decimals; a value that is missing satisfies no condition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from jifen_analysis.schemes.model import Condition, Decision, Measure, Selector
from jifen_analysis.schemes.model.parts import COMPARISONS, RecordFilter
from jifen_analysis.scoring.aggregate import Sums
from jifen_analysis.scoring.arrays import Bools, Ints, Names, at_once, blockwise, by_block, compress, no_labels
from jifen_analysis.scoring.queries import records_query
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.vocabulary import Vocabulary

MILLION = 1_000_000
"""Totals are compared and ranked as whole numbers of 1/MILLION."""


@blockwise
def millionths(values: np.ndarray) -> Ints:
    """Return values rounded to six decimals as whole numbers; missing becomes the smallest.

    Halves go to the even neighbour. They are looked for with a little tolerance, so
    that equal totals stay equal whatever the parts that floats added them up from.

    Examples
    --------
    >>> millionths(np.array([77.0328125, 77.03281249999999, 90]))
    array([77032812, 77032812, 90000000])
    """
    known = ~np.isnan(values)
    rounded = np.rint(np.round(np.where(known, values, 0) * MILLION, 5)).astype("int64")
    return np.where(known, rounded, np.iinfo("int64").min)


def six_decimals(values: np.ndarray) -> np.ndarray:
    """Return values as they are compared, for what leaves the desk: the floats nearest to their six decimals.

    Examples
    --------
    >>> six_decimals(np.array([99.30799999999999, np.nan]))
    array([99.308,    nan])
    """
    return np.where(np.isnan(values), np.nan, millionths(values) / MILLION)


def mask_values(values: np.ndarray, where: Bools) -> np.ndarray:
    """Return values where a mask holds, missing elsewhere."""
    return values if where.all() else np.where(where, values, np.nan)


@dataclass(frozen=True)
class RowState:
    """What is known of every row.

    ``sums`` answer questions on records; ``values`` are measures, scores, what was lost, the gain in rank; ``grade`` is
    blank where there is none; ``stands`` are the outcomes so far.
    """

    roster: Roster
    words: Vocabulary
    sums: Sums
    values: Mapping[str, np.ndarray]
    grade: Names
    stands: Mapping[str, Bools]

    def with_values(self, **more: np.ndarray) -> RowState:
        """Return facts that know more measures."""
        return replace(self, values={**self.values, **more})

    def count(self, selectors: tuple[Selector, ...] | RecordFilter, per: str = "period") -> np.ndarray:
        """Return how many records match any of some selectors."""
        listed = selectors if isinstance(selectors, tuple) else (selectors,)
        return reduce(np.add, (self.sums[records_query(one, self.words, per)] for one in listed))

    def block(self, some: slice) -> RowState:
        """Return what is known of a block of rows."""
        values, stands = ({name: one[some] for name, one in of.items()} for of in (self.values, self.stands))
        roster, sums = self.roster.block(some), self.sums.block(some)
        return RowState(roster, self.words, sums, values, self.grade[some], stands)


@dataclass(frozen=True)
class Years:
    """One row for each member and year, over the rows of the periods: total, grade (blank where none), outcomes."""

    facts: RowState
    total: np.ndarray
    grade: Names
    stands: Mapping[str, Bools]

    @property
    def of_row(self) -> Ints:
        """The year row of each period row."""
        return self.facts.roster.years.of_row

    @property
    def last(self) -> Ints:
        """The last scored period row of each year row, whose branch and columns hold for the year."""
        return self.facts.roster.years.last

    def sum(self, counts: np.ndarray) -> np.ndarray:
        """Add counts up over each year."""
        alike = len(compress(counts)) < len(counts) and not counts[:1].any()
        return np.broadcast_to(0, (len(self.last),)) if alike else self.over(np.add, counts)

    def any(self, now: Bools) -> Bools:
        """Return whether something holds in any period of the year."""
        return self.over(np.logical_or, now)

    def over(self, ufunc: np.ufunc, values: np.ndarray) -> np.ndarray:
        """Reduce values over the periods of each year."""
        first = self.facts.roster.years.first
        return np.asarray(ufunc.reduceat(values, first)) if len(first) else values[:0]


# ---------------------------------------------------------------- measures


def compute_measures(measures: Mapping[str, Measure], facts: RowState) -> dict[str, np.ndarray]:
    """Return every measure made from records, as floats.

    Missing where there is nothing to divide by, and for those who are not scored.
    """
    alive = {name: branch_months(measure, facts) for name, measure in measures.items()}

    def of(some: slice) -> dict[str, np.ndarray]:
        part = facts.block(some)
        return {
            name: mask_values(_measured(measure, part, alive[name][some]), part.roster.scored)
            for name, measure in measures.items()
        }

    return by_block(of, facts.roster.cuts)


def _measured(measure: Measure, facts: RowState, alive: Bools) -> np.ndarray:
    if measure.share:
        return ratio(facts.count(measure.share.part), facts.count(measure.share.whole))
    if measure.longest_run:
        return longest_run(run_months(measure, facts, alive)).astype("float64")
    return facts.count(measure.count).astype("float64")


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return a ratio, missing where the whole is 0."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)


def run_months(measure: Measure, facts: RowState, alive: Bools) -> Bools:
    """Return the months in which the condition of a run holds, shape (rows, months), given those of the branch."""
    run = measure.longest_run
    assert run is not None
    holds = facts.roster.months & alive
    if run.any_of:
        holds &= facts.count(run.any_of, "month") > 0
    if run.none_of:
        holds &= facts.count(run.none_of, "month") == 0
    return holds


def branch_months(measure: Measure, facts: RowState) -> Bools:
    """Return the months in which anyone of the branch has a record that a run asks for, shape (rows, months)."""
    asked = measure.longest_run.given_branch if measure.longest_run else ()
    if not asked:
        return np.broadcast_to(True, facts.roster.months.shape)
    branch = facts.roster.groups("branch")
    held = np.zeros((int(branch.max(initial=-1)) + 1, facts.roster.months.shape[1]), bool)

    def enter(some: slice) -> None:
        for of_branch, there in zip(held.T, facts.block(some).count(asked, "month").T, strict=True):
            of_branch[branch[some][there > 0]] = True

    at_once(enter, facts.roster.cuts, len(facts.roster))
    return held[branch]


def longest_run(holds: Bools) -> Ints:
    """Return the most columns in a row that hold.

    Examples
    --------
    >>> longest_run(np.array([[True, True, False, True]]))
    array([2])
    """
    run = best = np.zeros(len(holds), dtype="int8")
    for column in holds.T:
        run = (run + np.int8(1)) * column
        best = np.maximum(best, run)
    return best.astype("int64")


def measured_in_year(measures: Mapping[str, Measure], facts: RowState) -> dict[str, np.ndarray]:
    """Return the measures of the whole year at each row: shares and counts summed, the longest of the runs."""

    def of(some: slice) -> dict[str, np.ndarray]:
        part = facts.block(some)
        rows = part.roster.years
        years = Years(part, np.zeros(len(rows.last)), no_labels(len(rows.last)), {})
        return {
            f"year.{name}": _year_value(measure, part.values[name], years)[rows.of_row]
            for name, measure in measures.items()
        }

    return by_block(of, facts.roster.cuts)


def _year_value(measure: Measure, value: np.ndarray, years: Years) -> np.ndarray:
    facts, scored = years.facts, years.facts.roster.scored
    if measure.share:
        part, whole = (facts.count(chosen) * scored for chosen in (measure.share.part, measure.share.whole))
        return ratio(years.sum(part), years.sum(whole))
    if measure.longest_run:
        return years.over(np.maximum, np.where(scored, value, 0.0))
    return years.sum(facts.count(measure.count) * scored).astype("float64")


# ---------------------------------------------------------------- whether a condition holds in a period


def decision_holds(decision: Decision, holds: Callable[[Condition], Bools], size: int) -> Bools:
    """Return where a decision stands: all of ``all``, and one of ``any`` where there is any."""
    stands = [holds(condition) for condition in decision.all]
    if decision.any:
        stands.append(reduce(np.logical_or, map(holds, decision.any)))
    return reduce(np.logical_and, stands, np.broadcast_to(True, (size,)))


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

    return np.broadcast_to(blockwise(kept)(compress(values)), values.shape)


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


# ---------------------------------------------------------------- whether it holds in a year


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
