"""Sheets that only add up what other sheets of a workbook say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.grid import Grid, Value, is_blank
from jifen_analysis.intake.layouts.block import Layout
from jifen_analysis.intake.layouts.harmless import is_harmless
from jifen_analysis.intake.layouts.scene import texts_of
from jifen_analysis.intake.layouts.spellings import is_person, is_somebody

_CALLED = re.compile(r"汇总|合计|统计|总表")
_FIRST_ROWS = 8
_NUMBER = re.compile(r"\d+(?:\.\d+)?[%次元人分]?")


def without_tallies(grids: Sequence[Grid], layouts: Sequence[Layout]) -> list[Layout]:
    """Leave refused sheets aside that hold numbers alone and are called 汇总, beside sheets with records: said.

    Parameters
    ----------
    grids : sequence of Grid
        The sheets of a workbook.
    layouts : sequence of Layout
        What each was read as.
    """
    if not any(block.table != "members" for layout in layouts for block in layout.blocks):
        return list(layouts)
    return [
        Layout(problems=(Problem("note", "tally_left", _LEFT, grid.file, grid.sheet),), counts={"total": grid.filled()})
        if not layout.blocks and layout.problems and _is_tally(grid)
        else layout
        for grid, layout in zip(grids, layouts, strict=True)
    ]


_LEFT = Text(
    "像是其他工作表的汇总,只有合计的数,没有读;若有别处没有的记录,请报每次、每月的表",
    "looks like a summary of the other sheets, numbers alone; left aside: send the records of what stands nowhere else",
)


def _is_tally(grid: Grid) -> bool:
    """Return whether a sheet is called so and holds numbers of somebody, and nothing else."""
    row = next((i for i in range(min(grid.height, _FIRST_ROWS)) if any(map(is_somebody, grid.row(i)))), -1)
    called = any(_CALLED.search(text) for text in (grid.sheet, *texts_of(grid, max(row, 0))))
    if row < 0 or not called:
        return False
    heads = [display_raw(value) for value in grid.row(row)]
    own = [j for j, head in enumerate(heads) if not (is_person(head) or is_harmless(head))]
    cells = [value for j in own for value in grid.columns[j][row + 1 :] if not is_blank(value)]
    return bool(cells) and all(map(_is_number, cells))


def _is_number(value: Value) -> bool:
    if isinstance(value, str):
        return _NUMBER.fullmatch(plain(value)) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)
