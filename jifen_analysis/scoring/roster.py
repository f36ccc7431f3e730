"""Who is assessed when: one row for each member and scored period.

All arrays of the engine stand in the order of these rows: by member id, then
by period. Members become integer codes here, once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from jifen_analysis.periods import KINDS, MONTHS, Kind, Period
from jifen_analysis.schemes.model import RuleBook, Who
from jifen_analysis.tables.consistency import spans
from jifen_analysis.tables.records import Records, Stored

Bools = np.ndarray
Ints = np.ndarray


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
    facts : DataFrame
        The roster row in force on the last assessed day of each row.
    months : ndarray of bool, shape (rows, months in a period)
        The months in which the member is assessed.
    inside : ndarray of bool, shape (rows,)
        Whether the scheme is for this member at all.
    """

    ids: pd.Index
    periods: tuple[Period, ...]
    member: Ints
    period: Ints
    facts: pd.DataFrame
    months: Bools
    inside: Bools

    def __len__(self) -> int:
        return len(self.member)

    @cached_property
    def row_of(self) -> Ints:
        """Row number by member code and period, -1 where there is none; so is the last of each, which -1 finds."""
        table = np.full((len(self.ids) + 1, len(self.periods) + 1), -1, dtype="int64")
        table[self.member, self.period] = np.arange(len(self))
        return table

    def parts(self, per: str) -> int:
        """Return how many months or quarters a period has; 1 for the whole."""
        return 1 if per == "period" else self.months.shape[1] // MONTHS[per]  # type: ignore[index]

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
        return (self.facts["stage"] == "activist").to_numpy(bool)

    @cached_property
    def counted(self) -> Bools:
        """Whether the member counts in the n of a branch or unit, given a total."""
        return self.scored & ~self.activist

    @cached_property
    def scored(self) -> Bools:
        """Whether the row can have scores at all."""
        return self.inside & self.assessed & ~self.exempt

    @cached_property
    def year(self) -> Ints:
        """The calendar year of each row."""
        return np.array([period.year for period in self.periods], dtype="int64")[self.period]

    @cached_property
    def before(self) -> Ints:
        """Row of the same member in the scored period just before in the calendar, or -1."""
        firsts = [period.first for period in self.periods]
        previous = [firsts.index(p.first - p.length) if p.first - p.length in firsts else -1 for p in self.periods]
        at = np.asarray(previous, dtype="int64")[self.period]
        return self.row_of[self.member, at]

    def groups(self, scope: str, within: Ints | None = None) -> Ints:
        """Return a code for each row's branch or unit within its period (or within another code)."""
        codes, size = self._scopes[scope]
        return (self.period if within is None else within) * size + codes

    @cached_property
    def _scopes(self) -> dict[str, tuple[Ints, int]]:
        found = {scope: pd.factorize(self.facts[scope], sort=True) for scope in ("branch", "unit")}
        return {scope: (codes, max(len(names), 1)) for scope, (codes, names) in found.items()}

    def rows(self, ids: pd.Series, period: Ints) -> Ints:
        """Return the row of each record, -1 where it belongs to no row."""
        flat, width = self.row_of.ravel(), self.row_of.shape[1]
        return np.take(flat, member_codes(ids, self.ids) * width + period, mode="wrap")

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
        return np.ones(len(self), bool) if who is None else self._matches(who)

    def _matches(self, who: Who) -> Bools:
        kept = np.ones(len(self), bool)
        for column, blank in (("post", "none"), ("stage", "full"), ("sex", "")):
            wanted = getattr(who, column)
            if wanted is not None:
                kept &= self.facts[column].isin(wanted).to_numpy() | (
                    blank in wanted and self.facts[column].isna().to_numpy()
                )
        for column in ("floating", "retired", "infirm"):
            wanted = getattr(who, column)
            if wanted is not None:
                kept &= self._flag(column) == wanted
        if who.category is not None:
            kept &= self.facts["scheme_category"].isin(who.category).to_numpy()
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
        born = self.facts["birth_date"].to_numpy().astype("datetime64[D]")
        days = np.array([p.last_day for p in self.periods] or [date(1970, 1, 1)], dtype="datetime64[D]")
        last = days[self.period] if len(self) else days[:0]
        years = last.astype("datetime64[Y]").astype("int64") - born.astype("datetime64[Y]").astype("int64")
        return np.where(np.isnat(born), -1, years - (_day_of_year(last) < _day_of_year(born)))

    def _flag(self, column: str) -> Bools:
        return self.facts[column].fillna(False).to_numpy(bool)


def enrolled(rows: Roster, book: RuleBook) -> Roster:
    """Return the rows with the scheme's own categories, and who is inside its population."""
    category = np.full(len(rows), "", dtype=object)
    given = rows.facts["category"].isin(list(book.categories)).to_numpy()
    category[given] = rows.facts["category"].to_numpy()[given]
    assumed = np.zeros(len(rows), bool)
    for name, entry in book.categories.items():
        mine = (category == "") & rows.are(entry.when)
        category[mine] = name
        if entry.when is not None and entry.when.age_unknown:
            assumed |= mine & (rows.age < 0)
    facts = rows.facts.assign(scheme_category=category, category_assumed=assumed)
    return replace(rows, facts=facts, inside=rows.are(book.population))


def _day_of_year(days: np.ndarray) -> Ints:
    """Return month and day as one number that can be compared between years."""
    month = days.astype("datetime64[M]")
    inside = (days - month.astype("datetime64[D]")).astype("int64")
    return (month.astype("int64") % 12) * 100 + inside


