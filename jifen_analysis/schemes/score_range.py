"""Which points are possible: the least and the most that components and totals can come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.model import Component, PointsItem, RuleBook, item_span
from jifen_analysis.schemes.model.rules import Span, prices, sum_ranges


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


def item_full_marks(book: RuleBook) -> dict[str, float]:
    """Return what each item is worth at most in points of the total, by title, as far as it does not only add.

    Raises
    ------
    UsageError
        Where members of different categories have different full marks, or an
        item has no ceiling.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> sum(item_full_marks(read_scheme("community_60_40").book).values())
    100.0
    """
    first, *others = (_full_marks(book, category) for category in categories(book))
    endless = [title for title, points in first.items() if points == float("inf")]
    if any(other != first for other in others) or endless:
        raise UsageError(
            f"“{book.title}”的项目满分因人而异,或没有上限,定不出各项的满分",
            f"full marks of {book.id} differ between categories, or are without end",
        )
    return {title: points for title, points in first.items() if points > 0}


def _full_marks(book: RuleBook, category: str | None) -> dict[str, float]:
    """Return the same for a category; items of one title are told apart by their component."""
    parts = list(without_bonus(book))
    titles = Counter(item.title for part in parts for item in part.items.values())
    return {
        item.title if titles[item.title] == 1 else f"{part.title}·{item.title}": round(
            item_span(item, book.period, category).high * part.weight, 6
        )
        for part in parts
        for item in part.items.values()
    }
