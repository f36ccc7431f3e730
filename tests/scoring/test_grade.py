"""Grades, always in this order: band, forced grade, quota, correction."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.schemes.model import Decision, Grade
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.grade import band_grades, clause_titles, distance_to_next
from tests.builders import part, records, scheme

GRADES = {"优秀": Grade(at_least=90), "合格": Grade(at_least=60), "不合格": Grade()}
NAN = float("nan")


@pytest.mark.parametrize(
    ("total", "plain", "whole"),
    [
        (90, "优秀", "优秀"),
        (89.9999996, "优秀", "优秀"),
        (89.999999, "合格", "优秀"),
        (89.5, "合格", "优秀"),
        (89.4999994, "合格", "合格"),
        (89.4999996, "合格", "优秀"),
        (60, "合格", "合格"),
        (59.5, "不合格", "合格"),
        (-3, "不合格", "不合格"),
        (NAN, "", ""),
    ],
)
def test_a_total_reaches_a_cut_to_six_decimals(total: float, plain: str, whole: str) -> None:
    """Compared as it is, or rounded to whole marks first, halves upwards; a missing total has no band."""
    assert [band_grades(np.array([total]), GRADES, how).tolist() for how in ("none", "half_up")] == [[plain], [whole]]


def test_a_cut_may_have_to_be_exceeded() -> None:
    """Above 90 means that 90 itself is not enough."""
    grades = {"优秀": Grade(above=90), "不合格": Grade()}
    assert band_grades(np.array([90, 90.000001]), grades, "none").tolist() == ["不合格", "优秀"]


def test_below_the_last_cut_there_may_be_no_grade() -> None:
    """Where even the lowest grade has a cut, one may reach none; without any cut nobody has a band."""
    assert band_grades(np.array([50.0]), {"合格": Grade(at_least=60)}, "none").tolist() == [""]
    assert band_grades(np.array([50.0]), {"不合格": Grade()}, "none").tolist() == [""]


def test_the_distance_is_to_the_next_higher_cut() -> None:
    """Missing for the top grade, and for one without a grade."""
    grade = np.array(["优秀", "合格", "不合格", ""], dtype=object)
    found = distance_to_next(grade, np.array([95, 77.0328125, 59.9999999, NAN]), GRADES)
    assert found.tolist() == pytest.approx([NAN, 12.967188, 0, NAN], nan_ok=True)


def test_the_clauses_that_hold_are_named() -> None:
    """By their titles, or by their ids where they have none, joined."""
    book = {"a": part(Decision, 'title = "甲款"'), "b": part(Decision, "")}
    stands = {"a": np.array([True, False, True]), "b": np.array([True, False, False])}
    assert clause_titles(book, stands, 3).tolist() == ["甲款;b", "", "甲款"]


# ---------------------------------------------------------------- a whole scheme

HEAD = """
[components.base.items.base]
start = 50
rules.help = { from = "events", where = { event = "mediation" }, points = 10 }
rules.a_little = { from = "events", where = { event = "good_deed" }, points = 1 }
[components.work.items.work]
from = "marks"
max = 50
"""
BANDS = """
[grades."优秀"]
at_least = 90
quota = { share = 0.2 }
[grades."合格"]
at_least = 60
[grades."不合格"]
"""
FORCED = """
[forced.veto]
flag = "veto"
any = [{ from = "events", where = { event = "veto" } }]
[forced.offence]
any = [{ from = "events", where = { event = "offence" } }]
"""


def result(
    marks: list[float | None], *events: tuple[int, str], more: str = BANDS + FORCED, **tables: Any
) -> Assessment:
    """Members 01, 02, … of branch 甲 with marks (on top of 50 points) and events."""
    ids = [f"{n:02d}" for n in range(1, len(marks) + 1)]
    given = {
        "members": [[f"01..{ids[-1]}", "甲"]],
        "attendance": [["01", "2024-01-01", "lecture", "present"]],
        "marks": [[one, "2024", "work", mark] for one, mark in zip(ids, marks, strict=True) if mark is not None],
        "events": [[f"{one:02d}", "2024-02-01", event] for one, event in events],
    }
    return assess(records(**(given | tables)), scheme(HEAD + more))


def column(found: Assessment, name: str) -> list[Any]:
    """A column of the table, missing values as blanks."""
    return ["" if pd.isna(value) else value for value in found.table[name]]


def test_a_forced_grade_leaves_total_and_band() -> None:
    """The veto has a flag of its own; both may stand; the band is still to be seen."""
    found = result([45, 45, 20, 20], (1, "veto"), (2, "offence"), (3, "veto"), (3, "offence"))
    assert column(found, "grade") == ["不合格", "不合格", "不合格", "合格"]
    assert column(found, "grade_by_total") == ["优秀", "优秀", "合格", "合格"]
    assert column(found, "flags") == ["veto", "forced", "forced;veto", ""]
    assert column(found, "total") == [95, 95, 70, 70]


def test_a_forced_grade_does_not_need_a_total() -> None:
    """An incomplete member is graded by the clause, and stays incomplete."""
    found = result([None, 20], (1, "veto"))
    assert [column(found, name)[0] for name in ("total", "grade_by_total", "grade", "flags")] == [
        "",
        "",
        "不合格",
        "incomplete;veto",
    ]


def test_a_forced_grade_does_not_need_bands() -> None:
    """Where a scheme has one grade without a cut, only the clause gives it."""
    found = result([45, 45], (1, "veto"), more='[grades."不合格"]' + FORCED)
    assert (column(found, "grade"), column(found, "grade_by_total")) == (["不合格", ""], ["", ""])


ZERO = BANDS + FORCED.replace('flag = "veto"', 'flag = "veto"\nclause = "第九条"\nzero = true')


def test_zero_clears_the_points() -> None:
    """The total is 0 before the band is read, also where it was missing; the ledger has a line for it."""
    found = result([45, None], (1, "veto"), (2, "veto"), more=ZERO)
    assert column(found, "total") == [0, 0]
    assert (column(found, "grade_by_total"), column(found, "flags")) == (["不合格"] * 2, ["veto"] * 2)
    ledger = found.ledger
    zero = ledger[ledger["kind"] == "zero"]
    assert zero[["member_id", "count", "contribution", "clause"]].to_numpy().tolist() == [
        ["01", 1, -95, "第九条"],
        ["02", 1, -50, "第九条"],
    ]
    assert ledger.groupby("member_id")["contribution"].sum().tolist() == [0, 0]


def test_one_cleared_counts_with_nought() -> None:
    """A cleared total is a total: it is ranked, and one of the n."""
    found = result([45, 44, 20, 20, 20], (5, "veto"), more=ZERO)
    assert column(found, "rank_branch") == [1, 2, 3, 3, 5]
    assert column(found, "grade").count("优秀") == 1


# ---------------------------------------------------------------- quota


@pytest.mark.parametrize(
    ("marks", "grades", "tied"),
    [
        ([45, 44, 10, 10, 10], ["优秀", *["合格"] * 4], []),
        ([45, 45, 10, 10, 10], ["合格"] * 5, [0, 1]),
        ([45, 45, 10, 10], ["合格"] * 4, []),
        ([45, 45, None, 10, 10], ["合格", "合格", "", "合格", "合格"], []),
        ([45, 42, 42, *[10] * 7], ["优秀", *["合格"] * 9], [1, 2]),
        ([45, 42, 41, *[10] * 7], ["优秀", "优秀", *["合格"] * 8], []),
    ],
)
def test_a_fifth_of_those_with_a_total_keep_the_grade(
    marks: list[float | None], grades: list[str], tied: list[int]
) -> None:
    """Nobody where a fifth is less than one; a tie over the boundary falls whole and is flagged."""
    found = result(marks)
    assert column(found, "grade") == grades
    assert [n for n, flags in enumerate(column(found, "flags")) if "quota_tied" in flags] == tied


def test_the_forced_are_counted_but_take_no_place() -> None:
    """The best of five is forced down; the one place goes to the next."""
    found = result([49, 45, 44, 10, 10], (1, "offence"))
    assert column(found, "grade") == ["不合格", "优秀", "合格", "合格", "合格"]


def test_activists_keep_what_they_hold() -> None:
    """An activist is neither counted nor ranked, and the quota does not touch him."""
    members = [["01", "甲", {"stage": "activist"}], ["02..05", "甲"]]
    found = result([49, 45, 10, 10, 10], members=members)
    assert column(found, "grade") == ["优秀", "合格", "合格", "合格", "合格"]
    assert column(found, "rank_branch") == ["", 1, 2, 2, 2]


def test_a_quota_may_be_of_all() -> None:
    """With the member without a mark there are five, and one place."""
    whole = BANDS.replace("share = 0.2", 'share = 0.2, of = "all"')
    assert column(result([45, 44, 10, 10, None], more=BANDS), "grade") == ["合格", "合格", "合格", "合格", ""]
    assert column(result([45, 44, 10, 10, None], more=whole), "grade") == ["优秀", "合格", "合格", "合格", ""]


def test_those_who_fall_may_fall_again() -> None:
    """Quotas are applied from the top; the second counts those who fell to it."""
    twice = BANDS.replace("at_least = 60", "at_least = 60\nquota = { share = 0.4 }")
    found = result([45, 44, 43, 10, 10], more=twice)
    assert column(found, "grade") == ["优秀", "合格", "合格", "不合格", "不合格"]


def test_branches_have_their_own_places() -> None:
    """The best of a weak branch keeps what the second of a strong one loses."""
    members = [["01..05", "甲"], ["06..10", "乙"]]
    found = result([49, 48, 10, 10, 10, 40, 10, 10, 10, 10], members=members)
    assert [n for n, grade in enumerate(column(found, "grade"), start=1) if grade == "优秀"] == [1, 6]


def test_a_correction_is_the_last_word() -> None:
    """It comes after forced grades and quotas, may exceed the quota, and leaves the band as it was."""
    decided = [
        ["01", "2024", "grade", {"grade": "优秀", "reason": "复核"}],
        ["03", "2024", "等次", {"grade": "优秀", "reason": "复核"}],
    ]
    found = result([45, 49, 10, 10, 10], (1, "veto"), corrections=decided)
    assert column(found, "grade") == ["优秀", "优秀", "优秀", "合格", "合格"]
    assert column(found, "grade_by_total") == ["优秀", "优秀", "合格", "合格", "合格"]
    assert column(found, "flags") == ["corrected;veto", "", "corrected", "", ""]


# ---------------------------------------------------------------- years

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


def of_halves(first: float | None, second: float | None, text: str = TEXT, **tables: Any) -> Assessment:
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
    found = of_halves(first, second, TEXT.replace('"mean"', f'"{how}"'))
    assert year(found) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("member", [{"since": "2024-07-01"}, {"until": "2024-12-31", "since": "2024-12-31"}])
def test_only_assessed_halves_count(member: dict[str, str]) -> None:
    """One who came in the second half has that half's total for the year."""
    attendance = [["2", "2024-02-01", "lecture", "present"], ["2", "2024-09-01", "lecture", "present"]]
    found = of_halves(None, 92, members=[["1", "甲", member], ["2", "甲"]], attendance=attendance)
    assert year(found) == [92, "优秀"]


