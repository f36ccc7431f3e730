"""Periods that may be others: a quarter alone where a score is for half a year."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.periods import KINDS, MONTHS, NAMES, Kind, Period
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.columns import decode_texts
from jifen_analysis.tables.consistency import Tables
from jifen_analysis.tables.failures import Failure
from jifen_analysis.tables.membership import spans
from jifen_analysis.tables.plausibility.saying import FEWEST, note_rows

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
    wanted = MONTHS[kind] if kind is not None else _usual(lengths, np.bincount(at + 1, minlength=len(lengths)))
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
    partly_there = _dated(members)
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


def _dated(members: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    """Return the rows of the members who joined or left on a day."""
    if members is None:
        return {}
    dated = members.loc[members["since"].notna() | members["until"].notna(), "member_id"]
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
