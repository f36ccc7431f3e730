"""Checked records, written once as Parquet and read again without a second check.

A converted folder holds ``members.parquet``, for every other table one file
for each year and group of whole branches, and ``jifen.json``: which branches
stand in which file, its SHA-256, where every record came from, what was noted,
and its own digest. The folder is there when all of it is written, or not at all;
a file that is not the one that was written is refused like any broken file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jifen_analysis.periods import Period
from jifen_analysis.saving import filling
from jifen_analysis.sealing import digest, seal
from jifen_analysis.store.manifest import FORMAT, MANIFEST, ConvertedFile, Manifest, is_part, part_path
from jifen_analysis.tables import TABLES, Records
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.columns import ORIGIN
from jifen_analysis.tables.partition import MEMBERS_A_PART, Branches, Partition, homes, partitions
from jifen_analysis.tables.records import Stored

WRITING = MappingProxyType({"row_group_size": 1 << 20, "compression": "snappy", "store_schema": False})
"""How the files are written: a row group is a batch, what is read often need not be small, texts are but texts."""


def convert(records: Records, out: str | Path, *, members_a_file: int = MEMBERS_A_PART) -> Path:
    """Write checked records as Parquet by year and branch.

    Parameters
    ----------
    records : Records
        From ``load``: checked. Those of converted folders are copied file by
        file, those of a file a table a table at a time, and never all held.
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
    parts = [_written(folder, "members.parquet", "members", 0, -1, [records.members])]
    streamed = {name: of for name, of in records.frames.items() if isinstance(of, Stored) and not of.pieces()}
    others = {name: of for name, of in records.frames.items() if name not in streamed}
    cut: list[Branches] = []
    rest = replace(records, frames=MappingProxyType(others))
    for group in _groups(partitions(rest, members_a_file), members_a_file):
        parts += _group_written(folder, len(cut), group)
        cut.append(tuple(dict.fromkeys(branch for part in group for branch in part.branches)))
    block_of = homes(records.members).map({branch: at for at, names in enumerate(cut) for branch in names})
    for table, stored in streamed.items():
        parts += _stream_written(folder, table, stored, block_of.fillna(0).astype("int64"))
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
        mine = frame if (years == year).all() else frame[years == year]
        yield _written(folder, part_path(table, year, block), table, year, block, [mine])


def _stream_written(folder: Path, table: str, stored: Stored, block_of: pd.Series) -> Iterator[ConvertedFile]:
    """Write a table that is read batch by batch; of all of it each different text is held once."""
    held: dict[tuple[int, int], list[pd.DataFrame]] = {}
    for batch in stored.coded():
        at, each = different(batch["member_id"])
        key = block_of.reindex(pd.Index(each)).to_numpy()[at] * _YEARS + _years(batch)
        own = {one: batch if (key == one).all() else batch[key == one] for one in pd.unique(key).tolist()}
        for one, rows in own.items():
            held.setdefault(divmod(one, _YEARS), []).append(rows)
    for (block, year), frames in held.items():
        yield _written(folder, part_path(table, year, block), table, year, block, frames)
        frames.clear()


_YEARS = 10_000


def _years(frame: pd.DataFrame) -> np.ndarray:
    at, each = _moments(frame)
    if each.dtype.kind == "M":
        return (each.astype("datetime64[Y]").astype("int64") + 1970)[at]
    return np.array([int(one[:4]) for one in each], "int64")[at]


def _moments(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return for each record which of some days, months or periods it is of, and these, rising."""
    if "date" in frame:
        days = frame["date"].to_numpy().astype("datetime64[D]").astype("int64")
        first, last = (int(days.min()), int(days.max())) if len(days) else (0, -1)
        return days - first, np.arange(first, last + 1).astype("datetime64[D]")
    at, each = different(frame["month" if "month" in frame else "period"])
    return at, np.asarray(each, object)


def _written(
    folder: Path, name: str, table: str, year: int, block: int, frames: Sequence[pd.DataFrame]
) -> ConvertedFile:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = pa.concat_tables([_arrow(table, frame) for frame in frames]).unify_dictionaries()
    ordered = whole if table == "members" else _ordered(whole, next(iter(TABLES[table])))
    pq.write_table(ordered, path, **WRITING)
    coded = [column for column in TABLES[table].values() if column.kind == "word"]
    words = {column.words: _different_words(frame[column.name] for frame in frames) for column in coded}
    months = sorted({month for frame in frames for month in _months(table, frame)})
    return ConvertedFile(name, table, year, block, len(whole), tuple(months), words, digest(path))


def _different_words(columns: Iterable[pd.Series]) -> tuple[str, ...]:
    return tuple(sorted({str(word) for values in columns for word in values.dropna().unique()}))


def _ordered(whole: pa.Table, column: str) -> pa.Table:
    """Return a table by the texts of a column; records of the same stay as they are."""
    values = whole.column(column)
    if pa.types.is_dictionary(values.type):
        coded = values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)
        rank = np.argsort(pc.sort_indices(coded.dictionary).to_numpy())
        place = rank[coded.indices.to_numpy()]
        return whole if (place[1:] >= place[:-1]).all() else whole.take(np.argsort(place, kind="stable"))
    return whole.take(pc.sort_indices(values))


def _arrow(table: str, frame: pd.DataFrame) -> pa.Table:
    """Return a frame as any reader of Parquet understands it: words as text, days as days."""
    days = {name: pa.array(frame[name], pa.date32()) for name, c in TABLES[table].items() if c.kind == "date"}
    origin = {name: frame[name] if name in frame else np.zeros(len(frame), "int32") for name in ORIGIN}
    plain = {name: frame[name] for name in TABLES[table]}
    arrays = {name: _shared(pa.array(values)) for name, values in {**plain, **days, **origin}.items()}
    return pa.table(arrays, pa.schema([_field(table, name, values.type) for name, values in arrays.items()]))


def _shared(values: pa.Array) -> pa.Array:
    """Return texts that are held once each as Parquet's own writer takes them."""
    if not pa.types.is_dictionary(values.type):
        return values
    return pa.DictionaryArray.from_arrays(values.indices.cast("int32"), values.dictionary.cast(pa.string()))


def _field(table: str, name: str, kind: pa.DataType) -> pa.Field:
    """Return a field that says where no value can be missing: it is read in half the time."""
    column = TABLES[table].get(name)
    return pa.field(name, kind, nullable=column is not None and not column.required and column.default is None)


def _months(table: str, frame: pd.DataFrame) -> set[int]:
    if "month" not in frame and table not in ("attendance", "events"):
        return set()
    at, each = _moments(frame)
    there = each[np.flatnonzero(np.bincount(at, minlength=len(each)))]
    if there.dtype.kind == "M":
        return set((there.astype("datetime64[M]").astype("int64") + 1970 * 12).tolist())
    return {Period.parse(month).first for month in there}
