"""Whether something holds: measures of a member in a period or a year, and what is asked of them.

Forced grades and outcomes read nothing else. Comparisons are made after
rounding to six decimals; a value that is missing satisfies no condition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, reduce

import numpy as np

from jifen_analysis.schemes.model import Condition, Decision, Measure, Selector
from jifen_analysis.scoring.arrays import Bools, Ints, distinct, everywhere
from jifen_analysis.scoring.named import Names, blank
from jifen_analysis.scoring.queries import matching
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.scoring.tally import Sums
from jifen_analysis.vocabulary import Vocabulary

MILLION = 1_000_000
"""Totals are compared and ranked as whole numbers of 1/MILLION."""


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


@dataclass(frozen=True)
class Facts:
    """What is known of every row: the sums, the measures, and later the scores, grades and outcomes.

    Parameters
    ----------
    roster : Roster
        The rows.
    words : Vocabulary
        With the scheme's own events.
    sums : mapping of Query to ndarray
        From ``tally``.
    values : mapping of str to ndarray of float, shape (rows,)
        Measures, scores, what was lost, the gain in rank.
    grade : Categorical, shape (rows,)
        Blank where there is none.
    stands : mapping of str to ndarray of bool, shape (rows,)
        Outcomes so far.
    """

    roster: Roster
    words: Vocabulary
    sums: Sums
    values: Mapping[str, np.ndarray]
    grade: Names
    stands: Mapping[str, Bools]

    def with_values(self, **more: np.ndarray) -> Facts:
        """Return facts that know more measures."""
        return replace(self, values={**self.values, **more})

    def count(self, selectors: tuple[Selector, ...] | Selector | Condition, per: str = "period") -> np.ndarray:
        """Return how many records match any of some selectors."""
        listed = selectors if isinstance(selectors, tuple) else (selectors,)
        return reduce(np.add, (self.sums[matching(one, self.words, per)] for one in listed))

    def at_row(self, holds: Bools, row: Ints) -> Bools:
        """Return what holds at other rows; nothing at -1."""
        return (row >= 0) & holds[np.where(row >= 0, row, 0)] if len(holds) else holds


# ---------------------------------------------------------------- measures


def measured(measures: Mapping[str, Measure], facts: Facts) -> dict[str, np.ndarray]:
    """Return every measure made from records, as floats.

    Missing where there is nothing to divide by, and for those who are not scored.
    """
    scored = facts.roster.scored
    return {name: known(_measured(measure, facts), scored) for name, measure in measures.items()}


def known(values: np.ndarray, where: Bools) -> np.ndarray:
    """Return values where a mask holds, missing elsewhere."""
    return values if where.all() else np.where(where, values, np.nan)


def _measured(measure: Measure, facts: Facts) -> np.ndarray:
    if measure.share:
        return divided(facts.count(measure.share.part), facts.count(measure.share.whole))
    if measure.longest_run:
        return longest_run(run_months(measure, facts)).astype("float64")
    return facts.count(measure.count).astype("float64")


def divided(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return a ratio, missing where the whole is 0."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)


def run_months(measure: Measure, facts: Facts) -> Bools:
    """Return the months in which the condition of a run holds, shape (rows, months)."""
    run = measure.longest_run
    assert run is not None
    holds = facts.roster.months.copy()
    if run.any_of:
        holds &= facts.count(run.any_of, "month") > 0
    if run.none_of:
        holds &= facts.count(run.none_of, "month") == 0
    if run.given_branch:
        holds &= _in_branch(facts.count(run.given_branch, "month"), facts.roster.groups("branch"))
    return holds


def _in_branch(counts: np.ndarray, branch: Ints) -> Bools:
    """Return whether anyone of the branch has a record, by row and month."""
    held = np.zeros((counts.shape[1], int(branch.max(initial=-1)) + 1), dtype=bool)
    for of_branch, there in zip(held, counts.T > 0, strict=True):
        of_branch[branch[there]] = True
    return np.ascontiguousarray(held.T)[branch]


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


# ---------------------------------------------------------------- in a period


def decided(decision: Decision, holds: Callable[[Condition], Bools], size: int) -> Bools:
    """Return where a decision stands: all of ``all``, and one of ``any`` where there is any."""
    stands = [holds(condition) for condition in decision.all]
    if decision.any:
        stands.append(reduce(np.logical_or, map(holds, decision.any)))
    return reduce(np.logical_and, stands, everywhere(True, (size,)))


def holds(condition: Condition, facts: Facts) -> Bools:
    """Return for each row whether a condition holds in its period."""
    if condition.per in ("month", "quarter"):
        return _in_parts(condition, facts)
    if condition.over == "data":
        return _cumulated(condition, facts)
    now = _now(condition, facts)
    if condition.in_a_row:
        now = in_a_row(now, facts.roster.before, condition.in_a_row)
    return now if condition.nth is None else now & (running(now, facts.roster.member) == condition.nth)


def _now(condition: Condition, facts: Facts) -> Bools:
    if condition.who is not None:
        return facts.roster.are(condition.who)
    if condition.outcome is not None:
        return facts.stands[condition.outcome]
    if condition.table is not None:
        return bounded(facts.count(condition), condition)
    if condition.measure == "grade":
        return graded(facts.grade, condition)
    values = facts.values[str(condition.measure)]
    if condition.below == "branch_mean":
        return below_mean(values, facts.roster.groups("branch"), facts.roster.counted)
    return bounded(values, condition)


def bounded(values: np.ndarray, condition: Condition) -> Bools:
    """Hold values against a condition's bounds; records without a bound need only exist."""
    seen = distinct(values)
    rounded = seen if seen.dtype.kind == "i" else np.where(np.isnan(seen), np.nan, millionths(seen) / MILLION)
    bounds = condition.bounds or (("at_least", 1.0),)
    kept = reduce(np.logical_and, (COMPARISONS[name](rounded, float(bound)) for name, bound in bounds))
    return everywhere(kept, values.shape)


