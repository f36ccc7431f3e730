"""Parquet files: already typed, or text like any other; read by distinct values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jifen_analysis.intake.cells import read_column
from jifen_analysis.intake.grid import CodedCells, Grid, UnreadableError
from jifen_analysis.intake.text_values import stand_as_written
from jifen_analysis.periods import BEIJING
from jifen_analysis.tables import TABLES, Column
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.columns import TEXTUAL, dtype
from jifen_analysis.vocabulary import Vocabulary


def parquet_frame(file: Path | pa.Buffer) -> pd.DataFrame:
    """Read a Parquet file as it stands.

    Raises
    ------
    UnreadableError
        Where it is damaged, two columns have one name, or a column holds what is no value of a cell.
    """
    try:
        table = _read(file)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise UnreadableError(
            "damaged", "Parquet 文件已损坏,无法打开", "the Parquet file is damaged and cannot be opened"
        ) from fault
    return _arrow_frame(table)


def _arrow_frame(table: pa.Table) -> pd.DataFrame:
    """Return a table of Arrow as a frame, each different text and each different day once.

    Raises
    ------
    UnreadableError
        Where a column holds lists or structures, or no cell can hold what is in it.
    """
    nested = [field.name for field in table.schema if pa.types.is_nested(field.type)]
    if nested:
        raise _nested(nested)
    try:
        return _framed(table)
    except (pa.ArrowException, ValueError, OverflowError):
        raise _no_values(table) from None


def _framed(table: pa.Table) -> pd.DataFrame:
    for at, field in enumerate(table.schema):
        table = table.set_column(at, field.name, _held(table.column(at)))
    # What pandas noted of the frame that was stored names types and indexes that these columns no longer have.
    frame: pd.DataFrame = _within_reach(table.unify_dictionaries()).to_pandas(split_blocks=True, ignore_metadata=True)
    return frame


def _no_values(table: pa.Table) -> UnreadableError:
    """Say which columns hold what no cell can hold: bytes that are no text, a time of an unknown zone."""
    found = []
    for field in table.schema:
        try:
            _framed(table.select([field.name]))
        except (pa.ArrowException, ValueError, OverflowError):
            found.append(f"{field.name}({field.type})")
    said = "、".join(found)
    return UnreadableError(
        "column_type",
        f"列 {said} 里的内容换不成单元格的值;请把这一列存成文字、数字或日期",
        f"column {said} holds what no cell can hold; store it as text, numbers or dates",
    )


def _held(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as it is held: decimals as numbers, times where they are, days once each, texts as read."""
    kind = values.type
    if pa.types.is_decimal(kind):
        return values.cast(pa.float64())
    if pa.types.is_timestamp(kind) and kind.tz:
        return _local(values)
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        return values.cast(pa.time64("us") if pa.types.is_time(kind) else pa.duration("us"), safe=False)
    if pa.types.is_dictionary(kind) and "binary" in str(kind):
        return _held(values.cast(kind.value_type))
    if "binary" in str(kind):
        return values.cast("large_binary").cast("large_string")  # bytes are text, or the file is refused
    return values.dictionary_encode() if pa.types.is_date(kind) else values


