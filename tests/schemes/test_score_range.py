"""Tests of which points are possible."""

from __future__ import annotations

from fractions import Fraction
from math import inf, isnan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from jifen_analysis.schemes.model import AnyRule, PointsItem, Who, exact, item_span
from jifen_analysis.schemes.model.rules import NO_POINTS, Span, rule_span, sum_ranges
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.schemes.score_range import (
    categories,
    component_span,
    fits,
    full_marks,
    is_bonus,
    kinds,
    nominal_shares,
    total_span,
    who_in,
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
        ({"start": 10, "for": {"category": "others"}}, NO_POINTS),
        ({"start": 10, "for": {"except": {"category": "old"}}}, NO_POINTS),
        ({"start": 10, "for": {"category": "old"}}, Span(10, 10)),
        ({"start": 10, "for": {"post": "none"}}, Span(0, 10)),
        ({"rules": {"a": {"from": "dues", "points": 1, "for": {"category": "others"}}}}, NO_POINTS),
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
    assert Span(0, inf).times(0) == NO_POINTS.times(inf) == NO_POINTS


@given(SPANS, ENDS)
def test_bounds_hold(span: Span, bound: float) -> None:
    """What is left above a floor or below a cap stays there."""
    assert span.within(bound, None).low >= bound
    assert span.within(None, bound).high <= bound


@given(st.integers(0, 1000), st.integers(1, 1000), st.integers(0, 10**8))
def test_what_is_written_is_read(top: int, bottom: int, digits: int) -> None:
    """Simple fractions and decimals come back from the float."""
    assert exact(top / bottom) == Fraction(top, bottom)
    assert exact(np.float64(digits / 10**6)) == Fraction(digits, 10**6)


def test_of_every_kind_of_member() -> None:
    """A mark with another full mark for a category makes two kinds; what only adds has none."""
    marks = full_marks(small().book)
    assert [dict(one) for one in marks] == [
        {"duty": 80, "review": 100, "bonus": 0},
        {"duty": 94, "review": 100, "bonus": 0},
    ]


def test_kinds_are_told_apart_by_every_column() -> None:
    """An item for the young of one category only."""
    young = {"components.duty.items.quiet.for": {"category": "others", "age_below": 30}}
    more = {"components.duty.items.quiet.start": 1, "components.duty.items.mark.max_for": {}}
    duty = {int(one["duty"]) for one in full_marks(small(young | more).book)}
    assert duty == {94, 100}


@pytest.mark.parametrize("name", scheme_names())
def test_shares_of_every_scheme_sum_to_one(name: str) -> None:
    """Every scheme of the library has the same shares for everybody."""
    assert sum(nominal_shares(read_scheme(name).book).values()) == 1


def test_items_in_parts_of_the_period_count_every_part() -> None:
    """Ten points a month are sixty in a half."""
    book = small({"components.duty.items.quiet.start": 10, "components.duty.items.mark.max_for": {}}).book
    assert [int(one["duty"]) for one in full_marks(book)] == [60 + 60 + 34]


def test_kinds_of_member_stand_on_both_sides_of_an_age() -> None:
    """Sixty, fifty-nine and no age are told apart."""
    assert {member["age"] for member in kinds(who_in(small().book))} == {None, 59, 60}


def test_a_category_is_asked_of_those_who_have_one() -> None:
    """Also where it leaves somebody out."""
    someone = next(kinds(()))
    old = Who.model_validate({"category": "old"})
    others = Who.model_validate({"except": {"category": "old"}})
    held = [
        (fits(old, someone | {"category": name}), fits(others, someone | {"category": name}))
        for name in ("old", "young")
    ]
    assert held == [(True, False), (False, True)]
    assert fits(old, someone)
