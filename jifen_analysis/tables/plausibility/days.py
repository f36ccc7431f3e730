"""Days, years and periods that may be others: a year mistyped, an age nobody has, a payment of another year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import numpy as np
import pandas as pd

from jifen_analysis.errors import CARD, Text
from jifen_analysis.periods import KINDS, MONTHS, NAMES, YEARS, Kind, Period
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.columns import decode_texts
from jifen_analysis.tables.consistency import Tables
from jifen_analysis.tables.failures import Failure
from jifen_analysis.tables.membership import day_column, spans
from jifen_analysis.tables.plausibility.saying import FEWEST, display_value, note_rows
from jifen_analysis.vocabulary import standard

_APART = np.timedelta64(366, "D")
"""Days further from their neighbours belong to no run of the same work."""
_FEW = 0.1
"""Of the days of the largest group: a stray group has no more."""
_ENOUGH = 4
"""Days, at least, of a group that others are held against."""
_EARLY, _LATE = np.timedelta64(396, "D"), np.timedelta64(731, "D")
"""A payment may come more than a year ahead, and two years late."""
_AHEAD, _NEAR = np.timedelta64(300, "D"), np.timedelta64(31, "D")
"""Days before its month from which a payment may be one of a year later, and from the others within which it is."""
_DECIDED_LATE = np.timedelta64(3 * 366, "D")
_YOUNGEST, _OLDEST = 18, 105
_FOUNDED = pd.Timestamp("1921-07-01")
BY_SHEET = ("attendance", "events")
"""Tables whose days are those of the work itself: those of a sheet are held against each other, too."""
_DATED = ("attendance", "events", "dues", "evaluations", "ballots", "marks", "declarations")


def far_days(tables: Tables) -> Iterator[Failure]:
    """Yield records over a year from all others of the data, of their sheet or ahead of today, and payments alike."""
    days = {name: _days(tables[name], name) for name in _DATED if name in tables and len(tables[name])}
    known = np.concatenate([own for _, own in days.values()]) if days else np.zeros(0, "datetime64[s]")
    today = np.datetime64(date.today())
    stray = _stray(known[known <= today + _APART], near=today)
    for name, (at, own) in days.items():
        far, ahead = _among(at, own, stray), _among(at, own, own[own > today + _APART])
        yield from _noted(name, tables[name], ahead, _AHEAD_OF_TODAY)
        for rows in _sheets(tables[name], at, name):
            of_sheet = np.unique(at[rows])
            far[rows] |= _among(at[rows], own, _stray(own[of_sheet[of_sheet >= 0]]))
        if (far & ~ahead).any():
            near = own[at[~far & ~ahead & (at >= 0)]]
            yield from _said(name, tables[name], near if len(near) else np.setdiff1d(known, own[at[far]]), far & ~ahead)
    if "dues" in tables:
        yield from _paid_far(tables["dues"])


def _sheets(frame: pd.DataFrame, at: np.ndarray, table: str) -> Iterable[np.ndarray | slice]:
    """Return the positions of the records of each sheet, of the tables whose days are those of the work itself."""
    if "_source" not in frame or table not in BY_SHEET:
        return ()
    source = frame["_source"].to_numpy()
    if len(source) and (source == source[0]).all():
        return (slice(None),)
    return [np.asarray(rows) for rows in pd.Series(at).groupby(source).indices.values()]


def _days(frame: pd.DataFrame, table: str) -> tuple[np.ndarray, np.ndarray]:
    """Return for each record which of the different days it is of, -1 where it has none, and these."""
    column = day_column(table)[0]
    at, values = different(frame[column])
    if column == "date":
        return at, values.to_numpy().astype("datetime64[s]")
    return at, np.array([Period.parse(code).first_day for code in values], dtype="datetime64[s]")


def _stray(days: np.ndarray, near: np.datetime64 | None = None) -> np.ndarray:
    """Return the days of small groups that lie more than a year from the largest group and from each other group.

    Where no group is large, of all but the largest, of two alike the one nearer to a day; without such a day, of none.
    """
    distinct = np.unique(days)
    group = np.concatenate([[0], np.cumsum(np.diff(distinct) > _APART)]).astype("int64") if len(distinct) else distinct
    sizes = np.bincount(group) if len(distinct) else np.zeros(1, "int64")
    few = sizes <= max(1.0, _FEW * sizes.max())
    if sizes.max() >= _ENOUGH:
        return distinct[few[group]]
    if near is None or not len(distinct):
        return distinct[:0]
    gaps = [int(np.abs(distinct[group == one] - near).min().astype("int64")) for one in range(len(sizes))]
    return distinct[group != max(range(len(sizes)), key=lambda one: (sizes[one], -gaps[one]))]


def has_stray(days: np.ndarray) -> bool:
    """Return whether some days of a sheet lie more than a year from the others."""
    return len(_stray(days)) > 0


def _among(at: np.ndarray, days: np.ndarray, stray: np.ndarray) -> np.ndarray:
    return np.append(np.isin(days, stray), False)[at] if len(stray) else np.zeros(len(at), bool)


def _said(table: str, frame: pd.DataFrame, near: np.ndarray, far: np.ndarray) -> Iterator[Failure]:
    first, last = (display_value(pd.Timestamp(day)) for day in (near.min(), near.max()))
    text = Text(
        f"其他记录在{first}到{last}之间,相差一年以上,年份是否写错",
        f"the others lie between {first} and {last}, over a year away: another year?",
    )
    yield from _noted(table, frame, far, text)


_AHEAD_OF_TODAY = Text("在今天之后一年以上,年份是否写错", "over a year ahead of today: another year?")


def _noted(table: str, frame: pd.DataFrame, far: np.ndarray, text: Text) -> Iterator[Failure]:
    column, rows = day_column(table)[0], np.flatnonzero(far)
    yield from note_rows(table, column, "day_far_away", rows.tolist(), frame[column].iloc[rows].tolist(), text)


def _paid_far(dues: pd.DataFrame) -> Iterator[Failure]:
    at, months = _days(dues, "dues")
    of, paid_on = np.append(months, np.datetime64("NaT"))[at], dues["paid_on"].to_numpy()
    early = early_payments(paid_on, of)
    again = early & _fit_a_year_later(dues, at, paid_on - of) if early.any() else early
    odd = decode_texts("dues", dues[far_payments(paid_on, of) | again])
    for month, same in odd.groupby("month"):
        text = Text(
            f"缴的是{month}的党费,相差约一年或更久,年份是否写错", f"paid for {month}, far from it: another year?"
        )
        yield from note_rows("dues", "paid_on", "payment_far_away", same.index.tolist(), same["paid_on"].tolist(), text)


def far_payments(paid_on: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Return which days of payment lie far from the first day of their month."""
    gap = paid_on - month
    return np.asarray((gap < -_EARLY) | (gap > _LATE))


