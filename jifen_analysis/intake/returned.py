"""The copy that goes back: the branch's own workbook with every mistake marked where it is."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time
from html import escape
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from jifen_analysis.errors import Problem, UsageError
from jifen_analysis.intake.cells import shown
from jifen_analysis.intake.check import Check
from jifen_analysis.intake.files import data_files
from jifen_analysis.intake.grid import Fault, Grid, UnreadableError, open_grids
from jifen_analysis.intake.layouts.sheet import OUR_COLUMN, OUR_LIST, find_header
from jifen_analysis.vocabulary import standard

SUFFIX = "_退回"
MOST_MARKS = 500
"""Cells marked on one sheet; the list names them all."""

_MARK = "【退回】"
_COLOURS = {"error": "FFF4B6B6", "note": "FFFFF1C4"}
_HEAD = ("序号", "级别", "工作表", "单元格", "内容", "问题与改法", "原底色")
_SEVERITY = {"error": "须改正", "note": "请留意"}
_LOST = (
    ("xl/charts/", "图表"),
    ("xl/diagrams/", "图示"),
    ("xl/ctrlProps/", "表单控件"),
    ("xl/vbaProject", "宏"),
    ("xl/media/", "图片"),
)


def return_copies(path: str | Path, found: Check, folder: str | Path) -> tuple[Path, ...]:
    """Write a marked copy of every file with errors.

    Parameters
    ----------
    path : str or Path
        What was checked.
    found : Check
        What was found in it.
    folder : str or Path
        Where the copies go; sub-folders of the data are kept.

    Returns
    -------
    tuple of Path
        The copies, ``X_退回.xlsx`` each. A file that cannot be opened has none.

    Raises
    ------
    UsageError
        Where a copy would stand over its source, or cannot be written.
    """
    files, _ = data_files(path)
    return tuple(copy for file in files if (copy := _returned(file.path, file.name, found, Path(folder))) is not None)


def _returned(path: Path, name: str, found: Check, folder: Path) -> Path | None:
    problems = [problem for problem in found.problems if problem.file == name]
    if not any(problem.severity == "error" for problem in problems):
        return None
    try:
        grids = open_grids(path, name)
    except (UnreadableError, OSError):
        return None
    stem = PurePath(name).stem.removesuffix(SUFFIX)
    target = folder / PurePath(name).parent / f"{stem}{SUFFIX}.xlsx"
    if target.resolve() == path.resolve():
        raise UsageError(f"退回件会覆盖原件 {path},请换一个文件夹", f"the copy would overwrite its source {path}")
    book = _book(path, grids)
    _unmark(book)
    lost = _cannot_keep(path)
    _mark(book, grids, problems, lost)
    return _saved(book, grids, target)


def _book(path: Path, grids: Sequence[Grid]) -> Any:
    if zipfile.is_zipfile(path):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what a copy cannot keep is said in its list
                return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
        except Exception:
            return _rebuilt(grids)
    return _rebuilt(grids)


def _rebuilt(grids: Sequence[Grid]) -> Any:
    """Make a workbook of values, for files that are no .xlsx."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for grid in grids:
        sheet = book.create_sheet(grid.sheet or "数据")
        for j, column in zip(grid.column_numbers, grid.columns, strict=True):
            for i, value in zip(grid.row_numbers, column, strict=True):
                if value is not None and value != "":
                    _put(sheet.cell(i, j), shown(value) if isinstance(value, Fault) else value)
        for area in grid.merges:
            sheet.merge_cells(start_row=area.top, start_column=area.left, end_row=area.bottom, end_column=area.right)
    return book


