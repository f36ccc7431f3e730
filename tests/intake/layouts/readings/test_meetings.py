from pathlib import Path
from typing import Any

import pytest

from tests.intake.sheets import checked, errors, rows_of


@pytest.mark.parametrize(
    ("title", "heads", "days"),
    [
        ("2024年3月考勤", ("3/5", "3.12"), ["2024-03-05", "2024-03-12"]),
        ("2024年3月考勤", (3.5, 3.12), ["2024-03-05", "2024-03-12"]),
        ("2024年考勤", ("3/5", "4/15"), ["2024-03-05", "2024-04-15"]),
        ("2024年考勤", ("3/5", "4/6"), ["3月5日,也可读作 5月3日", "4月6日,也可读作 6月4日"]),
        ("2024年考勤", ("4.3", "4.10", "5.8"), ["2024-04-03", "2024-04-10", "2024-05-08"]),
        (
            "2024年考勤",
            ("3.4", "10.4", "8.5"),
            ["3月4日,也可读作 4月3日", "10月4日,也可读作 4月10日", "8月5日,也可读作 5月8日"],
        ),
        ("2024年考勤", ("1.1", "2.2", "3.3"), ["1月1日", "2月2日", "3月3日"]),
        ("2024年5月考勤", ("3/5",), ["3月5日,也可读作 5月3日"]),
        ("2024年3月考勤", (3.5, 3.1), ["3月1日,也可能是 3月10日"]),
        ("2024年3月考勤", ("15/3",), ["不是明确的日期"]),
        ("2024年2月考勤", ("2/30", "2/29"), ["不存在"]),
    ],
)
def test_two_numbers_in_a_header_are_a_day_where_only_one_is_meant(
    tmp_path: Path, title: str, heads: tuple[Any, ...], days: list[str]
) -> None:
    """The month of the title, a neighbour that can only be a day or the rising order decides; else both are named."""
    found = checked(tmp_path, [(title,), ("姓名", *heads), ("张三", *("√" for _ in heads))])
    said = [problem.message() for problem in found.errors]
    read = [] if errors(found) else [str(day)[:10] for (day,) in rows_of(found, "attendance", "date")]
    assert len(read or said) == len(days)
    assert all(day in told for day, told in zip(days, read or said, strict=True))


@pytest.mark.parametrize(
    ("head", "said"),
    [("3月5日-7日", "几天"), ("3月5日至8日党课", "几天"), ("3月5日、6日", "几天"),
     ("3月5日党课(补课3月12日)", "几天"), ("3月5日(星期五)", "那天是星期二"),
     ("3月5日9:00-11:00", ""), ("3月5日周二", "")],
)  # fmt: skip
def test_a_header_of_several_days_or_of_another_day_of_the_week(tmp_path: Path, head: str, said: str) -> None:
    """A sign below several days is of none; a day of the week that is another is said, and the day read."""
    found = checked(tmp_path, [("2024年党课考勤",), ("姓名", head, "4月9日"), ("张三", "√", "√")])
    told = [p.message() for p in found.problems if p.cell == "B2"]
    assert [said in one for one in told] == [True] * bool(said)
    assert bool(found.errors) == (said == "几天")


def test_months_over_ticks_name_no_meeting(tmp_path: Path) -> None:
    """Where the header says a month alone, the refusal says that the day is missing, whatever stands below it."""
    rows = [("2024年考勤",), ("姓名", "1月", "2月"), (None, "党课", "党课"), ("张三", "√", "√")]
    assert all("没有日" in p.message() for p in checked(tmp_path, rows).errors)


def test_a_line_of_weekdays_is_held_against_the_days_above(tmp_path: Path) -> None:
    """A day of the week below a day on which it does not fall is said, each at its cell."""
    rows = [("2024年3月党课考勤",), ("姓名", 5, 12, 19), (None, "二", "二", "三"), ("张三", "√", "√", "√")]
    assert [p.cell for p in checked(tmp_path, rows).notes if p.code == "weekday_differs"] == ["D3"]


