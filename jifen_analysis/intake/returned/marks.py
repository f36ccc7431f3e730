"""What is marked on each sheet: which cells, in what colour, with what words, and what stands at the end of a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jifen_analysis.errors import Problem, Severity
from jifen_analysis.intake.grid import Grid, Value, is_blank
from jifen_analysis.intake.layouts.header_choice import find_header
from jifen_analysis.intake.layouts.return_markers import MARK, OUR_COLUMN
from jifen_analysis.intake.returned.cells import At, parse_address
from jifen_analysis.intake.returned.listing import SEVERITY
from jifen_analysis.tables.sources import letters
from jifen_analysis.vocabulary import standard

MOST_MARKS = 500
"""Cells marked on one sheet; the list names them all."""
_LAST_COLUMN = 16_384


@dataclass(frozen=True)
class Marks:
    """What is marked on one sheet.

    Parameters
    ----------
    cells : mapping of (int, int) to (str, str)
        Severity and words of each marked cell.
    texts : mapping of (int, int) to str
        What our column says, its header included.
    ours : frozenset of (int, int)
        Cells that an earlier return filled.
    left : int
        Cells that are not marked because there are too many.
    """

    cells: Mapping[At, tuple[Severity, str]]
    texts: Mapping[At, str]
    ours: frozenset[At]
    left: int = 0

    @property
    def comments(self) -> dict[str, str]:
        """Address to words."""
        return {f"{letters(column)}{row}": words for (row, column), (_, words) in self.cells.items()}


def marks_on(grid: Grid, problems: Sequence[Problem]) -> Marks:
    """Say what to mark on a sheet, errors first, and what earlier marks to take back."""
    cells: dict[At, list[Problem]] = {}
    for problem in sorted(problems, key=lambda problem: problem.severity == "note"):
        if re.fullmatch(r"[A-Z]{1,3}\d{1,7}", problem.cell):
            cells.setdefault(_shown_at(grid, parse_address(problem.cell)), []).append(problem)
    marked = dict(list(cells.items())[:MOST_MARKS])
    said = {at: (found[0].severity, "\n".join(map(_worded, found))) for at, found in marked.items()}
    return Marks(said, _texts(grid, cells), our_cells(grid), len(cells) - len(marked))


def _worded(problem: Problem) -> str:
    return f"{SEVERITY[problem.severity]}:{problem.message()}"


def _shown_at(grid: Grid, at: At) -> At:
    """Return the cell where a merged one is seen."""
    row, column = at
    for area in grid.merges:
        if area.top <= row <= area.bottom and area.left <= column <= area.right:
            return area.top, area.left
    return at


# ---------------------------------------------------------------- our column


def _texts(grid: Grid, cells: Mapping[At, Sequence[Problem]]) -> dict[At, str]:
    rows: dict[int, list[str]] = {}
    for (row, _), found in cells.items():
        said = [f"{problem.cell}:{problem.message()}" for problem in found if problem.severity == "error"]
        rows.setdefault(row, []).extend(said)
    column = _free_column(grid)
    chosen = find_header(grid, standard())
    top = grid.row_numbers[chosen.header.row] if chosen else 0
    wrong = [(row, said) for row, said in sorted(rows.items()) if said and row != top][:MOST_MARKS]
    head = {(top, column): OUR_COLUMN} if top and wrong else {}
    return head | {(row, column): MARK + ";".join(said) for row, said in wrong}


def _free_column(grid: Grid) -> int:
    """Return the first column beyond everything of the branch's own; where a stray cell stands in the last, a gap."""
    filled = {n for n, column in zip(grid.column_numbers, grid.columns, strict=True) if not all(map(_not_own, column))}
    narrow = [area for area in grid.merges if area.right < _LAST_COLUMN]  # titles are merged over whole rows
    taken = filled | {n for area in narrow for n in range(area.left, area.right + 1)}
    beyond = max(taken, default=0) + 1
    return beyond if beyond <= _LAST_COLUMN else next(n for n in range(1, beyond + 1) if n not in taken)


def our_cells(grid: Grid) -> frozenset[At]:
    """Return the cells that an earlier return filled; a header stays above what the branch wrote there itself."""
    found: set[At] = set()
    for number, column in zip(grid.column_numbers, grid.columns, strict=True):
        if any(map(_ours, column)):
            answered = any(not _not_own(value) for value in column)
            found |= {
                (row, number)
                for row, value in zip(grid.row_numbers, column, strict=True)
                if _ours(value) and not (answered and value == OUR_COLUMN)
            }
    return frozenset(found)


def _ours(value: Value) -> bool:
    return isinstance(value, str) and (value == OUR_COLUMN or value.startswith(MARK))


def _not_own(value: Value) -> bool:
    return is_blank(value) or _ours(value)
