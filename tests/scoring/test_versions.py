"""A scheme that changes by date: scores, grades, years and outcomes of every period by the version in force."""

from typing import Any

import numpy as np
import pytest

from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.versions import splice
from tests.builders import records, scheme

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
