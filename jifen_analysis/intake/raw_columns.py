"""The columns of a long table in a file of its own, read by batches; here those of Parquet files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath
from threading import Lock

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jifen_analysis.intake.files import DataFile
from jifen_analysis.intake.held_tables import HeldTable
from jifen_analysis.intake.layouts.readings.listed import best_table
from jifen_analysis.intake.layouts.spellings import find_tables
from jifen_analysis.intake.parquet import header_grid, is_text, read_distinct
from jifen_analysis.intake.text_values import LIST, stand_as_written
from jifen_analysis.tables import TABLES, Column
from jifen_analysis.tables.screening import LONG, UnclearError
from jifen_analysis.vocabulary import Vocabulary

BATCH = 1 << 18
"""Records that are read at a time."""


@dataclass
class Tally:
    """What was counted while a file was read once: its batches and records, and the filled cells of each column."""

    batches: int = 0
    rows: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    read: int = 0  # bytes of the file up to where it was read

    @classmethod
    def together(cls, parts: Iterable[Tally]) -> Tally:
        """Return what was counted of several parts of a file."""
        whole = cls()
        for part in parts:
            whole.batches, whole.rows = whole.batches + part.batches, whole.rows + part.rows
            whole.filled.update(part.filled)
            whole.read += part.read
        return whole


@dataclass
class Part:
    """Consecutive records of a table while they are looked through, what was counted of them, and what was kept."""

    tally: Tally
    batches: Iterator[pa.RecordBatch]
    kept: list[pa.RecordBatch] = field(default_factory=list)


@dataclass
class Room:
    """Bytes that are left for all tables together, until nobody wants them any more."""

    left: int
    closed: bool = False
    _lock: Lock = field(default_factory=Lock)

    def take(self, wanted: int) -> bool:
        """Take so many bytes (give them back below nought) where they are left, and return whether they were."""
        with self._lock:
            there = wanted <= self.left
            self.left -= wanted if there else 0
        return there


@dataclass
class Kept:
    """The batches of a table, as long as there is room: what is read twice is read once."""

    room: Room
    parts: Sequence[Part]  # of the table, in order
    wanted: bool = True  # whether any are kept

    @property
    def batches(self) -> list[pa.RecordBatch]:
        """What was kept, in order."""
        return [batch for part in self.parts for batch in part.kept]

    def keeping(self) -> Iterator[pa.RecordBatch]:
        """Yield batches as they are read, those of all parts in turn, and keep them narrow while there is room.

        Raises
        ------
        UnclearError
            Where the room was closed: whoever asked for the table was broken off.
        """
        for part, batch in in_turn(self.parts):
            if self.room.closed:
                raise UnclearError
            if self.wanted:
                self._keep(part, _narrow(batch))
            yield widened(batch)

    def _keep(self, part: Part, batch: pa.RecordBatch) -> None:
        if self.room.take(batch.nbytes):
            part.kept.append(batch)
            return
        self.room.take(-sum(one.nbytes for one in self.batches))
        for one in self.parts:
            one.kept.clear()
        self.wanted = False


def in_turn(parts: Sequence[Part]) -> Iterator[tuple[Part, pa.RecordBatch]]:
    """Yield the batches of several parts in turn, each part read by a thread of its own, one batch ahead."""
    if len(parts) == 1:
        yield from ((parts[0], batch) for batch in parts[0].batches)
        return
    with ThreadPoolExecutor(len(parts)) as readers:
        coming = deque((part, readers.submit(next, part.batches, None)) for part in parts)
        while coming:
            part, read = coming.popleft()
            if (batch := read.result()) is not None:
                coming.append((part, readers.submit(next, part.batches, None)))
                yield part, batch


def _narrow(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch in which few different values are pointed to by a byte each, or two, or by runs of the same."""
    return pa.RecordBatch.from_pydict({name: _narrowed(batch[name]) for name in batch.schema.names})


def _narrowed(values: pa.Array) -> pa.Array:
    if not pa.types.is_dictionary(values.type):
        return values
    fitting = [kind for most, kind in _FEW.items() if len(values.dictionary) <= most]
    indices = values.indices.cast(fitting[0]) if fitting else values.indices
    return _by_runs(pa.DictionaryArray.from_arrays(indices, values.dictionary))


