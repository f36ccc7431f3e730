"""Members across the top, days or items down the side: a sheet that lies on its side."""

from __future__ import annotations

import re
from dataclasses import replace

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.dues import state_of
from jifen_analysis.intake.grid import Grid, Value, is_blank
from jifen_analysis.intake.layouts.body import is_total
from jifen_analysis.intake.layouts.spellings import DEEPEST, column_of
from jifen_analysis.vocabulary import Vocabulary

_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+")
_TABLES = ("attendance", "marks", "dues", "evaluations")
_PARTED = re.compile(r"[\\/|、\s]+")
_NUMBERS = ("序号", "No.", "No", "#")


def upright(grid: Grid, words: Vocabulary) -> Grid | None:
    """Return a sheet with its members down the side, if they stand across the top.

    Parameters
    ----------
    grid : Grid
        A sheet in which no header was found.
    words : Vocabulary
        The words that may stand below the members.

    Returns
    -------
    Grid or None
        From the row of the members on, turned; the titles above go with it.
    """
    for row in range(min(grid.height - 1, DEEPEST)):
        values = grid.row(row)
        first = next((j for j, value in enumerate(values) if not _is_label(value)), 0)
        people = [value for value in values[first:] if not _is_label(value)]
        if first and len(people) >= 2 and all(map(_is_somebody, people)) and _holds_values(grid, row, first, words):
            corner, judged = "编号" if all(map(_is_number, people)) else "姓名", _judged(values[first - 1])
            if judged == "down":
                return _headed(grid, row, first - 1)
            return _turned(grid, row, first, _JUDGED if judged else corner)
    return None


_JUDGED = "被评议人"
_STROKE = re.compile(r"\s*[\\＼]\s*")


def _judged(corner: Value) -> str:
    """Return whether those who were judged stand down or across, where the corner says it, the rows first."""
    parts = ["被" in part for part in _STROKE.split(corner)] if isinstance(corner, str) else []
    if len(parts) != 2 or parts[0] == parts[1]:
        return ""
    return "down" if parts[0] else "across"


def _headed(grid: Grid, row: int, j: int) -> Grid:
    """Return a matrix that stands upright with a header over those who were judged."""
    column = grid.columns[j]
    named = (*column[:row], _JUDGED, *column[row + 1 :])
    return replace(grid, columns=(*grid.columns[:j], named, *grid.columns[j + 1 :]))


def _turned(grid: Grid, row: int, first: int, corner: str) -> Grid:
    """Turn a sheet from the row of the members on; of the cells above the labels only one says whose column it is."""
    start = next((j for j in range(first) if _labels_rows(grid.columns[j][row])), first - 1)
    above = [
        value for values in grid.rows(0, row) for value in values if isinstance(value, str) and not is_blank(value)
    ]
    part = grid.stretch(row, grid.height).part(start, grid.width)
    labels = [(corner if j == 0 else "", *column[1:]) for j, column in enumerate(part.columns[: first - start])]
    columns = (*labels, *part.columns[first - start :])
    return replace(part, columns=columns, above=(*grid.above, *above)).on_its_side()


def _labels_rows(value: Value) -> bool:
    return not is_blank(value) and plain(str(value)) not in _NUMBERS


def _is_label(value: Value) -> bool:
    """Return whether a cell heads days, items, totals or remarks, and is nobody."""
    if is_blank(value):
        return True
    text = plain(str(value))
    named = any(column_of(part, table) for part in _PARTED.split(text) for table in _TABLES)
    return named or text in _NUMBERS or is_total(text)


def _is_somebody(value: Value) -> bool:
    return _is_number(value) or (
        isinstance(value, str) and _NAME.fullmatch(re.sub(r"\s", "", plain(value))) is not None
    )


def _is_number(value: Value) -> bool:
    return plain(str(value)).removesuffix(".0").isdigit()


def _holds_values(grid: Grid, row: int, first: int, words: Vocabulary) -> bool:
    """Return whether mostly values stand below the members, no text about a meeting, and nothing below nobody."""
    columns = grid.columns[first:]
    if any(is_blank(column[row]) and not all(map(is_blank, column[row:])) for column in columns):
        return False
    filled = [value for column in columns for value in column[row + 1 :] if not is_blank(value)]
    return sum(_is_value(value, words) for value in filled) * 2 > len(filled)


def _is_value(value: Value, words: Vocabulary) -> bool:
    text = plain(str(value))
    return len(text) == 1 or any(map(str.isdigit, text)) or bool(words.code("status", text) or state_of(value))
