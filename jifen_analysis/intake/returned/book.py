"""The sheets of a workbook: where each stands, and our own list among them; one of the values alone."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from jifen_analysis.intake.cells import display_raw
from jifen_analysis.intake.grid import Grid, Value, is_blank
from jifen_analysis.intake.grid.package import refuse_damaged
from jifen_analysis.intake.returned.package import (
    BOOK,
    OFFICE,
    SHEET_TYPE,
    Parts,
    add_link,
    append_child,
    children_named,
    dom,
    free_name,
    links,
    serialise,
    set_type,
    unlink,
)
from jifen_analysis.saving import output_day

_MACROS = "vbaProject"


def sheets_of(parts: Parts) -> dict[str, str]:
    """Return the worksheets of a package: name to part."""
    targets = {link.id: link.target for link in links(parts, BOOK) if link.kind == "worksheet"}
    found = {node.getAttribute("name"): targets.get(_link(node), "") for node in _sheets(dom(parts[BOOK]))}
    return {name: part for name, part in found.items() if part in parts}


def with_first(parts: Parts, name: str, xml: str) -> dict[str, bytes]:
    """Put a sheet before the others, and open the workbook at it."""
    part = free_name(parts, "xl/worksheets/sheet{}.xml")
    made, key = add_link({**parts, part: xml.encode()}, BOOK, "worksheet", part)
    made = set_type(made, part, f"{SHEET_TYPE}.worksheet+xml")
    document = dom(made[BOOK])
    sheets = _sheets(document)
    number = 1 + max((int(node.getAttribute("sheetId") or 0) for node in sheets), default=0)
    holder = next(children_named(document.documentElement, "sheets"))
    new = append_child(holder, "sheet", name=name, sheetId=str(number), **{"xmlns:r": OFFICE, "r:id": key})
    holder.insertBefore(new, holder.firstChild)
    _shifted(document, 0, 1)
    _opened_at(document, 0)
    alone = {sheet: _unselected(made[sheet]) for sheet in sheets_of(parts).values()}
    return {**made, **alone, BOOK: serialise(document)}


def without(parts: Parts, name: str) -> dict[str, bytes]:
    """Take a sheet out."""
    document = dom(parts[BOOK])
    sheets = _sheets(document)
    at = next((n for n, node in enumerate(sheets) if node.getAttribute("name") == name), None)
    if at is None or len(sheets) == 1:
        return dict(parts)
    sheets[at].parentNode.removeChild(sheets[at])
    _shifted(document, at, -1)
    _opened_at(document, 0)
    return unlink({**parts, BOOK: serialise(document)}, BOOK, "worksheet", sheets_of(parts)[name])


def without_macros(parts: Parts) -> dict[str, bytes]:
    """Make a workbook with macros, or a template, one that may be called .xlsx."""
    made = dict(parts)
    for link in links(parts, BOOK):
        if link.kind == _MACROS:
            made = unlink(made, BOOK, _MACROS, link.target)
    return set_type(made, BOOK, f"{SHEET_TYPE}.sheet.main+xml")


# ---------------------------------------------------------------- inside


def _sheets(document: Any) -> list[Any]:
    return [
        node
        for holder in children_named(document.documentElement, "sheets")
        for node in children_named(holder, "sheet")
    ]


def _link(sheet: Any) -> str:
    return next((value for key, value in sheet.attributes.items() if key.endswith(":id")), "")


def _shifted(document: Any, first: int, by: int) -> None:
    """Let the names of single sheets follow their sheets; those of a sheet taken out go with it."""
    for holder in children_named(document.documentElement, "definedNames"):
        for node in list(children_named(holder, "definedName")):
            at = int(node.getAttribute("localSheetId") or -1)
            if at == first and by < 0:
                holder.removeChild(node)
            elif at >= first:
                node.setAttribute("localSheetId", str(at + by))
        if not any(True for _ in children_named(holder, "definedName")):
            document.documentElement.removeChild(holder)


def _opened_at(document: Any, sheet: int) -> None:
    for holder in children_named(document.documentElement, "bookViews"):
        for view in children_named(holder, "workbookView"):
            view.setAttribute("activeTab", str(sheet))
            view.setAttribute("firstSheet", "0")


def _unselected(xml: bytes) -> bytes:
    """Sheets selected together are changed together: leave none selected beside ours."""
    return re.sub(rb"""\stabSelected=["'](?:1|true)["']""", b"", xml, count=1)


# ---------------------------------------------------------------- of files that are no .xlsx


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
    for row in grid.facts.hidden_rows:
        sheet.set_row(row - 1, None, None, {"hidden": True})
    for number in grid.facts.hidden_columns:
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