def test_an_exempt_half_counts_as_none() -> None:
    """The exempt have a row for the year, without total and grade, whatever is decided on objection."""
    decided = [["1", "2024", "grade", {"grade": "优秀", "reason": "复核"}]]
    found = of_halves(90, 90, members=[["1", "甲", {"exempt": True}]], corrections=decided)
    assert year(found) == pytest.approx([NAN, ""], nan_ok=True)


LATER = [["1", "甲", {"until": "2024-06-30", "exempt": True}], ["1", "甲", {"since": "2024-07-01"}]]
"""Exempt in the first half only."""


def test_records_of_an_exempt_half_do_not_weigh_on_the_year() -> None:
    """Absent three times while exempt: neither the share of the year nor two halves in a row count them."""
    rows = [["1", f"2024-01-0{day}", "lecture", "absent"] for day in (1, 2, 3)]
    found = of_halves(20, 92, members=LATER, attendance=[*rows, ["1", "2024-07-09", "lecture", "present"]])
    assert (year(found), found.flags["flag"].tolist()) == ([92, "优秀"], ["exempt"])


def test_an_exempt_half_is_not_the_half_before() -> None:
    """Half of the points lost in both halves, the first of them exempt: not twice in a row."""
    text = TEXT.replace('measure = "total", below = 60', 'measure = "lost.work", at_least = 30')
    assert year(of_halves(20, 65, text, members=LATER)) == [65, "合格"]
    assert year(of_halves(65, 65, text)) == [65, "不合格"]


