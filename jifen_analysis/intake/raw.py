"""Long tables as a data office hands them over: one file each, typed or of text, never held whole.

Their columns are read batch by batch, once to be screened and again whenever they are added up. What a text says is
read once for each different one.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from jifen_analysis.errors import InvalidRecords, Problem, Text
from jifen_analysis.intake.check import Check, Watch, told_tables
from jifen_analysis.intake.combine import Joined
from jifen_analysis.intake.files import DataFile
from jifen_analysis.intake.grid import UnreadableError, form
from jifen_analysis.intake.held_tables import HeldTable
from jifen_analysis.intake.identity import fold_name
from jifen_analysis.intake.layouts.block import FATES, Fate, added_up
from jifen_analysis.intake.raw_columns import BATCH, Kept, RawColumns, Room, Tally, parquet_columns_of, widened
from jifen_analysis.intake.raw_text import LayOut, text_columns
from jifen_analysis.intake.repetitions import name_companions
from jifen_analysis.intake.validation import validate_records
from jifen_analysis.periods import Kind
from jifen_analysis.store.table import AS_READ, read_ahead, typed_values
from jifen_analysis.tables import TABLES, Column, Records, Source
from jifen_analysis.tables.coded import CodedTable, coded_texts, encode_texts
from jifen_analysis.tables.columns import ORIGIN, TEXTUAL, blank_values, decode_texts, dtype, typed_columns
from jifen_analysis.tables.records import Stored
from jifen_analysis.tables.screening import People, Screened, UnclearError, screen
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

    def screened(self, people: People, room: Room, counted: list[Tally]) -> tuple[RawTable, Screened]:
        """Look the table through once; return it with what was counted and kept, and what was found.

        Its counts are noted in ``counted``, and go up meanwhile.

        Raises
        ------
        UnclearError
            Where a look at each row is needed.
        """
        try:
            kept = Kept(room, self.held.looked_through(), self.held.kept)
            counted += [part.tally for part in kept.parts]
            found = screen(
                self.table, _of_one_each(kept.keeping(), people), partial(self._again, kept), people, self.words
            )
        except (pa.ArrowException, OSError, UnclearError) as fault:
            raise UnclearError(self.table) from fault
        tally = Tally.together(part.tally for part in kept.parts)
        return replace(self, tally=tally, known_months=found.months, kept=tuple(kept.batches)), found

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

    def _again(self, kept: Kept, columns: Collection[str]) -> Iterable[pa.RecordBatch]:
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


# ---------------------------------------------------------------- opening


def raw_tables(files: Sequence[DataFile | HeldTable], words: Vocabulary, lay_out: LayOut) -> tuple[RawTable, ...]:
    """Return the long tables of a folder that stand in one file each, and nowhere else as far as can be seen."""
    found = [table for file in files if (table := _raw_table(file, words, lay_out)) is not None]
    alone = Counter(one.table for one in found)
    return tuple(one for one in found if alone[one.table] == 1)


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


# ---------------------------------------------------------------- checking


ROOM = 9 << 25
"""Bytes up to which all tables together are kept between being looked through and being added up."""

Looks = dict[RawTable, tuple[RawTable, Screened]]
"""Tables that were looked through already, and what was found."""


def check_raw(
    raw: Sequence[RawTable],
    looks: Looks,
    read: Joined,
    before: Sequence[Problem],
    *,
    files: Sequence[DataFile | HeldTable],
    words: Vocabulary,
    period: Kind | None = None,
    watch: Watch | None = None,
) -> Check:
    """Check long tables with all that was read of other files; what was looked through is noted in ``looks``.

    Raises
    ------
    UnclearError
        Where a look at each row is needed: of the tables that it names, or of all.
    """
    members, refused = typed_columns("members", read.tables["members"], words)
    twice = {one.table for one in raw} & set(read.tables)
    if not len(members) or any(note.code == "roster_implied" for note in read.notes):
        raise UnclearError
    if twice:
        raise UnclearError(*twice)
    _look_through([one for one in raw if one not in looks], looks, People.of(members), watch)
    known = [looks[one] for one in raw]
    if not refused:  # typed once
        read = replace(read, tables={**read.tables, "members": members})
    read, placed = _with_sources(read, [one for one, _ in known], files)
    check = validate_records(read, files, before, words, period, [found for _, found in known])
    return _with_raw(check, Records({}, read.sources, vocabulary=words), placed)


def _with_sources(
    read: Joined, raw: Sequence[RawTable], files: Sequence[DataFile | HeldTable]
) -> tuple[Joined, list[RawTable]]:
    """Return what was read with the sources of long tables among its own, rosters first, then file by file."""
    own = [Source(one.file.name, "", {n: at + 1 for n, at in one.held.columns.items()}, one.digest) for one in raw]
    sources, place = [*read.sources, *own], {file.name: at for at, file in enumerate(files)}
    rosters = set(read.tables["members"]["_source"].unique().tolist())
    order = sorted(
        range(len(sources)),
        key=lambda at: (0, at) if at + 1 in rosters else (1, place.get(sources[at].file, len(place))),
    )
    number = np.zeros(len(sources) + 1, "int32")
    number[np.array(order) + 1] = np.arange(1, len(sources) + 1)
    tables = {name: frame.assign(_source=number[frame["_source"].to_numpy()]) for name, frame in read.tables.items()}
    placed = [replace(one, source=int(number[at])) for at, one in enumerate(raw, start=len(read.sources) + 1)]
    return replace(read, tables=tables, sources=tuple(sources[at] for at in order)), placed


def _of_one_each(batches: Iterable[pa.RecordBatch], people: People) -> Iterator[pa.RecordBatch]:
    """Yield batches whose remarks name no other member: where they may, whose they are is told row by row.

    Raises
    ------
    UnclearError
        Where a remark may name another.
    """
    named = people.members["name"].dropna() if "name" in people.members else ()
    names = frozenset(fold_name(str(name)) for name in named)
    for batch in batches:
        if names and "note" in batch.schema.names and name_companions(batch["note"].dictionary, names):
            raise UnclearError
        yield batch


_TICK = 0.1
"""Seconds after which it is said again how far one is."""


def _look_through(raw: Sequence[RawTable], looks: Looks, people: People, watch: Watch | None) -> None:
    """Look tables through side by side, the longest first, so that no processor waits for it at the end."""
    ordered, room, counted = sorted(raw, key=lambda one: -one.state[0]), Room(ROOM), list[Tally]()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            jobs = {one: pool.submit(one.screened, people, room, counted) for one in ordered}
            digests = {one: pool.submit(one.digested) for one in ordered}  # while the longest is still looked through
            every: list[Future[Any]] = [*jobs.values(), *digests.values()]
            while wait(every, _TICK).not_done:  # not for ever: who breaks off just before would not be heard
                if watch:
                    watch(sum(tally.read for tally in counted), sum(one.state[0] for one in raw))
        except BaseException:  # broken off: nobody waits for the rest
            room.closed = True
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for one, job in jobs.items():
        if job.exception() is None and digests[one].exception() is None:
            known, found = job.result()
            looks[one] = replace(known, digest=digests[one].result()), found
    unclear = [name for job in every for name in _unclear(job)]
    if unclear:
        raise UnclearError(*unclear)


def _unclear(job: Future[Any]) -> tuple[str, ...]:
    """Return the tables that a look at each row is needed of."""
    fault = job.exception()
    if fault is None:
        return ()
    if not isinstance(fault, UnclearError):
        raise fault
    return fault.tables


def _with_raw(check: Check, beside: Records, raw: Sequence[RawTable]) -> Check:
    """Return a verdict with the records of long tables, all of which is in order; they are told all the same."""
    tables = {one.table: _held(one) for one in raw}
    read = check.records
    records = replace(read, frames=MappingProxyType({**read.frames, **tables})) if read else None
    own = [counted(one.held.names, one.held.columns.values(), one.tally.filled) for one in raw]
    counts = added_up([check.counts, *own])
    return replace(
        check,
        records=records,
        counts={fate: counts[fate] for fate in FATES},
        tables=told_tables(replace(beside, frames=MappingProxyType(tables)), tables, check.tables),
        sheets={**check.sheets, **{(one.file.name, ""): one.table for one in raw}},
    )


def _held(raw: RawTable) -> Sequence[pd.DataFrame]:
    """Return a table as it is held: one of a single batch in memory, longer ones where they are."""
    if raw.rows > BATCH:
        return raw
    return CodedTable(raw.table, encode_texts(raw.table, pd.concat(raw, ignore_index=True)))


def counted(names: Sequence[object], used: Iterable[int], filled: Mapping[str, int]) -> dict[Fate, int]:
    """Return how many filled cells a list has in its header, in the columns that are read, and in others."""
    record = sum(filled[name] for name in {str(names[at]) for at in used})
    return {"header": len(filled), "record": record, "extra": sum(filled.values()) - record}
