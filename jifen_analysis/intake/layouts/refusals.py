"""Why a sheet, or one header of it, cannot be read: what is missing, what stands twice, what is in doubt."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import shown
from jifen_analysis.intake.grid import Grid, blank
from jifen_analysis.intake.layouts.block import Layout
from jifen_analysis.intake.layouts.body import Rows
from jifen_analysis.intake.layouts.days import Doubt
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.notes import problem
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.spellings import DEEPEST
from jifen_analysis.vocabulary import spelling

_GUIDES = ("说明", "须知", "填写", "封面", "目录", "字典", "readme", "guide", "instructions")


def without_header(grid: Grid) -> Layout:
    """Refuse a sheet in which no header was found, unless it is a guide."""
    if any(name in spelling(grid.sheet) for name in _GUIDES):
        return Layout(counts={"title": grid.filled()})
    seen = [shown(value) for row in grid.rows(0, DEEPEST) for value in row if not blank(value)][:6]
    text = Text(
        "没有找到表头;表头应在一行内有 党员编号(或姓名)和某类表的列,如 日期、出勤情况 或 月份、应缴;"
        f"见到的是:{'、'.join(seen)};也可在对照表里写明列名",
        "no header found; looked for a row with 党员编号 (or 姓名) and the columns of a table, such as 日期, 出勤情况 "
        f"or 月份, 应缴; saw: {', '.join(seen)}; a correspondence table can name the columns",
    )
    return Layout(problems=(problem(grid, "no_header", text),), counts={"refused": grid.filled()})


def doubled(grid: Grid, header: Header) -> Iterator[Problem]:
    """Refuse the very same header over two columns."""
    for positions in header.doubled.values():
        cells = "、".join(grid.address(header.row, j) for j in positions)
        text = Text(f"表头重复({cells}),不知以哪一列为准;请只留一列", f"the header stands twice ({cells}); keep one")
        for j in positions:
            yield problem(grid, "duplicate_header", text, (header.row, j))


def missing(grid: Grid, header: Header, scene: Scene) -> Iterator[Problem]:
    """Name the columns that neither header nor surroundings give, and the header nearest to each."""
    unused = {shown(v): j for j, v in enumerate(grid.row(header.row)) if j not in header.used and not blank(v)}
    for column in header.missing(scene.given):
        word, label = scene.words.column(header.table, column), scene.words.tables[header.table].label
        near = difflib.get_close_matches(word.label, list(unused), n=1, cutoff=0.3)
        hint = (f",最接近的是“{near[0]}”", f"; the nearest header is “{near[0]}”") if near else ("", "")
        at = header.row, unused[near[0]] if near else min(header.used)
        title = _IN_TITLE.get(column, "")
        said = (f",也可在表题写明,如“{title}”", f", or say it in the title, as {title}") if title else ("", "")
        text = Text(
            f"{label}缺少“{word.label}”一列{hint[0]}{said[0]};若有同样意思的一列,在对照表里写明(--unknown)",
            f"the table {header.table} lacks the column {column} ({word.label}){hint[1]}{said[1]}; a column "
            "that means the same is settled by a correspondence table (--unknown)",
        )
        yield problem(grid, "missing_column", text, at, kind="header" if near else "")


_IN_TITLE = {"group": "党员互评", "due": "每人每月应缴10元", "period": "2024年上半年", "month": "2024年5月"}
"""What a title may say instead of a column."""


def doubtful(grid: Grid, doubts: Sequence[Doubt], rows: Rows) -> Iterator[Problem]:
    """Say of a day that does not exist only where something stands below it, of an unknown year only once."""
    unknown = [doubt for doubt in doubts if doubt.code == "year_unknown"]
    for doubt in [*unknown[:1], *(d for d in doubts if d.code in ("bad_date", "bad_month", "out_of_range"))]:
        yield problem(grid, doubt.code, doubt.text, (doubt.row, doubt.j))
    for doubt in doubts:
        if doubt.code == "no_such_day":
            filled = [i for i in rows.body if not blank(grid.columns[doubt.j][i])]
            yield from (problem(grid, doubt.code, doubt.text, (i, doubt.j)) for i in filled)
