"""Totals are no records; they are held against the sum of the rows they are a total of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import plain, read_cell, shown
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.body import Rows
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.tables import TABLES
from jifen_analysis.tables.columns import Column
from jifen_analysis.vocabulary import standard

_AMOUNT = Column("amount", "number")


def wrong_totals(grid: Grid, header: Header, rows: Rows) -> Iterator[Problem]:
    """Return a note with both numbers for every total that is not the sum of its rows."""
    totals = sorted(i for i, fate in rows.others.items() if fate == "total")
    for n, i in enumerate(totals):
        label = next((plain(value) for value in grid.row(i) if isinstance(value, str)), "")
        if "平均" in label:
            continue
        start = totals[n - 1] if n and "小计" in label.replace(" ", "") else -1
        mine = [k for k in rows.body if start < k < i] if rows.body else []
        for j in sorted(_amounts(header)):
            yield from _differs(grid, i, j, mine)


def _amounts(header: Header) -> set[int]:
    table = TABLES[header.table]
    shared = {j for name, j in header.columns.items() if name in table and table[name].kind in ("number", "count")}
    spread = [item for part in header.spreads for item in part.fields.items()]
    return shared | {j for name, j in spread if table[name].kind in ("number", "count")}


def _differs(grid: Grid, i: int, j: int, rows: Sequence[int]) -> Iterator[Problem]:
    said = _number(grid.columns[j][i])
    if said is None:
        return
    found = sum(number for k in rows if (number := _number(grid.columns[j][k])) is not None)
    if abs(found - said) > 0.005:
        text = Text(
            f"合计写的是 {said:g},各行相加是 {found:g}", f"the total says {said:g}, the rows add up to {found:g}"
        )
        value = shown(grid.columns[j][i])
        yield Problem("note", "total_differs", text, grid.file, grid.sheet, grid.address(i, j), value)


def _number(value: Value) -> float | None:
    found = read_cell(value, _AMOUNT, standard()).value
    return float(found) if found is not None else None
