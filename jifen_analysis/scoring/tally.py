"""Records to sums: one pass over each table, batch by batch.

The coded columns of a record make one code; a look-up turns it into the class
of records that every question treats alike; ``bincount`` adds the classes up
by row (and part of the period). Sums are whole numbers, so batches and order
never change a bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import groupby

import numpy as np
import pandas as pd

from jifen_analysis.periods import MONTHS, Period
from jifen_analysis.scoring.alike import everywhere
from jifen_analysis.scoring.queries import KINDS, Query
from jifen_analysis.scoring.roster import NEVER, Bools, Ints, Roster, days_of, member_codes, months_of
from jifen_analysis.tables.columns import SCALE, scaled
from jifen_analysis.tables.records import Records
from jifen_analysis.vocabulary import Vocabulary

Sums = Mapping[Query, np.ndarray]

CODED = {"attendance": ("activity", "status"), "events": ("event", "level"), "dues": ("state", "undated", "late")}
"""The columns whose words make the code of a record."""


@dataclass(frozen=True)
class Coding:
    """How the coded columns of one table make one number.

    Parameters
    ----------
    columns : tuple of str
        The columns, slowest first.
    words : mapping of str to tuple of str
        The words of each column; the first place is kept for blank.
    bounds : tuple of float
        For dues: the days late at which some tier begins.
    """

    columns: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    bounds: tuple[float, ...] = ()

    @property
    def size(self) -> int:
        """Number of different codes."""
        return int(np.prod([len(self.words[column]) + 1 for column in self.columns]))

    def code(self, positions: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return one code for each record; a blank stands at position -1."""
        total = np.zeros(1, dtype="int64")
        for column in self.columns:
            total = total * (len(self.words[column]) + 1) + (positions[column] + np.int64(1))
        return total

    def answers(self, query: Query) -> np.ndarray:
        """Return for each code whether a record of that code is asked for."""
        grids = np.indices([len(self.words[column]) + 1 for column in self.columns])
        at = dict(zip(self.columns, grids, strict=True))
        kept = np.ones(grids.shape[1:], bool)
        for column, listed in query.where:
            kept &= np.isin(at[column], self._places(column, listed))
        for column, listed in query.excluding:
            kept &= ~np.isin(at[column], self._places(column, listed))
        if query.days is not None:
            low, high = (self._step(bound) for bound in query.days)
            kept &= (at["late"] >= low) & (at["late"] < high)
        return kept.ravel()

    def _places(self, column: str, listed: tuple[str, ...]) -> list[int]:
        # Records that were read without the scheme do not know its own events, and have none of them.
        return [self.words[column].index(word) + 1 for word in listed if word in self.words[column]]

    def _step(self, bound: float) -> int:
        return len(self.bounds) + 2 if np.isinf(bound) else self.bounds.index(bound) + 2


def coding(table: str, queries: Iterable[Query], vocabulary: Vocabulary) -> Coding:
    """Return the coding of a table that answers some questions."""
    if table != "dues":
        columns = CODED[table]
        return Coding(columns, {column: vocabulary.codes(column) for column in columns})
    bounds = tuple(sorted({bound for query in queries for bound in query.days or () if not np.isinf(bound)}))
    steps = tuple(str(bound) for bound in (0, *bounds))
    return Coding(
        CODED[table], {"state": vocabulary.codes(KINDS["state"]), "undated": ("no", "yes"), "late": steps}, bounds
    )


@dataclass(frozen=True)
class Count:
    """What the records of some batches add up to, before it is read as answers.

    Counts of any parts of the records merge into exactly that of all of them.

    Parameters
    ----------
    totals : mapping of str to tuple of ndarray of int
        By table: for each pass, of shape (classes, rows, parts).
    named : mapping of Query to tuple of DataFrame
        For questions that count a name once: the records they speak of.
    """

    totals: Mapping[str, tuple[np.ndarray, ...]]
    named: Mapping[Query, tuple[pd.DataFrame, ...]]


def tally(records: Records, roster: Roster, queries: Iterable[Query], seen: date | None = None) -> Sums:
    """Answer every question for every row.

    Parameters
    ----------
    records : Records
        Any number of batches.
    roster : Roster
        The rows.
    queries : iterable of Query
        The questions.
    seen : date, optional
        The last day that is seen (provisional scoring).

    Returns
    -------
    mapping of Query to ndarray of int
        Shape (rows,), or (rows, parts) for a question per month or quarter;
        sums of points and amounts in ten-thousandths. Not to be changed.
    """
    asked = frozenset(queries)
    return answers(counted(records, roster, asked, seen), roster, asked, records.vocabulary)


