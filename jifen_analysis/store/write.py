"""Checked records, written once as Parquet and read again without a second check.

A converted folder holds ``members.parquet``, for every other table one file
for each year and group of whole branches, and ``jifen.json``: which branches
stand in which file, its SHA-256, where every record came from, what was noted,
and its own digest. The folder is there when all of it is written, or not at all;
a file that is not the one that was written is refused like any broken file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

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
from jifen_analysis.tables.coded import picked, positions
from jifen_analysis.tables.columns import ORIGIN, TEXTUAL
from jifen_analysis.tables.partition import MEMBERS_A_PART, Branches, blocks, homes

HELD = 1 << 26
"""Bytes of a table that are held before some of them are written."""
Place = tuple[int, int]
"""The number of a group of branches, and a year."""


@dataclass(frozen=True)
class Homes:
    """In which group of branches records are kept.

    Parameters
    ----------
    ids : Array
        Of the members, sorted.
    of_member : ndarray of int
        The group of each.
    of_branch : mapping of str to int
        The group of each branch.
    """

    ids: pa.Array
    of_member: np.ndarray
    of_branch: Mapping[str, int]

    @classmethod
    def of(cls, home: pd.Series, cut: Iterable[Branches]) -> Homes:
        """Return where the records of members are kept whose branches, by id, are known."""
        of_branch = {branch: at for at, names in enumerate(cut) for branch in names}
        of_member = home.map(of_branch).fillna(0).to_numpy("int64")
        return cls(pa.array(home.index, pa.string()), of_member, of_branch)

    def groups(self, batch: pa.Table) -> np.ndarray:
        """Return the group of each record: that of its branch, or of its member; the first where neither is known."""
        whose = _coded(batch.column("branch" if "branch" in batch.column_names else "member_id"))
        if "branch" in batch.column_names:
            each = np.array([self.of_branch.get(name, 0) for name in whose.dictionary.to_pylist()], "int64")
        else:
            each = np.append(self.of_member, 0)[positions(whose.dictionary, self.ids)]
        return picked(each, whose.indices)


@dataclass
class GroupFiles:
    """The files of a table while they are written.

    Parameters
    ----------
    folder : Path
        The converted folder.
    table : str
        Whose they are.
    """

    folder: Path
    table: str
    _waiting: dict[Place, list[pa.Table]] = field(default_factory=dict)  # last what was added to last
    _bytes: int = 0
    _written: dict[Place, list[ConvertedFile]] = field(default_factory=dict)

    def add(self, frame: pd.DataFrame, homes: Homes) -> None:
        """Add a batch, and write what has waited longest while too much is held."""
        for place, rows in _cut(arrow(self.table, frame), homes):
            self._waiting[place] = [*self._waiting.pop(place, ()), rows]
            self._bytes += rows.nbytes
        while self._bytes > HELD:
            self._write(next(iter(self._waiting)))

    def finish(self) -> Iterator[ConvertedFile]:
        """Write the rest, and yield what was written."""
        for place in [*self._waiting]:
            self._write(place)
        for place, pieces in self._written.items():
            yield pieces[0] if len(pieces) == 1 else self._sorted_together(place, pieces)

    def _write(self, place: Place) -> None:
        rows, before = self._waiting.pop(place), self._written.setdefault(place, [])
        self._bytes -= sum(one.nbytes for one in rows)
        name = part_path(self.table, place[1], place[0]) + (f".{len(before)}" if before else "")
        before.append(write_part(self.folder, name, self.table, place, pa.concat_tables(rows)))

    def _sorted_together(self, place: Place, pieces: Iterable[ConvertedFile]) -> ConvertedFile:
        paths = [self.folder / piece.path for piece in pieces]
        texts = [name for name, column in TABLES[self.table].items() if column.kind in (*TEXTUAL, "word")]
        read = [pq.read_table(path, read_dictionary=texts, partitioning=None) for path in paths]
        for path in paths:
            path.unlink()
        whole = pa.concat_tables(read)
        return write_part(self.folder, part_path(self.table, place[1], place[0]), self.table, place, whole)


def write_part(folder: Path, name: str, table: str, place: Place, rows: pa.Table) -> ConvertedFile:
    """Write records as one file, those of a long table by the texts of its first column, and say what is in it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    joined = rows.unify_dictionaries().combine_chunks()
    whole = pa.table([_canonical(values) for values in joined.columns], joined.schema)
    ordered = whole if table == "members" else _ordered(whole, next(iter(TABLES[table])))
    write_file(ordered, path)
    coded = [column for column in TABLES[table].values() if column.kind == "word"]
    words = {column.words: _words(whole.column(column.name)) for column in coded}
    block, year = place
    return ConvertedFile(name, table, year, block, len(whole), _months(table, whole), words, digest(path))


