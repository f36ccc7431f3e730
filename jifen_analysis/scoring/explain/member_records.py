"""The records of the members who are asked about, laid out so that any question finds its own.

Only these members' records are looked at, each table once. The questions are
the engine's own, and so is the way a record finds its row: what is shown is
what was counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.periods import MONTHS
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.schemes.phrases import Speech
from jifen_analysis.scoring.arrays import Ints
from jifen_analysis.scoring.coding import CODED, Coding, coding
from jifen_analysis.scoring.computation import Computation
from jifen_analysis.scoring.dues import Payments, last_days, seen_from, settlement
from jifen_analysis.scoring.encoded import months
from jifen_analysis.scoring.queries import Query
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.scoring.row_assignment import AssignedRecords, assign_rows
from jifen_analysis.tables.columns import ORIGIN, TABLES
from jifen_analysis.tables.records import Records
from jifen_analysis.vocabulary import Vocabulary

NOTHING = Text("", "")
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

    Parameters
    ----------
    row, part : int
        Row of the desk, and month or quarter of the period.
    table : str
        Empty where there is no record.
    record : int
        Position in the table.
    column : str
        The column whose value decided; empty where no single cell did.
    points : float
        What it adds to its line.
    remark : Text
        Why it adds what it adds, where that is not plain.
    finding : tuple of Text, optional
        What was found and its value, instead of the record's own words.
    """

    row: int
    part: int
    table: str = ""
    record: int = -1
    column: str = ""
    points: float = 0.0
    remark: Text = NOTHING
    finding: tuple[Text, Text] | None = None


@dataclass(frozen=True)
class MemberRecords:
    """Some members' rows and records.

    Parameters
    ----------
    working : Computation
        The whole assessment.
    rows : ndarray of int
        Which of its rows lie here.
    roster : Roster
        These rows as a roster of their own.
    records : Records
        The members' records, in the order of their dates.
    words : Vocabulary
        With the scheme's own events.
    seen : date or None
        The last day that is seen.
    """

    working: Computation
    rows: Ints
    roster: Roster
    records: Records
    words: Vocabulary
    seen: date | None = None

    def book(self, row: int) -> RuleBook:
        """Return the scheme in force at a row."""
        return self.working.books[self.working.version[self.rows[row]]]

    def both(self, said: Callable[[Speech], str]) -> Text:
        """Say something about the scheme in both languages."""
        book = self.working.book
        return Text(said(Speech(book, self.words, "zh")), said(Speech(book, self.words, "en")))

    def matches(self, query: Query) -> Iterator[Match]:
        """Yield the records that a question asks for, by date."""
        code, placed = self._placed[query.table]
        mine = np.flatnonzero(placed.code.through(code.answers(query)))
        length = self.roster.months.shape[1]
        step = length if query.per == "period" else MONTHS[query.per]  # type: ignore[index]
        record = np.arange(len(placed.batch))[placed.kept][mine]
        each = zip(placed.row[mine].tolist(), placed.part(step)[mine].tolist(), record.tolist(), strict=True)
        yield from (Match(*one) for one in each)

    @cached_property
    def _placed(self) -> Mapping[str, tuple[Coding, AssignedRecords]]:
        placed = {}
        for table in CODED:
            asked = [query for query in self.working.facts.sums if query.table == table]
            code = coding(table, asked, self.records.vocabulary)
            placed[table] = code, assign_rows(self.table(table), table, self.roster, code, self.seen)
        return placed

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the members' records; not to be changed."""
        return self.records.frames[name][0]

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


def desk_of(
    working: Computation, records: Records, words: Vocabulary, seen: date | None = None, member: int | None = None
) -> MemberRecords:
    """Lay out the records of one member (by its code), or of all."""
    roster = working.roster
    if member is None:
        return MemberRecords(working, np.arange(len(roster)), roster, _theirs(records, None), words, seen)
    rows = np.arange(*np.searchsorted(roster.member, [member, member + 1]))
    mine = roster.only(rows, np.array([member]))
    return MemberRecords(working, rows, mine, _theirs(records, str(roster.ids[member])), words, seen)


def _theirs(records: Records, member_id: str | None) -> Records:
    frames = {name: (_sorted(name, _filtered(records, name, member_id)),) for name in SHOWN}
    return replace(records, frames=MappingProxyType(frames))


def _filtered(records: Records, table: str, member_id: str | None) -> pd.DataFrame:
    batches = records.frames.get(table) or (records.table(table),)
    kept = [batch if member_id is None else batch[batch["member_id"] == member_id] for batch in batches]
    return kept[0] if len(kept) == 1 else pd.concat(kept, ignore_index=True)


def _sorted(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    # By every column, so that the order of rows in the files never changes which of two records is named first.
    keys = [column for column in (*TABLES[table], *ORIGIN) if column in frame]
    return frame.sort_values(keys, kind="stable", ignore_index=True)


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {str(name): values.astype(object).where(values.notna(), None).tolist() for name, values in frame.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
