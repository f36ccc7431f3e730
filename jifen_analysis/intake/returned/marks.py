"""What is marked on each sheet and said at the end of its rows, and the sheet 问题清单 with all problems."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from jifen_analysis.errors import Problem, Severity
from jifen_analysis.intake.grid import Address, Grid, Value, grouped, is_blank
from jifen_analysis.intake.layouts.header_choice import find_header
from jifen_analysis.intake.layouts.return_markers import MARK, OUR_COLUMN, OUR_HEADS
from jifen_analysis.intake.returned.cells import text_cell
from jifen_analysis.intake.returned.package import MAIN
from jifen_analysis.line_wrap import wrap_line
from jifen_analysis.tables.sources import letters, parse_address
from jifen_analysis.vocabulary import standard

MOST_MARKS = 500
"""Cells marked on one sheet; the list names them all."""
_LAST_COLUMN = 16_384


@dataclass(frozen=True)
class SheetMarks:
    """What is marked on one sheet."""

    cells: Mapping[Address, tuple[Severity, str]]  # severity and words of each marked cell
    texts: Mapping[Address, str]  # what our column says, its header included
    ours: frozenset[Address]  # cells that an earlier return filled
    left: int = 0  # cells that are not marked because there are too many

    @property
    def comments(self) -> dict[str, str]:
        """Address to words."""
        return {f"{letters(column)}{row}": words for (row, column), (_, words) in self.cells.items()}


def marks_on(grid: Grid, problems: Sequence[Problem]) -> SheetMarks:
    """Say what to mark on a sheet, errors first, and what earlier marks to take back."""
    ordered = sorted(problems, key=lambda problem: problem.severity == "note")
    addressed = (problem for problem in ordered if re.fullmatch(r"[A-Z]{1,3}\d{1,7}", problem.cell))
    cells = grouped((_shown_at(grid, parse_address(problem.cell)), problem) for problem in addressed)
    marked = dict(list(cells.items())[:MOST_MARKS])
    said = {at: (found[0].severity, "\n".join(map(_worded, found))) for at, found in marked.items()}
    return SheetMarks(said, _texts(grid, cells), our_cells(grid), len(cells) - len(marked))


def _worded(problem: Problem) -> str:
    return f"{SEVERITY[problem.severity]}:{problem.message()}"


def _shown_at(grid: Grid, at: Address) -> Address:
    """Return the cell where a merged one is seen."""
    row, column = at
    for area in grid.merges:
        if area.top <= row <= area.bottom and area.left <= column <= area.right:
            return area.top, area.left
    return at


# ---------------------------------------------------------------- our column


def _texts(grid: Grid, cells: Mapping[Address, Sequence[Problem]]) -> dict[Address, str]:
    errors = ((row, one) for (row, _), found in cells.items() for one in found if one.severity == "error")
    rows = grouped((row, f"{error.cell}:{error.message()}") for row, error in errors)
    column = _free_column(grid)
    chosen = find_header(grid, standard())
    top = grid.row_numbers[chosen.header.row] if chosen else 0
    wrong = [(row, said) for row, said in sorted(rows.items()) if row != top][:MOST_MARKS]
    head = {(top, column): OUR_COLUMN} if top and wrong else {}
    return head | {(row, column): MARK + ";".join(said) for row, said in wrong}


def _free_column(grid: Grid) -> int:
    """Return the first column beyond everything of the branch's own; where a stray cell stands in the last, a gap."""
    filled = {n for n, column in zip(grid.column_numbers, grid.columns, strict=True) if not all(map(_not_own, column))}
    narrow = [area for area in grid.merges if area.right < _LAST_COLUMN]  # titles are merged over whole rows
    taken = filled | {n for area in narrow for n in range(area.left, area.right + 1)}
    beyond = max(taken, default=0) + 1
    return beyond if beyond <= _LAST_COLUMN else next(n for n in range(1, beyond + 1) if n not in taken)


