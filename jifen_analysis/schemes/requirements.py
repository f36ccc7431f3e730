"""What a scheme asks of those who send records: tables, columns, and the words that make a difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from jifen_analysis.schemes.model import (
    BallotItem,
    ByWord,
    Detail,
    EvaluationItem,
    MarkedItem,
    RuleBook,
    Who,
    walk,
)
from jifen_analysis.schemes.model.parts import RecordFilter
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary

Columns = frozenset[str]

_ABOUT_MEMBERS = frozenset(
    {"sex", "birth_date", "joined_on", "stage", "post", "category", "floating", "retired", "infirm"}
)
"""Columns of the roster that only some schemes read; who is assessed, where and since when they all do."""
_DETAILS = frozenset(get_args(Detail))


@dataclass(frozen=True)
class Requirements:
    """What is to be sent.

    ``tables`` that the scheme reads, the roster among them; ``codes`` that make a difference, by kind of word:
    activity, event, level, group (every status is asked for: somebody at an activity has one, priced or not);
    ``unread`` columns by table; ``items`` that assessors give marks for.
    """

    tables: frozenset[str]
    codes: Mapping[str, frozenset[str]]
    unread: Mapping[str, Columns]
    items: tuple[str, ...] = ()


def marked_items(book: RuleBook) -> Iterator[tuple[str, str, frozenset[float]]]:
    """Yield every name of what assessors give marks for, what people call it, and its full marks."""
    for key, item in _marked(book):
        full = frozenset(map(float, (item.max, *item.max_for.values())))
        yield from ((name, item.title or key, full) for name in (key, item.title) if name)


def requirements_of(book: RuleBook, words: Vocabulary) -> Requirements:
    """Return what a scheme asks of those who send records.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> scheme = read_scheme("community_60_40")
    >>> sorted(requirements_of(scheme.book, scheme.words).tables)
    ['attendance', 'dues', 'evaluations', 'events', 'members']
    """
    parts = [part for _, part in walk(book)]
    readings = [part for part in parts if isinstance(part, RecordFilter) and part.table]
    events = _matched(readings, "events", "event", words)
    codes = {
        "activity": _matched(readings, "attendance", "activity", words),
        "event": events,
        "level": frozenset(level for event in events for level in words.words["event"][event].levels),
        "group": frozenset(_groups(parts, words)),
    }
    items = tuple(item.title or name for name, item in _marked(book))
    tables = frozenset({"members", *(part.table for part in parts if getattr(part, "table", None))})
    return Requirements(tables, codes, _unread(book, parts, events, words), items)


def _matched(parts: Iterable[RecordFilter], table: str, column: str, words: Vocabulary) -> frozenset[str]:
    """Return the words of a column with which a record is read by at least one part."""
    return frozenset(code for part in parts if part.table == table for code in _words(part, column, words))


def _words(part: RecordFilter, column: str, words: Vocabulary) -> Iterator[str]:
    asked_for: Iterable[str] = part.where.get(column) or words.codes(column)
    if isinstance(part, ByWord) and part.by == column:
        asked_for = part.points
    left_out = {code for name in part.excluding.get(column, ()) for code in words.members(column, name)}
    yield from (code for name in asked_for for code in words.members(column, name) if code not in left_out)


def _groups(parts: Iterable[object], words: Vocabulary) -> Iterator[str]:
    for part in parts:
        if isinstance(part, EvaluationItem):
            names = [name for pool in part.groups.values() for name in pool.pool]
            yield from (code for name in names for code in words.members("group", name))


def _marked(book: RuleBook) -> Iterator[tuple[str, MarkedItem]]:
    return ((name, item) for (_, name), item in book.items.items() if isinstance(item, MarkedItem))


# ---------------------------------------------------------------- columns


def _unread(book: RuleBook, parts: Iterable[object], events: Iterable[str], words: Vocabulary) -> Mapping[str, Columns]:
    """Return the columns that nothing reads, of the tables whose columns are read here and there."""
    reads = frozenset(column for event in events for column in words.words["event"][event].reads)
    votes = frozenset(column.name for column in TABLES["ballots"].values() if column.kind == "count")
    cast = {leaf for part in parts if isinstance(part, BallotItem) for _, leaf in walk(part) if isinstance(leaf, str)}
    return {
        "members": _ABOUT_MEMBERS - _read_of_members(book, parts),
        "events": _DETAILS - reads,
        "ballots": votes - cast,
    }


def _read_of_members(book: RuleBook, parts: Iterable[object]) -> Columns:
    asked_for = [part for part in parts if isinstance(part, Who)]
    read = {column for part in asked_for for column in _ABOUT_MEMBERS if getattr(part, column, None) is not None}
    aged = {"birth_date"} if any((part.age_at_least or part.age_below) is not None for part in asked_for) else set()
    placed = {"category"} if book.categories else set()
    return frozenset(read | aged | placed)
