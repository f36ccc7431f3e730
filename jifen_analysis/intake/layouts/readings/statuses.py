"""Attendance with a column for each status: 出勤, 请假, 缺席, for the meeting of the title or below each day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.block import Spread
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.labels import Label, labels, levels
from jifen_analysis.intake.layouts.readings.meetings import keys_in
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.spellings import PERSON, column_of
from jifen_analysis.vocabulary import Vocabulary

_ENDS = re.compile(r"(?:情况|打√|划√|画√|\(.*?\))+$")


def a_column_a_status(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read rows as statuses, at least two of them, over signs."""
    found = (_at(grid, row, depth, scene) for depth in levels(grid, row))
    return next((header for header in found if header), None)


def _at(grid: Grid, row: int, depth: int, scene: Scene) -> Header | None:
    named = labels(grid, row, depth)
    columns: dict[str, int] = {}
    spreads: list[Spread] = []
    signs: dict[int, str] = {}
    for j, label in enumerate(named):
        own = next((known[0] for part in label if (known := column_of(part, "attendance"))), "")
        code = "" if own in PERSON else status_of(label, scene.words)
        if code:
            signs[j] = code
            spreads.append(Spread({"status": j}, dict(keys_in(label, scene.words))))
        elif own and own != "status":
            columns.setdefault(own, j)
        elif not code and keys_in(label, scene.words):
            return None  # a day on its own: the statuses beside it count days
    if not {"member_id", "name"} & set(columns) or not _several_each(spreads, signs):
        return None
    kept = {name: j for name, j in columns.items() if not any(name in spread.constants for spread in spreads)}
    return Header("attendance", row, kept, {}, True, tuple(spreads), depth, signs=signs)


def _several_each(spreads: Sequence[Spread], signs: Mapping[int, str]) -> bool:
    """Return whether every meeting has columns of at least two statuses."""
    meetings: dict[tuple[tuple[str, object], ...], set[str]] = {}
    for spread, code in zip(spreads, signs.values(), strict=True):
        meetings.setdefault(tuple(spread.constants.items()), set()).add(code)
    return bool(meetings) and min(map(len, meetings.values())) > 1


def status_of(label: Label, words: Vocabulary) -> str:
    """Return the status that the lowest level of a header names; 考勤 or 出勤情况 name none."""
    lowest = next((part for part in reversed(label) if part not in (None, "")), None)
    return code_of(lowest, words)


def code_of(value: Value, words: Vocabulary) -> str:
    """Return the status that a text names as a whole."""
    text = plain(value) if isinstance(value, str) else ""
    return (words.code("status", _ENDS.sub("", text)) or _MORE.get(_ENDS.sub("", text), "")) if text else ""


_MORE = {"签到": "present", "出勤": "present", "到会": "present", "签名": "present", "签字": "present"}
"""Headers that say present beside those of other statuses."""
