from pathlib import Path

import pytest

from tests.intake.sheets import checked, errors, notes, rows_of

SPANS = ["2024年12月—2025年1月", "2024.12-2025.01", "2024年12月至次年1月"]


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("wide", [False, True])
def test_a_span_over_the_turn_says_the_year_of_each_day(tmp_path: Path, span: str, *, wide: bool) -> None:
    """In a list as in columns a day without a year is of the year in which its month is."""
    days = ("12月25日", "1月8日")
    body = (
        [("姓名", *days), ("张三", "√", "√")] if wide else [("姓名", "日期", "出勤"), *(("张三", d, "√") for d in days)]
    )
    found = checked(tmp_path, [(f"党课考勤({span})",), *body], sheet="2024年考勤")
    assert (errors(found), "year_from_title" in notes(found)) == ([], True)
    assert rows_of(found, "attendance", "date") == [("2024-12-25",), ("2025-01-08",)]


def test_a_day_outside_the_span_is_refused(tmp_path: Path) -> None:
    """June is in no year of a list from December to January."""
    rows = [(f"党课考勤({SPANS[0]})",), ("姓名", "日期", "出勤"), ("张三", "6月8日", "√")]
    assert errors(checked(tmp_path, rows, sheet="2024年考勤")) == [("year_unknown", "B3")]


@pytest.mark.parametrize(
    ("days", "turned"),
    [
        (("11月5日", "12月3日", "1月7日"), True),
        (("1月7日", "12月3日"), False),
        (("12月3日", "8月7日", "1月7日"), False),
        (("12月3日", "2024年1月7日"), False),
    ],
)
def test_days_that_fall_to_january_are_named(tmp_path: Path, days: tuple[str, ...], *, turned: bool) -> None:
    """One fall of somebody's rising days is said; lists sorted backwards, and whole days, have none."""
    rows = [
        ("2024年党课考勤",),
        ("姓名", "日期", "出勤"),
        *((name, day, "√") for name in ("张三", "李四") for day in days),
    ]
    found = checked(tmp_path, rows)
    assert (errors(found), "year_turns" in notes(found)) == ([], turned)
