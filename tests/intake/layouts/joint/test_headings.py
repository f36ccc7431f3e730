from pathlib import Path

import pytest

from jifen_analysis.intake import check
from tests.intake.sheets import ROSTER, Rows, book, checked

DUES: Rows = (("姓名", "应缴", "实缴"), ("张三", 5, 5))


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ((("2024年3月考勤",), ("姓名", "4月5日"), ("张三", "√")), ["B2"]),
        ((("2024年3月考勤",), ("姓名", "日期", "出勤"), ("张三", "2024-04-05", "√")), ["B3"]),
        ((("2024年上半年党费",), ("姓名", "月份", "应缴"), ("张三", "8月", 5)), ["B3"]),
        ((("2024年上半年民主测评",), ("姓名", "考核期", "优秀"), ("张三", "2024年下半年", 8)), ["B3"]),
        ((("2024年党课",), ("姓名", "日期", "活动类型", "出勤"), ("张三", "2024-03-05", "党员大会", "√")), ["C3"]),
        ((("2024年党员互评",), ("姓名", "评议主体", "分数"), ("张三", "群众代表", 90)), ["B3"]),
        ((("2024年1月党费(每人每月10元)",), *DUES), ["B3"]),
        ((("第二支部2024年1月党费",), ("姓名", "党支部", "应缴"), ("张三", "第一支部", 5)), ["B3"]),
        ((("第一支部2024年一季度党费",), ("姓名", "党支部", "月份", "应缴"), ("张三", "第一党支部", "2月", 5)), []),
    ],
)
def test_where_rows_and_headings_disagree_the_row_counts_and_it_is_said(
    tmp_path: Path, rows: Rows, cells: list[str]
) -> None:
    """Times, kinds of meeting, groups, dues and branches of rows and headers are held against title, sheet and file."""
    found = checked(tmp_path, rows)
    assert [note.cell for note in found.notes if note.code == "row_beats_heading"] == cells


@pytest.mark.parametrize(
    ("title", "sheet", "file", "said"),
    [
        ("2024年1月党费", "2月", "甲.xlsx", True),
        ("2024年1月党费", "党费", "2023年.xlsx", True),
        ("第一支部2024年1月党费", "党费", "第二支部.xlsx", True),
        ("第一支部2024年1月党费", "1月", "2024年第一党支部.xlsx", False),
        ("第一支部2024年1月党费", "党费", "2024年一季度.xlsx", False),
    ],
)
def test_headings_that_disagree_are_said(tmp_path: Path, title: str, sheet: str, file: str, said: bool) -> None:
    """Title before sheet before file: where they name different years, months or branches, the nearest counts."""
    book(tmp_path / "花名册.xlsx", {"花名册": ROSTER})
    found = check(book(tmp_path / file, {sheet: ((title,), *DUES)}).parent)
    assert ("headings_differ" in {note.code for note in found.problems}) == said


def test_a_year_of_a_roster_beats_its_title(tmp_path: Path) -> None:
    """A row of 2023 below a title of 2024 is of 2023, and that is said."""
    rows = [("2024年党员花名册",), ("年度", "党员编号", "姓名", "党支部"), (2023, "00009", "赵六", "第一支部")]
    found = checked(tmp_path, rows, sheet="花名册二")
    assert [p.cell for p in found.notes if p.code == "row_beats_heading"] == ["A3"]
