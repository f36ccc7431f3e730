"""Points: items that do not sum to what the text says, spans narrower than they look, the last month of dues."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from jifen_analysis.errors import Text
from jifen_analysis.periods import MONTHS
from jifen_analysis.schemes.lint.finding import LintFinding, clause_of
from jifen_analysis.schemes.model import (
    AnyItem,
    ByWord,
    Component,
    PointsItem,
    RecordRule,
    RuleBook,
    Tiered,
    exact,
    walk,
)
from jifen_analysis.schemes.model.items import item_span, may_be
from jifen_analysis.schemes.model.rules import Span
from jifen_analysis.schemes.score_range import categories, component_span


def text_sums(book: RuleBook) -> Iterator[LintFinding]:
    """Yield every component whose items, as the text lists them, sum to something else than it says."""
    for name, component in book.components.items():
        if component.text_points is not None:
            sums = {category: _listed(component, book, category) for category in categories(book)}
            wrong = {category: listed for category, listed in sums.items() if not _as_written(listed, component)}
            if wrong:
                yield _sum_finding(f"components.{name}", component, wrong)


def _as_written(listed: float, component: Component) -> bool:
    """Return whether items sum to what the text gives their component: before its weight, or after it."""
    weighted = exact(listed) * exact(component.weight)
    return listed == component.text_points or weighted == exact(component.text_points or 0)


def _listed(component: Component, book: RuleBook, category: str | None) -> float:
    items = [item for item in component.items.values() if may_be(item.who, category)]
    return sum((item.text_points or 0) * _parts(item, book) for item in items)


def _parts(item: AnyItem, book: RuleBook) -> int:
    part = item.per if isinstance(item, PointsItem) else None
    return MONTHS[book.period] // MONTHS[part] if part else 1


def _sum_finding(path: str, component: Component, wrong: dict[str | None, float]) -> LintFinding:
    zh, en = _by_category({category: (f"{listed:g} 分", f"{listed:g}") for category, listed in wrong.items()})
    said = f"{component.text_points:g}"
    text = (
        f"“{component.title}”原文为 {said} 分,所列项目合计 {zh}",
        f"the text gives {said}; the items it lists sum to {en}",
    )
    return LintFinding("text_sum", path, Text(*text), component.clause)


def _by_category(said: dict[str | None, tuple[str, str]]) -> tuple[str, str]:
    """Join what is said of each category; say it once where it is the same for all."""
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    zh = "、".join(f"{category}:{text}" for category, (text, _) in said.items())
    return zh, ", ".join(f"{category} {text}" for category, (_, text) in said.items())


def text_items(book: RuleBook) -> Iterator[LintFinding]:
    """Yield every item that counts for something else than the text says."""
    for (name, key), item in book.items.items():
        nominal = _nominal(item, book)
        if item.text_points is not None and nominal not in (None, item.text_points * _parts(item, book)):
            text = (
                f"“{item.title}”原文为 {item.text_points:g} 分,方案为 {nominal:g} 分",
                f"the text gives {item.text_points:g}, the scheme {nominal:g}",
            )
            path = f"components.{name}.items.{key}"
            yield LintFinding("text_points", path, Text(*text), clause_of(path, book))


def _nominal(item: AnyItem, book: RuleBook) -> float | None:
    """Return the most that an item comes to, where anything bounds it."""
    most = {item_span(item, book.period, category).high for category in categories(book) if may_be(item.who, category)}
    return max(most) if most and max(most) < inf else None


def narrow(book: RuleBook) -> Iterator[LintFinding]:
    """Yield every component in which members cannot differ by as much as it nominally counts."""
    for name, component in book.components.items():
        spans = {category: component_span(component, book, category) for category in categories(book)}
        if all(span.low > 0 and span.high < inf for span in spans.values()):
            yield LintFinding("narrow_span", f"components.{name}", _narrow_text(component, spans), component.clause)


def _narrow_text(component: Component, spans: dict[str | None, Span]) -> Text:
    zh, en = _by_category({category: _range(span) for category, span in spans.items()})
    return Text(f"“{component.title}”拉不开名义上的差距:{zh}", f"narrower than it looks: {en}")


def _range(span: Span) -> tuple[str, str]:
    if span.low == span.high:
        return f"人人 {span.high:g} 分", f"{span.high:g} for everybody"
    return f"{span.low:g} 至 {span.high:g} 分", f"{span.low:g} to {span.high:g}"


def last_month(book: RuleBook) -> Iterator[LintFinding]:
    """Yield every rule on late dues: those of the period's last month fall due on its last day."""
    for path, part in walk(book):
        if isinstance(part, RecordRule) and part.table == "dues" and _asks_lateness(part):
            text = (
                "考核期最后一个月的党费在期末当天到期,期后缴纳看不到,几乎不会算作逾期缴清",
                "dues of the period's last month fall due on its last day and can hardly be paid late within it",
            )
            yield LintFinding("last_month_dues", path, Text(*text), clause_of(path, book))


def _asks_lateness(rule: RecordRule) -> bool:
    priced = tuple(rule.points) if isinstance(rule, ByWord) and rule.by == "state" else ()
    return isinstance(rule, Tiered) or "late" in (*rule.where.get("state", ()), *priced)
