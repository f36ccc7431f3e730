"""Headers of two levels: one record a row, or one for each period in the upper level."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from jifen_analysis.intake.grid import Grid
from jifen_analysis.intake.layouts.block import LONG, Spread
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.labels import Label, labels, levels
from jifen_analysis.intake.layouts.readings.wide import Keys, digits, period_keys, shared_column
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.spellings import PERSON
from jifen_analysis.intake.layouts.sums import sum_in
from jifen_analysis.tables import TABLES

_SHARE = re.compile(r"占比|比例|比重|百分比|.*率|%|\(%\)")


def a_column_a_period(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read some rows as a header whose upper level says halves or quarters, or nothing that a record needs."""
    depth = next(levels(grid, row))
    if depth == 1:
        return None
    named = labels(grid, row, depth)
    found = [
        replace(_by_period(named, table, scene.around.year), row=row, named=table in scene.called, depth=depth)
        for table in TABLES
    ]
    plausible = [header for header in found if header.plausible]
    return min(plausible, key=lambda header: header.merit(scene.given)) if plausible else None


def _by_period(named: Sequence[Label], table: str, year: int | None) -> Header:
    at: dict[Keys, dict[str, list[int]]] = {}
    for j, label in enumerate(named):
        name = "" if sum_in(label, table) or _is_share(label) else shared_column(label[::-1], table)
        if name:
            keys = () if name in PERSON else period_keys(label, table, year)
            at.setdefault(keys, {}).setdefault(name, []).append(j)
    columns = {name: places[0] for name, places in at.pop((), {}).items()}
    spreads = tuple(Spread({name: places[0] for name, places in own.items()}, dict(keys)) for keys, own in at.items())
    return Header(table, 0, columns, spreads=spreads or LONG)


def _is_share(label: Label) -> bool:
    return any(isinstance(part, str) and _SHARE.fullmatch(digits(part)) for part in label)
