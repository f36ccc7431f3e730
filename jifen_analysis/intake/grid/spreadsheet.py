"""Workbooks to grids: calamine reads the values, the package says the rest."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine as calamine

from jifen_analysis.intake.grid import package as packages
from jifen_analysis.intake.grid.binary import BinaryFacts, binary_facts
from jifen_analysis.intake.grid.model import Area, Fault, Grid, UnreadableError, Value


def workbook_grids(path: Path, file: str) -> list[Grid]:
    """Read every worksheet of an .xlsx package.

    Raises
    ------
    UnreadableError
        Where the file cannot be opened or must not be.
    """
    with packages.opened(path) as package:
        packages.unsafe(package)
        sheets = packages.sheet_parts(package)
        for name in package.namelist():
            if name == "xl/sharedStrings.xml" or name == "xl/styles.xml":
                packages.part(package, name)
        book = _opened(path)
        return [_grid(path, file, book, sheet, packages.part(package, sheet.part)) for sheet in sheets]


def _grid(path: Path, file: str, book: Any, sheet: packages.SheetPart, xml: bytes) -> Grid:
    facts = packages.facts(xml)
    try:
        if facts.sparse:
            raise packages.broken()
        rows, top, left = _values(_guarded(book.get_sheet_by_name, sheet.name))
    except UnreadableError:  # what calamine must not or cannot read, openpyxl may: slower, but cell by cell
        cells = _sparse_cells(path, sheet.name)
        return from_cells(file, sheet.name, {**cells, **facts.faults}, facts.merges, sheet.hidden)
    return from_rows(
        file,
        sheet.name,
        rows,
        top,
        left,
        facts.faults,
        facts.merges,
        facts.hidden_rows,
        facts.hidden_columns,
        sheet.hidden,
    )


def binary_grids(path: Path, file: str) -> list[Grid]:
    """Read every worksheet of a workbook in another format that calamine knows (.xls, .et, .xlsb, .ods)."""
    book = _opened(path)
    sheets = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
    facts = binary_facts(path.read_bytes())
    known = facts if len(facts) == len(sheets) else [BinaryFacts()] * len(sheets)
    return [_binary_grid(file, book, meta, fact) for meta, fact in zip(sheets, known, strict=True)]


def _binary_grid(file: str, book: Any, meta: Any, facts: BinaryFacts) -> Grid:
    table = _guarded(book.get_sheet_by_name, meta.name)
    rows, top, left = _values(table)
    merges = tuple(Area(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in table.merged_cell_ranges or ())
    hidden = meta.visible != calamine.SheetVisibleEnum.Visible
    return from_rows(
        file, meta.name, rows, top, left, facts.faults, merges, facts.hidden_rows, facts.hidden_columns, hidden
    )


def _opened(path: Path) -> Any:
    # From a stream calamine goes by the bytes, from a path by the suffix.
    return _guarded(lambda: calamine.load_workbook(io.BytesIO(path.read_bytes())))


def _values(table: Any) -> tuple[list[list[Value]], int, int]:
    start = table.start or (0, 0)
    return _guarded(table.to_python), start[0] + 1, start[1] + 1


def from_rows(
    file: str,
    sheet: str,
    rows: Sequence[Sequence[Value]],
    top: int = 1,
    left: int = 1,
    faults: Mapping[tuple[int, int], Fault] | None = None,
    merges: tuple[Area, ...] = (),
    hidden_rows: frozenset[int] = frozenset(),
    hidden_columns: frozenset[int] = frozenset(),
    hidden: bool = False,
) -> Grid:
    """Make a grid from dense rows whose first cell stands at ``top``, ``left``."""
    rows, top, left = _with_faults(rows, top, left, faults or {})
    columns = tuple(zip(*rows, strict=True))
    numbers = range(top, top + len(rows)), range(left, left + len(columns))
    return Grid(file, sheet, columns, *numbers, merges, hidden_rows, hidden_columns, hidden)


def _with_faults(
    rows: Sequence[Sequence[Value]], top: int, left: int, faults: Mapping[tuple[int, int], Fault]
) -> tuple[Sequence[Sequence[Value]], int, int]:
    if not faults:
        return rows, top, left
    # A fault may stand outside the range of the values.
    first, start = (min([edge, *(at[k] for at in faults)]) for k, edge in enumerate((top, left)))
    width = max([left + len(rows[0]) if rows else left, *(at[1] + 1 for at in faults)]) - start
    height = max([top + len(rows), *(at[0] + 1 for at in faults)]) - first
    cells: list[list[Value]] = [[None] * width for _ in range(height)]
    for i, row in enumerate(rows):
        cells[top - first + i][left - start : left - start + len(row)] = row
    for (row_number, column_number), fault in faults.items():
        cells[row_number - first][column_number - start] = fault
    return cells, first, start


def from_cells(
    file: str, sheet: str, cells: Mapping[tuple[int, int], Value], merges: tuple[Area, ...] = (), hidden: bool = False
) -> Grid:
    """Make a grid from single cells, holding only the rows and columns that have any."""
    rows, columns = sorted({at[0] for at in cells}), sorted({at[1] for at in cells})
    values = tuple(tuple(cells.get((row, column)) for row in rows) for column in columns)
    return Grid(file, sheet, values, rows, columns, merges, hidden=hidden)


def _sparse_cells(path: Path, sheet: str) -> dict[tuple[int, int], Value]:
    book = _guarded(lambda: openpyxl.load_workbook(path, data_only=True))
    return dict(_guarded(lambda: list(_openpyxl_cells(book[sheet]))))


def _openpyxl_cells(sheet: Any) -> Iterator[tuple[tuple[int, int], Value]]:
    for at, cell in sheet._cells.items():  # the only view that does not walk the whole range
        if cell.value is not None:
            yield at, Fault("error", str(cell.value)) if cell.data_type == "e" else cell.value


def _guarded(call: Callable[..., Any], *args: Any) -> Any:
    """Call a reader; whatever it fails with on a damaged file is one refusal."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return call(*args)
    except calamine.PasswordError as fault:
        raise packages.encrypted() from fault
    except BaseException as fault:
        # Readers fail in too many ways on damaged files to name them; a panic of calamine is no Exception at all.
        if not isinstance(fault, Exception) and type(fault).__name__ != "PanicException":
            raise
        raise packages.broken() from fault
