"""Which row of a sheet is its header, and what stands around it."""

from __future__ import annotations

import re
from datetime import date
from functools import partial

from jifen_analysis.intake.cells import shown
from jifen_analysis.intake.grid import Grid, blank
from jifen_analysis.intake.layouts.headers import DEEPEST, Header, best_table, column_of, tables_named
from jifen_analysis.intake.layouts.surroundings import Surroundings, surroundings
from jifen_analysis.intake.layouts.wide import two_level, wide_header
from jifen_analysis.vocabulary import Vocabulary


def find_header(grid: Grid, words: Vocabulary, year: int | None = None, only: str = "") -> Header | None:
    """Return the row that is most like a header, read as that of the table it fits best."""
    best: Header | None = None
    merit = (0, False, 0)
    for row in filter(partial(_has_person, grid), range(min(grid.height, DEEPEST))):
        around = around_of(grid, row, words, year)
        called = tables_named((grid.sheet, *texts_of(grid, row), *grid.above), words)
        found = _header_at(grid, row, around, words, called, only)
        if found is None or (best and _fit(found, around) == merit[:2] and _is_level_of(best, found, grid)):
            continue
        if (*_fit(found, around), -found.depth) > merit:
            best, merit = found, (*_fit(found, around), -found.depth)
    return best


def _fit(header: Header, around: Surroundings) -> tuple[int, bool]:
    """Return how much a header explains; of two that explain the same, the lower row is the header itself."""
    return len(header.used) + len(header.sums), is_whole(header, around)


def _is_level_of(header: Header, lower: Header, grid: Grid) -> bool:
    """Return whether a row is the last level of a header that says more, and whose first is more than a title."""
    several = sum(not blank(value) for value in grid.row(header.row)) > 1
    said = [sum(len(spread.constants) for spread in one.spreads) for one in (header, lower)]
    return lower.row < header.row + header.depth and several and said[0] > said[1]


def is_whole(header: Header, around: Surroundings) -> bool:
    """Return whether header and surroundings say all that a record needs."""
    days = {"date"} if any({"day", "dated"} & set(spread.constants) for spread in header.spreads) else set()
    return not header.missing(given_by(around) | days)


def _has_person(grid: Grid, row: int) -> bool:
    """Return whether a row, or the one below a row of groups, says whose column it is."""
    lines = [[value for value in grid.row(i) if not blank(value)] for i in range(row, min(row + 2, grid.height))]
    known = [any(column_of(value, "dues") or column_of(value, "surveys") for value in line) for line in lines]
    return len(lines[0]) >= 2 and any(known)


def _header_at(
    grid: Grid, row: int, around: Surroundings, words: Vocabulary, called: frozenset[str], only: str = ""
) -> Header | None:
    given = given_by(around)
    found = [
        best_table(grid, row, called, given, only),
        two_level(grid, row, called, given, around.year),
        wide_header(grid, row, around, words, called),
    ]
    possible = [header for header in found if header and (not only or header.table == only)]
    deeper = 1 if _heads_several(grid, row) else -1
    return max(possible, key=lambda header: (*_fit(header, around), deeper * header.depth), default=None)


def _heads_several(grid: Grid, row: int) -> bool:
    """Return whether the row below says in words what this one leaves blank: it is no record, but a level."""
    below = grid.row(row + 1) if row + 1 < grid.height else ()
    words = all(blank(v) or (isinstance(v, str) and not any(map(str.isdigit, v))) for v in below)
    return words and any(blank(value) and not blank(lower) for value, lower in zip(grid.row(row), below, strict=False))


def around_of(grid: Grid, row: int, words: Vocabulary, year: int | None) -> Surroundings:
    """Return what stands around the records below a row."""
    return surroundings(texts_of(grid, row), grid.sheet, grid.file, year, words, grid.above)


def texts_of(grid: Grid, rows: int) -> list[str]:
    """Return the texts and days of the first rows; a label and what stands beside it are one."""
    texts: list[str] = []
    for row in grid.rows(0, rows):
        label: re.Match[str] | None = None
        for value in row:
            if isinstance(value, (str, date)) and not blank(value):
                texts[-1:] = [texts[-1] + shown(value)] if label else [*texts[-1:], shown(value)]
                label = _LABEL.search(shown(value))
    return texts


_LABEL = re.compile(r"[::]\s*$|^\s*(?:填报|填表|报送|上报|制表|打印|导出|统计)(?:日期|时间)\s*$")


def given_by(around: Surroundings) -> frozenset[str]:
    """Return the columns that the surroundings of a sheet can stand in for."""
    known = {
        "activity": True,
        "period": bool(around.period),
        "branch": bool(around.branch),
        "date": around.day is not None,
        "month": around.month is not None,
        "due": around.due is not None,
        "group": bool(around.group),
    }
    return frozenset(column for column, is_known in known.items() if is_known)
