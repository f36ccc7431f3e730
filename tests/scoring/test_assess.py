"""The one call: which periods, as of which day, what is refused."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from jifen_analysis.errors import InvalidRecords, UsageError
from jifen_analysis.scoring.arrays import splice
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.tables import Records, Source
from tests.builders import records, scheme

TEXT = """
period = "half"
year_total = "mean"
[measures.unpaid.longest_run]
any_of = [{ from = "dues", where = { state = "unpaid" } }]
[components.daily]
weight = 0.6
[components.daily.items.meetings]
start = 70
rules.absent = { from = "attendance", where = { status = "absent" }, points = -5 }
[components.daily.items.dues]
start = 30
rules.late = { from = "dues", by = "days_late", tiers = [[1, -2], [31, -5]] }
[components.review]
weight = 0.4
items.review = { from = "evaluations", groups.all = { weight = 1, pool = "members" } }
[grades."合格"]
at_least = 60
[grades."不合格"]
[outcomes.twice]
any = [{ measure = "total", below = 90, in_a_row = 2 }]
[outcomes.risen]
any = [{ measure = "rank_gain", above = 0 }]
"""


def result(periods: tuple[str, ...] = (), as_of: date | None = None, **tables: Any) -> Assessment:
    """Two members over three halves; the first is absent once in each, the second twice in the first."""
    halves = ("2023H2", "2024H1", "2024H2")
    given = {
        "members": [["1", "甲"], ["2", "甲"]],
        "attendance": [
            *(["1", day, "lecture", "absent"] for day in ("2023-09-05", "2024-03-05", "2024-09-05")),
            *(["2", "2023-09-05", kind, "absent"] for kind in ("lecture", "study")),
        ],
        "evaluations": [[one, half, "members", 80] for one in "12" for half in halves],
    }
    return assess(records(**(given | tables)), scheme(TEXT), periods=periods, as_of=as_of)


# ---------------------------------------------------------------- periods


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ((), ["2023H2", "2024H1", "2024H2"]),
        (("2024",), ["2024H1", "2024H2"]),
        (("2024H1", "2023年下半年"), ["2023H2", "2024H1"]),
        (("2024H1", "2024"), ["2024H1", "2024H2"]),
        (("2025H1",), ["2025H1"]),
    ],
)
def test_only_the_periods_asked_for_are_shown(asked: tuple[str, ...], shown: list[str]) -> None:
    """A year stands for its halves; one without any record is scored all the same when asked for."""
    found = result(asked)
    assert sorted(found.table["period"].unique()) == shown
    assert set(found.ledger["period"]) <= set(shown)
    assert found.years["year"].unique().tolist() == sorted({int(period[:4]) for period in shown})


def test_what_came_before_still_counts() -> None:
    """Asked for the first half of 2024 alone, runs and gains in rank look back to 2023."""
    found = result(("2024H1",)).outcomes
    assert found[["member_id", "period", "outcome"]].to_numpy().tolist() == [
        ["1", "2024H1", "twice"],
        ["2", "2024H1", "risen"],
    ]


@pytest.mark.parametrize("asked", [("2024Q1",), ("2024-03",), ("去年",), ("2024", "next")])
def test_what_is_no_period_of_the_scheme_is_refused(asked: tuple[str, ...]) -> None:
    """A shorter period, or words that are none, with an example of what would be right."""
    with pytest.raises(UsageError, match="本方案按半年考核,可写 2024 或 2024H1"):
        result(asked)


# ---------------------------------------------------------------- as of a day


def test_nothing_after_the_day_is_seen() -> None:
    """On 30 June 2024 the second half is not there, nor is the year complete."""
    found = result(as_of=date(2024, 6, 30))
    assert sorted(found.table["period"].unique()) == ["2023H2", "2024H1"]
    assert found.table.set_index(["member_id", "period"]).loc[("1", "2024H1"), "total"] == 0.6 * 95 + 0.4 * 80


def test_what_is_not_due_is_waited_for() -> None:
    """In March the half has no evaluation yet: 待评; the absence of 5 March is seen from that day on."""
    before, after = (result(as_of=date(2024, 3, day)).table for day in (4, 5))
    assert before.loc[before["period"] == "2024H1", "flags"].tolist() == ["incomplete"] * 2
    assert [frame.loc[frame["period"] == "2024H1", "daily"].tolist() for frame in (before, after)] == [
        [100, 100],
        [95, 100],
    ]


def test_dues_run_to_the_day() -> None:
    """January's dues unpaid on 20 February are 20 days late, on 5 March 34; a later payment is not seen."""
    dues = [["1", "2024-01", 10, 10, "2024-04-01"]]
    days = (date(2024, 1, 30), date(2024, 2, 20), date(2024, 3, 5), date(2024, 6, 30))
    found = [result(as_of=day, dues=dues).table for day in days]
    daily = [frame.set_index(["member_id", "period"]).loc[("1", "2024H1"), "daily"] for frame in found]
    assert daily == [100, 98, 90, 90]


