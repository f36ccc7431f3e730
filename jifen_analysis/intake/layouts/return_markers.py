"""What a returned copy adds to a workbook, so that it is known when it comes back."""

from __future__ import annotations

from jifen_analysis.errors import Text
from jifen_analysis.intake.grid import Grid

OUR_LIST = "问题清单"
"""The sheet that a returned copy adds; a branch may have one of that name."""
OUR_HEADS = ("序号", "级别", "工作表", "单元格", "读到的", "问题与改法")
"""Its headers, by the first of which it is known."""
OUR_COLUMN = "退回说明"
"""The column that a returned copy adds at the end of the rows."""

OUR_LIST_LEFT = Text("退回时附上的问题清单,没有读", "the list of problems that came with a returned copy; not read")

MARK = "【退回】"
"""Where our words begin, in a comment and in a cell."""


def is_our_list(grid: Grid) -> bool:
    """Return whether a sheet is the list of a returned copy; no data of the branch."""
    return any(row[:4] == OUR_HEADS[:4] for row in grid.rows(0, _FIRST_ROWS))


_FIRST_ROWS = 5
"""Rows among which its headers stand, even where somebody has put a title above."""
