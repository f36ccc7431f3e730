"""Values that are hard to believe: each kind is found, and nothing is on a normal sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.errors import Text
from jifen_analysis.intake.check import Check
from jifen_analysis.intake.load import check
from jifen_analysis.periods import Kind
from jifen_analysis.tables.columns import canonical
from jifen_analysis.tables.plausibility import doubts
from jifen_analysis.tables.plausibility.saying import display_value, note_rows
from jifen_analysis.tables.records import Records
from jifen_analysis.vocabulary import standard
from tests.intake.sheets import book

TEN = [f"{n:05d}" for n in range(1, 11)]
MEMBERS = {"member_id": TEN, "branch": ["一"] * 10}
MARKS = [85.0, 82, 88, 84, 90, 86, 81, 83, 89, 87]


def found(kind: Kind | None = None, **tables: Any) -> list[tuple[str, int, str, str]]:
    """Table, row, column and value of every doubt."""
    typed = {name: canonical(name, pd.DataFrame(rows), standard())[0] for name, rows in tables.items()}
    before = {name: frame.copy() for name, frame in typed.items()}
    listed = list(doubts(typed, kind))
    assert all(typed[name].equals(before[name]) for name in typed)
    assert all(doubt.severity == "note" for doubt in listed)
    return [(doubt.table, row, doubt.column, value) for doubt in listed for row, value, _ in doubt.each()]


def marks(value: float, at: int = 3) -> list[float]:
    """Ten marks, one of them another."""
    return [*MARKS[:at], value, *MARKS[at + 1 :]]


@pytest.mark.parametrize("value", [9.5, 8, 0.85, 0.9, 0])
def test_a_mark_with_a_lost_zero_is_found(value: float) -> None:
    """Nine and a half among eighties, a percentage as a fraction, a zero for nothing given."""
    rows = {"member_id": TEN, "period": "2024", "group": "members", "mark": marks(value)}
    assert found(evaluations=rows) == [("evaluations", 3, "mark", display_value(float(value)))]


@pytest.mark.parametrize(("value", "full"), [(95, 10.0), (0.9, 10.0), (850, 100.0)])
def test_of_assessors_marks_slips_go_both_ways(value: float, full: float) -> None:
    """Ninety-five where nine and a half is meant."""
    rows = {"member_id": TEN, "period": "2024", "item": "甲", "mark": marks(value) if full == 100 else
            [value if mark == 84 else mark / 10 for mark in MARKS]}  # fmt: skip
    assert found(marks=rows) == [("marks", 3, "mark", f"{value:g}")]


def test_two_slips_do_not_hide_each_other() -> None:
    """Medians and quartiles stand where they stood; both are said in one sentence."""
    rows = {"member_id": TEN, "period": "2024", "group": "members", "mark": [9.5, 8.8, *MARKS[2:]]}
    typed = {"evaluations": canonical("evaluations", pd.DataFrame(rows), standard())[0]}
    listed = list(doubts(typed))
    assert [row for doubt in listed for row, _, _ in doubt.each()] == [0, 1]
    (said,) = {text.zh for doubt in listed for _, _, text in doubt.each()}
    assert said.startswith("9.5、8.8:同一考核期、同一评议主体的分数半数在")


def test_a_low_mark_is_no_slip() -> None:
    """Forty among eighties may be meant; so may anything where marks lie all over the scale."""
    rows = {"member_id": TEN, "period": "2024", "group": "members"}
    assert found(evaluations={**rows, "mark": marks(40)}) == []
    assert found(evaluations={**rows, "mark": [5.0, 20, 50, 95, 60, 30, 80, 10, 70, 90]}) == []


def test_marks_without_a_period_are_held_against_none() -> None:
    """Where nobody says of when marks are, there are no others to compare them to."""
    assert found(evaluations={"member_id": TEN, "period": None, "group": "members", "mark": marks(9.5)}) == []


def dues(**other: tuple[float, Any]) -> dict[str, Any]:
    """A year of dues of one member, some months otherwise."""
    months = [f"2024-{n:02d}" for n in range(1, 13)]
    due, paid = [20.0] * 12, [20.0] * 12
    for month, (owed, given_) in other.items():
        due[int(month[1:]) - 1], paid[int(month[1:]) - 1] = owed, given_
    return {"member_id": "00001", "month": months, "due": due, "paid": paid}


@pytest.mark.parametrize("paid", [200.0, 2.0, 2000.0, 300.0])
def test_a_payment_unlike_what_was_due_is_found(paid: float) -> None:
    """Ten times, a tenth, more than a year's."""
    assert found(dues=dues(m3=(20, paid))) == [("dues", 2, "paid", f"{paid:g}")]


