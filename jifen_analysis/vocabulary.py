"""Every word that records contain, with its Chinese label and its other spellings.

The words themselves stand in ``vocabulary.toml``; a scheme file may add events
of its own, a correspondence table may add aliases. A spelling that would mean two
things is refused.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from jifen_analysis.errors import Lang, Text, UsageError

ASIDE = "不计"
"""What a spelling means that is left aside on purpose."""


@lru_cache(maxsize=1 << 16)
def spelling(text: str) -> str:
    """Fold a word to the form in which spellings are compared.

    Full-width letters and digits, case, spaces, middle dots and list commas
    make no difference.

    Examples
    --------
    >>> spelling("党　员 大会")
    '党员大会'
    """
    return re.sub(r"[\s·•・、,_-]", "", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=1 << 16)
def denials(text: str) -> int:
    """Return how often a text says that something is not so: one more, and it means the opposite.

    Examples
    --------
    >>> denials("没来"), denials("来过")
    (1, 0)
    """
    said = text.replace("无故", "")  # without a reason, but so all the same
    return sum(said.count(sign) for sign in "没未不无非")


@dataclass(frozen=True)
class Word:
    """One word: its code, its label, and how else people write it."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    level_optional: bool = False

    def said(self, lang: Lang = "zh") -> str:
        """Return the label a person reads."""
        return self.code.replace("_", " ") if lang == "en" else self.label

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that is read as this word."""
        return (self.code, self.label, *self.aliases)


Words = Mapping[str, Word]


@dataclass(frozen=True)
class MarkedName:
    """A name of what assessors give marks for, under the schemes that are given or a correspondence table."""

    text: str = ""  # as the schemes spell it; empty where they do not spell it alike, or do not have it
    label: str = ""  # what people call the item
    full: float = 0.0  # its full marks, 0 where there are several


@dataclass(frozen=True)
class Vocabulary:
    """The words of every kind, the columns of every table, the sheets' names; ``items`` are named as folded.

    Examples
    --------
    >>> words = standard()
    >>> words.code("status", "无故缺席"), words.label("status", "absent")
    ('absent', '缺席')
    """

    words: Mapping[str, Words]
    groups: Mapping[str, Mapping[str, tuple[str, ...]]]
    tables: Words
    columns: Mapping[str, Words]
    _index: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False, compare=False)
    hints: bool = True
    items: Mapping[str, MarkedName] = field(default_factory=dict)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(tuple((kind, *words) for kind, words in self.words.items()))

    def codes(self, kind: str) -> tuple[str, ...]:
        """Return all codes of a kind, in the vocabulary's order."""
        return tuple(self.words[kind])

    def label(self, kind: str, code: str, lang: Lang = "zh") -> str:
        """Return what a person reads for a code; the code itself where it is unknown."""
        word = self.words[kind].get(code)
        return word.said(lang) if word else code

    def text(self, kind: str, code: str) -> Text:
        """Return what a person reads for a code, in both languages."""
        return Text(self.label(kind, code), self.label(kind, code, "en"))

    def kind(self, kind: str, lang: Lang = "zh") -> str:
        """Return what people call a kind of word: as the column that holds it.

        Examples
        --------
        >>> standard().kind("status"), standard().kind("dues_state")
        ('出勤情况', '党费状态')
        """
        named = next((columns[kind] for columns in self.columns.values() if kind in columns), None)
        return kind.replace("_", " ") if lang == "en" else named.label if named else _KINDS.get(kind, kind)

    def code(self, kind: str, text: str) -> str | None:
        """Return the code that a spelling stands for, or ``None``."""
        return self._index[kind].get(spelling(text))

    def spellings(self, kind: str) -> tuple[str, ...]:
        """Return every folded spelling of the words of a kind."""
        return tuple(self._index[kind])

    def nearest(self, kind: str, text: str) -> str | None:
        """Return the label of the known word most like an unknown one, if one is like it and does not deny it."""
        if not self.hints:
            return None
        denied = denials(text)
        alike = [known for known in self._index[kind] if denials(known) == denied]
        close = difflib.get_close_matches(spelling(text), alike, n=1, cutoff=0.5)
        return self.words[kind][self._index[kind][close[0]]].label if close else None

    @cached_property
    def unhinted(self) -> Vocabulary:
        """The same words, for those who read very many: looking for the nearest known one is slow."""
        return replace(self, hints=False)

    def members(self, kind: str, name: str) -> tuple[str, ...]:
        """Return the codes that a code or a group's name stands for."""
        return self.groups.get(kind, {}).get(name, (name,))

    def column(self, table: str, column: str) -> Word:
        """Return the header of a table's column."""
        own = self.columns.get(table, {})
        return own.get(column) or self.columns["any"].get(column) or Word(column, column)

    def extended(self, events: Mapping[str, Word]) -> Vocabulary:
        """Return a vocabulary that also knows a scheme's own events.

        Raises
        ------
        UsageError
            Where a spelling would then mean two things.
        """
        if not events:
            return self
        return _indexed(replace(self, words=_frozen({**self.words, "event": {**self.words["event"], **events}})))

    def respelt(self, spellings: Mapping[str, Mapping[str, str]]) -> Vocabulary:
        """Return a vocabulary with more spellings: kind -> spelling -> code or label.

        Raises
        ------
        UsageError
            Where a spelling would then mean two things.
        """
        if not spellings:
            return self
        words = {kind: dict(known) for kind, known in self.words.items()}
        for kind, entries in spellings.items():
            for text, known in entries.items():
                code = self.code(kind, known) or known
                words[kind][code] = replace(words[kind][code], aliases=(*words[kind][code].aliases, text))
        return _indexed(replace(self, words=_frozen(words)))

    def with_items(self, local: Mapping[str, str]) -> Vocabulary:
        """Return a vocabulary that also knows local names of items: folded name to what the schemes call it.

        Where no scheme is given, no item is known, and none more than another.
        """
        if not self.items or not local:
            return self
        nobody = MarkedName()
        more = {name: replace(self.items.get(spelling(of), nobody), text="") for name, of in local.items()}
        return replace(self, items={**more, **self.items})

    def meant(self, kind: str, meaning: str) -> str:
        """Return what a person reads for what a text of a correspondence table means there: a code, or a name.

        Examples
        --------
        >>> standard().meant("sign", "leave"), standard().meant("sheet", "dues"), standard().meant("branch", "甲支部")
        ('请假', '党费', '甲支部')
        """
        if kind == "sheet":
            return self.tables[meaning].label if meaning in self.tables else meaning
        coded = "status" if kind in ("sign", "blank") else kind
        return self.label(coded, meaning) if coded in self.words else meaning

    @cached_property
    def named(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Kind to every folded name of its words, each with the code that it stands for."""
        spelt = {
            kind: tuple((spelling(name), word.code) for word in words.values() for name in (word.label, *word.aliases))
            for kind, words in self.words.items()
        }
        return MappingProxyType(spelt)

    def __reduce__(self) -> tuple[Any, ...]:
        known = standard().words
        own = {kind: {c: w for c, w in words.items() if known[kind].get(c) != w} for kind, words in self.words.items()}
        return _restored, ({kind: words for kind, words in own.items() if words}, dict(self.items))


_KINDS = {"dues_state": "党费状态", "flag": "标记", "standing": "党员状态"}
"""What people call the kinds that stand in no column under their own name."""


def _restored(own: Mapping[str, Words], items: Mapping[str, MarkedName]) -> Vocabulary:
    known = replace(standard(), items=items) if items else standard()
    words = {kind: {**entries, **own.get(kind, {})} for kind, entries in known.words.items()}
    return _indexed(replace(known, words=_frozen(words))) if own else known


@cache
def standard() -> Vocabulary:
    """Return the vocabulary that comes with the package."""
    text = resources.files("jifen_analysis").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    return _vocabulary(tomllib.loads(text))


def _vocabulary(raw: dict[str, Any]) -> Vocabulary:
    groups = {kind: {name: tuple(codes) for name, codes in named.items()} for kind, named in raw["groups"].items()}
    words = {kind: _words(entries, groups["level"]) for kind, entries in raw["words"].items()}
    columns = {table: _words(entries, {}) for table, entries in raw["columns"].items()}
    return _indexed(
        Vocabulary(_frozen(words), _frozen(groups), MappingProxyType(_words(raw["tables"], {})), _frozen(columns))
    )


def _words(entries: Mapping[str, Any], levels: Mapping[str, tuple[str, ...]]) -> dict[str, Word]:
    return {code: read_word(code, entry, levels) for code, entry in entries.items()}


def read_word(code: str, entry: Mapping[str, Any], levels: Mapping[str, tuple[str, ...]]) -> Word:
    """Make a word from its entry in a TOML file; ``levels`` names groups of levels."""
    named = entry.get("levels", ())
    listed = levels[named] if isinstance(named, str) else tuple(named)
    return Word(
        code,
        entry["label"],
        tuple(entry.get("aliases", ())),
        tuple(entry.get("reads", ())),
        listed,
        entry.get("level_optional", False),
    )


def _frozen(tables: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    return MappingProxyType({key: MappingProxyType(dict(entries)) for key, entries in tables.items()})


def _indexed(vocabulary: Vocabulary) -> Vocabulary:
    index = {kind: MappingProxyType(_spellings(kind, words.values())) for kind, words in vocabulary.words.items()}
    return replace(vocabulary, _index=MappingProxyType(index))


def _spellings(kind: str, words: Iterable[Word]) -> dict[str, str]:
    index: dict[str, str] = {}
    for word in words:
        for text in word.spellings:
            other = index.setdefault(spelling(text), word.code)
            if other != word.code:
                raise UsageError(
                    f"“{text}”既是 {other} 又是 {word.code}({kind}),请改用不同的写法",
                    f"“{text}” means both {other} and {word.code} ({kind}); use different spellings",
                )
    return index
