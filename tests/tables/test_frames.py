"""Frames as people have them: any names, any types of pandas, and nothing of them lost without a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from jifen_analysis.errors import InvalidRecords, JifenError, UsageError
from jifen_analysis.tables import TABLES, Records

ROSTER = pd.DataFrame({"党员编号": ["00001", "00002"], "党支部": "一支部"}, index=["甲", "乙"])
ATTENDANCE = pd.DataFrame(
    {"编号": ["00001", "00002"], "日期": pd.to_datetime("2024-03-05"), "活动类型": "党课", "出勤情况": "出勤"}
)
DAY, FAR = pd.Timestamp("2024-03-05"), np.datetime64("20000-01-01")


def _arrows(values: pa.Array) -> pd.Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(values))


KINDS: dict[str, Callable[[], Any]] = {
    "a time of that day": lambda: [DAY + pd.Timedelta(hours=9)] * 2,
    "a moment in a zone": lambda: pd.Series([DAY] * 2).dt.tz_localize("Asia/Shanghai"),
    "moments in zones": lambda: [datetime(2024, 3, 5, 23, tzinfo=UTC), pd.Timestamp("2024-03-05 23:00+0800")],
    "moments of Greenwich": lambda: pd.Series([DAY + pd.Timedelta(hours=18), pd.NaT]).dt.tz_localize("UTC"),
    "moments as texts": lambda: ["2024-03-05T18:00:00Z", "2024-03-05 18:00:00+08:00"],
    "categories in a zone": lambda: pd.Categorical(pd.to_datetime([DAY] * 2).tz_localize("UTC")),
    "Arrow's moments": lambda: pd.Series([DAY] * 2, dtype="timestamp[us, tz=Asia/Shanghai][pyarrow]"),
    "Arrow's days": lambda: pd.Series([date(2024, 3, 5)] * 2, dtype="date32[pyarrow]"),
    "Arrow's texts": lambda: pd.Series(["2024-03-05"] * 2, dtype="string[pyarrow]"),
    "days of Python": lambda: [date(2024, 3, 5), None],
    "days no pandas has": lambda: [date(9999, 12, 31)] * 2,
    "months": lambda: pd.period_range("2024-03", periods=2, freq="M"),
    "months among objects": lambda: np.array([pd.Period("2024-03"), None], object),
    "times": lambda: [time(9), None],
    "durations": lambda: [timedelta(1), pd.NaT],
    "decimals": lambda: [Decimal("12.5"), Decimal("NaN")],
    "booleans": lambda: pd.array([True, None], "boolean"),
    "booleans of numpy": lambda: [True, False],
    "booleans among objects": lambda: np.array([np.True_, 1], object),
    "categories of booleans": lambda: pd.Categorical([True, None]),
    "Arrow's booleans": lambda: _arrows(pa.array([True, None])),
    "whole numbers": lambda: pd.array([1, None], "Int64"),
    "large ones": lambda: [10**30, -1],
    "numbers": lambda: [1.5, float("inf")],
    "complex ones": lambda: [1j, 2],
    "categories": lambda: pd.Categorical(["出勤", None]),
    "categories of days": lambda: pd.Categorical([DAY, DAY]),
    "bytes": lambda: [b"00001", None],
    "lists": lambda: [["00001"], {}],
    "intervals": lambda: pd.interval_range(0, 2),
    "nothing": lambda: [None, pd.NA],
    "categories of months": lambda: pd.Categorical([pd.Period("2024-03"), None]),
    "moments no calendar has": lambda: np.array(["20000-01-01", "-0100-01-01"], "datetime64[s]"),
    "the same among objects": lambda: np.array([FAR, pd.Timestamp(FAR)], object),
    "the same in a zone": lambda: pd.Series(np.array(["20000-01-01"] * 2, "datetime64[s]")).dt.tz_localize("UTC"),
    "Arrow's days no calendar has": lambda: _arrows(pa.array([10**7, None], pa.int32()).cast(pa.date32())),
    "Arrow's decimals": lambda: _arrows(pa.array([Decimal("1.50"), None])),
    "Arrow's structures": lambda: _arrows(pa.array([{"a": 1}, None])),
    "Arrow's bytes": lambda: _arrows(pa.array([b"00001", None])),
    "sparse numbers": lambda: pd.arrays.SparseArray([1.0, np.nan]),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_stands_in_whichever_column_is_read_or_refused(kind: str) -> None:
    """In a sentence, never by an exception of pandas; a day is a day without hours wherever one is read."""
    for table, name in ONE_OF_A_KIND:
        plain = {one: "00001" if one == "member_id" else _SOUND[TABLES[table][one].kind] for one in TABLES[table]}
        frame = pd.DataFrame(plain, index=range(2)).assign(**{name: KINDS[kind]()})
        try:
            records = Records.from_frames({"members": ROSTER, table: frame})
        except JifenError:
            continue
        of = TABLES[table][name].kind
        assert "booleans" not in kind or of not in ("number", "count", "year"), "true is no 1"
        if of == "date":
            read = records.table(table)[name].dropna()
            assert (read == read.dt.normalize()).all()


ONE_OF_A_KIND = {
    (TABLES[table][name].kind, table == "members"): (table, name)
    for table in ("members", "attendance", "dues", "marks")
    for name in TABLES[table]
}.values()
"""A column of each kind, of rosters and of records: what kind it is decides how it is read."""
_SOUND = {"id": "00001", "text": "甲", "number": 1.0, "count": 1, "date": DAY, "month": "2024-03", "period": "2024",
          "year": 2024, "boolean": True, "word": None}  # fmt: skip


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        (None, "收到:NoneType"),
        ([ROSTER], "收到:list"),
        ({}, "收到:空"),
        ({"花名册": ["00001"]}, "收到:花名册"),
        ({"花名册": ROSTER, "members": ROSTER}, "花名册、members 是同一张表"),
    ],
)
def test_what_are_no_frames_of_tables_is_refused(frames: Any, said: str) -> None:
    """Two frames of one table, too: one of them would be lost."""
    with pytest.raises(UsageError, match=said):
        Records.from_frames(frames)


def test_columns_that_are_missing_or_twice_there_are_told_once() -> None:
    """At the frame, not in each of its rows, and those of all frames together."""
    twice = ATTENDANCE.assign(date=DAY).drop(columns="出勤情况")
    again = pd.concat([ROSTER, ROSTER[["党支部"]]], axis=1)
    with pytest.raises(InvalidRecords) as caught:
        Records.from_frames({"花名册": again, "考勤": twice})
    assert [(problem.code, problem.cell) for problem in caught.value.problems] == [
        ("duplicate_header", "花名册.党支部"),
        ("duplicate_header", "考勤.date"),
        ("missing_column", "考勤.出勤情况"),
    ]


def test_columns_that_are_not_read_are_noted() -> None:
    """What is none of the table's is left, and said."""
    records = Records.from_frames({"花名册": ROSTER, "考勤": ATTENDANCE.assign(天气="晴")})
    assert [(note.code, note.cell) for note in records.notes] == [("column_unread", "考勤.天气")]


def test_an_index_that_has_a_name_is_a_column() -> None:
    """And what is wrong stands at the label that it gives to the row."""
    roster, attendance = ROSTER.set_index("党员编号"), ATTENDANCE.set_index(["编号", "日期"])
    assert len(Records.from_frames({"花名册": roster, "考勤": attendance}).attendance) == 2
    with pytest.raises(InvalidRecords, match=r"花名册\[00002\].党支部"):
        Records.from_frames({"花名册": roster.assign(党支部=["一支部", None])})


def test_an_index_that_is_a_column_too_is_one_column_where_both_say_the_same() -> None:
    """As ``set_index(…, drop=False)`` leaves it; where they differ nobody knows which is meant."""
    kept = ROSTER.set_index("党员编号", drop=False)
    records = Records.from_frames({"花名册": kept, "考勤": ATTENDANCE.set_index(["编号", "日期"], drop=False)})
    assert (len(records.attendance), records.notes) == (2, ())
    with pytest.raises(InvalidRecords, match="几列都是“党员编号”:党员编号、党员编号"):
        Records.from_frames({"花名册": kept.set_axis(pd.Index(["00003", "00004"], name="党员编号"))})