def our_cells(grid: Grid) -> frozenset[Address]:
    """Return the cells that an earlier return filled; a header stays above what the branch wrote there itself."""
    found: set[Address] = set()
    for number, column in zip(grid.column_numbers, grid.columns, strict=True):
        if any(map(_ours, column)):
            answered = any(not _not_own(value) for value in column)
            found |= {
                (row, number)
                for row, value in zip(grid.row_numbers, column, strict=True)
                if _ours(value) and not (answered and value == OUR_COLUMN)
            }
    return frozenset(found)


def _ours(value: Value) -> bool:
    return isinstance(value, str) and (value == OUR_COLUMN or value.startswith(MARK))


def _not_own(value: Value) -> bool:
    return is_blank(value) or _ours(value)


# ---------------------------------------------------------------- the sheet 问题清单


SEVERITY: dict[Severity, str] = {"error": "须改正", "note": "请留意"}
_WIDTHS = (6, 9, 14, 9, 20, 72)
_ON_PAPER = (
    '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
)
_BROAD = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
"""A4 on its side, as broad as a page."""
_LINE = 15
"""Points of a line in a row."""
_MOST_LINKS = 60_000
"""A sheet with more links than 65,530 is damaged in the eyes of Excel."""
MOST_ROWS = 100_000


def list_sheet(problems: Sequence[Problem], remarks: Sequence[str], formats: Mapping[str, int], nameless: str) -> str:
    """Return the XML of the list, with remarks below it; ``nameless`` is the sheet of problems that name none."""
    rows = [_row(1, [text_cell(f"{letters(j)}1", name, formats["head"]) for j, name in enumerate(OUR_HEADS, start=1)])]
    rows += [_problem(n, problem, formats) for n, problem in enumerate(problems, start=1)]
    below = enumerate(remarks, start=len(problems) + 3)
    rows += [_row(row, [text_cell(f"A{row}", remark, 0)]) for row, remark in below]
    links = [_link(n, problem, nameless) for n, problem in enumerate(problems[:_MOST_LINKS], start=1) if problem.cell]
    widths = "".join(
        f'<col min="{j}" max="{j}" width="{width}" customWidth="1"/>' for j, width in enumerate(_WIDTHS, start=1)
    )
    return (
        f'<worksheet xmlns="{MAIN}">{_BROAD}<sheetViews><sheetView tabSelected="1" workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{''.join(rows)}</sheetData>"
        f'<autoFilter ref="A1:F{len(problems) + 1}"/>'
        f"{_linked(links)}{_ON_PAPER}</worksheet>"
    )


def _row(number: int, cells: Sequence[str], lines: int = 1) -> str:
    high = f' ht="{_LINE * lines}" customHeight="1"' if lines > 1 else ""
    return f'<row r="{number}"{high}>{"".join(cells)}</row>'


def _problem(n: int, problem: Problem, formats: Mapping[str, int]) -> str:
    row = n + 1
    said = (SEVERITY[problem.severity], problem.sheet, problem.cell, problem.value, problem.message())
    worn = (problem.severity, "said", "link", "said", "said")
    cells = [
        text_cell(f"{letters(j)}{row}", text, formats[name])
        for j, (text, name) in enumerate(zip(said, worn, strict=True), start=2)
    ]
    lines = max(len(wrap_line(text, width - 2, 0)) for text, width in zip(said, _WIDTHS[1:], strict=True))
    return _row(row, [f'<c r="A{row}" s="{formats["said"]}"><v>{n}</v></c>', *cells], lines)


def _linked(links: Sequence[str]) -> str:
    return f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""


def _link(n: int, problem: Problem, nameless: str) -> str:
    sheet = (problem.sheet or nameless).replace("'", "''")
    place = escape(f"'{sheet}'!{problem.cell}")
    return f'<hyperlink ref="D{n + 1}" location="{place}"/>'
