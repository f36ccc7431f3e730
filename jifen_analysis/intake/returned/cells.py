"""The cells of one worksheet: formats put over them, own text beside them; the rest stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from jifen_analysis.intake.grid import Address, grouped
from jifen_analysis.tables.sources import letters, parse_address

_ROW = re.compile(r"<row\b(?:[^>]*/>|[^>]*>.*?</row>)", re.DOTALL)
_CELL = re.compile(r"<c\b(?:[^>]*/>|[^>]*>.*?</c>)", re.DOTALL)
_LONGEST = 32_000
"""Letters of a text up to which every spreadsheet program takes it."""

_WIDTH = 48


@dataclass(frozen=True)
class CellChange:
    """What becomes of one cell."""

    style: int | None = None  # its new format
    text: str | None = None  # text that replaces it
    gone: bool = False  # whether it is emptied


def text_cell(address: str, text: str, style: int) -> str:
    """Return the XML of a cell with text, which stays text even where it begins with =."""
    said = escape_xml(text[:_LONGEST])
    return f'<c r="{address}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def escape_xml(text: str) -> str:
    """Return text as XML, without the characters that XML cannot hold."""
    return escape(ILLEGAL_CHARACTERS_RE.sub("", text), quote=False)


def formats_at(xml: str, wanted: Iterable[Address]) -> dict[Address, int]:
    """Return the format of some cells; a cell that is not there has that of its row."""
    rows = grouped(wanted)
    found: dict[Address, int] = {}
    for row, text in _numbered(_ROW.findall(_parted(xml)[1]), _row_number):
        if row in rows:
            cells = dict(_numbered(_CELL.findall(text), _column_number))
            found |= {(row, column): _format(cells.get(column, _tag(text))) for column in rows[row]}
    return found


def with_changes(xml: str, changes: Mapping[Address, CellChange]) -> str:
    """Change some cells of a sheet; rows that are not there stay so.

    Raises
    ------
    ValueError
        Where a row that is changed holds a column twice.
    """
    rows: dict[int, dict[int, CellChange]] = {}
    for (row, column), change in changes.items():
        rows.setdefault(row, {})[column] = change
    before, data, after = _parted(xml)
    numbered = _numbered(_ROW.findall(data), _row_number)
    return before + "".join(_changed(text, row, rows[row]) if row in rows else text for row, text in numbered) + after


def with_column(xml: str, column: int) -> str:
    """Make a column wide, and visible even where the branch has hidden all columns beyond its own."""
    start = xml.find("<sheetData")
    given = re.search(r"<cols>(.*?)</cols>", xml[:start], re.DOTALL)
    pieces = [
        piece for col in re.findall(r"<col\b[^>]*/>", given[1] if given else "") for piece in _beside(col, column)
    ]
    ours = f'<col min="{column}" max="{column}" width="{_WIDTH}" customWidth="1"/>'
    cols = "".join(sorted([*pieces, ours], key=lambda col: _edge(col, "min")))
    head = xml[:start].replace(given[0], "") if given else xml[:start]
    return f"{head}<cols>{cols}</cols>{xml[start:]}"


def _beside(col: str, column: int) -> list[str]:
    """Return what of a run of columns lies before and after one column."""
    first, last = _edge(col, "min"), _edge(col, "max")
    before = re.sub(r'max="\d+"', f'max="{min(last, column - 1)}"', col)
    after = re.sub(r'min="\d+"', f'min="{max(first, column + 1)}"', col)
    return [before] * (first < column) + [after] * (last > column)


def _edge(col: str, name: str) -> int:
    found = re.search(rf'{name}="(\d+)"', col)
    return int(found[1]) if found else 0


def _parted(xml: str) -> tuple[str, str, str]:
    """Return what stands before the rows, the rows, and what stands after them."""
    start = xml.find(">", xml.find("<sheetData")) + 1
    end = max(xml.find("</sheetData>", start), start)
    return xml[:start], xml[start:end], xml[end:]


def _changed(text: str, row: int, changes: Mapping[int, CellChange]) -> str:
    there = list(_numbered(_CELL.findall(text), _column_number))
    cells = dict(there)
    if len(cells) < len(there):
        raise ValueError(f"row {row} holds a column twice")
    for column, change in changes.items():
        address = f"{letters(column)}{row}"
        if change.gone:
            cells.pop(column, None)
        elif change.text is not None:
            cells[column] = text_cell(address, change.text, change.style or 0)
        else:
            cells[column] = _formatted(cells.get(column, f'<c r="{address}"/>'), change.style or 0)
    tag = re.sub(r'\sspans="[^"]*"', "", _tag(text))
    return f"{tag}>{''.join(cells[column] for column in sorted(cells))}</row>"


def _formatted(cell: str, style: int) -> str:
    tag = _tag(cell)
    bare = re.sub(r"""\ss=["']\d+["']""", "", tag)
    return f'{bare} s="{style}"{cell[len(tag) :]}'


def _tag(text: str) -> str:
    """Return the opening tag without its end."""
    found = re.match(r"<[^>]*?(?=\s*/?>)", text)
    return found[0] if found else ""


def _format(text: str) -> int:
    found = re.search(r"""\ss=["'](\d+)["']""", _tag(text))
    return int(found[1]) if found else 0


def _numbered(texts: Iterable[str], number: Callable[[str], int]) -> Iterator[tuple[int, str]]:
    """Yield rows or cells with their numbers; one that says none follows the one before."""
    last = 0
    for text in texts:
        last = number(text) or last + 1
        yield last, text


def _row_number(text: str) -> int:
    found = re.search(r"""\sr=["'](\d+)["']""", text[: text.find(">")])
    return int(found[1]) if found else 0


def _column_number(text: str) -> int:
    found = re.search(r"""\sr=["']([A-Z]+\d+)["']""", text[: text.find(">")])
    return parse_address(found[1])[1] if found else 0
