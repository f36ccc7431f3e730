"""结果运用: what follows, for whom, with which reason, and how much of it."""

from typing import Any

import numpy as np
import pytest

from jifen_analysis.schemes.model import Gives, Outcome
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.outcomes import Field, decide_outcome, given_amounts, outcome_reasons
from tests.builders import part, records, scheme

NAN = float("nan")


@pytest.mark.parametrize(
    ("total", "days"), [(99, 0), (200, 0.5), (199.9999996, 0.5), (199.999999, 0), (450, 1.5), (-250, 0), (NAN, NAN)]
)
def test_every_full_hundred_above_a_hundred_gives_half_a_day(total: float, days: float) -> None:
    """Below the line nothing is given; a missing total gives a missing quantity."""
    half_a_day = part(Gives, "above = 100, for_each = 100, gives = 0.5")
    assert given_amounts(half_a_day, np.array([total])).tolist() == pytest.approx([days], nan_ok=True)


def field(totals: list[float], counted: list[bool] | None = None) -> Field:
    """Rows of one branch with totals; every condition holds for those above 50."""
    values = np.array(totals)
    everyone = np.ones(len(totals), bool)
    return Field(
        lambda _: values > 50,
        lambda _: values,
        lambda _: np.zeros(len(totals), dtype="int64"),
        everyone if counted is None else np.array(counted),
        everyone,
    )


@pytest.mark.parametrize(
    ("places", "stands", "tied"),
    [
        ("top = { count = 1 }", [0], []),
        ("top = { count = 2 }", [0], [1, 2]),
        ("top = { count = 3 }", [0, 1, 2], []),
        ('top = { share = "1/3" }', [0], []),
        ("top = { count = 2, min_group = 6 }", [], []),
        ("top = { count = 2, min_group = 5 }", [0], [1, 2]),
        ("bottom = { count = 1 }", [4], []),
        ("bottom = { count = 2 }", [4, 3], []),
        ("bottom = { count = 3 }", [4, 3], [1, 2]),
    ],
)
def test_the_top_and_the_bottom(places: str, stands: list[int], tied: list[int]) -> None:
    """Ties over the boundary are left out and said, counted from either end."""
    found = decide_outcome(part(Outcome, places), field([9, 8, 8, 7, 1]))
    assert (set(np.flatnonzero(found.stands)), np.flatnonzero(found.tied).tolist()) == (set(stands), tied)


def test_places_are_for_those_who_hold_and_count() -> None:
    """Of three above 50 one is not counted; n is of all that are counted, so half of four is two."""
    half = part(Outcome, 'top = { share = 0.5 }, any = [{ measure = "total", above = 50 }]')
    found = decide_outcome(half, field([90, 80, 70, 10, 20], [False, True, True, True, True]))
    assert np.flatnonzero(found.stands).tolist() == [1, 2]


def test_the_conditions_that_hold_are_the_reason() -> None:
    """All that hold where the outcome stands, joined; none where it does not."""
    either = part(Outcome, 'any = [{ measure = "total", below = 1 }, { measure = "total", below = 2 }]')
    truths = {1.0: np.array([True, False, True]), 2.0: np.array([True, True, True])}
    found = outcome_reasons(
        either, np.array([True, True, False]), lambda one: truths[one.below], lambda one: f"低于{one.below:g}"
    )
    assert found.tolist() == ["低于1;低于2", "低于2", ""]


# ---------------------------------------------------------------- a whole scheme

TEXT = """
period = "half"
year_total = "sum"
[components.work.items.work]
from = "marks"
max = 1000
[outcomes.talk]
title = "谈话"
clause = "五"
decided_by = "支部"
any = [{ measure = "total", below = 60 }, { from = "events", where = { event = "complaint" } }]
[outcomes.warning]
any = [{ outcome = "talk" }]
[outcomes.below_mean]
any = [{ measure = "total", below = "branch_mean" }]
[outcomes.praise]
at = ["period", "year"]
top = { count = 1, within = "unit" }
[outcomes.risen]
all = [{ measure = "rank_gain", above = 0 }]
[outcomes.twice_talked]
any = [{ outcome = "talk", in_a_row = 2 }]
[outcomes.days]
at = ["period", "year"]
gives = { measure = "total", above = 100, for_each = 100, gives = 0.5, unit = "天" }
[outcomes.both_poor]
at = "year"
any = [{ measure = "total", below = 60, in_a_row = 2 }]
"""


def result(marks: dict[str, tuple[float, float]], **tables: Any) -> Assessment:
    """Members of branch 甲 with a mark in each half of 2024."""
    given_marks = [
        [one, f"2024H{half}", "work", mark] for one, both in marks.items() for half, mark in enumerate(both, 1)
    ]
    opened = [[next(iter(marks)), day, "lecture", "present"] for day in ("2024-01-01", "2024-07-01")]
    given = {"members": [[one, "甲"] for one in marks], "attendance": opened, "marks": given_marks}
    return assess(records(**(given | tables)), scheme(TEXT))


