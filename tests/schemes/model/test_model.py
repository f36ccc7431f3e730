"""Tests of the parts of a scheme: what can stand where, and what each shape asks for."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from jifen_analysis.schemes.model import (
    AnyRule,
    ByWord,
    Condition,
    Conditional,
    Forced,
    Grade,
    Limit,
    MarkedItem,
    Measure,
    Occurrence,
    Outcome,
    PerRecord,
    Place,
    PointsItem,
    RuleBook,
    Rung,
    SchemePart,
    Tiered,
    VoteShare,
    ten_thousandths,
    walk,
)
from jifen_analysis.schemes.model.parts import Price, Share
from jifen_analysis.schemes.scheme import read_scheme
from tests.schemes.builders import small

EVENTS = {"from": "events", "where": {"event": "task"}}
SOME = [{"from": "events"}]


def refused(part: Any, raw: dict[str, Any]) -> str:
    """What is said of a part that cannot stand."""
    with pytest.raises(ValidationError) as found:
        TypeAdapter(part).validate_python(raw)
    return str(found.value)


@pytest.mark.parametrize("value", [0, -5, 2.5, 0.0001, 1_000_000, "forfeit"])
def test_prices(value: float | str) -> None:
    """A price is a number of at most four decimals, or the loss of the item."""
    assert TypeAdapter(Price).validate_python(value) == value


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (True, "须是数"),
        ("5", "forfeit"),
        (0.00001, "四位小数"),
        (float("inf"), "不超过"),
        (float("nan"), "不超过"),
        (None, "须是数"),
    ],
)
def test_no_prices(value: object, why: str) -> None:
    """Yes and no, texts, endless numbers and finer ones are no prices."""
    with pytest.raises(ValidationError, match=why):
        TypeAdapter(Price).validate_python(value)


@pytest.mark.parametrize("value", [0, 1, 0.2, "1/3", "0.125", "02/6"])
def test_shares(value: object) -> None:
    """A share is a fraction or a decimal from 0 to 1, kept as it is written."""
    assert TypeAdapter(Share).validate_python(value) == str(value)


@pytest.mark.parametrize("value", [1.5, -0.1, "1/0", "1e-400", "1e999999999", "a", True, None, 1e-7])
def test_no_shares(value: object) -> None:
    """Anything else is refused, without being worked out."""
    with pytest.raises(ValidationError, match=r"比例|0 到 1"):
        TypeAdapter(Share).validate_python(value)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({"points": 1}, "from、any_of/none_of、when"),
        ({**EVENTS, "when": [{"measure": "m", "above": 1}], "points": 1}, "from、any_of/none_of、when"),
        ({"any_of": SOME, "points": 1, "once": True}, "只配 from"),
        ({"any_of": SOME, "points": "forfeit"}, "须配数"),
        ({**EVENTS, "points": 1, "otherwise": 2}, "given、otherwise"),
        ({**EVENTS, "points": 1, "given": SOME}, "given、otherwise"),
        ({"from": "dues", "by": "days_late", "tiers": [[5, 1], [5, 2]]}, "逐级升高"),
        ({"from": "dues", "by": "days_late", "points": 1}, "须配 tiers"),
        ({**EVENTS, "sum_of": "amount"}, "须配 tiers"),
        ({**EVENTS, "by": "level", "points": 1}, "by 须配 points 表"),
        ({**EVENTS, "points": {"late": 1}}, "by 须配 points 表"),
        (EVENTS, "没有分值"),
        ({**EVENTS, "sum_of": "points", "points": 1}, "points 不与"),
        ({**EVENTS, "sum_of": "points", "once": True}, "sum_of 不与"),
        ({**EVENTS, "points": 1, "highest_per": "award"}, "highest_per 须配 by"),
        ({**EVENTS, "points": 1, "floor": 3, "cap": 2}, "floor 不能高于 cap"),
    ],
)
def test_rules_that_contradict_themselves(raw: dict[str, Any], why: str) -> None:
    """A rule has one shape, and only the modifiers that mean something with it."""
    assert why in refused(AnyRule, raw)


@pytest.mark.parametrize(
    ("raw", "shape"),
    [
        ({**EVENTS, "points": 1, "any_of": []}, PerRecord),
        ({**EVENTS, "sum_of": "points"}, PerRecord),
        ({**EVENTS, "by": "level", "points": {"city": 1}, "times": "quantity"}, ByWord),
        ({"from": "dues", "by": "days_late", "tiers": [[5, 1], [9, 2]], "once": True}, Tiered),
        ({**EVENTS, "sum_of": "amount", "tiers": [[500, 1]]}, Tiered),
        ({"none_of": SOME, "points": 1, "where": {}, "when": []}, Occurrence),
        ({"when": [{"measure": "m", "above": 1}], "points": "forfeit", "once": False}, Conditional),
    ],
)
def test_keys_choose_the_shape_of_a_rule(raw: dict[str, Any], shape: type[SchemePart]) -> None:
    """Each shape has its own keys; what is false or empty says nothing."""
    read = TypeAdapter(AnyRule)
    found = read.validate_python(raw)
    assert type(found) is shape
    assert read.validate_python(found) is found


def test_several_faults_of_a_rule_are_said_together() -> None:
    """One message names all that is wrong with a rule."""
    text = refused(AnyRule, {"any_of": SOME, "times": "quantity", "points": "forfeit", "floor": 1, "cap": 0})
    assert all(why in text for why in ("只配 from", "须配数", "floor 不能高于 cap"))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({}, "之一"),
        ({"measure": "total", "outcome": "x", "above": 1}, "之一"),
        ({"measure": "total"}, "比较"),
        ({"measure": "grade", "in": "优", "above": 1}, "不能同写"),
        ({"from": "events", "in": "优"}, "只配 measure"),
        ({"outcome": "x", "above": 1}, "比较只配"),
        ({"outcome": "x", "where": {"event": "veto"}}, "where、except 只配 from"),
        ({"from": "events", "per": "month"}, "in_a_row"),
        ({"measure": "total", "above": 1, "over": "data"}, "over 只配 from"),
        ({"measure": "total", "above": 1, "in_a_row": 1}, "greater than or equal to 2"),
    ],
)
def test_conditions_that_ask_nothing_or_too_much(raw: dict[str, Any], why: str) -> None:
    """A condition has one subject and asks of it what can be asked."""
    assert why in refused(Condition, raw)


@pytest.mark.parametrize(
    ("part", "raw", "why"),
    [
        (PointsItem, {"floor": 1, "cap": 0}, "floor 不能高于 cap"),
        (Rung, {}, "pays、becomes"),
        (Rung, {"pays": 1, "becomes": "x"}, "pays、becomes"),
        (VoteShare, {"votes": "excellent"}, "at_least"),
        (VoteShare, {"votes": "good", "at_least": 1}, "excellent"),
        (Limit, {"votes": "satisfied", "of": "satisfied", "flag": "review"}, "above 或 below"),
        (Limit, {"votes": "satisfied", "of": "satisfied", "above": 0.5}, "becomes 或 flag"),
        (Grade, {"at_least": 1, "above": 1}, "只写一个"),
        (Forced, {}, "any 或 all"),
        (Place, {}, "share、count"),
        (Place, {"share": 0.1, "count": 3}, "share、count"),
        (Outcome, {}, "须写 any"),
        (Outcome, {"top": {"count": 1}, "bottom": {"count": 1}}, "只写一个"),
        (Measure, {}, "share、longest_run、count"),
        (Measure, {"longest_run": {}}, "any_of 或 none_of"),
        (MarkedItem, {"from": "marks", "max": 0}, "greater than 0"),
    ],
)
def test_other_parts_that_cannot_stand(part: type[SchemePart], raw: dict[str, Any], why: str) -> None:
    """Every part says what it lacks or has too much of."""
    assert why in refused(part, raw)


def test_a_word_may_stand_for_a_list() -> None:
    """One word is read like a list of one."""
    rule = TypeAdapter(AnyRule).validate_python({"from": "events", "where": {"event": "task"}, "points": 1})
    assert rule.where["event"] == ("task",)


def test_parts_are_frozen() -> None:
    """Neither a field nor a table of a part can be written."""
    book = small().book
    with pytest.raises(ValidationError, match="frozen"):
        book.title = "x"  # type: ignore[misc]
    with pytest.raises(TypeError, match="item assignment"):
        book.components["duty"] = book.components["bonus"]  # type: ignore[index]


def test_full_marks_by_category() -> None:
    """A category may have a full mark of its own."""
    item = small().book.components["duty"].items["mark"]
    assert isinstance(item, MarkedItem)
    assert (item.most("old"), item.most("others"), item.most()) == (20, 34, 34)


def test_walk_names_every_part_by_its_path_in_the_file() -> None:
    """Paths are those of the file, aliases included."""
    paths = dict(walk(small().book))
    assert paths["components.duty.items.meetings.rules.attendance.from"] == "attendance"
    assert paths["outcomes.talk.any.0.below"] == "branch_mean"


def test_items_and_titles_of_a_book() -> None:
    """Every item stands under its component and own name, in file order; a component without a title has its name."""
    book = read_scheme("street_80_20").book
    assert list(book.items) == [(name, key) for name, part in book.components.items() for key in part.items]
    assert book.items["base", "dues"] is book.components["base"].items["dues"]
    bare = book.model_copy(update={"components": {"base": book.components["base"].model_copy(update={"title": ""})}})
    assert (book.titles["evaluation"], bare.titles) == (book.components["evaluation"].title, {"base": "base"})


def test_grades_of_a_book() -> None:
    """The lowest grade stands last."""
    book = small().book
    assert (book.banded, book.lowest_grade) == (True, "差")


def test_a_book_without_grades_has_no_lowest() -> None:
    """No grades: nothing is banded."""
    bare = RuleBook.model_validate(
        {"id": "a", "title": "", "source": "", "period": "year", "components": {"c": {"items": {"i": {"start": 1}}}}}
    )
    assert (bare.banded, bare.lowest_grade) == (False, None)


@pytest.mark.parametrize(("points", "whole"), [(0.3, 3000), (-2.5, -25000), (0.0001, 1), (1_000_000, 10**10)])
def test_ten_thousandths_are_exact(points: float, whole: int) -> None:
    """Points become whole numbers without passing through a product of floats."""
    assert ten_thousandths(points) == whole
