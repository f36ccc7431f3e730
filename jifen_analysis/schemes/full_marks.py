"""Full marks: what each component pays when nothing is lost, and its share of the whole; exact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice
from types import MappingProxyType

from jifen_analysis.schemes.kinds import Member, fits, kinds, who_in
from jifen_analysis.schemes.model import RuleBook, exact, item_marks
from jifen_analysis.schemes.score_range import categories

Marks = Mapping[str, Fraction]


def full_marks(book: RuleBook) -> tuple[Marks, ...]:
    """Return the full marks of every component, before its weight, for every kind of member.

    Parameters
    ----------
    book : RuleBook
        The scheme in force.

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
