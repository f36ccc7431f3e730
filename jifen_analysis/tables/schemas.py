"""Pandera schemas made from the columns: what must hold inside one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
import pandera.pandas as pa

from jifen_analysis.periods import Period
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.columns import FIRST_DAY, LAST_DAY, ORIGIN, SCALE, TABLES, Column, dtype
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
    table: str, frame: pd.DataFrame, vocabulary: Vocabulary, told: Mapping[str, np.ndarray] = MappingProxyType({})
) -> Iterator[tuple[str, str, np.ndarray, pd.Series]]:
    """Hold a typed frame against the schema of its table; each different value against the checks of its column once.

    Parameters
    ----------
    table : str
        Name of the table.
    frame : DataFrame
        Typed.
    vocabulary : Vocabulary
        The words that may occur.
    told : mapping of str to ndarray of int
        Rows by column of which something was said already.

    Yields
    ------
    tuple of (str, str, ndarray of int, Series)
        Column, check (as pandera calls it), the rows that fail it, and what stands there.
    """
    for name, column in schema(table, vocabulary).columns.items():
        if name in ORIGIN or not (column.checks or not column.nullable):
            continue
        at, each = different(frame[name])
        if not column.nullable and len(rows := _untold(at < 0, told.get(name))):
            yield name, "not_nullable", rows, frame[name].iloc[rows]
        for check in column.checks:
            bad = ~check(each).check_output.to_numpy(bool)
            if bad.any() and len(rows := _untold(np.append(bad, False)[at], told.get(name))):
                yield name, check.name, rows, each.take(at[rows])


def _untold(wrong: np.ndarray, told: np.ndarray | None) -> np.ndarray:
    rows = np.flatnonzero(wrong)
    return rows if told is None or not len(rows) else np.setdiff1d(rows, told)


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