def _local(moments: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return moments as the clock of their zone had them; as text with the zone where Beijing had another day."""
    there = moments.cast(pa.timestamp(moments.type.unit, str(BEIJING).removeprefix("UTC")))
    days, beijing = (pc.local_timestamp(one).cast(pa.timestamp("s"), safe=False) for one in (moments, there))
    apart = pc.any(pc.not_equal(pc.floor_temporal(days, unit="day"), pc.floor_temporal(beijing, unit="day"))).as_py()
    return pc.strftime(moments, "%Y-%m-%dT%H:%M:%S%z") if apart else pc.local_timestamp(moments)


def is_text(kind: pa.DataType) -> bool:
    """Return whether a type is that of text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _read(file: Path | pa.Buffer) -> pa.Table:
    """Read a file with each different text once, but for columns of which most are different."""
    schema = pq.read_schema(file)
    if twice := [name for name, times in Counter(schema.names).items() if times > 1]:
        said = "、".join(twice)
        raise UnreadableError(
            "duplicate_header",
            f"有几列同名:{said},不知以哪一列为准;请只留一列,或改名",
            f"several columns are called {said}; keep one, or rename the others",
        )
    texts = [one.name for one in schema if is_text(one.type)]
    said = pq.read_metadata(file)
    with pq.ParquetFile(file, read_dictionary=[name for name in texts if not _mostly_different(said, name)]) as held:
        return held.read()


def _mostly_different(said: pq.FileMetaData, name: str) -> bool:
    """Return whether a column of texts takes more room than pointing to few different ones would."""
    at = said.schema.names.index(name)
    groups = [said.row_group(group).column(at) for group in range(said.num_row_groups)]
    return sum(one.total_uncompressed_size for one in groups) > _POINTING * said.num_rows


_POINTING = 4
"""Bytes for each row."""


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
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
            values = table.column(at)
            each = values.chunk(0).dictionary if kind != field.type and values.num_chunks else values
            years = pc.min_max(pc.year(each)).as_py() if each.type == kind else {}
            if not all(1 <= (year or 1) <= 9999 for year in years.values()):
                table = table.set_column(at, field.name, _as_written(values.cast(kind)))
    return table


def _as_written(times: pa.ChunkedArray) -> pa.Array:
    """Return times as text, where the calendar of Python ends, too."""
    each = times.to_numpy()
    return pa.array(np.char.replace(np.datetime_as_string(each), "T", " "), pa.string(), mask=np.isnat(each))


def header_grid(names: Iterable[object], file: str) -> Grid:
    """Return column names as a sheet of one row, for the search for a table."""
    columns = tuple((str(name),) for name in names)
    return Grid(file, "", columns, range(1, 2), range(1, len(columns) + 1))


def parquet_grid(frame: pd.DataFrame, file: str) -> Grid:
    """Return a frame as a sheet, its column names above its values."""
    columns = tuple((str(name), *_cells(frame.iloc[:, j])) for j, name in enumerate(frame.columns))
    return Grid(file, "", columns, range(1, len(frame) + 2), range(1, len(columns) + 1))


def _cells(values: pd.Series) -> list[Any]:
    codes, distinct = pd.factorize(values)
    raw = [_python(value) for value in distinct.tolist()]
    return [raw[code] if code >= 0 else None for code in codes.tolist()]


def parquet_cells(frame: pd.DataFrame, file: str, used: Collection[int]) -> Grid:
    """Return some columns of a frame as cells, each different one of a column once; as in text, digits may be lost."""
    nothing = CodedCells(np.zeros(len(frame), "int8"), [None])
    columns: tuple[Any, ...] = tuple(
        _coded_cells(frame.iloc[:, j]) if j in used else nothing for j in range(frame.shape[1])
    )
    return Grid(file, "", columns, range(1, len(frame) + 1), range(1, len(columns) + 1), plain=True)


def _coded_cells(values: pd.Series) -> CodedCells:
    codes, distinct = different(values)
    each = [*map(_python, distinct.tolist())]
    if (codes < 0).any():
        codes, each = np.where(codes < 0, len(each), codes), [*each, None]
    return CodedCells(codes, each)


def parquet_columns(
    frame: pd.DataFrame, table: str, columns: Mapping[str, int], words: Vocabulary
) -> dict[str, pd.Series] | None:
    """Return the columns of a table, typed; nothing where there is anything to say of a value."""
    found: dict[str, pd.Series] = {}
    for name, j in columns.items():
        values = _column(frame.iloc[:, j].reset_index(drop=True), TABLES[table][name], words)
        if values is None:
            return None
        found[name] = values
    return found


def _column(values: pd.Series, column: Column, words: Vocabulary) -> pd.Series | None:
    wanted = dtype(column, words)
    if values.dtype == wanted and (column.kind not in TEXTUAL or stand_as_written(pa.array(values.array), column.kind)):
        return values
    codes, distinct = different(values)
    read = read_distinct(distinct, column, words)
    if read is None:
        return None
    if column.kind in TEXTUAL:
        again, texts = (np.arange(len(read)), pd.Index(read)) if read is distinct else pd.factorize(read)
        return pd.Series(pd.Categorical.from_codes(np.append(again, -1)[codes], categories=texts), copy=False)
    return pd.Series(read.array.take(codes, allow_fill=True), copy=False)


def read_distinct(values: pd.Series, column: Column, words: Vocabulary) -> pd.Series | None:
    """Return what different values are read as, nothing where there is anything to say of one."""
    if values.dtype == "str" and stand_as_written(pa.array(values.array), column.kind):
        return values
    read = read_column([_python(value) for value in values.tolist()], column, words.unhinted)
    return None if read.marked else read.values


def _python(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
