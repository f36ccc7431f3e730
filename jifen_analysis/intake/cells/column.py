"""A column of cells to a typed series; each distinct cell is read once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.intake.cells.names import read_id, read_text, read_word
from jifen_analysis.intake.cells.numbers import read_boolean, read_count, read_number
from jifen_analysis.intake.cells.phrases import read_activity
from jifen_analysis.intake.cells.posts import read_post
from jifen_analysis.intake.cells.reading import BLANK, Reading, faulty, nothing
from jifen_analysis.intake.cells.statuses import read_status
from jifen_analysis.intake.cells.times import read_date, read_day_of_life, read_month, read_span, read_year
from jifen_analysis.intake.grid import Value
from jifen_analysis.tables import Column
from jifen_analysis.tables.columns import dtype
from jifen_analysis.vocabulary import Vocabulary, spelling

_OF_A_LIFE = frozenset({"birth_date", "joined_on", "since", "until"})


@dataclass(frozen=True)
class ReadColumn:
    """A typed column.

    Parameters
    ----------
    values : Series
        Typed values, missing where a cell is blank or refused.
    marked : tuple of (int, Value, Reading)
        Position, raw value and reading of each cell that is refused, and of
        the first of the equal cells about which there is a note.
    """

    values: pd.Series
    marked: tuple[tuple[int, Value, Reading], ...]


def read_cell(value: Value, column: Column, words: Vocabulary, year: int | None = None) -> Reading:
    """Read one cell.

    Parameters
    ----------
    value : Value
        What stands in it.
    column : Column
        What should.
    words : Vocabulary
        The words that may occur.
    year : int, optional
        The year of the sheet, where it says one.
    """
    fault = faulty(value)
    if fault:
        return fault
    own = words.code(column.words, value) if column.kind == "word" and isinstance(value, str) else None
    if own is not None:
        return Reading(own)
    if nothing(value):
        return BLANK
    return _read(value, column, words, year)


def _read(value: Value, column: Column, words: Vocabulary, year: int | None) -> Reading:
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
            return read_text(value)


_WORDS = {"status": read_status, "activity": read_activity, "post": read_post}
"""Kinds of words that people write with other words around them."""
_TIMES = frozenset({"date", "month", "period", "year"})


def _read_time(value: Value, column: Column, year: int | None) -> Reading:
    match column.kind:
        case "date":
            if column.name in _OF_A_LIFE:
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
    [12.0, nan]
    """
    codes, distinct = _distinct(values)
    readings = [read_cell(value, column, words, year) for value in distinct]
    typed = typed_values([reading.value for reading in readings], column, words)
    every = pd.Series(typed.array.take(codes), copy=False)
    return ReadColumn(every, tuple(_marked(codes, distinct, readings)))


def _marked(
    codes: np.ndarray, distinct: Sequence[Value], readings: Sequence[Reading]
) -> Iterator[tuple[int, Value, Reading]]:
    wrong = np.array([reading.severity == "error" for reading in readings], dtype=bool)
    for i in np.flatnonzero(wrong[codes]) if wrong.any() else ():
        yield int(i), distinct[codes[i]], readings[codes[i]]
    if any(reading.severity == "note" for reading in readings):
        found = np.unique(codes, return_index=True, return_counts=True)
        for code, first, times in zip(*(part.tolist() for part in found), strict=True):
            if readings[code].severity == "note":
                yield first, distinct[code], replace(readings[code], times=times)


def typed_values(values: Sequence[Any], column: Column, words: Vocabulary) -> pd.Series:
    """Return values that were read as a series of the column's type."""
    return pd.Series(list(values), dtype=dtype(column, words))


def _distinct(values: Sequence[Value]) -> tuple[np.ndarray, list[Value]]:
    kinds = set(map(type, values))
    # True, 1 and 1.0 are equal but not the same cell.
    keys: Sequence[Any] = (
        values if len(kinds) <= 1 or kinds == {str, type(None)} else list(zip(map(type, values), values, strict=True))
    )
    index = {key: code for code, key in enumerate(dict.fromkeys(keys))}
    codes = np.fromiter(map(index.__getitem__, keys), dtype="int64", count=len(values))
    return codes, [key if keys is values else key[1] for key in index]
