"""Which row each record belongs to, in which month of the period, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import numpy as np
import pandas as pd

from jifen_analysis.periods import Period
from jifen_analysis.scoring.arrays import (
    NEVER,
    Bools,
    Encoded,
    Ints,
    add_pairs,
    calendar,
    days_of,
    encode,
    members,
    months,
)
from jifen_analysis.scoring.queries import Coding
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.tables.columns import SCALE, fixed_point

BATCH = 1 << 20
"""Records whose columns are looked at together."""
SLICE = 1 << 17
"""Records that are placed at a time: what is computed on the way stays in the processor's cache."""


@dataclass(frozen=True)
class AssignedRecords:
    """Records that belong to a row: what they say, the month of each in its period (0 the first), where they stand."""

    row: Ints
    code: Encoded
    moment: Encoded
    batch: pd.DataFrame
    kept: slice | Ints

    def only(self, chosen: Ints) -> AssignedRecords:
        """Return some of them, by their places here."""
        kept = self.kept.start + chosen if isinstance(self.kept, slice) else self.kept[chosen]
        return AssignedRecords(self.row[chosen], self.code.only(chosen), self.moment.only(chosen), self.batch, kept)

    def part(self, step: int) -> Ints:
        """Return the part of the period in which each lies, of parts with so many months."""
        return Encoded(self.moment.at, self.moment.numbers // step).of()

    def weights(self, value: str) -> Ints:
        """Return the whole number that each record adds."""
        column = self.batch[value].iloc[self.kept].to_numpy(dtype="float64", na_value=0)
        return column.astype("int64") if value == "quantity" else fixed_point(np.nan_to_num(column))


@dataclass(frozen=True)
class _RecordMoments:
    """When the records of a batch were: which day or month each, and what is known of that.

    Position of the scored period it lies in, -1 for none, which of its months, and its last day.
    """

    at: Ints
    position: Ints
    month: Ints
    day: Ints


def _moments(batch: pd.DataFrame, table: str, roster: Roster, month: int | None) -> _RecordMoments:
    if month is not None:
        found, day = Encoded(np.zeros(len(batch), "int8"), np.array([month])), np.array([NEVER])
    elif table == "dues":
        found = months(batch, table)
        day = last_days(found.numbers)
    else:
        found, first = calendar(days_of(batch["date"]))
        day = np.arange(first, first + len(found.numbers))
    position = roster.position(found.numbers)
    opens = np.array([*(period.first for period in roster.periods), 0], dtype="int64")
    return _RecordMoments(found.at, position, found.numbers - opens[position], day)


def assign_rows(
    batch: pd.DataFrame, table: str, roster: Roster, code: Coding, seen: date | None = None
) -> AssignedRecords:
    """Give each record its row, its month within the period, and its code."""
    return next(_slices(batch, table, roster, code, seen, len(batch), None, None))


def assign_records(
    batches: Iterable[pd.DataFrame],
    table: str,
    roster: Roster,
    code: Coding,
    seen: date | None,
    asked: np.ndarray | None = None,
    month: int | None = None,
) -> Iterator[AssignedRecords]:
    """Place all records a slice at a time; where few of a slice have codes that are asked for, these alone.

    All of them lie in the period of one month where it is given; their dates are not looked at then.
    """
    for batch in batches:
        for start in range(0, len(batch), BATCH):
            some = batch if len(batch) <= BATCH else batch.iloc[start : start + BATCH]
            yield from _slices(some, table, roster, code, seen, SLICE, asked, month)


def _slices(
    batch: pd.DataFrame,
    table: str,
    roster: Roster,
    code: Coding,
    seen: date | None,
    size: int,
    asked: np.ndarray | None,
    month: int | None,
) -> Iterator[AssignedRecords]:
    member, moments = members(batch["member_id"], roster.ids), _moments(batch, table, roster, month)
    seen_at = moments.position if seen is None else np.where(moments.day <= _day(seen), moments.position, -1)
    rows = _rows(member, Encoded(moments.at, seen_at), roster)
    said = _saying(batch, table, code, moments, seen_from(roster.periods, seen))
    for start in range(0, len(batch) or 1, size or 1):
        some = slice(start, start + size)
        kept, codes = _asked(said(some), asked)
        at = some if isinstance(kept, slice) else start + kept
        row = rows(at)
        found = AssignedRecords(row, codes, Encoded(moments.at[at], moments.month), batch, at)
        there = row >= 0
        yield found if there.all() else found.only(np.flatnonzero(there))


def _asked(codes: Encoded, asked: np.ndarray | None) -> tuple[slice | Ints, Encoded]:
    """Return which records have codes that are asked for, and these; all of them where most do."""
    mine = None if asked is None else codes.through(asked)
    if mine is None or 2 * np.count_nonzero(mine) >= len(mine):
        return slice(None), codes
    kept = np.flatnonzero(mine)
    return kept, codes.only(kept)


def _rows(member: Encoded, position: Encoded, roster: Roster) -> Callable[[slice | Ints], Ints]:
    """Return what gives some records their rows; within one period each member has but one."""
    if len(set(position.numbers.tolist())) == 1:
        return Encoded(member.at, roster.rows(member.numbers, position.numbers[0])).of
    return lambda some: roster.rows(member.of(some), position.of(some))


def _saying(
    batch: pd.DataFrame, table: str, code: Coding, moments: _RecordMoments, closes: Ints
) -> Callable[[slice], Encoded]:
    """Return what gives some records their codes; dues are looked at from the day their period closes."""
    if table != "dues":
        columns = [(column, *encode(batch[column])) for column in code.columns]
        words = [Encoded(at, code.adds(column, names.to_pylist())) for column, at, names in columns]
        return reduce(add_pairs, words).only
    payments = Payments.of(batch)
    last, close = Encoded(moments.at, moments.day), Encoded(moments.at, closes[moments.position])
    return lambda some: _dues_codes(payments.only(some), last.of(some), close.of(some), code)


# ---------------------------------------------------------------- how a month of dues stands at the end of its period


def _day(when: date) -> int:
    return int(np.datetime64(when).astype("int64"))


def last_days(months: Ints) -> Ints:
    """Return the last day of each integer month."""
    return (months + 1 - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype("int64") - 1


def seen_from(periods: Sequence[Period], seen: date | None = None) -> Ints:
    """Return the day from which the months of each period are looked at; of none, last."""
    return np.array([*(_day(min(period.last_day, seen or date.max)) for period in periods), _day(date.max)])


@dataclass(frozen=True)
class Payments:
    """Months of dues: what was due, what was paid, missing where nothing was, and when, in days since 1970."""

    due: np.ndarray
    paid: np.ndarray
    paid_on: Ints

    @classmethod
    def of(cls, dues: pd.DataFrame) -> Payments:
        """Return the payments of a table of dues."""
        return cls(dues["due"].to_numpy(), dues["paid"].to_numpy(), days_of(dues["paid_on"]))

    def only(self, some: slice) -> Payments:
        """Return some of them."""
        return Payments(self.due[some], self.paid[some], self.paid_on[some])


def settlement(payments: Payments, last: Ints, closes: Ints) -> tuple[Ints, Bools, Ints]:
    """Say of each month of dues how it stands, by its last day and the day from which it is looked at.

    Returns
    -------
    state : ndarray of int
        0 on time, 1 late, 2 short, 3 unpaid; a payment after the last look is not seen.
    undated : ndarray of bool
        Settled, with something due, without a date.
    late : ndarray of int
        Days late.
    """
    paid_on, (due, paid) = payments.paid_on, (np.rint(one * SCALE) for one in (payments.due, payments.paid))
    # A missing amount compares as nothing paid; a missing date lies before every month's end.
    seen, owed = paid_on <= closes, due > 0
    settled = seen & (paid >= due) | (due == 0)
    late = np.where(settled, np.maximum(paid_on - last, 0), np.maximum(closes - last, 1)) * owed
    state = np.where(settled, late > 0, np.where(seen & (paid > 0), np.int8(2), np.int8(3)))
    return state, settled & owed & (paid_on == NEVER), late


def _dues_codes(payments: Payments, last: Ints, closes: Ints, coding: Coding) -> Encoded:
    """Return the code of each month of dues."""
    state, undated, late = settlement(payments, last, closes)
    step = sum((late >= bound for bound in coding.bounds), np.zeros(len(late), dtype="int8"))
    found = zip(coding.columns, (state, undated, step), strict=True)
    return reduce(add_pairs, (Encoded(at, coding.adds(column, coding.words[column])) for column, at in found))
