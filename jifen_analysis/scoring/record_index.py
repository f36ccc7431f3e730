"""Records laid out so that any question finds its own.

The questions are the engine's own, and so is the way a record finds its row:
what is shown is what was counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from jifen_analysis.errors import NOTHING, Text
from jifen_analysis.periods import Period
from jifen_analysis.schemes.model.parts import RecordFilter
from jifen_analysis.scoring.arrays import Ints, months
from jifen_analysis.scoring.queries import CODED, Coding, Query, coding, records_query
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.scoring.row_assignment import (
    AssignedRecords,
    Payments,
    assign_rows,
    last_days,
    seen_from,
    settlement,
)
from jifen_analysis.scoring.submissions import nearest, visible
from jifen_analysis.tables.records import Records
from jifen_analysis.vocabulary import Vocabulary

SHOWN = (*CODED, "evaluations", "ballots", "marks", "corrections")
"""The tables whose records stand behind a number."""

TELLING = {"attendance": "status", "dues": "paid", "events": "event"}
"""The column that tells most of a record, where no other decided."""


class Match(NamedTuple):
    """A record that a question asks for: its row, its part of the period, its position in the table."""

    row: int
    part: int
    record: int


@dataclass(frozen=True)
class Trace:
    """One record behind a line, or what was found where no single record tells; not yet in words.

    ``row`` of the desk and ``part`` of the period; the position in the table, which is empty where there is no record;
    the column whose value decided, empty where no single cell did; the points it adds to its line; why, where that is
    not plain; what was found and its value, instead of the record's own words.
    """

    row: int
    part: int
    table: str = ""
    record: int = -1
    column: str = ""
    points: float = 0.0
    remark: Text = NOTHING
    finding: tuple[Text, Text] | None = None


Paid = Mapping[tuple[int, int], float]
"""The points of a line, by row and part."""


@dataclass(frozen=True)
class RecordIndex:
    """Some rows, and the records of their members by date; every question of the scheme; the last day that is seen."""

    roster: Roster
    records: Records
    words: Vocabulary
    asked: Collection[Query]
    seen: date | None

    def matches(self, query: Query) -> Iterator[Match]:
        """Yield the records that a question asks for, by date."""
        code, placed = self._placed[query.table]
        mine = np.flatnonzero(placed.code.through(code.answers(query)))
        part = placed.part(self.roster.step(query.per))
        record = np.arange(len(placed.batch))[placed.kept][mine]
        each = zip(placed.row[mine].tolist(), part[mine].tolist(), record.tolist(), strict=True)
        yield from (Match(*one) for one in each)

    def selected(self, selector: RecordFilter, per: str = "period") -> Iterator[Match]:
        """Yield the records that a selector matches, by date."""
        return self.matches(records_query(selector, self.words, per))

    @cached_property
    def _placed(self) -> Mapping[str, tuple[Coding, AssignedRecords]]:
        placed = {}
        for table in CODED:
            asked = [query for query in self.asked if query.table == table]
            code = coding(table, asked, self.records.vocabulary)
            placed[table] = code, assign_rows(self.table(table), table, self.roster, code, self.seen)
        return placed

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the members' records; not to be changed."""
        return self.records.frames[name][0]

    def serving(self, given: pd.DataFrame) -> tuple[pd.DataFrame, Ints]:
        """Return what of some evaluations, ballots or marks serves a row, and which row."""
        seen = visible(given, self.seen)
        at, row = nearest(seen, self.roster)
        return seen.iloc[at], row

    def record(self, table: str, at: int) -> Mapping[str, Any]:
        """Return a record by its position; what is blank is ``None``."""
        return self._listed[table][at]

    @cached_property
    def settled(self) -> tuple[Ints, Ints]:
        """How each month of dues stands (a position among the states), and its days late."""
        dues = self.table("dues")
        month = months(dues, "dues").of()
        closes = seen_from(self.roster.periods, self.seen)[self.roster.position(month)]
        state, _, late = settlement(Payments.of(dues), last_days(month), closes)
        return state, late

    @cached_property
    def _listed(self) -> Mapping[str, list[dict[str, Any]]]:
        return {name: _plain(self.table(name)) for name in SHOWN}


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {str(name): values.astype(object).where(values.notna(), None).tolist() for name, values in frame.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


# ---------------------------------------------------------------- traces of what was submitted


def shared_traces(
    table: str, given: pd.DataFrame, row: Ints, weight: np.ndarray, paid: Paid, desk: RecordIndex
) -> Iterator[Trace]:
    """Share a line's points over some records of a table by their weight in it."""
    whole = np.bincount(row, weight, minlength=len(desk.roster))
    for at, here, part in zip(given.index.tolist(), row.tolist(), weight.tolist(), strict=True):
        if (here, 0) in paid:
            points = paid[here, 0] * part / whole[here] if whole[here] else 0.0
            yield Trace(here, 0, table, at, "mark", points, from_longer(table, at, here, desk))


def from_longer(table: str, record: int, row: int, desk: RecordIndex) -> Text:
    """Say where a record of a longer period serves."""
    given = Period.parse(desk.record(table, record)["period"])
    if given in desk.roster.periods[desk.roster.period[row]]:
        return NOTHING
    return Text(f"本期没有,用{given.label()}的", f"none in the period itself: that of {given} serves")
