"""One grid to its blocks: candidates, the best of them, and the fate of every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import replace

from jifen_analysis.errors import Problem
from jifen_analysis.intake.grid import Grid, count_filled, is_blank
from jifen_analysis.intake.layouts.block import Fate, Hints, Layout
from jifen_analysis.intake.layouts.forms import as_it_stood, one_person_form, refuse_form, unchained
from jifen_analysis.intake.layouts.header_choice import HeaderMatch, find_header
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.pieces import (
    one_below_the_other,
    side_by_side,
    topmost,
    turn_upright,
    two_a_row,
    with_names_headed,
)
from jifen_analysis.intake.layouts.readings.attendees import by_lists, miscounted, refuse_counted_attendees
from jifen_analysis.intake.layouts.refusals import refuse_ledger, without_header
from jifen_analysis.intake.layouts.return_markers import OUR_LIST_LEFT, is_our_list
from jifen_analysis.intake.layouts.rows_regrouped import payments_side_by_side, years_apart
from jifen_analysis.intake.layouts.table import lay_out_table
from jifen_analysis.vocabulary import Vocabulary, spelling


def lay_out_sheet(grid: Grid, words: Vocabulary, year: int | None = None, hints: Hints | None = None) -> Layout:
    """Find the tables on a sheet: its blocks, the problems of its form, and what its cells outside the records are."""
    if grid.empty:
        return Layout()
    if is_our_list(grid):
        note = Problem("note", "our_list_left", OUR_LIST_LEFT, grid.file, grid.sheet)
        return Layout(problems=(note,), counts={"extra": grid.filled()})
    known = hints or Hints()
    found = find_header(grid, words, year, known.sheets.get(spelling(grid.sheet), ""))
    ledger = () if found and found.whole else tuple(refuse_ledger(grid))
    if ledger:
        return Layout(problems=ledger, counts={"refused": grid.filled()})
    risen = (one_person_form(grid) if not grid.elsewhere else None) or turn_upright(grid, found, words, year)
    if risen:
        outside: Mapping[Fate, int] = {"title": grid.filled() - risen.filled()}
        return Layout.together([lay_out_sheet(risen, words, year, known), Layout(counts=outside)])
    if found is None:
        return _without_header(grid, words, year, known)
    stacked = one_below_the_other(grid, topmost(grid, found, words, year).header, words, year)
    if stacked:
        return Layout.together([lay_out_sheet(part, words, near, known) for part, near in stacked])
    unclear = refuse_form(grid) if found.header.table == "members" else refuse_counted_attendees(grid, found.header)
    if unclear:
        return Layout(problems=(unclear,), counts={"refused": grid.filled()})
    counted = Layout(problems=tuple(miscounted(grid, found.header)))
    if len(found.header.lists) > 1:
        return Layout.together([_by_lists(grid, found.header, words, year, known), counted])
    parts = side_by_side(grid, found, words, year)
    return Layout.together([*(_rows_of(part, one, words, year, known) for part, one in parts), counted])


def _without_header(grid: Grid, words: Vocabulary, year: int | None, hints: Hints) -> Layout:
    """Lay out names without a header, or a chain of them; refuse everything else."""
    if headed := with_names_headed(grid, words, year):
        layout = lay_out_sheet(headed, words, year, hints)
        return replace(layout, counts=_lessened(Counter(layout.counts), headed.filled() - grid.filled()))
    chain = unchained(grid)
    if isinstance(chain, Grid):
        return as_it_stood(lay_out_sheet(chain, words, year, hints), grid)
    unclear = refuse_form(grid)
    return chain or (
        Layout(problems=(unclear,), counts={"refused": grid.filled()}) if unclear else without_header(grid)
    )


def _by_lists(grid: Grid, header: Header, words: Vocabulary, year: int | None, hints: Hints) -> Layout:
    """Lay out minutes with several lists of members a row, each list for itself: the first says all else."""
    parts = by_lists(grid, header)
    known = ((part, find_header(part, words, year)) for part in parts)
    first, *more = (
        _rows_of(part, found, words, year, hints) if found else lay_out_sheet(part, words, year, hints)
        for part, found in known
    )
    held = {i for one in (first, *more) for block in one.blocks for i in block.body}  # a list may be blank there
    others = [_without_shared(one, part, parts[0], held) for one, part in zip(more, parts[1:], strict=True)]
    return Layout.together([first, *others])


def _rows_of(grid: Grid, found: HeaderMatch, words: Vocabulary, year: int | None, hints: Hints) -> Layout:
    """Lay out one table, or the two of which every row holds a record; or what is one with its rows regrouped."""
    if regrouped := _regrouped(grid, found.header):
        layout = Layout.together([lay_out_sheet(part, words, year, hints) for part in regrouped])
        more = sum(part.filled() for part in regrouped) - grid.filled()
        counts: Counter[Fate] = Counter(layout.counts)
        counts["total" if len(regrouped) > 1 else "header"] += max(-more, 0)
        return replace(layout, counts=_lessened(counts, max(more, 0)))
    both = two_a_row(grid, found, words, year) if not hints.sheets else None
    if both is None:
        return lay_out_table(grid, found, hints)
    first, second = (lay_out_sheet(part, words, year, hints) for part in both)
    return Layout.together([first, _without_shared(second, both[1], both[0])])


def _regrouped(grid: Grid, header: Header) -> list[Grid]:
    paired = payments_side_by_side(grid, header) if header.table in ("dues", "marks") and not grid.elsewhere else None
    return [paired] if paired else years_apart(grid, header)


def _without_shared(layout: Layout, part: Grid, other: Grid, held: Set[int] = frozenset()) -> Layout:
    """Return the layout of a part that does not count the cells of columns that another part has as well.

    ``held`` are rows of records of which this part may have none.
    """
    shared = [j for j, number in enumerate(part.column_numbers) if number in other.column_numbers]
    blocks = []
    counts, by = Counter(layout.counts), sum(count_filled(part.columns[j]) for j in shared)
    for block in layout.blocks:
        rows = [i for i in {*block.body, *held} if i < part.height]
        cells = {(i, j) for j in shared for i in rows if not is_blank(part.columns[j][i])}
        blocks.append(replace(block, filled=block.filled - len(cells), copies=block.copies | cells))
        by -= len(cells)
    return replace(layout, blocks=tuple(blocks), counts=_lessened(counts, by))


def _lessened(counts: Counter[Fate], by: int) -> Counter[Fate]:
    """Take cells that are counted elsewhere away: those of titles, headers, totals and footers."""
    for fate in ("header", "title", "legend", "total", "footer", "extra", "refused"):
        taken = min(by, counts[fate])
        counts, by = counts - Counter({fate: taken}), by - taken
    return counts
