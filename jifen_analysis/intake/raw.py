"""Long tables as a data office hands them over: each in files of its own, typed or of text, never held whole.

Their columns are read batch by batch, once to be screened and again whenever they are added up. What a text says is
read once for each different one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from jifen_analysis.errors import InvalidRecords, Problem, Text
from jifen_analysis.intake.files import DataFile
from jifen_analysis.intake.grid import UnreadableError, form, grouped
from jifen_analysis.intake.held_tables import HeldTable
from jifen_analysis.intake.made_of_others import may_repeat_others
from jifen_analysis.intake.raw_columns import Kept, RawColumns, Tally, parquet_columns_of, widened
from jifen_analysis.intake.raw_text import LayOut, text_columns
from jifen_analysis.store.table import AS_READ, read_ahead, typed_values
from jifen_analysis.tables import TABLES, Column
from jifen_analysis.tables.coded import coded_texts
from jifen_analysis.tables.columns import ORIGIN, TEXTUAL, blank_values, decode_texts, dtype
from jifen_analysis.tables.records import Stored
from jifen_analysis.tables.screening import UnclearError
from jifen_analysis.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class RawTable(Stored):
    """A long table in a file of its own."""

    file: DataFile | HeldTable  # where it stands
    held: RawColumns  # its columns
    words: Vocabulary  # the words that may occur
    state: tuple[int, int]  # size and time of the file when it was opened
    source: int = 0  # its number among the sources
    known_months: frozenset[int] = frozenset()  # the integer months in which its records fall
    tally: Tally = field(default_factory=Tally)  # how many records it has, once it was looked through
    kept: Sequence[pa.RecordBatch] = ()  # all of it, where there was room for that
    digest: str = ""  # the SHA-256 of the file

    def __len__(self) -> int:
        return self.tally.batches

    @property
    def parts(self) -> tuple[RawTable, ...]:
        """The files it stands in."""
        return (self,)

    def of_parts(self, parts: Sequence[RawTable]) -> RawTable:
        """Return the table with what is known of its files now."""
        return parts[0]

    @property
    def table(self) -> str:
        """What it is."""
        return self.held.table

    @property
    def rows(self) -> int:
        """Number of records."""
        return self.tally.rows

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return (decode_texts(self.table, batch) for batch in self._frames((*TABLES[self.table], *ORIGIN), spelt=True))

    def narrow(self, columns: Iterable[str]) -> Iterator[pd.DataFrame]:
        """Yield the batches with only some columns; what need not be spelt out stays as Arrow reads it."""
        return read_ahead(self._frames(tuple(columns), spelt=False))

    def _frames(self, names: Collection[str], *, spelt: bool) -> Iterator[pd.DataFrame]:
        """Yield the batches; spelt, each different text is held once."""
        at = self.held.first
        for batch in self.batches([name for name in names if name not in ORIGIN]):
            rows = np.arange(at, at + len(batch), dtype="int32")
            origin = dict(zip(ORIGIN, (np.full_like(rows, self.source), rows, np.zeros_like(rows)), strict=True))
            yield self._frame(batch, names, {name: origin[name] for name in ORIGIN if name in names}, spelt=spelt)
            at += len(batch)

    def months(self) -> frozenset[int]:
        """Return the integer months in which its records fall."""
        return self.known_months

    def pieces(self) -> Mapping[tuple[str, ...], Stored]:
        """Return nothing: it is not cut by branch."""
        return {}

    def batches(self, columns: Collection[str] = ()) -> Iterator[pa.RecordBatch]:
        """Yield its columns (all by default), by canonical name, every value read.

        Raises
        ------
        UnclearError
            Where a value cannot be read as it stands.
        InvalidRecords
            Where the file is no longer the one that was checked.
        """
        if self.file.state() != self.state:
            text = Text("文件在查验之后改动过,请重新读入", "changed since it was checked; load it again")
            raise InvalidRecords((Problem("error", "changed", text, self.file.name),))
        wanted = [name for name in self.held.columns if name in columns] if columns else [*self.held.columns]
        return (widened(batch.select(wanted)) for batch in self.kept) if self.kept else self.held.read(wanted)

    def looked_through(self, kept: Kept, months: frozenset[int]) -> RawTable:
        """Return the table with what was counted and kept while it was looked through."""
        tally = Tally.together(part.tally for part in kept.parts)
        return replace(self, tally=tally, known_months=months, kept=tuple(kept.batches))

    def digested(self) -> str:
        """Return the SHA-256 of the file.

        Raises
        ------
        UnclearError
            Where it can no longer be read.
        """
        try:
            return self.file.digest()
        except OSError as fault:
            raise UnclearError(self.table) from fault

    def again(self, kept: Kept, columns: Collection[str]) -> Iterable[pa.RecordBatch]:
        """Yield some columns once more while it is looked through."""
        wanted = list(columns)
        return (widened(batch.select(wanted)) for batch in kept.batches) if kept.batches else self.held.read(wanted)

    def _frame(
        self, batch: pa.RecordBatch, names: Collection[str], origin: Mapping[str, np.ndarray], *, spelt: bool
    ) -> pd.DataFrame:
        columns = [TABLES[self.table][name] for name in names if name not in ORIGIN]
        values = {column.name: self._values(batch, column, spelt=spelt) for column in columns}
        return pd.DataFrame({**values, **origin}, copy=False)

    def _values(self, batch: pa.RecordBatch, column: Column, *, spelt: bool) -> Any:
        if column.name not in batch.schema.names:
            return blank_values(column, len(batch), self.words)
        if spelt and column.kind in TEXTUAL:
            return coded_texts(batch[column.name])
        as_read = not spelt and column.kind in AS_READ
        return typed_values(
            pa.chunked_array([batch[column.name]]), column.kind, None if as_read else dtype(column, self.words)
        )


@dataclass(frozen=True, eq=False)
class PartedTable(Stored):
    """A long table in several files, one below the other."""

    parts: tuple[RawTable, ...]

    def of_parts(self, parts: Sequence[RawTable]) -> PartedTable:
        """Return the table with what is known of its files now."""
        return PartedTable(tuple(parts))

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @property
    def table(self) -> str:
        """What it is."""
        return self.parts[0].table

    @property
    def rows(self) -> int:
        """Number of records."""
        return sum(one.rows for one in self.parts)

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return chain.from_iterable(self.parts)

    def narrow(self, columns: Iterable[str]) -> Iterator[pd.DataFrame]:
        """Yield the batches with only some columns; what need not be spelt out stays as Arrow reads it."""
        names = tuple(columns)
        return chain.from_iterable(one.narrow(names) for one in self.parts)

    def months(self) -> frozenset[int]:
        """Return the integer months in which its records fall."""
        return frozenset().union(*(one.months() for one in self.parts))

    def pieces(self) -> Mapping[tuple[str, ...], Stored]:
        """Return nothing: it is not cut by branch."""
        return {}


Raw = RawTable | PartedTable
"""A long table where it stands."""


# ---------------------------------------------------------------- opening


def raw_tables(files: Sequence[DataFile | HeldTable], words: Vocabulary, lay_out: LayOut) -> tuple[Raw, ...]:
    """Return the long tables of a folder that stand in files of their own, and nowhere else as far as can be seen."""
    opened = (table for file in files if (table := _raw_table(file, words, lay_out)) is not None)
    found = grouped((one.table, one) for one in opened)
    return tuple(
        same[0] if len(same) == 1 else PartedTable(tuple(same))
        for same in found.values()
        if len(same) == 1 or not any(may_repeat_others(one.file.name) for one in same)
    )


def _raw_table(file: DataFile | HeldTable, words: Vocabulary, lay_out: LayOut) -> RawTable | None:
    try:
        state = file.state()
        held = _columns(file, words, lay_out)
    except (UnreadableError, OSError):  # told where files are opened
        return None
    return None if held is None else RawTable(file, held, words, state)


def _columns(file: DataFile | HeldTable, words: Vocabulary, lay_out: LayOut) -> RawColumns | None:
    if isinstance(file, HeldTable) or form(file.path) == "parquet":
        return parquet_columns_of(file, words)
    return text_columns(file, words, lay_out) if form(file.path) == "text" else None
