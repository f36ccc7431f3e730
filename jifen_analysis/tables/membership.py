"""Who is on the roster when, and which records of others, of other years or of other days there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text, nearest_to
from jifen_analysis.periods import Period
from jifen_analysis.tables.coded import different, find_repeats
from jifen_analysis.tables.columns import FIRST_DAY
from jifen_analysis.tables.failures import MOST_HINTS, Around, Failure, with_hints


def roster_failures(members: pd.DataFrame, years: Sequence[int]) -> Iterator[Failure]:
    """One member, one year, one row, unless the dates part the rows."""
    backwards = np.flatnonzero((members["since"] > members["until"]).fillna(False).to_numpy(bool))
    if len(backwards):
        text = Text("截止日期早于起算日期", "the last day is before the first")
        found = Failure("members", backwards, "until", "dates_reversed", text)
        yield found.with_values(members["until"].iloc[backwards], _shown)
    twice = _overlapping(members, years)
    if len(twice):
        text = Text("同一党员同一年度有两行且日期重叠", "this member has two rows of one year whose dates overlap")
        found = Failure("members", twice, "member_id", "duplicate_member", text)
        yield found.with_values(members["member_id"].iloc[twice])


def _overlapping(members: pd.DataFrame, years: Sequence[int]) -> np.ndarray:
    repeated = np.zeros(len(members), bool)
    repeated[find_repeats([members["member_id"]])] = True
    if not repeated.any():
        return np.zeros(0, "int64")
    rows = spans(members, years or _dated_years(members))
    rows = rows.assign(member_id=members["member_id"].array.take(rows["row"]))
    held = (rows["first"] <= rows["last"]).to_numpy()
    rows = rows[held & repeated[rows["row"].to_numpy()]].sort_values(
        ["member_id", "year", "first", "row"], kind="stable"
    )
    before = rows.shift()
    again = (rows["member_id"] == before["member_id"]) & (rows["year"] == before["year"])
    latest = rows.groupby(["member_id", "year"])["last"].cummax().shift()
    clash = (again & (rows["first"] <= latest)).to_numpy()
    at = np.flatnonzero(clash)
    return np.unique(rows["row"].to_numpy()[np.concatenate([at, at - 1])])


def _dated_years(members: pd.DataFrame) -> tuple[int, ...]:
    """Return the years in which dates of the roster fall; any year where it has none."""
    dates = pd.concat([members["since"], members["until"]]).dropna()
    return tuple(sorted(set(dates.dt.year.tolist()))) or (FIRST_DAY.year,)


def spans(members: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Spread the roster over the years: which row holds on which days of which year.

    Parameters
    ----------
    members : DataFrame
        The roster; a row without a year holds in every year.
    years : sequence of int
        The years of the data.

    Returns
    -------
    DataFrame
        Columns row (position in ``members``), year, first, last (days,
        inclusive; last before first where the row never holds).
    """
    given = members["year"].to_numpy(dtype="float64", na_value=np.nan)
    row = np.repeat(np.arange(len(members)), len(years))
    year = np.tile(np.asarray(years, dtype="int64"), len(members))
    holds = np.isnan(given[row]) | (given[row] == year)
    if not holds.all():
        row, year = row[holds], year[holds]
    opens, closes = _ends(year)
    since, until = (members[name].to_numpy()[row] for name in ("since", "until"))
    # The date that is there, where one is missing.
    first, last = np.fmax(since, opens), np.fmin(until, closes)
    return pd.DataFrame({"row": row, "year": year, "first": first, "last": last}, copy=False)


def all_year(held: pd.DataFrame) -> pd.DataFrame:
    """Return, of what :func:`spans` returns, the years in which a row holds from the first day to the last."""
    opens, closes = _ends(held["year"].to_numpy())
    return held[(held["first"].to_numpy() <= opens) & (held["last"].to_numpy() >= closes)]


_DATED = {"attendance": "date", "events": "date", "dues": "month"}
MOST_COMPARED = 1_000_000
"""Known ids that are compared in all: of a roster of hundreds of thousands, for the first few unknown ones."""


def day_column(table: str) -> tuple[str, ...]:
    """Return the column that says when a record of a table was."""
    return (_DATED.get(table, "period"),)


@dataclass(frozen=True, eq=False)
class Presence:
    """Who is on a roster on which days of some years, looked up once for all tables.

    Parameters
    ----------
    members : DataFrame
        The roster.
    years : sequence of int
        The years of the data.
    """

    members: pd.DataFrame
    years: Sequence[int]

    @cached_property
    def known(self) -> pd.Index:
        """Each id once."""
        return pd.Index(self.members["member_id"].unique())

    @cached_property
    def held(self) -> pd.DataFrame:
        """What :func:`spans` returns, and of which of the known members, of which year each row is."""
        rows = spans(self.members, self.years)
        member = self.known.get_indexer(pd.Index(self.members["member_id"]))[rows["row"]]
        return rows.assign(member=member, key=member * 10_000 + rows["year"])

    @cached_property
    def turns(self) -> Sequence[pd.DataFrame]:
        """The same by key, as many frames as one member has rows in one year."""
        turn = self.held.groupby("key").cumcount().to_numpy()
        return [self.held[turn == n].set_index("key") for n in range(int(turn.max(initial=-1)) + 1)]