@pytest.mark.parametrize("paid", [8.0, 60.0, 120.0, 240.0, None])
def test_paying_short_or_ahead_is_nothing_odd(paid: float | None) -> None:
    """A quarter, half a year, a year at once; or nothing."""
    assert found(dues=dues(m3=(20, paid))) == []


@pytest.mark.parametrize(
    ("paid", "others", "told"), [(240.0, None, True), (60.0, 0.0, True), (70.0, None, False), (60.0, 20.0, False)]
)
def test_several_months_in_one_are_said_where_no_other_is_paid(
    paid: float, others: float | None, *, told: bool
) -> None:
    """A year, or a quarter, at once, beside months that count as unpaid."""
    rows = dues(**{f"m{n}": (20, others) for n in range(1, 13) if n != 3}, m3=(20, paid))
    assert found(dues=rows) == [("dues", 2, "paid", f"{paid:g}")] * told


def test_a_month_in_which_ten_times_as_much_was_due_is_found() -> None:
    """Though it was paid."""
    assert found(dues=dues(m3=(200, 200))) == [("dues", 2, "due", "200")]
    assert found(dues=dues(m3=(35, 35))) == []


def test_a_date_far_outside_is_found() -> None:
    """A year mistyped; the neighbouring year is none."""
    days = [f"2024-{n:02d}-05" for n in range(1, 10)]
    rows = {"member_id": "00001", "activity": "lecture", "status": "present"}
    assert found(attendance={**rows, "date": [*days, "2042-10-05"]}) == [("attendance", 9, "date", "2042-10-05")]
    assert found(attendance={**rows, "date": [*days, "2014-10-05"]}) == [("attendance", 9, "date", "2014-10-05")]
    assert found(attendance={**rows, "date": [*days, "2025-01-05"]}) == []
    assert found(attendance={**rows, "date": [*days, *(day.replace("2024", "2021") for day in days)]}) == []


def test_a_year_that_is_only_far_in_its_own_sheet_is_found() -> None:
    """Data of two years, and in the sheet of one of them a day of the other."""
    both = [f"{year}-{n:02d}-05" for year in (2022, 2024) for n in range(1, 10)]
    rows = {"member_id": "00001", "activity": "lecture", "status": "present", "date": [*both, "2022-02-06"]}
    sheets = {"_source": [1] * 9 + [2] * 10, "_row": range(19), "_column": [0] * 19}
    assert found(attendance={**rows, **sheets}) == [("attendance", 18, "date", "2022-02-06")]


@pytest.mark.parametrize("others", range(4))
@pytest.mark.parametrize("day", ["2094-03-05", "2042-03-05", "2004-03-05"])
@pytest.mark.parametrize("apart", [False, True])
def test_a_lone_day_is_held_against_whatever_there_is(others: int, day: str, *, apart: bool) -> None:
    """A year of the future is found by itself, one of the past beside any other day, of its table or another."""
    near = [f"2024-0{month}-05" for month in range(1, 1 + others)]
    rows = {"member_id": "00001", "activity": "lecture", "status": "present"}
    events = {"member_id": "00001", "event": "courage"}
    if apart:
        tables = {"attendance": {**rows, "date": near}, "events": {**events, "date": [day]}}
    else:
        tables = {"events": {**events, "date": [*near, day]}}
    lone = [("events", 0 if apart else others, "date", day)]
    assert found(**tables) == (lone if others or day > "2030" else [])


def test_a_period_far_outside_is_found_among_all_tables() -> None:
    """What a mark is for is held against the days of the records."""
    days = [f"2024-{n:02d}-05" for n in range(1, 10)]
    came = {"member_id": "00001", "activity": "lecture", "status": "present", "date": days}
    rows = {"member_id": ["00001", "00002"], "period": ["2024", "2042"], "group": "members", "mark": 80.0}
    assert found(attendance=came, evaluations=rows) == [("evaluations", 1, "period", "2042")]


def test_payments_and_decisions_far_from_what_they_are_about_are_found() -> None:
    """Paid twenty years later, decided before the period began."""
    days = ["2024-01-05"] * 11 + ["2042-12-05"]
    assert found(dues={**dues(), "paid_on": days}) == [("dues", 11, "paid_on", "2042-12-05")]
    rows = {"member_id": ["1", "2"], "period": "2024", "target": "grade", "grade": "合格", "reason": "复核",
            "decided_on": ["2023-02-01", "2025-01-10"]}  # fmt: skip
    assert found(corrections=rows) == [("corrections", 0, "decided_on", "2023-02-01")]


