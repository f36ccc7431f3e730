"""What was decided on a total: band, clauses that force a grade, quotas, what follows; and on what grounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from jifen_analysis.errors import NOTHING, Text, same
from jifen_analysis.schemes.model import FORFEIT, Condition, Conditional, Gives, Grade, Measure, Outcome, Run
from jifen_analysis.schemes.model import Decision as Clause
from jifen_analysis.schemes.model.book import picked_text
from jifen_analysis.schemes.model.parts import RecordFilter
from jifen_analysis.schemes.model.phrases import condition_text, number, title_of
from jifen_analysis.scoring.arrays import Ints
from jifen_analysis.scoring.explain.evidence import Evidence, MemberRecords, to_evidence
from jifen_analysis.scoring.kinds.points import LOST
from jifen_analysis.scoring.record_index import TELLING, Paid, Trace
from jifen_analysis.scoring.row_state import branch_months, holds, holds_in_year, run_months


def condition_met(condition: Condition, row: int, desk: MemberRecords, *, year: bool = False) -> bool:
    """Return whether a condition holds in the period of a row, or in its year."""
    if year:
        return bool(holds_in_year(condition, desk.working.years.years)[year_row(row, desk)])
    return bool(holds(condition, desk.working.facts)[desk.rows[row]])


def in_words(condition: Condition, desk: MemberRecords) -> Text:
    """Return a condition in words, in both languages."""
    return desk.both(lambda speech: condition_text(condition, speech))


def looked_at(condition: Condition, row: int, desk: MemberRecords, *, year: bool = False) -> list[int]:
    """Return the rows of the desk at which a condition looked: the period's own, the year's, those in a row, all."""
    own = np.flatnonzero(desk.roster.member == desk.roster.member[row])
    if condition.over == "data" or condition.nth:
        return [int(one) for one in own if one <= row]
    if year:
        return [int(one) for one in own if desk.roster.year[one] == desk.roster.year[row]]
    before = (condition.in_a_row or 1) - 1 if condition.per in (None, "year") else 0
    return [int(one) for one in own if row - before <= one <= row]


# ---------------------------------------------------------------- what a condition compared


def value_of(condition: Condition, row: int, desk: MemberRecords, *, year: bool = False) -> Text:
    """Return what a condition compared: a measure's value, or how many records there are."""
    rows = looked_at(condition, row, desk, year=year)
    if condition.table is not None:
        n = sum(1 for _ in condition_traces(condition, row, desk, year=year))
        return Text(f"{n}条记录", f"{n} record(s)")
    if condition.measure is None:
        return NOTHING
    if condition.measure == "grade":
        return same("、".join(_grades(condition, row, rows, desk, year=year)))
    if condition.in_a_row or not year:
        values = desk.working.facts.values[condition.measure][desk.rows[rows]]
        return same("、".join(_measured(condition.measure, one, desk) for one in values))
    return same(_measured(condition.measure, _of_year(condition.measure, row, desk), desk))


def _grades(condition: Condition, row: int, rows: list[int], desk: MemberRecords, *, year: bool) -> list[str]:
    if year and not condition.in_a_row:
        of_year = desk.working.years.years
        return [str(of_year.grade[of_year.of_row[desk.rows[row]]])]
    return [str(desk.working.grading.grade[one]) for one in desk.rows[rows]]


def _of_year(measure: str, row: int, desk: MemberRecords) -> float:
    of_year, whole = desk.working.years.years, desk.rows[row]
    return float(
        of_year.total[of_year.of_row[whole]] if measure == "total" else of_year.facts.values[f"year.{measure}"][whole]
    )


def _measured(name: str, value: float, desk: MemberRecords) -> str:
    measure = desk.working.book.measures.get(name)
    if np.isnan(value):
        return "-"
    return f"{_percent(100 * value)}%" if measure is not None and measure.share else number(value)


def _percent(value: float) -> str:
    """Return a percentage with two decimals; with all where it would else look whole, and so like a threshold.

    Examples
    --------
    >>> _percent(54.5454545), _percent(59.9999), _percent(60.0)
    ('54.55', '59.9999', '60')
    """
    short = round(value, 2)
    return number(value if short == round(short) else short)


# ---------------------------------------------------------------- the records behind a condition


def condition_traces(condition: Condition, row: int, desk: MemberRecords, *, year: bool = False) -> Iterator[Trace]:
    """Yield the records that a condition, or the measure it compares, looked at."""
    rows = set(looked_at(condition, row, desk, year=year))
    measure = desk.working.book.measures.get(condition.measure or "")
    if condition.table is not None:
        yield from _records(condition, rows, desk)
    elif measure is not None:
        yield from _measure_traces(measure, rows, desk)