@pytest.mark.parametrize(
    ("levels", "merges"),
    [
        ((("3月", None, "4月"), ("党员大会", "党课", "党课"), ("5日", "12日", "9日")), ["B2:C2"]),
        ((("3月", None, "4月"), ("5日", "12日", "9日"), ("党员大会", "党课", "党课")), ["B2:C2"]),
        ((("三月份", None, "四月份"), (5, 12, 9), ("党员大会", "党课", "党课")), ["B2:C2"]),
        ((("党员大会", "党课", None), (20240305, 20240312, 20240409)), ["C2:D2"]),
    ],
)
def test_the_day_of_a_meeting_stands_on_any_levels(tmp_path: Path, levels: Any, merges: list[str]) -> None:
    """Month, kind of meeting and day, one below the other in any order, or whole days as numbers below the kinds."""
    heads = [("姓名" if n == 0 else None, *level) for n, level in enumerate(levels)]
    merges = [*merges, f"A2:A{1 + len(levels)}"]
    found = checked(tmp_path, [("2024年考勤",), *heads, ("张三", "√", "√", "√")], merges=merges)
    assert rows_of(found, "attendance", "date", "activity") == [
        ("2024-03-05", "general_meeting"), ("2024-03-12", "lecture"), ("2024-04-09", "lecture"),
    ]  # fmt: skip


@pytest.mark.parametrize("why", ["取消", "未召开", "作废"])
@pytest.mark.parametrize("sign", [None, "缺席"])
def test_a_meeting_that_was_cancelled_has_no_signs(tmp_path: Path, why: str, sign: str | None) -> None:
    """Signs below such a header are refused; where nothing stands below it, that is told."""
    rows = [("2024年",), ("姓名", "3月5日党课", f"4月9日党课({why})"), ("张三", "√", sign), ("李四", "√", sign)]
    found = [p for p in checked(tmp_path, rows).problems if p.code == "meeting_void"]
    assert [(p.severity, p.cell) for p in found] == [("error" if sign else "note", "C2")]


@pytest.mark.parametrize("most", [2, 5, 12, 13, 31])
@pytest.mark.parametrize("day", ["{}", "{}日"])
def test_numbers_from_one_are_days_only_where_they_cannot_count_meetings(tmp_path: Path, most: int, day: str) -> None:
    """1, 2, 3 under a month may be its days or its meetings: refused; 1日 is a day, a whole month is days."""
    heads = [day.format(n + 1) for n in range(most)]
    rows = [("2024年3月主题党日签到",), ("姓名", *map(int, heads)) if day == "{}" else ("姓名", *heads)]
    found = checked(tmp_path, [*rows, ("张三", *["√"] * most), ("李四", *["√"] * most)])
    assert errors(found) == [("day_or_number", "B2")] * (day == "{}" and most <= 12)


@pytest.mark.parametrize("other", ["、主题党日", "暨主题党日", "和党课"])
def test_a_header_of_two_meetings_is_of_neither(tmp_path: Path, other: str) -> None:
    """As in a cell, both are named, and one is asked for."""
    found = checked(tmp_path, [("2024年考勤",), ("姓名", f"4月9日党员大会{other}"), ("张三", "√"), ("李四", "√")])
    assert errors(found) == [("several_activities", "B2")]


@pytest.mark.parametrize("halves", [("上午", "下午"), ("下午", "晚上"), (None, None)])
def test_meetings_of_one_day_stand_side_by_side(tmp_path: Path, halves: tuple[str | None, str | None]) -> None:
    """Kinds of meetings below the halves of the day that the title names are columns of a meeting each."""
    over = [("姓名", *halves), (None, "党员大会", "党课")] if halves[0] else [("姓名", "党员大会", "党课")]
    found = checked(tmp_path, [("2024年3月5日签到",), *over, ("张三", "√", "请假")])
    read = rows_of(found, "attendance", "date", "activity", "status")
    assert (found.errors, read) == (
        (),
        [("2024-03-05", "general_meeting", "present"), ("2024-03-05", "lecture", "leave")],
    )
