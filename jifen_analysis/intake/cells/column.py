"""A column of cells to its values; each distinct cell is read once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import union_categoricals

from jifen_analysis.intake.cells.names import read_id, read_name, read_text, read_word, unknown_words
from jifen_analysis.intake.cells.numbers import read_boolean, read_count, read_number
from jifen_analysis.intake.cells.phrases import read_activity, read_post
from jifen_analysis.intake.cells.reading import BLANK, NOTHING, RAISED, Reading, faulty, is_nothing, refusal
from jifen_analysis.intake.cells.statuses import TICKS, read_status
from jifen_analysis.intake.cells.times import read_date, read_day_of_life, read_month, read_span, read_year
from jifen_analysis.intake.grid import Value, cells_at, numbered, numbered_cells
from jifen_analysis.tables import Column
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.columns import TEXT, TEXTUAL, dtype, is_coded
from jifen_analysis.tables.failures import MOST_HINTS
from jifen_analysis.vocabulary import Vocabulary, spelling

OF_A_LIFE = frozenset({"birth_date", "joined_on", "since", "until"})
"""Columns with days of somebody's life, of which people often know the month alone."""


Marked = tuple[tuple[np.ndarray, Value, Reading], ...]
"""Positions, raw value and reading of the equal cells that are refused, and of the first of those with a note."""


@dataclass(frozen=True, eq=False)
class Coded:
    """A column as positions in a list of values: what stands in many cells is held, and looked at, once."""

    codes: np.ndarray  # for each row, where its value stands in ``values``
    # python values, in any order and not all different; ``None`` where a cell is blank or refused
    values: Sequence[Any]

    @classmethod
    def of(cls, values: Sequence[Any]) -> Coded:
        """Return a column of some values."""
        return cls(*distinct(values))

    @classmethod
    def constant(cls, value: Any, length: int) -> Coded:
        """Return a column that says the same in every row."""
        return cls(np.zeros(length, dtype="int64"), [value])

    def __len__(self) -> int:
        return len(self.codes)

    def listed(self) -> list[Any]:
        """Return the value of each row."""
        return list(map(self.values.__getitem__, self.codes.tolist()))

    def where(self, holds: Callable[[Any], bool]) -> np.ndarray:
        """Return the rows for whose value something holds."""
        return np.array([holds(value) for value in self.values], dtype=bool)[self.codes]

    def missing(self) -> np.ndarray:
        """Return the rows without a value."""
        return self.where(lambda value: value is None)

    def kept(self, rows: np.ndarray) -> Coded:
        """Return the column with only some rows."""
        return Coded(self.codes[rows], self.values)

    def series(self, column: Column, words: Vocabulary, *, once: bool = False) -> pd.Series:
        """Return the column with the type that it has in memory; texts as categories where each is held once."""
        if once and column.kind in TEXTUAL:
            used, order = pd.factorize(self.codes)
            at, texts = pd.factorize(pd.Series([self.values[code] for code in order.tolist()], dtype=TEXT))
            return pd.Series(pd.Categorical.from_codes(at[used], categories=texts), copy=False)
        return pd.Series(typed_values(self.values, column, words).array.take(self.codes), copy=False)

    def used(self) -> set[Any]:
        """Return the values that stand in a row."""
        there = np.flatnonzero(np.bincount(self.codes, minlength=len(self.values)))
        return set(map(self.values.__getitem__, there.tolist())) - {None}


@dataclass(frozen=True, eq=False)
class Typed:
    """A column that came typed, from a file that keeps types; see :class:`Coded`."""

    values: pd.Series

    def __len__(self) -> int:
        return len(self.values)

    def listed(self) -> list[Any]:
        """Return the value of each row."""
        return [None if missing else value for value, missing in zip(self.values, self.values.isna(), strict=True)]

    def where(self, holds: Callable[[Any], bool]) -> np.ndarray:
        """Return the rows for whose value something holds."""
        return np.fromiter(map(holds, self.listed()), bool, len(self))

    def kept(self, rows: np.ndarray) -> Typed:
        """Return the column with only some rows."""
        return Typed(self.values[rows].reset_index(drop=True))

    def used(self) -> set[Any]:
        """Return the values that stand in a row."""
        return set(different(self.values)[1])