def counted(records: Records, roster: Roster, queries: frozenset[Query], seen: date | None = None) -> Count:
    """Pass over the records once, batch by batch."""
    totals = dict(blank(roster, queries, records.vocabulary).totals)
    named: dict[Query, tuple[pd.DataFrame, ...]] = {}
    for table, asked in _by_table(queries):
        code = coding(table, asked, records.vocabulary)
        passes = _passes(code, asked, roster)
        for placed in _in_cache(records.batches(table, _columns(table, asked)), table, roster, code, seen):
            for one, total in zip(passes, totals[table], strict=True):
                one.add(placed, total)
            for query in asked:
                if query.distinct:
                    named[query] = (*named.get(query, ()), _named(query, placed, code, roster))
    return Count(totals, named)


def blank(roster: Roster, queries: frozenset[Query], words: Vocabulary) -> Count:
    """Return what no records add up to."""
    return Count(
        {
            table: tuple(np.zeros(one.shape, one.dtype) for one in _passes(coding(table, asked, words), asked, roster))
            for table, asked in _by_table(queries)
        },
        {},
    )


def entered(whole: Count, part: Count, rows: np.ndarray) -> Count:
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
    return _Answers(found, once)


@dataclass(frozen=True)
class _Answer:
    """The answer to a question: the sum of some classes."""

    classes: tuple[np.ndarray, ...]
    shape: tuple[int, ...]

    def sum(self) -> np.ndarray:
        parts = [one.reshape(self.shape) for one in self.classes]
        return reduce(np.add, parts) if parts else everywhere(np.int32(0), self.shape)


class _Answers(Mapping[Query, np.ndarray]):
    # Held as the classes they are made of: every answer at once would take several times the memory.

    def __init__(self, found: Mapping[Query, _Answer], once: Mapping[Query, np.ndarray]) -> None:
        self._found, self._once = found, once

    def __getitem__(self, query: Query) -> np.ndarray:
        return self._once[query] if query in self._once else self._found[query].sum()

    def __iter__(self) -> Iterator[Query]:
        return iter((*self._found, *self._once))

    def __len__(self) -> int:
        return len(self._found) + len(self._once)


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


def _in_cache(
    batches: Iterable[pd.DataFrame], table: str, roster: Roster, code: Coding, seen: date | None, size: int = 1 << 17
) -> Iterator[Placed]:
    """Place batches in slices, so that what is computed on the way stays in the processor's cache."""
    for batch in batches:
        member = member_codes(batch["member_id"], roster.ids)
        for at in range(0, len(batch), size):
            some = slice(at, at + size)
            yield _placed(batch.iloc[some], member[some], table, roster, code, seen)


def _alike(queries: tuple[Query, ...]) -> Iterator[tuple[Query, ...]]:
    def kind(query: Query) -> tuple[str, str]:
        return query.per, query.value

    plain = [query for query in queries if not query.distinct]
    for _, group in groupby(sorted(plain, key=kind), key=kind):
        yield tuple(group)


@dataclass(frozen=True)
class Placed:
    """The records of one batch that belong to a row: their row, month inside the period, code and batch."""

    row: np.ndarray
    month: np.ndarray
    code: np.ndarray
    kept: np.ndarray | slice
    batch: pd.DataFrame

    def weights(self, value: str) -> Ints | np.int32:
        """Return what each record adds: a whole number, the same for all where they are counted."""
        if value == "count":
            return np.int32(1)
        column = self.batch[value].to_numpy(dtype="float64", na_value=0)[self.kept]
        return column.astype("int64") if value == "quantity" else scaled(np.nan_to_num(column))


def place(batch: pd.DataFrame, table: str, roster: Roster, code: Coding, seen: date | None = None) -> Placed:
    """Give each record its row, its month within the period, and its code."""
    return _placed(batch, member_codes(batch["member_id"], roster.ids), table, roster, code, seen)


def _placed(batch: pd.DataFrame, member: Ints, table: str, roster: Roster, code: Coding, seen: date | None) -> Placed:
    months = months_of(batch, table)
    position = roster.position(months)
    row = roster.rows(member, position)
    first = np.array([period.first for period in roster.periods] or [0], dtype="int64")[position]
    whole = code.code(_positions(batch, table, roster, position, months, code, seen))
    shown = row >= 0 if seen is None else (row >= 0) & (_days(batch, table, months) <= day(seen))
    kept = slice(None) if shown.all() else np.flatnonzero(shown)
    return Placed(row[kept], (months - first)[kept], whole[kept], kept, batch)


def _days(batch: pd.DataFrame, table: str, months: Ints) -> Ints:
    return _last_days(months) if table == "dues" else days_of(batch["date"])


def day(when: date) -> int:
    """Return a date as whole days since 1970."""
    return int(np.datetime64(when).astype("int64"))