COMPARISONS: Mapping[str, Callable[[np.ndarray, float], Bools]] = {
    "at_least": np.greater_equal,
    "at_most": np.less_equal,
    "above": np.greater,
    "below": np.less,
}


def graded(grade: Names, condition: Condition) -> Bools:
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
        there = np.where(row >= 0, row, 0)
        stands = stands & (row >= 0) & now[there] if len(now) else stands
        row = np.where(row >= 0, before[there], -1) if len(now) else row
    return stands


def running(now: np.ndarray, member: Ints) -> Ints:
    """Return the running sum of a member's values up to each row (rows stand by member, then time)."""
    if not len(member):
        return np.zeros(0, dtype="int64")
    total = np.cumsum(now.astype("int64"))
    first = np.flatnonzero(np.diff(member, prepend=-1))
    return total - np.repeat(total[first] - now[first].astype("int64"), np.diff(np.append(first, len(member))))


def _in_parts(condition: Condition, facts: Facts) -> Bools:
    counts = facts.count(condition, str(condition.per))
    plain = condition.model_copy(update={"per": None})
    return longest_run(bounded(counts, plain)) >= (condition.in_a_row or 1)


def _cumulated(condition: Condition, facts: Facts) -> Bools:
    if condition.table is None:
        once = _now(condition, facts)
        return once if condition.in_a_row is None else in_a_row(once, facts.roster.before, condition.in_a_row)
    counts = facts.count(condition)
    return (counts > 0) & bounded(running(counts, facts.roster.member), condition)


# ---------------------------------------------------------------- in a year


@dataclass(frozen=True)
class Years:
    """One row for each member and year, over the rows of the periods.

    Parameters
    ----------
    facts : Facts
        What is known of the periods.
    total : ndarray of float, shape (years,)
        Total of the year.
    grade : Categorical, shape (years,)
        Grade of the year, blank where there is none.
    stands : mapping of str to ndarray of bool
        Outcomes of the year so far.
    """

    facts: Facts
    total: np.ndarray
    grade: Names
    stands: Mapping[str, Bools]

    @cached_property
    def of_row(self) -> Ints:
        """The year row of each period row."""
        return year_rows(self.facts.roster)[0]

    @cached_property
    def last(self) -> Ints:
        """The last scored period row of each year row, whose branch and columns hold for the year."""
        return year_rows(self.facts.roster)[1]

    def sum(self, counts: np.ndarray) -> np.ndarray:
        """Add counts up over each year."""
        if not distinct(counts).any():
            return everywhere(0, (len(self.last),))
        return np.rint(np.bincount(self.of_row, counts, minlength=len(self.last))).astype("int64")

    def any(self, now: Bools) -> Bools:
        """Return whether something holds in any period of the year."""
        return np.bincount(self.of_row, now, minlength=len(self.last)) > 0


def year_rows(roster: Roster) -> tuple[Ints, Ints]:
    """Return the year row of each period row, and of each year row the last period row that is scored (or is there)."""
    change = (np.diff(roster.member, prepend=-1) != 0) | (np.diff(roster.year, prepend=-1) != 0)
    of_row = np.cumsum(change) - 1
    last = np.flatnonzero(np.append(change[1:], True)) if len(change) else of_row.copy()
    scored = np.flatnonzero(roster.scored)
    last[of_row[scored]] = scored
    return of_row, last


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
        return graded(years.grade, condition)
    return bounded(_measure_in_year(condition, years), condition)


def _records_in_year(condition: Condition, years: Years) -> Bools:
    counts = years.sum(years.facts.count(condition))
    if condition.over != "data":
        return bounded(counts, condition)
    total = running(counts, years.facts.roster.member[years.last])
    return (counts > 0) & bounded(total, condition)


def _measure_in_year(condition: Condition, years: Years) -> np.ndarray:
    name = str(condition.measure)
    return years.total if name == "total" else years.facts.values[f"year.{name}"][years.last]


def measured_in_year(measures: Mapping[str, Measure], facts: Facts) -> dict[str, np.ndarray]:
    """Return the measures of the whole year at each row: shares and counts summed, the longest of the runs."""
    of_row, last = year_rows(facts.roster)
    years = Years(facts, np.zeros(len(last)), blank(len(last)), {})
    return {
        f"year.{name}": _year_value(measure, facts.values[name], years)[of_row] for name, measure in measures.items()
    }


def _year_value(measure: Measure, value: np.ndarray, years: Years) -> np.ndarray:
    facts, scored = years.facts, years.facts.roster.scored
    if measure.share:
        part, whole = (facts.count(chosen) * scored for chosen in (measure.share.part, measure.share.whole))
        return divided(years.sum(part), years.sum(whole))
    if measure.longest_run:
        best = np.zeros(len(years.last))
        np.maximum.at(best, years.of_row[scored], value[scored])
        return best
    return years.sum(facts.count(measure.count) * scored).astype("float64")
