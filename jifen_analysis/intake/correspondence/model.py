"""The correspondence table: kinds of lines, how each is spelt and what it may mean; what each text means."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.layouts.block import Hints
from jifen_analysis.intake.layouts.readings.items import item_in
from jifen_analysis.intake.layouts.spellings import PERSON, header_forms
from jifen_analysis.periods import YEARS
from jifen_analysis.tables import TABLES, Source
from jifen_analysis.vocabulary import ASIDE, Vocabulary, denials, spelling

OTHERS = {
    **{"header": "列名", "sheet": "工作表", "sign": "记号", "item": "项目"},
    **{"branch": "支部", "year": "年份", "blank": "空格"},
}
"""Kinds that are no words of the vocabulary, and what people call them."""
STANDING = "standing"
"""Words for what is otherwise with a member, such as 在职 and 流动: no column of ours holds them as they stand."""


def labels_of_kinds(words: Vocabulary) -> Mapping[str, str]:
    """Return kind -> what people call it: the coded columns of the tables, then the others.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> labels_of_kinds(standard())["status"], labels_of_kinds(standard())["header"]
    ('出勤情况', '列名')
    """
    coded = (column.words for columns in TABLES.values() for column in columns.values() if column.words)
    return {**{kind: words.kind(kind) for kind in (*coded, STANDING)}, **OTHERS}


def find_kind(text: str, words: Vocabulary) -> str | None:
    """Return the kind that is called so, in Chinese or by its code."""
    return next((kind for kind, label in labels_of_kinds(words).items() if text in (kind, label)), None)


def fold_text(kind: str, text: str) -> str:
    """Return the form in which texts of a kind are compared.

    Examples
    --------
    >>> fold_text("header", "*考评 得分"), fold_text("sign", " ○ "), fold_text("event", "扫 雪")
    ('考评得分', '○', '扫雪')
    """
    if kind == "sign":
        return plain(text)
    forms = header_forms(text) if kind == "header" else ()
    return forms[0] if forms else spelling(item_in(text) if kind == "item" else text)


def named_by(text: str, words: Vocabulary) -> Mapping[str, str]:
    """Return table -> the column that a header names there."""
    forms = set(header_forms(text))
    return {
        table: column
        for table, columns in TABLES.items()
        for column in (*PERSON, *columns)
        if forms & set(map(spelling, words.column(table, column).spellings))
    }


def decode_meaning(kind: str, said: str, words: Vocabulary) -> str | None:
    """Return what a line's meaning stands for: a code, a label, a name or a year; nothing where it is unknown."""
    match kind:
        case "year":
            return said if said.isdecimal() and int(said) in YEARS else None
        case "blank" | "sign":
            return words.code("status", said)
        case "sheet":
            tables = words.tables.items()
            return next((code for code, word in tables if spelling(said) in map(spelling, word.spellings)), None)
        case "header":
            return said if named_by(said, words) else None
        case "item" if words.items:
            named = words.items.get(fold_text(kind, said))
            return named.label if named else None
        case "branch" | "item":
            return said
        case _:
            return words.code(kind, said)


def choices_of(kind: str, words: Vocabulary, branches: Iterable[str] = ()) -> tuple[str, ...]:
    """Return everything that a line of a kind may mean, as a person reads it, but for 不计."""
    match kind:
        case "year":
            return ()
        case "blank" | "sign":
            return choices_of("status", words)
        case "sheet":
            return tuple(word.label for word in words.tables.values())
        case "header":
            columns = ((table, name) for table, columns in TABLES.items() for name in (*PERSON, *columns))
            return tuple(dict.fromkeys(words.column(table, name).label for table, name in columns))
        case "branch":
            return tuple(dict.fromkeys(branches))
        case "item":
            return tuple(dict.fromkeys(one.label for one in words.items.values()))
        case _:
            return tuple(word.label for word in words.words[kind].values())


def nearest(kind: str, text: str, words: Vocabulary, branches: Iterable[str] = ()) -> Sequence[str]:
    """Return up to three meanings whose spellings are most like a text.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> nearest("activity", "党员大会议", standard())[0]
    '党员大会'
    """
    if kind in ("sign", "year", "blank"):
        return ()
    if kind in OTHERS:
        spelt = {spelling(label): label for label in choices_of(kind, words, branches)}
    else:
        spelt = {spelling(name): word.label for word in words.words[kind].values() for name in word.spellings}
    own = fold_text(kind, text)
    alike = [one for one in spelt if one != own and denials(one) == denials(own)]
    close = difflib.get_close_matches(own, alike, n=6, cutoff=0.4)
    return list(dict.fromkeys(spelt[one] for one in close))[:3]


# ---------------------------------------------------------------- the table


@dataclass(frozen=True)
class CorrespondenceLine:
    """One line: a text that was sent, and what it means.

    Parameters
    ----------
    kind : str
        Kind of word (``event``, ``status`` …), or ``header``, ``sheet``,
        ``sign``, ``item``, ``branch``, ``year``, ``blank``.
    text : str
        As it was sent; empty for ``year`` and ``blank``.
    meaning : str
        Code of a word or table, label of a column, name of an item or branch, year; or 不计.
    file, sheet, cell : str
        Where the line stands; of no consequence.
    """

    kind: str
    text: str
    meaning: str
    file: str = field(default="", compare=False)
    sheet: str = field(default="", compare=False)
    cell: str = field(default="", compare=False)


@dataclass(frozen=True)
class Correspondence:
    """Lines that will do together: each text has one meaning.

    Parameters
    ----------
    lines : tuple of Line
        In order of kind and text.
    sources : tuple of Source
        The files in which they stand; of no consequence.
    """

    lines: tuple[CorrespondenceLine, ...] = ()
    sources: tuple[Source, ...] = field(default=(), compare=False)

    @property
    def hints(self) -> Hints:
        """What the readers of sheets need of it."""
        year, blank = (next((line.meaning for line in self._of(kind)), "") for kind in ("year", "blank"))
        return Hints(
            int(year) if year else None,
            blank,
            self._read("sign"),
            {**self._read("header"), **dict.fromkeys(self._aside("header"), ASIDE)},
            self._read("sheet"),
            self._read("branch"),
            {**self._read("item"), **dict.fromkeys(self._aside("item"), ASIDE)},
            {kind: found for kind in self._words() if (found := self._spelt(kind))},
            {kind: aside for kind in (*self._words(), "sign", "sheet", "item") if (aside := self._aside(kind))},
        )

    def _of(self, kind: str) -> Iterable[CorrespondenceLine]:
        return (line for line in self.lines if line.kind == kind)

    def _read(self, kind: str) -> Mapping[str, str]:
        return {fold_text(kind, line.text): line.meaning for line in self._of(kind) if line.meaning != ASIDE}

    def _spelt(self, kind: str) -> Mapping[str, str]:
        """Return what words of a kind mean; a state that is left aside says that nothing is otherwise."""
        aside = self._aside(kind) if kind == STANDING else ()
        return {**self._read(kind), **dict.fromkeys(aside, "ordinary")}

    def _aside(self, kind: str) -> frozenset[str]:
        return frozenset(fold_text(kind, line.text) for line in self._of(kind) if line.meaning == ASIDE)

    def _words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.kind for line in self.lines if line.kind not in OTHERS))