_UNKNOWN_MEMBER = Around(Text("花名册中没有编号 ", "no member "), Text("", " on the roster"))


def unknown_failures(table: str, frame: pd.DataFrame, known: pd.Index) -> Iterator[Failure]:
    """Find records of members who are on no roster, with the nearest id that is."""
    rows = np.flatnonzero(_places(frame["member_id"], known) < 0)
    if not len(rows):
        return
    listed, found = [str(member) for member in known], frame["member_id"].iloc[rows]
    first = found.drop_duplicates()[:MOST_HINTS].astype("str").tolist()
    say = with_hints(first, _UNKNOWN_MEMBER, partial(nearest_to, known=listed), MOST_COMPARED // (len(listed) or 1))
    yield Failure(table, rows, "member_id", "unknown_member", say).with_values(found)


def _places(ids: pd.Series, known: pd.Index) -> np.ndarray:
    """Return where each id stands among the known ones, -1 where it does not; each is looked up once."""
    codes, found = different(ids)
    places = np.append(known.get_indexer(pd.Index(found)), -1)
    return places.astype("int32").take(codes, mode="wrap")


def absent_failures(table: str, frame: pd.DataFrame, roster: Presence) -> Iterator[Failure]:
    """Find records of a year in which, or a day on which, the member is not on the roster."""
    code = _places(frame["member_id"], roster.known)
    rows = np.flatnonzero((code >= 0) & ~_all_year(table, frame, code, roster.held))
    if not len(rows):
        return
    found = _absent_among(table, frame.iloc[rows].reset_index(drop=True), code[rows], roster)
    yield from (failure.among(rows) for failure in found)


def _all_year(table: str, frame: pd.DataFrame, code: np.ndarray, roster: pd.DataFrame) -> np.ndarray:
    """Return the records of years in which a row of the roster holds from the first day to the last."""
    column = day_column(table)[0]
    at, days = different(frame[column])
    years, of_day = np.unique(_years_of(_days(days, column)[0]), return_inverse=True)
    whole = all_year(roster)
    whole = whole[whole["year"].isin(years)]
    held = np.zeros((int(roster["member"].max()) + 1 if len(roster) else 1, len(years)), bool)
    held[whole["member"].to_numpy(), np.searchsorted(years, whole["year"].to_numpy())] = True
    cell = code.astype("int64") * len(years) + (of_day[at] if len(years) > 1 else 0)
    return held.ravel().take(cell, mode="wrap") if len(at) else np.zeros(0, bool)


def _absent_among(table: str, frame: pd.DataFrame, code: np.ndarray, roster: Presence) -> Iterator[Failure]:
    column = day_column(table)[0]
    first, last = _days(frame[column], column)
    year = _years_of(first)
    on_roster, inside = _held(code, year, first, last, roster, dated=table in _DATED)
    for one in np.unique(year[~on_roster]).tolist():
        text = Text(f"花名册 {one} 年度没有此党员", f"this member is not on the roster of {one}")
        rows = np.flatnonzero(~on_roster & (year == one))
        yield Failure(table, rows, "member_id", "not_on_roster", text).with_values(frame["member_id"].iloc[rows])
    rows = np.flatnonzero(on_roster & ~inside)
    if len(rows):
        text = Text("不在此党员的起算、截止日期之内", "outside the dates between which this member is on the roster")
        yield Failure(table, rows, column, "outside_dates", text).with_values(frame[column].iloc[rows], _shown)


def _years_of(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[Y]").astype("int64") + 1970


def _ends(year: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the last day of years."""
    opens = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return opens, (year - 1969).astype("datetime64[Y]").astype("datetime64[D]") - 1


def _shown(value: object) -> str:
    return str(value.date()) if isinstance(value, pd.Timestamp) else str(value)


def _days(values: pd.Series, column: str) -> tuple[np.ndarray, np.ndarray]:
    if column == "date":
        days = values.to_numpy().astype("datetime64[D]")
        return days, days
    codes, names = pd.factorize(values)
    periods = [Period.parse(name) for name in names]
    first = np.array([p.first_day for p in periods] or [date(1970, 1, 1)], dtype="datetime64[D]")
    last = np.array([p.last_day for p in periods] or [date(1970, 1, 1)], dtype="datetime64[D]")
    return first[codes], last[codes]


def _held(
    code: np.ndarray, year: np.ndarray, first: np.ndarray, last: np.ndarray, roster: Presence, *, dated: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each record whether its member has a roster row of its year, and one that holds on its days."""
    on_roster, inside = np.zeros(len(code), bool), np.zeros(len(code), bool)
    key = code.astype("int64") * 10_000 + year
    for some in roster.turns:
        at = some.index.get_indexer(key)
        found = at >= 0
        on_roster |= found
        opens, closes = some["first"].to_numpy()[at], some["last"].to_numpy()[at]
        inside |= found & (~np.bool_(dated) | ((opens <= last) & (first <= closes) & (opens <= closes)))
    return on_roster, inside
