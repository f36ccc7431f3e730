"""Long tables as a data office hands them over: one file each, typed or of text, never held whole.

Their columns are read batch by batch, once to be screened and again whenever they are added up. What a text says is
read once for each different one.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jifen_analysis.errors import InvalidRecords, Problem, Text
from jifen_analysis.intake.check import Check
from jifen_analysis.intake.combine import Joined
from jifen_analysis.intake.files import DataFile
from jifen_analysis.intake.grid import UnreadableError, form
from jifen_analysis.intake.layouts.block import FATES, Fate
from jifen_analysis.intake.layouts.readings.listed import best_table
from jifen_analysis.intake.layouts.spellings import find_tables
from jifen_analysis.intake.parquet import AS_IT_STANDS, header_grid, read_distinct
from jifen_analysis.intake.validation import told_tables, validate_records
from jifen_analysis.periods import Kind
from jifen_analysis.store.table import AS_READ, read_ahead, typed_values
from jifen_analysis.tables import TABLES, Column, Source
from jifen_analysis.tables.coded import CodedTable, encode_texts
from jifen_analysis.tables.columns import ORIGIN, TEXTUAL, blank_values, dtype, typed_columns
from jifen_analysis.tables.records import Stored
from jifen_analysis.tables.screening import LONG, People, Screened, UnclearError, screen
from jifen_analysis.vocabulary import Vocabulary

BATCH = 1 << 18
"""Records that are read at a time."""
_LIST = (*TEXTUAL, "word")
"""Kinds of columns whose values are text."""


@dataclass(frozen=True, eq=False)
class RawTable(Stored):
    """A long table in a file of its own.

    Parameters
    ----------
    file : DataFile
        Where it stands.
    table : str
        What it is.
    columns : mapping of str to int
        Where each canonical column stands in the file.
    names : tuple of str
        What the file calls its columns.
    words : Vocabulary
        The words that may occur.
    state : tuple of int
        Size and time of the file when it was opened.
    source : int
        Its number among the sources.
    known_months : frozenset of int
        The integer months in which its records fall.
    """

    file: DataFile
    table: str
    columns: Mapping[str, int]
    names: tuple[str, ...]
    words: Vocabulary
    state: tuple[int, int]
    source: int = 0
    known_months: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return -(-self.rows // BATCH)

    @property
    def rows(self) -> int:
        """Number of records."""
        return int(pq.read_metadata(self.file.path).num_rows)

    def __iter__(self) -> Iterator[pd.DataFrame]:
        at = 1
        for batch in self.batches():
            rows = np.arange(at, at + len(batch), dtype="int32")
            origin = dict(zip(ORIGIN, (np.full_like(rows, self.source), rows, np.zeros_like(rows)), strict=True))
            yield self._frame(batch, tuple(TABLES[self.table]), spelt=True).assign(**origin)
            at += len(batch)

    def narrow(self, columns: Iterable[str]) -> Iterator[pd.DataFrame]:
        """Yield the batches with only some columns; what need not be spelt out stays as Arrow reads it."""
        wanted = tuple(columns)
        return read_ahead(self._frame(batch, wanted, spelt=False) for batch in self.batches(wanted))

    @property
    def filled(self) -> Mapping[str, int]:
        """How many cells of each column of the file are not blank."""
        found = pq.read_metadata(self.file.path)
        groups = [found.row_group(at) for at in range(found.num_row_groups)]
        return {
            name: sum(group.num_rows - _nulls(group.column(at)) for group in groups)
            for at, name in enumerate(self.names)
        }

    def months(self) -> frozenset[int]:
        """Return the integer months in which its records fall."""
        return self.known_months

    def pieces(self) -> Mapping[tuple[str, ...], Stored]:
        """Return nothing: it is not cut by branch."""
        return {}

    def batches(self, columns: Iterable[str] = ()) -> Iterator[pa.RecordBatch]:
        """Yield its columns (all by default), by canonical name, every value read.

        Raises
        ------
        UnclearError
            Where a value cannot be read as it stands.
        InvalidRecords
            Where the file is no longer the one that was checked.
        """
        wanted = {name: self.names[at] for name, at in self.columns.items() if not columns or name in columns}
        if _state(self.file.path) != self.state:
            text = Text("文件在查验之后改动过,请重新读入", "changed since it was checked; load it again")
            raise InvalidRecords((Problem("error", "changed", text, self.file.name),))
        read = {name: _reading(TABLES[self.table][name], self.words) for name in wanted}
        for batch in _parquet(self.file.path, tuple(wanted.values())):
            yield pa.RecordBatch.from_pydict({name: read[name](batch[own]) for name, own in wanted.items()})

    def _frame(self, batch: pa.RecordBatch, names: tuple[str, ...], *, spelt: bool) -> pd.DataFrame:
        columns = TABLES[self.table]
        return pd.DataFrame({name: self._values(batch, columns[name], spelt=spelt) for name in names}, copy=False)

    def _values(self, batch: pa.RecordBatch, column: Column, *, spelt: bool) -> Any:
        if column.name not in batch.schema.names:
            return blank_values(column, len(batch), self.words)
        as_read = not spelt and column.kind in AS_READ
        return typed_values(
            pa.chunked_array([batch[column.name]]), column.kind, None if as_read else dtype(column, self.words)
        )


def _state(path: Path) -> tuple[int, int]:
    """Return size and time of a file; of one that is gone, nothing."""
    found = path.stat() if path.exists() else None
    return (found.st_size, found.st_mtime_ns) if found else (0, 0)


# ---------------------------------------------------------------- opening


def raw_table(file: DataFile, words: Vocabulary) -> RawTable | None:
    """Return the long table in a file, where it holds one and nothing that must be looked for."""
    if form(file.path) != "parquet":
        return None
    try:
        schema = pq.read_schema(file.path)
    except (pa.ArrowException, OSError):
        return None
    names = tuple(schema.names)
    header = best_table(header_grid(names, file.name), 0, find_tables((PurePath(file.name).stem,), words), frozenset())
    if header is None or header.missing(frozenset()) or header.table not in LONG or len(set(names)) < len(names):
        return None
    columns = {name: at for name, at in header.columns.items() if name in TABLES[header.table]}
    required = {name for name, column in TABLES[header.table].items() if column.required}
    plain = all(_is_plain(schema.field(at).type, TABLES[header.table][name]) for name, at in columns.items())
    return (
        RawTable(file, header.table, columns, names, words, _state(file.path))
        if plain and required <= set(columns)
        else None
    )


def _is_plain(kind: pa.DataType, column: Column) -> bool:
    """Return whether a type of Parquet is one that a column is written in by whoever knows types."""
    if column.kind in _LIST:
        return pa.types.is_string(kind) or pa.types.is_large_string(kind)
    if column.kind == "date":
        return pa.types.is_date32(kind) or (pa.types.is_timestamp(kind) and kind.tz is None)
    return pa.types.is_integer(kind) or pa.types.is_floating(kind)


def _parquet(path: Path, names: Collection[str]) -> Iterator[pa.RecordBatch]:
    texts = [field.name for field in pq.read_schema(path) if field.name in names and _is_text(field.type)]
    with pq.ParquetFile(path, read_dictionary=texts) as file:
        yield from file.iter_batches(BATCH, columns=list(names), use_threads=False)


def _nulls(column: pq.ColumnChunkMetaData) -> int:
    """Return how many values of a column are said to be missing; where nothing is said, none."""
    said = column.statistics
    return said.null_count if said is not None and said.has_null_count else 0


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


# ---------------------------------------------------------------- values


def _reading(column: Column, words: Vocabulary) -> Callable[[pa.Array], pa.Array]:
    """Return what reads the values of a column, batch by batch: those of a row group share their different texts."""
    if column.kind not in _LIST:
        return partial(_number, column)
    last: list[tuple[pa.Array, _Meaning | None]] = []

    def read(values: pa.DictionaryArray) -> pa.DictionaryArray:
        if not last or not last[0][0].equals(values.dictionary):
            last[:] = [(values.dictionary, _meaning(values.dictionary, column, words))]
        meaning = last[0][1]
        if meaning is None:
            return values
        return pa.DictionaryArray.from_arrays(meaning.place.take(values.indices), meaning.texts)

    return read


@dataclass(frozen=True)
class _Meaning:
    """What different texts are read as: the place of each among what they say."""

    place: pa.Array
    texts: pa.Array


def _meaning(texts: pa.Array, column: Column, words: Vocabulary) -> _Meaning | None:
    """Return what different texts are read as; nothing where each says what it is."""
    if column.kind == "id" and pc.all(pc.match_substring_regex(texts, f"^{AS_IT_STANDS}$"), min_count=0).as_py():
        return None
    given = pd.Series(texts.to_pandas(), dtype="str")
    read, bad = read_distinct(given, column, words)
    if bad.any():
        raise UnclearError
    codes, known = pd.factorize(read.astype("str"))
    if np.array_equal(known, given):
        return None
    return _Meaning(pa.array(codes, pa.int32(), mask=codes < 0), pa.array(known, pa.string()))


def _number(column: Column, values: pa.Array) -> pa.Array:
    """Return numbers and days in the type of their column; nothing may be lost."""
    if column.kind != "date":
        whole = values.cast("float64" if column.kind == "number" else "int64")
        return whole.fill_null(column.default) if column.default is not None and whole.null_count else whole
    days = values.cast("date32")
    if not pa.types.is_date32(values.type) and not days.cast(values.type).equals(values):
        raise UnclearError
    return days


# ---------------------------------------------------------------- checking


def raw_tables(files: Sequence[DataFile], words: Vocabulary) -> tuple[RawTable, ...]:
    """Return the long tables of a folder of typed files, each in one of them; none where others lie beside them."""
    if not all(map(_is_parquet, files)):
        return ()
    found = [table for file in files if (table := raw_table(file, words)) is not None]
    alone = Counter(one.table for one in found)
    return tuple(one for one in found if alone[one.table] == 1) if set(alone.values()) == {1} else ()


def _is_parquet(file: DataFile) -> bool:
    try:
        return form(file.path) == "parquet"
    except (UnreadableError, OSError):  # told where files are opened
        return False


def check_raw(
    raw: Sequence[RawTable],
    read: Joined,
    files: Sequence[DataFile],
    before: Sequence[Problem],
    words: Vocabulary,
    period: Kind | None = None,
) -> Check:
    """Check long tables with all that was read of other files.

    Raises
    ------
    UnclearError
        Where a look at each row is needed.
    """
    members = typed_columns("members", read.tables["members"], words)[0]
    if not len(members) or any(one.table in read.tables for one in raw):
        raise UnclearError
    people = People.of(members)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # the longest first, so that no processor waits for it at the end
        jobs = {one: pool.submit(_screened, one, people, words) for one in sorted(raw, key=lambda one: -one.rows)}
    screened = [jobs[one].result() for one in raw]
    digests = [one.file.digest() for one in raw]
    check = validate_records(read, files, before, words, period, screened)
    if check.records is None:
        raise UnclearError
    sources = [Source(one.file.name, "", {name: at + 1 for name, at in one.columns.items()}, digest)
               for one, digest in zip(raw, digests, strict=True)]  # fmt: skip
    first = len(check.records.sources) + 1
    tables = {
        one.table: _held(replace(one, source=first + at, known_months=found.months))
        for at, (one, found) in enumerate(zip(raw, screened, strict=True))
        if found.rows
    }
    records = replace(
        check.records,
        frames=MappingProxyType({**check.records.frames, **tables}),
        sources=(*check.records.sources, *sources),
    )
    counts: Counter[Fate] = sum((_counts(one) for one in raw), Counter(check.counts))
    return replace(
        check,
        records=records,
        counts={fate: counts[fate] for fate in FATES},
        tables=told_tables(records, tables, check.tables),
        sheets={**check.sheets, **{(one.file.name, ""): one.table for one in raw}},
    )


def _screened(raw: RawTable, people: People, words: Vocabulary) -> Screened:
    try:
        return screen(raw.table, raw.batches(), people, words)
    except (pa.ArrowException, OSError) as fault:
        raise UnclearError from fault


def _held(raw: RawTable) -> Sequence[pd.DataFrame]:
    """Return a table as it is held: one of a single batch in memory, longer ones where they are."""
    if raw.rows > BATCH:
        return raw
    return CodedTable(raw.table, encode_texts(raw.table, pd.concat(raw, ignore_index=True)))


def _counts(raw: RawTable) -> Counter[Fate]:
    used = {raw.names[at] for at in raw.columns.values()}
    filled = raw.filled
    return Counter(
        {
            "header": len(filled),
            "record": sum(n for name, n in filled.items() if name in used),
            "extra": sum(n for name, n in filled.items() if name not in used),
        }
    )
