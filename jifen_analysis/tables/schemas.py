"""Pandera schemas made from the columns: what must hold inside one table."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from jifen_analysis.periods import Period
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.columns import FIRST_DAY, LAST_DAY, ORIGIN, SCALE, TABLES, Column, decode_texts, dtype
from jifen_analysis.vocabulary import Vocabulary

_UNBOUNDED_DATES = {"birth_date", "joined_on", "since", "until"}


def schema(table: str, vocabulary: Vocabulary) -> pa.DataFrameSchema:
    """Return the pandera schema of a table.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> schema("dues", standard()).columns["due"].nullable
    False
    """
    columns = {name: _column(column, vocabulary) for name, column in TABLES[table].items()}
    origin = {name: pa.Column("int32", required=False) for name in ORIGIN}
    return pa.DataFrameSchema({**columns, **origin}, name=table, strict=True, ordered=False)


def failure_cases(
    table: str, frame: pd.DataFrame, vocabulary: Vocabulary, told: AbstractSet[tuple[int, str]] = frozenset()
) -> Iterator[Any]:
    """Hold a typed frame against the schema of its table; yield what pandera says of every failure.

    Each different value is held against the checks of its column once; what pandera itself sees are the rows at fault,
    but for those whose only faults are cells (row and column) that were told already.
    """
    wanted = schema(table, vocabulary)
    rows = np.flatnonzero(_at_fault(frame, wanted, told))
    if not len(rows):
        return
    try:
        wanted.validate(decode_texts(table, frame.iloc[rows].reset_index(drop=True)), lazy=True)
    except pa.errors.SchemaErrors as found:
        cases = found.failure_cases
        yield from cases.assign(index=rows[cases["index"].to_numpy("int64")]).itertuples(index=False)


def _at_fault(frame: pd.DataFrame, wanted: pa.DataFrameSchema, told: AbstractSet[tuple[int, str]]) -> np.ndarray:
    """Return which rows hold something that a column of the schema does not allow."""
    wrong = np.zeros(len(frame), bool)
    for name, column in wanted.columns.items():
        if name not in ORIGIN and (column.checks or not column.nullable):
            wrong |= _wrong(frame[name], column) & _untold(len(frame), [row for row, of in told if of == name])
    return wrong


def _untold(size: int, told: list[int]) -> np.ndarray:
    rows = np.ones(size, bool)
    rows[told] = False
    return rows


def _wrong(values: pd.Series, column: pa.Column) -> np.ndarray:
    at, each = different(values)
    bad = np.zeros(len(each), bool)
    for check in column.checks:
        bad |= ~check(each).check_output.to_numpy(bool)
    if bad.any():
        return np.append(bad, not column.nullable)[at]
    return np.zeros(1, bool) if column.nullable else at < 0


def _column(column: Column, vocabulary: Vocabulary) -> pa.Column:
    return pa.Column(dtype(column, vocabulary), checks=_checks(column), nullable=not column.required, name=column.name)


def _checks(column: Column) -> list[pa.Check]:
    checks = []
    if column.low is not None or column.high is not None:
        low = -np.inf if column.low is None else column.low
        high = np.inf if column.high is None else column.high
        checks.append(pa.Check.in_range(low, high, name="range"))
    if column.kind == "number":
        checks.append(pa.Check(_four_decimals, name="decimals"))
    if column.kind in ("month", "period"):
        checks.append(pa.Check(_are_months if column.kind == "month" else _are_periods, name=column.kind))
    if column.kind == "date" and column.name not in _UNBOUNDED_DATES:
        checks.append(pa.Check.in_range(FIRST_DAY, LAST_DAY, name="day"))
    if column.kind == "year":
        checks.append(pa.Check.in_range(FIRST_DAY.year, LAST_DAY.year, name="day"))
    return checks


def _four_decimals(values: pd.Series) -> pd.Series:
    tens = values * SCALE
    return (tens - tens.round()).abs() <= 1e-6 * np.maximum(1, values.abs())


def _known(values: pd.Series, *, months_only: bool) -> pd.Series:
    known = {code: _is_period(code, months_only=months_only) for code in values.unique()}
    return values.map(known).astype(bool)


def _is_period(code: str, *, months_only: bool) -> bool:
    try:
        period = Period.parse(code)
    except ValueError:
        return False
    in_range = FIRST_DAY.year <= period.year <= LAST_DAY.year
    return in_range and (period.kind == "month" or not months_only)


def _are_months(values: pd.Series) -> pd.Series:
    return _known(values, months_only=True)


def _are_periods(values: pd.Series) -> pd.Series:
    return _known(values, months_only=False)
