"""The headers of a column, level by level."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.cells.times import YEAR
from jifen_analysis.intake.grid import Grid, Value, is_blank
from jifen_analysis.intake.layouts.spellings import column_of, is_person

Label = tuple[Value, ...]
"""The headers of one column from top to bottom; blank where a level says nothing."""

MOST_LEVELS = 3
_UNIT = re.compile(r"\(.*\)|元|分|次|人|票|%|√")
_FULL_MARKS = re.compile(r"(?:满|标准|配|应得)分值?(?:\(.*\))?:?|分值:?")
_WEIGHTS = re.compile(r"权重(?:\(.*\))?:?")
_STEMS = "甲乙丙丁戊己庚辛"
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)?([一二三四五六日天])")


def levels(grid: Grid, row: int) -> Iterator[int]:
    """Yield how many rows a header that begins in a row may have, most first."""
    rows = [grid.row(i) for i in range(row, min(row + MOST_LEVELS, grid.height))]
    persons = [(level, j) for level, values in enumerate(rows) for j, value in enumerate(values) if is_person(value)]
    for depth in range(len(rows), 1, -1):
        if _belong_together(rows[:depth], [(level, j) for level, j in persons if level < depth], grid.turned):
            yield depth
    yield 1


def _belong_together(rows: Sequence[Label], persons: Sequence[tuple[int, int]], turned: bool) -> bool:
    """Return whether some rows are levels of one header: whose column it is, is said once, with no name below."""
    below = (rows[k][j] for level, j in persons for k in range(level + 1, len(rows)))
    return (
        bool(persons)
        and all(is_blank(value) or _heads_a_level(value) for value in below)
        and all(_are_groups(rows[k], rows[k + 1]) for k in range(min(level for level, _ in persons)))
        # One text may stand over all columns of the level below, as 第一季度 does; the last level heads several.
        and all(_is_level(rows[:k], rows[k], 1 if turned or k + 1 < len(rows) else 2) for k in range(1, len(rows)))
    )


def _heads_a_level(value: Value) -> bool:
    """Return whether a cell below 姓名 says what the row tells of the meetings."""
    return isinstance(value, str) and (
        column_of(value, "attendance") in ("activity", "date") or _OF_A_MEETING.fullmatch(plain(value)) is not None
    )


_OF_A_MEETING = re.compile(r"(?:活动|会议|学习)?(?:主题|内容|地点|议题):?")


def _are_groups(values: Sequence[Value], below: Sequence[Value]) -> bool:
    """Return whether a row above the persons names groups of columns: it is text, and less than stands below."""
    if _are_days(values, below):
        return True
    filled = [value for value in values if not is_blank(value)]
    texts = all(isinstance(value, str) and not _SAID.match(plain(value)) for value in filled)
    return texts and not _entitles(values, below) and len(filled) < len(below) - below.count(None) - below.count("")


def _are_days(values: Sequence[Value], below: Sequence[Value]) -> bool:
    """Return whether 日期 stands over 姓名, and days over everything else: one level more, and no title."""
    labels = [value for value, lower in zip(values, below, strict=True) if is_person(lower) and not is_blank(value)]
    others = [value for value, lower in zip(values, below, strict=True) if not is_person(lower) and not is_blank(lower)]
    days = all(isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(plain(value))) for value in others)
    return bool(labels and others) and days and all(map(_heads_a_level, labels))


_DAY = re.compile(rf"(?:{YEAR})?\s*[-./年]?\s*\d{{1,2}}\s*[-./月]\s*\d{{1,2}}\s*日?")


def _entitles(values: Sequence[Value], below: Sequence[Value]) -> bool:
    """Return whether a year or the name of a list stands over the persons: a title, whatever stands beside it."""
    return any(
        is_person(lower) and isinstance(value, str) and _TITLE.search(plain(value))
        for value, lower in zip(values, below, strict=True)
    )


_TITLE = re.compile(rf"{YEAR}|[\u4e00-\u9fff]{{3,}}(?:表|册|台账|汇总|统计|记录|考勤)$")
_SAID = re.compile(r"\s*[\u4e00-\u9fff]+\s*:\s*\S")
"""A title such as 地点:会议室."""


def _is_level(above: Sequence[Sequence[Value]], values: Sequence[Value], least: int) -> bool:
    filled = [value for value in values if not is_blank(value)]
    if len(filled) < least:
        return False
    months = any(isinstance(value, str) and "月" in value for row in above for value in row)
    return months or not all(isinstance(value, (int, float)) and not _is_day(value) for value in filled)


def _is_day(value: float) -> bool:
    """Return whether a number is a day such as 20240403."""
    return re.fullmatch(rf"{YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", f"{value:.0f}") is not None


def labels(grid: Grid, row: int, depth: int) -> list[Label]:
    """Return the headers of every column; what is written once over several columns holds for all of them."""
    rows = [list(grid.row(row + level)) for level in range(depth)]
    for level in range(depth - 1):
        _fill(grid, row + level, rows[level], rows[level + 1 :])
    return list(zip(*rows, strict=True))


def _fill(grid: Grid, row: int, values: list[Value], below: Sequence[Sequence[Value]]) -> None:
    spans = [m for m in grid.merges if m.top <= grid.row_numbers[row] <= m.bottom and m.right > m.left]
    for j in range(1, len(values)):
        number = grid.column_numbers[j]
        merged = any(m.left < number <= m.right for m in spans)
        if is_blank(values[j]) and any(not is_blank(lower[j]) for lower in below) and (merged or not spans):
            values[j] = values[j - 1]


def weekday(value: Value) -> str:
    """Return the day of the week that a cell says, 一 to 日; blank where it says none."""
    found = _WEEKDAY.fullmatch(plain(value)) if isinstance(value, str) else None
    return found[1].replace("天", "日") if found else ""


def explains(grid: Grid, row: int) -> bool:
    """Return whether a row only explains the header above it: days of the week, units, full marks, column numbers."""
    filled = [value for value in grid.row(row) if not is_blank(value)] if row < grid.height else []
    days = len(filled) >= 3 and all(map(weekday, filled))
    units = bool(filled) and all(map(_is_unit, filled))
    return (
        days or units or are_full_marks(grid, row) or are_full_marks(grid, row, _WEIGHTS) or _are_column_numbers(filled)
    )


def are_full_marks(grid: Grid, row: int, called: re.Pattern[str] = _FULL_MARKS) -> bool:
    """Return whether a row gives the full marks of the columns: 满分, then numbers."""
    filled = [value for value in grid.row(row) if not is_blank(value)] if row < grid.height else []
    return len(filled) > 1 and isinstance(filled[0], str) and called.fullmatch(plain(filled[0])) is not None


def _is_unit(value: Value) -> bool:
    return isinstance(value, str) and _UNIT.fullmatch(plain(value)) is not None


def _are_column_numbers(values: Sequence[Value]) -> bool:
    """Return whether cells count the columns, as forms do: 甲 乙 1 2 3."""
    if len(values) < 3 or _counting(values[0]) not in ("甲", "1"):
        return False
    texts = list(map(_counting, values))
    letters = sum(text in _STEMS for text in texts)
    wanted = [*_STEMS[:letters], *map(str, range(1, len(texts) - letters + 1))]
    return texts == wanted


def _counting(value: Value) -> str:
    return re.sub(r"\.0$|[()]", "", plain(str(value)))
