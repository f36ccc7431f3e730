"""Marks, or claims, with a column an item: any header could be one, so only on a sheet that is called so."""

from __future__ import annotations

import re

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.labels import Label
from jifen_analysis.intake.layouts.readings.judges import is_summed, judge_keys
from jifen_analysis.intake.layouts.readings.wide import (
    Keys,
    Kind,
    WideColumn,
    period_keys,
    read_wide,
    said_below,
)
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.spellings import column_of, is_harmless

_FULL_MARK = re.compile(r"\((?:满分)?\d+(?:分|%)\)$")
_NO_ITEM = re.compile(r"序号|备注|说明|签[名字].*|排名|名次|等[次级]|总评.*|得分率.*")


def a_column_an_item(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read rows as items over their marks."""
    return _read(grid, row, scene, _MARKS)


def a_column_a_claim(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read rows as items over the points that are claimed for them."""
    return _read(grid, row, scene, _CLAIMS)


def _read(grid: Grid, row: int, scene: Scene, kind: Kind) -> Header | None:
    """Read a row on a sheet that is called so, unless it has a column that says the item of each row."""
    listed = any(column_of(value, kind.table) == "item" for value in grid.row(row))
    return read_wide(grid, row, scene, kind, True) if kind.table in scene.called and not listed else None


def _kind(table: str, field: str) -> Kind:
    def column(j: int, label: Label, scene: Scene) -> WideColumn | None:
        for n, part in reversed(list(enumerate(label))):
            keys = _item_keys(part, table) if judge_keys(part, scene.words) is None else ()
            if keys:
                more = period_keys(label, table, scene.around.year)
                return WideColumn(j, tuple(dict.fromkeys((*keys, *more))), field, said_below(label, n, kind.field_of))
        return None

    kind = Kind(table, column, (field,), lambda spread, _: bool(spread))
    return kind


def _item_keys(part: Value, table: str) -> Keys:
    if not isinstance(part, str) or column_of(part, "members") or column_of(part, table):
        return ()
    text = _FULL_MARK.sub("", plain(part))
    return () if not text or _NO_ITEM.fullmatch(text) or is_harmless(text) or is_summed(text) else (("item", text),)


_MARKS = _kind("marks", "mark")
_CLAIMS = _kind("declarations", "points")
