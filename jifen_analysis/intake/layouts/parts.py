"""Times said in parts: 年度 and 月份, 月 and 日, 年度 and 季度, each in a column of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.tables import TABLES

_FORMS = {
    "year": r"(?:所属|考核|缴费|缴纳|活动|会议|评议|统计|发生)?(?:年度|年份|年)",
    "half": r"(?:所属|考核)?(?:半年|半年度|上下半年|上/下半年|上半年/下半年)",
    "quarter": r"(?:所属|考核)?(?:季度|季|第几季度)",
    "month": r"(?:所属|考核|活动|会议|发生)?(?:月份|月)",
    "day": r"(?:活动|会议|发生)?(?:日|号)",
}
_WHOLE = {"date": "day", "period": "", "month": ""}
"""Columns that may be said in parts, and the part that they cannot do without."""


@cache
def _part_of(text: str) -> str:
    return next((name for name, form in _FORMS.items() if re.fullmatch(form, text)), "")


@lru_cache(maxsize=1 << 15)
def part_of(value: Value) -> str:
    """Return which part of a time a header names: year, half, quarter, month, day or nothing.

    Examples
    --------
    >>> part_of("所属年度"), part_of("季度"), part_of("日期")
    ('year', 'quarter', '')
    """
    return _part_of(re.sub(r"\s|\(.*?\)", "", plain(value))) if isinstance(value, str) and len(value) < 20 else ""


def parts_at(grid: Grid, row: int, header: Header) -> Mapping[str, int]:
    """Return the columns that say parts of a time and are not read on their own."""
    named = {j: part_of(value) for j, value in enumerate(grid.row(row)) if j not in header.used}
    return {part: j for j, part in reversed(named.items()) if part}


def with_parts(grid: Grid, header: Header) -> Header:
    """Return a header whose day or period, where it has no column, is said in parts."""
    columns = TABLES[header.table]
    parts = parts_at(grid, header.row, header)
    if not parts or "year" in columns:
        return header
    name = next((name for name in _WHOLE if name in columns), "")
    at = _place(name, parts, header)
    if at is None:
        return header
    return replace(header, columns={**header.columns, name: at}, beside=frozenset(parts.values()) - {at})


def _place(name: str, parts: Mapping[str, int], header: Header) -> int | None:
    """Return the column in which the whole will be put together."""
    spread = (
        any(one.fields or name in one.constants for one in header.spreads)
        if name != "period"
        else any(name in one.constants for one in header.spreads)
    )
    if not name or name in header.columns or spread:
        return None
    if name == "date":
        return parts["day"] if {"month", "day"} <= set(parts) else None
    if name == "month":
        return parts.get("month", parts.get("quarter"))
    return next((parts[part] for part in ("month", "quarter", "half", "year") if part in parts), None)
