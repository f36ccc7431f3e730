"""Which points are possible: the least and the most that rules, items, components and totals can come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import assert_never

from jifen_analysis.errors import UsageError
from jifen_analysis.periods import MONTHS
from jifen_analysis.schemes.model import (
    AnyItem,
    BallotItem,
    Component,
    EvaluationItem,
    MarkedItem,
    PointsItem,
    RuleBook,
    Who,
)
from jifen_analysis.schemes.rule_text import forfeits, prices, rule_span
from jifen_analysis.schemes.span import NOTHING, Span, sum_ranges

FULL_EVALUATION = 100
"""The best mark of an evaluator."""


# ---------------------------------------------------------------- items, components, totals


def may_be(who: Who | None, category: str | None) -> bool:
    """Return whether members of a category can be among those described."""
    if who is None:
        return True
    left_out = who.excluding is not None and category in (who.excluding.category or ())
    return (who.category is None or category in who.category) and not left_out


def _must_be(who: Who | None) -> bool:
    """Return whether nothing but the category is asked."""
    return who is None or (who.model_fields_set <= {"category", "excluding"} and _must_be(who.excluding))


def item_span(item: AnyItem, book: RuleBook, category: str | None) -> Span:
    """Return the span of an item for a category's members, in a whole period."""
    if not may_be(item.who, category):
        return NOTHING
    span = _item_span(item, book, category)
    return span if _must_be(item.who) else span.or_nothing()


def _item_span(item: AnyItem, book: RuleBook, category: str | None) -> Span:
    match item:
        case PointsItem():
            return _points_span(item, MONTHS[book.period], category)
        case MarkedItem():
            return Span(0, item.most(category))
        case EvaluationItem():
            return Span(0, round(FULL_EVALUATION * item.scale, 9))
        case BallotItem():
            return _ballot_span(item)
        case _:
            assert_never(item)


def _ballot_span(item: BallotItem) -> Span:
    pays = [Fraction(rung.pays) * Fraction(str(item.max)) for rung in item.ladder.values() if rung.pays is not None]
    return Span(float(min(pays, default=0)), float(max(pays, default=0)))


def _points_span(item: PointsItem, length: int, category: str | None) -> Span:
    months = MONTHS[item.per] if item.per else length
    rules = [rule for rule in item.rules.values() if may_be(rule.who, category)]
    spans = [rule_span(rule, months) if _must_be(rule.who) else rule_span(rule, months).or_nothing() for rule in rules]
    span = Span(item.start, item.start) + sum_ranges(spans)
    if any(map(forfeits, rules)):
        span = Span(min(span.low, 0), span.high)
    return span.within(item.floor, item.cap).times(length // months)


def component_span(component: Component, book: RuleBook, category: str | None) -> Span:
    """Return the span of a component before its weight."""
    return sum_ranges(item_span(item, book, category) for item in component.items.values())


def total_span(components: Iterable[Component], book: RuleBook, category: str | None) -> Span:
    """Return the span of the weighted sum of some components."""
    return sum_ranges(component_span(part, book, category).times(part.weight) for part in components)


def categories(book: RuleBook) -> tuple[str | None, ...]:
    """Return the scheme's categories, or the one that has no name."""
    return tuple(book.categories) or (None,)


def is_bonus(component: Component) -> bool:
    """Return whether a component only adds: nothing to start with, nothing marked, nothing deducted."""
    return all(isinstance(item, PointsItem) and _only_adds(item) for item in component.items.values())


def _only_adds(item: PointsItem) -> bool:
    return item.start == 0 and not any(price < 0 for rule in item.rules.values() for price in prices(rule))


def without_bonus(book: RuleBook) -> Iterator[Component]:
    """Yield the components that do not only add."""
    return (component for component in book.components.values() if not is_bonus(component))


def full_marks(book: RuleBook) -> dict[str, float]:
    """Return what each item is worth at most in points of the total, by title, as far as it does not only add.

    Raises
    ------
    UsageError
        Where members of different categories have different full marks, or an
        item has no ceiling.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> sum(full_marks(read_scheme("community_60_40").book).values())
    100.0
    """
    first, *others = (_full_marks(book, category) for category in categories(book))
    if any(other != first for other in others):
        raise UsageError(
            "各类人员的项目满分不同,请自己写明项目和满分", "full marks differ between categories: name them"
        )
    endless = [title for title, points in first.items() if points == float("inf")]
    if endless:
        raise UsageError(
            f"项目 {endless[0]} 没有上限,请自己写明项目和满分", f"{endless[0]} has no ceiling: name full marks"
        )
    return {title: points for title, points in first.items() if points > 0}


def _full_marks(book: RuleBook, category: str | None) -> dict[str, float]:
    return {
        item.title: round(item_span(item, book, category).high * part.weight, 6)
        for part in without_bonus(book)
        for item in part.items.values()
    }