def test_without_year_grades_there_is_only_a_total() -> None:
    """The year is summed up, not graded."""
    text = "".join(TEXT.partition("[forced.twice_poor]")[:1]).replace("year_grades = true", "")
    assert year(of_halves(95, 95, text)) == [95, ""]


def test_a_clause_of_the_year_reads_both_halves() -> None:
    """Twice below 60 forces the year, not the halves; the reason is named under the year."""
    found = of_halves(59, 58)
    assert (found.table["flags"].tolist(), year(found)) == (["", ""], [58.5, "不合格"])
    assert found.flags.to_numpy().tolist() == [["1", "2024", "forced", "两个半年均不足60"]]


def test_a_share_of_the_year_forces_the_year() -> None:
    """Present in two of five: below a half over the year, though not in the first half."""
    rows = [["1", f"2024-07-0{day}", "lecture", "absent"] for day in (1, 2, 3)]
    both = [["1", "2024-01-09", "lecture", "present"], ["1", "2024-07-09", "lecture", "present"]]
    assert year(of_halves(95, 95, attendance=both + rows)) == [95, "不合格"]


def test_halves_of_two_years_are_not_one_year() -> None:
    """Poor in the second half of 2023 and the first of 2024: neither year is twice poor."""
    marks = [["1", "2023H2", "work", 50], ["1", "2024H1", "work", 50], ["1", "2024H2", "work", 90]]
    attendance = [["1", f"{day}-09", "lecture", "present"] for day in ("2023-12", "2024-01", "2024-12")]
    found = of_halves(None, None, marks=marks, attendance=attendance)
    assert found.years[["year", "total", "grade"]].to_numpy().tolist() == [[2023, 50, "不合格"], [2024, 70, "合格"]]
    assert found.flags.empty


def test_a_correction_grades_the_year() -> None:
    """Named by the year it leaves the halves alone; named by a half it leaves the year alone."""
    decided = [
        ["1", "2024", "grade", {"grade": "合格", "reason": "复核"}],
        ["1", "2024H1", "grade", {"grade": "优秀", "reason": "复核"}],
    ]
    found = of_halves(59, 58, corrections=decided)
    assert (year(found)[1], found.table["grade"].tolist()) == ("合格", ["优秀", "不合格"])
    assert found.table["flags"].tolist() == ["corrected", ""]


def test_a_scheme_by_the_year_is_its_own_year() -> None:
    """Total and grade of the year are those of its one period."""
    text = TEXT.partition("[forced")[0].replace("half", "year").replace("year_grades = true", "")
    assert year(of_halves(80, 100, text)) == [90, "优秀"]
