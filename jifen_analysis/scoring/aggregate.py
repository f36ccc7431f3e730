"""Records to sums: one pass over each table, batch by batch.

The coded columns of a record make one code; a look-up turns it into the class
of records that every question treats alike; the classes are added up by row
(and part of the period). Sums are whole numbers, so batches and order
never change a bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from itertools import groupby

import numpy as np
import pandas as pd

from jifen_analysis.scoring.queries import CODED, Coding, Query, coding
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.scoring.row_assignment import AssignedRecords, assign_records
from jifen_analysis.tables.records import Records, Stored
from jifen_analysis.vocabulary import Vocabulary


@dataclass(frozen=True)
class Count:
    """What the records of some batches add up to, before it is read as answers; counts of any parts merge exactly.

    ``totals`` by table, for each pass of shape (classes, rows, parts); ``named`` for questions that count a name
    once: the records they speak of.
    """

    totals: Mapping[str, tuple[np.ndarray, ...]]
    named: Mapping[Query, tuple[pd.DataFrame, ...]]


def by_table(
    records: Records, roster: Roster, queries: frozenset[Query], seen: date | None = None
) -> dict[str, Callable[[], Count]]:
    """Return what counts the records of each table, in one pass; two where there are more of a kind than 65,535."""
    return {table: partial(_count_table, records, table, roster, asked, seen) for table, asked in _by_table(queries)}


def merge_tables(counts: Iterable[Count]) -> Count:
    """Return the counts of several tables as one."""
    totals: dict[str, tuple[np.ndarray, ...]] = {}
    named: dict[Query, tuple[pd.DataFrame, ...]] = {}
    for one in counts:
        totals |= one.totals
        named |= one.named
    return Count(totals, named)


def _count_table(records: Records, table: str, roster: Roster, queries: tuple[Query, ...], seen: date | None) -> Count:
    totals, named, exact = _counted(records, table, roster, queries, seen, "uint16")
    if not exact:
        totals, named, _ = _counted(records, table, roster, queries, seen, "int32")
    return Count({table: totals}, named)


def _counted(
    records: Records, table: str, roster: Roster, queries: tuple[Query, ...], seen: date | None, kind: str
) -> tuple[tuple[np.ndarray, ...], dict[Query, tuple[pd.DataFrame, ...]], bool]:
    """Return the totals of a table, the names that count once, and whether numbers of a kind could hold the counts."""
    code = coding(table, queries, records.vocabulary)
    passes = _passes(code, queries, roster)
    totals = tuple(one.nothing(kind) for one in passes)
    named: dict[Query, tuple[pd.DataFrame, ...]] = {query: () for query in queries if query.distinct}
    added = [0] * len(passes)
    by_name = [code.answers(one) for query in named for one in (query, *query.unless)]
    asked = np.logical_or.reduce([*(one.class_of >= 0 for one in passes), *by_name])
    month = _one_month(records, table, roster, queries) if seen is None else None
    columns = [name for name in _columns(table, queries) if month is None or name != "date"]
    for some in assign_records(records.batches(table, columns), table, roster, code, seen, asked, month):
        added = [n + one.add(some, total) for n, one, total in zip(added, passes, totals, strict=True)]
        named = {query: (*pieces, _named(query, some, code, roster)) for query, pieces in named.items()}
    exact = all(one.holds(n, total) for n, one, total in zip(added, passes, totals, strict=True))
    return totals, named, exact


def empty_counts(roster: Roster, queries: frozenset[Query], words: Vocabulary) -> Count:
    """Return what no records add up to, with room for those of any parts."""
    return Count(
        {
            table: tuple(one.nothing("int32") for one in _passes(coding(table, asked, words), asked, roster))
            for table, asked in _by_table(queries)
        },
        {},
    )


def insert_counts(whole: Count, part: Count, rows: np.ndarray) -> Count:
    """Return a count and that of a part, whose rows are some of the whole's; the whole's arrays are used up."""
    for table, totals in part.totals.items():
        for into, total in zip(whole.totals[table], totals, strict=True):
            into[:, rows] += total
    named = dict(whole.named)
    for query, pieces in part.named.items():
        moved = (piece.assign(row=rows[piece["row"].to_numpy()]) for piece in pieces)
        named[query] = (*named.get(query, ()), *moved)
    return Count(whole.totals, named)


def answers(count: Count, roster: Roster, queries: frozenset[Query], words: Vocabulary) -> Sums:
    """Return the answer to every question, added up when it is asked for."""
    found: dict[Query, _Answer] = {}
    for table, asked in _by_table(queries):
        passes = _passes(coding(table, asked, words), asked, roster)
        for one, total in zip(passes, count.totals[table], strict=True):
            found.update(one.answers(total))
    once = {query: _distinct(query, count.named.get(query, ()), roster) for query in queries if query.distinct}
    return Sums(found, once)


@dataclass(frozen=True)
class _Answer:
    """The answer to a question: the sum of some classes."""

    classes: tuple[np.ndarray, ...]
    shape: tuple[int, ...]

    def sum(self, some: slice) -> np.ndarray:
        rows = len(range(*some.indices(self.shape[0])))
        parts = [one[some].reshape(rows, *self.shape[1:]) for one in self.classes]
        if not parts:
            return np.broadcast_to(np.int32(0), (rows, *self.shape[1:]))
        return reduce(np.add, parts[1:], parts[0].astype(np.result_type(parts[0], "int32"), copy=False))


class Sums(Mapping[Query, np.ndarray]):
    """The answer to every question, added up from its classes when it is asked for: all of them would not fit."""

    def __init__(
        self, found: Mapping[Query, _Answer], once: Mapping[Query, np.ndarray], some: slice = slice(None)
    ) -> None:
        self._found, self._once, self._some = found, once, some

    def block(self, some: slice) -> Sums:
        """Return the answers for a block of all rows."""
        return Sums(self._found, self._once, some)

    def __getitem__(self, query: Query) -> np.ndarray:
        return self._once[query][self._some] if query in self._once else self._found[query].sum(self._some)

    def __iter__(self) -> Iterator[Query]:
        return iter((*self._found, *self._once))

    def __len__(self) -> int:
        return len(self._found) + len(self._once)


def _one_month(records: Records, table: str, roster: Roster, queries: tuple[Query, ...]) -> int | None:
    """Return a month of the one period in which all records lie, where no question asks when in it; else nothing."""
    frames = records.frames.get(table, ())
    if table == "dues" or not isinstance(frames, Stored) or any(query.per != "period" for query in queries):
        return None
    months = frames.months()
    return min(months) if len(set(roster.position(np.array([*months], "int64")).tolist())) == 1 else None


def _by_table(queries: frozenset[Query]) -> Iterator[tuple[str, tuple[Query, ...]]]:
    # Workers and client must make the same passes of a set that each of them hashes in its own order.
    ordered = sorted(queries, key=lambda query: (query.table, repr(query)))
    for table, asked in groupby(ordered, key=lambda query: query.table):
        yield table, tuple(asked)


def _passes(code: Coding, queries: tuple[Query, ...], roster: Roster) -> list[_Pass]:
    return [_Pass.of(code, group, roster) for group in _alike(queries)]


def _columns(table: str, queries: tuple[Query, ...]) -> tuple[str, ...]:
    """Return the columns that some questions read."""
    own = ("month", "due", "paid", "paid_on") if table == "dues" else ("date", *CODED[table])
    read = (column for query in queries for column in (query.value, query.distinct) if column not in ("", "count"))
    return tuple(dict.fromkeys(("member_id", *own, *read)))


def _alike(queries: tuple[Query, ...]) -> Iterator[tuple[Query, ...]]:
    def kind(query: Query) -> tuple[str, str]:
        return query.per, query.value

    plain = [query for query in queries if not query.distinct]
    for _, group in groupby(sorted(plain, key=kind), key=kind):
        yield tuple(group)


@dataclass(frozen=True)
class _Pass:
    """The questions that share a value and a part: records that all of them treat alike are one class.

    Codes that nobody asks for are of no class, -1.
    """

    queries: tuple[Query, ...]
    signatures: np.ndarray
    class_of: np.ndarray
    shape: tuple[int, int, int]
    step: int

    @classmethod
    def of(cls, code: Coding, queries: tuple[Query, ...], roster: Roster) -> _Pass:
        wanted = np.stack([code.answers(query) for query in queries], axis=1)
        asked = np.asarray(wanted.any(axis=1))
        signatures, class_of = np.unique(wanted[asked], axis=0, return_inverse=True)
        of_code = np.full(len(asked), -1)
        of_code[asked] = class_of.ravel()
        shape = (len(signatures), len(roster), roster.parts(queries[0].per))
        return cls(queries, signatures, of_code, shape, roster.step(queries[0].per))

    def nothing(self, kind: str) -> np.ndarray:
        """Return a total of no records, of a kind of number that holds counts; sums take the largest."""
        return np.zeros(self.shape, kind if self.counts else "int64")

    @property
    def counts(self) -> bool:
        """Whether records are counted, and nothing of them added up."""
        return self.queries[0].value == "count"

    def add(self, some: AssignedRecords, total: np.ndarray) -> int:
        """Add a slice to a total, and return how many; records of no class add nothing to the first."""
        _, rows, parts = self.shape
        asked = some.code.through(self.class_of >= 0)
        n = int(np.count_nonzero(asked))
        if 2 * n < len(asked):
            return self.add(some.only(np.flatnonzero(asked)), total) if n else 0
        cell = some.row if parts == 1 else some.row * parts + some.part(self.step)
        cell = cell + some.code.through(np.maximum(self.class_of, 0) * (rows * parts))
        counted = asked.astype(total.dtype)
        np.add.at(total.reshape(-1), cell, counted if self.counts else counted * some.weights(self.queries[0].value))
        return n

    def holds(self, entered: int, total: np.ndarray) -> bool:
        """Return whether no count has run over."""
        return not self.counts or int(total.sum(dtype="int64")) == entered

    def answers(self, total: np.ndarray) -> Iterator[tuple[Query, _Answer]]:
        """Yield the answer to each question; most classes of most data hold nothing."""
        there = [bool(one.max(initial=0) or one.min(initial=0)) for one in total]  # several times as fast as any
        for at, query in enumerate(self.queries):
            classes = tuple(total[one] for one in np.flatnonzero(self.signatures[:, at] & np.array(there, bool)))
            yield query, _Answer(classes, self.shape[1:2] if query.per == "period" else self.shape[1:])


# ---------------------------------------------------------------- one award, once


def _named(query: Query, some: AssignedRecords, code: Coding, roster: Roster) -> pd.DataFrame:
    """Return row, part and name of the records that a question, or one that comes first, asks for."""
    mine = some.code.through(code.answers(query))
    first = np.logical_or.reduce(
        [np.zeros(len(mine), bool), *(some.code.through(code.answers(one)) for one in query.unless)]
    )
    part = some.part(roster.step(query.per))
    name = some.batch[query.distinct].iloc[some.kept].to_numpy(dtype=object)
    return pd.DataFrame({"row": some.row, "part": part, "name": name, "mine": mine, "first": first})[mine | first]


def _distinct(query: Query, pieces: Sequence[pd.DataFrame], roster: Roster) -> np.ndarray:
    """Count names once each where nothing comes first, and records without a name each for itself."""
    shape = (len(roster), roster.parts(query.per))
    found = pd.concat(pieces) if pieces else pd.DataFrame()
    if found.empty:
        return np.zeros(shape[0] if query.per == "period" else shape, dtype="int64")
    found = found.assign(cell=found["row"] * shape[1] + found["part"])
    alone = found["name"].isna()
    by_name = found[~alone].groupby(["cell", "name"])[["mine", "first"]].any().reset_index("cell")
    cells = [found.loc[alone & found["mine"], "cell"], by_name.loc[by_name["mine"] & ~by_name["first"], "cell"]]
    count = np.bincount(np.concatenate(cells).astype("int64"), minlength=shape[0] * shape[1]).reshape(shape)
    return count[:, 0] if query.per == "period" else count
