"""Columns of text to columns of values: what each different text is read as, cell by cell or by its plain form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.cells.column import OF_A_LIFE, read_cell
from jifen_analysis.intake.cells.reading import NOTHING
from jifen_analysis.intake.cells.times import LIVED, RECORDED
from jifen_analysis.intake.grid.delimited import without_guard
from jifen_analysis.tables import Column
from jifen_analysis.tables.columns import TEXTUAL
from jifen_analysis.tables.screening import UnclearError
from jifen_analysis.vocabulary import Vocabulary

LIST = (*TEXTUAL, "word")
"""Kinds of columns whose values are text."""
_DIGITS = {"id": 14, "count": 12}
_PLAIN: Mapping[str, str] = {
    **{kind: rf"\d{{1,{most}}}" for kind, most in _DIGITS.items()},
    "date": r"\d{4}-\d\d-\d\d",
    "number": r"\d{1,12}(?:\.\d{1,9})?",
}
"""Texts that are read as they stand: numbers without a sign, days as programs write them, ids that are no card's."""
_TYPES: Mapping[str, pa.DataType] = {
    **{"date": pa.date32(), "number": pa.float64(), "count": pa.int64()},
    **{"year": pa.int64(), "boolean": pa.bool_()},
}


def read_type(kind: str) -> pa.DataType:
    """Return the type in which the values of a column of a kind are read.

    Examples
    --------
    >>> str(read_type("date")), str(read_type("word"))
    ('date32[day]', 'dictionary<values=string, indices=int32, ordered=0>')
    """
    return _TYPES.get(kind) or pa.dictionary(pa.int32(), pa.string())


def are_plain(texts: pa.Array, kind: str) -> pa.Array:
    """Return which texts, for a column of a kind, are blank or say nothing but a value; no text where it may be words.

    Examples
    --------
    >>> are_plain(pa.array(["12.5", "", "12元"]), "number").to_pylist()
    [True, True, False]
    """
    form, most = _PLAIN.get(kind), _DIGITS.get(kind)
    if form is None:
        return pa.array(np.zeros(len(texts), bool))
    plain = most is not None and pc.all(pc.ascii_is_decimal(texts)).as_py()
    if plain and pc.max(pc.binary_length(texts)).as_py() <= most:  # in most files, and ten times as fast
        return pa.array(np.ones(len(texts), bool))
    return pc.match_substring_regex(texts, f"^(?:{form})?$")


@dataclass(frozen=True, eq=False)
class TextReader:
    """Reads a column, batch by batch; raises UnclearError where there is anything to say of a cell."""

    column: Column  # what it is
    words: Vocabulary  # the words that may occur
    year: int | None = None  # the year of days that name none
    _last: list[tuple[pa.Array, pa.Array]] = field(default_factory=list, repr=False)

    def __call__(self, values: pa.DictionaryArray) -> pa.DictionaryArray:
        """Return the values, each different one once."""
        texts = values.dictionary
        if not self._last or not self._last[0][0].equals(texts):
            self._last[:] = [(texts, self._read(texts))]
        read = self._last[0][1]
        if not pa.types.is_dictionary(read.type):
            return pa.DictionaryArray.from_arrays(values.indices, read)
        return pa.DictionaryArray.from_arrays(pc.take(read.indices, values.indices, boundscheck=False), read.dictionary)

    def _read(self, texts: pa.Array) -> pa.Array:
        if self.column.kind in LIST:
            return texts if stand_as_written(texts, self.column.kind) else _once(self._each(texts))
        formed, kind = are_plain(texts, self.column.kind), _TYPES[self.column.kind]
        read = pc.if_else(pc.and_(formed, pc.invert(_blank(texts))), texts, pa.scalar(None, pa.string())).cast(kind)
        self._hold(read)
        if not pc.all(formed, min_count=0).as_py():
            odd = pc.invert(formed)
            read = pc.replace_with_mask(read, odd, pa.array(self._each(texts.filter(odd)), kind))
        return read.fill_null(self.column.default) if self.column.default is not None else read

    def _each(self, texts: pa.Array) -> Sequence[Any]:
        """Read texts one by one."""
        given = [without_guard(text) for text in texts.to_pylist()]
        if not all(map(_is_text, given)):
            raise UnclearError
        read = [self._value(text) for text in given]
        if self.column.kind == "id" and read != [plain(text) or None for text in given]:
            raise UnclearError
        return read

    def _value(self, text: str) -> Any:
        reading = read_cell(text, self.column, self.words, self.year)
        if reading.severity:
            raise UnclearError
        return reading.value

    def _hold(self, read: pa.Array) -> None:
        """Hold values that were read by their form to what a cell may say."""
        ends = pc.min_max(read).as_py()
        low, high = self.column.low, self.column.high
        if ends["min"] is None:
            return
        if self.column.kind == "date":
            years = LIVED if self.column.name in OF_A_LIFE else RECORDED
            within = years[0] <= ends["min"].year and ends["max"].year <= years[1]
        else:
            within = (low is None or ends["min"] >= low) and (high is None or ends["max"] <= high)
        if not within:
            raise UnclearError


def stand_as_written(texts: pa.Array, kind: str) -> bool:
    """Return whether texts, none of them missing, are read as what they are: ids of few digits, names of plain signs.

    Examples
    --------
    >>> [stand_as_written(pa.array(["00017", text]), "id") for text in ("18", "", "1e1")]
    [True, False, False]
    >>> [stand_as_written(pa.array(["第一支部", text]), "text") for text in ("2号楼", "无", "甲 乙")]
    [True, False, False]
    """
    if texts.null_count or kind not in ("id", "text"):
        return False
    if kind == "id":
        return bool(pc.all(are_plain(texts, kind), min_count=0).as_py()) and not pc.any(_blank(texts)).as_py()
    plain = pc.all(pc.match_substring_regex(texts, _SIGNS), min_count=0).as_py()
    long = (pc.max(pc.binary_length(texts)).as_py() or 0) > _LONGEST
    return plain and not long and not pc.any(pc.is_in(texts, pa.array([*NOTHING], texts.type))).as_py()


_SIGNS = "^[0-9A-Za-z\u4e00-\u9fff]+$"
"""Texts without a space, a sign to be folded, or one that stands for nothing."""


def all_as_written(texts: pa.Array) -> bool:
    """Return whether cells are what is written there: nobody doubts where they end, and nothing stands before them.

    Examples
    --------
    >>> all_as_written(pa.array(["-5", "甲"])), all_as_written(pa.array(["'-5"]))
    (True, False)
    """
    odd = pc.any(pc.match_substring_regex(texts, f"^'|{_CONTROL.pattern}")).as_py()
    long = (pc.max(pc.binary_length(texts)).as_py() or 0) > _LONGEST
    return not (odd or long) or all(_is_text(text) and without_guard(text) == text for text in texts.to_pylist())


def _is_text(text: str) -> bool:
    return len(text) <= _LONGEST and not _CONTROL.search(text)


_LONGEST = 100_000
"""Signs of a cell up to which nobody doubts where it ends."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
"""What no text has."""


def _blank(texts: pa.Array) -> pa.Array:
    return pc.equal(texts, "")


def _once(read: Sequence[Any]) -> pa.DictionaryArray:
    """Return texts with each different one once, none for a blank."""
    known = {text: code for code, text in enumerate(dict.fromkeys(text for text in read if text is not None))}
    return pa.DictionaryArray.from_arrays(pa.array(map(known.get, read), pa.int32()), pa.array(known, pa.string()))
