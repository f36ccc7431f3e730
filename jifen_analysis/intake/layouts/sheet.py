"""One grid to its blocks: candidates, the best of them, and the fate of every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import reduce

from jifen_analysis.intake.grid import Grid
from jifen_analysis.intake.hints import Hints
from jifen_analysis.intake.layouts.block import Fate, Layout
from jifen_analysis.intake.layouts.choosing import find_header
from jifen_analysis.intake.layouts.forms import one_person_form
from jifen_analysis.intake.layouts.ours import is_our_list
from jifen_analysis.intake.layouts.pieces import one_below_the_other, side_by_side, topmost, turned
from jifen_analysis.intake.layouts.refusals import tally, without_header
from jifen_analysis.intake.layouts.table import laid_out
from jifen_analysis.vocabulary import Vocabulary, spelling


def lay_out(grid: Grid, words: Vocabulary, year: int | None = None, hints: Hints | None = None) -> Layout:
    """Find the tables on a sheet.

    Parameters
    ----------
    grid : Grid
        The sheet.
    words : Vocabulary
        Names of tables, columns and activities.
    year : int, optional
        The year to take where nothing on the sheet says one.
    hints : Hints, optional
        What a correspondence table settles.

    Returns
    -------
    Layout
        Its blocks, the problems of its form, and what its cells outside the
        records are.
    """
    if grid.empty:
        return Layout()
    if is_our_list(grid):
        return Layout(counts={"title": grid.filled()})
    known = hints or Hints()
    found = find_header(grid, words, year, known.sheets.get(spelling(grid.sheet), ""))
    ledger = () if found and found.whole else tuple(tally(grid))
    if ledger:
        return Layout(problems=ledger, counts={"refused": grid.filled()})
    risen = (one_person_form(grid) if not grid.elsewhere else None) or turned(grid, found, words, year)
    if risen:
        outside: Mapping[Fate, int] = {"title": grid.filled() - risen.filled()}
        return _together([lay_out(risen, words, year, known), Layout(counts=outside)])
    if found is None:
        return without_header(grid)
    stacked = one_below_the_other(grid, topmost(grid, found, words, year).header, words, year)
    if stacked:
        return _together([lay_out(part, words, near, known) for part, near in stacked])
    return _together([laid_out(part, one, known) for part, one in side_by_side(grid, found, words, year)])


def _together(layouts: Sequence[Layout]) -> Layout:
    counts: Counter[Fate] = reduce(lambda so_far, layout: so_far + Counter(layout.counts), layouts, Counter[Fate]())
    blocks = tuple(block for layout in layouts for block in layout.blocks)
    return Layout(blocks, tuple(problem for layout in layouts for problem in layout.problems), counts)