def who(found: Assessment, outcome: str) -> list[tuple[str, str]]:
    """Members and periods in which an outcome stands."""
    rows = found.outcomes
    rows = rows[rows["outcome"] == outcome]
    return list(zip(rows["member_id"], rows["period"], strict=True))


def test_an_outcome_says_why_by_whom_and_where() -> None:
    """Reason in words, clause, who decides; nothing is given, so there is no quantity."""
    found = result({"1": (50, 90)}, events=[["1", "2024-02-01", "complaint"]]).outcomes
    row = found[found["outcome"] == "talk"].iloc[0]
    assert (row["period"], row["clause"], row["decided_by"]) == ("2024H1", "五", "支部")
    assert len(row["reason"].split(";")) == 2
    assert np.isnan(row["quantity"])


def test_a_later_outcome_may_ask_for_an_earlier_one() -> None:
    """A warning follows the talk; two talks in a row stand in the second half."""
    found = result({"1": (50, 40), "2": (50, 90)})
    assert who(found, "warning") == who(found, "talk") == [("1", "2024H1"), ("1", "2024H2"), ("2", "2024H1")]
    assert who(found, "twice_talked") == [("1", "2024H2")]


def test_below_the_mean_of_the_own_branch() -> None:
    """Compared exactly, within the branch and the half."""
    members = [["1", "甲"], ["2", "甲"], ["3", "乙"]]
    assert who(result({"1": (70, 80), "2": (80, 80), "3": (10, 10)}, members=members), "below_mean") == [
        ("1", "2024H1")
    ]


def test_best_of_the_unit_in_a_half_and_in_the_year() -> None:
    """The unit joins branches; the year has a total and a best of its own."""
    members = [["1", "甲", {"unit": "社区"}], ["2", "乙", {"unit": "社区"}]]
    assert who(result({"1": (90, 60), "2": (80, 80)}, members=members), "praise") == [
        ("1", "2024H1"),
        ("2", "2024"),
        ("2", "2024H2"),
    ]


def test_the_unit_of_a_year_is_that_of_its_last_scored_half() -> None:
    """Best of the first unit, then moved and exempt: the year is measured where it was earned."""
    moved = [["1", "甲", {"until": "2024-06-30"}], ["1", "乙", {"since": "2024-07-01", "exempt": True}]]
    found = result({"1": (90, 0), "2": (40, 40), "3": (99, 99)}, members=[*moved, ["2", "甲"], ["3", "乙"]])
    assert [row for row in who(found, "praise") if row[1] == "2024"] == [("1", "2024"), ("3", "2024")]


def test_a_tie_is_flagged_where_it_happened() -> None:
    """Equal in the second half and over the year: flagged in the half, and under the year in the tidy flags only."""
    found = result({"1": (90, 70), "2": (89, 70), "3": (90, 70)})
    assert who(found, "praise") == []
    assert found.table.set_index(["member_id", "period"])["flags"].to_dict() == {
        ("1", "2024H1"): "quota_tied",
        ("1", "2024H2"): "quota_tied",
        ("2", "2024H1"): "",
        ("2", "2024H2"): "quota_tied",
        ("3", "2024H1"): "quota_tied",
        ("3", "2024H2"): "quota_tied",
    }
    yearly = found.flags[found.flags["period"] == "2024"]
    assert yearly[["member_id", "flag"]].to_numpy().tolist() == [["1", "quota_tied"], ["3", "quota_tied"]]


def test_a_gain_in_rank_is_against_the_half_before() -> None:
    """From second to first; the first half has nothing before it."""
    assert who(result({"1": (80, 90), "2": (90, 80)}), "risen") == [("1", "2024H2")]


def test_what_is_given_is_counted() -> None:
    """Half a day for each full hundred above a hundred, by half and again by year; nobody is given nothing."""
    found = result({"1": (250, 199.9999), "2": (420, 90)}).outcomes
    days = found[found["outcome"] == "days"]
    assert days[["member_id", "period", "quantity"]].to_numpy().tolist() == [
        ["1", "2024", 1.5],
        ["1", "2024H1", 0.5],
        ["2", "2024", 2.0],
        ["2", "2024H1", 1.5],
    ]


def test_an_outcome_of_the_year_stands_in_the_year() -> None:
    """Two poor halves, never in either of them."""
    assert who(result({"1": (50, 50), "2": (50, 60)}), "both_poor") == [("1", "2024")]


def test_the_exempt_have_no_outcomes() -> None:
    """Whatever the records say."""
    found = result({"1": (50, 50)}, members=[["1", "甲", {"exempt": True}]], events=[["1", "2024-02-01", "complaint"]])
    assert found.outcomes.empty


def test_an_activist_is_in_no_place() -> None:
    """He may be talked to, but is neither the best nor one of the n."""
    members = [["1", "甲", {"stage": "activist"}], ["2", "甲"]]
    found = result({"1": (99, 30), "2": (50, 50)}, members=members)
    assert who(found, "praise") == [("2", "2024"), ("2", "2024H1"), ("2", "2024H2")]
    assert ("1", "2024H2") in who(found, "talk")
