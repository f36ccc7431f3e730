"""The year over its halves: total, grade, and what decides it."""

from typing import Any

import pandas as pd
import pytest

from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from tests.builders import records, scheme

NAN = float("nan")
TEXT = """
period = "half"
year_total = "mean"
year_grades = true
[measures.rate]
share.part = [{ from = "attendance", where = { status = "present" } }]
share.whole = [{ from = "attendance" }]
[components.work.items.work]
from = "marks"
max = 100
[grades."优秀"]
at_least = 90
[grades."合格"]
at_least = 60
[grades."不合格"]
[forced.twice_poor]
title = "两个半年均不足60"
at = "year"
any = [{ measure = "total", below = 60, in_a_row = 2 }]
[forced.rarely_there]
title = "出勤过低"
at = "year"
any = [{ measure = "rate", below = 0.5 }]
"""


def result(first: float | None, second: float | None, text: str = TEXT, **tables: Any) -> Assessment:
    """One member with a mark in each half of 2024, present in both."""
    marks = [["1", half, "work", mark] for half, mark in (("2024H1", first), ("2024H2", second)) if mark is not None]
    given = {
        "members": [["1", "甲"]],
        "attendance": [["1", "2024-01-09", "lecture", "present"], ["1", "2024-07-09", "lecture", "present"]],
        "marks": marks,
    }
    return assess(records(**(given | tables)), scheme(text))


def year(found: Assessment) -> list[Any]:
    """Total and grade of the year, a missing grade as a blank."""
    total, grade = found.years[["total", "grade"]].to_numpy().tolist()[0]
    return [total, "" if pd.isna(grade) else grade]


@pytest.mark.parametrize(
    ("first", "second", "how", "expected"),
    [
        (95, 86, "mean", [90.5, "优秀"]),
        (95, 84, "mean", [89.5, "合格"]),
        (50, 70, "mean", [60, "合格"]),
        (50, 70, "sum", [120, "优秀"]),
        (95, None, "mean", [NAN, ""]),
        (59, 58, "mean", [58.5, "不合格"]),
    ],
)
def test_the_year_is_the_mean_or_the_sum(first: float, second: float | None, how: str, expected: list[Any]) -> None:
    """Graded like a period; a half without a total leaves the year without one."""
    found = result(first, second, TEXT.replace('"mean"', f'"{how}"'))
    assert year(found) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("member", [{"since": "2024-07-01"}, {"until": "2024-12-31", "since": "2024-12-31"}])
def test_only_assessed_halves_count(member: dict[str, str]) -> None:
    """One who came in the second half has that half's total for the year."""
    attendance = [["2", "2024-02-01", "lecture", "present"], ["2", "2024-09-01", "lecture", "present"]]
    found = result(None, 92, members=[["1", "甲", member], ["2", "甲"]], attendance=attendance)
    assert year(found) == [92, "优秀"]


def test_an_exempt_half_counts_as_none() -> None:
    """The exempt have a row for the year, without total and grade, whatever is decided on objection."""
    decided = [["1", "2024", "grade", {"grade": "优秀", "reason": "复核"}]]
    found = result(90, 90, members=[["1", "甲", {"exempt": True}]], corrections=decided)
    assert year(found) == pytest.approx([NAN, ""], nan_ok=True)


LATER = [["1", "甲", {"until": "2024-06-30", "exempt": True}], ["1", "甲", {"since": "2024-07-01"}]]
"""Exempt in the first half only."""


def test_records_of_an_exempt_half_do_not_weigh_on_the_year() -> None:
    """Absent three times while exempt: neither the share of the year nor two halves in a row count them."""
    rows = [["1", f"2024-01-0{day}", "lecture", "absent"] for day in (1, 2, 3)]
    found = result(20, 92, members=LATER, attendance=[*rows, ["1", "2024-07-09", "lecture", "present"]])
    assert (year(found), found.flags["flag"].tolist()) == ([92, "优秀"], ["exempt"])


def test_an_exempt_half_is_not_the_half_before() -> None:
    """Half of the points lost in both halves, the first of them exempt: not twice in a row."""
    text = TEXT.replace('measure = "total", below = 60', 'measure = "lost.work", at_least = 30')
    assert year(result(20, 65, text, members=LATER)) == [65, "合格"]
    assert year(result(65, 65, text)) == [65, "不合格"]


def test_without_year_grades_there_is_only_a_total() -> None:
    """The year is summed up, not graded."""
    text = "".join(TEXT.partition("[forced.twice_poor]")[:1]).replace("year_grades = true", "")
    assert year(result(95, 95, text)) == [95, ""]


def test_a_clause_of_the_year_reads_both_halves() -> None:
    """Twice below 60 forces the year, not the halves; the reason is named under the year."""
    found = result(59, 58)
    assert (found.table["flags"].tolist(), year(found)) == (["", ""], [58.5, "不合格"])
    assert found.flags.to_numpy().tolist() == [["1", "2024", "forced", "两个半年均不足60"]]


def test_a_share_of_the_year_forces_the_year() -> None:
    """Present in two of five: below a half over the year, though not in the first half."""
    rows = [["1", f"2024-07-0{day}", "lecture", "absent"] for day in (1, 2, 3)]
    both = [["1", "2024-01-09", "lecture", "present"], ["1", "2024-07-09", "lecture", "present"]]
    assert year(result(95, 95, attendance=both + rows)) == [95, "不合格"]


def test_halves_of_two_years_are_not_one_year() -> None:
    """Poor in the second half of 2023 and the first of 2024: neither year is twice poor."""
    marks = [["1", "2023H2", "work", 50], ["1", "2024H1", "work", 50], ["1", "2024H2", "work", 90]]
    attendance = [["1", f"{day}-09", "lecture", "present"] for day in ("2023-12", "2024-01", "2024-12")]
    found = result(None, None, marks=marks, attendance=attendance)
    assert found.years[["year", "total", "grade"]].to_numpy().tolist() == [[2023, 50, "不合格"], [2024, 70, "合格"]]
    assert found.flags.empty


def test_a_correction_grades_the_year() -> None:
    """Named by the year it leaves the halves alone; named by a half it leaves the year alone."""
    decided = [
        ["1", "2024", "grade", {"grade": "合格", "reason": "复核"}],
        ["1", "2024H1", "grade", {"grade": "优秀", "reason": "复核"}],
    ]
    found = result(59, 58, corrections=decided)
    assert (year(found)[1], found.table["grade"].tolist()) == ("合格", ["优秀", "不合格"])
    assert found.table["flags"].tolist() == ["corrected", ""]


def test_a_scheme_by_the_year_is_its_own_year() -> None:
    """Total and grade of the year are those of its one period."""
    text = TEXT.partition("[forced")[0].replace("half", "year").replace("year_grades = true", "")
    assert year(result(80, 100, text)) == [90, "优秀"]
