"""Which points are possible: the least and the most that components and totals can come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jifen_analysis.schemes.model import Component, PointsItem, RuleBook, item_span
from jifen_analysis.schemes.model.rules import prices
from jifen_analysis.schemes.model.span import Span, sum_ranges


def component_span(component: Component, book: RuleBook, category: str | None) -> Span:
    """Return the span of a component before its weight."""
    return sum_ranges(item_span(item, book.period, category) for item in component.items.values())


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
