"""What a condition rests on: the value it looked at, and the records behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from jifen_analysis.errors import Text
from jifen_analysis.schemes.model import FORFEIT, Condition, Conditional, Measure, Run, Selector
from jifen_analysis.schemes.model.phrases import condition_said
from jifen_analysis.scoring.conditions import holds
from jifen_analysis.scoring.explain.member_records import MemberRecords
from jifen_analysis.scoring.kinds.rules import LOST
from jifen_analysis.scoring.measures import branch_months, run_months
from jifen_analysis.scoring.queries import matching
from jifen_analysis.scoring.record_index import NOTHING, TELLING, Paid, Trace
from jifen_analysis.scoring.words import number, same


def condition_met(condition: Condition, row: int, desk: MemberRecords) -> bool:
    """Return whether a condition holds in the period of a row."""
    return bool(holds(condition, desk.working.facts)[desk.rows[row]])


def condition_text(condition: Condition, desk: MemberRecords) -> Text:
    """Return a condition in words."""
    return desk.both(lambda speech: condition_said(condition, speech))


def looked_at(condition: Condition, row: int, desk: MemberRecords, *, year: bool = False) -> list[int]:
    """Return the rows of the desk at which a condition looked: the period's own, the year's, those in a row, all."""
    own = np.flatnonzero(desk.roster.member == desk.roster.member[row])
    if condition.over == "data" or condition.nth:
        return [int(one) for one in own if one <= row]
    if year:
        return [int(one) for one in own if desk.roster.year[one] == desk.roster.year[row]]
    before = (condition.in_a_row or 1) - 1 if condition.per in (None, "year") else 0
    return [int(one) for one in own if row - before <= one <= row]


# ---------------------------------------------------------------- values


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
        whole = desk.rows[rows]
        return same(
            "、".join(
                _measured(condition.measure, one, desk) for one in desk.working.facts.values[condition.measure][whole]
            )
        )
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


# ---------------------------------------------------------------- records


def condition_traces(condition: Condition, row: int, desk: MemberRecords, *, year: bool = False) -> Iterator[Trace]:
    """Yield the records that a condition, or the measure it compares, looked at."""
    rows = set(looked_at(condition, row, desk, year=year))
    measure = desk.working.book.measures.get(condition.measure or "")
    if condition.table is not None:
        yield from _records(condition, rows, desk)
    elif measure is not None:
        yield from _measure_traces(measure, rows, desk)


def _records(selector: Condition | Selector, rows: set[int], desk: MemberRecords) -> Iterator[Trace]:
    table = str(selector.table)
    for match in desk.matches(matching(selector, desk.words)):
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
        for match in desk.matches(matching(selector, desk.words, "month")):
            if match.row in rows and match.part in months[match.row]:
                yield Trace(match.row, 0, selector.table, match.record, TELLING[selector.table])


def conditional_traces(rule: Conditional, paid: Paid, desk: MemberRecords) -> Iterator[Trace]:
    """Yield what the conditions of a rule stand upon."""
    lost = LOST if rule.points == FORFEIT else NOTHING
    for (row, part), points in paid.items():
        standing = [condition for condition in rule.when if condition_met(condition, row, desk)]
        for at, condition in enumerate(standing):
            said = condition_text(condition, desk), value_of(condition, row, desk)
            yield Trace(row, part, points=0.0 if at else points, remark=lost, finding=said)
            behind = condition_traces(condition, row, desk)
            yield from (replace(trace, row=row, part=part) for trace in behind)
