"""One grid to its blocks."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from jifen_analysis.errors import Problem, Severity, Text
from jifen_analysis.intake.cells import shown
from jifen_analysis.intake.grid import Grid, blank, count_filled
from jifen_analysis.intake.layouts.block import Block, Fate, Layout
from jifen_analysis.intake.layouts.body import Rows, rows_below
from jifen_analysis.intake.layouts.headers import DEEPEST, Header, find_header
from jifen_analysis.intake.layouts.surroundings import Surroundings, surroundings
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary, spelling

_GUIDES = ("说明", "须知", "填写", "封面", "目录", "字典", "问题清单", "readme", "guide", "instructions")


def lay_out(grid: Grid, words: Vocabulary, year: int | None = None) -> Layout:
    """Find the table on a sheet.

    Parameters
    ----------
    grid : Grid
        The sheet.
    words : Vocabulary
        Names of tables, columns and activities.
    year : int, optional
        The year to take where nothing on the sheet says one.

    Returns
    -------
    Layout
        Its blocks, the problems of its form, and what its cells outside the
        records are.
    """
    filled = grid.filled()
    if not filled:
        return Layout()
    named = surroundings((), grid.sheet, grid.file, year, words)
    header = find_header(grid, (grid.sheet, *_texts(grid, min(3, grid.height))), _given(named), words)
    if header is None:
        return _without_header(grid, filled)
    around = surroundings(_texts(grid, header.row), grid.sheet, grid.file, year, words)
    return _laid_out(grid, header, around, words)


def _texts(grid: Grid, rows: int) -> list[str]:
    return [value for row in grid.rows(0, rows) for value in row if isinstance(value, str) and not blank(value)]


def _given(around: Surroundings) -> frozenset[str]:
    """Return the columns that the surroundings of a sheet can stand in for."""
    known = {
        "activity": True,
        "period": bool(around.period),
        "branch": bool(around.branch),
        "date": around.day is not None,
        "month": around.month is not None,
    }
    return frozenset(column for column, is_known in known.items() if is_known)


def _without_header(grid: Grid, filled: int) -> Layout:
    if any(name in spelling(grid.sheet) for name in _GUIDES):
        return Layout(counts={"title": filled})
    seen = [shown(value) for row in grid.rows(0, DEEPEST) for value in row if not blank(value)][:6]
    text = Text(
        f"没有找到表头;表头应在一行内有 党员编号(或姓名)和某类表的列,如 日期、出勤情况 或 月份、应缴;见到的是:{'、'.join(seen)}",
        "no header found; looked for a row with 党员编号 (or 姓名) and the columns of a table, such as 日期, 出勤情况 "
        f"or 月份, 应缴; saw: {', '.join(seen)}",
    )
    return Layout(problems=(_problem(grid, "no_header", text),), counts={"refused": filled})


def _problem(
    grid: Grid, code: str, text: Text, at: tuple[int, int] | None = None, severity: Severity = "error"
) -> Problem:
    cell = grid.address(*at) if at else ""
    value = shown(grid.columns[at[1]][at[0]]) if at else ""
    return Problem(severity, code, text, grid.file, grid.sheet, cell, value)


def _laid_out(grid: Grid, header: Header, around: Surroundings, words: Vocabulary) -> Layout:
    problems = [*_doubled(grid, header), *_missing(grid, header, around, words)]
    rows = rows_below(grid, header, header.row + 1)
    if not problems and not rows.body:
        text = Text("只有表头,没有数据", "a header without data")
        problems.append(_problem(grid, "no_data", text, (header.row, min(header.columns.values()))))
    if problems:
        return Layout(problems=tuple(problems), counts={"refused": grid.filled()})
    constants = _constants(header, around)
    block = Block(grid, header.table, header.columns, rows.body, constants=constants, year=around.year)
    return Layout((block,), tuple(_notes(grid, header, constants, words)), _counts(grid, header, rows))


def _doubled(grid: Grid, header: Header) -> Iterable[Problem]:
    for positions in header.doubled.values():
        cells = "、".join(grid.address(header.row, j) for j in positions)
        for j in positions:
            text = Text(
                f"表头重复({cells}),不知以哪一列为准;请只留一列", f"the header stands twice ({cells}); keep one"
            )
            yield _problem(grid, "duplicate_header", text, (header.row, j))


def _missing(grid: Grid, header: Header, around: Surroundings, words: Vocabulary) -> Iterable[Problem]:
    used = set(header.columns.values())
    unused = [shown(v) for j, v in enumerate(grid.row(header.row)) if j not in used and not blank(v)]
    for column in header.missing(_given(around)):
        word = words.column(header.table, column)
        near = difflib.get_close_matches(word.label, unused, n=1, cutoff=0.3)
        hint = (f",最接近的是“{near[0]}”", f"; the nearest header is “{near[0]}”") if near else ("", "")
        table = words.tables[header.table]
        text = Text(
            f"{table.label}缺少“{word.label}”一列{hint[0]}",
            f"the table {header.table} lacks the column {column} ({word.label}){hint[1]}",
        )
        yield replace(_problem(grid, "missing_column", text, (header.row, min(used))), value="、".join(unused[:8]))


def _constants(header: Header, around: Surroundings) -> Mapping[str, Any]:
    """Return what the surroundings say instead of a column."""
    said: dict[str, Any] = {
        "period": around.period,
        "branch": around.branch,
        "date": around.day,
        "month": f"{around.year}-{around.month:02d}" if around.year and around.month else "",
        "activity": around.activity or "unspecified",
        "year": around.year if header.table == "members" else None,
    }
    wanted = [*TABLES[header.table], *(["branch"] if header.table != "members" else [])]
    return {name: said[name] for name in wanted if name not in header.columns and said.get(name)}


def _notes(grid: Grid, header: Header, constants: Mapping[str, Any], words: Vocabulary) -> Iterable[Problem]:
    for column, value in constants.items():
        if column in ("year", "branch"):
            continue
        label = words.column(header.table, column).label
        said = words.label("activity", value) if column == "activity" else str(value)
        if column == "activity" and value == "unspecified":
            text = Text("表中没有注明活动类型,记为“未注明”", "no activity is named; taken as unspecified")
        else:
            text = Text(
                f"表中没有“{label}”列,按表题或表名读作 {said}", f"{column} taken from title or sheet name: {said}"
            )
        yield _problem(grid, f"{column}_from_title", text, (header.row, min(header.columns.values())), "note")


def _counts(grid: Grid, header: Header, rows: Rows) -> Mapping[Fate, int]:
    counts: Counter[Fate] = Counter()
    others: dict[int, Fate] = {**dict.fromkeys(range(header.row), "title"), header.row: "header", **rows.others}
    for i, fate in others.items():
        counts[fate] += count_filled(grid.row(i))
    used = set(header.columns.values())
    outside = sorted(others)
    for j in range(grid.width):
        if j not in used:
            column = grid.columns[j]
            counts["extra"] += count_filled(column) - count_filled([column[i] for i in outside])
    return counts
