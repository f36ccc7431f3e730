"""Whether a long table is in order: told by column, batch by batch, with little held but a number a record.

What is in order needs no look at each row. Anything else raises :class:`UnclearError`: the checks that know rows
and cells then say what is wrong, and where.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import union_categoricals

from jifen_analysis.periods import Kind, Period
from jifen_analysis.tables import consistency, membership
from jifen_analysis.tables.coded import as_array, is_rising, picked, positions
from jifen_analysis.tables.columns import KEYS, TABLES, TEXT, blank_values, canonical
from jifen_analysis.tables.failures import Failure
from jifen_analysis.tables.held_values import HeldValues, Reaches, any_twice
from jifen_analysis.tables.membership import day_column
from jifen_analysis.tables.plausibility.amounts import odd_payments, several_months, uneven
from jifen_analysis.tables.plausibility.days import early_payments, far_payments, some_are_short
from jifen_analysis.vocabulary import Vocabulary

LONG = ("attendance", "dues", "events", "evaluations", "ballots", "marks")
"""Tables with many records a member."""
Moment = date | str
"""A day, or the code of a month or period."""

_COMPARED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "events": ("event", "quantity"),
        "evaluations": ("period", "group", "mark"),
        "ballots": ("period", "excellent", "qualified", "basic", "unqualified", "abstained"),
        "marks": ("period", "item", "mark"),
    }
)
"""What is held against all others of its kind."""
_BY_ROW: Mapping[str, tuple[str, ...]] = MappingProxyType({"events": ("event", "level", "amount", "points")})
"""What the columns of one record say of each other."""


class UnclearError(Exception):
    """Tables need a look at each row: those that are named, or all."""

    def __init__(self, *tables: str) -> None:
        super().__init__(*tables)
        self.tables = tables


@dataclass(frozen=True)
class Screened:
    """A long table that is in order, unless all of it and the others say otherwise.

    Parameters
    ----------
    table : str
        Its name.
    rows : int
        How many records it has.
    moments : mapping of date or str to int
        How many of them each day, month or period has.
    compared : DataFrame
        What is held against all others of its kind; of each member, the place.
    ids : Array
        What stands at these places.
    """

    table: str
    rows: int
    moments: Mapping[Moment, int]
    compared: pd.DataFrame
    ids: pa.Array

    @property
    def months(self) -> frozenset[int]:
        """The first integer month of each day, month or period."""
        return frozenset(map(_month, self.moments))

    @property
    def by_year(self) -> Counter[int]:
        """How many records each year has."""
        found: Counter[int] = Counter()
        for moment, n in self.moments.items():
            found[_month(moment) // 12] += n
        return found


@dataclass(frozen=True, eq=False)
class People:
    """Who may have records, and when.

    Parameters
    ----------
    members : DataFrame
        The roster, typed.
    ids : Array
        Its different ids, sorted.
    """

    members: pd.DataFrame
    ids: pa.Array
    _all_year: dict[int, np.ndarray] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, members: pd.DataFrame) -> People:
        """Return who is on a roster; everybody must have an id."""
        if members["member_id"].isna().any():
            raise UnclearError
        ids = as_array(members["member_id"]).cast(pa.string())
        each = ids if is_rising(members["member_id"]) else pc.unique(ids)
        return cls(members, each if each is ids else each.take(pc.sort_indices(each)))

    def member_places(self, ids: pa.DictionaryArray) -> np.ndarray:
        """Return the place of each record's member; everybody must be known."""
        place = positions(ids.dictionary, self.ids)
        member = picked(place, ids.indices)
        if place.min(initial=0) < 0 and member.min(initial=0) < 0:
            raise UnclearError
        return member

    def all_year(self, year: int) -> np.ndarray:
        """Return who is on the roster from the first day of a year to the last."""
        if year not in self._all_year:
            whole = membership.all_year(membership.spans(self.members, [year]))["row"]
            there = np.zeros(len(self.ids), bool)
            there[positions(as_array(self.members["member_id"].iloc[whole]), self.ids)] = True
            self._all_year[year] = there
        return self._all_year[year]


