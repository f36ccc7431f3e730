"""Who is assessed when: one row for each member and scored period.

All arrays of the engine stand in the order of these rows: by member id, then
by period. Members become integer codes here, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from jifen_analysis.periods import MONTHS, Kind, Period
from jifen_analysis.schemes.model import RuleBook, Who
from jifen_analysis.scoring.arrays import BLOCK, Bools, Ints, compress, encode, heads, months
from jifen_analysis.tables.coded import is_rising
from jifen_analysis.tables.membership import spans
from jifen_analysis.tables.records import Records, Stored


@dataclass(frozen=True)
class YearRows:
    """One row for each member and year, over the rows of the periods; these stand one after the other.

    The year row of each row; the first row of each year, and its last one that is scored, else the last that is there.
    """

    of_row: Ints
    first: Ints
    last: Ints


@dataclass(frozen=True)
class Roster:
    """The rows of an assessment.

    Parameters
    ----------
    ids : Index of str
        Member ids, sorted; a member's code is its position.
    periods : tuple of Period
        The scored periods, in calendar order.
    member, period : ndarray of int, shape (rows,)
        Member code and position of the period.
    members : DataFrame
        The roster as it was sent.
    held : ndarray of int, shape (rows,)
        Which of them is in force on the last assessed day of each row.
    months : ndarray of bool, shape (rows, months in a period)
        The months in which the member is assessed.
    inside : ndarray of bool, shape (rows,)
        Whether the scheme is for this member at all.
    categories : tuple of str
        The scheme's own categories; blank for none.
    category : ndarray of int, shape (rows,)
        Which of them each row is in.
    assumed : ndarray of bool, shape (rows,)
        Whether that was assumed, for want of an age.
    """

    ids: pd.Index
    periods: tuple[Period, ...]
    member: Ints
    period: Ints
    members: pd.DataFrame
    held: Ints
    months: Bools
    inside: Bools
    categories: tuple[str, ...]
    category: Ints
    assumed: Bools

    def __len__(self) -> int:
        return len(self.member)

    @cached_property
    def facts(self) -> pd.DataFrame:
        """The roster row in force on the last assessed day of each row, with the scheme's own category."""
        category = np.array(self.categories, dtype=object)[self.category]
        facts = self.members.iloc[self.held].reset_index(drop=True)
        return facts.assign(scheme_category=category, category_assumed=self.assumed)

    def only(self, rows: Ints, members: Ints) -> Roster:
        """Return some rows, all of some members (codes, rising)."""
        member, own = np.searchsorted(members, self.member[rows]), self.members.iloc[self.held[rows]]
        return self._cut(rows, self.ids[members], member, own.reset_index(drop=True), np.arange(len(rows)))

    def _cut(self, rows: Ints | slice, ids: pd.Index, member: Ints, members: pd.DataFrame, held: Ints) -> Roster:
        by_row = {name: getattr(self, name)[rows] for name in ("period", "months", "inside", "category", "assumed")}
        return replace(self, ids=ids, member=member, members=members, held=held, **by_row)

    @cached_property
    def cuts(self) -> tuple[slice, ...]:
        """Blocks of rows, of whole members, at least one."""
        heads = np.unique(np.searchsorted(self.member, self.member[::BLOCK])).tolist() or [0]
        return tuple(slice(*bounds) for bounds in pairwise((*heads, len(self))))

    def block(self, some: slice) -> Roster:
        """Return a block of rows, of whole members, as a roster of its own."""
        if some == slice(0, len(self)):
            return self
        member, held = self.member[some], self.held[some]
        # Both the members and their entries stand by id.
        first, low, high = member[0], held.min(), held.max() + 1
        ids, members = self.ids[first : member[-1] + 1], self.members.iloc[low:high]
        return self._cut(some, ids, member - first, members, held - low)

    @cached_property
    def row_of(self) -> Ints:
        """Row number by member code and period, -1 where there is none; so is the last of each, which -1 finds."""
        table = np.full((len(self.ids) + 1, len(self.periods) + 1), -1, dtype="int64")
        table[self.member, self.period] = np.arange(len(self))
        return table

    def parts(self, per: str) -> int:
        """Return how many months or quarters a period has; 1 for the whole."""
        return self.months.shape[1] // self.step(per)

    def step(self, per: str) -> int:
        """Return how many months one of these parts has."""
        return self.months.shape[1] if per == "period" else MONTHS[per]  # type: ignore[index]

    @cached_property
    def assessed(self) -> Bools:
        """Whether any month of the period is assessed."""
        return np.asarray(self.months.any(axis=1))

    @cached_property
    def part(self) -> Bools:
        """Whether some months are assessed and some are not."""
        return np.logical_and(self.assessed, ~self.months.all(axis=1))

    @cached_property
    def exempt(self) -> Bools:
        """Whether the member is exempt and would be assessed otherwise."""
        return self.assessed & self._flag("exempt")

    @cached_property
    def activist(self) -> Bools:
        """Whether the member is an activist: scored, but never ranked or counted."""
        return (self.members["stage"] == "activist").to_numpy(bool)[self.held]

    @cached_property
    def counted(self) -> Bools:
        """Whether the member counts in the n of a branch or unit, given a total."""
        return self.scored & ~self.activist

    @cached_property
    def scored(self) -> Bools:
        """Whether the row can have scores at all."""
        return self.inside & self.assessed & ~self.exempt

    @property
    def year(self) -> Ints:
        """The calendar year of each row."""
        return np.array([period.year for period in self.periods], dtype="int64")[self.period]

    @cached_property
    def years(self) -> YearRows:
        """The rows of years over these."""
        first = (np.diff(self.member, prepend=-1) != 0) | (np.diff(self.year, prepend=-1) != 0)
        of_row = np.cumsum(first) - 1
        last = np.flatnonzero(np.append(first[1:], True)) if len(first) else of_row.copy()
        scored = np.flatnonzero(self.scored)
        last[of_row[scored]] = scored
        return YearRows(of_row, np.flatnonzero(first), last)

    @cached_property
    def before(self) -> Ints:
        """Row of the same member in the scored period just before in the calendar, or -1."""
        firsts = [period.first for period in self.periods]
        previous = [firsts.index(p.first - p.length) if p.first - p.length in firsts else -1 for p in self.periods]
        return self.rows(self.member, np.asarray(previous, dtype="int64")[self.period])

    def groups(self, scope: str, within: Ints | None = None) -> Ints:
        """Return a code for each row's branch or unit within its period (or within another code)."""
        codes, size = self._branches if scope == "branch" else self._units
        return (self.period if within is None else within) * size + codes

    @cached_property
    def _branches(self) -> tuple[Ints, int]:
        return self._numbered("branch")

    @cached_property
    def _units(self) -> tuple[Ints, int]:
        return self._numbered("unit")

    def _numbered(self, scope: str) -> tuple[Ints, int]:
        of_member, names = pd.factorize(self.members[scope])
        return of_member[self.held], max(len(names), 1)

    def rows(self, member: Ints, period: Ints) -> Ints:
        """Return the row of each record by its member code and position of the period, -1 where it has none."""
        flat, width = self.row_of.ravel(), self.row_of.shape[1]
        return np.take(flat, member * width + period, mode="wrap")

    def position(self, months: Ints) -> Ints:
        """Return the position of the scored period that contains each month, -1 where none does."""
        return np.take(self._by_month, months - self._first_month, mode="clip")

    @cached_property
    def _first_month(self) -> int:
        return min((period.first for period in self.periods), default=1) - 1

    @cached_property
    def _by_month(self) -> Ints:
        last = max((period.months[-1] for period in self.periods), default=0)
        table = np.full(last - self._first_month + 2, -1, dtype="int64")
        for at, period in enumerate(self.periods):
            table[period.first - self._first_month : period.first + period.length - self._first_month] = at
        return table

    def are(self, who: Who | None) -> Bools:
        """Return for each row whether its member is one of those described."""
        return np.broadcast_to(True, (len(self),)) if who is None else self._matches(who)

    def _matches(self, who: Who) -> Bools:
        kept = np.ones(len(self), bool)
        for column, blank in (("post", "none"), ("stage", "full"), ("sex", "")):
            wanted = getattr(who, column)
            if wanted is not None:
                given = self.members[column]
                kept &= (given.isin(wanted) | (given.isna() & (blank in wanted))).to_numpy(bool)[self.held]
        for column in ("floating", "retired", "infirm"):
            wanted = getattr(who, column)
            if wanted is not None:
                kept &= self._flag(column) == wanted
        if who.category is not None:
            kept &= np.isin(self.categories, who.category)[self.category]
        kept &= self._of_age(who)
        return kept if who.excluding is None else kept & ~self._matches(who.excluding)

    def _of_age(self, who: Who) -> Bools:
        if who.age_at_least is None and who.age_below is None:
            return np.ones(len(self), bool)
        unknown = self.age < 0
        old_enough = self.age >= (who.age_at_least or 0)
        young_enough = self.age < (who.age_below if who.age_below is not None else 1000)
        return np.where(unknown, who.age_unknown, old_enough & young_enough)

    @cached_property
    def age(self) -> Ints:
        """Whole years of age on the period's last day, -1 where the birth date is missing."""
        born = self.members["birth_date"].to_numpy().astype("datetime64[D]")[self.held]
        days = np.array([p.last_day for p in self.periods] or [date(1970, 1, 1)], dtype="datetime64[D]")
        last = days[self.period] if len(self) else days[:0]
        years = last.astype("datetime64[Y]").astype("int64") - born.astype("datetime64[Y]").astype("int64")
        return np.where(np.isnat(born), -1, years - (_day_of_year(last) < _day_of_year(born)))

    def _flag(self, column: str) -> Bools:
        return self.members[column].fillna(False).to_numpy(bool)[self.held]