def _records(selector: RecordFilter, rows: set[int], desk: MemberRecords) -> Iterator[Trace]:
    table = str(selector.table)
    for match in desk.selected(selector):
        if match.row in rows:
            yield Trace(match.row, 0, table, match.record, TELLING[table])


def _measure_traces(measure: Measure, rows: set[int], desk: MemberRecords) -> Iterator[Trace]:
    for selector in measure.count:
        yield from _records(selector, rows, desk)
    if measure.longest_run is not None:
        months = run_months(measure, desk.working.facts, branch_months(measure, desk.working.facts))
        yield from _in_run(measure.longest_run, rows, {row: _longest(months[desk.rows[row]]) for row in rows}, desk)


def _longest(months: np.ndarray) -> range:
    """Return the first of the longest runs of months that hold."""
    best, start = range(0), 0
    for month, there in enumerate([*months.tolist(), False]):
        if not there:
            best = max(best, range(start, month), key=len)
            start = month + 1
    return best


def _in_run(run: Run, rows: set[int], months: dict[int, range], desk: MemberRecords) -> Iterator[Trace]:
    for selector in run.any_of:
        for match in desk.selected(selector, "month"):
            if match.row in rows and match.part in months[match.row]:
                yield Trace(match.row, 0, selector.table, match.record, TELLING[selector.table])


def conditional_traces(rule: Conditional, paid: Paid, desk: MemberRecords) -> Iterator[Trace]:
    """Yield what the conditions of a rule stand upon."""
    lost = LOST if rule.points == FORFEIT else NOTHING
    for (row, part), points in paid.items():
        standing = [condition for condition in rule.when if condition_met(condition, row, desk)]
        for at, condition in enumerate(standing):
            said = in_words(condition, desk), value_of(condition, row, desk)
            yield Trace(row, part, points=0.0 if at else points, remark=lost, finding=said)
            behind = condition_traces(condition, row, desk)
            yield from (replace(trace, row=row, part=part) for trace in behind)


# ---------------------------------------------------------------- what there is to say of a decision


@dataclass(frozen=True)
class Ground:
    """A condition that held: in words, what it found, and the records it looked at."""

    said: Text
    value: Text = NOTHING
    records: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class StandingDecision:
    """A clause or an outcome that stands; it proposes, and whoever is named decides.

    ``assumed`` is what the source does not say of it, ``given`` how much is given, where there is something to count.
    """

    id: str
    title: Text
    clause: str = ""
    decided_by: str = ""
    assumed: str = ""
    grounds: tuple[Ground, ...] = ()
    given: Text = NOTHING


@dataclass(frozen=True)
class Cut:
    """A cut score in force, and whether it must be exceeded."""

    score: float
    above: bool = False


@dataclass(frozen=True)
class BandReached:
    """The grade that the total reaches with its cut score (none for the rest), and the next higher one.

    ``whole_marks``: totals are compared after rounding half up; ``distance``: points missing to the higher grade.
    """

    grade: str
    cut: Cut | None = None
    whole_marks: bool = False
    higher: str = ""
    higher_cut: Cut | None = None
    distance: float | None = None
    assumed: str = ""


@dataclass(frozen=True)
class Seats:
    """How a quota on a grade came out: so many seats of n, whether the member has one, or a tie cost it."""

    grade: str
    share: str
    n: int
    seats: int
    kept: bool
    tied: bool
    becomes: str
    assumed: str = ""


@dataclass(frozen=True)
class Rank:
    """A place among the ranked."""

    place: int
    of: int


# ---------------------------------------------------------------- band, rank, quota


def band(row: int, desk: MemberRecords) -> BandReached:
    """Return the band of a row's total."""
    whole, book = desk.rows[row], desk.book(row)
    grade = str(desk.working.grading.by_total[whole])
    if not grade:
        return BandReached("")
    names = list(book.grades)
    higher = names[names.index(grade) - 1] if names.index(grade) else ""
    gap = desk.working.distance[whole]
    return BandReached(
        grade,
        _cut(book.grades[grade]),
        book.grade_rounding == "half_up",
        higher,
        _cut(book.grades[higher]) if higher else None,
        None if np.isnan(gap) else float(gap),
        book.grades[grade].assumed,
    )


def _cut(grade: Grade) -> Cut | None:
    return None if grade.cut is None else Cut(grade.cut, grade.above is not None)


def rank(ranks: Ints, group: Ints, whole: int) -> Rank | None:
    """Return a row's rank and among how many; none for those who are not ranked."""
    if not ranks[whole]:
        return None
    return Rank(int(ranks[whole]), int(((group == group[whole]) & (ranks > 0)).sum()))


