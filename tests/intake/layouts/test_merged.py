from pathlib import Path

import pytest

from tests.intake.sheets import checked, errors, notes, rows_of


@pytest.mark.parametrize("sign", ["同上", "〃", '"', "″"])
def test_a_mark_says_the_same_as_the_cell_above(tmp_path: Path, sign: str) -> None:
    """Day, kind and even the member of the row above are taken, over several rows, and that is said."""
    rows = [
        ("姓名", "日期", "活动", "出勤情况"),
        ("张三", "2024-03-05", "党课", "出勤"),
        ("李四", sign, sign, "请假"),
        (sign, "2024-04-02", sign, "缺席"),
    ]
    found = checked(tmp_path, rows)
    assert (errors(found), "same_as_above" in notes(found)) == ([], True)
    assert rows_of(found, "attendance", "member_id", "date", "activity", "status") == [
        ("00001", "2024-03-05", "lecture", "present"),
        ("00002", "2024-03-05", "lecture", "leave"),
        ("00002", "2024-04-02", "lecture", "absent"),
    ]


def test_a_mark_below_nothing_is_refused(tmp_path: Path) -> None:
    """Where the cell above is blank nobody knows what is the same."""
    rows = [("姓名", "日期", "活动", "出勤情况"), ("张三", None, "党课", "出勤"), ("李四", "同上", "党课", "请假")]
    assert ("bad_date", "B3") in errors(checked(tmp_path, rows))


def test_a_mark_that_a_legend_explains_is_a_sign(tmp_path: Path) -> None:
    """Where the sheet says what 〃 means it does not mean the cell above."""
    rows = [("2024年3月5日党课",), ("姓名", "出勤情况"), ("张三", "√"), ("李四", "〃"), ("注:〃表示请假",)]
    found = checked(tmp_path, rows)
    assert rows_of(found, "attendance", "status") == [("present",), ("leave",)]