def member_codes(ids: pd.Series, known: pd.Index) -> Ints:
    """Return the position of each id among the known ones (sorted), -1 where it is not there.

    Sheets list a member's records one below the other, so each run of equal
    ids is looked up once; categorical ids are looked up by category.
    """
    if not len(known) or not len(ids):
        return np.full(len(ids), -1, dtype="int64")
    if isinstance(ids.dtype, pd.CategoricalDtype):
        codes = np.append(_positions(pa.array(ids.cat.categories), known), -1)
        return codes[ids.cat.codes.to_numpy()]
    listed = pa.array(ids)
    listed = listed.combine_chunks() if isinstance(listed, pa.ChunkedArray) else listed
    heads = np.append(True, pc.not_equal(listed[1:], listed[:-1]).to_numpy(zero_copy_only=False))
    codes = _positions(listed.filter(pa.array(heads)), known)
    return np.repeat(codes, np.diff(np.append(np.flatnonzero(heads), len(ids))))


def _positions(ids: pa.Array, known: pd.Index) -> Ints:
    """Look ids up among those between the smallest and the largest of them: a hash of all would cost more."""
    among = pa.array(known, ids.type)
    bounds = pc.min_max(ids)
    low, high = (
        side(range(len(among)), bounds[of].as_py(), key=lambda at: among[at].as_py())
        for side, of in ((bisect_left, "min"), (bisect_right, "max"))
    )
    found = pc.index_in(ids, among[low:high])
    return pc.fill_null(pc.add(found, low), -1).to_numpy(zero_copy_only=False).astype("int64")


DAY = 86_400_000_000
"""Microseconds."""


def days_of(dates: pd.Series) -> Ints:
    """Return dates as whole days since 1970."""
    return dates.to_numpy().view("int64") // DAY


def months_of(frame: pd.DataFrame, table: str) -> Ints:
    """Return the integer month of each record of attendance, events or dues."""
    if table == "dues":
        codes, names = pd.factorize(frame["month"])
        return np.array([Period.parse(name).first for name in names] or [0], dtype="int64")[codes]
    days = days_of(frame["date"])
    if not len(days):
        return days
    first = int(days.min())
    calendar = np.arange(first, int(days.max()) + 1).astype("datetime64[D]").astype("datetime64[M]")
    return (calendar.astype("int64") + 1970 * 12)[days - first]


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
    return (month for batch in records.batches(table) for month in _months_in(batch, table))


def _months_in(batch: pd.DataFrame, table: str) -> Ints:
    if table == "dues":
        return np.array([Period.parse(month).first for month in batch["month"].unique()], dtype="int64")
    days = days_of(batch["date"])
    first = int(days.min()) if len(days) else 0
    seen = np.flatnonzero(np.bincount(days - first)) + first
    return np.unique(seen.astype("datetime64[D]").astype("datetime64[M]").astype("int64") + 1970 * 12)


def asked_periods(wanted: Sequence[Period], kind: Kind) -> tuple[Period, ...]:
    """Return the scored periods that a person asked for: a year stands for its halves, and so on."""
    split = [part for period in wanted if KINDS.index(period.kind) <= KINDS.index(kind) for part in period.split(kind)]
    return tuple(sorted(set(split)))


def roster(records: Records, periods: Sequence[Period]) -> Roster:
    """Make the rows: everyone on the roster of a period's year has one."""
    members = records.members
    members = members.sort_values(["member_id", "year", "since", "until", "branch"], kind="stable", ignore_index=True)
    ids = pd.Index(members["member_id"].unique())
    held = spans(members, sorted({period.year for period in periods}))
    code = member_codes(held["member_id"], ids)
    kept = [_rows_of(held, code, period, len(ids)) for period in periods]
    return _ordered(ids, tuple(periods), kept, members)


def _rows_of(held: pd.DataFrame, code: Ints, period: Period, n: int) -> tuple[Ints, Ints, Bools]:
    """Return member codes, roster rows in force and assessed months of one period."""
    mine = (held["year"] == period.year).to_numpy()
    code, row = code[mine], held["row"].to_numpy()[mine]
    first, last = held["first"].to_numpy()[mine], held["last"].to_numpy()[mine]
    opens = np.maximum(first, np.datetime64(period.first_day))
    closes = np.minimum(last, np.datetime64(period.last_day))
    holds = (opens <= closes) & (first <= last)
    months = np.zeros((n, period.length), bool)
    for at, month in enumerate(period.split("month")):
        touched = holds & (opens <= np.datetime64(month.last_day)) & (closes >= np.datetime64(month.first_day))
        months[code[touched], at] = True
    order = np.lexsort((*_in_force(first, last, closes, holds, period), code))
    final = np.flatnonzero(np.diff(code[order], append=-1))
    chosen = order[final]
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
    length = periods[0].length if periods else MONTHS["year"]
    none = np.zeros(0, dtype="int64")
    member = np.concatenate([code for code, _, _ in kept] or [none])
    row = np.concatenate([row for _, row, _ in kept] or [none])
    months = np.concatenate([part for _, _, part in kept] or [np.zeros((0, length), bool)])
    period = np.repeat(np.arange(len(kept)), [len(code) for code, _, _ in kept])
    order = np.lexsort((period, member))
    facts = members.iloc[row[order]].reset_index(drop=True)
    return Roster(ids, periods, member[order], period[order], facts, months[order], np.ones(len(order), bool))
