"""Which points are possible: the least and the most that components and totals can come to, and full marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from types import MappingProxyType
from typing import Any

from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.model import Component, PointsItem, RuleBook, Who, exact, item_marks, item_span, nodes
from jifen_analysis.schemes.model.rules import Span, prices, sum_ranges
from jifen_analysis.vocabulary import standard


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


# ---------------------------------------------------------------- full marks


Marks = Mapping[str, Fraction]


def full_marks(book: RuleBook) -> tuple[Marks, ...]:
    """Return the full marks of every component, before its weight, for every kind of member.

    Returns
    -------
    tuple of mapping of component id to Fraction
        In points; 0 where there is nothing to lose (a bonus). Kinds of member
        with the same full marks stand once, those without any not at all.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> (marks,) = full_marks(read_scheme("street_80_20").book)
    >>> {name: int(points) for name, points in marks.items()}
    {'base': 80, 'evaluation': 20, 'bonus': 0}
    """
    found = ({name: _full(book, name, member) for name in book.components} for member in _kinds(book))
    distinct = {tuple(marks.values()): MappingProxyType(marks) for marks in found if any(marks.values())}
    return tuple(distinct.values())


def nominal_shares(book: RuleBook) -> dict[str, Fraction]:
    """Return which share of the full marks each component has, after its weight.

    Returns
    -------
    dict of component id to Fraction
        They sum to 1. Components without full marks (a bonus) are left out;
        empty where nothing has full marks, or not everybody the same shares.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> nominal_shares(read_scheme("school_framework").book)
    {'base': Fraction(2, 3), 'evaluation': Fraction(1, 3)}
    """
    weights = {name: exact(part.weight) for name, part in book.components.items()}
    of_kinds = []
    for marks in full_marks(book):
        whole = sum((weights[name] * full for name, full in marks.items()), Fraction(0))
        of_kinds.append({name: weights[name] * full / whole for name, full in marks.items() if full} if whole else {})
    return of_kinds[0] if of_kinds and all(shares == of_kinds[0] for shares in of_kinds) else {}


def _kinds(book: RuleBook) -> Iterator[Member]:
    """Yield every kind of member that the items can tell from another."""
    asked = tuple(who_in(book.components))
    beyond = any(who.model_fields_set - {"category", "excluding"} for who in asked)
    for member in kinds(asked) if beyond else islice(kinds(asked), 1):
        yield from ({**member, "category": category} for category in categories(book))


def _full(book: RuleBook, component: str, member: Member) -> Fraction:
    items = book.components[component].items.values()
    return sum(
        (item_marks(item, book.period, member["category"]) for item in items if fits(item.who, member)), Fraction(0)
    )


# ---------------------------------------------------------------- kinds of member


Member = Mapping[str, Any]


def who_in(part: Any) -> Iterator[Who]:
    """Yield every description of members in a part of a scheme."""
    return (found for _, found in nodes(part) if isinstance(found, Who))


def kinds(asked: Iterable[Who]) -> Iterator[Member]:
    """Yield every kind of member that some descriptions can tell from another."""
    ages = {
        age + step for who in asked for age in (who.age_at_least, who.age_below) if age is not None for step in (-1, 0)
    }
    columns = {
        **{column: standard().codes(column) for column in ("post", "stage", "sex")},
        **dict.fromkeys(("floating", "retired", "infirm"), (False, True)),
        "age": (None, *sorted(ages)),
    }
    for values in product(*columns.values()):
        yield dict(zip(columns, values, strict=True))


def fits(who: Who | None, member: Member) -> bool:
    """Return whether a member is among those described; the category is asked only where the member has one."""
    if who is None:
        return True
    if who.category is not None and "category" in member and member["category"] not in who.category:
        return False
    words = all(member[column] in (getattr(who, column) or (member[column],)) for column in ("post", "stage", "sex"))
    flags = all(getattr(who, flag) in (None, member[flag]) for flag in ("floating", "retired", "infirm"))
    left_out = who.excluding is not None and fits(who.excluding, member)
    return words and flags and _of_age(who, member["age"]) and not left_out


def _of_age(who: Who, age: int | None) -> bool:
    if who.age_at_least is None and who.age_below is None:
        return True
    if age is None:
        return who.age_unknown
    return (who.age_at_least or 0) <= age and (who.age_below is None or age < who.age_below)
