"""Tests that the parts of a scheme fit together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jifen_analysis.errors import InvalidScheme
from jifen_analysis.schemes.scheme import read_scheme
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


BASE = """
id = "trial"
title = "试行办法"
source = "测试"
period = "half"
[measures.count]
count = [{ from = "events" }]
[components.base.items]
work = { start = 10 }
marked = { from = "marks", max = 10 }
[grades."优秀"]
at_least = 90
[grades."不合格"]
[forced.veto]
any = [{ from = "events", where = { event = "veto" } }]
[outcomes.talk]
any = [{ measure = "total", below = 60 }]
[changes."2024-01-01"]
CHANGE
"""


def read(folder: Path, change: str) -> object:
    """Read the scheme with a change from 2024 on."""
    file = folder / "trial.toml"
    file.write_text(BASE.replace("CHANGE", change), encoding="utf-8")
    return read_scheme(file)


@pytest.mark.parametrize(
    "change",
    [
        'set = { "components.base.items.work.start" = 20 }',
        'set = { "components.base.items.work.rules" = { help = { from = "events", points = 1 } } }',
        'set = { "components.base.items.extra" = { start = 5 } }',
        'set = { "grades.优秀.at_least" = 85 }',
        'set = { "outcomes.praise" = { top = { count = 3 } } }',
        'set = { "forced.offence" = { any = [{ from = "events", where = { event = "offence" } }] } }',
        'set = { "measures.more" = { count = [{ from = "dues" }] } }',
        'set = { grade_rounding = "half_up" }',
    ],
)
def test_prices_and_cuts_may_change(tmp_path: Path, change: str) -> None:
    """Numbers, rules and cut scores change; items, clauses and outcomes may come."""
    read(tmp_path, change)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ('set = { period = "year" }', "period 不能按日期改动"),
        ('set = { population = { post = "none" } }', "population 不能"),
        ('set = { "categories" = { a = {} } }', "categories 不能"),
        ('set = { "words" = { event = { tea = { label = "泡茶" } } } }', "words 不能"),
        ('set = { "components.more" = { items = { a = { start = 1 } } } }', "components 的名称和次序"),
        (
            'set = { grades = { "优秀" = { at_least = 90 }, "合格" = { at_least = 80 }, "不合格" = {} } }',
            "grades 的名称和次序",
        ),
        ('drop = ["components.base.items.work"]', "components.base.items.work 不能按日期去掉"),
        ('set = { "components.base.items.work" = { from = "marks", max = 5 } }', "不能按日期换成另一种项目"),
        ('set = { "components.base.items.work.per" = "month" }', "不能按日期换成另一种项目"),
        ('drop = ["outcomes.talk"]', "outcomes.talk 不能按日期去掉"),
        ('drop = ["forced.veto"]', "forced.veto 不能按日期去掉"),
        ('set = { "measures" = {} }', "measures.count 不能按日期去掉"),
    ],
)
def test_what_all_years_share_does_not_change(tmp_path: Path, change: str, named: str) -> None:
    """The refusal says where, and what cannot be changed by date."""
    with pytest.raises(InvalidScheme, match=named) as refused:
        read(tmp_path, change)
    assert {problem.cell for problem in refused.value.problems} == {"changes.2024-01-01"}
