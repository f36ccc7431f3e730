"""Workbooks to grids: calamine reads the values, the package says the rest."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine as calamine

from jifen_analysis.intake.grid import package as packages
from jifen_analysis.intake.grid.binary import binary_facts, boastful_binary
from jifen_analysis.intake.grid.formats import PLAIN, Styles, dressed, read_styles
from jifen_analysis.intake.grid.model import Area, Cells, Fault, Grid, SheetFacts, UnreadableError, Value, from_cells

_Columns = Sequence[Sequence[Value]]


def workbook_grids(path: Path, file: str, package: zipfile.ZipFile) -> list[Grid]:
    """Read every worksheet of an .xlsx package, open at a path.

    Raises
    ------
    UnreadableError
        Where the file cannot be opened or must not be.
    """
    packages.unsafe(package)
    sheets, styles, book = packages.sheet_parts(package), _styles(package), _opened(path)
    return [_grid(path, file, book, sheet, _facts(package, sheet, styles)) for sheet in sheets]


def _facts(package: zipfile.ZipFile, sheet: packages.SheetPart, styles: Styles) -> SheetFacts:
    pictures, boxes = packages.drawn(package, sheet)
    found = packages.facts(packages.part(package, sheet.part), styles)
    return replace(found, comments=packages.comments(package, sheet), pictures=pictures, boxes=boxes)


def _styles(package: zipfile.ZipFile) -> Styles:
    named = {name.lower(): name for name in package.namelist()}
    xml, shared = (
        packages.part(package, named[name]) if name in named else b""
        for name in ("xl/styles.xml", "xl/sharedstrings.xml")
    )
    if packages.boastful(shared):
        raise packages.refuse_damaged()
    return read_styles(xml, shared) if xml else PLAIN


def _grid(path: Path, file: str, book: Any, sheet: packages.SheetPart, facts: SheetFacts) -> Grid:
    try:
        if facts.sparse:
            raise packages.refuse_damaged()
        values = _values(_guarded(book.get_sheet_by_name, sheet.name))
    except UnreadableError:  # what calamine must not or cannot read, openpyxl may: slower, but cell by cell
        cells = {**_sparse_cells(path, sheet.name), **facts.faults}
        if any(row > _LAST_ROW or column > _LAST_COLUMN for row, column in cells):
            raise packages.refuse_damaged() from None
        return dressed(from_cells(file, sheet.name, cells, facts.merges, sheet.hidden), facts)
    return _held(file, sheet.name, values, facts, sheet.hidden)


def _held(file: str, sheet: str, values: tuple[_Columns, int, int], facts: SheetFacts, hidden: bool) -> Grid:
    """Return a sheet of values, with the faults among them, as it is seen."""
    columns, top, left = _with_faults(*values, facts.faults)
    numbers = range(top, top + len(columns[0]) if columns else top), range(left, left + len(columns))
    return dressed(Grid(file, sheet, tuple(map(Cells, columns)), *numbers, facts.merges, hidden=hidden), facts)


def binary_grids(path: Path, file: str) -> list[Grid]:
    """Read every worksheet of a workbook in the old format (.xls, .et)."""
    if boastful_binary(path.read_bytes()):
        raise packages.refuse_damaged()
    book = _opened(path)
    sheets = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
    facts = binary_facts(path.read_bytes())
    known = facts if len(facts) == len(sheets) else [SheetFacts()] * len(sheets)
    return [_binary_grid(file, book, meta, fact) for meta, fact in zip(sheets, known, strict=True)]


def _binary_grid(file: str, book: Any, meta: Any, facts: SheetFacts) -> Grid:
    table = _guarded(book.get_sheet_by_name, meta.name)
    merges = tuple(Area(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in table.merged_cell_ranges or ())
    hidden = meta.visible != calamine.SheetVisibleEnum.Visible
    return _held(file, meta.name, _values(table), replace(facts, merges=merges), hidden)


def _opened(path: Path) -> Any:
    # From a stream calamine goes by the bytes, from a path by the suffix.
    return _guarded(lambda: calamine.load_workbook(io.BytesIO(path.read_bytes())))


def _values(table: Any) -> tuple[_Columns, int, int]:
    if table.start is None:
        return (), 1, 1
    columns: list[list[Value]] = []
    known: list[dict[Value, Value]] = []
    rows = _guarded(table.iter_rows)
    while chunk := _guarded(lambda: list(islice(rows, _CHUNK))):
        for j, values in enumerate(zip(*chunk, strict=True)):
            if j == len(columns):
                columns.append([])
                known.append({})
            # The same text in many cells is held once; numbers are left alone, for 1 and True are equal.
            same = list(map(known[j].setdefault, values, values)) if type(values[-1]) in _HELD_ONCE else ()
            columns[j] += same if same and _HELD_ONCE.issuperset(map(type, known[j])) else values
    return columns, 1, table.start[1] + 1


_CHUNK = 4096
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_HELD_ONCE = {str, date, datetime}


def _with_faults(
    columns: _Columns, top: int, left: int, faults: Mapping[tuple[int, int], Fault]
) -> tuple[_Columns, int, int]:
    if not faults:
        return columns, top, left
    # A fault may stand outside the range of the values.
    first, start = (min([edge, *(at[k] for at in faults)]) for k, edge in enumerate((top, left)))
    width = max([left + len(columns), *(at[1] + 1 for at in faults)]) - start
    height = max([top + len(columns[0]) if columns else top, *(at[0] + 1 for at in faults)]) - first
    cells: list[list[Value]] = [[None] * height for _ in range(width)]
    for j, column in enumerate(columns):
        cells[left - start + j][top - first : top - first + len(column)] = column
    for (row_number, column_number), fault in faults.items():
        cells[column_number - start][row_number - first] = fault
    return cells, first, start


def _sparse_cells(path: Path, sheet: str) -> dict[tuple[int, int], Value]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = _guarded(lambda: openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True))
    return dict(_guarded(lambda: list(_openpyxl_cells(book[sheet]))))


def _openpyxl_cells(sheet: Any) -> Iterator[tuple[tuple[int, int], Value]]:
    for at, cell in sheet._cells.items():  # the only view that does not walk the whole range
        if cell.value is not None:
            yield at, Fault("error", str(cell.value)) if cell.data_type == "e" else cell.value


def _guarded(call: Callable[..., Any], *args: Any) -> Any:
    """Call a reader; whatever it fails with on a damaged file is one refusal."""
    try:
        return call(*args)
    except calamine.PasswordError as fault:
        raise packages.refuse_encrypted() from fault
    except BaseException as fault:
        # Readers fail in too many ways on damaged files to name them; a panic of calamine is no Exception at all.
        if not isinstance(fault, Exception) and type(fault).__name__ != "PanicException":
            raise
        raise packages.refuse_damaged() from fault
