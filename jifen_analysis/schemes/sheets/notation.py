"""How values stand in cells: numbers, words, names, and short notes such as 指标=总分;不低于=90."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from jifen_analysis.schemes.model import FORFEIT
from jifen_analysis.schemes.model.parts import MisfitError
from jifen_analysis.schemes.sheets.terms import SEPARATING, Labels, Terms, parts

Cell = str | int | float | bool | date | None
LOST = "不得分"
"""What a price says that loses the item."""


_HALF_WIDTH = str.maketrans({**{chr(at + 0xFEE0): chr(at) for at in range(0x21, 0x7F)}, "\u2212": "-"})
"""What numbers are written with while Chinese is typed, and the sign of a minus."""


class Codec(ABC):
    """Puts a value of a scheme into a cell, and takes it out again."""

    @abstractmethod
    def shown(self, value: Any, terms: Terms) -> Cell:
        """Return the cell."""

    @abstractmethod
    def read(self, cell: Cell, terms: Terms) -> Any:
        """Return the value; ``MisfitError`` where the cell says nothing that can be meant."""

    def choices(self, _terms: Terms) -> tuple[str, ...]:
        """Return what may be chosen from, where that is a list."""
        return ()


@dataclass(frozen=True)
class Plain(Codec):
    """Text, a number or a date as it is, but for words that stand for one."""

    of: str = "text"
    words: Mapping[str, str] = field(default_factory=dict)

    def shown(self, value: Any, _terms: Terms) -> Cell:
        """Return the value."""
        if value in self.words:
            return self.words[value]
        return value if isinstance(value, str | int | float | date) else json.dumps(value, ensure_ascii=False)

    def read(self, cell: Cell, _terms: Terms) -> Any:
        """Return the cell's value; whole numbers as such."""
        said = {word: value for value, word in self.words.items()}
        if isinstance(cell, str) and cell.strip() in said:
            return said[cell.strip()]
        if self.of == "text":
            return _text(cell)
        if self.of == "date":
            return cell.date() if isinstance(cell, datetime) else cell
        return _number(cell)


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return f"{cell:%Y-%m-%d}" if isinstance(cell, date) else str(cell).strip()


def _number(cell: Cell) -> Any:
    """Return a number; a text that is none stays one, such as 1/3, and is judged with the whole."""
    if isinstance(cell, str):
        said = cell.strip().translate(_HALF_WIDTH)
        if re.fullmatch(r"[-+]?\d+(\.\d+)?%", said):
            return _number(round(float(said[:-1]) / 100, 12))
        try:
            return _number(float(said)) if not re.fullmatch(r"\d+/\d+", said) else said
        except ValueError:
            return cell.strip()
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


@dataclass(frozen=True)
class Listed(Codec):
    """Texts in a row, such as the names of grades; one alone is a list, too, where there may be ``several``."""

    several: bool = field(default=False, kw_only=True)

    def shown(self, value: Any, terms: Terms) -> Cell:
        """Return them in a row."""
        return "、".join(self._label(one, terms) for one in (value if isinstance(value, list) else [value]))

    def read(self, cell: Cell, terms: Terms) -> Any:
        """Return them, or the one."""
        listed = [self._meant(one, terms) for one in parts(_text(cell), "、,")]
        return listed if self.several or len(listed) != 1 else listed[0]

    def _label(self, one: Any, _terms: Terms) -> str:
        return str(one)

    def _meant(self, said: str, _terms: Terms) -> Any:
        return said


@dataclass(frozen=True)
class Choice(Listed):
    """One of a few words, or several."""

    of: Mapping[Any, str]

    def choices(self, _terms: Terms) -> tuple[str, ...]:
        """Return the labels."""
        return tuple(self.of.values())

    def _label(self, one: Any, _terms: Terms) -> str:
        return self.of.get(one, str(one))

    def _meant(self, said: str, _terms: Terms) -> Any:
        known = Labels.of({str(code): label for code, label in self.of.items()})
        return {str(code): code for code in self.of}[known.code(said, "这里")]


FLAG = Choice({True: "是", False: "否"})


