"""The records of the members who are asked about, beside what was computed of them.

Only these members' records are looked at, each table once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem, Text
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.schemes.model.phrases import Speech
from jifen_analysis.scoring.arrays import Ints
from jifen_analysis.scoring.computation import Computation
from jifen_analysis.scoring.record_index import SHOWN, RecordIndex
from jifen_analysis.tables.columns import ORIGIN, TABLES
from jifen_analysis.tables.records import Records
from jifen_analysis.vocabulary import ASIDE, Vocabulary

Sheet = tuple[str, str]
"""File and sheet."""


@dataclass(frozen=True)
class MemberRecords(RecordIndex):
    """Some members' rows and records, and the assessment that they are rows of.

    Parameters
    ----------
    working : Computation
        The whole assessment.
    rows : ndarray of int
        Which of its rows lie here.
    """

    working: Computation
    rows: Ints

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

    Parameters
    ----------
    cited : set of Sheet
        Where the records stand behind the lines.
    desk : MemberRecords
        With the member's records, and the notes on how they were read.
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
            for number, code in seen.itertuples(index=False):
                source = sources[number - 1]
                yield (source.file, source.sheet), column.words, str(code)


def _told(note: Problem) -> Text:
    place = " ".join(part for part in (note.file, note.sheet) if part)
    return Text(f"{note.text.zh}〔{place}〕", f"{note.text.en} [{place}]")