def enrol(rows: Roster, book: RuleBook) -> Roster:
    """Return the rows with the scheme's own categories, and who is inside its population."""
    names = ("", *book.categories)
    codes, given = encode(rows.members["category"])
    listed = (names.index(name) if name in names else 0 for name in (*given.to_pylist(), ""))
    known = np.fromiter(listed, dtype="int16")
    category, assumed = known[codes][rows.held], np.zeros(len(rows), bool)
    for at, entry in enumerate(book.categories.values(), start=1):
        mine = (category == 0) & rows.are(entry.when)
        category[mine] = at
        if entry.when is not None and entry.when.age_unknown:
            assumed |= mine & (rows.age < 0)
    enlisted = replace(rows, categories=names, category=category, assumed=assumed)
    return replace(enlisted, inside=enlisted.are(book.population))


def _day_of_year(days: np.ndarray) -> Ints:
    """Return month and day as one number that can be compared between years."""
    month = days.astype("datetime64[M]")
    inside = (days - month.astype("datetime64[D]")).astype("int64")
    return (month.astype("int64") % 12) * 100 + inside


def scored_periods(records: Records, kind: Kind) -> tuple[Period, ...]:
    """Return the periods of a kind in which attendance, an event or a month of dues falls."""
    found = {
        Period.of_month(int(month), kind)
        for table in ("attendance", "events", "dues")
        for month in _months(records, table)
    }
    return tuple(sorted(found))