@pytest.mark.parametrize(("month", "day", "odd"), [("2024-03", "2023-03-06", True), ("2024-12", "2024-01-05", False)])
def test_a_payment_a_year_before_the_others_of_its_month_is_found(month: str, day: str, *, odd: bool) -> None:
    """The year alone is another than the others'; who pays for the whole year in January does so for every month."""
    others = [f"{month}-{n:02d}" for n in range(2, 11)]
    rows = {"member_id": TEN, "month": month, "due": 10.0, "paid": 10.0, "paid_on": [day, *others]}
    assert found(dues=rows) == ([("dues", 0, "paid_on", day)] if odd else [])
    ahead = {"member_id": [*TEN, TEN[0]], "month": [month] * 10 + ["2024-02"], "due": 10.0, "paid": 10.0,
             "paid_on": [day, *others, day]}  # fmt: skip
    assert found(dues=ahead) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("birth_date", "2019-01-01"),
        ("birth_date", "1880-01-01"),
        ("joined_on", "1990-06-01"),
        ("joined_on", "2042-06-01"),
    ],
)
def test_an_age_that_nobody_has_is_found(column: str, value: str) -> None:
    """A child, someone of 144, a member at ten, one of the future."""
    came = {"member_id": "00001", "activity": "lecture", "status": "present", "date": ["2024-03-05"]}
    person = {"birth_date": "1980-01-01", "joined_on": "2005-06-01"} | {column: value}
    listed = found(members={"member_id": ["00001"], "branch": "一", **person}, attendance=came)
    assert ("members", 0, column, value) in listed
    alone = found(members={"member_id": ["00001"], "branch": "一", **person})
    assert ("members", 0, column, value) in alone


@pytest.mark.parametrize(
    ("born", "year", "told"), [("1900-01-01", None, 0), ("1900-01-01", 2024, 1), ("2020-01-01", None, 1)]
)
def test_without_a_year_only_what_no_year_makes_true_is_doubted(born: str, year: int | None, told: int) -> None:
    """How old somebody was is not known where neither records nor roster say of when they are."""
    rows = pd.DataFrame({"member_id": ["1"], "branch": ["甲"], "birth_date": [born], "year": [year]})
    members = canonical("members", rows.dropna(axis="columns"), standard())[0]
    assert [doubt.code for doubt in doubts({"members": members})] == ["age_unlikely"] * told


def test_votes_and_quantities_beyond_the_others_are_found() -> None:
    """A hundred and ten votes where eleven are cast; two hundred hours where others have two."""
    votes = {"member_id": TEN, "period": "2024", "excellent": [10, 9, 110, 8, 7, 9, 10, 9, 8, 9], "qualified": 1}
    assert found(members=MEMBERS, ballots=votes) == [("ballots", 2, "excellent", "110")]
    events = {
        "member_id": TEN,
        "date": "2024-03-05",
        "event": "public_benefit",
        "quantity": [1, 2, 3, 1, 2, 200, 1, 2, 1, 1],
    }
    assert found(events=events) == [("events", 5, "quantity", "200")]


HALF = {"member_id": TEN, "group": "members", "mark": MARKS}


def test_a_half_year_s_mark_where_one_score_is_for_a_year_is_found() -> None:
    """By the scheme, or by what the others are for; not where the other half is there too."""
    periods = ["2024"] * 9 + ["2024H1"]
    lone = ("evaluations", 9, "period", "2024H1")
    assert found("year", evaluations={**HALF, "period": periods}) == [lone]
    assert found(evaluations={**HALF, "period": periods}) == [lone]
    assert found("half", evaluations={**HALF, "period": periods}) == []
    halves = {"member_id": TEN * 2, "group": "members", "mark": MARKS * 2, "period": ["2024H1"] * 10 + ["2024H2"] * 10}
    assert found("year", evaluations=halves) == []
    assert len(found("year", evaluations={**HALF, "period": "2024H1"})) == 10


def test_who_was_there_for_half_a_year_is_marked_for_it() -> None:
    """What is not on the roster needs no mark."""
    members = {**MEMBERS, "since": [None] * 9 + ["2024-07-01"]}
    periods = ["2024"] * 9 + ["2024H2"]
    assert found("year", members=members, evaluations={**HALF, "period": periods}) == []