@dataclass(frozen=True)
class TermOf(Listed):
    """Words of a kind of the vocabulary, or names of the scheme's own parts; ``by``: of the column that prices."""

    kind: str

    def choices(self, terms: Terms) -> tuple[str, ...]:
        """Return all labels."""
        known = _known(self.kind, terms)
        return tuple(dict.fromkeys(map(known.say, known.codes.values())))

    def _label(self, one: Any, terms: Terms) -> str:
        return _known(self.kind, terms).say(str(one))

    def _meant(self, said: str, terms: Terms) -> Any:
        return _known(self.kind, terms).code(said, "词表")


def _known(kind: str, terms: Terms) -> Labels:
    if kind == "by":
        return terms.of_kind(terms.by) if terms.by else Labels({}, {})
    return terms.of_kind(kind)


# ---------------------------------------------------------------- short notes


@dataclass(frozen=True)
class Key:
    """One key of a short note: its path in the file, and what its value is."""

    path: tuple[str, ...]
    codec: Codec


Keys = Callable[[], Mapping[str, Key]]
"""What a note may say; asked for when it is needed, for notes may hold notes of their own kind."""


@dataclass(frozen=True)
class Note(Codec):
    """A table of the file as a short note: 指标=总分;不低于=90."""

    keys: Keys

    def shown(self, value: Any, terms: Terms) -> Cell:
        """Return the note."""
        return ";".join(_entries(value, self.keys(), terms))

    def read(self, cell: Cell, terms: Terms) -> Any:
        """Return the table."""
        table: dict[str, Any] = {}
        for said, sign, value in _named(_text(cell)):
            if not sign:
                raise MisfitError(f"“{said}”须写成 名称=内容", f"“{said}” is written name=value")
            path, codec = _key(said.strip(), self.keys())
            _put(table, path, codec.read(_unquoted(value.strip()), terms))
        return table


def _named(text: str) -> list[tuple[str, str, str]]:
    """Return of each entry the name, the sign behind it (blank where there is none) and the rest."""
    halves = (re.split("([=\uff1d])", entry, maxsplit=1) for entry in parts(text, ";"))
    return [(half[0], half[1], half[2]) if len(half) > 1 else (half[0], "", "") for half in halves]


def _entries(value: Mapping[str, Any], keys: Mapping[str, Key], terms: Terms) -> list[str]:
    labels = {key.path: (label, key.codec) for label, key in keys.items()}
    said = []
    for path, one in _leaves(value, labels):
        label, codec = labels[path]
        if isinstance(codec, Note):
            said += [f"{label}.{entry}" for entry in _entries(one, codec.keys(), terms)]
        else:
            said.append(f"{label}={_quoted(codec.shown(one, terms), codec)}")
    return said


def _leaves(
    value: Mapping[str, Any], known: Mapping[tuple[str, ...], Any], path: tuple[str, ...] = ()
) -> list[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for key, one in value.items():
        here = (*path, key)
        found += [(here, one)] if here in known else _leaves(one, known, here)
    return found


def _key(said: str, keys: Mapping[str, Key]) -> tuple[tuple[str, ...], Codec]:
    label, dot, rest = said.partition(".")
    known = Labels.of({label: label for label in keys} | {".".join(key.path): "" for key in keys.values()})
    found = keys.get(label) or next((key for key in keys.values() if ".".join(key.path) == said), None)
    if found is None:
        known.code(label, "这里")
    assert found is not None
    if dot and isinstance(found.codec, Note):
        path, codec = _key(rest, found.codec.keys())
        return (*found.path, *path), codec
    return found.path, found.codec


def _put(table: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        table = table.setdefault(step, {})
    table[path[-1]] = value


def _quoted(cell: Cell, codec: Codec) -> str:
    text = str(_number(cell)) if isinstance(cell, int | float) else str(cell)
    return (
        json.dumps(text, ensure_ascii=False)
        if isinstance(codec, Plain) and SEPARATING.search(text) and not _is_number(text)
        else text
    )


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(/\d+)?", text) is not None


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text))
        except ValueError:
            return text[1:-1]
    return text


