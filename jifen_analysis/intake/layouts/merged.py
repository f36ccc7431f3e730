"""Merged cells below a header: a name or day holds for all of them, an amount for none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from jifen_analysis.intake.cells import display_raw, is_nothing
from jifen_analysis.intake.grid import Area, Fault, Grid, Value
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.parts import part_of
from jifen_analysis.tables import TABLES

Cells = Mapping[tuple[int, int], Value]


def unmerge(
    grid: Grid, header: Header, first: int, rate: float | None = None
) -> tuple[Grid, frozenset[tuple[int, int]]]:
    """Give every cell of a merged block its value, or say that an amount cannot be shared out.

    Parameters
    ----------
    grid : Grid
        The sheet.
    header : Header
        Its header.
    first : int
        The first row below it.
    rate : float, optional
        What is due for a month, where the title says so.

    Returns
    -------
    Grid
        The sheet with values in the merged cells.
    frozenset of (int, int)
        The cells that only repeat a value.
    """
    changed: dict[tuple[int, int], Value] = {}
    for area in grid.merges:
        changed |= _spread_out(grid, header, first, area, rate)
    if not changed:
        return grid, frozenset()
    copies = frozenset(at for at, value in changed.items() if not isinstance(value, Fault))
    columns = tuple(
        tuple(changed.get((i, j), value) for i, value in enumerate(column))
        if any(at[1] == j for at in changed)
        else column
        for j, column in enumerate(grid.columns)
    )
    return replace(grid, columns=columns), copies


def _spread_out(grid: Grid, header: Header, first: int, area: Area, rate: float | None) -> Cells:
    rows = [i for i in _positions(grid.row_numbers, area.top, area.bottom) if i >= first]
    columns = list(_positions(grid.column_numbers, area.left, area.right))
    wide = {j for spread in header.spreads for j in spread.fields.values()}
    together = len(columns) == 1 and (columns[0] in header.used or bool(part_of(grid.columns[columns[0]][header.row])))
    if not rows or not columns or len(rows) * len(columns) == 1 or not (together or set(columns) <= wide):
        return {}
    value = grid.columns[columns[0]][rows[0]]
    if is_nothing(value) or isinstance(value, Fault):
        return {}
    if _is_amount(header, columns[0]):
        due = grid.columns[header.columns["due"]][rows[0]] if "due" in header.columns else rate
        if len(rows) == 1 and _is_so_many(value, due, len(columns)):
            return {(rows[0], j): due for j in columns}  # as many times the due of a month
        return {(rows[0], columns[0]): Fault("merged", display_raw(value))}
    return {(i, j): value for i in rows for j in columns if (i, j) != (rows[0], columns[0])}


def _is_so_many(value: Value, due: Value, times: int) -> bool:
    numbers = isinstance(value, (int, float)) and isinstance(due, (int, float))
    return numbers and abs(float(value) - float(due) * times) < 0.005  # type: ignore[arg-type]  # numbers, both


def _positions(numbers: object, low: int, high: int) -> Iterator[int]:
    assert isinstance(numbers, (range, list, tuple))
    return (i for i, number in enumerate(numbers) if low <= number <= high)


def _is_amount(header: Header, j: int) -> bool:
    names = [name for name, at in header.columns.items() if at == j]
    names += [name for spread in header.spreads for name, at in spread.fields.items() if at == j]
    return any(TABLES[header.table][name].kind in ("number", "count") for name in names if name in TABLES[header.table])
