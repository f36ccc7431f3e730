"""Whether a scheme asks only for words that records can have."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from jifen_analysis.errors import Text, UsageError
from jifen_analysis.schemes.labels import label_code, label_word
from jifen_analysis.schemes.model import (
    ByWord,
    NewWord,
    PerRecord,
    Pool,
    RecordRule,
    RuleBook,
    Tiered,
    Who,
    nodes,
)
from jifen_analysis.schemes.model.parts import CODED, WORD_KINDS, RecordFilter
from jifen_analysis.schemes.model.phrases import GROUPS
from jifen_analysis.vocabulary import Vocabulary, Word, read_word, standard

Fault = tuple[str, str, str, Text]
"""Dotted path, code, what was found, what would be right."""


def words_of(book: RuleBook) -> Vocabulary:
    """Return the vocabulary with the scheme's own events."""
    return standard().extended(_own(book))


def _own(book: RuleBook) -> dict[str, Word]:
    return {code: read_word(code, word.model_dump(), {}) for code, word in book.words.get("event", {}).items()}


def no_such(
    path: str, code: str, name: str, known: Iterable[str], zh: str, en: str, say: Callable[[str], str] = str
) -> Iterator[Fault]:
    """Yield a fault where a name is not among the known ones, with the nearest and all others.

    ``say`` puts what a name is called in Chinese beside it; who wrote that is told the name.
    """
    listed = tuple(known)
    if name not in listed:
        called = {say(one).removesuffix(f"({one})"): one for one in listed}
        near = [called.get(one, one) for one in difflib.get_close_matches(name, (*listed, *called), n=1)]
        hint = (f",最接近的是 {say(near[0])}", f"; the nearest is {near[0]}") if near else ("", "")
        hint = (f",方案文件里写作 {called[name]}", f"; a file says {called[name]}") if name in called else hint
        there = "、".join(map(say, listed)) or "(无)"
        text = Text(f"{zh} {name}{hint[0]};可用:{there}", f"{en} {name}{hint[1]}; there are: {', '.join(listed)}")
        yield path, code, name, text


def faults_of_words(book: RuleBook) -> Iterator[Fault]:
    """Yield every word that records cannot have, and every column that they do not have."""
    try:
        words = words_of(book)
    except UsageError as clash:
        yield "words.event", "word_clash", "", clash.text
        words = standard().extended({code: replace(word, label=code, aliases=()) for code, word in _own(book).items()})
    for path, part in nodes(book):
        if isinstance(part, RecordFilter) and part.table:
            yield from _columns(path, part, words)
            yield from _levels(path, part, words)
        if isinstance(part, RecordRule):
            yield from _priced(path, part, words)
        if isinstance(part, Who | Pool | NewWord):
            yield from _lists(path, part, words)


def _columns(path: str, part: RecordFilter, words: Vocabulary) -> Iterator[Fault]:
    for key, asked in (("where", part.where), ("except", part.excluding)):
        for column, listed in asked.items():
            yield from _column(f"{path}.{key}.{column}", str(part.table), column, listed, words)


def _column(path: str, table: str, column: str, listed: Iterable[str], words: Vocabulary) -> Iterator[Fault]:
    if column in CODED[table]:
        yield from _known(path, column, listed, words)
    else:
        zh, en = f"{label_code(table)}没有这一列:", f"{table} has no column"
        yield from no_such(path, "unknown_column", column, CODED[table], zh, en, label_code)


def _known(path: str, column: str, listed: Iterable[str], words: Vocabulary) -> Iterator[Fault]:
    kind = WORD_KINDS.get(column, column)
    known = (*words.groups.get(kind, {}), *words.codes(kind))
    zh, en, say = "词表没有", "the vocabulary has no", partial(_said, kind, words)
    for word in listed:
        yield from no_such(path, "unknown_word", word, known, zh, en, say)


def _said(kind: str, words: Vocabulary, word: str) -> str:
    return label_code(word, GROUPS) if word in words.groups.get(kind, {}) else label_word(kind, word, words)


def _lists(path: str, part: Who | Pool | NewWord, words: Vocabulary) -> Iterator[Fault]:
    for column in ("post", "stage", "sex", "pool", "levels"):
        yield from _known(f"{path}.{column}", column, getattr(part, column, None) or (), words)


# ---------------------------------------------------------------- prices


def _priced(path: str, rule: RecordRule, words: Vocabulary) -> Iterator[Fault]:
    if isinstance(rule, Tiered) and rule.by == "days_late" and rule.table != "dues":
        text = Text("只有党费(dues)有迟缴天数(days_late)", "only dues have days_late")
        yield f"{path}.by", "unknown_column", "days_late", text
    if isinstance(rule, ByWord):
        yield from _column(f"{path}.points", rule.table, rule.by, rule.points, words)
        yield from _twice(f"{path}.points", rule.by, rule.points, words)
    sum_of = rule.sum_of if isinstance(rule, PerRecord | Tiered) else None
    highest_per = rule.highest_per if isinstance(rule, ByWord) else None
    for key, column in (("times", rule.times), ("sum_of", sum_of), ("highest_per", highest_per)):
        if column:
            yield from _read(f"{path}.{key}", column, rule, words)


def _twice(path: str, column: str, listed: Iterable[str], words: Vocabulary) -> Iterator[Fault]:
    seen: set[str] = set()
    kind = WORD_KINDS.get(column, column)
    for name in listed:
        codes = set(words.members(kind, name))
        if codes & seen:
            text = Text(f"{label_word(kind, name, words)}已经有分值", f"{name} has a price already")
            yield path, "priced_twice", name, text
        seen |= codes


def _events(part: RecordFilter, words: Vocabulary) -> tuple[str, ...]:
    """Return the events that are asked for by name, those of the vocabulary."""
    return tuple(event for event in part.where.get("event", ()) if event in words.words["event"])


def _read(path: str, column: str, rule: RecordRule, words: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each event whose records do not have the column at all."""
    if rule.table != "events":
        text = Text(f"只有事项(events)有{label_code(column)}", f"only events have {column}")
        yield path, "unknown_column", column, text
    for event in _events(rule, words):
        if column not in words.words["event"][event].reads:
            zh = f"事项{label_word('event', event, words)}不读{label_code(column)}"
            yield path, "unread_column", event, Text(zh, f"{event} does not read {column}")


def _levels(path: str, part: RecordFilter, words: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each level that none of the events asked for can have."""
    events = _events(part, words)
    known = {**words.groups.get("level", {}), **words.words["level"]}
    possible = {level for event in events for level in words.words["event"][event].levels}
    for place, asked in _asked_levels(part):
        for level in asked if events else ():
            if not possible & set(words.members("level", level)) and level in known:
                named = "、".join(label_word("event", event, words) for event in events)
                zh = f"事项{named}没有级别{label_word('level', level, words)}"
                text = zh, f"{', '.join(events)} has no level {level}"
                yield f"{path}.{place}", "impossible_level", level, Text(*text)


def _asked_levels(part: RecordFilter) -> Iterator[tuple[str, Iterable[str]]]:
    yield "where.level", part.where.get("level", ())
    yield "except.level", part.excluding.get("level", ())
    if isinstance(part, ByWord) and part.by == "level":
        yield "points", part.points
