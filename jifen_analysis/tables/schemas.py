"""Pandera schemas made from the columns: what must hold inside one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
import pandera.pandas as pa

from jifen_analysis.tables.coded import different
from jifen_analysis.tables.columns import ORIGIN, TABLES, Column, dtype
from jifen_analysis.tables.limits import limits
from jifen_analysis.vocabulary import Vocabulary


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
    if told is not None and len(told) and wrong.any():
        wrong = wrong.copy()
        wrong[told] = False
    return np.flatnonzero(wrong)


def _column(column: Column, vocabulary: Vocabulary) -> pa.Column:
    checks = [pa.Check(limit, name=name) for name, limit in limits(column).items()]
    return pa.Column(dtype(column, vocabulary), checks=checks, nullable=not column.required, name=column.name)