def _last_days(months: Ints) -> Ints:
    """Return the last day of each month: the calendar is asked once for each different one."""
    if not len(months):
        return months
    first = int(months.min())
    after = np.arange(first + 1, int(months.max()) + 2) - 1970 * 12
    return (after.astype("datetime64[M]").astype("datetime64[D]").astype("int64") - 1)[months - first]


def _positions(
    batch: pd.DataFrame,
    table: str,
    roster: Roster,
    position: np.ndarray,
    months: np.ndarray,
    code: Coding,
    seen: date | None,
) -> dict[str, np.ndarray]:
    if table != "dues":
        return {column: batch[column].array.codes for column in code.columns}
    state, undated, late = settlement(batch, months, until(roster, position, seen))
    step = sum((late >= bound for bound in code.bounds), np.zeros(len(late), dtype="int8"))
    return {"state": state, "undated": undated, "late": step}


def until(roster: Roster, position: Ints, seen: date | None = None) -> Ints:
    """Return the last day from which each record is looked at."""
    ends = [day(min(period.last_day, seen or date.max)) for period in roster.periods] or [day(date.max)]
    return np.array(ends, dtype="int64")[position]


def settlement(dues: pd.DataFrame, months: Ints, ends: Ints) -> tuple[Ints, Bools, Ints]:
    """Say of each month of dues how it stands, seen from the last day of its period.

    Parameters
    ----------
    dues : DataFrame
        Months of dues.
    months : ndarray of int, shape (records,)
        Their months.
    ends : ndarray of int, shape (records,)
        The day from which each is looked at; a later payment is not seen.

    Returns
    -------
    state : ndarray of int
        0 on time, 1 late, 2 short, 3 unpaid.
    undated : ndarray of bool
        Settled, with something due, without a date.
    late : ndarray of int
        Days late.
    """
    paid_on, last = days_of(dues["paid_on"]), _last_days(months)
    due, paid = (np.rint(dues[column].to_numpy() * SCALE) for column in ("due", "paid"))
    # A missing amount compares as nothing paid; a missing date lies before every month's end.
    seen = paid_on <= ends
    settled = seen & (paid >= due) | (due == 0)
    late = np.where(settled, np.maximum(paid_on - last, 0), np.maximum(ends - last, 1)) * (due > 0)
    state = np.where(settled, late > 0, np.where(seen & (paid > 0), np.int8(2), np.int8(3)))
    return state, settled & (due > 0) & (paid_on == NEVER), late


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
        return cls(queries, signatures, of_code, shape, _step(queries[0], roster))

    def add(self, placed: Placed, total: np.ndarray) -> None:
        """Add a batch to a total; records of no class add nothing to the first."""
        classes, rows, parts = self.shape
        if not classes:
            return
        cell = placed.row if parts == 1 else placed.row * parts + placed.month // self.step
        cell = cell + (np.maximum(self.class_of, 0) * (rows * parts))[placed.code]
        counts = (self.class_of >= 0).astype(self.dtype)[placed.code]
        np.add.at(total.reshape(-1), cell, counts * placed.weights(self.queries[0].value))

    @property
    def dtype(self) -> str:
        """Half the memory for counts: nobody has two thousand million records."""
        return "int32" if self.queries[0].value == "count" else "int64"

    def answers(self, total: np.ndarray) -> Iterator[tuple[Query, _Answer]]:
        """Yield the answer to each question; most classes of most data hold nothing."""
        there = total.any(axis=(1, 2))
        for at, query in enumerate(self.queries):
            classes = tuple(total[one] for one in np.flatnonzero(self.signatures[:, at] & there))
            yield query, _Answer(classes, self.shape[1:2] if query.per == "period" else self.shape[1:])


# ---------------------------------------------------------------- one award, once


def _named(query: Query, placed: Placed, code: Coding, roster: Roster) -> pd.DataFrame:
    """Return row, part and name of the records that a question, or one that comes first, asks for."""
    mine = code.answers(query)[placed.code]
    first = np.logical_or.reduce([np.zeros(len(mine), bool), *(code.answers(one)[placed.code] for one in query.unless)])
    part = placed.month // _step(query, roster)
    name = placed.batch[query.distinct].to_numpy(dtype=object)[placed.kept]
    return pd.DataFrame({"row": placed.row, "part": part, "name": name, "mine": mine, "first": first})[mine | first]


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


def _step(query: Query, roster: Roster) -> int:
    length = roster.months.shape[1]
    return length if query.per == "period" else MONTHS[query.per]  # type: ignore[index]


def parts_of(period: Period, per: str) -> tuple[str, ...]:
    """Return the names of a period's months or quarters; one blank for the whole."""
    return ("",) if per == "period" else tuple(str(part) for part in period.split(per))  # type: ignore[arg-type]