def write_file(rows: pa.Table, path: Path) -> None:
    """Write a file: a row group is a batch, what is read often need not be small, texts are but texts."""
    pq.write_table(
        rows,
        path,
        row_group_size=1 << 20,
        compression="snappy",
        store_schema=False,
        use_dictionary=[name for name in rows.column_names if name != "_row"],
        column_encoding={"_row": "DELTA_BINARY_PACKED"},  # rows mostly follow each other
        write_statistics=["_source"],  # nobody asks for least and largest of others
    )


def _words(values: pa.ChunkedArray) -> tuple[str, ...]:
    return tuple(sorted(word for word in pc.unique(values).to_pylist() if word is not None))


def _ordered(whole: pa.Table, column: str) -> pa.Table:
    """Return a table by the texts of a column; records of the same stay as they are."""
    place = _coded(whole.column(column)).indices.to_numpy()
    if (place[1:] >= place[:-1]).all():
        return whole
    return whole.take(pa.array(np.argsort(place, kind="stable")))


def _canonical(values: pa.ChunkedArray) -> pa.ChunkedArray | pa.DictionaryArray:
    """Return texts that point to the different ones among them, sorted: the same however they came together.

    Who reads the file finds the ids among those of the roster without a search where they are all there, in order.
    """
    if not pa.types.is_dictionary(values.type):
        return values
    coded = _coded(values)
    there = np.zeros(len(coded.dictionary), bool)
    there[coded.indices.drop_null().to_numpy()] = True
    order = pc.sort_indices(coded.dictionary).to_numpy()
    kept = order[there[order]]
    if len(kept) == len(order) and (kept[1:] > kept[:-1]).all():
        return coded
    place = np.zeros(len(order), "int32")
    place[kept] = np.arange(len(kept), dtype="int32")
    return pa.DictionaryArray.from_arrays(
        pc.take(pa.array(place), coded.indices, boundscheck=False), coded.dictionary.take(pa.array(kept))
    )


# ---------------------------------------------------------------- batches


def _cut(batch: pa.Table, homes: Homes) -> Iterator[tuple[Place, pa.Table]]:
    """Yield the records of each group and year, in their order."""
    key = homes.groups(batch) * _YEARS + _years(batch)
    if (key[1:] < key[:-1]).any():
        order = np.argsort(key, kind="stable")
        batch, key = batch.take(pa.array(order)), key[order]
    ends = [0, *(np.flatnonzero(key[1:] != key[:-1]) + 1).tolist(), len(key)]
    for low, high in pairwise(ends):
        if low < high:
            block, year = divmod(int(key[low]), _YEARS)
            yield (block, year), _alone(batch.slice(low, high - low))


_YEARS = 10_000


def _alone(rows: pa.Table) -> pa.Table:
    """Return some records of a batch; where these are few, without the texts of the others."""
    for at, column in enumerate(rows.schema):
        if pa.types.is_dictionary(column.type) and len(_coded(rows.column(at)).dictionary) > len(rows):
            rows = rows.set_column(at, column, rows.column(at).cast(pa.string()).dictionary_encode())
    return rows


