"""The numbers of members that a written review tells, and of whom each is: read off its tables, figures and words."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.report.written_page import Shown

WEIGHED = (
    *("各支部等次人数", "临线人数", "名额核查", "文义不同读法的影响", "评议缺一类主体的影响", "结果运用"),
    *(
        "grades_by_year",
        "grades_by_branch",
        "funnel",
        "branch_means",
        "gentle_marks",
        "totals",
        "movement",
        "back_to_mean",
    ),
    *("influence", "报送情况", "方法与来源"),
)
"""Tables, by how their titles begin, and figures that are read here; the last three count no members."""
OUTSIDE = ("no grade", "pending", "exempt", "absent")
"""How a member may stand beside the grades: with a total alone, without one yet, without one ever, not there."""


@dataclass(frozen=True)
class Told:
    """A number of members, or its ends, and of whom: for each way of telling them apart the kinds that are counted."""

    of: Mapping[str, frozenset[str]]
    low: float
    high: float
    where: str


def exact(of: Mapping[str, Any], n: float, where: str) -> Told:
    """Return a number that is told outright."""
    return Told({axis: frozenset(kinds) for axis, kinds in of.items()}, n, n, where)


@dataclass(frozen=True)
class Known:
    """What a reader knows of a scheme: its grades, best first, and their cut scores."""

    grades: tuple[str, ...]
    cuts: Mapping[str, float]

    def kinds(self, name: str) -> tuple[str, ...]:
        """Return the grades that a column counts: 合格及以下 is that and all lower ones."""
        first = self.grades.index(name.removesuffix("及以下"))
        return self.grades[first:] if name.endswith("及以下") else (name,)

    @property
    def assessed(self) -> tuple[str, ...]:
        """How those stand who were assessed."""
        return (*self.grades, OUTSIDE[0])


def of_a_year(page: Shown, known: Known, year: int) -> Iterator[Told]:
    """Yield what a page tells of a year; of another than its own that is a bar and a column."""
    yield from _bars(page, known, "grades_by_year", lambda name: {} if name.startswith(str(year)) else None)
    yield from outcomes(page, year)
    if reviewed(page) == year:
        yield from _branches(page, known)
        yield from _scope(page, known)
        yield from _classes(page, known)
        yield from _lines(page, known)
        yield from _near(page, known)
        yield from _quota(page, known)
        yield from _parts(page, known)


def reviewed(page: Shown) -> int:
    """Return the year that a page reviews."""
    return int(re.findall(r"(\d{4})年总结", page.title)[-1])


def branches(page: Shown) -> list[str]:
    """Return the branches that a page lists."""
    return [row[0] for row in page.table("各支部等次人数")[1][:-1]]


def _branches(page: Shown, known: Known) -> Iterator[Told]:
    headers, rows = page.table("各支部等次人数")
    columns = [*(known.kinds(name) for name in headers[1:-1]), known.grades]
    for name, *cells in rows:
        place = {} if name == "合计" else {"branch": [name]}
        told = zip(columns, cells, strict=True)
        yield from (exact({**place, "grade": kinds}, int(n), "各支部等次人数") for kinds, n in told if n != "*")
    yield from _bars(page, known, "grades_by_branch", lambda name: {"branch": [name]})
    for trace in page.figure("funnel"):
        for size, (name, won, *_) in zip(trace["x"], trace.get("customdata") or [], strict=False):
            yield exact({"branch": [name], "grade": known.grades[:1]}, won, "funnel")
            yield exact({"branch": [name], "grade": known.grades}, size, "funnel")
    ranked = known.grades if page_graded(page) else known.assessed
    for key, extra in (("branch_means", {}), ("gentle_marks", {"marked": ["yes"]})):
        for name, n in sorted({_sized(label) for trace in page.figure(key) for label in trace["y"] if "n=" in label}):
            yield exact({"branch": [name], "grade": ranked, **extra}, n, key)


def page_graded(page: Shown) -> bool:
    """Return whether totals lead to grades: then figures speak of those with a grade."""
    return bool(page.figure("grades_by_year")) or any("分及" in one or "线（" in one for one in page.words)


def _sized(label: str) -> tuple[str, int]:
    name, n = re.fullmatch(r"(.+?)\(n=(\d+)\)", label.replace("<br>", "")).groups()  # type: ignore[union-attr]
    return name, int(n)


def _bars(page: Shown, known: Known, key: str, of: Any) -> Iterator[Told]:
    """Yield what bars of shares tell: each says of how many."""
    for trace in page.figure(key):
        for label, share in zip(trace["y"], trace["x"], strict=True):
            name, n = _sized(label)
            if (whole := of(name)) is not None:
                yield exact({**whole, "grade": known.kinds(trace["name"])}, round(share * n), key)
                yield exact({**whole, "grade": known.grades}, n, key)


def _scope(page: Shown, known: Known) -> Iterator[Told]:
    """Yield how many were assessed, wait and are exempt; under five is a number between ends."""
    said = "".join(page.words)
    for pattern, kinds in (
        (r"个支部(不足5|\d+)人参加考核", known.assessed),
        (r"待评[:：]?(不足5|\d+)人", ("pending",)),
        (r"免考核[:：](不足5|\d+)人", ("exempt",)),
    ):
        for n in dict.fromkeys(re.findall(pattern, said)):
            ends = (1, 4) if n == "不足5" else (int(n), int(n))
            yield Told({"grade": frozenset(kinds)}, *ends, pattern)


# ---------------------------------------------------------------- totals


def edges(page: Shown, known: Known) -> list[float]:
    """Return every score by which members are told apart: between classes, at the lines, a point beside each."""
    said = [one for trace in page.figure("totals") for one, _ in trace["customdata"]]
    between = {float(number) for one in said for number in re.findall(r"[\d.]+", one)}
    lines = {at for cut in known.cuts.values() for at in (cut - 1, cut, cut + 1)}
    return sorted(between | lines)


def classes(page: Shown, known: Known) -> list[tuple[float, float]]:
    """Return the classes of totals between all scores."""
    ends = [-math.inf, *edges(page, known), math.inf]
    return list(itertools.pairwise(ends))


def named(low: float, high: float) -> str:
    """Return what a class is called."""
    return f"{low:g}..{high:g}"


def _between(page: Shown, known: Known, low: float, high: float) -> list[str]:
    return [named(*one) for one in classes(page, known) if low <= one[0] and one[1] <= high]


def _classes(page: Shown, known: Known) -> Iterator[Told]:
    for trace in page.figure("totals"):
        for said, n in trace["customdata"]:
            ends = [float(number) for number in re.findall(r"[\d.]+", said)]
            low = -math.inf if "以下" in said else ends[0]
            high = math.inf if "及以上" in said else ends[-1]
            yield exact({"class": _between(page, known, low, high)}, int(n), f"totals {said}")


def _lines(page: Shown, known: Known) -> Iterator[Told]:
    """Yield how many stand on a line, and how many a point more or less would move."""
    pattern = r"线（([\d.]+)分）上有(\d+)人.*?(?:提高1分减少(\d+)人)?(?:，降低1分增加(\d+)人)?。"
    for cut, *told in (found.groups() for one in page.words for found in re.finditer(pattern, one)):
        at = float(cut)
        for (low, high), n in zip(((at, math.inf), (at, at + 1), (at - 1, at)), told, strict=True):
            if n is not None:
                of = {"class": _between(page, known, low, high), "grade": known.grades}
                yield exact(of, int(n), f"lines {cut}")


def _near(page: Shown, known: Known) -> Iterator[Told]:
    """Yield how many lie within a point of the next grade, of the period for which a year stands."""
    for period, grade, n in page.table("临线人数")[1]:
        if period == f"{reviewed(page)}年" and n != "*":
            cut = known.cuts[known.grades[known.grades.index(grade) - 1]]
            yield exact({"class": _between(page, known, cut - 1, cut)}, int(n), "临线人数")


def _quota(page: Shown, known: Known) -> Iterator[Told]:
    """Yield how many met a line and lost its grade to the quota, and which part of them."""
    whole: dict[str, Any] = {"why": ["quota"]}
    for at, (what, n) in enumerate(page.table("名额核查")[1]):
        if n != "*":
            yield exact(whole if at == 0 else {**whole, what: ["in"]}, int(n), "名额核查")


# ---------------------------------------------------------------- parts of those assessed


def _parts(page: Shown, known: Known) -> Iterator[Told]:
    """Yield those whom another reading would move, and those marked without a group."""
    for what, n in page.table("文义不同读法的影响")[1]:
        if n != "*":
            yield exact({what: ["in"], "grade": known.grades}, int(n), "文义不同读法的影响")
    for at, (what, n) in enumerate(page.table("评议缺一类主体的影响")[1]):
        if n != "*":
            kinds = ["gained", "lost", "open", "unknown"]
            yield exact({"partial": kinds if at == 0 else [kinds[at - 1]]}, int(n), what)


def outcomes(page: Shown, year: int) -> Iterator[Told]:
    """Yield how many have each outcome in a year, as far as it is told."""
    headers, rows = page.table("结果运用")
    at = next((at for at, name in enumerate(headers) if name.startswith(str(year))), None)
    if at is not None:
        yield from (exact({row[0]: ["in"]}, int(row[at]), "结果运用") for row in rows if row[at] != "*")


# ---------------------------------------------------------------- two years


def of_two_years(page: Shown, known: Known) -> Iterator[Told]:
    """Yield what a page tells of the year before and its own together."""
    off = _rounded(page, "两年都有等次")
    for trace in page.figure("movement"):
        was, now = ([known.kinds(re.sub(r"\(n=\d+\)", "", name)) for name in trace[side]] for side in ("y", "x"))
        for before, row in zip(was, trace["text"], strict=True):
            for after, cell in zip(now, row, strict=True):
                n = int(cell.partition(" ")[0] or 0)  # of nobody, nothing is written
                of = {"before": frozenset(before), "grade": frozenset(after)}
                yield Told(of, max(n - off, 0), n + off, "movement")
    both = dict.fromkeys(("before", "grade"), frozenset(known.assessed))
    tenths = [row[0] for trace in page.figure("back_to_mean") for row in trace.get("customdata") or []]
    if tenths:
        off = _rounded(page, "上年得分最低的一组") * len(tenths)
        yield Told(both, sum(tenths) - off, sum(tenths) + off, "back_to_mean")


def _rounded(page: Shown, about: str) -> int:
    """Return by how much a number may be off, as the sentence on it says."""
    found = next((re.search(r"人数按(\d+)取整", one) for one in page.words if about in one), None)
    return int(found[1]) // 2 if found else 0


# ---------------------------------------------------------------- words


def said_in_words(page: Shown) -> Iterator[tuple[int, str]]:
    """Yield every number of members in the words of a page, with its sentence; rounded ones give nothing away."""
    for sentence in page.words:
        if "取整" not in sentence:
            yield from ((int(n), sentence) for n in re.findall(r"(?<![\d.不足约满])(\d+)人", sentence))


def numbers(told: Sequence[Told]) -> set[int]:
    """Return the numbers that tables and figures tell, and their sums: of neighbours, such as classes, and of all."""
    found = {int(one.low) for one in told if one.low == one.high}
    for where in {one.where.split()[0] for one in told}:
        held = [int(one.low) for one in told if one.where.split()[0] == where and one.low == one.high]
        for part in (held, held[0::2], held[1::2]):  # figures by branch tell two numbers a branch
            found |= {sum(part[start:end]) for end in range(len(part) + 1) for start in range(end)}
    return found
