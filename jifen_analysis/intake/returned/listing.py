"""The sheet 问题清单: every problem in a row that can be filtered, with a link to its cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from jifen_analysis.errors import Problem, Severity
from jifen_analysis.intake.layouts.return_markers import OUR_HEADS
from jifen_analysis.intake.returned.cells import text_cell
from jifen_analysis.intake.returned.package import MAIN
from jifen_analysis.line_wrap import wrap_line
from jifen_analysis.tables.sources import letters

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
    """Return the XML of the list.

    Parameters
    ----------
    problems : sequence of Problem
        In the order of the list.
    remarks : sequence of str
        What there is to say below it.
    formats : mapping of str to int
        Formats by name, as the styles of the workbook have them.
    nameless : str
        The sheet that problems without a sheet's name are on.
    """
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
