"""Write the sample as branches would send it, or as a canonical folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from jifen_analysis.errors import UsageError
from jifen_analysis.sample.guide import TITLE, guide
from jifen_analysis.sample.synthetic import synthetic
from jifen_analysis.sample.workbooks import workbooks
from jifen_analysis.saving import filling

Format = Literal["xlsx", "csv", "parquet"]


def write(
    folder: str | Path,
    members: int = 300,
    years: Sequence[int] = (2023, 2024),
    seed: int = 7,
    format: Format = "xlsx",  # noqa: A002 — the name it has on the command line
) -> list[Path]:
    """Write synthetic records into a folder.

    Parameters
    ----------
    folder : str or Path
        Made where it does not exist, empty, or an earlier sample, whose files
        are replaced.
    members, years, seed
        See :func:`synthetic`.
    format : {"xlsx", "csv", "parquet"}
        xlsx: in Chinese, one workbook a branch and year, in a sub-folder for
        each year. csv, parquet: one file a table, English headers and codes.

    Returns
    -------
    list of Path
        The files written; the same arguments give the same bytes.

    Raises
    ------
    UsageError
        Where the format is unknown, the folder cannot be made or holds
        another file, or ``synthetic`` refuses.
    """
    if format not in _WRITERS:
        raise UsageError(
            f"格式只能是 xlsx、csv、parquet;收到 {format}", f"the format is xlsx, csv or parquet; found {format}"
        )
    tables = synthetic(members, years, seed)
    place = Path(folder)
    with filling(place, _replaceable(place)) as beside:
        written = [beside / _README, *_WRITERS[format](beside, tables)]
        written[0].write_text(guide(tables, format), encoding="utf-8", newline="\n")
        _refuse_more(place, beside)
    return [place / path.relative_to(beside) for path in written]


_README = "README.md"


def _replaceable(folder: Path) -> tuple[str, ...]:
    """Return the names in a folder with an earlier sample, and none of another's."""
    readme = folder / _README
    ours = readme.is_file() and readme.read_bytes().startswith(TITLE.encode())
    return tuple(path.name for path in folder.iterdir()) if ours else ()


def _refuse_more(folder: Path, new: Path) -> None:
    """Remove no file in whose place no new one comes."""
    others = [path for path in folder.rglob("*") if path.is_file() and not (new / path.relative_to(folder)).exists()]
    if others:
        raise UsageError(
            f"{folder} 里还有别的文件(如 {others[0].name}),请另选一个空文件夹",
            f"{folder} holds other files ({others[0].name}, for one); choose an empty folder",
        )


def _csv(folder: Path, tables: Mapping[str, pd.DataFrame]) -> Iterator[Path]:
    for name, table in tables.items():
        path = folder / f"{name}.csv"
        pyarrow.csv.write_csv(_plain(table), path, pyarrow.csv.WriteOptions(quoting_style="needed"))
        yield path


def _parquet(folder: Path, tables: Mapping[str, pd.DataFrame]) -> Iterator[Path]:
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        pyarrow.parquet.write_table(pa.Table.from_pandas(table, preserve_index=False), path)
        yield path


def _plain(table: pd.DataFrame) -> pa.Table:
    """Return a table with days as days and words as text."""
    columns = {name: pa.Array.from_pandas(values) for name, values in table.items()}
    return pa.table({str(name): _as_text(column) for name, column in columns.items()})


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.date32())
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


_WRITERS = {"xlsx": workbooks, "csv": _csv, "parquet": _parquet}