def test_a_day_before_all_records_shows_nothing() -> None:
    """No period has begun, so there are no rows."""
    assert result(as_of=date(2023, 6, 30)).table.empty


def test_settings_are_remembered() -> None:
    """How it was asked for can be read from the result."""
    settings = result(("2024",), date(2024, 6, 30)).settings
    assert (settings.periods, settings.as_of, settings.corrections) == (("2024",), date(2024, 6, 30), True)


# ---------------------------------------------------------------- marks out of range

MARKED = """
categories.long.when = { floating = true }
categories.short = {}
[components.base.items.work]
title = "工作"
from = "marks"
max = 10
max_for = { long = 20 }
"""


@pytest.mark.parametrize("size", [1, 1000])
def test_every_mark_that_is_too_high_is_refused_at_its_cell(size: int) -> None:
    """By the member's own category, by id or by title, in whatever batches, all at once, with file, sheet and cell."""
    given = records(
        members=[["1", "甲"], ["2", "甲", {"floating": True}], ["3", "甲"]],
        attendance=[["1", "2024-01-01", "lecture", "present"]],
        marks=[
            ["1", "2024", "工作", 10.5],
            ["2", "2024", "work", 20],
            ["2", "2023", "work", 20.5],
            ["3", "2024", "别的", 99],
        ],
    )
    source = Source("打分.xlsx", "考评打分", {"member_id": 1, "period": 2, "item": 3, "mark": 4})
    origin = given.marks.assign(_source=1, _row=[2, 3, 4, 5], _column=0)
    frames = {"members": given.members, "attendance": given.attendance, "marks": origin}
    addressed = Records.from_frames(frames, sources=[source]).cut(size)
    with pytest.raises(InvalidRecords, match="超过满分") as refused:
        assess(addressed, scheme(MARKED))
    assert [(problem.cell, problem.value) for problem in refused.value.problems] == [("D2", "10.5"), ("D4", "20.5")]
    assert "“工作”得分 10.5 超过满分 10" in refused.value.problems[0].message()


# ---------------------------------------------------------------- a scheme that changes by date


NAN = float("nan")


def test_each_row_is_taken_from_its_version() -> None:
    """Rows 0 and 2 from the first array, row 1 from the second; neither array is changed."""
    old, new = np.array([1, 2, 3]), np.array([10, 20, 30])
    assert splice([old, new], np.array([0, 1, 0])).tolist() == [1, 20, 3]
    assert (old.tolist(), new.tolist()) == ([1, 2, 3], [10, 20, 30])


def test_what_a_version_does_not_have_yet_is_nothing() -> None:
    """A name that only the newest version knows stands for nothing in the rows of the older one."""
    old, new = {"a": np.array([1.0, 2.0])}, {"a": np.array([3.0, 4.0]), "b": np.array([5.0, 6.0])}
    found = splice([old, {**new, "c": np.array([True, True])}], np.array([0, 1]))
    assert {name: values.tolist() for name, values in found.items()} == {
        "a": [1, 4],
        "b": pytest.approx([NAN, 6], nan_ok=True),
        "c": [False, True],
    }


