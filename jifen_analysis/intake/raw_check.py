"""Long tables in files of their own, looked through side by side, and checked with all that was read of others."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, combinations
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from jifen_analysis.errors import Problem
from jifen_analysis.intake.check import Check, Watch, told_tables
from jifen_analysis.intake.combine import Joined
from jifen_analysis.intake.files import DataFile
from jifen_analysis.intake.held_tables import HeldTable
from jifen_analysis.intake.identity import fold_name
from jifen_analysis.intake.layouts.block import FATES, Fate, added_up
from jifen_analysis.intake.raw import Raw, RawTable
from jifen_analysis.intake.raw_columns import BATCH, Kept, Room, Tally
from jifen_analysis.intake.repetitions import name_companions
from jifen_analysis.intake.validation import validate_records
from jifen_analysis.periods import Kind
from jifen_analysis.tables import Records, Source
from jifen_analysis.tables.coded import CodedTable, encode_texts
from jifen_analysis.tables.columns import KEYS, typed_columns
from jifen_analysis.tables.plausibility.days import BY_SHEET, has_stray
from jifen_analysis.tables.screening import People, Screened, UnclearError, screen
from jifen_analysis.vocabulary import Vocabulary

ROOM = 9 << 25
"""Bytes up to which all tables together are kept between being looked through and being added up."""

Looks = dict[Raw, tuple[Raw, Screened]]
"""Tables that were looked through already, and what was found."""


def check_raw(
    raw: Sequence[Raw],
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


def _with_sources(read: Joined, raw: Sequence[Raw], files: Sequence[DataFile | HeldTable]) -> tuple[Joined, list[Raw]]:
    """Return what was read with the sources of long tables among its own, rosters first, then file by file."""
    parts = [part for one in raw for part in one.parts]
    own = [Source(one.file.name, "", {n: at + 1 for n, at in one.held.columns.items()}, one.digest) for one in parts]
    sources, place = [*read.sources, *own], {file.name: at for at, file in enumerate(files)}
    rosters = set(read.tables["members"]["_source"].unique().tolist())
    order = sorted(
        range(len(sources)),
        key=lambda at: (0, at) if at + 1 in rosters else (1, place.get(sources[at].file, len(place))),
    )
    number = np.zeros(len(sources) + 1, "int32")
    number[np.array(order) + 1] = np.arange(1, len(sources) + 1)
    tables = {name: frame.assign(_source=number[frame["_source"].to_numpy()]) for name, frame in read.tables.items()}
    numbers = iter(number[len(read.sources) + 1 :].tolist())
    placed = [one.of_parts([replace(part, source=next(numbers)) for part in one.parts]) for one in raw]
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


def _screened(raw: Raw, people: People, room: Room, counted: list[Tally]) -> tuple[Raw, Screened]:
    """Look a table through once; return it with what was counted and kept, and what was found.

    Its counts are noted in ``counted``, and go up meanwhile.

    Raises
    ------
    UnclearError
        Where a look at each row is needed.
    """
    try:
        several = len(raw.parts) > 1
        looked = [_Looked(one, Kept(room, one.held.looked_through(), one.held.kept), several) for one in raw.parts]
        counted += [part.tally for one in looked for part in one.kept.parts]
        batches = chain.from_iterable(one.batches() for one in looked)
        again = partial(_again, looked)
        found = screen(raw.table, _of_one_each(batches, people), again, people, raw.parts[0].words)
        parts = [one.part.looked_through(one.kept, found.months) for one in looked]
        if several and (any(has_stray(one.days) for one in looked) or _alike(parts)):
            raise UnclearError
    except (pa.ArrowException, OSError, UnclearError) as fault:
        raise UnclearError(raw.table) from fault
    return raw.of_parts(parts), found


@dataclass(frozen=True)
class _Looked:
    """A file of a table while it is looked through; of several, the days of records of the work itself there."""

    part: RawTable
    kept: Kept
    beside_others: bool
    found: list[pa.Array] = field(default_factory=list)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield its batches."""
        for batch in self.kept.keeping():
            if self.beside_others and self.part.table in BY_SHEET:
                self.found.append(pc.unique(batch["date"]))
            yield batch

    @property
    def days(self) -> np.ndarray:
        """The days that were found."""
        return np.concatenate([np.zeros(0, "datetime64[s]"), *(_days(one) for one in self.found)])


