"""Kinds of member: every combination of columns that a scheme can tell from another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from jifen_analysis.schemes.model import Who, nodes
from jifen_analysis.vocabulary import standard

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
