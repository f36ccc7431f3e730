from pathlib import Path

import pytest

from tests.intake.sheets import Rows, checked, errors, filled_cells, notes, rows_of

MARCH: Rows = (
    ("第一支部2024年3月",),
    ("姓名", "3月5日党课", "3月12日主题党日", "应缴", "实缴", "备注"),
    ("张三", "√", "√", 10, 10, None),
    ("李四", "请假", "√", 5, 5, "热心"),
    ("合计", None, None, 15, 15, None),
)


def test_two_tables_of_which_every_row_holds_a_record(tmp_path: Path) -> None:
    """Signs and payments side by side beside one name are both read, and no cell is counted twice."""
    found = checked(tmp_path, MARCH)
    assert errors(found) == []
    assert len(rows_of(found, "attendance", "member_id")) == 4
    assert rows_of(found, "dues", "member_id", "month", "paid") == [("00001", "2024-03", 10), ("00002", "2024-03", 5)]
    assert notes(found) & {"column_unread", "names_unread"}
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


@pytest.mark.parametrize(("title", "code"), [("第一支部2024年", "column_counts"), ("第一支部", "year_unknown")])
def test_of_two_tables_a_row_both_must_be_whole(tmp_path: Path, title: str, code: str) -> None:
    """Where one of them lacks its month or year, nothing of it is read in silence."""
    assert code in {error for error, _ in errors(checked(tmp_path, ((title,), *MARCH[1:])))}


@pytest.mark.parametrize(("head", "read"), [("", True), ("特长", False)])
def test_names_without_a_header_are_names(tmp_path: Path, head: str, *, read: bool) -> None:
    """The one column of names under nothing says whose row it is; under another header it does not."""
    rows = [("2024年3月5日党课考勤",), ("序号", head, "出勤情况"), (1, "张三", "√"), (2, "李四", "请假")]
    found = checked(tmp_path, rows)
    assert (not found.errors, len(rows_of(found, "attendance", "status"))) == (read, 2 if read else 0)
