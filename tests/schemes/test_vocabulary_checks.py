"""Tests that a scheme asks only for words that records can have."""

from __future__ import annotations

from typing import Any

import pytest

from jifen_analysis.errors import Text
from jifen_analysis.schemes.vocabulary_checks import no_such, words_of
from tests.schemes.builders import faults, said, small

RULE = "components.bonus.items.extra.rules.trees"


def event(where: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A rule on events, in the place of the one on trees."""
    return {RULE: {"title": "x", "from": "events", "where": where, "points": 1, **more}}


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        (event({"event": "honor"}), "where.event", "unknown_word"),
        (event({"activity": "study"}), "where.activity", "unknown_column"),
        (event({"event": "task"}, **{"except": {"level": "lat"}}), "except.level", "unknown_word"),
        (event({"event": "task", "level": "minor"}), "where.level", "impossible_level"),
        (event({"event": "veto", "level": "minor"}), "where.level", "impossible_level"),
        (event({"event": "task"}, by="level", points={"first": 1}), "points", "impossible_level"),
        (event({"event": "task"}, by="award", points={"x": 1}), "points", "unknown_column"),
        (event({"event": "task"}, times="quantity"), "times", "unread_column"),
        (event({"event": "task"}, sum_of="amount", tiers=[[1, 1]], points=None), "sum_of", "unread_column"),
        ({RULE: {"from": "dues", "points": 1, "times": "quantity"}}, "times", "unknown_column"),
        ({RULE: {"from": "attendance", "by": "days_late", "tiers": [[1, -1]]}}, "by", "unknown_column"),
        (
            {RULE: {"from": "attendance", "by": "status", "points": {"attended": 1, "late": 2}}},
            "points",
            "priced_twice",
        ),
    ],
)
def test_rules_ask_for_what_records_have(changes: dict[str, Any], path: str, code: str) -> None:
    """Unknown words and columns, impossible levels, unread numbers and double prices are each found once."""
    changes[RULE] = {key: value for key, value in changes[RULE].items() if value is not None}
    assert faults(changes) == {f"{RULE}.{path}": code}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("categories.old.when.post", "boss"),
        ("categories.old.when.stage", ["full", "half"]),
        ("components.review.items.mean.groups.all.pool", "friends"),
        ("words.event.tree_planted.levels", ["tall"]),
        ("measures.attended_share.share.part", [{"from": "attendance", "where": {"status": "there"}}]),
    ],
)
def test_unknown_words_elsewhere(path: str, value: Any) -> None:
    """Members, evaluators, levels of own events and measures are held against the vocabulary too."""
    (found,) = faults({path: value}).items()
    assert found[0].startswith(path)
    assert found[1] == "unknown_word"


def test_groups_of_words_may_be_named() -> None:
    """A group stands for its words."""
    rule = {"from": "attendance", "where": {"activity": "organisation_life", "status": "attended"}, "points": 1}
    assert small({RULE: rule}).book.components["bonus"]


def test_own_events_belong_to_the_vocabulary() -> None:
    """An event of the scheme's own is known, with its label and what it reads."""
    words = words_of(small().book)
    assert words.label("event", "tree_planted") == "植树"
    assert words.code("event", "植树") == "tree_planted"


def test_an_own_event_cannot_take_another_meaning() -> None:
    """A spelling that already means something is refused."""
    assert faults({"words.event.tree_planted.label": "见义勇为"}) == {"words.event": "word_clash"}


def test_the_nearest_word_is_offered() -> None:
    """A slip is met with the nearest word and all that there are."""
    assert "词表没有 tree_plantd,最接近的是 植树(tree_planted);可用:" in said(event({"event": "tree_plantd"}))
    assert "词表没有 植树,方案文件里写作 tree_planted;可用:" in said(event({"event": "植树"}))
    assert "最接近的是 表彰奖励(honour)" in said(event({"event": "表彰奖厉"}))


def test_no_such_is_silent_where_the_name_is_known() -> None:
    """Only unknown names are faults."""
    assert list(no_such("p", "c", "a", ["a"], "没有", "no")) == []
    assert list(no_such("p", "c", "b", [], "没有", "no")) == [
        ("p", "c", "b", Text("没有 b;可用:(无)", "no b; there are: "))
    ]
