"""Marks on cells to problems: every error, and a note once for all values that are read alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import Reading, display_raw
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts import Block

Mark = tuple[int, str, int, Value, Reading]
"""Row (position in the body), column, position in the grid, raw value, reading."""
Marks = list[Mark]


def cell_problems(block: Block, marks: Marks) -> Iterable[Problem]:
    """Return every error, and the same note about the same value of a column once, with its number.

    Numbers written alike, such as 92.1分 and 88分, are the same here: how they are read is the same.
    """
    times: Counter[tuple[str, str, str]] = Counter()
    for _, name, _, value, reading in marks:
        if _is_note(reading):
            times[_alike(name, value, reading)] += reading.times
    told: set[tuple[str, str, str]] = set()
    for row, name, j, value, reading in sorted(marks, key=lambda mark: (mark[0], mark[2])):
        key = _alike(name, value, reading)
        if _is_note(reading) and key in told:
            continue
        told.add(key)
        yield _problem(block.grid, block.grid.address(block.body[row], j), value, reading, times[key])


def _alike(name: str, value: Value, reading: Reading) -> tuple[str, str, str]:
    """Return what notes have in common that are said once."""
    said = display_raw(value)
    return name, reading.code, re.sub(r"[\d.,]+", "0", said) if reading.code == "number_read" else said


def _is_note(reading: Reading) -> bool:
    return reading.severity == "note"


def _problem(grid: Grid, cell: str, value: Value, reading: Reading, times: int) -> Problem:
    text = reading.text or Text("", "")
    if times > 1:
        text = Text(f"{text.zh}(共 {times} 处)", f"{text.en} ({times} cells)")
    place = grid.file, grid.sheet, cell, display_raw(value)
    return Problem(reading.severity or "note", reading.code, text, *place, reading.kind, max(times, 1))
