"""The records of the members who are asked about; each in words, with its address, where it stands behind a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.errors import NOTHING, Problem, Text, same
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.schemes.model.phrases import Speech, number, title_of
from jifen_analysis.scoring.arrays import Ints
from jifen_analysis.scoring.computation import Computation
from jifen_analysis.scoring.corrections import Placement, placement
from jifen_analysis.scoring.record_index import SHOWN, RecordIndex, Trace
from jifen_analysis.tables.columns import ORIGIN, TABLES
from jifen_analysis.tables.records import Records
from jifen_analysis.vocabulary import ASIDE, Vocabulary

Sheet = tuple[str, str]
"""File and sheet."""


@dataclass(frozen=True)
class MemberRecords(RecordIndex):
    """Some members' rows and records, the assessment that they are rows of, and which of its rows."""

    working: Computation
    rows: Ints

    @cached_property
    def placed(self) -> Placement:
        """Which item or grade of which row each decision after an objection changes."""
        return placement(self.table("corrections"), self.working.book, self.roster, self.seen)

    def book(self, row: int) -> RuleBook:
        """Return the scheme in force at a row."""
        return self.working.books[self.working.version[self.rows[row]]]

    def both(self, said: Callable[[Speech], str]) -> Text:
        """Say something about the scheme in both languages."""
        book = self.working.book
        return Text(said(Speech(book, self.words, "zh")), said(Speech(book, self.words, "en")))


def desk_of(
    working: Computation, records: Records, words: Vocabulary, seen: date | None = None, member: int | None = None
) -> MemberRecords:
    """Lay out the records of one member (by its code), or of all."""
    roster, asked = working.roster, working.facts.sums
    if member is None:
        everyone = np.arange(len(roster))
        return MemberRecords(roster, _theirs(records, None), words, asked, seen, working, everyone)
    rows = np.arange(*np.searchsorted(roster.member, [member, member + 1]))
    mine = roster.only(rows, np.array([member]))
    return MemberRecords(mine, _theirs(records, str(roster.ids[member])), words, asked, seen, working, rows)


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


# ---------------------------------------------------------------- how they were read


def meanings(cited: Set[Sheet], desk: MemberRecords) -> tuple[Text, ...]:
    """Return how a correspondence table (对照表) had the sheets read that are cited.

    Of words and signs only those are told that the member's own records on the
    sheet were read as; headers, branches and what was left aside hold for
    everybody there.
    """
    own = set(_words(desk, cited))
    told = (_told(note) for note in desk.records.notes if note.code == "settled" and _concerns(note, cited, own))
    return tuple(dict.fromkeys(told))


def _concerns(note: Problem, cited: Set[Sheet], own: set[tuple[Sheet, str, str]]) -> bool:
    place = note.file, note.sheet
    kind = "status" if note.kind == "sign" else note.kind
    of_words = any(column.words == kind for columns in TABLES.values() for column in columns.values())
    return place in cited and (not of_words or note.meaning == ASIDE or (place, kind, note.meaning) in own)


def _words(desk: MemberRecords, cited: Set[Sheet]) -> Iterator[tuple[Sheet, str, str]]:
    """Yield the coded words of the records on some sheets."""
    sources = desk.records.sources
    numbers = [number for number, source in enumerate(sources, start=1) if (source.file, source.sheet) in cited]
    for table in SHOWN:
        frame = desk.table(table)
        for column in (column for column in TABLES[table].values() if column.words and "_source" in frame):
            seen = frame.loc[frame["_source"].isin(numbers), ["_source", column.name]].dropna().drop_duplicates()
            for at, code in seen.itertuples(index=False):
                source = sources[at - 1]
                yield (source.file, source.sheet), column.words, str(code)


def _told(note: Problem) -> Text:
    place = " ".join(part for part in (note.file, note.sheet) if part)
    return Text(f"{note.text.zh}〔{place}〕", f"{note.text.en} [{place}]")


# ---------------------------------------------------------------- a record in words


Record = Mapping[str, Any]


@dataclass(frozen=True)
class Evidence:
    """One record, or what was found where no single record tells.

    Parameters
    ----------
    date : str
        Day, month or period; empty for what was found in the whole of a line's time.
    what, value : Text
        What it is about, and the value of the cell that decided.
    points : float
        What it adds to its line.
    remark : Text
        Why it adds what it adds, where that is not plain.
    file, sheet, cell : str
        Where that value stands; without a cell, where the records stand.
    """

    date: str
    what: Text
    value: Text
    points: float
    remark: Text = NOTHING
    file: str = ""
    sheet: str = ""
    cell: str = ""

    @property
    def address(self) -> str:
        """File, sheet and cell in one string, as far as known."""
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        return " ".join(part for part in (self.file, place) if part)


def to_evidence(trace: Trace, desk: MemberRecords) -> Evidence:
    """Put a trace into words."""
    if trace.finding is not None:
        return _finding(trace, trace.finding, desk)
    record = desk.record(trace.table, trace.record)
    column = _cited(trace, record, desk)
    return Evidence(
        _date(record),
        _ABOUT[trace.table](trace, desk),
        _AFTERWARDS if _told_late(column, record, desk) else _value(trace.table, column, record, desk.words),
        trace.points,
        trace.remark,
        *desk.records.address(record, column),
    )


