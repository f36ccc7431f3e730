"""Marks on cells to problems."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from jifen_analysis.errors import Text
from jifen_analysis.intake.cell_problems import Mark, cell_notes, refused_cells
from jifen_analysis.intake.cells import Reading
from jifen_analysis.intake.grid import Grid


def said(*marks: tuple[int, str, Reading]) -> list[tuple[str, int]]:
    """Return the cell and the number of every problem about cells of one column."""
    grid = Grid("a.xlsx", "考勤", (), range(1, 10), range(1, 4))
    block = cast("Any", SimpleNamespace(grid=grid, body=range(9)))
    said = [Mark(np.array([row]), "mark", 1, value, reading) for row, value, reading in marks]
    found = [*cell_notes(block, said), *(one for part in refused_cells(block, said) for one in part)]
    return sorted((problem.cell, problem.times) for problem in found)


def test_a_note_is_said_once_with_its_number_and_every_error() -> None:
    """Numbers written alike are one note, at the first cell; errors stand each at its own."""
    note = Reading(92.1, "note", "number_read", Text("读作数字", "read as a number"))
    wrong = Reading(None, "error", "bad_value", Text("不对", "wrong"))
    assert said((4, "88分", note), (2, "92.1分", note), (3, "甲", wrong), (1, "甲", wrong)) == [
        ("B2", 1),
        ("B3", 2),
        ("B4", 1),
    ]