def _coded(values: pa.ChunkedArray) -> pa.DictionaryArray:
    return values.chunk(0) if values.num_chunks == 1 else values.unify_dictionaries().combine_chunks()


def arrow(table: str, frame: pd.DataFrame) -> pa.Table:
    """Return a frame as any reader of Parquet understands it: words as text, days as days; each text once."""
    kinds = {name: column.kind for name, column in TABLES[table].items()}
    given = {name: frame[name] if name in frame else np.zeros(len(frame), "int32") for name in (*kinds, *ORIGIN)}
    arrays = {name: _array(values, kinds.get(name, "")) for name, values in given.items()}
    return pa.table(arrays, pa.schema([_field(table, name, values.type) for name, values in arrays.items()]))


def _array(given: Any, kind: str) -> pa.Array | pa.ChunkedArray:
    values = pa.array(given, pa.date32()) if kind == "date" else pa.array(given)
    if kind not in (*TEXTUAL, "word"):
        return values
    return (values if pa.types.is_dictionary(values.type) else values.dictionary_encode()).cast(_TEXT)


_TEXT = pa.dictionary(pa.int32(), pa.string())


def _field(table: str, name: str, kind: pa.DataType) -> pa.Field:
    """Return a field that says where no value can be missing: it is read in half the time."""
    column = TABLES[table].get(name)
    return pa.field(name, kind, nullable=column is not None and not column.required and column.default is None)


# ---------------------------------------------------------------- when records were


def _years(batch: pa.Table) -> np.ndarray:
    at, each = _moments(batch)
    if each.dtype.kind == "M":
        return picked(each.astype("datetime64[Y]").astype("int64") + 1970, at)
    return picked(np.array([int(one[:4]) for one in each], "int64"), at)


def _moments(batch: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    """Return for each record which of some days, months or periods it is of, and these."""
    if "date" in batch.column_names:
        days = batch.column("date").cast("int32").to_numpy()
        first, last = (int(days.min()), int(days.max())) if len(days) else (0, -1)
        return days - first, np.arange(first, last + 1).astype("datetime64[D]")
    values = _coded(batch.column("month" if "month" in batch.column_names else "period"))
    return values.indices.to_numpy(), np.array(values.dictionary.to_pylist(), object)


def _months(table: str, whole: pa.Table) -> tuple[int, ...]:
    if "month" not in whole.column_names and table not in ("attendance", "events"):
        return ()
    at, each = _moments(whole)
    there = each[np.flatnonzero(np.bincount(at, minlength=len(each)))]
    if there.dtype.kind == "M":
        return tuple(np.unique(there.astype("datetime64[M]").astype("int64") + 1970 * 12).tolist())
    return tuple(sorted({Period.parse(month).first for month in there}))


def convert(records: Records, out: str | Path, *, members_a_file: int = MEMBERS_A_PART) -> Path:
    """Write checked records as Parquet by year and branch.

    Parameters
    ----------
    records : Records
        From ``load``: checked. What stands in files is read batch by batch, and
        no table is held.
    out : str or Path
        A folder that does not exist, is empty, or is what an earlier version
        left there half written.
    members_a_file : int
        Branches are put together until they have so many members. A branch
        never stands in two files of one table and year.

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
    >>> import pandas as pd
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
    home = homes(records.members)
    cut = blocks(home, members_a_file)
    parts = [write_part(folder, "members.parquet", "members", (-1, 0), arrow("members", records.members))]
    of = Homes.of(home, cut)
    for table in (name for name in records.frames if name != "members"):
        files = GroupFiles(folder, table)
        for batch in records.batches(table, (*TABLES[table], *ORIGIN)):
            files.add(batch, of)
        parts += files.finish()
    parts.sort(key=lambda part: (list(TABLES).index(part.table), part.year, part.block))
    return Manifest(tuple(parts), cut, records.sources, tuple(records.notes), version("jifen-analysis"))
