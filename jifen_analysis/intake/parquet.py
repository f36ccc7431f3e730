"""Parquet files: already typed, or text like any other; read by distinct values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
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
        table = pq.read_table(path, partitioning=None)
        nested = [field.name for field in table.schema if pa.types.is_nested(field.type)]
        if nested:
            raise _nested(nested)
        frame: pd.DataFrame = _within_reach(table).to_pandas()
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise UnreadableError(
            "damaged", "Parquet 文件已损坏,无法打开", "the Parquet file is damaged and cannot be opened"
        ) from fault
    return frame


def _nested(names: Sequence[str]) -> UnreadableError:
    said = "、".join(names)
    return UnreadableError(
        "nested_column",
        f"列 {said} 里是列表或结构,不是单个的值;请展开后再存",
        f"column {said} holds lists or structures, not single values; flatten it first",
    )


def _within_reach(table: pa.Table) -> pa.Table:
    """Return a table in which times that no calendar has (beyond the year 9999) are text, to be refused like any."""
    for at, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type) or pa.types.is_date(field.type):
            years = pc.min_max(pc.year(table.column(at))).as_py()
            if not all(1 <= (year or 1) <= 9999 for year in years.values()):
                count = table.column(at).cast("int64" if field.type != pa.date32() else "int32")
                table = table.set_column(at, field.name, count.cast("string"))
    return table


def header_grid(frame: pd.DataFrame, file: str) -> Grid:
    """Return the column names as a sheet of one row, for the search for a table."""
    columns = tuple((str(name),) for name in frame.columns)
    return Grid(file, "", columns, range(1, 2), range(1, len(columns) + 1))


def parquet_grid(frame: pd.DataFrame, file: str) -> Grid:
    """Return a frame as a sheet, its column names above its values."""
    columns = tuple((str(name), *_cells(frame.iloc[:, j])) for j, name in enumerate(frame.columns))
    return Grid(file, "", columns, range(1, len(frame) + 2), range(1, len(columns) + 1))


def _cells(values: pd.Series) -> list[Any]:
    codes, distinct = pd.factorize(values)
    raw = [_python(value) for value in distinct.tolist()]
    return [raw[code] if code >= 0 else None for code in codes.tolist()]


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
