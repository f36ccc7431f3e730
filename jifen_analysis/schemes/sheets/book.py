"""The rows of a 方案表 as a workbook, with lists to choose from; and a workbook's rows."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import openpyxl
import xlsxwriter

from jifen_analysis.documents import LARGEST_EMPTY_RANGE
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.sheets.notation import Cell
from jifen_analysis.schemes.sheets.plan import ABOUT, CHANGES, HEAD, SHEETS, PlanColumn, PlanSheet
from jifen_analysis.schemes.sheets.terms import Terms

LISTS, GUIDE = "字典", "填写说明"
_ROWS = 500
"""Rows below the headers that have lists to choose from."""
_GUIDE = (
    "填写说明",
    "一、一个方案由板块组成,板块由项目组成,项目由规则计分。每行一项;“板块”“项目”两列空着,就同上一行。",
    "二、代号可以不写,不写时用名称;别处提到时,写名称或代号都认得。",
    "三、有下拉列表的列从列表里选;一格写几个的,用顿号“、”隔开。",
    "四、分值写数(扣分写负数)或“不得分”;“按”某一列时写成 缺席=-5;迟到=-4。分档写成 1=-2;31=-5;60=不得分。",
    "五、条件写成 指标=总分;不低于=90 的样子,一行一个条件:“符合任一”只要一行成立,“全部符合”要行行成立。",
    "六、条款写原文出处;原文没有、由方案自己定的,写在“设定”里。",
    "七、读法:同一原文的另一种读法,每行改一处。路径写成 components.板块.items.项目.rules.规则.points。",
)


def book_of(rows: Mapping[str, Sequence[Sequence[Cell]]], terms: Terms, made: date) -> bytes:
    """Return the workbook of a scheme's rows, with what may be chosen from, saying that it was made on a day."""
    whole = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(whole, plain) as book:
        book.set_properties({"created": datetime.combine(made, time())})
        looks = {
            "head": book.add_format(
                {"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True, "valign": "top"}
            ),
            "cell": book.add_format({"text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        }
        tabs = {name: book.add_worksheet(name) for name in rows}
        guide, lists = book.add_worksheet(GUIDE), _Lists(book.add_worksheet(LISTS))
        _head(tabs[HEAD], rows[HEAD], looks, lists, terms)
        for sheet in (*SHEETS, *CHANGES):
            _table(tabs[sheet.name], sheet, rows[sheet.name], looks, lists, terms)
        guide.set_column(0, 0, 110, looks["cell"])
        guide.write_column(0, 0, _GUIDE)
        lists.sheet.hide()
    return whole.getvalue()


class _Lists:
    """The sheet that holds what may be chosen from, a column for each list."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.places: dict[tuple[str, ...], str] = {}

    def place(self, choices: tuple[str, ...]) -> str:
        """Return where a list stands, writing it the first time."""
        if choices not in self.places:
            at = len(self.places)
            self.sheet.write_column(0, at, choices)
            column = xlsxwriter.utility.xl_col_to_name(at)
            self.places[choices] = f"='{LISTS}'!${column}$1:${column}${len(choices)}"
        return self.places[choices]


def _head(tab: Any, rows: Sequence[Sequence[Cell]], looks: Mapping[str, Any], lists: _Lists, terms: Terms) -> None:
    tab.set_column(0, 0, 14)
    tab.set_column(1, 1, 70)
    for i, row in enumerate(rows):
        _write(tab, i, row, looks, head=i == 0)
    for i, column in enumerate(ABOUT, start=1):
        _choose(tab, (i, 1, i, 1), column, lists, terms)


def _table(
    tab: Any, sheet: PlanSheet, rows: Sequence[Sequence[Cell]], looks: Mapping[str, Any], lists: _Lists, terms: Terms
) -> None:
    tab.freeze_panes(1, len(sheet.owners) + 2)
    tab.set_column(0, len(sheet.owners), 18)
    for i, row in enumerate(rows):
        _write(tab, i, row, looks, head=i == 0)
    for j, column in enumerate(sheet.columns, start=len(sheet.owners) + 1):
        tab.set_column(j, j, column.width)
        _choose(tab, (1, j, _ROWS, j), column, lists, terms)


def _write(tab: Any, i: int, row: Sequence[Cell], looks: Mapping[str, Any], *, head: bool) -> None:
    for j, cell in enumerate(row):
        if isinstance(cell, date):
            tab.write_datetime(i, j, datetime.combine(cell, time()), looks["date"])
        elif cell is not None:
            tab.write(i, j, cell, looks["head" if head else "cell"])


def _choose(tab: Any, area: tuple[int, int, int, int], column: PlanColumn, lists: _Lists, terms: Terms) -> None:
    choices = column.codec.choices(terms)
    if choices:  # several may be written, too: the list helps and does not bar
        tab.data_validation(*area, {"validate": "list", "source": lists.place(choices), "show_error": False})


def rows_in(content: bytes) -> dict[str, list[list[Cell]]]:
    """Return the rows of every sheet of a workbook; formulas as they are written.

    Raises
    ------
    UsageError
        Where a sheet's cells lie too far apart.
    ValueError
        Where it is no workbook.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl does not keep: lists to choose from, colours
            book = openpyxl.load_workbook(io.BytesIO(content))
    except MemoryError:
        raise
    except Exception as fault:  # openpyxl fails in too many ways on damaged files to name them
        raise ValueError(str(fault)) from fault
    return {sheet.title: _rows(sheet) for sheet in book.worksheets}


def _rows(sheet: Any) -> list[list[Cell]]:
    """Return the rows down to the last cell that is filled, each as wide as the widest."""
    filled = {at: cell.value for at, cell in sheet._cells.items() if cell.value is not None}
    height, width = (max((at[axis] for at in filled), default=0) for axis in (0, 1))
    if height * width > LARGEST_EMPTY_RANGE:
        where = f"{xlsxwriter.utility.xl_col_to_name(width - 1)}{height}"
        raise UsageError(
            f"工作表“{sheet.title}”用到了 {where} 格,不像方案表,未打开",
            f"the sheet {sheet.title!r} reaches {where}, which no scheme does; not opened",
        )
    lines = range(1, height + 1), range(1, width + 1)
    return [[_plain(filled.get((row, column))) for column in lines[1]] for row in lines[0]]


def _plain(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    return value if value is None or isinstance(value, str | int | float | bool | date) else str(value)
