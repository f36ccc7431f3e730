"""Tests of which points are possible."""

from __future__ import annotations

from math import inf, isnan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from jifen_analysis.schemes.model import AnyRule, PointsItem, item_span
from jifen_analysis.schemes.model.rules import NOTHING, Span, rule_span, sum_ranges
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.schemes.score_range import (
    categories,
    component_span,
    is_bonus,
    total_span,
    without_bonus,
)
from tests.schemes.builders import small

EVENTS = {"from": "events", "where": {"event": "task"}}


def span_of(raw: dict[str, Any], months: int = 6) -> tuple[float, float]:
    """The ends of a rule's span in half a year."""
    span = rule_span(TypeAdapter(AnyRule).validate_python(raw), months)
    return span.low, span.high


@pytest.mark.parametrize(
    ("raw", "ends"),
    [
        ({**EVENTS, "points": 5}, (0, inf)),
        ({**EVENTS, "points": -5, "once": True}, (-5, 0)),
        ({**EVENTS, "points": 5, "cap": 10}, (0, 10)),
        ({**EVENTS, "points": -5, "floor": -8}, (-8, 0)),
        ({**EVENTS, "points": "forfeit"}, (0, 0)),
        ({**EVENTS, "by": "level", "points": {"early": 2, "late": -1}}, (-inf, inf)),
        ({**EVENTS, "by": "level", "points": {"early": 2, "late": -1}, "once": True}, (-1, 2)),
        ({"from": "dues", "where": {"state": "late"}, "points": -1}, (-6, 0)),
        ({"from": "dues", "by": "days_late", "tiers": [[1, -2], [30, "forfeit"]]}, (-12, 0)),
        ({**EVENTS, "sum_of": "amount", "tiers": [[1000, 5], [10000, 10]]}, (0, 10)),
        ({**EVENTS, "sum_of": "points"}, (-inf, inf)),
        ({**EVENTS, "sum_of": "points", "floor": 0, "cap": 5}, (0, 5)),
        ({"none_of": [EVENTS], "points": 5, "otherwise": -5}, (-5, 5)),
        ({"none_of": [EVENTS], "points": 5, "otherwise": 2}, (2, 5)),
        ({"none_of": [EVENTS], "points": 5, "otherwise": 2, "given": [EVENTS]}, (0, 5)),
        ({"when": [{"measure": "m", "above": 1}], "points": 3}, (0, 3)),
    ],
)
def test_rules(raw: dict[str, Any], ends: tuple[float, float]) -> None:
    """Every shape and modifier bounds what a rule can come to."""
    assert span_of(raw) == ends


def item(raw: dict[str, Any], category: str | None = "old") -> Span:
    """The span of an item of points in the small scheme."""
    return item_span(PointsItem.model_validate(raw), small().book.period, category)


@pytest.mark.parametrize(
    ("raw", "span"),
    [
        ({"start": 10, "floor": 0, "rules": {"a": {**EVENTS, "points": -1}}}, Span(0, 10)),
        ({"start": 10, "rules": {"a": {**EVENTS, "points": -1}}}, Span(-inf, 10)),
        ({"start": 10, "rules": {"a": {**EVENTS, "points": "forfeit"}}}, Span(0, 10)),
        ({"start": 15, "floor": 0, "per": "quarter", "rules": {"a": {**EVENTS, "points": -1}}}, Span(0, 30)),
        ({"per": "month", "rules": {"a": {"from": "dues", "points": 1}}}, Span(0, 6)),
        ({"cap": 10, "rules": {"a": {**EVENTS, "points": 3}}}, Span(0, 10)),
        ({"start": 10, "for": {"category": "others"}}, NOTHING),
        ({"start": 10, "for": {"except": {"category": "old"}}}, NOTHING),
        ({"start": 10, "for": {"category": "old"}}, Span(10, 10)),
        ({"start": 10, "for": {"post": "none"}}, Span(0, 10)),
        ({"rules": {"a": {"from": "dues", "points": 1, "for": {"category": "others"}}}}, NOTHING),
        ({"rules": {"a": {"none_of": [EVENTS], "points": 5, "otherwise": 2, "for": {"post": "none"}}}}, Span(0, 5)),
    ],
)
def test_items(raw: dict[str, Any], span: Span) -> None:
    """Starts, floors, caps, parts, forfeits and members bound an item."""
    assert item(raw) == span


def test_components_and_totals_of_the_small_scheme() -> None:
    """Marks differ by category; the bonus is capped; weights are applied."""
    book = small().book
    duty = book.components["duty"]
    assert (component_span(duty, book, "old"), component_span(duty, book, "others")) == (Span(0, 86), Span(0, 100))
    assert total_span(book.components.values(), book, "others").high == pytest.approx(0.8 * 100 + 0.2 * 100 + 10)
    assert total_span(without_bonus(book), book, "others").high == pytest.approx(100)


def test_ballots_pay_from_the_lowest_rung() -> None:
    """The bureau's ballot comes to 14 of 20 at least."""
    book = read_scheme("bureau_quarterly").book
    assert component_span(book.components["evaluation"], book, None) == Span(14, 20)


@pytest.mark.parametrize(
    ("name", "bonus"),
    [
        ("community_60_40", ["bonus"]),
        ("street_80_20", ["bonus"]),
        ("bureau_quarterly", ["bonus"]),
        ("town_tiered", ["contribution"]),
        ("village_monthly", ["additions"]),
    ],
)
def test_bonus_is_what_only_adds(name: str, bonus: list[str]) -> None:
    """A component that starts with nothing and prices no deduction is a bonus."""
    book = read_scheme(name).book
    assert [key for key, component in book.components.items() if is_bonus(component)] == bonus


@pytest.mark.parametrize("name", scheme_names())
def test_spans_of_the_ten_are_spans(name: str) -> None:
    """The least is never above the most, and neither is undefined."""
    book = read_scheme(name).book
    for category in categories(book):
        span = total_span(book.components.values(), book, category)
        assert not isnan(span.low + span.high) or (span.low, span.high) == (-inf, inf)
        assert span.low <= span.high


ENDS = st.floats(-100, 100)
SPANS = st.builds(lambda low, width: Span(low, low + abs(width)), ENDS, ENDS)


@given(SPANS, SPANS, st.floats(0, 3))
def test_sums_and_multiples_of_spans(one: Span, other: Span, factor: float) -> None:
    """Adding and scaling keep the ends in order; nothing times anything is nothing."""
    both = sum_ranges([one, other]).times(factor)
    assert both.low <= both.high
    assert Span(0, inf).times(0) == NOTHING.times(inf) == NOTHING


@given(SPANS, ENDS)
def test_bounds_hold(span: Span, bound: float) -> None:
    """What is left above a floor or below a cap stays there."""
    assert span.within(bound, None).low >= bound
    assert span.within(None, bound).high <= bound