def early_payments(paid_on: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Return which days of payment lie so long before their month, in another year, that the year may be mistyped."""
    ahead = np.asarray(paid_on - month < -_AHEAD)
    some = np.flatnonzero(ahead)  # few or none: the year of a day takes longest
    ahead[some] = paid_on[some].astype("datetime64[Y]") < month[some].astype("datetime64[Y]")
    return ahead


def _fit_a_year_later(dues: pd.DataFrame, at: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """Return the payments, for no other month besides, that would be among the others of their month a year later."""
    others = pd.Series(gap).where(gap >= -_AHEAD).groupby(at).agg(["count", "min", "max"]).reindex(at)
    later = gap + np.timedelta64(365, "D")
    among = (later >= others["min"] - _NEAR) & (later <= others["max"] + _NEAR) & (others["count"] >= _ENOUGH)
    return np.asarray(among) & ~dues.duplicated(["member_id", "paid_on"], keep=False).to_numpy()


def doubtful_decisions(tables: Tables) -> Iterator[Failure]:
    """Yield decisions taken before their period, or more than three years after it."""
    if "corrections" not in tables or not len(tables["corrections"]):
        return
    rows = tables["corrections"].dropna(subset=["decided_on", "period"])
    periods = {code: Period.parse(code) for code in rows["period"].unique()}
    for code, same in rows.groupby("period"):
        first, last = (np.datetime64(day) for day in (periods[code].first_day, periods[code].last_day))
        day = same["decided_on"].to_numpy()
        odd = same[(day < first) | (day > last + _DECIDED_LATE)]
        text = Text(f"复核的是{code}的结果,日期不在其后三年之内", f"about {code}, but not within three years after it")
        yield from note_rows(
            "corrections", "decided_on", "day_far_away", odd.index.tolist(), odd["decided_on"].tolist(), text
        )


def ages(tables: Tables, years: Mapping[int, int] | None = None) -> Iterator[Failure]:
    """Yield dates of birth and of joining that give an age nobody has."""
    members = tables.get("members")
    if members is None or not len(members):
        return
    yield from _unlike_cards(members)
    rows = members[members["since"].to_numpy() > np.datetime64(date.today()) + _APART]
    yield from note_rows(
        "members", "since", "day_far_away", rows.index.tolist(), rows["since"].tolist(), _AHEAD_OF_TODAY
    )
    if not members[["birth_date", "joined_on"]].notna().any(axis=None):
        return
    year = _last_year(years_counted(tables) if years is None else years)
    if year is None and members["year"].notna().any():
        year = int(members["year"].max())
    for column, (odd, text) in _unlikely(members, year).items():
        rows = members[odd.to_numpy(bool)]
        yield from note_rows("members", column, "age_unlikely", rows.index.tolist(), rows[column].tolist(), text)


def _unlike_cards(members: pd.DataFrame) -> Iterator[Failure]:
    """Yield dates of birth and sexes that the number of an identity card, where it is the id, contradicts."""
    ids = members["member_id"].astype("str")
    ids = ids[ids.str.len().to_numpy() == _SIGNS]
    cards = ids[ids.str.fullmatch(CARD).to_numpy(bool)]
    born = pd.to_datetime(cards.str[6:14], format="%Y%m%d", errors="coerce")
    man = cards.str[16].astype("int64") % 2 == 1
    said, sex = members.loc[cards.index, "birth_date"], members.loc[cards.index, "sex"].astype("str")
    other_month = (said.dt.year != born.dt.year) | (said.dt.month != born.dt.month)
    found = {
        "birth_date": (said.notna() & other_month, "出生日期", "the date of birth"),
        "sex": (((sex == "male") & ~man) | ((sex == "female") & man), "性别", "the sex"),
    }
    for column, (odd, zh, en) in found.items():
        rows = members.loc[odd.index[odd.to_numpy(bool)]]
        text = Text(f"与身份证号里的{zh}不合", f"{en} in the number of the identity card is another")
        values = [_SEXES.get(value, value) for value in rows[column].tolist()]
        yield from note_rows("members", column, "card_differs", rows.index.tolist(), values, text)


_SIGNS = 18
"""Of the number of an identity card."""
_SEXES = {word.code: word.label for word in standard().words["sex"].values()}


def years_counted(tables: Tables) -> Counter[int]:
    """Return how many dated records each year has."""
    found: Counter[int] = Counter()
    for at, own in (_days(tables[name], name) for name in _DATED if name in tables and len(tables[name])):
        times = np.bincount(at[at >= 0], minlength=len(own))
        for year, n in zip((own.astype("datetime64[Y]").astype("int64") + 1970).tolist(), times.tolist(), strict=True):
            found[year] += n
    return found


def _last_year(times: Mapping[int, int]) -> int | None:
    """Return the last year of most records; a mistyped one does not count."""
    years = sorted(year for year, n in times.items() if n)
    if not years:
        return None
    upto = np.cumsum([times[year] for year in years])
    at = 0.9 * (upto[-1] - 1)
    low, high = (years[int(np.searchsorted(upto, place, side="right"))] for place in (np.floor(at), np.ceil(at)))
    return int(low + (high - low) * (at % 1))


def _unlikely(members: pd.DataFrame, year: int | None) -> Mapping[str, tuple[pd.Series, Text]]:
    """Return which dates of birth and of joining are hardly true; where no year is known, what no year makes true."""
    born, joined = members["birth_date"], members["joined_on"]
    since, upto = (YEARS[0], date.today().year) if year is None else (year, year)
    at_joining = joined.dt.year - born.dt.year
    late = joined.dt.year > upto
    known = Text(f"到{upto}年不满{_YOUNGEST}岁或超过{_OLDEST}岁", f"under {_YOUNGEST} or over {_OLDEST} in {upto}")
    ever = Text(
        f"到今年还不满{_YOUNGEST}岁,或{since}年已超过{_OLDEST}岁",
        f"under {_YOUNGEST} even by now, or over {_OLDEST} by {since}",
    )
    return {
        "birth_date": (
            (upto - born.dt.year < _YOUNGEST) | (since - born.dt.year > _OLDEST),
            known if year is not None else ever,
        ),
        "joined_on": (
            (joined < _FOUNDED) | (at_joining < _YOUNGEST) | late,
            Text(
                f"入党时不满{_YOUNGEST}岁,或在1921年7月以前、考核年份以后",
                f"under {_YOUNGEST}, before July 1921, or after the years assessed",
            ),
        ),
    }


_TABLES = ("evaluations", "marks", "ballots")
_MOST = 0.8
"""Of a table's rows: so many of one length say what a score is for, where no scheme does."""


def short_periods(tables: Tables, kind: Kind | None) -> Iterator[Failure]:
    """Yield what is said of a part of a scored period only, where the member was there for the rest, too."""
    for table in _TABLES:
        if table in tables and len(tables[table]):
            yield from _of_table(table, tables[table], tables.get("members"), kind)


def _of_table(table: str, frame: pd.DataFrame, members: pd.DataFrame | None, kind: Kind | None) -> Iterator[Failure]:
    at, codes = different(frame["period"])
    periods = {str(code): Period.parse(str(code)) for code in codes}
    lengths = np.array([*(period.length for period in periods.values()), np.nan])
    wanted = _wanted(lengths, np.bincount(at + 1, minlength=len(lengths)), kind)
    if not (lengths < wanted).any():
        return
    short = decode_texts(table, frame[(lengths < wanted)[at]].dropna(subset=["member_id"]))
    if short.empty:
        return
    whole = {code: period.within(_of_length(wanted)) for code, period in periods.items() if period.length <= wanted}
    rows = decode_texts(table, frame[frame["member_id"].isin(short["member_id"])])
    lone = _partly(rows, periods, whole, members)
    for code, same in short[[key in lone for key in zip(short["member_id"], short["period"], strict=True)]].groupby(
        "period"
    ):
        text = _text(periods[str(code)], whole[str(code)], known=kind is not None)
        yield from note_rows(table, "period", "part_of_period", same.index.tolist(), same["period"].tolist(), text)


def some_are_short(times: Mapping[str, int], kind: Kind | None) -> bool:
    """Return whether some periods, each so many times there, are shorter than what is scored: then whose matters.

    Examples
    --------
    >>> some_are_short({"2024": 9, "2024H1": 1}, None), some_are_short({"2024H1": 9}, "half")
    (True, False)
    """
    lengths = np.array([*(Period.parse(code).length for code in times), np.nan])
    return bool((lengths < _wanted(lengths, np.array([0, *times.values()]), kind)).any())


def _wanted(lengths: np.ndarray, times: np.ndarray, kind: Kind | None) -> int:
    return MONTHS[kind] if kind is not None else _usual(lengths, times)


def _usual(lengths: np.ndarray, times: np.ndarray) -> int:
    """Return the length that nearly all have, else the shortest, so that nothing is short; the first time is none's."""
    own, at = np.unique(lengths[:-1], return_inverse=True)
    counts = np.bincount(at, times[1:], len(own))
    enough = times.sum() > FEWEST and counts.any() and counts.max() / counts.sum() >= _MOST
    return int(own[counts.argmax()]) if enough else 0


def _of_length(months: int) -> Kind:
    return next(kind for kind in KINDS if MONTHS[kind] == months)


def _partly(
    rows: pd.DataFrame, periods: dict[str, Period], whole: dict[str, Period], members: pd.DataFrame | None
) -> set[tuple[str, str]]:
    """Return the members and periods of whose scored period not every month is spoken of, or the whole besides.

    Where most have every part of the time, who lacks one lacks a record; what he has is in order.
    """
    scored_in = {code: str(period) for code, period in whole.items()}
    keyed = rows[["member_id", "period"]].assign(scored=rows["period"].map(scored_in)).dropna().drop_duplicates()
    partly_there = _dated(members, keyed["member_id"])
    listed = keyed.groupby(["member_id", "scored"])["period"].agg(list).reset_index()
    found: dict[str, list[set[tuple[str, str]]]] = {}
    for member, scored, codes in listed.itertuples(index=False, name=None):
        short = {(member, code) for code in codes if code != scored}
        if short:
            told = {month for code in codes for month in periods[code].months}
            whole_too = len(short) < len(codes)
            odd = whole_too or not _there(Period.parse(scored), partly_there.get(member)) <= told
            found.setdefault(scored, []).append(short if odd else set())
    return {one for parts in found.values() if 2 * sum(map(bool, parts)) > len(parts) for part in parts for one in part}


def _dated(members: pd.DataFrame | None, ids: pd.Series) -> dict[str, pd.DataFrame]:
    """Return the rows of those among some members who joined or left on a day."""
    if members is None:
        return {}
    dated = members.loc[members["since"].notna() | members["until"].notna(), "member_id"]
    dated = dated[dated.isin(ids)]
    rows = members[members["member_id"].isin(dated)]
    return {str(member): own.reset_index(drop=True) for member, own in rows.groupby("member_id")}


def _there(scored: Period, rows: pd.DataFrame | None) -> set[int]:
    """Return the months of a period in which a member is on the roster: all of them for who has no dates."""
    if rows is None:
        return set(scored.months)
    held = spans(rows, [scored.year])
    months = {
        month
        for first, last in zip(held["first"].tolist(), held["last"].tolist(), strict=True)
        for month in range(12 * first.year + first.month - 1, 12 * last.year + last.month)
    }
    return months & set(scored.months)


def _text(own: Period, scored: Period, *, known: bool) -> Text:
    zh, en = NAMES[scored.kind]
    by = (f"方案按{zh}考核", f"the scheme scores by {en}") if known else (f"其他的按{zh}", f"the others are by {en}")
    return Text(
        f"{by[0]},这是{own.label()}的,没有其余时间的,会当作{scored.label()}的计分",
        f"{by[1]}, this is of {own} alone; it would count for {scored}",
    )
