"""Dues with a column, or two, a month."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from jifen_analysis.intake.cells import display_raw
from jifen_analysis.intake.cells.times import YEAR, read_month, read_year
from jifen_analysis.intake.grid import Grid, MonthDay, Value
from jifen_analysis.intake.layouts.block import Spread, columns_apart
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.labels import Label
from jifen_analysis.intake.layouts.readings.wide import (
    Keys,
    Kind,
    WideColumn,
    digits,
    read_wide,
    said_below,
    says_number,
)
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.spellings import column_of, is_harmless, part_of

_YEAR = re.compile(r"(\d{4})年?度?")
_MONTH = re.compile(r"(?:\d{4}(?:年|[-./]))?\d{1,2}月份?|\d{4}(?:[-./]\d{1,2}|\d{2})")
_ENGLISH = re.compile(r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:-\d\d|-?\d{4})?", re.IGNORECASE)
_BARE_MONTH = re.compile(r"0?[1-9]|1[0-2]")
_BRACKETS = re.compile(r"[(\[【](?![补退欠预])[^)\]】]*[)\]】]")


def a_column_a_month(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read rows as months over what was due, what was paid and when."""
    if not says_number(grid, row):
        return None
    called = "dues" in scene.called or any(map(_says_rate, grid.row(row)))
    scene, beside = _of_one_year(grid, row, scene)
    found = read_wide(grid, row, scene, _CALLED if called else _MONTHS, called)
    if found is None or (not called and _of_marks(found, scene)):
        return None
    found = replace(found, beside=found.beside | beside)
    ticks = "attendance" in scene.called or scene.around.activity
    return _without_days(found) if ticks and not called else found


def _says_rate(value: Value) -> bool:
    """Return whether a header names the dues of every month, so that even one month beside it is one."""
    return isinstance(value, str) and "月" in value and column_of(value, "dues") == "due"


def _of_marks(header: Header, scene: Scene) -> bool:
    """Return whether months stand over points or marks: the sheet is called so, and no header speaks of a payment."""
    paid = "due" in header.columns or any("paid" in spread.fields for spread in header.spreads)
    return not paid and bool(scene.around.group or scene.called & _MARKED)


_MARKED = frozenset({"results", "evaluations", "ballots", "marks", "declarations"})


def _of_one_year(grid: Grid, row: int, scene: Scene) -> tuple[Scene, frozenset[int]]:
    """Take the one year that a column says for that of the months, whatever stands around them."""
    at = next((j for j, value in enumerate(grid.row(row)) if part_of(value) == "year"), None)
    said = {read_year(value).value for value in grid.columns[at][row + 1 :]} - {None} if at is not None else set()
    if at is None or len(said) != 1:
        return scene, frozenset()
    return replace(scene, around=replace(scene.around, year=said.pop())), frozenset({at})


def _without_days(header: Header) -> Header:
    """Take months on a sheet of ticks for what they are: days of which only the month is said."""
    spreads = tuple(Spread({"status": j}, {"undated": "月"}) for j in columns_apart(header.spreads))
    return replace(header, table="attendance", spreads=spreads, sums=())


def _column(j: int, label: Label, scene: Scene) -> WideColumn | None:
    parts = tuple(half for part in label for half in _halves(part))
    for n, part in enumerate(parts):
        keys = _keys(part, parts, _year_of(part, scene))
        if keys and isinstance(parts[-1], str) and is_harmless(parts[-1]):
            return None
        if keys:
            return WideColumn(j, keys, _MONTHS.field(parts), said_below(parts, n, _MONTHS.field_of))
    return None


def _year_of(part: Value, scene: Scene) -> int | None:
    """Return the year of a header that says a month alone."""
    bare = re.fullmatch(r"(\d{1,2})月份?", digits(part)) if scene.around.turn and isinstance(part, str) else None
    return scene.around.year_of(int(bare[1])) if bare else scene.around.year


def _called_column(j: int, label: Label, scene: Scene) -> WideColumn | None:
    """Take 1 to 12 for months, on a sheet that says it is of dues."""
    months = (f"{digits(part)}月" if _BARE_MONTH.fullmatch(digits(part)) else part for part in label)
    return _column(j, tuple(months), scene)


def _halves(part: Value) -> tuple[Value, ...]:
    """Take a header such as 1月应缴 for the two that it is."""
    text = digits(part) if isinstance(part, str) else ""
    month = _MONTH.match(text)
    return (text[: month.end()], text[month.end() :]) if month and _MONTHS.field_of((text[month.end() :],)) else (part,)


def _keys(part: Value, label: Label, year: int | None) -> Keys:
    years = [found[1] for other in label if isinstance(other, str) and (found := _YEAR.fullmatch(digits(other)))]
    return month_keys(part, int(years[0]) if years else year)


def month_keys(part: Value, year: int | None) -> Keys:
    """Return the month that one level of a header says."""
    if isinstance(part, date):
        month = read_month(part, year if isinstance(part, MonthDay) else None).value
        return (("month", month),) if month else (("undated", display_raw(part)),)
    text = _BRACKETS.sub("", digits(part)) if isinstance(part, str) else _compact(part)
    if not _MONTH.fullmatch(text) and not _ENGLISH.fullmatch(text):
        return ()
    reading = read_month(text, year)
    return (("month", reading.value),) if reading.value else (("unread", part),)


def _compact(part: Value) -> str:
    """Return a number such as 202401 as text; other numbers head no month."""
    text = digits(part) if isinstance(part, (int, float)) else ""
    return text if re.fullmatch(rf"{YEAR}(?:0[1-9]|1[0-2])", text) else ""


def _rated(scene: Scene, columns: frozenset[str]) -> bool:
    return "due" in columns or scene.around.due is not None


_PAID_ON = dict.fromkeys(("日期", "时间"), "paid_on")
"""Headers that mean the day of payment only below a month."""
_MONTHS = Kind("dues", _column, ("due", "paid", "paid_on"), rated=_rated, more=_PAID_ON)
_CALLED = replace(_MONTHS, column=_called_column)
