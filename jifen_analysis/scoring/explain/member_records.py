"""The records of the members who are asked about, beside what was computed of them.

Only these members' records are looked at, each table once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.schemes.model.phrases import Speech
from jifen_analysis.scoring.arrays import Ints
from jifen_analysis.scoring.computation import Computation
from jifen_analysis.scoring.record_index import SHOWN, RecordIndex
from jifen_analysis.tables.columns import ORIGIN, TABLES
from jifen_analysis.tables.records import Records
from jifen_analysis.vocabulary import Vocabulary


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
