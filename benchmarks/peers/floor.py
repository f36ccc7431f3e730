"""The physical floor: read and decode the bytes that any of them must, and do nothing with them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

_READ = {
    "attendance": ["member_id", "date", "activity", "status"],
    "dues": ["member_id", "month", "due", "paid", "paid_on"],
    "events": ["member_id", "date", "event", "quantity"],
    "evaluations": ["member_id", "period", "group", "mark", "count"],
}
_REPEATING = ["member_id", "month", "period", "activity", "status", "event", "group"]


def totals(folder: Path, scheme: str) -> pa.Table:  # noqa: ARG001 - the bytes are the same for any scheme
    """Return nothing but a table of no rows."""
    if (folder / "members.csv").exists():
        _read_text(folder)
        return pa.table({"member_id": pa.array([], "str")})
    for name, columns in _READ.items():
        for path in sorted((folder / name).rglob("*.parquet")) or [folder / f"{name}.parquet"]:
            there = [name for name in columns if name in pq.read_schema(path).names]
            with pq.ParquetFile(path, read_dictionary=[name for name in there if name in _REPEATING]) as file:
                for group in range(file.num_row_groups):
                    file.read_row_group(group, there)
    return pa.table({"member_id": pa.array([], "str")})


def _read_text(folder: Path) -> None:
    for name, columns in _READ.items():
        types = {column: pa.dictionary(pa.int32(), pa.string()) for column in columns if column in _REPEATING}
        converting = pc_csv.ConvertOptions(column_types=types)
        with pc_csv.open_csv(folder / f"{name}.csv", convert_options=converting) as opened:
            for _ in opened:
                pass
