"""Which row of a sheet is its header, and as what it is read: the candidate that explains most."""

from __future__ import annotations

from dataclasses import dataclass

from jifen_analysis.intake.grid import Grid, is_blank
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.parts import with_parts
from jifen_analysis.intake.layouts.readings import READINGS
from jifen_analysis.intake.layouts.readings.listed import best_table
from jifen_analysis.intake.layouts.scene import Scene, scene_of
from jifen_analysis.intake.layouts.spellings import DEEPEST, find_columns
from jifen_analysis.vocabulary import Vocabulary


@dataclass(frozen=True)
class Found:
    """The header of a sheet, and what was known when it was chosen."""

    header: Header
    scene: Scene

    @property
    def whole(self) -> bool:
        """Whether header and surroundings say all that a record needs."""
        return self.scene.suffices(self.header)

    @property
    def evidence(self) -> tuple[int, bool]:
        """How much of the header is explained, and whether nothing is missing."""
        return len(self.header.used) + len(self.header.sums), self.whole


def find_header(grid: Grid, words: Vocabulary, year: int | None = None, only: str = "") -> Found | None:
    """Return the row that is most like a header, read as that of the table it fits best; ``only`` settles which."""
    best: Found | None = None
    for row in _possible(grid):
        found = _best_at(grid, row, scene_of(grid, row, words, year), only)
        if found and (best is None or _explains_more(found, best, grid)):
            best = found
    return best


def _possible(grid: Grid) -> list[int]:
    """Return the rows that say, or stand above one that says, what stands in a column."""
    known: set[int] = set()
    for column in grid.columns:
        top = column[: DEEPEST + 1]
        for value in {value for value in top if isinstance(value, str)}:
            if not _ASKED.isdisjoint(find_columns(value)):
                known.update(i for i, other in enumerate(top) if other == value)
    rows = sorted(i for i in known | {i - 1 for i in known} if 0 <= i < DEEPEST)
    return [i for i in rows if sum(not is_blank(column[i]) for column in grid.columns) > 1]


_ASKED = frozenset({"dues", "surveys", "marks"})
"""Tables between which they know every word for a person, a branch or a question."""


def _best_at(grid: Grid, row: int, scene: Scene, only: str) -> Found | None:
    candidates = [with_parts(grid, found) for read in READINGS if (found := read(grid, row, scene))]
    if only:
        listed = best_table(grid, row, scene.called, scene.given, [only])
        candidates = [header for header in (listed, *candidates) if header and header.table == only]
    deeper = 1 if _heads_several(grid, row) else -1
    known = [Found(header, scene) for header in candidates]
    return max(known, key=lambda one: (one.evidence, deeper * one.header.depth, one.header.named), default=None)


def _explains_more(found: Found, best: Found, grid: Grid) -> bool:
    """Return whether a lower row is the header rather than one above; of two alike the lower one is."""
    if found.evidence == best.evidence and _is_level_of(best.header, found.header, grid):
        return False
    return (*found.evidence, -found.header.depth) > (*best.evidence, -best.header.depth)


def _is_level_of(header: Header, lower: Header, grid: Grid) -> bool:
    """Return whether a row is the last level of a header that says more, and whose first is more than a title."""
    several = sum(not is_blank(value) for value in grid.row(header.row)) > 1
    said = [sum(len(spread.constants) for spread in one.spreads) for one in (header, lower)]
    return lower.row < header.row + header.depth and several and said[0] > said[1]


def _heads_several(grid: Grid, row: int) -> bool:
    """Return whether the row below says in words what this one leaves blank: it is no record, but a level."""
    below = grid.row(row + 1) if row + 1 < grid.height else ()
    words = all(is_blank(v) or (isinstance(v, str) and not any(map(str.isdigit, v))) for v in below)
    return words and any(
        is_blank(value) and not is_blank(lower) for value, lower in zip(grid.row(row), below, strict=False)
    )
