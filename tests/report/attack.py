"""What a reader of written reviews can work out: all the numbers that they tell as equations, in whole numbers.

The reader has every table, figure and sentence of one review, or of two, and knows the scheme: its grades, its cut
scores, that nobody holds a better grade than the total leads to. ``python -m tests.report.attack`` tries many reviews.
"""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from unittest.mock import patch

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from jifen_analysis.errors import Text
from jifen_analysis.report import page
from jifen_analysis.report.review import Review, review
from jifen_analysis.sample.synthetic import synthetic
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.tables import Records
from tests.report.told import (
    OUTSIDE,
    WEIGHED,
    Known,
    Told,
    branches,
    classes,
    named,
    numbers,
    of_a_year,
    of_two_years,
    outcomes,
    reviewed,
    said_in_words,
)
from tests.report.written_page import Shown, read_page

Cell = Mapping[str, str]
GUESSES = 6
"""Worlds that are drawn at random, each of which fits all that is told: what differs among them is not given away."""


def as_written(found: Review) -> Shown:
    """Write a review as a page and read it again; figures are drawn by the reader's browser, numbers and all."""
    with patch.multiple(page, lacking_for_images=lambda: Text("无", "none"), scripts=str):  # the library tells nothing
        return read_page(page.page(found))


@dataclass(frozen=True)
class World:
    """Every kind of member that there may be, and what is told of them.

    Parameters
    ----------
    cells : sequence of mapping
        One a kind of member: for each way of telling members apart, how these stand.
    told : sequence of Told
        What is known of them.
    """

    cells: Sequence[Cell]
    told: Sequence[Told]

    @cached_property
    def _rules(self) -> LinearConstraint:
        rows = csr_array(np.array([self.row(one.of) for one in self.told]))
        return LinearConstraint(rows, [one.low for one in self.told], [one.high for one in self.told])

    def row(self, of: Mapping[str, frozenset[str]]) -> np.ndarray:
        """Return which cells are counted."""
        return np.array(
            [all(cell[axis] in kinds for axis, kinds in of.items()) for cell in self.cells], dtype="float64"
        )

    def lowest(self, price: np.ndarray) -> np.ndarray | None:
        """Return the members of each cell that cost least, or nothing where they cost less and less."""
        found = milp(price, constraints=self._rules, integrality=np.ones(len(price)), bounds=Bounds(0, _MANY))
        if found.status == _INFEASIBLE:
            raise ValueError("no members fit what is told: a number was not read as it is meant")
        return found.x

    def exactly(self, of: Mapping[str, frozenset[str]]) -> int | None:
        """Return the number of members where all that is told leaves but one; else ``None``."""
        row = self.row(of)
        ends = [float(row @ found) for sign in (1, -1) if (found := self.lowest(sign * row)) is not None]
        return round(ends[0]) if len(ends) == _ENDS and abs(ends[1] - ends[0]) < _SAME else None

    def given_away(self, groups: Iterable[Mapping[str, frozenset[str]]]) -> list[tuple[str, int]]:
        """Return the groups of one to four whose number is worked out, and that number."""
        if not self.cells:  # a scheme without grades, of which a year tells no total either
            return []
        chance = np.random.default_rng(1)
        worlds = [self.lowest(chance.normal(1, 1, len(self.cells)).clip(0)) for _ in range(GUESSES)]
        found = []
        for of in groups:
            row = self.row(of)
            sizes = {round(float(row @ world)) for world in worlds if world is not None}
            if len(sizes) == 1 and sizes < {1, 2, 3, 4} and (n := self.exactly(of)) is not None:
                found.append((" & ".join("/".join(sorted(kinds)) for kinds in of.values()), n))
        return found


_MANY, _INFEASIBLE, _ENDS, _SAME = 100_000, 2, 2, 0.5


def groups(cells: Sequence[Cell], known: Known) -> Iterator[Mapping[str, frozenset[str]]]:
    """Yield what a reader may want to know: every kind of one way of telling apart, and every two of two.

    All who were assessed, all who have a grade, and all others, are kinds, too.
    """
    axes = {axis: [frozenset([kind]) for kind in sorted({cell[axis] for cell in cells})] for axis in cells[0]}
    standing = [frozenset(known.grades), frozenset(known.assessed), frozenset(OUTSIDE), frozenset(OUTSIDE[1:])]
    axes |= {axis: [*axes[axis], *standing] for axis in ("before", "grade") if axis in axes}
    for axis, kinds in axes.items():
        yield from ({axis: kind} for kind in kinds)
    for one, other in itertools.combinations(axes, 2):
        yield from ({one: a, other: b} for a in axes[one] for b in axes[other])


def crossed(axes: Mapping[str, Sequence[str]], possible: Callable[[Cell], bool]) -> list[Cell]:
    """Return every kind of member by several axes that is possible."""
    cells = (dict(zip(axes, kinds, strict=True)) for kinds in itertools.product(*axes.values()))
    return [cell for cell in cells if possible(cell)]


def one_year(pages: Sequence[Shown], known: Known, year: int) -> Iterator[World]:
    """Yield all that pages tell of one year: of those assessed, then of each part of them, such as an outcome."""
    told = [one for shown in pages for one in of_a_year(shown, known, year)]
    own = next(shown for shown in pages if reviewed(shown) == year)
    spans = {named(*span): span for span in classes(own, known)}
    parts = list(dict.fromkeys(axis for one in told for axis in one.of if axis not in (*_PLAIN, *_MORE)))
    whole = [one for one in told if not {*one.of} & {*parts}]
    more = {axis: kinds for axis, kinds in _MORE.items() if any(axis in one.of for one in whole)}
    plain = {"grade": [*known.grades, *OUTSIDE], "class": [*spans, ""]}
    yield _world({"branch": branches(own), **plain, **more}, whole, known, spans)
    for part in parts:
        yield _world({**plain, part: ["in", "out"]}, told, known, spans)


