"""The marks, ballots and decisions behind a line."""

from __future__ import annotations

from typing import Any

import pytest

from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.explain import Explanation
from tests.builders import records, scheme

POOLS = """
[components.evaluation]
weight = 0.5
[components.evaluation.items.review]
from = "evaluations"
[components.evaluation.items.review.groups]
led = { weight = 0.3, pool = "committee" }
others = { weight = 0.7, pool = ["members", "residents"] }
"""
MARKS = '[components.work.items.own_work]\ntitle = "本职工作"\nfrom = "marks"\nmax = 20'
LADDER = """
[components.ballot.items.ballot]
from = "ballots"
max = 20
[components.ballot.items.ballot.ladder]
excellent = { title = "优秀", when = [{ votes = "excellent", at_least = 0.6 }], pays = 1 }
rest = { title = "合格", pays = 0.9 }
[components.ballot.items.ballot.limits.satisfied]
title = "满意票不足70%"
votes = "satisfied"
of = ["satisfied", "neutral"]
below = 0.7
rung = "excellent"
becomes = "rest"
"""
QUOTA = """
[components.ballot.items.ballot.quota]
title = "优秀不超过一半"
rung = "excellent"
share = 0.5
by = "excellent"
becomes = "rest"
"""


def explained(text: str, period: str = "2024", kind: str = "year", member: str = "1", **tables: Any) -> Explanation:
    """The explanation of a member under a small scheme."""
    tables = {"members": [["1", "甲"]], "attendance": [["1", "2024-03-04", "lecture", "present"]], **tables}
    return assess(records(**tables), scheme(text, period=kind)).explain(member, period)


def rows(one: Explanation) -> list[tuple[str, str, float]]:
    """What and value of each record, with its points."""
    return [(r.what.zh, r.value.zh, round(r.points, 9)) for line in one.lines for r in line.records]


def test_evaluators_stand_by_pool_and_share_the_points_by_mark_and_number() -> None:
    """A pool is averaged together; its records add up to its line."""
    one = explained(
        POOLS,
        evaluations=[["1", "2024", "committee", 80], ["1", "2024", "members", 90, 3], ["1", "2024", "residents", 70]],
    )
    lines = [(line.rule, round(line.points, 9), line.weight) for line in one.lines]
    assert lines == [("led", 24.0, 0.5), ("others", 59.5, 0.5)]
    assert rows(one) == [("班子成员评议", "80", 24.0), ("党员评议(3人)", "90", 47.25), ("群众代表评议", "70", 12.25)]


def test_a_longer_period_that_serves_is_named() -> None:
    """The year's marks serve a half without any, and are said to."""
    one = explained(
        POOLS, "2024H1", "half",
        evaluations=[["1", "2024", "committee", 80], ["1", "2024", "members", 90], ["1", "2024H2", "members", 10]],
    )  # fmt: skip
    found = [(r.date, r.value.zh, r.remark.zh) for line in one.lines for r in line.records]
    said = "本期没有,用2024年的"
    assert found == [("2024", "80", said), ("2024", "90", said)]


def test_marks_of_nothing_add_nothing() -> None:
    """All marks zero: the points are zero, not undefined."""
    one = explained(POOLS, evaluations=[["1", "2024", "committee", 0], ["1", "2024", "members", 0]])
    assert [points for *_, points in rows(one)] == [0.0, 0.0]


def test_marks_are_averaged() -> None:
    """Each mark adds its part of the mean, whether the item is called by id or by title."""
    one = explained(MARKS, marks=[["1", "2024", "本职工作", 15], ["1", "2024H1", "own_work", 10]])
    assert rows(one) == [("本职工作", "15", 7.5), ("本职工作", "10", 5.0)]


def test_votes_reach_a_rung() -> None:
    """The rung carries the points, the votes stand below it."""
    one = explained(LADDER, ballots=[["1", "2024", 6, 3, 0, 1, 0, 8, 2]])
    assert rows(one)[0] == ("测评档次", "优秀", 20.0)
    assert ("优秀票", "6", 0.0) in rows(one)
    assert one.lines[0].records[0].remark.zh == ""


@pytest.mark.parametrize(
    ("text", "ballots", "remark"),
    [
        (LADDER, [["1", "2024", 6, 3, 0, 1, 0, 6, 4]], "按得票为优秀;满意票不足70%"),
        (
            LADDER + QUOTA,
            [["1", "2024", 6, 3, 0, 1, 0], ["2", "2024", 7, 3, 0, 0, 0]],
            "按得票为优秀;优秀不超过一半",
        ),
    ],
)
def test_a_rung_that_was_changed_says_by_what(text: str, ballots: list[Any], remark: str) -> None:
    """Second looks and the quota are named, with the rung by votes."""
    one = explained(text, ballots=ballots, members=[["1..2", "甲"]])
    assert (one.lines[0].rule, one.lines[0].records[0].remark.zh) == ("rest", remark)


def test_a_correction_of_points_is_a_line_with_its_document() -> None:
    """What was decided, by whom, when, under which number, and why."""
    one = explained(
        MARKS,
        marks=[["1", "2024", "own_work", 10]],
        corrections=[["1", "2024", "本职工作", -2.5, "", "街道", "2025-01-20", "〔2025〕1号", "重复计算"]],
    )
    line = one.lines[-1]
    assert (line.kind, line.points, one.total) == ("correction", -2.5, 7.5)
    assert rows(one)[-1] == ("重复计算(街道 2025-01-20 〔2025〕1号)", "-2.5", -2.5)
