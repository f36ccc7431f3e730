"""Events with a column each, ticked below those who have one: 见义勇为 | 调解矛盾纠纷."""

from __future__ import annotations

from collections.abc import Sequence

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.grid import Grid
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.labels import Label
from jifen_analysis.intake.layouts.readings.wide import Kind, WideColumn, enough_distinct, read_wide
from jifen_analysis.intake.layouts.scene import Scene


def a_column_a_deed(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read rows as known events over ticks, on the day of the row or of the title."""
    return read_wide(grid, row, scene, _DEEDS, "events" in scene.called)


def _column(j: int, label: Label, scene: Scene) -> WideColumn | None:
    codes = [code for part in label if isinstance(part, str) and (code := scene.words.code("event", plain(part)))]
    return WideColumn(j, (("event", codes[-1]),), "quantity") if codes else None


def _enough(spread: Sequence[WideColumn], called: bool) -> bool:
    return enough_distinct(spread, 1 if called else 2)


_DEEDS = Kind("events", _column, lambda _: "quantity", _enough)
"""A tick is one event; numbers may be times, hours or points, and are refused."""
