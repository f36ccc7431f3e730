"""Frames in a notebook are read as workbooks are: headers, words, and refusals at the frame's own rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis import InvalidRecords, UsageError, check, load
from jifen_analysis.tables import Records

ROSTER = pd.DataFrame({"党员编号": ["00001", "00002"], "姓名": ["甲", "乙"], "党支部": "一支部"})
ATTENDANCE = pd.DataFrame(
    {
        "编号": ["00001", 2, "00002"],
        "日期": ["2024年3月5日", pd.Timestamp("2024-03-05"), "2024/3/6"],
        "活动类型": "党课",
        "出勤情况": ["到会", "请假", "缺席"],
    }
)


def test_frames_are_read_as_a_workbook_with_the_same_cells(tmp_path: Path) -> None:
    """The same records, and the same readings told."""
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        ROSTER.to_excel(book, sheet_name="花名册", index=False)
        ATTENDANCE.to_excel(book, sheet_name="考勤", index=False)
    framed, filed = load({"花名册": ROSTER, "考勤": ATTENDANCE}), load(tmp_path)
    for table in ("members", "attendance"):
        pd.testing.assert_frame_equal(
            framed.table(table).drop(columns=["_source"]), filed.table(table).drop(columns=["_source"])
        )
    assert [note.code for note in framed.notes] == [note.code for note in filed.notes]
    assert framed.notes[0].line().startswith("考勤 [1].编号: ")


def test_every_mistake_is_told_at_the_frame_the_label_and_the_column() -> None:
    """All at once; the index says what a row is called."""
    wrong = ATTENDANCE.assign(日期=["昨天", "2024-03-05", "2024-03-06"], 出勤情况=["到会", "飞走", "缺席"])
    labelled = wrong.set_axis(["早", "中", "晚"])
    with pytest.raises(InvalidRecords, match="2 处错误") as caught:
        load({"花名册": ROSTER, "考勤": labelled})
    errors = [(p.file, p.cell) for p in caught.value.problems if p.severity == "error"]
    assert errors == [("考勤", "[早].日期"), ("考勤", "[中].出勤情况")]


def test_local_words_are_settled_as_for_files() -> None:
    """A correspondence table says what a word means, and a named index is a column."""
    local = ATTENDANCE.assign(出勤情况="打卡").set_index("编号")
    assert check({"花名册": ROSTER, "考勤": local}).unknown["text"].tolist() == ["打卡"]
    settled = load({"花名册": ROSTER, "考勤": local}, words={"words": {"status": {"打卡": "到会"}}})
    assert settled.attendance["status"].tolist() == ["present"] * 3


FAR = np.datetime64("20000-01-01", "s")
ODD: dict[str, Any] = {
    "moments": np.array([FAR] * 2),
    "objects": np.array([FAR, pd.Timestamp(FAR)], object),
    "in a zone": pd.Series([FAR] * 2).dt.tz_localize("UTC"),
    "Arrow's": pd.Series(pd.arrays.ArrowExtensionArray(pa.array([10**7, None], pa.int32()).cast(pa.date32()))),
    "structures": pd.Series(pd.arrays.ArrowExtensionArray(pa.array([{"a": 1}, None]))),
}


@pytest.mark.parametrize("kind", ODD)
def test_what_no_file_can_hold_is_refused_in_a_sentence(kind: str) -> None:
    """Days that no calendar has, and what is no single value; a column that is the index, too, is one."""
    dues = pd.DataFrame({"编号": ["00001", "00002"], "月份": "2024-03", "应缴": 5, "实缴": 5, "缴纳日期": ODD[kind]})
    with pytest.raises(InvalidRecords, match=r"不是明确的日期|列 缴纳日期 里是列表或结构"):
        load({"花名册": ROSTER, "党费": dues})
    assert len(load({"花名册": ROSTER, "党费": dues.drop(columns="缴纳日期").set_index("编号", drop=False)}).dues) == 2


@pytest.mark.parametrize(
    ("frames", "said"),
    [({}, "空"), ({"花名册": [1]}, "花名册")],
)
def test_what_is_no_frame_is_refused(frames: dict[str, pd.DataFrame], said: str) -> None:
    """Before anything is read."""
    with pytest.raises(UsageError, match=said):
        load(frames)


def test_columns_may_be_categorical() -> None:
    """All of one branch is a category with one value; asking whether cells hold lists does not ask pandas."""
    assert len(load({"花名册": ROSTER.astype("category")}).members) == 2


def test_lists_in_cells_are_refused() -> None:
    """A column of lists is no column of cells."""
    with pytest.raises(InvalidRecords, match="列 姓名 里是列表"):
        load({"花名册": ROSTER.assign(姓名=[["甲"], ["乙"]])})


def test_typed_frames_may_bear_chinese_names() -> None:
    """Tables, headers and words; what is wrong stands at the frame's own names."""
    attendance = ATTENDANCE.assign(编号="00001", 日期=["2024-03-05", "2024-03-06", "昨天"])
    with pytest.raises(InvalidRecords, match=r"考勤\[2\]\.日期"):
        Records.from_frames({"花名册": ROSTER, "考勤": attendance})
    assert Records.from_frames({"花名册": ROSTER, "考勤": attendance[:2]}).attendance["status"].tolist() == [
        "present",
        "leave",
    ]


ZONED: dict[str, Callable[[datetime, Path], Any]] = {
    "objects": lambda moment, _: _meetings([moment]),
    "a type": lambda moment, _: _meetings(pd.to_datetime([moment])),
    "texts": lambda moment, _: _meetings([moment.isoformat()]),
    "CSV": lambda moment, folder: _meetings([str(moment)]).to_csv(folder / "attendance.csv", index=False),
    "Parquet": lambda moment, folder: _meetings(pd.to_datetime([moment])).to_parquet(folder / "attendance.parquet"),
}


def _meetings(dates: object) -> pd.DataFrame:
    return pd.DataFrame({"member_id": ["00001"], "date": dates, "activity": "lecture", "status": "present"})


@pytest.mark.parametrize("form", ZONED)
@settings(max_examples=6)
@given(hour=st.integers(0, 23), ahead=st.sampled_from([-5, 0, 8, 9]))
def test_a_moment_with_a_zone_is_a_day_only_where_that_is_the_day_in_beijing(form: str, hour: int, ahead: int) -> None:
    """Whatever it stands in; where Beijing had another day, both are named and nobody guesses."""
    roster = pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]})
    moment = datetime(2024, 3, 5, hour, 30, tzinfo=timezone(timedelta(hours=ahead)))
    with TemporaryDirectory() as name:
        roster.to_csv(Path(name) / "members.csv", index=False)
        frame = ZONED[form](moment, Path(name))
        found = check(name) if frame is None else check({"members": roster, "attendance": frame})
    if 0 <= hour + 8 - ahead < 24:
        assert found.records is not None
        assert found.records.table("attendance")["date"].tolist() == [pd.Timestamp("2024-03-05")]
    else:
        assert [problem.code for problem in found.errors] == ["zone_unclear"]


def test_a_named_index_that_was_stored_as_parquet_is_a_column(tmp_path: Path) -> None:
    """As in a frame that is handed over."""
    roster = pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]})
    roster.set_index("member_id").to_parquet(tmp_path / "members.parquet")
    assert load(tmp_path).table("members")["member_id"].tolist() == ["00001"]
