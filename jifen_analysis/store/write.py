"""Checked records, written once as Parquet and read again without a second check.

A converted folder holds ``members.parquet``, for every other table one file
for each year and group of whole branches, and ``jifen.json``: which branches
stand in which file, its SHA-256, where every record came from, what was noted,
and its own digest. The folder is there when all of it is written, or not at all;
a file that is not the one that was written is refused like any broken file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from jifen_analysis.periods import Period
from jifen_analysis.saving import filling
from jifen_analysis.sealing import digest, seal
from jifen_analysis.store.manifest import FORMAT, MANIFEST, ConvertedFile, Manifest, is_part, part_path
from jifen_analysis.tables import TABLES, Records
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.columns import ORIGIN
from jifen_analysis.tables.partition import MEMBERS_A_PART, Branches, Partition, partitions

WRITING = MappingProxyType({"row_group_size": 1 << 20, "compression": "snappy"})
"""How the files are written: a row group is a batch, and what is read often need not be small."""


def convert(records: Records, out: str | Path, *, members_a_file: int = MEMBERS_A_PART) -> Path:
    """Write checked records as Parquet by year and branch.

    Parameters
    ----------
    records : Records
        From ``load``: checked. Those of converted folders are copied file by
        file, and never all held.
    out : str or Path
        A folder that does not exist, is empty, or is what an earlier version
        left there half written.
    members_a_file : int
        Branches are put together until they have so many members. A branch
        never stands in two files of one table and year, unless the records
        come from several converted folders, each with its own part of it.

    Returns
    -------
    Path
        The folder, which every command and ``load`` accept.

    Raises
    ------
    UsageError
        Where the folder holds something.

    Examples
    --------
    >>> import tempfile
    >>> members = pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]})
    >>> folder = convert(Records.from_frames({"members": members}), Path(tempfile.mkdtemp()))
    >>> sorted(path.name for path in folder.iterdir())
    ['jifen.json', 'members.parquet']
    """
    folder = Path(out)
    with filling(folder, _half_written(folder)) as beside:
        manifest = _filled(beside, records, members_a_file)
        content = {"format": FORMAT, **asdict(manifest)}
        (beside / MANIFEST).write_text(seal(content), encoding="utf-8", newline="\n")
    return folder


def _half_written(folder: Path) -> tuple[str, ...]:
    """Return the names in a folder that holds parts of a conversion, no manifest and nothing else."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    parts = [path for path in files if is_part(path)]
    whole = len(files) == len(parts) + (folder / "members.parquet").is_file()
    return ("members.parquet", *TABLES) if parts and whole else ()


def _filled(folder: Path, records: Records, members_a_file: int) -> Manifest:
    """Write every file but the manifest."""
    parts = [_written(folder, "members.parquet", "members", 0, -1, records.members)]
    cut: list[Branches] = []
    for group in _groups(partitions(records, members_a_file), members_a_file):
        parts += _group_written(folder, len(cut), group)
        cut.append(tuple(dict.fromkeys(branch for part in group for branch in part.branches)))
    parts.sort(key=lambda part: (list(TABLES).index(part.table), part.year, part.block))
    return Manifest(tuple(parts), tuple(cut), records.sources, tuple(records.notes), version("jifen-analysis"))


def _groups(parts: Iterable[Partition], size: int) -> Iterator[list[Partition]]:
    """Put neighbouring parts together until they have so many members: a small folder's fill no file alone."""
    group: list[Partition] = []
    for part in parts:
        if group and sum(len(one.members) for one in (*group, part)) > size:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _group_written(folder: Path, block: int, group: Sequence[Partition]) -> Iterator[ConvertedFile]:
    """Write the records of a group, table by table: no more of them is held."""
    for table in (name for name in TABLES if name != "members"):
        frames = [part.records.table(table) for part in group if table in part.records.frames]
        if frames:
            frame = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
            yield from _table_written(folder, table, block, frame)


def _table_written(folder: Path, table: str, block: int, frame: pd.DataFrame) -> Iterator[ConvertedFile]:
    years = _years(frame)
    for year in np.unique(years).tolist():
        mine = frame[years == year].sort_values(next(iter(TABLES[table])), kind="stable")
        yield _written(folder, part_path(table, year, block), table, year, block, mine)


def _years(frame: pd.DataFrame) -> np.ndarray:
    if "date" in frame:
        return frame["date"].dt.year.to_numpy()
    at, each = different(frame["month" if "month" in frame else "period"])
    return each.str[:4].astype("int64").to_numpy()[at]


def _written(folder: Path, name: str, table: str, year: int, block: int, frame: pd.DataFrame) -> ConvertedFile:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(_arrow(table, frame), path, **WRITING)
    words = {
        column.words: tuple(str(word) for word in frame[column.name].dropna().unique())
        for column in TABLES[table].values()
        if column.kind == "word"
    }
    return ConvertedFile(name, table, year, block, len(frame), _months(table, frame), words, digest(path))


def _arrow(table: str, frame: pd.DataFrame) -> pa.Table:
    """Return a frame as any reader of Parquet understands it: words as text, dates as days."""
    days = {name: pa.array(frame[name], pa.date32()) for name, c in TABLES[table].items() if c.kind == "date"}
    coded = {name: pa.array(frame[name]) for name, c in TABLES[table].items() if c.kind == "word"}
    text = {name: values.dictionary_decode().cast(pa.large_string()) for name, values in coded.items()}
    origin = {name: frame[name] if name in frame else np.zeros(len(frame), "int32") for name in ORIGIN}
    plain = {name: frame[name] for name in TABLES[table]}
    arrays = {name: pa.array(values) for name, values in {**plain, **text, **days, **origin}.items()}
    return pa.table(arrays, pa.schema([_field(table, name, values.type) for name, values in arrays.items()]))


def _field(table: str, name: str, kind: pa.DataType) -> pa.Field:
    """Return a field that says where no value can be missing: it is read in half the time."""
    column = TABLES[table].get(name)
    return pa.field(name, kind, nullable=column is not None and not column.required and column.default is None)


def _months(table: str, frame: pd.DataFrame) -> tuple[int, ...]:
    if "date" in frame and table in ("attendance", "events"):
        month = frame["date"].to_numpy().astype("datetime64[M]").astype("int64") + 1970 * 12
        return tuple(int(one) for one in np.unique(month))
    return tuple(sorted(Period.parse(month).first for month in frame["month"].unique())) if "month" in frame else ()
