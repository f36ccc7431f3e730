"""Marks that say the same as the cell above: 同上, 〃."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import display_raw
from jifen_analysis.intake.grid import Grid, Value, distinct_cells, is_blank
from jifen_analysis.intake.layouts.notes import problem

_DITTO = frozenset({"同上", "同上行", "同前", "〃", "″", "〞", "々", '"', "''"})
_LONGEST = 5
"""Signs up to which a cell may be such a mark, spaces and all."""


def without_dittos(grid: Grid, first: int) -> tuple[Grid, tuple[Problem, ...]]:
    """Put what stands above in place of every mark that says so; under nothing it stays and is refused.

    Parameters
    ----------
    grid : Grid
        The sheet.
    first : int
        The first row below its header.
    """
    below = range(first, grid.height)
    marked = [j for j, column in enumerate(grid.columns) if any(map(_is_ditto, distinct_cells(column, below)))]
    places = {j: found for j in marked if (found := dict(_repeated(grid, j, first)))}
    places = {} if any(_explained(grid, grid.columns[j][i]) for j, found in places.items() for i in found) else places
    columns = list(grid.columns)
    said = []
    for j, found in places.items():
        columns[j] = tuple(found.get(i, value) for i, value in enumerate(columns[j]))
        at = min(found), j
        told = problem(grid, "same_as_above", _said(found[at[0]]), at, "note")
        said.append(replace(told, times=len(found)))
    return (replace(grid, columns=tuple(columns)), tuple(said)) if said else (grid, ())


def _is_ditto(value: Value) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST and value.strip() in _DITTO


def _explained(grid: Grid, sign: Value) -> bool:
    """Return whether a text of the sheet speaks of a mark, as a legend does: 〃表示请假."""
    texts = {value for column in grid.columns for value in column if isinstance(value, str)}
    return any(str(sign).strip() in text and not _is_ditto(text) for text in texts)


def _repeated(grid: Grid, j: int, first: int) -> Iterator[tuple[int, Value]]:
    above: Value = None
    for i in range(first, grid.height):
        value = grid.columns[j][i]
        if _is_ditto(value) and not is_blank(above):
            yield i, above
        elif not is_blank(value) or not all(map(is_blank, grid.row(i))):
            above = value


def _said(value: Value) -> Text:
    return Text(f"与上一格相同,读作“{display_raw(value)}”", f"the same as above, read as {display_raw(value)}")
