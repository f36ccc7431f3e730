"""What a reader of reviews can work out: every number of members that they show, as equations, and a linear programme.

The reader knows the words of the pages alone. What a number counts is said as a box: for each way of telling members
apart (branch, grade, class of total) the kinds that it counts.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog

from jifen_analysis.report.review import Review, Table

Box = tuple[tuple[int, ...], ...]
"""For each axis the places that are counted."""


@dataclass(frozen=True)
class Told:
    """One number of members that a page shows, and of whom."""

    box: Box
    n: int
    where: str


def table(review: Review, title: str) -> Table | None:
    """Return a table of the appendix by the beginning of its title."""
    blocks = (block for section in review.appendix for block in section.blocks)
    return next((one for one in blocks if isinstance(one, Table) and one.title.startswith(title)), None)


def kinds(name: str, grades: Sequence[str]) -> tuple[int, ...]:
    """Return the grades that a column counts: 合格及以下 is that and all lower ones."""
    first = grades.index(name.removesuffix("及以下"))
    return tuple(range(first, len(grades))) if name.endswith("及以下") else (first,)


def of_one_year(review: Review, branches: Sequence[str], grades: Sequence[str], year: str) -> Iterator[Told]:
    """Yield what a review tells of a year by branch and grade."""
    reviewed = f"{year}年总结" in review.title
    if reviewed:
        yield from _counted(table(review, "各支部等次人数"), branches, grades)
    for key in ("grades_by_year", *(["grades_by_branch"] if reviewed else [])):
        yield from _shares(drawn(review, key), branches, grades, year)


def _counted(shown: Table | None, branches: Sequence[str], grades: Sequence[str]) -> Iterator[Told]:
    if shown is not None:
        columns = [*(kinds(name, grades) for name in shown.headers[1:-1]), tuple(range(len(grades)))]
        for name, *cells in shown.rows:
            rows = _rows(name, branches)
            told = zip(columns, cells, strict=True)
            yield from (Told((rows, which), int(cell), name) for which, cell in told if cell != "*")


def _shares(figure: Any, branches: Sequence[str], grades: Sequence[str], year: str) -> Iterator[Told]:
    """Yield what bars of shares tell: each says of how many."""
    for trace in figure.data if figure is not None else ():
        for label, share in zip(trace.y, trace.x, strict=True):
            name, n = re.fullmatch(r"(.+?)\(n=(\d+)\)", str(label).replace("<br>", "")).groups()  # type: ignore[union-attr]
            if name.startswith(year) or name in branches:
                rows = _rows(name, branches)
                yield Told((rows, kinds(trace.name, grades)), round(float(share) * int(n)), name)
                yield Told((rows, tuple(range(len(grades)))), int(n), name)


def _rows(name: str, branches: Sequence[str]) -> tuple[int, ...]:
    return (branches.index(name),) if name in branches else tuple(range(len(branches)))


def drawn(review: Review, key: str) -> Any:
    """Return a figure by its key, or nothing."""
    return next((picture.figure for picture in review.pictures() if picture.key == key), None)


def crossed(review: Review, of_years: Sequence[Sequence[Told]], grades: Sequence[str]) -> Iterator[Told]:
    """Yield what is told of the grades before and after; the last place of each axis is: not graded."""
    whole = tuple(range(len(grades) + 1))
    for at, told in enumerate(of_years):
        everywhere = max((one.box[0] for one in told), key=len, default=())
        for one in told:
            if one.box[0] == everywhere:
                yield Told((one.box[1], whole) if at == 0 else (whole, one.box[1]), one.n, one.where)
    moved = next((picture for picture in review.pictures() if picture.key == "movement"), None)
    if moved is not None and "取整" not in moved.sentence:
        cells = moved.figure.data[0]
        was, is_now = (
            [kinds(re.sub(r"\(n=\d+\)", "", str(name)), grades) for name in side] for side in (cells.y, cells.x)
        )
        for down, row in zip(was, cells.text, strict=True):
            told_now = zip(is_now, row, strict=True)
            yield from (Told((down, across), int(re.match(r"\d+", said)[0]), "movement") for across, said in told_now)  # type: ignore[index]


def exactly(told: Sequence[Told], shape: tuple[int, ...], box: Box) -> int | None:
    """Return the number of members in a box where all that is told leaves but one; else ``None``."""
    rows = np.array([_row(one.box, shape) for one in told])
    counts = np.array([one.n for one in told], dtype="float64")
    wanted = _row(box, shape)
    ends = []
    for sign in (1, -1):
        found = linprog(sign * wanted, A_eq=rows, b_eq=counts, bounds=(0, None), method="highs")
        if found.status != 0:
            return None
        ends.append(sign * found.fun)
    return round(ends[0]) if abs(ends[1] - ends[0]) < 0.5 else None


def _row(box: Box, shape: tuple[int, ...]) -> np.ndarray:
    cells = np.zeros(shape)
    cells[np.ix_(*box)] = 1
    return cells.ravel()


def boxes(shape: tuple[int, ...]) -> Iterator[Box]:
    """Yield what a reader may want to know: each cell, and each place of an axis over all of the other."""
    whole = [tuple(range(size)) for size in shape]
    for places in itertools.product(*(range(-1, size) for size in shape)):
        if any(place >= 0 for place in places):
            yield tuple(whole[axis] if place < 0 else (place,) for axis, place in enumerate(places))


def outcomes(review: Review, year: str) -> dict[str, int]:
    """Return how many have each outcome in a year, as far as it is told."""
    shown = table(review, "结果运用")
    if shown is None:
        return {}
    column = next((at for at, name in enumerate(shown.headers) if name.startswith(year)), None)
    return {} if column is None else {row[0]: int(row[column]) for row in shown.rows if row[column] != "*"}
