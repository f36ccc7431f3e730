"""Workbooks of the XML Spreadsheet 2003 form, which systems call .xls or .xml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from jifen_analysis.intake.grid.formats import dressed, matters
from jifen_analysis.intake.grid.model import Area, Fault, Grid, SheetFacts, Value, from_cells
from jifen_analysis.intake.grid.package import SPREADSHEET_2003, entities, refuse_damaged

_S = f"{{{SPREADSHEET_2003}}}"
_NAMED = {"Percent": "0.00%", "Fixed": "0.00", "Standard": "#,##0.00", "Yes/No": '"Yes";"Yes";"No"'}
"""Formats that have a name of their own; the others show all there is."""
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


@dataclass
class _Sheet:
    """A sheet as far as it is read."""

    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    struck: set[tuple[int, int]] = field(default_factory=set)


def xml_grids(data: bytes, file: str) -> list[Grid]:
    """Read the sheets of a workbook; entities of its own are refused.

    Raises
    ------
    UnreadableError
        Where the file is damaged, or defines entities.
    """
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as fault:
        raise entities() from fault
    except (ParseError, ValueError, LookupError) as fault:
        raise refuse_damaged() from fault
    styles = {style.get(f"{_S}ID", ""): style for style in root.iterfind(f"{_S}Styles/{_S}Style")}
    codes = {name: code for name, style in styles.items() if (code := _code(style)) and matters(code)}
    struck = frozenset(name for name, style in styles.items() if _is_struck(style))
    return [_grid(sheet, file, codes, struck) for sheet in root.iterfind(f"{_S}Worksheet")]


def _code(style: Element) -> str:
    form = style.find(f"{_S}NumberFormat")
    code = form.get(f"{_S}Format", "") if form is not None else ""
    return _NAMED.get(code, "" if code.isascii() and code.replace(" ", "").isalpha() and " " in code else code)


def _is_struck(style: Element) -> bool:
    font = style.find(f"{_S}Font")
    return font is not None and font.get(f"{_S}StrikeThrough") == "1"


def _grid(sheet: Element, file: str, codes: Mapping[str, str], struck: frozenset[str]) -> Grid:
    found = _Sheet()
    for number, row in _numbered(sheet.iterfind(f"{_S}Table/{_S}Row"), _LAST_ROW):
        if row.get(f"{_S}Hidden") == "1":
            found.hidden_rows.update(range(number, number + _whole(row, "Span") + 1))
        for column, cell in _numbered(row.iterfind(f"{_S}Cell"), _LAST_COLUMN):
            style = cell.get(f"{_S}StyleID", row.get(f"{_S}StyleID", ""))
            _put(found, (number, column), cell, codes.get(style, ""), crossed=style in struck)
    hidden = sheet.find(".//{urn:schemas-microsoft-com:office:excel}Visible")
    unseen = hidden is not None and hidden.text != "SheetVisible"
    grid = from_cells(file, sheet.get(f"{_S}Name", ""), found.cells, tuple(found.merges), unseen)
    rows, columns = frozenset(found.hidden_rows), frozenset(_hidden_columns(sheet))
    return dressed(grid, SheetFacts({}, rows, columns, found.formats, frozenset(found.struck), found.comments))


def _numbered(parts: Iterator[Element], last: int) -> Iterator[tuple[int, Element]]:
    """Yield rows or cells with their number: one says it where some before it are left out."""
    number = 0
    for part in parts:
        number = _whole(part, "Index") or number + 1
        if number > last:
            raise refuse_damaged()
        yield number, part
        number += _whole(part, "MergeAcross") + _whole(part, "Span")


def _hidden_columns(sheet: Element) -> Iterator[int]:
    for number, column in _numbered(sheet.iterfind(f"{_S}Table/{_S}Column"), _LAST_COLUMN):
        if column.get(f"{_S}Hidden") == "1":
            yield from range(number, min(number + _whole(column, "Span"), _LAST_COLUMN) + 1)


def _whole(part: Element, name: str) -> int:
    text = part.get(f"{_S}{name}", "0")
    if not text.isdecimal() or len(text) > 7:
        raise refuse_damaged()
    return int(text)


def _put(found: _Sheet, at: tuple[int, int], cell: Element, code: str, *, crossed: bool) -> None:
    data, said = cell.find(f"{_S}Data"), cell.find(f"{_S}Comment")
    down, across = _whole(cell, "MergeDown"), _whole(cell, "MergeAcross")
    if down or across:
        found.merges.append(Area(*at, at[0] + down, at[1] + across))
    if said is not None and (text := "".join(said.itertext()).strip()):
        found.comments[at] = text
    if data is None:
        if cell.get(f"{_S}Formula"):
            found.cells[at] = Fault("uncalculated", cell.get(f"{_S}Formula", "="))
        return
    found.cells[at] = _value("".join(data.itertext()), data.get(f"{_S}Type", "String"))
    if code:
        found.formats[at] = code
    if crossed:
        found.struck.add(at)


def _value(text: str, kind: str) -> Value:
    try:
        match kind:
            case "Number":
                return float(text)
            case "Boolean":
                return text.strip() == "1"
            case "DateTime":
                return datetime.fromisoformat(text.strip())
            case "Error":
                return Fault("error", text)
            case _:
                return text
    except ValueError as fault:
        raise refuse_damaged() from fault
