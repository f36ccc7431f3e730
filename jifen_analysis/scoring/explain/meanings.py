"""What a correspondence table (对照表) said of the words behind an account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jifen_analysis.errors import Problem, Text
from jifen_analysis.scoring.explain.lines import ExplainedLine
from jifen_analysis.scoring.explain.member_records import MemberRecords
from jifen_analysis.scoring.record_index import SHOWN
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import ASIDE

Sheet = tuple[str, str]
"""File and sheet."""


def meanings(lines: Iterable[ExplainedLine], desk: MemberRecords) -> tuple[Text, ...]:
    """Return how the table had the sheets read that the lines cite.

    Of words and signs only those are told that the member's own records on the
    sheet were read as; headers, branches and what was left aside hold for
    everybody there.

    Parameters
    ----------
    lines : iterable of Line
        With the records behind each.
    desk : MemberRecords
        With the member's records, and the notes on how they were read.
    """
    cited = {(one.file, one.sheet) for line in lines for one in line.records if one.file}
    own = set(_words(desk, cited))
    told = (_told(note) for note in desk.records.notes if note.code == "settled" and _concerns(note, cited, own))
    return tuple(dict.fromkeys(told))


def _concerns(note: Problem, cited: set[Sheet], own: set[tuple[Sheet, str, str]]) -> bool:
    place = note.file, note.sheet
    kind = "status" if note.kind == "sign" else note.kind
    of_words = any(column.words == kind for columns in TABLES.values() for column in columns.values())
    return place in cited and (not of_words or note.meaning == ASIDE or (place, kind, note.meaning) in own)


def _words(desk: MemberRecords, cited: set[Sheet]) -> Iterator[tuple[Sheet, str, str]]:
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
