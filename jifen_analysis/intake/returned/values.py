"""A workbook of the values alone, for files that are no .xlsx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from jifen_analysis.intake.cells import display_raw
from jifen_analysis.intake.grid import Grid, Value, is_blank
from jifen_analysis.intake.grid.package import refuse_damaged
from jifen_analysis.intake.returned.package import Parts
from jifen_analysis.saving import output_day

NAMELESS = "数据"
"""The sheet of a file without sheets."""
_LONGEST = 32_767
_PATTERNS = {"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "clock": "[h]:mm"}


def workbook_of(grids: Sequence[Grid]) -> Parts:
    """Write grids as a workbook and return its parts; text stays text.

    Raises
    ------
    UnreadableError
        Where a sheet has a name that no .xlsx can have.
    """
    made = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    try:
        with xlsxwriter.Workbook(made, options) as book:
            book.set_properties({"created": datetime.combine(output_day(), time())})
            formats = {name: book.add_format({"num_format": pattern}) for name, pattern in _PATTERNS.items()}
            for grid in grids:
                _write(book.add_worksheet(grid.sheet or NAMELESS), grid, formats)
    except XlsxWriterException as fault:
        raise refuse_damaged() from fault
    with zipfile.ZipFile(made) as package:
        return {name: package.read(name) for name in package.namelist()}


def _write(sheet: Any, grid: Grid, formats: Mapping[str, Any]) -> None:
    sheet.set_column(0, max([1, *grid.column_numbers]) - 1, 14)
    for area in grid.merges:
        sheet.merge_range(area.top - 1, area.left - 1, area.bottom - 1, area.right - 1, "")
    for j, column in zip(grid.column_numbers, grid.columns, strict=True):
        for i, value in zip(grid.row_numbers, column, strict=True):
            if not is_blank(value):
                _put(sheet, i - 1, j - 1, value, formats)
    for row in grid.hidden_rows:
        sheet.set_row(row - 1, None, None, {"hidden": True})
    for number in grid.hidden_columns:
        sheet.set_column(number - 1, number - 1, None, None, {"hidden": True})


def _put(sheet: Any, row: int, column: int, value: Value, formats: Mapping[str, Any]) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value)
    elif isinstance(value, (date, time, timedelta)) and not (isinstance(value, date) and value.year < 1900):
        sheet.write_datetime(row, column, value, formats[_pattern(value)])
    else:
        sheet.write_string(row, column, display_raw(value)[:_LONGEST])


def _pattern(value: date | time | timedelta) -> str:
    if isinstance(value, (time, timedelta)):
        return "clock"
    return "moment" if isinstance(value, datetime) and value.time() != time() else "day"
