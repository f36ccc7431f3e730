"""Members: categories that nobody can have or that leave somebody out, places that small groups do not get."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from jifen_analysis.errors import Text
from jifen_analysis.schemes.lint.finding import LintFinding, clause_of
from jifen_analysis.schemes.model import Place, Quota, RuleBook, walk
from jifen_analysis.schemes.model.phrases import WITHIN
from jifen_analysis.schemes.score_range import Member, fits, kinds, who_in


def classes(book: RuleBook) -> Iterator[LintFinding]:
    """Yield every category that no kind of member comes to, and say where one comes to none."""
    if not book.categories:
        return
    held = {_category(member, book) for member in kinds(who_in(book)) if fits(book.population, member)}
    for name, category in book.categories.items():
        if name not in held:
            text = Text(f"没有人会归入“{name}”,除非花名册写明", f"nobody comes to {name}, unless the roster says so")
            yield LintFinding("category_unreachable", f"categories.{name}", text, category.clause)
    if None in held:
        text = Text("有的党员不属任何一类", "some members come to no category")
        yield LintFinding("category_missing", "categories", text, book.clause)


def _category(member: Member, book: RuleBook) -> str | None:
    fitting = (name for name, category in book.categories.items() if fits(category.when, member))
    return next(fitting, None)


def small_groups(book: RuleBook) -> Iterator[LintFinding]:
    """Yield every share of places that rounds down to none in small groups."""
    for path, part in walk(book):
        if isinstance(part, Quota | Place) and part.share is not None and Fraction(part.share):
            first = ceil(1 / Fraction(part.share))
            if first > max(getattr(part, "min_group", 1), 1):
                yield _small(path, part, first, book)


def _small(path: str, part: Quota | Place, first: int, book: RuleBook) -> LintFinding:
    group = WITHIN[part.within]
    share = f"{float(Fraction(str(part.share))):.4g}"
    zh = f"名额为 {share} 舍去尾数,不满 {first} 人的{group[0]}一个也没有"
    en = f"{share} of the members, rounded down: a {group[1]} of fewer than {first} gets no place"
    return LintFinding("no_place", path, Text(zh, en), clause_of(path, book))
