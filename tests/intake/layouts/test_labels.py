from pathlib import Path

import pytest

from tests.intake.sheets import Rows, checked, rows_of

PAID = ("member_id", "month", "due", "paid")


@pytest.mark.parametrize(
    ("rows", "merges"),
    [
        (
            [
                ("编号", "姓名", "2024年", None, None, None),
                (None, None, "1月", None, "2月", None),
                (None, None, "应缴", "实缴", "应缴", "实缴"),
            ],
            ["C1:F1", "C2:D2", "E2:F2", "A1:A3", "B1:B3"],
        ),
        (
            [
                ("2024年党费",),
                ("基本情况", None, "1月", None, "2月", None),
                ("编号", "姓名", "应缴", "实缴", "应缴", "实缴"),
            ],
            ["A2:B2", "C2:D2", "E2:F2"],
        ),
        ([("2024年党费",), ("编号", "姓名", "1月应缴", "1月实缴(元)", "二月应缴", "二月实缴")], []),
    ],
    ids=["year over month over amount", "groups over persons", "one level"],
)
def test_months_over_amounts_in_any_levels(tmp_path: Path, rows: Rows, merges: list[str]) -> None:
    """One, two or three levels, with or without groups over the persons, are the same months."""
    found = checked(tmp_path, [*rows, ("00001", "张三", 10, 10, 12, 5)], merges=merges, sheet="党费")
    assert found.verdict == "accept"
    assert rows_of(found, "dues", *PAID) == [("00001", "2024-01", 10, 10), ("00001", "2024-02", 12, 5)]


def test_month_over_days(tmp_path: Path) -> None:
    """Bare days below a month are days of that month."""
    rows = [("2024年党课",), ("姓名", "3月", None, "4月"), (None, 5, 12, 2), ("张三", "√", "假", "迟")]
    found = checked(tmp_path, rows, merges=["B2:C2"])
    assert rows_of(found, "attendance", "date", "status") == [
        ("2024-03-05", "present"), ("2024-03-12", "leave"), ("2024-04-02", "late"),
    ]  # fmt: skip


def test_what_stands_beside_a_mark_is_no_mark(tmp_path: Path) -> None:
    """Below a group, only what says mark or count is one; a converted mark beside it is a further column."""
    rows = [
        ("2024年上半年民主评议",),
        ("姓名", "班子成员", None, "党员", None, None),
        (None, "平均分", "折算30%", "平均分", "人数", "名次"),
        ("张三", 80, 24, 90, 12, 1),
    ]
    found = checked(tmp_path, rows, merges=["B2:C2", "D2:F2"])
    assert rows_of(found, "evaluations", "group", "mark", "count") == [("committee", 80, 1), ("members", 90, 12)]
    assert found.counts["extra"] == 2


def test_a_report_day_above_the_days_is_no_day(tmp_path: Path) -> None:
    """A line above the header that says when the sheet was filled in does not date its columns."""
    rows = [("单位:第一支部", None, "2024年4月5日"), ("姓名", 1, 2, 3), ("张三", "√", "√", "√")]
    found = checked(tmp_path, rows, sheet="2024年3月")
    assert [day for (day,) in rows_of(found, "attendance", "date")] == ["2024-03-01", "2024-03-02", "2024-03-03"]