@dataclass(frozen=True)
class _BatchLook:
    """What one batch leaves behind."""

    rows: int
    moments: tuple[np.ndarray, np.ndarray]
    compared: pd.DataFrame | None
    partly: pd.DataFrame | None


Again = Callable[[Collection[str]], Iterable[pa.RecordBatch]]
"""What reads some columns of a table once more."""


def screen(table: str, batches: Iterable[pa.RecordBatch], again: Again, people: People, words: Vocabulary) -> Screened:
    """Look a long table through.

    Parameters
    ----------
    table : str
        One of :data:`LONG`.
    batches : iterable of RecordBatch
        Its columns by canonical name: texts as dictionaries of what they were read as, words as their codes, days
        as days, numbers as such.
    again : callable
        What reads some of these columns once more, for records that do not come in order.
    people : People
        Who is on the roster.
    words : Vocabulary
        The words that may occur.

    Raises
    ------
    UnclearError
        Where a look at each row is needed.
    """
    owed = np.array([[np.inf], [0.0]]).repeat(len(people.ids), axis=1)
    names: dict[str, int] = {}
    reaches, values, looks = Reaches(), HeldValues(table), []
    for batch in batches:
        if not values.keep(batch):
            raise UnclearError
        member, moment = people.member_places(batch["member_id"]), _Moments.of(batch[day_column(table)[0]])
        if table == "dues":
            _hold_payments(batch, moment)
            _enter_dues(owed, member, batch["due"].to_numpy())
        if table == "events":
            _refuse(consistency.event_failures(_frame(table, batch, _BY_ROW[table], words), words))
        if table in KEYS:
            grouped = bool((member[1:] >= member[:-1]).all())
            reaches.add(_key(table, batch, member, moment, names), grouped=grouped)
        looks.append(_looked(table, batch, member, moment, people, words))
    if uneven(*owed[:, owed[1] > 0]).any() or _repeated(table, reaches, again, people, names):
        raise UnclearError
    moments = _together([look.moments for look in looks])
    partly = _stacked([look.partly for look in looks if look.partly is not None])
    if len(partly):
        years = sorted({_month(moment) // 12 for moment in moments})
        _refuse(membership.absent_failures(table, partly, membership.Presence(people.members, years)))
    compared = _stacked([look.compared for look in looks if look.compared is not None])
    return Screened(table, sum(look.rows for look in looks), moments, compared, people.ids)


def _together(counted: Sequence[tuple[np.ndarray, np.ndarray]]) -> dict[Moment, int]:
    each, at = np.unique(np.concatenate([moments for moments, _ in counted]), return_inverse=True)
    times = np.zeros(len(each), "int64")
    np.add.at(times, at, np.concatenate([n for _, n in counted]))
    return dict(zip(each.tolist(), times.tolist(), strict=True))


def _refuse(found: Iterable[Failure]) -> None:
    if any(map(len, found)):
        raise UnclearError


def _month(moment: Moment) -> int:
    return Period.parse(moment).first if isinstance(moment, str) else 12 * moment.year + moment.month - 1


# ---------------------------------------------------------------- one batch


@dataclass(frozen=True)
class _Moments:
    """When the records of a batch were.

    Parameters
    ----------
    at : ndarray of int, shape (records,)
        Which of the different days, months or periods.
    each : ndarray of datetime64[D] or object, shape (moments,)
        These.
    month : ndarray of int64, shape (moments,)
        The first integer month of each.
    number : ndarray of int64, shape (moments,)
        A number for each that no other of its kind has.
    """

    at: np.ndarray
    each: np.ndarray
    month: np.ndarray
    number: np.ndarray

    @classmethod
    def of(cls, values: pa.Array) -> _Moments:
        if pa.types.is_dictionary(values.type):
            texts = values.dictionary.to_pylist()
            spans = np.array([(span.first, span.length) for span in map(Period.parse, texts)], "int64").reshape(-1, 2)
            number = (spans[:, 0] - _NOUGHT) * 16 + spans[:, 1]
            return cls(values.indices.to_numpy(), np.array(texts, object), spans[:, 0], number)
        days = values.cast("int32").to_numpy()
        first, last = (int(days.min()), int(days.max())) if len(days) else (0, -1)
        number = np.arange(first, last + 1)
        each = number.astype("datetime64[D]")
        month = each.astype("datetime64[M]").astype("int64") + 1970 * 12
        return cls(days - first, each, month, number - np.datetime64(f"{_NOUGHT // 12}-01-01").astype("int64"))

    def counted(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the moments that there are, and how many records each has."""
        times = np.bincount(self.at, minlength=len(self.each))
        there = np.flatnonzero(times)
        return self.each[there], times[there]

    @property
    def years(self) -> Mapping[int, np.ndarray | slice]:
        """Which records each year has."""
        of = self.month // 12
        if len(of) and (of == of[0]).all():
            return {int(of[0]): slice(None)}
        year = of[self.at]
        return {int(one): np.flatnonzero(year == one) for one in np.unique(year)}


_NOUGHT = 12 * 1990
"""The integer month from which moments are numbered."""


def _hold_payments(batch: pa.RecordBatch, moment: _Moments) -> None:
    """Hold what is paid to what is due, and days of payment to the month and to what is paid."""
    due = batch["due"].to_numpy()
    paid = _numbers(batch, "paid")
    if "paid" in batch.schema.names and (odd_payments(due, paid) | several_months(due, paid)).any():
        raise UnclearError
    if "paid_on" not in batch.schema.names:
        return
    paid_on = batch["paid_on"].to_numpy(zero_copy_only=False).astype("datetime64[D]")
    unsaid = np.isnan(paid) & (due > 0)
    first = (moment.month - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")[moment.at]
    odd = far_payments(paid_on, first) | early_payments(paid_on, first)
    if odd.any() or (unsaid.any() and not np.isnat(paid_on[unsaid]).all()):
        raise UnclearError


def _numbers(batch: pa.RecordBatch, name: str) -> np.ndarray:
    if name not in batch.schema.names:
        return np.full(len(batch), np.nan)
    return np.asarray(batch[name].to_numpy(zero_copy_only=False))


def _enter_dues(owed: np.ndarray, member: np.ndarray, due: np.ndarray) -> None:
    """Add a batch to the least and the most that is due of each member."""
    np.minimum.at(owed[0], member, np.where(due > 0, due, np.inf))
    np.maximum.at(owed[1], member, due)


def _partly(people: People, member: np.ndarray, moment: _Moments) -> np.ndarray:
    """Return the records of years in which their member is on the roster for a part of the time, or never."""
    away = []
    for year, rows in moment.years.items():
        whole = people.all_year(year)
        if not whole.all():
            gone = np.flatnonzero(~whole[member[rows]])
            away.append(gone if isinstance(rows, slice) else rows[gone])
    return np.sort(np.concatenate(away)) if away else np.zeros(0, "int64")


def _looked(
    table: str,
    batch: pa.RecordBatch,
    member: np.ndarray,
    moment: _Moments,
    people: People,
    words: Vocabulary,
) -> _BatchLook:
    away = pa.array(_partly(people, member, moment))
    partly = _frame(table, batch.take(away), ("member_id", *day_column(table)), words) if len(away) else None
    compared = None
    if table in _COMPARED:
        compared = _frame(table, batch, _COMPARED[table], words).assign(member_id=member.astype("int32"))
    if compared is not None and table == "events":
        days: pd.Index[Any] = pd.Index(moment.each.astype("datetime64[us]"))
        compared = compared.assign(date=pd.Categorical.from_codes(moment.at, categories=days))
    return _BatchLook(len(batch), moment.counted(), compared, partly)


# ---------------------------------------------------------------- what may stand only once

_MOMENTS, _THINGS = 1 << 17, 1 << 14
"""Room for days or periods, and for words or items, in the number of a record."""


def _repeated(table: str, reaches: Reaches, again: Again, people: People, names: dict[str, int]) -> bool:
    """Return whether a record that may stand only once stands twice; what may is read again, and only that."""
    meeting = reaches.meeting()
    if reaches.repeated or not meeting:
        return reaches.repeated
    column = day_column(table)[0]
    return any_twice(
        (
            _key(table, batch, people.member_places(batch["member_id"]), _Moments.of(batch[column]), names)
            for batch in again(KEYS[table])
        ),
        meeting,
    )


def _key(table: str, batch: pa.RecordBatch, member: np.ndarray, moment: _Moments, names: dict[str, int]) -> np.ndarray:
    """Return a number for each record that no other may have; names are numbered as they come."""
    key = member * (_MOMENTS * _THINGS)
    key += picked(moment.number * _THINGS, moment.at)
    for name in KEYS[table][2:]:
        things = [names.setdefault(one, len(names)) for one in batch[name].dictionary.to_pylist()]
        key += picked(np.array(things, "int64"), batch[name].indices)
    if len(names) > _THINGS:
        raise UnclearError
    return key


# ---------------------------------------------------------------- frames


def frames(screened: Iterable[Screened], words: Vocabulary, kind: Kind | None) -> dict[str, pd.DataFrame]:
    """Return of long tables what doubts rest on: every different day, and the values held against each other.

    Whose they are is said where doubts rest on that, too; ``kind`` is what one score is for, where a scheme is known.
    """
    return {one.table: _doubtful(one, words, kind).assign(_source=np.int32(1)) for one in screened}


def _doubtful(one: Screened, words: Vocabulary, kind: Kind | None) -> pd.DataFrame:
    if one.table in _COMPARED and not _of_persons(one, kind):
        return one.compared.drop(columns="member_id")
    if one.table in _COMPARED:
        # Spelt out, which costs less than what pandas makes of categories: an object for each member.
        ids = one.ids.cast("large_string").take(pa.array(one.compared["member_id"].to_numpy()))
        return one.compared.assign(member_id=pd.Series(ids.to_pandas(), dtype=TEXT))
    return canonical(one.table, pd.DataFrame({day_column(one.table)[0]: list(one.moments)}), words)[0]


def _of_persons(one: Screened, kind: Kind | None) -> bool:
    """Return whether doubts ask whose the values of a table are: to spell it out for all takes time and memory."""
    if one.table in ("evaluations", "marks"):
        return some_are_short({str(moment): n for moment, n in one.moments.items()}, kind)
    return one.table == "ballots"


def _frame(table: str, batch: pa.RecordBatch, names: Iterable[str], words: Vocabulary) -> pd.DataFrame:
    columns = {
        name: _series(batch[name])
        if name in batch.schema.names
        else blank_values(TABLES[table][name], len(batch), words)
        for name in names
    }
    return pd.DataFrame(columns, copy=False)


def _series(values: pa.Array) -> Any:
    if not pa.types.is_dictionary(values.type):
        plain = values.to_numpy(zero_copy_only=False)
        return plain.astype("datetime64[us]") if pa.types.is_date(values.type) else plain
    codes = values.indices.fill_null(-1) if values.null_count else values.indices
    return pd.Categorical.from_codes(codes.to_numpy(), categories=pd.Index(values.dictionary.to_pylist(), dtype="str"))


def _stacked(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return frames one below the other; categories stay."""
    if not parts:
        return pd.DataFrame()
    columns = {name: [part[name] for part in parts] for name in parts[0]}
    return pd.DataFrame(
        {
            name: union_categoricals(of)
            if isinstance(of[0].dtype, pd.CategoricalDtype)
            else np.concatenate([one.to_numpy() for one in of])
            for name, of in columns.items()
        },
        copy=False,
    )
