"""Tests that the parts of a scheme fit together."""

from __future__ import annotations

from typing import Any

import pytest

from jifen_analysis.schemes.validate import Names
from tests.schemes.builders import GONE, document, faults, said, small

WHEN = {"title": "x", "points": 1}
BALLOT = {
    "from": "ballots",
    "max": 10,
    "ladder": {"top": {"when": [{"votes": "excellent", "at_least": 0.5}], "pays": 1}, "rest": {"becomes": "top"}},
}


def condition(**asked: Any) -> list[dict[str, Any]]:
    """A list of one condition."""
    return [asked]


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"forced.veto.any": condition(measure="totl", below=1)}, "forced.veto.any.0.measure", "unknown_name"),
        ({"forced.veto.any": condition(measure="rank_gain", above=1)}, "forced.veto.any.0.measure", "unknown_name"),
        ({"forced.veto.any": condition(outcome="talk")}, "forced.veto.any.0.outcome", "unknown_name"),
        ({"outcomes.talk.any": condition(outcome="reward")}, "outcomes.talk.any.0.outcome", "unknown_name"),
        ({"outcomes.talk.any": condition(measure="grade", at_least=1)}, "outcomes.talk.any.0", "not_a_number"),
        ({"outcomes.talk.any": condition(measure="grade", **{"in": "忧"})}, "outcomes.talk.any.0.in", "unknown_name"),
        ({"outcomes.talk.any": condition(measure="total", **{"in": "优"})}, "outcomes.talk.any.0", "not_a_grade"),
        ({"outcomes.reward.top.by": "grade", "outcomes.reward.at": "period"}, "outcomes.reward.top.by", "unknown_name"),
        (
            {"outcomes.talk.gives": {"measure": "x", "above": 1, "for_each": 1, "gives": 1}},
            "outcomes.talk.gives.measure",
            "unknown_name",
        ),
        (
            {"components.bonus.items.extra.rules.w": {**WHEN, "when": condition(measure="total", above=1)}},
            "components.bonus.items.extra.rules.w.when.0.measure",
            "unknown_name",
        ),
        (
            {"components.duty.items.mark.for": {"category": "young"}},
            "components.duty.items.mark.for.category",
            "unknown_name",
        ),
        ({"components.duty.items.mark.max_for": {"young": 3}}, "components.duty.items.mark.max_for", "unknown_name"),
        ({"population": {"category": "old"}}, "population.category", "circular"),
        ({"categories.old.when": {"category": "others"}}, "categories.old.when.category", "circular"),
        ({"components.total": {"items": {"x": {"start": 1}}}}, "components.total", "reserved_name"),
        ({"components.category": {"items": {"x": {"start": 1}}}}, "components.category", "reserved_name"),
        ({"components.bonus.items.mark": {"start": 1}}, "components.bonus.items.mark", "repeated_name"),
        ({"components.bonus.items.grade": {"start": 1}}, "components.bonus.items.grade", "repeated_name"),
        ({"grades.良.at_least": 90}, "grades.良", "cut_order"),
        ({"grades.良.at_least": GONE}, "grades.良", "no_cut"),
        ({"grades.差.quota": {"share": 0.5}}, "grades.差.quota", "no_lower_grade"),
        ({"grades": {}}, "forced", "no_grade"),
        ({"year_total": GONE, "outcomes.reward.at": "period"}, "year_grades", "no_year_total"),
        ({"year_grades": False, "forced.veto.at": "year"}, "forced.veto.at", "no_year_grades"),
        ({"outcomes.talk.at": "year"}, "outcomes.talk.any.0", "not_in_a_year"),
        (
            {"outcomes.talk": {"at": "year", "any": condition(measure="duty", above=1)}},
            "outcomes.talk.any.0.measure",
            "unknown_name",
        ),
        ({"outcomes.reward.top.by": "duty"}, "outcomes.reward.top.by", "unknown_name"),
        ({"changes": {"2024-02-01": {}}}, "changes.2024-02-01", "bad_date"),
        ({"changes": {"2024-01-02": {}}}, "changes.2024-01-02", "bad_date"),
        ({"changes": {"2024": {}}}, "changes.2024", "bad_date"),
    ],
)
def test_parts_that_do_not_fit(changes: dict[str, Any], path: str, code: str) -> None:
    """Each misfit is found once, where it stands."""
    assert faults(changes) == {path: code}


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("ladder.rest.becomes", "none", "ladder.rest.becomes"),
        ("ladder.rest.becomes", "rest", "ladder.rest.becomes"),
        ("limits.low", {"votes": "satisfied", "of": "satisfied", "below": 0.5, "becomes": "x"}, "limits.low.becomes"),
        (
            "limits.low",
            {"votes": "satisfied", "of": "satisfied", "below": 0.5, "flag": "review", "rung": "x"},
            "limits.low.rung",
        ),
        ("quota", {"share": 0.2, "rung": "x", "by": "excellent", "becomes": "top"}, "quota.rung"),
        ("quota", {"share": 0.2, "rung": "top", "by": "excellent", "becomes": "rest"}, "quota.becomes"),
    ],
)
def test_ladders_lead_to_rungs_that_pay(path: str, value: Any, where: str) -> None:
    """What a ballot becomes is a rung of its own ladder, and one that pays."""
    item = "components.review.items.vote"
    assert faults({item: BALLOT, f"{item}.{path}": value}) == {f"{item}.{where}": "unknown_name"}


def test_a_part_is_shorter_than_the_period() -> None:
    """Months have no months inside; halves have."""
    monthly = {"period": "month", "changes": {}}
    assert faults(monthly) == {"components.duty.items.quiet.per": "part_too_long"}


def test_a_year_has_no_years_inside() -> None:
    """Where the period is a year, nothing stands in a year besides."""
    assert faults({"period": "year", "changes": {}}) == {"outcomes.reward.at": "already_a_year"}


@pytest.mark.parametrize(
    ("period", "day"), [("month", "2024-02-01"), ("quarter", "2024-04-01"), ("half", "2024-07-01")]
)
def test_changes_begin_with_a_period(period: str, day: str) -> None:
    """A dated change stands on the first day of a scored period."""
    changes = {"period": period, "changes": {day: {}}, "components.duty.items.quiet.per": GONE}
    assert small(changes).book.changes.keys() == {day}


def test_outcomes_may_read_those_above() -> None:
    """An outcome may follow from one that stands before it in the file."""
    assert small({"outcomes.notice": {"any": condition(outcome="talk")}}).book.outcomes["notice"]


def test_what_would_be_right_is_listed() -> None:
    """The message lists what can be compared."""
    text = said({"outcomes.talk.any": condition(measure="duti", above=1)})
    assert (
        "这里不能比较 duti,最接近的是 履职(duty);可用:总分(total)、等次(grade)、名次前移(rank_gain)、履职(duty)" in text
    )


def test_names_of_a_raw_document() -> None:
    """Names are read from the raw file, whatever else is wrong with it."""
    names = Names.of(document({"grades": 5}))
    assert (names.components, names.grades) == (("duty", "review", "bonus"), ())