HALVES = """
period = "half"
year_total = "mean"
year_grades = true
[measures.rate]
share.part = [{ from = "attendance", where = { status = "present" } }]
share.whole = [{ from = "attendance" }]
[components.base.items.base]
start = 80
rules.help = { from = "events", where = { event = "mediation" }, points = 2 }
[grades."优秀"]
at_least = 90
[grades."不合格"]
[forced.veto]
flag = "veto"
any = [{ from = "events", where = { event = "veto" } }]
[forced.rarely_there]
at = "year"
any = [{ measure = "rate", below = 0.5 }]
[outcomes.praise]
any = [{ measure = "grade", in = "优秀" }]
[outcomes.year_praise]
at = "year"
any = [{ measure = "grade", in = "优秀" }]
[changes."2024-01-01".set]
CHANGE
"""


def assessed(change: str) -> Assessment:
    """Four halves of one member, present in one of two lectures a half; a complaint and an offence in each year."""
    days = [f"{year}-{month}-01" for year in (2023, 2024) for month in ("02", "09")]
    return assess(
        records(
            members=[["1", "甲"]],
            attendance=[
                ["1", day, kind, status]
                for day in days
                for kind, status in (("lecture", "present"), ("study", "absent"))
            ],
            events=[["1", day, event] for day in days for event in ("complaint", "offence")],
        ),
        scheme(HALVES.replace("CHANGE", change)),
    )


def grades(result: Assessment) -> tuple[list[Any], list[Any]]:
    """Grades of the halves, and of the years."""
    return result.table["grade"].tolist(), result.years["grade"].tolist()


@pytest.mark.parametrize(
    ("change", "halves", "years"),
    [
        ('"components.base.items.base.start" = 95', "不合格 不合格 优秀 优秀", "不合格 优秀"),
        ('"grades.优秀.at_least" = 80', "不合格 不合格 优秀 优秀", "不合格 优秀"),
    ],
)
def test_a_price_or_a_cut_changes_periods_and_years(change: str, halves: str, years: str) -> None:
    """2023 is graded by the old value in its halves and as a year, 2024 by the new one; so is what follows."""
    result = assessed(change)
    assert grades(result) == (halves.split(), years.split())
    outcomes = result.outcomes
    assert list(zip(outcomes["period"], outcomes["outcome"], strict=True)) == [
        ("2024", "year_praise"),
        ("2024H1", "praise"),
        ("2024H2", "praise"),
    ]


def test_a_new_clause_does_not_reach_back() -> None:
    """Offences of both years; the clause that forces the grade is there from 2024 on."""
    offence = '{ title = "违法", any = [{ from = "events", where = { event = "offence" } }] }'
    result = assessed(f'"grades.优秀.at_least" = 70\n"forced.offence" = {offence}')
    flags = result.flags
    assert flags[flags["flag"] == "forced"][["period", "reason"]].to_numpy().tolist() == [
        ["2024H1", "违法"],
        ["2024H2", "违法"],
    ]


def test_a_new_measure_and_outcome_do_not_reach_back() -> None:
    """Complaints of both years; the outcome that counts them is there from 2024 on."""
    change = """
"measures.complaints" = { count = [{ from = "events", where = { event = "complaint" } }] }
"outcomes.talk" = { at = ["period", "year"], any = [{ measure = "complaints", at_least = 1 }] }
"""
    outcomes = assessed(change).outcomes
    assert outcomes[outcomes["outcome"] == "talk"]["period"].tolist() == ["2024", "2024H1", "2024H2"]


def test_a_clause_of_the_year_changes_with_the_year() -> None:
    """Half of the lectures is enough until 2023; from 2024 on it forces the grade of the year."""
    result = assessed('"grades.优秀.at_least" = 70\n"forced.rarely_there.any" = [{ measure = "rate", below = 0.6 }]')
    assert grades(result)[1] == ["不合格", "不合格"]
    flags = result.flags
    assert flags.loc[flags["flag"] == "forced", "period"].tolist() == ["2024"]


def test_the_distance_is_to_the_cut_in_force() -> None:
    """80 points are 10 short of 90, and 15 short of 95."""
    result = assessed('"grades.优秀.at_least" = 95')
    assert result.table["distance_to_next_grade"].tolist() == [10, 10, 15, 15]