def _by_runs(values: pa.DictionaryArray) -> pa.Array:
    """Return values by their runs where these are few, as where records come member by member."""
    if values.null_count or not len(values):
        return values
    at = values.indices.to_numpy()
    ends = np.append(np.flatnonzero(at[1:] != at[:-1]) + 1, len(at))
    if _RUN * len(ends) > len(at):
        return values
    each = pa.DictionaryArray.from_arrays(values.indices.take(pa.array(ends - 1)), values.dictionary)
    return pa.RunEndEncodedArray.from_arrays(pa.array(ends, pa.int32()), each)


def _spread(runs: pa.RunEndEncodedArray) -> pa.DictionaryArray:
    """Return each value of runs as often as it stands."""
    times = np.diff(runs.run_ends.to_numpy(), prepend=0)
    return pa.DictionaryArray.from_arrays(np.repeat(runs.values.indices.to_numpy(), times), runs.values.dictionary)


_RUN = 4
"""Records in a run, on the average, from which on runs take less room."""
_FEW = {127: "int8", 32767: "int16"}


def widened(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch in which numbers and days stand themselves; texts are pointed to."""
    return pa.RecordBatch.from_pydict({name: _widened(batch[name]) for name in batch.schema.names})


def _widened(values: pa.Array) -> pa.Array:
    values = _spread(values) if pa.types.is_run_end_encoded(values.type) else values
    if not pa.types.is_dictionary(values.type) or pa.types.is_string(values.type.value_type):
        return values
    return pc.take(values.dictionary, values.indices, boundscheck=False)


def given_back(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield batches, and then give back the memory that reading took on the way, several times that of a batch."""
    try:
        yield from batches
    finally:
        pa.default_memory_pool().release_unused()


@dataclass(frozen=True, eq=False, kw_only=True)
class RawColumns(ABC):
    """A long table as its file has it."""

    table: str  # what it is
    names: tuple[str, ...]  # what the file calls its columns, in order
    columns: Mapping[str, int]  # where each canonical column stands in the file
    words: Vocabulary  # the words that may occur
    first: int  # the number of the row of the first record
    kept: bool  # whether reading it again costs more than room for what was read

    @abstractmethod
    def read(self, columns: Collection[str]) -> Iterator[pa.RecordBatch]:
        """Yield canonical columns, every value read; raise UnclearError where one cannot be read as it stands."""

    @abstractmethod
    def looked_through(self) -> Sequence[Part]:
        """Return its parts, unread: all canonical columns, each different value once where that is known, counted.

        All of it must be in order.
        """


@dataclass(frozen=True, eq=False, kw_only=True)
class ParquetColumns(RawColumns):
    """The columns of a Parquet file."""

    file: Path | pa.Buffer
    first: int = 1
    kept: bool = False  # held, it would take more time and memory than to decode it again

    def read(self, columns: Collection[str]) -> Iterator[pa.RecordBatch]:
        """Do as :meth:`RawColumns.read`."""
        wanted = {name: self.names[at] for name, at in self.columns.items() if name in columns}
        read = {name: _reading(TABLES[self.table][name], self.words) for name in wanted}
        for batch in _parquet(self.file, tuple(wanted.values())):
            yield pa.RecordBatch.from_pydict({name: read[name](batch[own]) for name, own in wanted.items()})

    def looked_through(self) -> Sequence[Part]:
        """Return all of it as one part, counted by what the file says of itself."""
        tally = Tally()
        return [Part(tally, self._counted(tally))]

    def _counted(self, tally: Tally) -> Iterator[pa.RecordBatch]:
        said = pq.read_metadata(self.file)
        tally.rows = said.num_rows
        if not tally.rows:  # soon read row by row
            raise UnclearError
        tally.batches = -(-tally.rows // BATCH)
        groups = [said.row_group(at) for at in range(said.num_row_groups)]
        for at, name in enumerate(self.names):
            tally.filled[name] = sum(group.num_rows - _nulls(group.column(at)) for group in groups)
        size, seen = self.file.size if isinstance(self.file, pa.Buffer) else self.file.stat().st_size, 0
        for batch in self.read(self.columns):
            yield batch
            seen += len(batch)
            tally.read = size * seen // tally.rows


def parquet_columns_of(file: DataFile | HeldTable, words: Vocabulary) -> ParquetColumns | None:
    """Return the long table in a Parquet file, where it holds one and nothing that must be looked for."""
    try:
        schema = pq.read_schema(file.parquet)
    except (pa.ArrowException, OSError):
        return None
    names = tuple(schema.names)
    header = best_table(header_grid(names, file.name), 0, find_tables((PurePath(file.name).stem,), words), frozenset())
    if header is None or header.missing(frozenset()) or header.table not in LONG or len(set(names)) < len(names):
        return None
    if header.rivals or header.doubled:  # two columns of one meaning are held against each other where cells are read
        return None
    columns = {name: at for name, at in header.columns.items() if name in TABLES[header.table]}
    required = {name for name, column in TABLES[header.table].items() if column.required}
    plain = all(_is_plain(schema.field(at).type, TABLES[header.table][name]) for name, at in columns.items())
    if not plain or not required <= set(columns):
        return None
    return ParquetColumns(file=file.parquet, table=header.table, columns=columns, names=names, words=words)


def _is_plain(kind: pa.DataType, column: Column) -> bool:
    """Return whether a type of Parquet is one that a column is written in by whoever knows types."""
    if column.kind in LIST:
        return is_text(kind)
    if column.kind == "date":
        return pa.types.is_date32(kind) or (pa.types.is_timestamp(kind) and kind.tz is None)
    return pa.types.is_integer(kind) or pa.types.is_floating(kind)


def _parquet(file: Path | pa.Buffer, names: Collection[str]) -> Iterator[pa.RecordBatch]:
    texts = [field.name for field in pq.read_schema(file) if field.name in names and is_text(field.type)]
    with pq.ParquetFile(file, read_dictionary=texts, pre_buffer=False) as held:  # not the whole file at once
        yield from given_back(held.iter_batches(BATCH, columns=list(names), use_threads=False))


def _nulls(column: pq.ColumnChunkMetaData) -> int:
    """Return how many values of a column are said to be missing; where nothing is said, none."""
    said = column.statistics
    return said.null_count if said is not None and said.has_null_count else 0


# ---------------------------------------------------------------- values


def _reading(column: Column, words: Vocabulary) -> Callable[[pa.Array], pa.Array]:
    """Return what reads the values of a column, batch by batch: those of a row group share their different texts."""
    if column.kind not in LIST:
        return partial(_number, column)
    said: dict[str, str | None] = {}
    last: list[tuple[pa.Array, pa.DictionaryArray | None]] = []

    def read(values: pa.DictionaryArray) -> pa.DictionaryArray:
        if not last or not last[0][0].equals(values.dictionary):
            last[:] = [(values.dictionary, _meaning(values.dictionary, column, words, said))]
        meaning = last[0][1]
        if meaning is None:
            return pa.DictionaryArray.from_arrays(values.indices, last[0][0], safe=False)  # held once for all batches
        return pa.DictionaryArray.from_arrays(meaning.indices.take(values.indices), meaning.dictionary, safe=False)

    return read


def _meaning(texts: pa.Array, column: Column, words: Vocabulary, said: dict[str, str | None]) -> pa.Array | None:
    """Return what different texts are read as, nothing where each says what it is; what each says is noted."""
    if stand_as_written(texts, column.kind):
        return None
    given = texts.to_pylist()
    if new := [text for text in given if text not in said]:
        read = read_distinct(pd.Series(new, dtype="str"), column, words)
        if read is None:
            raise UnclearError
        said |= dict(zip(new, read.astype("object").where(read.notna(), None).tolist(), strict=True))
    meant = [said[text] for text in given]
    if meant == given:
        return None
    codes, known = pd.factorize(pd.Series(meant, dtype="str"))
    place = pa.array(codes, pa.int32(), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(place, pa.array(known, pa.string()))


def _number(column: Column, values: pa.Array) -> pa.Array:
    """Return numbers and days in the type of their column; nothing may be lost."""
    if column.kind != "date":
        whole = values.cast("float64" if column.kind == "number" else "int64")
        return whole.fill_null(column.default) if column.default is not None and whole.null_count else whole
    days = values.cast("date32")
    if not pa.types.is_date32(values.type) and not days.cast(values.type).equals(values):
        raise UnclearError
    return days
