"""Pandera schemas made from the columns: what must hold inside one table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from jifen_analysis.tables.columns import ORIGIN, TABLES, Column, decode_texts, dtype
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


def failure_cases(table: str, frame: pd.DataFrame, vocabulary: Vocabulary, rows: np.ndarray) -> Iterator[Any]:
    """Hold some rows of a typed frame against the schema of its table; yield what pandera says of every failure."""
    try:
        schema(table, vocabulary).validate(decode_texts(table, frame.iloc[rows].reset_index(drop=True)), lazy=True)
    except pa.errors.SchemaErrors as found:
        cases = found.failure_cases
        yield from cases.assign(index=rows[cases["index"].to_numpy("int64")]).itertuples(index=False)


def _column(column: Column, vocabulary: Vocabulary) -> pa.Column:
    checks = [pa.Check(limit, name=name) for name, limit in limits(column).items()]
    return pa.Column(dtype(column, vocabulary), checks=checks, nullable=not column.required, name=column.name)