@dataclass(frozen=True)
class NoteLines(Codec):
    """Several short notes, a line each."""

    note: Note

    def shown(self, value: Any, terms: Terms) -> Cell:
        """Return the lines."""
        return "\n".join(str(self.note.shown(one, terms)) for one in value)

    def read(self, cell: Cell, terms: Terms) -> Any:
        """Return the tables."""
        return [self.note.read(line, terms) for line in parts(_text(cell), "\n")]


# ---------------------------------------------------------------- prices


@dataclass(frozen=True)
class PriceOrTable(Codec):
    """Points, 不得分, or a table of them by the words of a column: 缺席=-5;迟到=-4."""

    def shown(self, value: Any, terms: Terms) -> Cell:
        """Return the price or the table."""
        if isinstance(value, Mapping):
            known = _known("by", terms)
            return ";".join(f"{known.say(word)}={_priced(price)}" for word, price in value.items())
        return _priced(value)

    def read(self, cell: Cell, terms: Terms) -> Any:
        """Return the price or the table."""
        priced = _named(_text(cell)) if isinstance(cell, str) else []
        if not any(sign for _, sign, _ in priced):
            return _price(cell)
        known, table = _known("by", terms), {}
        if not known.codes:
            raise MisfitError(
                "分值写成对照表时,须在“按”一列写明按什么", "a table of points wants to know by which column"
            )
        for words, _, price in priced:
            for one in parts(words, "、"):
                table[known.code(one, "词表")] = _price(price.strip())
        return table


def _priced(value: Any) -> Cell:
    return LOST if value == FORFEIT else value


def _price(cell: Cell) -> Any:
    return FORFEIT if isinstance(cell, str) and cell.strip() in (LOST, FORFEIT) else _number(cell)


@dataclass(frozen=True)
class Tiers(Codec):
    """Steps, each from a number on: 1=-2;31=-5;60=不得分."""

    def shown(self, value: Any, _terms: Terms) -> Cell:
        """Return the steps."""
        return ";".join(f"{low}={_priced(price)}" for low, price in value)

    def read(self, cell: Cell, _terms: Terms) -> Any:
        """Return the steps."""
        steps = _named(_text(cell))
        if any(not sign for _, sign, _ in steps):
            raise MisfitError("分档须写成 起点=分值;起点=分值,如 1=-2;31=-5", "steps are written 1=-2;31=-5")
        return [[_number(low), _price(price.strip())] for low, _, price in steps]


@dataclass(frozen=True)
class Pairs(Codec):
    """Numbers by name: tier1=10;tier2=8."""

    kind: str

    def shown(self, value: Any, terms: Terms) -> Cell:
        """Return the pairs."""
        return ";".join(f"{_known(self.kind, terms).say(name)}={number}" for name, number in value.items())

    def read(self, cell: Cell, terms: Terms) -> Any:
        """Return the numbers by name."""
        known = _known(self.kind, terms)
        return {known.code(name.strip(), "这里"): _number(number) for name, _, number in _named(_text(cell))}


@dataclass(frozen=True)
class Literal(Codec):
    """The value that a reading puts in another's place: a number, a text, or JSON."""

    def shown(self, value: Any, _terms: Terms) -> Cell:
        """Return numbers and unmistakable texts as they are, all else as JSON."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        plain = isinstance(value, str) and not re.match(r'[\[{"\d+-]|true$|false$', value.translate(_HALF_WIDTH))
        return value if plain else json.dumps(value, ensure_ascii=False, default=str)

    def read(self, cell: Cell, _terms: Terms) -> Any:
        """Return the value."""
        if not isinstance(cell, str):
            return _number(cell)
        typed = cell.strip()
        folded = typed.translate(_HALF_WIDTH)
        if not re.match(r'[\[{"]|true$|false$', folded):
            return _number(typed)
        # As it is typed where that is JSON: texts inside keep their own signs.
        for text in (typed, folded):
            with suppress(ValueError):
                return json.loads(text)
        raise MisfitError(
            f"“{typed}”须是数、文字,或写成 [[1, -2], [31, -5]] 的样子", "a number, a text or JSON is right"
        )


def terms_by(terms: Terms, by: Any) -> Terms:
    """Return the terms for a row whose rule prices by a column."""
    return replace(terms, by=str(by) if by and by != "days_late" else "")