def _months(records: Records, table: str) -> Iterable[int]:
    stored = records.frames.get(table, ())
    if isinstance(stored, Stored):
        return stored.months()
    when = "month" if table == "dues" else "date"
    return (month for batch in records.batches(table, (when,)) for month in _months_in(batch, table))


def _months_in(batch: pd.DataFrame, table: str) -> Ints:
    found = months(batch, table)
    return np.unique(found.numbers[np.flatnonzero(np.bincount(found.at))])


def build_roster(records: Records, periods: Sequence[Period]) -> Roster:
    """Make the rows: everyone on the roster of a period's year has one."""
    members = _by_id(records)
    first = heads(members["member_id"])
    code = np.cumsum(first) - 1
    held = spans(members, sorted({period.year for period in periods}))
    kept = [_rows_of(held, code[held["row"].to_numpy()], period, int(first.sum())) for period in periods]
    return _ordered(pd.Index(members["member_id"][first]), tuple(periods), kept, members)


def _by_id(records: Records) -> pd.DataFrame:
    """Return the roster by member id, and by what follows for those who have several rows."""
    batches = tuple(records.batches("members"))
    members = batches[0] if len(batches) == 1 else records.members
    if is_rising(members["member_id"]):
        return members.reset_index(drop=True)
    return members.sort_values(["member_id", "year", "since", "until", "branch"], kind="stable", ignore_index=True)