def _put(cell: Any, value: Any) -> None:
    """Write a value; text stays text even where it begins with =."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    else:
        cell.value = value


# ---------------------------------------------------------------- marks


def _mark(book: Any, grids: Sequence[Grid], problems: Sequence[Problem], lost: Sequence[str]) -> None:
    fills: dict[tuple[str, str], str] = {}
    capped = []
    for grid in grids:
        sheet = book[grid.sheet or "数据"] if (grid.sheet or "数据") in book.sheetnames else None
        mine = [problem for problem in problems if problem.sheet == grid.sheet and problem.cell]
        if sheet is None or not mine:
            continue
        cells = _by_cell(mine)
        for cell, said in list(cells.items())[:MOST_MARKS]:
            fills[grid.sheet, cell] = _mark_cell(sheet, cell, said)
        if len(cells) > MOST_MARKS:
            capped.append(f"“{grid.sheet}”有 {len(cells)} 处,只标出前 {MOST_MARKS} 处")
        _mark_rows(sheet, grid, mine)
    _list(book, problems, fills, [*capped, *(f"退回件未能保留:{what}" for what in lost)])


def _by_cell(problems: Sequence[Problem]) -> dict[str, list[Problem]]:
    """Gather problems by cell, errors first."""
    cells: dict[str, list[Problem]] = {}
    for problem in sorted(problems, key=lambda problem: problem.severity == "note"):
        if re.fullmatch(r"[A-Z]{1,3}\d{1,7}", problem.cell):
            cells.setdefault(problem.cell, []).append(problem)
    return cells


def _mark_cell(sheet: Any, address: str, said: Sequence[Problem]) -> str:
    cell = sheet[address]
    if isinstance(cell, MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if address in area)
        cell = sheet.cell(area.min_row, area.min_col)
    before = cell.fill.fgColor.rgb if cell.fill.fill_type == "solid" and isinstance(cell.fill.fgColor.rgb, str) else ""
    cell.fill = PatternFill("solid", fgColor=_COLOURS[said[0].severity])
    text = _MARK + "\n".join(f"{_SEVERITY[problem.severity]}:{problem.message()}" for problem in said)
    own = cell.comment.text + "\n" if cell.comment else ""
    cell.comment = Comment(own + text, cell.comment.author if cell.comment else "退回", height=120, width=320)
    return before


def _mark_rows(sheet: Any, grid: Grid, problems: Sequence[Problem]) -> None:
    """Say at the end of each bad row what is wrong with it."""
    column = _own_column(grid)
    rows: dict[int, list[str]] = {}
    for problem in problems:
        number = re.search(r"\d+$", problem.cell)
        if problem.severity == "error" and number:
            rows.setdefault(int(number[0]), []).append(f"{problem.cell}:{problem.message()}")
    if column > 16_384 or not rows:
        return
    header = find_header(grid, standard())
    top = grid.row_numbers[header.row] if header else min(rows)
    for row, said in list(rows.items())[:MOST_MARKS]:
        if row != top:
            _put(sheet.cell(row, column), ";".join(said))
    head = sheet.cell(top, column)
    _put(head, OUR_COLUMN)
    head.font = Font(bold=True, color="FFC00000")
    sheet.column_dimensions[get_column_letter(column)].width = 48


def _own_column(grid: Grid) -> int:
    for j, values in zip(grid.column_numbers, grid.columns, strict=True):
        if OUR_COLUMN in values:
            return j
    merged = max((area.right for area in grid.merges), default=0)
    return max([*grid.column_numbers, merged, 0]) + 1


def _list(book: Any, problems: Sequence[Problem], fills: Mapping[tuple[str, str], str], remarks: Sequence[str]) -> None:
    sheet = book.create_sheet(OUR_LIST, 0)
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    errors = [problem for problem in problems if problem.severity == "error"]
    notes = [problem for problem in problems if problem.severity == "note"]
    listed = [*errors, *notes[:MOST_MARKS]]
    more = [f"另有 {len(notes) - MOST_MARKS} 处提示未列出"] if len(notes) > MOST_MARKS else []
    sheet.append(list(_HEAD))
    _dress(sheet, len(listed) + 1)
    models: dict[str, Any] = {}
    for n, problem in enumerate(listed, start=1):
        row = (n, _SEVERITY[problem.severity], problem.sheet, problem.cell, problem.value, problem.message(),
               fills.get((problem.sheet, problem.cell), ""))  # fmt: skip
        for j, value in enumerate(row, start=1):
            _put(sheet.cell(n + 1, j), value)
        _dress_row(sheet, n + 1, problem, models)
    for n, remark in enumerate([*more, *remarks], start=len(listed) + 3):
        _put(sheet.cell(n, 1), remark)


def _dress_row(sheet: Any, row: int, problem: Problem, models: dict[str, Any]) -> None:
    """Dress a row like the first of its kind: making styles anew for each cell is slow."""
    colour, link, text = sheet.cell(row, 2), sheet.cell(row, 4), sheet.cell(row, 6)
    if problem.severity not in models:
        colour.fill = PatternFill("solid", fgColor=_COLOURS[problem.severity])
        link.font = Font(color="FF0563C1", underline="single")
        text.alignment = Alignment(wrap_text=True, vertical="top")
        models[problem.severity] = (colour._style, link._style, text._style)
    for cell, style in zip((colour, link, text), models[problem.severity], strict=True):
        cell._style = copy(style)
    if problem.cell:
        name = (problem.sheet or "数据").replace("'", "''")
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{name}'!{problem.cell}")


def _dress(sheet: Any, last: int) -> None:
    for j, width in enumerate((6, 9, 14, 9, 20, 72, 10), start=1):
        sheet.column_dimensions[get_column_letter(j)].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.column_dimensions["G"].hidden = True
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:F{last}"


# ---------------------------------------------------------------- taking marks back


def _unmark(book: Any) -> None:
    """Remove our own marks of an earlier return, and nothing else."""
    before = _fills_before(book[OUR_LIST]) if OUR_LIST in book.sheetnames else {}
    if OUR_LIST in book.sheetnames:
        book.remove(book[OUR_LIST])
    for sheet in book.worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row if not isinstance(cell, MergedCell)]
        own = {cell.column for cell in cells if cell.value == OUR_COLUMN}
        for cell in cells:
            if cell.column in own:
                cell.value = None
                cell.style = "Normal"
            elif cell.comment and _MARK in cell.comment.text:
                _unmark_cell(cell, before.get((sheet.title, cell.coordinate), ""))


def _fills_before(sheet: Any) -> dict[tuple[str, str], str]:
    rows = sheet.iter_rows(min_row=2, max_col=7, values_only=True)
    return {(str(row[2] or ""), str(row[3] or "")): str(row[6] or "") for row in rows if row[3]}


def _unmark_cell(cell: Any, fill: str) -> None:
    kept = cell.comment.text.split(_MARK)[0].rstrip("\n")
    cell.comment = Comment(kept, cell.comment.author) if kept else None
    if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in _COLOURS.values():
        cell.fill = PatternFill("solid", fgColor=fill) if fill else PatternFill()


# ---------------------------------------------------------------- writing


def _cannot_keep(path: Path) -> list[str]:
    if not zipfile.is_zipfile(path):
        return ["原格式(已另存为 .xlsx)"] if path.suffix.lower() != ".csv" else []
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
    lost = [what for start, what in _LOST if any(name.startswith(start) for name in names)]
    return lost if find_spec("PIL") is None else [what for what in lost if what != "图片"]


def _saved(book: Any, grids: Sequence[Grid], target: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"~{target.name}")
        book.save(draft)
        _restore_results(draft, book, grids)
        draft.replace(target)
    except OSError as fault:
        raise UsageError(
            f"写不了 {target}:{fault.strerror};文件是否正开着?", f"cannot write {target}: {fault.strerror}; is it open?"
        ) from fault
    return target


@dataclass(frozen=True)
class _Result:
    """The cached result of a formula, as the XML of a cell has it."""

    kind: str
    text: str


def _restore_results(path: Path, book: Any, grids: Sequence[Grid]) -> None:
    """Put back the results of formulas, which openpyxl drops when it keeps the formula."""
    results = {grid.sheet: _results(grid, book[grid.sheet]) for grid in grids if grid.sheet in book.sheetnames}
    if not any(results.values()):
        return
    parts = {f"xl/worksheets/sheet{n}.xml": sheet.title for n, sheet in enumerate(book.worksheets, start=1)}
    again = path.with_name(f"~{path.name}")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            found = results.get(parts.get(name, ""), {})
            target.writestr(name, _with_results(data.decode(), found).encode() if found else data)
    again.replace(path)


def _results(grid: Grid, sheet: Any) -> dict[str, _Result]:
    if not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row):
        return {}
    values = {
        grid.address(i, j): value
        for j, column in enumerate(grid.columns)
        for i, value in enumerate(column)
        if value not in (None, "") and not isinstance(value, Fault)
    }
    formulas: Iterable[Any] = (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f")
    return {c.coordinate: _result(values[c.coordinate]) for c in formulas if c.coordinate in values}


def _result(value: Any) -> _Result:
    if isinstance(value, bool):
        return _Result(' t="b"', str(int(value)))
    if isinstance(value, (int, float)):
        return _Result("", repr(value))
    if isinstance(value, (date, time)):
        moment = value if isinstance(value, (datetime, time)) else datetime.combine(value, time())
        return _Result("", repr(openpyxl.utils.datetime.to_excel(moment)))
    return _Result(' t="str"', escape(str(value), quote=False))


_FORMULA_CELL = re.compile(
    r'<c r="([A-Z]+\d+)"((?: s="\d+")?)[^>]*>(<f.*?</f>|<f[^>]*/>)<v\s*/?>(?:</v>)?</c>', re.DOTALL
)


def _with_results(xml: str, results: Mapping[str, _Result]) -> str:
    def filled(found: re.Match[str]) -> str:
        result = results.get(found[1])
        if result is None:
            return found[0]
        return f'<c r="{found[1]}"{found[2]}{result.kind}>{found[3]}<v>{result.text}</v></c>'

    return _FORMULA_CELL.sub(filled, xml)