def test_the_sample_gives_no_doubt(sample: Records) -> None:
    """Whatever one score is for."""
    tables = {name: sample.table(name) for name in sample.frames}
    kinds: tuple[Kind | None, ...] = (None, "year", "half", "quarter", "month")
    assert [list(doubts(tables, kind)) for kind in kinds] == [[]] * 5


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**31), st.integers(1, 14))
def test_normal_small_sheets_give_no_doubt(seed: int, n: int) -> None:
    """Members of any age, marks of any spread, dues paid short, late or months ahead, days anywhere in two years."""
    rng = np.random.default_rng(seed)
    ids = [f"{at:05d}" for at in range(1, n + 1)]
    middle, spread = rng.uniform(60, 92), rng.uniform(0, 12)
    scores = np.clip(rng.normal(middle, spread, n), 30, 100).round(1)
    due = rng.integers(2, 60, n)
    ahead = rng.choice([0.3, 0.5, 1, 1, 1, 1, 2, 3, 6, 9], n)
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 730, n), "D")
    month = pd.Series(day).dt.strftime("%Y-%m")
    voters = int(rng.integers(3, 30))
    yes = rng.integers(0, voters + 1, n)
    assert found(
        "year",
        members={"member_id": ids, "branch": "一", "birth_date": [f"{y}-05-01" for y in rng.integers(1935, 2002, n)]},
        evaluations={"member_id": ids, "period": "2024", "group": "members", "mark": scores},
        marks={"member_id": ids, "period": "2024", "item": "甲", "mark": rng.integers(0, 11, n)},
        dues={"member_id": ids, "month": month, "due": due, "paid": due * ahead,
              "paid_on": day + pd.to_timedelta(rng.integers(-90, 300, n), "D")},
        attendance={"member_id": ids, "date": day, "activity": "lecture", "status": "present"},
        events={"member_id": ids, "date": day, "event": "public_benefit", "quantity": rng.integers(1, 13, n)},
        ballots={"member_id": ids, "period": "2024", "excellent": yes, "qualified": voters - yes},
    ) == []  # fmt: skip


def seen(folder: Path, rows: list[list[Any]], **how: Any) -> Check:
    """Check a workbook with a roster of ten and one sheet."""
    people = [["党员编号", "姓名", "党支部"], *([member, f"样{member}", "第一支部"] for member in TEN)]
    return check(book(folder / "甲.xlsx", {"花名册": people, "2024年民主评议": rows}), **how)


def test_a_doubt_is_a_note_at_its_cell_and_changes_nothing(tmp_path: Path) -> None:
    """The mark stays as it was written."""
    rows = [["党员编号", "考核期", "评议主体", "分数"],
            *([member, "2024", "党员", mark] for member, mark in zip(TEN, marks(9.5), strict=True))]  # fmt: skip
    given_ = seen(tmp_path, rows)
    (note,) = [one for one in given_.notes if one.code == "mark_slipped"]
    assert (note.sheet, note.cell, note.value) == ("2024年民主评议", "D5", "9.5")
    assert given_.verdict == "accept_with_notes"
    assert given_.records is not None
    assert given_.records.evaluations["mark"].tolist() == marks(9.5)


def test_the_scheme_says_what_one_score_is_for(tmp_path: Path) -> None:
    """Of a yearly scheme half a year's marks are doubted, of a half-yearly one they are not."""
    rows = [["党员编号", "考核期", "评议主体", "分数"],
            *([member, "2024年上半年", "党员", mark] for member, mark in zip(TEN, MARKS, strict=True))]  # fmt: skip
    codes = {scheme: {one.code for one in seen(tmp_path, rows, scheme=scheme).notes}
             for scheme in ("street_80_20", "community_60_40")}  # fmt: skip
    assert "part_of_period" in codes["street_80_20"]
    assert "part_of_period" not in codes["community_60_40"]


def test_a_sentence_names_a_few_values_and_serves_all_cells() -> None:
    """So that they are listed together."""
    listed = list(note_rows("marks", "mark", "x", [1, 2, 3, 4], [1.0, 2.0, 3.0, 4.0], Text("甲", "a")))
    assert {one.text.zh for one in listed} == {"1、2、3等:甲;请核对,数据未改动"}


@pytest.mark.parametrize(
    ("column", "value", "odd"),
    [
        ("birth_date", "1980-01-01", False),
        ("birth_date", "1980-01-31", False),
        ("birth_date", "1981-01-01", True),
        ("sex", "male", True),
        ("sex", "female", False),
        ("since", "2024-07-01", False),
        ("since", "2094-07-01", True),
    ],
)
def test_a_roster_is_held_against_its_identity_cards_and_today(column: str, value: str, *, odd: bool) -> None:
    """The number of a card says when somebody was born, and the sex; nobody joined a branch in years to come."""
    rows = {"member_id": ["110101198001011225", "00002"], "branch": "一", column: [value, None]}
    shown = {"male": "男"}.get(value, value)
    assert found(members=rows) == ([("members", 0, column, shown)] if odd else [])
