"""What the file itself says is assumed, can be read otherwise, or is not said at all; and what lacks a clause."""

from __future__ import annotations

from collections.abc import Iterator

from jifen_analysis.errors import Text
from jifen_analysis.schemes.lint.finding import LintFinding, clause_of
from jifen_analysis.schemes.model import Condition, Decision, Grade, Item, Measure, Rule, RuleBook, Sourced, walk


def assumptions(book: RuleBook) -> Iterator[LintFinding]:
    """Yield every number or choice of meaning that the source does not state."""
    for path, part in walk(book):
        if isinstance(part, Sourced) and part.assumed and not path.startswith(("unsaid.", "readings.", "changes.")):
            name = f"“{part.title}”" if part.title and path else ""
            text = Text(f"推定{name}:{part.assumed}", f"assumed {path}: {part.assumed}")
            yield LintFinding("assumed", path, text, clause_of(path, book) if path else part.clause)


def readings(book: RuleBook) -> Iterator[LintFinding]:
    """Yield every other way in which the text can be read."""
    for name, reading in book.readings.items():
        why = f"{reading.why}({reading.assumed})" if reading.assumed else reading.why
        text = Text(f"另一种读法“{reading.title}”:{why}", f"another reading, {name} ({reading.title}): {why}")
        yield LintFinding("reading", f"readings.{name}", text, reading.clause)


def silences(book: RuleBook) -> Iterator[LintFinding]:
    """Yield what the source leaves unsaid."""
    for name, part in book.unsaid.items():
        text = Text(f"原文未定“{part.title}”:{part.assumed}", f"left unsaid, {name} ({part.title}): {part.assumed}")
        yield LintFinding("unsaid", f"unsaid.{name}", text, part.clause)


def runs(book: RuleBook) -> Iterator[LintFinding]:
    """Yield every run of months or quarters, which is not seen across the ends of a period."""
    for path, part in walk(book):
        run = isinstance(part, Measure) and part.longest_run is not None
        if run or (isinstance(part, Condition) and part.in_a_row and part.per in ("month", "quarter")):
            text = (
                "连续的月份、季度只在一个考核期之内计算,跨期的不计",
                "months and quarters in a row are counted inside one period only",
            )
            yield LintFinding("run_inside_period", path, Text(*text), clause_of(path, book))


def clauses(book: RuleBook) -> Iterator[LintFinding]:
    """Yield every price, grade and decision that cites no clause, nor stands in anything that does."""
    for path, part in walk(book):
        if isinstance(part, Rule | Item | Grade | Decision) and not clause_of(path, book):
            yield LintFinding("no_clause", path, Text("没有写明依据条款", "no clause is cited"))
