"""What a dated change may not touch: the results of all years stand in the same tables."""

from __future__ import annotations

from collections.abc import Iterator

from jifen_analysis.errors import Text
from jifen_analysis.schemes.model import PointsItem, RuleBook
from jifen_analysis.schemes.model.items import AnyItem
from jifen_analysis.schemes.vocabulary_checks import Fault

FIXED = ("period", "population", "categories", "words")
"""Who is scored, when, and by which words: the same in every year."""

COLUMNS = ("components", "grades")
"""What the columns of the results are made of."""

LASTING = ("measures", "forced", "outcomes")
"""What may be added, and changed, but not taken away."""


def forbidden_changes(path: str, before: RuleBook, after: RuleBook) -> Iterator[Fault]:
    """Yield what a dated change touches and may not.

    Parameters
    ----------
    path : str
        Where the change stands.
    before, after : RuleBook
        Without any dated change, and with this one and those before it.
    """
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