def one_series(parts: Sequence[Coded | Typed], column: Column, words: Vocabulary, *, once: bool = False) -> pd.Series:
    """Return columns one below the other; see :meth:`Coded.series`."""
    coded = [part for part in parts if isinstance(part, Coded)]
    if len(coded) == len(parts):
        return stack_columns(coded).series(column, words, once=once)
    typed = [part.values if isinstance(part, Typed) else part.series(column, words) for part in parts]
    if len(typed) == 1:
        return typed[0]
    if all(map(is_coded, typed)):
        return pd.Series(union_categoricals(typed), copy=False)
    plain = [values.astype(TEXT) if is_coded(values) and column.kind in TEXTUAL else values for values in typed]
    return pd.concat(plain, ignore_index=True)


def stack_columns(parts: Sequence[Coded]) -> Coded:
    """Return columns one below the other."""
    first = parts[0]
    if all(part.values is first.values for part in parts):
        return Coded(np.concatenate([part.codes for part in parts]), first.values) if len(parts) > 1 else first
    starts = np.cumsum([0, *(len(part.values) for part in parts)])
    codes = [part.codes + start for part, start in zip(parts, starts.tolist(), strict=False)]
    return Coded(np.concatenate(codes), list(chain.from_iterable(part.values for part in parts)))


@dataclass(frozen=True)
class ReadColumn:
    """A typed column."""

    values: pd.Series  # typed values, missing where a cell is blank or refused
    marked: Marked  # what there is to say of which cells


@lru_cache(maxsize=1 << 16, typed=True)
def read_cell(value: Value, column: Column, words: Vocabulary, year: int | None = None) -> Reading:
    """Read one cell."""
    fault = faulty(value)
    if fault:
        return fault
    own = words.code(column.words, value) if column.kind == "word" and isinstance(value, str) else None
    if own is not None:
        return Reading(own)
    if is_nothing(value):
        return BLANK
    return _read(value, column, words, year)


_LONGEST = 2000
"""Signs at most of what is no name or remark: what stands in so many is looked for in the square of their number."""
_BEGINNING = 20
_TOO_LONG = "太长,不像是这一列的内容;请只填一项", "is too long for this column: give one thing alone"


def _read(value: Value, column: Column, words: Vocabulary, year: int | None) -> Reading:
    if column.kind in _DIGITS and isinstance(value, str) and not value.isascii() and _RAISED.search(value):
        return refusal("odd_digits", value, *_ODD_DIGITS)
    if column.kind in _ONE_NUMBER and isinstance(value, str) and _TWO_LINES.search(value):
        return refusal("two_lines", value, *_ONE_A_CELL)
    if column.kind not in ("id", "text") and isinstance(value, str) and len(value) > _LONGEST:
        return refusal("too_long", f"{value[:_BEGINNING]}……", *_TOO_LONG)
    if column.kind in _TIMES:
        return _read_time(value, column, year)
    match column.kind:
        case "id":
            return read_id(value)
        case "boolean":
            return read_boolean(value, tuple(map(spelling, words.column("members", column.name).spellings)))
        case "count":
            return read_count(value, column)
        case "number":
            return read_number(value, column)
        case "word":
            return _WORDS.get(column.words, read_word)(value, column, words)
        case _:
            return read_name(value) if column.name == "name" else read_text(value)


_WORDS = {"status": read_status, "activity": read_activity, "post": read_post}
"""Kinds of words that people write with other words around them."""
_TIMES = frozenset({"date", "month", "period", "year"})
_DIGITS = _TIMES | {"id", "count", "number"}
_RAISED = re.compile(RAISED)
_ONE_NUMBER = frozenset({"id", "count", "number"})
_TWO_LINES = re.compile(r"\w[^\S\r\n]*[\r\n]\s*\d")
_ONE_A_CELL = (
    "是两行,不知是一个数分了行还是两个数;一格只写一个数",
    "stands in two lines: one number or two? write one a cell",
)
_ODD_DIGITS = (
    "里有 ①、² 一类的记号,不知是注还是数;请只写数字,注另写一格",
    "holds a sign such as ① or ²: a note or a digit? write digits alone, and the note elsewhere",
)


