"""Days and months without a year that go from the end of a year to its beginning: of one year, or of two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells.times import TO, in_digits
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.block import Spread, problem
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.scene import texts_of

HALF_A_YEAR = 6
"""Months by which days must fall to be those of another year."""
_ALL_YEAR = re.compile(rf"(?<!\d)1月?[{TO}]+12月")


def of_one_year(text: str) -> bool:
    """Return whether a title says that all is of the months of one year: 2024年1-12月.

    Examples
    --------
    >>> of_one_year("2024年1月—12月考勤"), of_one_year("2024年考勤")
    (True, False)
    """
    return _ALL_YEAR.search(re.sub(r"\s", "", in_digits(text))) is not None


def turned_year(day: str) -> Text:
    """Return what is said of a day or month without a year behind those of a year's end: how it may be read."""
    year, *rest = map(int, day.split("-"))
    later = f"{year + 1}{day[4:]}"
    said = "".join(f"{number}{unit}" for number, unit in zip(rest, "月日", strict=False))
    return Text(
        f"没有写年份,从年底到了年初:按同一年读是 {year}年{said},按先后读是 {year + 1}年{said};请写上年份",
        f"no year, and from the end of a year to its beginning: {day} in one year, {later} in order; write the year",
    )


def turned_headers(grid: Grid, header: Header) -> Iterator[Problem]:
    """Refuse days or months without a year that go from the end of a year to its beginning, of one kind of meeting."""
    several = len(header.spreads) > 1 and not any(map(of_one_year, texts_of(grid, header.row)))
    for one, other in pairwise(header.spreads) if several else ():
        day, j = _behind_the_turn(one, other), min(other.fields.values(), default=-1)
        if day and j >= 0 and not any(_has_year(grid.columns[j][i]) for i in header.lines):
            yield problem(grid, "year_turns", turned_year(day), (header.lines[-1], j))


def _behind_the_turn(one: Spread, other: Spread) -> str:
    """Return the day or month of a column that falls to the beginning of the year of the one before; else nothing."""
    before, after = (spread.constants.get("date") or spread.constants.get("month") for spread in (one, other))
    alike = type(before) is type(after) and one.constants.get("activity") == other.constants.get("activity")
    if not (before and after and alike and str(before)[:4] == str(after)[:4]):
        return ""
    return str(after) if int(str(before)[5:7]) - int(str(after)[5:7]) > HALF_A_YEAR else ""


def _has_year(value: Value) -> bool:
    return isinstance(value, date) or (isinstance(value, str) and re.search(r"\d{4}|年", value) is not None)
