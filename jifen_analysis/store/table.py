"""Tables in Parquet files that were written by ``convert``: read batch by batch, as far as they are asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jifen_analysis.errors import InvalidRecords, Problem, Text
from jifen_analysis.tables import TABLES
from jifen_analysis.tables.columns import ORIGIN, dtype
from jifen_analysis.tables.records import Stored
from jifen_analysis.vocabulary import Vocabulary

_Batch = TypeVar("_Batch")
_REPEATING = ("id", "month", "period", "word")
"""Kinds of columns with few different values a file: Parquet keeps each once, and so do we."""
AS_READ = (*_REPEATING, "date")
"""Kinds that are used as the whole numbers in which Parquet has them."""
_AT_ONCE = 4
"""Tables that are added up at the same time: attendance, dues, events, and what others submitted."""
CHANGED = Text("文件在转换之后改动过,请重新转换", "changed since it was converted; convert again")


@dataclass(frozen=True)
class StoredFile:
    """One file of a table, and how it is read.

    Parameters
    ----------
    path : Path
        Where it stands.
    rows : int
        How many records it holds.
    branches : tuple of str
        Whose.
    months : frozenset of int
        The integer months in which they fall.
    numbers : ndarray of int32, optional
        What number each source of its folder has among those of all folders; at 0, that of records without one.
    left_out : ndarray of int
        Rows that are not read, rising.
    """

    path: Path
    rows: int
    branches: tuple[str, ...] = ()
    months: frozenset[int] = frozenset()
    numbers: np.ndarray | None = None
    left_out: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype="int64"))

    @property
    def left(self) -> int:
        """How many records are read."""
        return self.rows - len(self.left_out)

    def without(self, rows: np.ndarray) -> StoredFile:
        """Return the file without some of the rows that are read."""
        read = np.delete(np.arange(self.rows), self.left_out) if len(rows) else rows
        return replace(self, left_out=np.union1d(self.left_out, read[rows]))

    def kept(self, batch: pd.DataFrame, at: int) -> pd.DataFrame:
        """Return the rows of a batch that are read, with the numbers of their sources; it begins at row ``at``."""
        if self.numbers is not None and "_source" in batch:
            batch = batch.assign(_source=self.numbers[batch["_source"].to_numpy()])
        low, high = np.searchsorted(self.left_out, [at, at + len(batch)])
        return (
            batch if low == high else batch.drop(index=(self.left_out[low:high] - at).tolist()).reset_index(drop=True)
        )


@dataclass(frozen=True)
class StoredTable(Stored):
    """One table in any number of files, of one folder or of several; each row group of a file is a batch.

    Parameters
    ----------
    table : str
        Its name.
    words : Vocabulary
        The words that may occur.
    files : tuple of StoredFile
        Where it stands.
    """

    table: str
    words: Vocabulary
    files: tuple[StoredFile, ...]

    def __len__(self) -> int:
        return sum(_row_groups(file.path) for file in self.files)

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return self._read(self._columns, self._types)

    @property
    def rows(self) -> int:
        """Number of records."""
        return sum(file.left for file in self.files)

    def narrow(self, columns: Iterable[str]) -> Iterator[pd.DataFrame]:
        """Yield the batches with only some columns; what need not be spelt out stays as Arrow reads it."""
        types = {name: wanted for name, wanted in self._types.items() if TABLES[self.table][name].kind not in AS_READ}
        return read_ahead(self._read(tuple(columns), types))

    def months(self) -> frozenset[int]:
        """Return the integer months in which its records fall, as was noted when they were written."""
        return frozenset().union(*(file.months for file in self.files))

    def pieces(self) -> Mapping[tuple[str, ...], StoredTable]:
        """Return its parts under the branches whose records they hold, still unread."""
        files: dict[tuple[str, ...], tuple[StoredFile, ...]] = {}
        for file in self.files:
            files[file.branches] = (*files.get(file.branches, ()), file)
        return {branches: replace(self, files=own) for branches, own in files.items()}

    def without(self, rows: np.ndarray) -> StoredTable:
        """Return the table without some rows: counted through its batches, rising."""
        starts = np.cumsum([0, *(file.left for file in self.files)])
        own = (rows[slice(*np.searchsorted(rows, ends))] - ends[0] for ends in pairwise(starts))
        files = (file.without(some) for file, some in zip(self.files, own, strict=True))
        return replace(self, files=tuple(file for file in files if file.left))

    @property
    def _columns(self) -> tuple[str, ...]:
        return (*TABLES[self.table], *ORIGIN)

    @cached_property
    def _types(self) -> Mapping[str, Any]:
        return {name: dtype(column, self.words) for name, column in TABLES[self.table].items()}

    def _open(self, path: Path) -> pq.ParquetFile:
        kinds = {name: column.kind for name, column in TABLES[self.table].items()}
        if self.table == "members":
            del kinds["member_id"]  # nearly all different
        return pq.ParquetFile(path, read_dictionary=[name for name, kind in kinds.items() if kind in _REPEATING])

    def _read(self, columns: tuple[str, ...], types: Mapping[str, Any]) -> Iterator[pd.DataFrame]:
        for file in self.files:
            with _unchanged(file.path):
                yield from self._frames(file, columns, types)

    def _frames(self, file: StoredFile, columns: tuple[str, ...], types: Mapping[str, Any]) -> Iterator[pd.DataFrame]:
        at = 0
        with self._open(file.path) as opened:
            for group in range(opened.num_row_groups):
                yield file.kept(self._frame(opened, group, columns, types), at)
                at += opened.metadata.row_group(group).num_rows

    def _frame(
        self, file: pq.ParquetFile, group: int, columns: tuple[str, ...], types: Mapping[str, Any]
    ) -> pd.DataFrame:
        kinds = {name: column.kind for name, column in TABLES[self.table].items()}

        def values(name: str) -> Any:
            # In one thread: the others are busy with the batch before this one.
            read = file.read_row_group(group, [name], use_threads=False).column(name)
            return typed_values(read, kinds.get(name, "number"), types.get(name))

        # One after the other: what Arrow reads and what is made of it need never be there for all of them.
        return pd.DataFrame({name: values(name) for name in columns}, copy=False)


@contextmanager
def _unchanged(path: Path) -> Iterator[None]:
    """Say of a file that it was changed where it cannot be read: it could when the folder was opened."""
    try:
        yield
    except (OSError, pa.ArrowInvalid) as fault:
        raise InvalidRecords((Problem("error", "changed", CHANGED, str(path)),)) from fault


def _row_groups(path: Path) -> int:
    with _unchanged(path):
        return int(pq.read_metadata(path).num_row_groups)


def holds(path: Path, table: str, rows: int, sources: int) -> bool:
    """Return whether a file holds so many records of a table, each of one of so many sources."""
    try:
        found = pq.read_metadata(path)
    except pa.ArrowException:
        return False
    columns = [found.schema.column(at).name for at in range(found.num_columns)]
    if found.num_rows != rows or not {*TABLES[table], *ORIGIN} <= set(columns):
        return False
    origins = (found.row_group(at).column(columns.index("_source")).statistics for at in range(found.num_row_groups))
    known = [origin for origin in origins if origin is not None and origin.has_min_max]
    return all(0 <= origin.min <= origin.max <= sources for origin in known)


def read_ahead(batches: Iterator[_Batch]) -> Iterator[_Batch]:
    """Read the next batch while the one in hand is worked on: decoding holds no lock.

    But not on few processors: tables that are added up at the same time leave none of them idle, and threads wait for
    each other.

    Examples
    --------
    >>> list(read_ahead(iter([pd.DataFrame({"due": [2.0]})])))[0]["due"].tolist()
    [2.0]
    """
    if (os.cpu_count() or 1) <= _AT_ONCE:
        yield from batches
        return
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch


def typed_values(values: pa.ChunkedArray, kind: str, wanted: Any) -> Any:
    """Return a column of a kind as its table has it in memory, or as it was read where no type is wanted."""
    if kind == "number":
        return values.to_numpy()
    if wanted is None:
        return pd.arrays.ArrowExtensionArray(values)
    if kind == "word":
        return pd.Categorical.from_codes(_codes(values, wanted.categories), dtype=wanted)
    if kind == "date":
        return values.to_numpy().astype(wanted)
    plain = values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
    return plain.to_pandas(types_mapper=lambda _: wanted)


def _codes(values: pa.ChunkedArray, categories: pd.Index) -> np.ndarray:
    coded = _one(values)
    place = pc.index_in(coded.dictionary, pa.array(categories, coded.dictionary.type))
    indices = coded.indices.fill_null(-1) if coded.indices.null_count else coded.indices
    return np.append(place.to_numpy(zero_copy_only=False).astype("int8"), np.int8(-1))[indices.to_numpy()]


def _one(values: pa.ChunkedArray) -> pa.DictionaryArray:
    if values.num_chunks == 1:
        return values.chunk(0)
    return (
        values.unify_dictionaries().combine_chunks() if values.num_chunks else pa.array([], "str").dictionary_encode()
    )