def _read_time(value: Value, column: Column, year: int | None) -> Reading:
    match column.kind:
        case "date":
            if column.name in OF_A_LIFE:
                return read_day_of_life(value, year, last=column.name == "until")
            return read_date(value, year)
        case "month":
            return read_month(value, year)
        case "period":
            return read_span(value, year)
        case _:
            return read_year(value)


def read_column(values: Sequence[Value], column: Column, words: Vocabulary, year: int | None = None) -> ReadColumn:
    """Read a column of cells.

    Examples
    --------
    >>> from jifen_analysis.tables import TABLES
    >>> from jifen_analysis.vocabulary import standard
    >>> read_column(["12元", "十二元"], TABLES["dues"]["due"], standard()).values.tolist()
    [12.0, 12.0]
    """
    coded, marked = Reader(words).read(*distinct(values), column, year)
    return ReadColumn(coded.series(column, words), marked)


class _Known(dict[Any, Reading]):
    """What each distinct cell of a kind of column was read as: by the cell, or by its type and it."""

    def __init__(self, column: Column, words: Vocabulary, year: int | None) -> None:
        super().__init__()
        self.asked = column, words, year

    def __missing__(self, cell: Any) -> Reading:
        self[cell] = reading = read_cell(cell[1] if isinstance(cell, tuple) else cell, *self.asked)
        return reading


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads columns, and remembers what each distinct cell was read as."""

    words: Vocabulary  # the words that may occur
    _known: dict[tuple[Column, int | None], _Known] = field(default_factory=dict, repr=False)

    def read(
        self, codes: np.ndarray, cells: Sequence[Value], column: Column, year: int | None = None
    ) -> tuple[Coded, Marked]:
        """Read a column, given as the distinct cells and for each row which of them stands in it."""
        texts = _TEXTS.issuperset(map(type, cells))  # which are equal to nothing of another type
        if texts and column.kind == "id" and _are_plain(cells):
            return Coded(codes, cells), ()
        keys = cells if texts else list(zip(map(type, cells), cells, strict=True))
        readings = (
            self._hinted(keys, column, year, texts=texts)
            if column.kind == "word"
            else list(map(self._of(column, year).__getitem__, keys))
        )
        return Coded(codes, [one.value for one in readings]), tuple(_marked(codes, cells, readings))

    def _of(self, column: Column, year: int | None) -> _Known:
        of = column, year if column.kind in _TIMES else None
        if of not in self._known:
            self._known[of] = _Known(column, self.words, year)
        return self._known[of]

    def _hinted(self, keys: Sequence[Any], column: Column, year: int | None, *, texts: bool) -> list[Reading]:
        """Read words; the nearest known ones are looked for of the first unknown ones of a column alone.

        Of the others, those that are surely unknown are refused together.
        """
        known, unknown = self._of(column, year), 0
        readings: list[Reading] = []
        for key in keys:
            readings.append(known[key])
            unknown += readings[-1].severity == "error"
            if unknown == MOST_HINTS:
                break
        left = keys[len(readings) :]
        known, refused = self._unhinted._of(column, year), unknown_words(column, self.words)
        sure = surely_unknown(left, column.words, self.words) if texts and left else np.zeros(len(left), bool)
        return readings + [refused if it else known[key] for key, it in zip(left, sure.tolist(), strict=True)]

    @cached_property
    def _unhinted(self) -> Reader:
        return Reader(self.words.unhinted)


def _marked(
    codes: np.ndarray, cells: Sequence[Value], readings: Sequence[Reading]
) -> Iterator[tuple[np.ndarray, Value, Reading]]:
    said = {reading.severity for reading in readings}
    if "error" in said:
        wrong = np.array([reading.severity == "error" for reading in readings], dtype=bool)
        alike = np.array([reading.each is not None for reading in readings], dtype=bool)
        if alike.any():
            yield _refused_alike(codes, cells, readings, alike)
        wrong &= ~alike
        for code, rows in rows_by(codes, wrong[codes]):
            yield rows, cells[code], readings[code]
    if "note" in said:
        found = np.unique(codes, return_index=True, return_counts=True)
        for code, first, times in zip(*(part.tolist() for part in found), strict=True):
            if readings[code].severity == "note":
                yield np.array([first]), cells[code], replace(readings[code], times=times)


def _refused_alike(
    codes: np.ndarray, cells: Sequence[Any], readings: Sequence[Reading], alike: np.ndarray
) -> tuple[np.ndarray, Value, Reading]:
    """Return the rows of different texts that are refused with one sentence, and the texts."""
    rows, each = np.flatnonzero(alike[codes]), np.flatnonzero(alike).tolist()
    one = readings[each[0]]
    assert one.each is not None
    texts, at = tuple(map(cells.__getitem__, each)), (np.cumsum(alike) - 1)[codes[rows]]
    return rows, texts[0], replace(one, each=replace(one.each, texts=texts, at=at))


def rows_by(codes: np.ndarray, chosen: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yield the chosen rows by their codes, rising."""
    rows = np.flatnonzero(chosen)
    ordered = rows[np.argsort(codes[rows], kind="stable")]
    each, first = np.unique(codes[ordered], return_index=True)
    return zip(each.tolist(), np.split(ordered, first[1:]), strict=True)


