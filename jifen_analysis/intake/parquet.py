"""Parquet files: already typed, or text like any other; read by distinct values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from jifen_analysis.intake.cells import read_column
from jifen_analysis.intake.grid import Grid, UnreadableError
from jifen_analysis.tables import TABLES, Column
from jifen_analysis.tables.columns import dtype
from jifen_analysis.vocabulary import Vocabulary


def parquet_frame(path: Path) -> pd.DataFrame:
    """Read a Parquet file as it stands.

    Raises
    ------
    UnreadableError
        Where it is damaged.
    """
    try:
        frame: pd.DataFrame = pq.read_table(path, partitioning=None).to_pandas()
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise UnreadableError(
            "damaged", "Parquet 文件已损坏,无法打开", "the Parquet file is damaged and cannot be opened"
        ) from fault
    return frame


def header_grid(frame: pd.DataFrame, file: str) -> Grid:
    """Return the column names as a sheet of one row, for the search for a table."""
    columns = tuple((str(name),) for name in frame.columns)
    return Grid(file, "", columns, range(1, 2), range(1, len(columns) + 1))


def parquet_columns(
    frame: pd.DataFrame, table: str, columns: Mapping[str, int], words: Vocabulary
) -> dict[str, pd.Series]:
    """Return the columns of a table, typed, with values as they are where they cannot be read."""
    return {
        name: _column(frame.iloc[:, j].reset_index(drop=True), TABLES[table][name], words)
        for name, j in columns.items()
        if name in TABLES[table]
    }


def _column(values: pd.Series, column: Column, words: Vocabulary) -> pd.Series:
    wanted = dtype(column, words)
    if values.dtype == wanted and column.kind not in ("id", "text", "month", "period"):
        return values
    codes, distinct = pd.factorize(values)
    raw = [_python(value) for value in distinct.tolist()] if hasattr(distinct, "tolist") else list(distinct)
    read = read_column(raw, column, words)
    bad = {i for i, _, reading in read.marked if reading.severity == "error"}
    if bad:  # a refused value is handed on as it is; the check of types says what is wrong
        given = pd.Series([raw[i] if i in bad else read.values.iloc[i] for i in range(len(raw))], dtype="object")
        return given.reindex(codes).reset_index(drop=True)
    positions = np.where(codes < 0, len(raw), codes).astype("int64")
    padded = pd.concat([read.values, read.values.iloc[:0].reindex([0])], ignore_index=True)
    return padded.take(positions).reset_index(drop=True)


def _python(value: Any) -> Any:
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