def _days(days: pa.Array) -> np.ndarray:
    return days.to_numpy(zero_copy_only=False).astype("datetime64[s]")


def _again(looked: Sequence[_Looked], columns: Collection[str]) -> Iterator[pa.RecordBatch]:
    return chain.from_iterable(one.part.again(one.kept, columns) for one in looked)


def _alike(parts: Sequence[RawTable]) -> bool:
    """Return whether files may hold the same records, where these may repeat: as many, and the first the same."""
    if parts[0].table in KEYS:
        return False
    length = Counter(one.rows for one in parts)
    firsts = [(one.rows, next(iter(one.batches())).slice(0, 1).to_pylist()) for one in parts if length[one.rows] > 1]
    return any(one == other for one, other in combinations(firsts, 2))


def _digests(raw: Raw) -> list[str]:
    """Return the SHA-256 of each file; of two that are the same, one counts."""
    found = [one.digested() for one in raw.parts]
    if len(set(filter(None, found))) < len([*filter(None, found)]):
        raise UnclearError(raw.table)
    return found


def _look_through(raw: Sequence[Raw], looks: Looks, people: People, watch: Watch | None) -> None:
    """Look tables through side by side, the longest first, so that no processor waits for it at the end."""
    size = {one: sum(part.state[0] for part in one.parts) for one in raw}
    ordered, room, counted = sorted(raw, key=lambda one: -size[one]), Room(ROOM), list[Tally]()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            jobs = {one: pool.submit(_screened, one, people, room, counted) for one in ordered}
            digests = {one: pool.submit(_digests, one) for one in ordered}  # while the longest is still looked through
            every: list[Future[Any]] = [*jobs.values(), *digests.values()]
            while wait(every, _TICK).not_done:  # not for ever: who breaks off just before would not be heard
                if watch:
                    watch(sum(tally.read for tally in counted), sum(size.values()))
        except BaseException:  # broken off: nobody waits for the rest
            room.closed = True
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for one, job in jobs.items():
        if job.exception() is None and digests[one].exception() is None:
            known, found = job.result()
            parts = zip(known.parts, digests[one].result(), strict=True)
            looks[one] = known.of_parts([replace(part, digest=digest) for part, digest in parts]), found
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


def _with_raw(check: Check, beside: Records, raw: Sequence[Raw]) -> Check:
    """Return a verdict with the records of long tables, all of which is in order; they are told all the same."""
    tables = {one.table: _held(one) for one in raw}
    read = check.records
    records = replace(read, frames=MappingProxyType({**read.frames, **tables})) if read else None
    parts = [part for one in raw for part in one.parts]
    own = [counted(part.held.names, part.held.columns.values(), part.tally.filled) for part in parts]
    counts = added_up([check.counts, *own])
    return replace(
        check,
        records=records,
        counts={fate: counts[fate] for fate in FATES},
        tables=told_tables(replace(beside, frames=MappingProxyType(tables)), tables, check.tables),
        sheets={**check.sheets, **{(one.file.name, ""): one.table for one in parts}},
    )


def _held(raw: Raw) -> Sequence[pd.DataFrame]:
    """Return a table as it is held: one of a single batch in memory, longer ones where they are."""
    if raw.rows > BATCH:
        return raw
    return CodedTable(raw.table, encode_texts(raw.table, pd.concat(raw, ignore_index=True)))


def counted(names: Sequence[object], used: Iterable[int], filled: Mapping[str, int]) -> dict[Fate, int]:
    """Return how many filled cells a list has in its header, in the columns that are read, and in others."""
    record = sum(filled[name] for name in {str(names[at]) for at in used})
    return {"header": len(filled), "record": record, "extra": sum(filled.values()) - record}