_PLAIN = ("branch", "grade", "class")
_MORE: Mapping[str, Sequence[str]] = {
    "why": ("", "quota"),
    "marked": ("yes", "no"),
    "partial": ("", "gained", "lost", "open", "unknown"),
}
"""Ways of telling members apart beside branch, grade and total; blank for those of whom it says nothing."""


def _world(
    axes: Mapping[str, Sequence[str]], told: Iterable[Told], known: Known, spans: Mapping[str, tuple[float, float]]
) -> World:
    cells = crossed(axes, lambda cell: _possible(cell, known, spans))
    return World(cells, [one for one in told if {*one.of} <= {*axes}])


def _possible(cell: Cell, known: Known, spans: Mapping[str, tuple[float, float]]) -> bool:
    """Return whether there may be such a member: who has a grade has a total, and none is better than it leads to."""
    place = known.grades.index(cell["grade"]) if cell["grade"] in known.grades else None
    low, high = spans.get(cell["class"], (-math.inf, math.inf))
    parts = {kind for axis, kind in cell.items() if axis not in _PLAIN}
    if place is None:
        return not (cell["class"] and known.cuts) and (cell["grade"] == OUTSIDE[0] or parts <= {"", "no", "out"})
    reached = [name for name in known.grades[:place] if known.cuts.get(name, math.inf) <= low]
    better = known.cuts.get(cell["grade"], -math.inf) >= high
    return not (better or (known.cuts and not cell["class"]) or ("quota" in parts and not reached))


def two_years(pages: Sequence[Shown], known: Known) -> Iterator[World]:
    """Yield all that pages tell of two years together: of their grades, then of each outcome in both beside them."""
    last = max(pages, key=reviewed)
    year, kinds = reviewed(last), [*known.grades, *OUTSIDE]
    was, now = ([one for shown in pages for one in of_a_year(shown, known, at)] for at in (year - 1, year))
    told = [*_renamed(was, {"grade": "before"}), *_renamed(now, {"grade": "grade"}), *of_two_years(last, known)]
    grades = {"before": kinds, "grade": kinds}
    yield World(crossed(grades, lambda _: True), told)
    for name in dict.fromkeys(axis for shown in pages for one in outcomes(shown, year) for axis in one.of):
        both = [*_renamed(was, {name: "had"}), *_renamed(now, {name: "has"})]
        cells = crossed({**grades, "had": ["in", "out"], "has": ["in", "out"]}, lambda cell: _held(cell, known))
        yield World(cells, [*told, *both])


def _renamed(told: Iterable[Told], axes: Mapping[str, str]) -> list[Told]:
    """Return what is told by these ways of telling members apart alone, under other names."""
    kept = (one for one in told if {*one.of} <= {*axes})
    return [Told({axes[axis]: kinds for axis, kinds in one.of.items()}, one.low, one.high, one.where) for one in kept]


def _held(cell: Cell, known: Known) -> bool:
    """Return whether outcomes are of years in which a member was assessed."""
    pairs = (("before", "had"), ("grade", "has"))
    return all(cell[held] == "out" or cell[standing] in known.assessed for standing, held in pairs)


def knowledge(result: Assessment) -> Known:
    """Return what a reader knows of the scheme of a result."""
    book = result.scheme.book
    cuts = {name: grade.cut for name, grade in book.grades.items() if grade.cut is not None}
    return Known(tuple(book.grades), cuts)


def worked_out(pages: Sequence[Shown], known: Known) -> list[tuple[str, int]]:
    """Return the small groups that pages give away, each year's and all together, and sentences that nobody weighed."""
    worlds = [world for shown in pages for world in one_year(pages, known, reviewed(shown))]
    worlds += [*two_years(pages, known)] if len(pages) > 1 else []
    small = [one for world in worlds for one in world.given_away(groups(world.cells, known))]
    return small + [one for shown in pages for one in unread(shown, known)]


def unread(shown: Shown, known: Known) -> list[tuple[str, int]]:
    """Return what nobody has weighed: unknown tables and figures, and sentences with a number that no others tell."""
    strange = [(name, len(rows)) for name, (_, rows) in shown.tables.items() if not name.startswith(WEIGHED)]
    strange += [(key, len(traces)) for key, traces in shown.figures.items() if key not in WEIGHED]
    year = reviewed(shown)
    told = [*of_a_year(shown, known, year), *of_a_year(shown, known, year - 1), *of_two_years(shown, known)]
    read = numbers(told)
    return strange + [(sentence, n) for n, sentence in said_in_words(shown) if n not in read]


def main(schemes: Sequence[str]) -> None:
    """Attack the reviews of some schemes, or of all, over invented offices of many sizes, and print what falls."""
    for scheme, members, seed in itertools.product(schemes or scheme_names(), _SIZES, range(3, 6)):
        result = assess(Records.from_frames(synthetic(members, _YEARS, seed)), read_scheme(scheme))
        found = worked_out([as_written(review(result, year)) for year in _YEARS], knowledge(result))
        sys.stderr.write(f"{'!!' if found else '##'} {scheme} of {members}, seed {seed}: {found}\n")


_SIZES, _YEARS = (34, 60, 90, 150), (2023, 2024)

if __name__ == "__main__":
    main(sys.argv[1:])