def typed_values(values: Sequence[Any], column: Column, words: Vocabulary) -> pd.Series:
    """Return values that were read as a series of the column's type."""
    return pd.Series(list(values), dtype=dtype(column, words))


def distinct(values: Sequence[Any]) -> tuple[np.ndarray, list[Any]]:
    """Return for each value where it stands among the distinct ones, and these, in order of appearance."""
    return coded(values, range(len(values)))


def coded(column: Sequence[Any], rows: Sequence[int]) -> tuple[np.ndarray, list[Any]]:
    """Return :func:`distinct` of the cells of a column in some rows."""
    index, codes = numbered_cells(column, rows)
    if not set(map(type, index)) <= _TEXTS and len(set(map(type, cells_at(column, rows))) - _TEXTS) > 1:
        # True, 1 and 1.0 are equal but not the same cell.
        values = cells_at(column, rows)
        pairs, codes = numbered([*zip(map(type, values), values, strict=True)])
        return codes, [value for _, value in pairs]
    return codes, list(index)


_TEXTS = {str, type(None)}


def _are_plain(ids: Sequence[Any]) -> bool:
    """Return whether every id is of few digits: read as it stands, as most are."""
    if not all(ids):  # a blank one
        return False
    digits = "".join(ids)
    return digits.isascii() and digits.isdigit() and max(map(len, ids)) < _SHORTEST_CARD


_SHORTEST_CARD = 15
"""Digits of the shortest number of an identity card."""


# ---------------------------------------------------------------- very many different texts


_LETTERS = "[0-9A-Za-z\u4e00-\u9fff]{2,}"
"""Texts in which no sign is folded, parts words or means anything."""
_ROOMY = frozenset({"post"})
"""Kinds of words that are read out of texts without any of them, too."""


def surely_unknown(texts: Sequence[str | None], kind: str, words: Vocabulary) -> np.ndarray:
    """Return which texts are refused as unknown, whatever else is looked for: letters in which no known word stands.

    Of the others nothing is said; they are read one by one.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> surely_unknown(["w17", "到会w17", "w-17", "到会", None], "status", standard()).tolist()
    [True, False, False, False, False]
    """
    if kind in _ROOMY:
        return np.zeros(len(texts), bool)
    try:
        given = pa.array(texts, pa.large_string())
    except UnicodeEncodeError:  # half a sign, which no file of text has
        return np.zeros(len(texts), bool)
    plain = pc.match_substring_regex(given, f"^{_LETTERS}$")
    known = pc.match_substring_regex(given, _spelled(kind, words), ignore_case=True)
    sure: np.ndarray = pc.and_not(plain, known).fill_null(False).to_numpy(zero_copy_only=False)
    return sure


@lru_cache(maxsize=64)
def _spelled(kind: str, words: Vocabulary) -> str:
    """Return the form of texts in which a word may stand, or which begin with a sign that means something."""
    first = [re.escape(text) for text in sorted({*TICKS, *NOTHING} - {"", "无"})]
    within = [text for text in words.spellings(kind) if re.fullmatch(f"(?:{_LETTERS}|[0-9A-Za-z\u4e00-\u9fff])", text)]
    return f"^(?:{'|'.join(first)})" + "".join(f"|{text}" for text in within)