def _rows_of(held: pd.DataFrame, code: Ints, period: Period, n: int) -> tuple[Ints, Ints, Bools]:
    """Return member codes, roster rows in force and assessed months of one period.

    Mostly everyone has one row, and it holds for the whole period.
    """
    mine = (held["year"] == period.year).to_numpy()
    code, row = code[mine], held["row"].to_numpy()[mine]
    first, last = held["first"].to_numpy()[mine], held["last"].to_numpy()[mine]
    alone = bool((np.diff(code) > 0).all())
    if alone and (first <= np.datetime64(period.first_day)).all() and (last >= np.datetime64(period.last_day)).all():
        return code, row, np.broadcast_to(True, (len(code), period.length))
    opens = np.maximum(first, np.datetime64(period.first_day))
    closes = np.minimum(last, np.datetime64(period.last_day))
    holds = (opens <= closes) & (first <= last)
    months = np.zeros((n, period.length), bool)
    for at, month in enumerate(period.split("month")):
        touched = holds & (opens <= np.datetime64(month.last_day)) & (closes >= np.datetime64(month.first_day))
        months[code[touched], at] = True
    if alone:
        return code, row, months[code]
    order = np.lexsort((*_in_force(first, last, closes, holds, period), code))
    chosen = order[np.flatnonzero(np.diff(code[order], append=-1))]
    return code[chosen], row[chosen], months[code[chosen]]


def _in_force(
    first: np.ndarray, last: np.ndarray, closes: np.ndarray, holds: Bools, period: Period
) -> tuple[np.ndarray, np.ndarray]:
    """Return sort keys, the last of which wins: a row that holds, else the last before, else the first after."""
    ended = ~holds & (last < np.datetime64(period.first_day))
    rank = np.where(holds, 2, np.where(ended, 1, 0))
    day = np.where(holds, closes, np.where(ended, last, first)).astype("int64")
    return np.where(rank == 0, -day, day), rank


def _ordered(
    ids: pd.Index, periods: tuple[Period, ...], kept: list[tuple[Ints, Ints, Bools]], members: pd.DataFrame
) -> Roster:
    none = np.zeros(0, dtype="int64")
    member = np.concatenate([code for code, _, _ in kept] or [none])
    row = np.concatenate([row for _, row, _ in kept] or [none])
    period = np.repeat(np.arange(len(kept)), [len(code) for code, _, _ in kept])
    order = np.argsort(member, kind="stable") if len(kept) > 1 else slice(None)
    shape = len(member), periods[0].length if periods else MONTHS["year"]
    parts = [months for _, _, months in kept if len(compress(months)) == len(months)]
    months = np.concatenate([np.asarray(one) for _, _, one in kept])[order] if parts else np.broadcast_to(True, shape)
    return Roster(
        ids, periods, member[order], period[order], members, row[order], months,
        np.broadcast_to(True, shape[:1]), ("",), np.zeros(shape[0], dtype="int16"), np.zeros(shape[0], bool),
    )  # fmt: skip
