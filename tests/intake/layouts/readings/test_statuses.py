import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.sheets import Rows, checked, errors, rows_of

HEADS = {"出勤": "present", "到会": "present", "请假": "leave", "病假": "sick_leave", "缺席": "absent", "迟到": "late"}
SEEN = ("member_id", "date", "status")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    heads=st.lists(st.sampled_from(["出勤", "请假", "病假", "缺席", "迟到"]), min_size=2, max_size=4, unique=True),
    days=st.integers(0, 2),
    picks=st.lists(st.integers(0, 3), min_size=4, max_size=4),
    sign=st.sampled_from(["√", "✓", "✔"]),
)
def test_a_column_a_status_in_any_dress(tmp_path: Path, heads: list, days: int, picks: list, sign: str) -> None:
    """For the title's meeting or below each of some days, a sign means its column's status."""
    meetings = max(days, 1)
    levels = [("姓名", *heads)]
    if days:
        upper = [f"3月{day + 5}日" if k == 0 else None for day in range(days) for k in range(len(heads))]
        levels = [("姓名", *upper), (None, *heads * days)]
    body, wanted = [], []
    for n, name in enumerate(["张三", "李四"]):
        cells: list = []
        for day in range(meetings):
            pick = picks[2 * n + day] % len(heads)
            cells += [sign if k == pick else None for k in range(len(heads))]
            wanted.append((f"0000{n + 1}", f"2024-03-0{day + 5}", HEADS[heads[pick]]))
        body.append((name, *cells))
    title = "2024年党课" if days else "2024年3月5日党课"
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    found = checked(tmp_path / "data", [(title,), *levels, *body])
    assert found.errors == ()
    assert sorted(rows_of(found, "attendance", *SEEN)) == sorted(wanted)


TITLE = ("2024年3月5日党课",)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([TITLE, ("姓名", "出勤", "请假"), ("张三", "√", "√")], "several_marks"),
        ([TITLE, ("姓名", "出勤", "请假", "缺席"), ("张三", 5, 1, 2)], "status_counts"),
        ([TITLE, ("姓名", "出勤", "缺席"), ("张三", "缺席", None)], None),
    ],
)
def test_signs_that_cannot_be_one_status(tmp_path: Path, rows: Rows, code: str | None) -> None:
    """Two signs in a row, or numbers, say no status."""
    found = errors(checked(tmp_path, rows))
    assert [kind for kind, _ in found] == [code] if code else found == []


def test_reasons_below_a_status(tmp_path: Path) -> None:
    """Words in the column of a status are its reason; a more exact word of attendance counts."""
    rows = [TITLE, ("姓名", "出勤", "请假", "缺席"), ("张三", "√(迟到)"[0], None, None), ("李四", None, "出差", None)]
    assert rows_of(checked(tmp_path, rows), "attendance", "status") == [("present",), ("leave",)]


def test_counts_of_statuses_are_refused_as_what_they_are(tmp_path: Path) -> None:
    """Numbers below statuses count meetings: that is said, and no missing column."""
    rows = [("2024年考勤统计",), ("姓名", "出勤", "请假", "缺席"), ("张三", 10, 1, 1), ("李四", 12, 0, 0)]
    assert errors(checked(tmp_path, rows)) == [("status_counts", "B2")]


TITLE_OF_SIGNS = ("2024年3月5日党课签到表",)


@pytest.mark.parametrize(
    ("head", "cells", "status"),
    [
        ("备注", (None, "请假"), "leave"),
        ("备注", (None, "因病请假"), "sick_leave"),
        ("备注", (None, "已向书记请假"), "leave"),
        ("请假原因", (None, "出差"), "leave"),
        ("请假类型", ("请假", "公假"), "excused"),
        ("请假类别", ("请假", "病假"), "sick_leave"),
        ("请假事由", (None, "家中有事"), "leave"),
        ("请假事由", (None, "住院"), "sick_leave"),
        ("缺席原因", (None, "病假"), "sick_leave"),
        ("未到会原因", (None, "请假"), "leave"),
        ("请假事由", ("请假", "病假"), "sick_leave"),
        ("请假事由", (None, "无故"), "absent"),
        ("未到原因", (None, "无故"), "absent"),
        ("备注", ("√", "迟到"), "late"),
        ("备注", ("请假", "病假"), "sick_leave"),
        ("未到会原因", ("缺席", "住院"), "sick_leave"),
        ("备注", ("√", "发言积极"), "present"),
        ("请假原因", ("请假", "出差"), "leave"),
        ("备注", ("√", "请假"), None),
        ("备注", (None, "家中有事"), None),
        ("备注", (None, "不清楚"), None),
    ],
)
def test_a_reason_beside_a_sign(tmp_path: Path, head: str, cells: tuple[Any, Any], status: str | None) -> None:
    """A blank is what the reason says, the more specific of two counts, and what does not fit is refused."""
    found = checked(tmp_path, [TITLE_OF_SIGNS, ("姓名", "签到", head), ("张三", *cells), ("李四", "√", None)])
    if status is None:
        assert errors(found) == [("reason_unclear", "C3")]
    else:
        assert found.errors == ()
        assert rows_of(found, "attendance", "status") == [(status,), ("present",)]


def test_a_reason_beside_signs_by_status(tmp_path: Path) -> None:
    """A remark beside 出勤 | 请假 | 缺席 says more of the one sign, or gives the status of a row without any."""
    rows = [TITLE_OF_SIGNS, ("姓名", "出勤情况", None, None, "备注"), (None, "出勤", "请假", "缺席", None),
            ("张三", None, "√", None, "病假"), ("李四", None, None, None, "请假")]  # fmt: skip
    found = checked(tmp_path, rows, merges=["B2:D2", "A2:A3", "E2:E3"])
    assert (found.errors, sorted(rows_of(found, "attendance", "status"))) == ((), [("leave",), ("sick_leave",)])


def test_own_name_as_signature_is_present(tmp_path: Path) -> None:
    """A list that is signed, in two panels with one title over both."""
    rows = [("第一支部党员大会签到表",), ("时间:2024年3月5日14:30", None, None, "地点:会议室"),
            ("序号", "姓名", "签到", "序号", "姓名", "签到"), (1, "张三", "张 三", 2, "李四", "请假")]  # fmt: skip
    found = checked(tmp_path, rows)
    assert found.errors == ()
    assert rows_of(found, "attendance", "member_id", "date", "status") == [
        ("00001", "2024-03-05", "present"), ("00002", "2024-03-05", "leave"),
    ]  # fmt: skip


@pytest.mark.parametrize("head", ["是否参加", "签到状态", "签名"])
def test_whether_somebody_came(tmp_path: Path, head: str) -> None:
    """Yes, signed in and one's own name are present; no and not signed in are absent."""
    cells = {"是否参加": ("是", "否"), "签到状态": ("已签到", "未签到"), "签名": ("张三", "缺席")}[head]
    found = checked(tmp_path, [TITLE_OF_SIGNS, ("姓名", head), ("张三", cells[0]), ("李四", cells[1])])
    assert (found.errors, rows_of(found, "attendance", "status")) == ((), [("present",), ("absent",)])
