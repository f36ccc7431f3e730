"""Whether the parts of a scheme fit together: names, what a condition may read, cut scores, dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from jifen_analysis.errors import Text
from jifen_analysis.periods import MONTHS, Period
from jifen_analysis.schemes.labels import COMPARED, label_code
from jifen_analysis.schemes.model import (
    BallotItem,
    Condition,
    Gives,
    MarkedItem,
    Place,
    PointsItem,
    RuleBook,
    Who,
    nodes,
    walk,
)
from jifen_analysis.schemes.model.items import AnyItem
from jifen_analysis.schemes.vocabulary_checks import Fault, faults_of_words, no_such

RESERVED = (
    *("member_id", "name", "branch", "unit", "category", "stage", "period"),
    *("total", "rank_branch", "rank_overall", "grade_by_total", "grade", "flags", "distance_to_next_grade"),
)
"""Columns of the results, which no component can be called."""


@dataclass(frozen=True)
class Names:
    """The names that a document gives to its parts, whether or not these are right."""

    components: tuple[str, ...]
    measures: tuple[str, ...]
    categories: tuple[str, ...]
    grades: tuple[str, ...]
    outcomes: tuple[str, ...]
    titles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Names:
        """Return the names in a raw document, and what they are called."""
        sections = [name for name in cls.__dataclass_fields__ if name != "titles"]
        titles = {key: title for name in sections for key, title in _titles(document.get(name))}
        lost = {f"lost.{name}": f"{titles.get(name, name)}扣分" for name in _keys(document.get("components"))}
        keys = {name: _keys(document.get(name)) for name in sections}
        return cls(**keys, titles={**titles, **lost, **COMPARED})

    def say(self, name: str) -> str:
        """Return a name behind what it is called."""
        return label_code(name, self.titles)

    @property
    def compared(self) -> tuple[str, ...]:
        """Everything that a condition may compare."""
        lost = (f"lost.{name}" for name in self.components)
        return ("total", "grade", "rank_gain", *self.components, *lost, *self.measures)


def _keys(table: Any) -> tuple[str, ...]:
    return tuple(map(str, table)) if isinstance(table, Mapping) else ()


def _titles(table: Any) -> Iterator[tuple[str, str]]:
    for key, part in table.items() if isinstance(table, Mapping) else ():
        title = part.get("title") if isinstance(part, Mapping) else None
        if isinstance(title, str) and title:
            yield str(key), title


def faults_of_meaning(book: RuleBook, names: Names, lacking: frozenset[str] = frozenset()) -> Iterator[Fault]:
    """Yield every fault of a scheme, or of what is left of one, whose parts are each well-formed.

    ``lacking`` are the sections from which something was left out; what cannot be judged without them is not.
    """
    yield from faults_of_words(book)
    for path, part in nodes(book):
        for kind, check in PART_CHECKS:
            if isinstance(part, kind):
                yield from check(path, part, names)
    for judge, needed in WHOLE:
        if not lacking & needed:
            yield from judge(book)


# ---------------------------------------------------------------- names


def _condition(path: str, condition: Condition, names: Names) -> Iterator[Fault]:
    if condition.measure is not None:
        yield from _no_measure(f"{path}.measure", condition.measure, _comparable(path, names), names.say)
    if condition.outcome is not None:
        known, at = _outcomes_before(path, names), f"{path}.outcome"
        yield from no_such(at, "unknown_name", condition.outcome, known, "前面没有结果", "no outcome above", names.say)
    if condition.measure == "grade":
        yield from _grades(path, condition, names)
    elif condition.among or condition.outside:
        yield path, "not_a_grade", str(condition.measure), Text("in、not_in 只配 grade", "in and not_in go with grade")


def _comparable(path: str, names: Names) -> tuple[str, ...]:
    """Return what a condition may compare where it stands: nothing that is decided later."""
    if path.startswith("components."):
        return names.measures
    later = {"grade", "rank_gain"} if path.startswith("forced.") else set()
    return tuple(name for name in names.compared if name not in later)


def _no_measure(path: str, name: str, known: Iterable[str], say: Callable[[str], str] = label_code) -> Iterator[Fault]:
    yield from no_such(path, "unknown_name", name, known, "这里不能比较", "cannot compare here:", say)


def _outcomes_before(path: str, names: Names) -> tuple[str, ...]:
    section, own = path.split(".")[:2]
    if section != "outcomes":
        return ()
    return names.outcomes[: names.outcomes.index(own)] if own in names.outcomes else names.outcomes


def _grades(path: str, condition: Condition, names: Names) -> Iterator[Fault]:
    for key, listed in (("in", condition.among), ("not_in", condition.outside)):
        for grade in listed or ():
            yield from no_such(f"{path}.{key}", "unknown_name", grade, names.grades, "没有等次", "no grade", names.say)
    if condition.bounds:
        yield path, "not_a_number", "grade", Text("grade 只配 in、not_in", "grade goes with in and not_in")


def _number_compared(path: str, part: Place | Gives, names: Names) -> Iterator[Fault]:
    key, name = ("by", part.by) if isinstance(part, Place) else ("measure", part.measure)
    yield from _no_measure(f"{path}.{key}", name, [one for one in names.compared if one != "grade"], names.say)


def _who(path: str, who: Who, names: Names) -> Iterator[Fault]:
    if who.category and path.startswith(("population", "categories.")):
        text = Text("类别由此得出,这里不能再问类别", "categories come from here and cannot be asked for")
        yield f"{path}.category", "circular", "", text
    yield from _no_category(f"{path}.category", who.category or (), names)


def _marked(path: str, item: MarkedItem, names: Names) -> Iterator[Fault]:
    yield from _no_category(f"{path}.max_for", item.max_for, names)


def _no_category(path: str, listed: Iterable[str], names: Names) -> Iterator[Fault]:
    for name in listed:
        yield from no_such(path, "unknown_name", name, names.categories, "没有类别", "no category", names.say)


def _ballot(path: str, item: BallotItem, _: Names) -> Iterator[Fault]:
    paid = [name for name, rung in item.ladder.items() if rung.pays is not None]
    for at, name, known in _rungs(item, paid):
        if name is not None:
            yield from no_such(f"{path}.{at}", "unknown_name", name, known, "没有档次", "no rung")


def _rungs(item: BallotItem, paid: list[str]) -> Iterator[tuple[str, str | None, Iterable[str]]]:
    yield from ((f"ladder.{name}.becomes", rung.becomes, paid) for name, rung in item.ladder.items())
    for name, limit in item.limits.items():
        yield f"limits.{name}.becomes", limit.becomes, paid
        yield f"limits.{name}.rung", limit.rung, item.ladder
    if item.quota:
        yield "quota.rung", item.quota.rung, item.ladder
        yield "quota.becomes", item.quota.becomes, paid


PART_CHECKS: tuple[tuple[type, Callable[[str, Any, Names], Iterator[Fault]]], ...] = (
    (Condition, _condition),
    (Place, _number_compared),
    (Gives, _number_compared),
    (Who, _who),
    (MarkedItem, _marked),
    (BallotItem, _ballot),
)


# ---------------------------------------------------------------- the whole


def _ids(book: RuleBook) -> Iterator[Fault]:
    taken: dict[str, str] = {"grade": "grade"}
    for name, component in book.components.items():
        if name in RESERVED:
            text = Text("与结果表的列重名,请换一个名称", "a column of the results has this name; choose another")
            yield f"components.{name}", "reserved_name", name, text
        for item in component.items:
            if item in taken:
                text = Text(f"与 {taken[item]} 重名,打分和复核无法区分", f"marks cannot tell it from {taken[item]}")
                yield f"components.{name}.items.{item}", "repeated_name", item, text
            taken[item] = f"components.{name}.items.{item}"


def _cuts(book: RuleBook) -> Iterator[Fault]:
    cuts = [(name, grade.cut) for name, grade in book.grades.items() if grade.cut is not None]
    for (upper, high), (lower, low) in pairwise(cuts):
        if low >= high:
            text = Text(f"分数线须低于上一等次“{upper}”的 {high:g}", f"the cut must be below {high:g}, that of {upper}")
            yield f"grades.{lower}", "cut_order", f"{low:g}", text
    for name, grade in list(book.grades.items())[:-1]:
        if book.banded and grade.cut is None:
            text = Text("只有最低等次可以没有分数线", "only the lowest grade goes without a cut")
            yield f"grades.{name}", "no_cut", "", text
    yield from _lowest(book)


def _lowest(book: RuleBook) -> Iterator[Fault]:
    last = book.lowest_grade
    if last and book.grades[last].quota:
        yield f"grades.{last}.quota", "no_lower_grade", "", Text("最低等次不能有名额", "the lowest grade has no quota")
    if book.forced and not last:
        yield "forced", "no_grade", "", Text("有直接认定的条款,却没有等次", "a clause forces a grade; there are none")


def _years(book: RuleBook) -> Iterator[Fault]:
    """Yield what stands in a year without totals of the year, which only shorter periods have."""
    if book.year_grades and not book.year_total:
        yield "year_grades", "no_year_total", "", Text("须写 year_total", "year_total is wanted")
    yearly = [(f"outcomes.{name}", outcome) for name, outcome in book.outcomes.items() if "year" in outcome.at]
    clauses = [(f"forced.{name}", clause) for name, clause in book.forced.items() if clause.at == "year"]
    for path, decision in (*yearly, *clauses):
        if book.period == "year":
            text = Text("考核期就是一年,不写 year", "the period is a year; leave out year")
            yield f"{path}.at", "already_a_year", "year", text
        for at, part in walk(decision, path):
            yield from _in_year(at, part, book)
    for path, _ in clauses:
        if not book.year_grades:
            text = Text("年度等次须写 year_grades = true", "grades of a year want year_grades = true")
            yield f"{path}.at", "no_year_grades", "year", text


def _in_year(path: str, part: Any, book: RuleBook) -> Iterator[Fault]:
    if isinstance(part, Place):
        yield from _no_measure(f"{path}.by", part.by, ("total",))
    if isinstance(part, Gives):
        yield from _no_measure(f"{path}.measure", part.measure, ("total",))
    if isinstance(part, Condition) and part.in_a_row is None:
        if part.measure is not None:
            yield from _no_measure(f"{path}.measure", part.measure, ("total", "grade", *book.measures))
        if part.nth or part.below == "branch_mean":
            text = Text("nth、branch_mean 只用于考核期", "nth and branch_mean are for periods only")
            yield path, "not_in_a_year", "", text


def _parts(book: RuleBook) -> Iterator[Fault]:
    for path, part in nodes(book):
        if isinstance(part, PointsItem) and part.per and MONTHS[part.per] >= MONTHS[book.period]:
            text = Text("须短于考核期", "a part shorter than the period is right")
            yield f"{path}.per", "part_too_long", part.per, text


def _dates(book: RuleBook) -> Iterator[Fault]:
    for day in book.changes:
        if not _opens_period(day, MONTHS[book.period]):
            text = Text(
                "须是考核期的第一天,写成 2024-01-01", "the first day of a scored period is right, as 2024-01-01"
            )
            yield f"changes.{day}", "bad_date", day, text


def _opens_period(day: str, length: int) -> bool:
    month, dash, first = day.rpartition("-")
    try:
        start = Period.parse(month)
    except ValueError:
        return False
    return bool(dash) and first == "01" and start.length == 1 and start.first % length == 0


WHOLE: tuple[tuple[Callable[[RuleBook], Iterator[Fault]], frozenset[str]], ...] = (
    (_ids, frozenset()),
    (_cuts, frozenset({"grades"})),
    (_years, frozenset({"period", "year_total", "year_grades"})),
    (_parts, frozenset({"period"})),
    (_dates, frozenset({"period"})),
)
"""Checks of the whole scheme, each with the sections it needs."""


# ---------------------------------------------------------------- what no dated change may touch


FIXED = ("period", "population", "categories", "words")
"""Who is scored, when, and by which words: the same in every year."""

COLUMNS = ("components", "grades")
"""What the columns of the results are made of."""

LASTING = ("measures", "forced", "outcomes")
"""What may be added, and changed, but not taken away."""


def forbidden_changes(path: str, before: RuleBook, after: RuleBook) -> Iterator[Fault]:
    """Yield what a dated change at a path touches and may not, by the book without any and the one with it."""
    for name in FIXED:
        if getattr(before, name) != getattr(after, name):
            yield _fault(path, name, "不能按日期改动", "cannot change by date")
    for name in COLUMNS:
        if tuple(getattr(before, name)) != tuple(getattr(after, name)):
            yield _fault(path, name, "的名称和次序不能按日期改动", "keeps its names and their order in every year")
    for name in LASTING:
        for lost in getattr(before, name).keys() - getattr(after, name).keys():
            yield _fault(path, f"{name}.{lost}", "不能按日期去掉,可改其内容", "cannot be dropped by date; change it")
    yield from _items(path, before, after)


def _items(path: str, before: RuleBook, after: RuleBook) -> Iterator[Fault]:
    for name, component in before.components.items():
        later = after.components[name].items if name in after.components else component.items
        for key, item in component.items.items():
            place = f"components.{name}.items.{key}"
            if key not in later:
                yield _fault(path, place, "不能按日期去掉,可改其内容", "cannot be dropped by date; change it")
            elif _kind(item) != _kind(later[key]):
                yield _fault(path, place, "不能按日期换成另一种项目", "cannot become another kind of item by date")


def _kind(item: AnyItem) -> tuple[str, str | None]:
    return type(item).__name__, item.per if isinstance(item, PointsItem) else None


def _fault(path: str, name: str, zh: str, en: str) -> Fault:
    return path, "not_by_date", name, Text(f"{name} {zh}", f"{name} {en}")