def quota_lines(row: int, desk: MemberRecords) -> tuple[Seats, ...]:
    """Return every quota that the member's grade met, from the highest grade."""
    whole, grading, roster = desk.rows[row], desk.working.grading, desk.working.roster
    if not roster.counted[whole] or np.isnan(grading.total[whole]):
        return ()
    return tuple(_met(row, _before_quotas(row, desk), desk))


def _before_quotas(row: int, desk: MemberRecords) -> str:
    grading, whole = desk.working.grading, desk.rows[row]
    forced = any(where[whole] for where in grading.clauses.values())
    return str(desk.book(row).lowest_grade if forced else grading.by_total[whole])


def _met(row: int, grade: str, desk: MemberRecords) -> Iterator[Seats]:
    whole, grading, names = desk.rows[row], desk.working.grading, list(desk.book(row).grades)
    seats_of = desk.working.seats[desk.working.version[whole]]
    for name, entry in desk.book(row).grades.items():
        if entry.quota is None or name != grade:
            continue
        n, seats = (int(each[whole]) for each in seats_of[name])
        kept = grading.before_corrections[whole] == name
        grade = name if kept else names[names.index(name) + 1]
        tied = not kept and bool(grading.flags["quota_tied"][whole])
        yield Seats(name, entry.quota.share, n, seats, bool(kept), tied, grade, entry.quota.assumed)


# ---------------------------------------------------------------- clauses and outcomes


def forcing_clauses(row: int, desk: MemberRecords, *, year: bool = False) -> tuple[StandingDecision, ...]:
    """Return the clauses that force the grade of a row's period, or of its year."""
    clauses = desk.working.years.clauses if year else desk.working.grading.clauses
    stand = {name: where[_place(row, desk, year=year)] for name, where in clauses.items()}
    return _decisions(desk.working.book.forced if year else desk.book(row).forced, stand, row, desk, year=year)


def standing_outcomes(row: int, desk: MemberRecords, *, year: bool = False) -> tuple[StandingDecision, ...]:
    """Return what follows for a row's period, or for its year."""
    standing, at = desk.working.year_outcomes if year else desk.working.outcomes, _place(row, desk, year=year)
    stand = {name: one.stands[at] for name, one in standing.items()}
    given = {name: float(one.quantity[at]) for name, one in standing.items()}
    return _decisions(desk.working.book.outcomes, stand, row, desk, year=year, given=given)


def year_row(row: int, desk: MemberRecords) -> int:
    """Return the row of the year among all years."""
    return int(desk.working.years.years.of_row[desk.rows[row]])


def _place(row: int, desk: MemberRecords, *, year: bool) -> int:
    return year_row(row, desk) if year else int(desk.rows[row])


def _decisions(
    clauses: Mapping[str, Clause],
    stand: Mapping[str, bool],
    row: int,
    desk: MemberRecords,
    *,
    year: bool = False,
    given: Mapping[str, float] | None = None,
) -> tuple[StandingDecision, ...]:
    standing = {name: clauses[name] for name, stands in stand.items() if stands and name in clauses}
    return tuple(
        StandingDecision(
            name,
            title_of(clause.title, name),
            clause.clause,
            clause.decided_by,
            _assumed(clause, desk),
            tuple(_grounds(clause, row, desk, year=year)),
            _given(clause, (given or {}).get(name, np.nan)),
        )
        for name, clause in standing.items()
    )


def _assumed(clause: Clause, desk: MemberRecords) -> str:
    """Return what the source does not say of a clause, and of the measures it compares."""
    measures = desk.working.book.measures
    compared = (measures.get(condition.measure or "") for condition in (*clause.all, *clause.any))
    said = (clause.assumed, *(measure.assumed for measure in compared if measure is not None))
    return ";".join(dict.fromkeys(one for one in said if one))


def _grounds(clause: Clause, row: int, desk: MemberRecords, *, year: bool) -> Iterator[Ground]:
    for condition in (*clause.all, *clause.any):
        if condition_met(condition, row, desk, year=year):
            records = tuple(to_evidence(trace, desk) for trace in condition_traces(condition, row, desk, year=year))
            yield Ground(in_words(condition, desk), value_of(condition, row, desk, year=year), records)
    if isinstance(clause, Outcome):
        picked = desk.both(lambda speech: "\n".join(picked_text(clause, speech)))
        yield from (Ground(Text(*said)) for said in zip(picked.zh.splitlines(), picked.en.splitlines(), strict=True))


def _given(clause: Clause, quantity: float) -> Text:
    gives: Gives | None = getattr(clause, "gives", None)
    if gives is None or np.isnan(quantity):
        return NOTHING
    return Text(f"{number(quantity)}{gives.unit}", number(quantity))