def _finding(trace: Trace, finding: tuple[Text, Text], desk: MemberRecords) -> Evidence:
    record = desk.record(trace.table, trace.record) if trace.table else {}
    file, sheet, _ = desk.records.address(record)
    return Evidence("", *finding, trace.points, trace.remark, file, sheet)


def _cited(trace: Trace, record: Record, desk: MemberRecords) -> str:
    """Return the column to cite: the one that decided, if its value stands in a cell of its own."""
    source = desk.records.source(record)
    columns = _deciding(trace, record)
    return next((column for column in columns if source is None or source.holds(column)), columns[-1])


_AFTERWARDS = Text("补缴", "paid afterwards")


def _told_late(column: str, record: Record, desk: MemberRecords) -> bool:
    """Return whether the cell of the payment says that it came late, and no cell says when."""
    source = desk.records.source(record)
    dated = source is None or source.holds("paid_on")
    return column == "paid" and record.get("paid_on") is not None and not dated


def _deciding(trace: Trace, record: Record) -> tuple[str, ...]:
    """Return the column that decided, then those that tell of the same where it was written nowhere."""
    if trace.table == "dues":
        return _paid_how(record)
    if trace.table != "events":
        return (trace.column,)
    silent = record[trace.column] is None or (trace.column == "quantity" and record["quantity"] == 1)
    return ("event", "date") if silent else (trace.column, "event", "date")


def _paid_how(record: Record) -> tuple[str, ...]:
    """Return where it stands how a month was paid: the standard of every month decides only where nothing is due."""
    if not record["due"]:
        return ("due", "paid")
    if record["paid"] is None or record["paid"] < record["due"] or record["paid_on"] is None:
        return ("paid", "paid_on", "due")
    return ("paid_on", "paid", "due")


def _date(record: Record) -> str:
    day = record.get("date")
    return f"{day:%Y-%m-%d}" if day is not None else str(record.get("month") or record.get("period"))


def _value(table: str, column: str, record: Record, words: Vocabulary) -> Text:
    kind, value = TABLES[table][column], record[column]
    if value is None:
        return Text("免缴", "nothing due") if record.get("due") == 0 else Text("空白", "blank")
    if kind.kind == "word":
        return words.text(kind.words, value)
    if isinstance(value, datetime):
        return same(f"{value:%Y-%m-%d}")
    return same(number(value) if kind.kind in ("number", "count") else value)


# ---------------------------------------------------------------- what a record is about


def _attendance(trace: Trace, desk: MemberRecords) -> Text:
    return desk.words.text("activity", desk.record("attendance", trace.record)["activity"])


def _dues(trace: Trace, desk: MemberRecords) -> Text:
    record = desk.record("dues", trace.record)
    state, late = (int(values[trace.record]) for values in desk.settled)
    said = desk.words.text("dues_state", desk.words.codes("dues_state")[state])
    zh, en = [f"应缴{number(record['due'])}"], [f"due {number(record['due'])}"]
    if record["paid"] is not None:
        zh, en = [*zh, f"实缴{number(record['paid'])}"], [*en, f"paid {number(record['paid'])}"]
    if late:
        zh, en = [*zh, f"迟{late}天"], [*en, f"{late} day(s) late"]
    return Text(f"党费{said.zh}({','.join(zh)})", f"dues {said.en} ({', '.join(en)})")


def _event(trace: Trace, desk: MemberRecords) -> Text:
    record = desk.record("events", trace.record)
    said = desk.words.text("event", record["event"])
    zh, en = (";".join(_details(record, desk.words, lang)) for lang in ("zh", "en"))
    return Text(f"{said.zh}({zh})", f"{said.en} ({en})") if zh else said


def _details(record: Record, words: Vocabulary, lang: str) -> list[str]:
    details = [words.label("level", record["level"], "en" if lang == "en" else "zh")] if record["level"] else []
    details += [f"×{record['quantity']}"] if record["quantity"] != 1 else []
    details += [number(record["amount"]) + ("元" if lang == "zh" else " yuan")] if record["amount"] is not None else []
    return details + [str(record[column]) for column in ("award", "clause") if record[column]]


def _evaluation(trace: Trace, desk: MemberRecords) -> Text:
    record = desk.record("evaluations", trace.record)
    group = desk.words.text("group", record["group"])
    several = record["count"] != 1
    return Text(f"{group.zh}评议" + f"({record['count']}人)" * several, group.en + f" ({record['count']})" * several)


def _ballot(trace: Trace, desk: MemberRecords) -> Text:
    return Text(desk.words.column("ballots", trace.column).label, trace.column)


def _mark(trace: Trace, desk: MemberRecords) -> Text:
    code = desk.record("marks", trace.record)["item"]
    titles = (item.title for (_, key), item in desk.book(trace.row).items.items() if key == code)
    return title_of(next(titles, ""), code)


def _correction(trace: Trace, desk: MemberRecords) -> Text:
    record = desk.record("corrections", trace.record)
    day = f"{record['decided_on']:%Y-%m-%d}" if record["decided_on"] else None
    said = " ".join(str(part) for part in (record["decided_by"], day, record["document"]) if part)
    return same(f"{record['reason']}({said})" if said else record["reason"])


_ABOUT: Mapping[str, Callable[[Trace, MemberRecords], Text]] = {
    "attendance": _attendance,
    "dues": _dues,
    "events": _event,
    "evaluations": _evaluation,
    "ballots": _ballot,
    "marks": _mark,
    "corrections": _correction,
}
