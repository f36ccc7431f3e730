"""How a sheet with several tables is cut: one below the other, side by side, or turned upright."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from jifen_analysis.intake.grid import Grid, blank
from jifen_analysis.intake.layouts.across import upright
from jifen_analysis.intake.layouts.body import blocks_below
from jifen_analysis.intake.layouts.choosing import Found, find_header
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.scene import scene_of, texts_of
from jifen_analysis.intake.layouts.spellings import columns_named, is_person
from jifen_analysis.vocabulary import Vocabulary


def turned(grid: Grid, found: Found | None, words: Vocabulary, year: int | None) -> Grid | None:
    """Return a sheet that lies on its side upright, where only that makes sense of it."""
    if (found and found.whole) or grid.turned:
        return None
    risen = upright(grid, words)
    lying = find_header(risen, words, year) if risen else None
    return risen if lying and lying.whole else None


def one_below_the_other(
    grid: Grid, header: Header, words: Vocabulary, year: int | None
) -> list[tuple[Grid, int | None]]:
    """Cut a sheet where a further header stands; nothing where there is none. The year of the first holds for all."""
    below = blocks_below(grid, header)
    if not below:
        return []
    over = (*grid.above, *texts_of(grid, max(header.row - 1, 0)))
    near = scene_of(grid, header.row, words, year).around.year
    edges = zip([0, *below], [*below, grid.height], strict=True)
    return [(replace(grid.stretch(first, last), above=over), near) for first, last in edges]


def side_by_side(grid: Grid, found: Found, words: Vocabulary, year: int | None) -> list[tuple[Grid, Found]]:
    """Cut a sheet where a block ends and another begins beside it."""
    edges = _edges(grid, found.header)
    if not edges:
        return [(grid, found)]
    spans = list(zip([0, *edges], [*edges, grid.width], strict=True))
    over = (*grid.above, *_titles(grid, found.header.row, spans))
    parts = [replace(grid.part(first, last), above=over) for first, last in spans]
    own = [(part, one) for part in parts if (one := find_header(part, words, year))]
    apart = len(own) == len(parts) and all(one.whole and not one.header.doubled for _, one in own)
    return own if apart else [(grid, found)]


def _titles(grid: Grid, row: int, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield what stands over all blocks: every title where one list goes on beside itself, with the same header."""
    heads = [[value for value in grid.row(row)[first:last] if columns_named(value)] for first, last in spans]
    if all(head == heads[0] for head in heads):
        yield from (value for values in grid.rows(0, row) for value in values if isinstance(value, str))
    else:
        yield from _everybodys(grid, row, spans)


def _everybodys(grid: Grid, row: int, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield the titles of the rows in which not every block has one of its own."""
    for values in grid.rows(0, row):
        filled = [[value for value in values[first:last] if not blank(value)] for first, last in spans]
        if not all(filled):
            yield from (value for block in filled for value in block if isinstance(value, str))


def _edges(grid: Grid, header: Header) -> list[int]:
    if header.doubled:
        first = min(header.doubled.values())
        return list(first[1:])
    people = [j for j, value in enumerate(grid.row(header.row)) if is_person(value)]
    return [
        next(j for j in range(gap + 1, grid.width) if not blank(grid.columns[j][header.row]))
        for gap in range(1, grid.width - 1)
        if any(j < gap for j in people)
        and any(j > gap for j in people)
        and all(map(blank, grid.columns[gap][header.row :]))
        and not all(map(blank, grid.columns[gap + 1][header.row :]))
    ]
