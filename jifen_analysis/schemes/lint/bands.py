"""Grades: bands that leave gaps or overlap, cuts that differ from the text, grades out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import inf

from jifen_analysis.errors import Text
from jifen_analysis.schemes.lint.finding import LintFinding
from jifen_analysis.schemes.model import Band, Grade, RuleBook
from jifen_analysis.schemes.score_range import categories, total_span, without_bonus

End = tuple[float, bool]
"""An end of a band, and whether it belongs to the band."""


def text_bands(book: RuleBook) -> Iterator[LintFinding]:
    """Yield every gap and overlap between the bands as the text writes them."""
    written = [(name, grade.text_band) for name, grade in book.grades.items() if grade.text_band]
    for (upper, above), (lower, below) in pairwise(written):
        yield from _between(upper, _bottom(above), lower, _top(below), book.grades[upper].clause)
    for name, grade in book.grades.items():
        yield from _cut(name, grade)


def _bottom(band: Band) -> End:
    if band.above is not None:
        return band.above, False
    return (-inf, True) if band.at_least is None else (band.at_least, True)


def _top(band: Band) -> End:
    if isinstance(band.below, float):
        return band.below, False
    return (inf, True) if band.at_most is None else (band.at_most, True)


def _between(upper: str, bottom: End, lower: str, top: End, clause: str) -> Iterator[LintFinding]:
    (low, low_in), (high, high_in) = top, bottom
    path = f"grades.{upper}.text_band"
    if low < high or (low == high and not low_in and not high_in):
        yield LintFinding("band_gap", path, _gap_text(upper, bottom, lower, top), clause)
    if low > high or (low == high and low_in and high_in):
        text = (
            f"原文“{lower}”与“{upper}”的分数段重叠:{high:g} 至 {low:g}",
            f"{lower} and {upper} overlap: {high:g} to {low:g}",
        )
        yield LintFinding("band_overlap", path, Text(*text), clause)


def _gap_text(upper: str, bottom: End, lower: str, top: End) -> Text:
    (low, low_in), (high, high_in) = top, bottom
    if low == high:
        zh, en = f"恰为 {low:g} 的总分", f"a total of exactly {low:g}"
    else:
        ends = "不含 " if low_in else "含 ", "不含 " if high_in else "含 "
        zh = f"{low:g}({ends[0].strip()})至 {high:g}({ends[1].strip()})的总分"
        en = f"a total {'above' if low_in else 'from'} {low:g} and {'below' if high_in else 'up to'} {high:g}"
    return Text(
        f"原文的分数段有空档:{zh}既不属“{lower}”也不属“{upper}”",
        f"the bands of the text leave a gap: {en} is neither {lower} nor {upper}",
    )


def _cut(name: str, grade: Grade) -> Iterator[LintFinding]:
    """Compare the cut score in force with the text."""
    if grade.text_band is None or grade.cut is None:
        return
    low, included = _bottom(grade.text_band)
    if (low, included) != (grade.cut, grade.above is None):
        asked = ("达到" if included else "高于", "at least" if included else "above")
        used = ("达到" if grade.above is None else "高于", "at least" if grade.above is None else "above")
        zh = f"“{name}”原文为{asked[0]} {low:g} 分,方案按{used[0]} {grade.cut:g} 分"
        en = f"{name}: the text says {asked[1]} {low:g}, the scheme {used[1]} {grade.cut:g}"
        yield LintFinding("cut_differs", f"grades.{name}", Text(zh, en), grade.clause)


def reach(book: RuleBook) -> Iterator[LintFinding]:
    """Yield every grade that no total can come to, or only full marks or a bonus."""
    most = max(total_span(book.components.values(), book, category).high for category in categories(book))
    plain = max(total_span(without_bonus(book), book, category).high for category in categories(book))
    least = min(total_span(book.components.values(), book, category).low for category in categories(book))
    for name, grade in book.grades.items():
        if grade.cut is not None:
            yield from _reach(name, grade, round(plain, 6), round(most, 6))
    if book.banded and not book.forced:
        yield from _lowest(book, round(least, 6))


def _reach(name: str, grade: Grade, plain: float, most: float) -> Iterator[LintFinding]:
    cut, path = float(grade.cut or 0), f"grades.{name}"
    beyond = most < cut or (most == cut and grade.above is not None)
    if beyond:
        text = f"“{name}”达不到:最多 {most:g} 分", f"{name} is out of reach: {most:g} is the most"
        yield LintFinding("grade_unreachable", path, Text(*text), grade.clause)
    elif plain == cut and grade.above is None and plain < most:
        text = (
            f"“{name}”的分数线 {cut:g} 分正是不靠加分的满分,丢一分就须靠加分",
            f"{cut:g}, the cut of {name}, is the most without bonus: whoever loses a point needs one",
        )
        yield LintFinding("grade_needs_bonus", path, Text(*text), grade.clause)
    elif plain <= cut < most:
        text = (
            f"“{name}”须靠加分:不靠加分最多 {plain:g} 分,分数线 {cut:g} 分",
            f"{name} needs a bonus: {plain:g} is the most without one, the cut is {cut:g}",
        )
        yield LintFinding("grade_needs_bonus", path, Text(*text), grade.clause)


def _lowest(book: RuleBook, least: float) -> Iterator[LintFinding]:
    cuts = [grade.cut for grade in book.grades.values() if grade.cut is not None]
    name = str(book.lowest_grade)
    if book.grades[name].cut is None and least >= min(cuts):
        text = f"“{name}”不会出现:最少也有 {least:g} 分", f"nobody gets {name}: {least:g} is the least"
        yield LintFinding("grade_unreachable", f"grades.{name}", Text(*text), book.grades[name].clause)
