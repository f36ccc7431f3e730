from datetime import datetime
from pathlib import Path

import pytest

from tests.intake.sheets import Rows, checked, errors, rows_of

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


@pytest.mark.parametrize(
    ("title", "lower", "table", "columns"),
    [
        ("2024年民主评议", ("班子成员", "党员"), "evaluations", ("period", "group", "mark")),
        ("2024年考评打分", ("学习", "履职"), "marks", ("period", "item", "mark")),
    ],
)
def test_halves_over_groups_or_items(
    tmp_path: Path, title: str, lower: tuple[str, str], table: str, columns: tuple[str, ...]
) -> None:
    """The half in the upper level is the period of the columns below it."""
    rows = [(title,), ("姓名", "上半年", None, "下半年", None), (None, *lower, *lower), ("张三", 1, 2, 3, 4)]
    found = checked(tmp_path, rows, merges=["B2:C2", "D2:E2"])
    assert [(period, mark) for period, _, mark in rows_of(found, table, *columns)] == [
        ("2024H1", 1), ("2024H1", 2), ("2024H2", 3), ("2024H2", 4),
    ]  # fmt: skip


def test_halves_over_votes(tmp_path: Path) -> None:
    """A row holds the votes of both halves; shares beside them are no votes."""
    rows = [("2024年民主测评",), ("姓名", "上半年", None, None, "下半年", None),
            (None, "优秀", "占比", "合格", "优秀", "合格"), ("张三", 1, 33, 2, 3, 4)]  # fmt: skip
    found = checked(tmp_path, rows, merges=["B2:D2", "E2:F2"])
    assert rows_of(found, "ballots", "member_id", "period", "excellent", "qualified") == [
        ("00001", "2024H1", 1, 2), ("00001", "2024H2", 3, 4),
    ]  # fmt: skip
    assert found.errors == ()


def test_marks_of_the_halves_by_one_group(tmp_path: Path) -> None:
    """With the group in the title, a column a half is its mark."""
    found = checked(tmp_path, [("2024年群众测评",), ("姓名", "上半年", "下半年"), ("张三", 90, 92)])
    assert rows_of(found, "evaluations", "period", "group", "mark") == [
        ("2024H1", "residents", 90), ("2024H2", "residents", 92),
    ]  # fmt: skip


def test_votes_over_numbers_and_shares(tmp_path: Path) -> None:
    """The level that says 票数 and 占比 is no record."""
    rows = [("2024年上半年民主测评",), ("姓名", "优秀", None), (None, "占比", "票数"), ("张三", "83%", 10)]
    assert rows_of(checked(tmp_path, rows, merges=["B2:C2"]), "ballots", "excellent") == [(10,)]


def test_weekdays_over_days_with_labels_of_their_own(tmp_path: Path) -> None:
    """日期 beside the days is the label of their row, no column."""
    rows = [("2024年3月党课",), ("姓名", "星期", "五", "六"), (None, "日期", 1, 2), ("张三", None, "√", "假")]
    found = checked(tmp_path, rows)
    assert rows_of(found, "attendance", "date", "status") == [("2024-03-01", "present"), ("2024-03-02", "leave")]


def test_months_of_ticks_are_no_days_and_no_dues(tmp_path: Path) -> None:
    """On a sheet of attendance a month alone is refused as a day, and is not asked for amounts."""
    found = checked(tmp_path, [("2024年主题党日考勤",), ("姓名", "1月", "2月"), ("张三", "√", "×")])
    assert errors(found) == [("bad_date", "B2"), ("bad_date", "C2")]


def test_full_marks_below_the_items(tmp_path: Path) -> None:
    """What an item is worth at most is nobody's mark."""
    rows = [("2024年上半年考评打分",), ("姓名", "学习", "履职"), ("满分", 40, 60), ("张三", 30, 50)]
    found = checked(tmp_path, rows)
    assert (found.errors, rows_of(found, "marks", "mark")) == ((), [(30,), (50,)])


MEETINGS = [("2024-03-05", "lecture"), ("2024-03-12", "theme_day")]


@pytest.mark.parametrize(
    "head",
    [
        [("姓名", "3月5日", "3月12日"), ("活动类型", "党课", "主题党日")],
        [("姓名", "3月5日", "3月12日"), ("内容", "党课:党章", "主题党日"), ("地点", "会议室", "广场")],
        [(None, "党课", "主题党日"), ("姓名", "3月5日", "3月12日")],
        [("日期", "3月5日", "3月12日"), ("姓名", "党课", "主题党日")],
    ],
)
def test_what_a_meeting_was_above_or_below_its_day(tmp_path: Path, head: Rows) -> None:
    """Rows that tell of the meetings are levels of the header, and nobody's ticks."""
    found = checked(tmp_path, [("2024年考勤",), *head, ("张三", "√", "√")])
    assert (found.errors, rows_of(found, "attendance", "date", "activity")) == ((), MEETINGS)


@pytest.mark.parametrize(
    "title",
    [("会议时间:", datetime(2024, 3, 5)), ("时间", "2024年3月5日", "会议室"),
     ("日期", "2024年3月5日", "地点", "会议室"), ("填表日期", "2024年4月1日", "2024年3月5日")],
)  # fmt: skip
def test_a_day_beside_its_label(tmp_path: Path, title: tuple) -> None:
    """A title may be a label and a cell with a real date; what stands beside 填表日期 is no day of a meeting."""
    found = checked(tmp_path, [("党课签到表",), title, ("姓名", "签到"), ("张三", "√")])
    assert rows_of(found, "attendance", "date") == [("2024-03-05",)]
