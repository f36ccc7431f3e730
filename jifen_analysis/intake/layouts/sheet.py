"""One grid to its blocks."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from jifen_analysis.errors import Problem, Severity, Text
from jifen_analysis.intake.cells import shown
from jifen_analysis.intake.grid import Grid, blank, count_filled
from jifen_analysis.intake.hints import Hints
from jifen_analysis.intake.layouts.block import Block, Fate, Layout, Spread
from jifen_analysis.intake.layouts.body import Rows, blocks_below, is_total, rows_below
from jifen_analysis.intake.layouts.headers import DEEPEST, PERSON, Header, best_table, column_of, renamed, tables_named
from jifen_analysis.intake.layouts.legend import legend
from jifen_analysis.intake.layouts.merged import unmerged
from jifen_analysis.intake.layouts.surroundings import Surroundings, surroundings
from jifen_analysis.intake.layouts.totals import wrong_totals
from jifen_analysis.intake.layouts.wide import Doubt, dated, two_level, weekday_row, wide_header
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary, spelling

OUR_LIST = "问题清单"
"""The sheet that a returned copy adds; no data of the branch."""
OUR_COLUMN = "退回说明"
"""The column that a returned copy adds at the end of the rows."""
_GUIDES = ("说明", "须知", "填写", "封面", "目录", "字典", OUR_LIST, "readme", "guide", "instructions")


def lay_out(grid: Grid, words: Vocabulary, year: int | None = None, hints: Hints | None = None) -> Layout:
    """Find the table on a sheet.

    Parameters
    ----------
    grid : Grid
        The sheet.
    words : Vocabulary
        Names of tables, columns and activities.
    year : int, optional
        The year to take where nothing on the sheet says one.
    hints : Hints, optional
        What a layout file settles.

    Returns
    -------
    Layout
        Its blocks, the problems of its form, and what its cells outside the
        records are.
    """
    if grid.empty:
        return Layout()
    if grid.sheet == OUR_LIST:
        return Layout(counts={"title": grid.filled()})
    known = hints or Hints()
    grid = renamed(grid, known.headers)
    header = find_header(grid, words, year, known.sheets.get(spelling(grid.sheet), ""))
    if header is None:
        return _without_header(grid)
    below = blocks_below(grid, header)
    if below:
        edges = zip([0, *below], [*below, grid.height], strict=True)
        return _together([lay_out(grid.stretch(first, last), words, year, known) for first, last in edges])
    around = _around(grid, header.row, words, year)
    parts = _side_by_side(grid, header, around, words)
    return _together([_laid_out(part, found, around, words, known) for part, found in parts])


def _together(layouts: Sequence[Layout]) -> Layout:
    counts: Counter[Fate] = reduce(lambda so_far, layout: so_far + Counter(layout.counts), layouts, Counter[Fate]())
    blocks = tuple(block for layout in layouts for block in layout.blocks)
    return Layout(blocks, tuple(problem for layout in layouts for problem in layout.problems), counts)


# ---------------------------------------------------------------- the header


def find_header(grid: Grid, words: Vocabulary, year: int | None = None, only: str = "") -> Header | None:
    """Return the row that is most like a header, read as that of the table it fits best."""
    best: Header | None = None
    for row in range(min(grid.height, DEEPEST)):
        if _has_person(grid, row):
            around = _around(grid, row, words, year)
            called = tables_named((grid.sheet, *_texts(grid, row)), words)
            found = _header_at(grid, row, around, words, called, only)
            if found and (best is None or _size(found) > _size(best)):
                best = found
    return best


def _has_person(grid: Grid, row: int) -> bool:
    values = [value for value in grid.row(row) if not blank(value)]
    return len(values) >= 2 and any(column_of(value, "dues") or column_of(value, "surveys") for value in values)


def _header_at(
    grid: Grid, row: int, around: Surroundings, words: Vocabulary, called: frozenset[str], only: str = ""
) -> Header | None:
    given = _given(around)
    found = [
        best_table(grid, row, called, given, only),
        two_level(grid, row, called, given),
        wide_header(grid, row, around, words, called),
    ]
    return max((h for h in found if h and (not only or h.table == only)), key=_size, default=None)


def _size(header: Header) -> int:
    return len(header.used)


def _around(grid: Grid, row: int, words: Vocabulary, year: int | None) -> Surroundings:
    return surroundings(_texts(grid, row), grid.sheet, grid.file, year, words)


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


def _side_by_side(grid: Grid, header: Header, around: Surroundings, words: Vocabulary) -> list[tuple[Grid, Header]]:
    """Cut a sheet where a block ends and another begins beside it."""
    edges = _edges(grid, header)
    parts = [grid.part(first, last) for first, last in zip([0, *edges], [*edges, grid.width], strict=True)]
    called = tables_named((grid.sheet, *_texts(grid, header.row)), words)
    headers = [_header_at(part, header.row, around, words, called) for part in parts]
    found = [(part, part_header) for part, part_header in zip(parts, headers, strict=True) if part_header]
    if len(parts) < 2 or len(found) < len(parts) or any(h.missing(_given(around)) or h.doubled for _, h in found):
        return [(grid, header)]
    return found


def _edges(grid: Grid, header: Header) -> list[int]:
    if header.doubled:
        first = min(header.doubled.values())
        return list(first[1:])
    people = [j for j, value in enumerate(grid.row(header.row)) if _names_person(value)]
    return [
        next(j for j in range(gap + 1, grid.width) if not blank(grid.columns[j][header.row]))
        for gap in range(1, grid.width - 1)
        if all(map(blank, grid.columns[gap][header.row :]))
        and any(j < gap for j in people)
        and any(j > gap for j in people)
        and not all(map(blank, grid.columns[gap + 1][header.row :]))
    ]


def _names_person(value: object) -> bool:
    found = column_of(value, "dues") if isinstance(value, str) else None
    return found is not None and found[0] in PERSON


# ---------------------------------------------------------------- without a header


def _without_header(grid: Grid) -> Layout:
    if any(name in spelling(grid.sheet) for name in _GUIDES):
        return Layout(counts={"title": grid.filled()})
    seen = [shown(value) for row in grid.rows(0, DEEPEST) for value in row if not blank(value)][:6]
    text = Text(
        "没有找到表头;表头应在一行内有 党员编号(或姓名)和某类表的列,如 日期、出勤情况 或 月份、应缴;"
        f"见到的是:{'、'.join(seen)};也可在布局文件写 [headers] 指明列名",
        "no header found; looked for a row with 党员编号 (or 姓名) and the columns of a table, such as 日期, 出勤情况 "
        f"or 月份, 应缴; saw: {', '.join(seen)}; a layout file can name columns under [headers]",
    )
    return Layout(problems=(_problem(grid, "no_header", text),), counts={"refused": grid.filled()})


def _problem(
    grid: Grid, code: str, text: Text, at: tuple[int, int] | None = None, severity: Severity = "error"
) -> Problem:
    cell = grid.address(*at) if at else ""
    value = shown(grid.columns[at[1]][at[0]]) if at else ""
    return Problem(severity, code, text, grid.file, grid.sheet, cell, value)


# ---------------------------------------------------------------- with one


def _laid_out(grid: Grid, header: Header, around: Surroundings, words: Vocabulary, hints: Hints) -> Layout:
    header = _signed(header)
    first = header.row + header.depth
    first += weekday_row(grid, first)
    header, doubts = dated(header, around) if header.wide else (header, ())
    rows = rows_below(grid, header, first)
    problems = [*_doubled(grid, header), *(_missing(grid, header, around, words) if not doubts else ())]
    if doubts and not header.spreads:
        return Layout(problems=tuple(_doubtful(grid, doubts, rows)), counts={"refused": grid.filled()})
    if not problems and not rows.body and (rows.example or rows.unfilled):
        unfilled = tuple(_left_unfilled(grid, header, rows))  # a blank form, left blank
        return Layout((), unfilled, _counts(grid, header, rows, first, doubts, words))
    if not problems and not rows.body:
        text = Text("只有表头,没有数据", "a header without data")
        problems.append(_problem(grid, "no_data", text, (header.row, min(header.columns.values()))))
    if problems:
        return Layout(problems=tuple(problems), counts={"refused": grid.filled()})
    block = _block(grid, header, rows, first, around, words, hints)
    doubtful = list(_doubtful(grid, doubts, rows))
    said = [*doubtful, *_notes(grid, header, block, rows, words), *wrong_totals(grid, header, rows)]
    return Layout((block,), tuple(said), _counts(grid, header, rows, first, doubts, words))


def _signed(header: Header) -> Header:
    """Take the list of one meeting, whose day the title says, for what it is: a column of ticks."""
    if header.table != "attendance" or header.wide or "status" not in header.columns or "date" in header.columns:
        return header
    columns = {name: j for name, j in header.columns.items() if name != "status"}
    return replace(header, columns=columns, spreads=(Spread({"status": header.columns["status"]}),))


def _block(
    grid: Grid, header: Header, rows: Rows, first: int, around: Surroundings, words: Vocabulary, hints: Hints
) -> Block:
    filled, copies = unmerged(grid, header, first)
    symbols = legend(_legend_texts(grid, header, rows, first), words) if header.table == "attendance" else {}
    empty = hints.blank if header.table == "attendance" and header.wide else ""
    return Block(
        filled, header.table, header.columns, rows.body, header.spreads,
        _constants(header, around), around.year, {**symbols, **hints.symbols}, empty, copies,
    )  # fmt: skip


_MOST_BESIDE = 500
"""Texts of a column up to which one of them may be a legend: a longer column holds remarks of its own."""


def _legend_texts(grid: Grid, header: Header, rows: Rows, first: int) -> Iterator[str]:
    for i in (*range(first), *rows.others):
        yield _line(grid, i)
    for j in set(range(grid.width)) - header.used:
        if grid.columns[j][header.row] != OUR_COLUMN:  # our own words explain no sign
            beside = {value for value in set(grid.columns[j]) if isinstance(value, str)}
            yield from beside if len(beside) <= _MOST_BESIDE else ()


def _line(grid: Grid, i: int) -> str:
    return " ".join(value for value in grid.row(i) if isinstance(value, str))


def _doubled(grid: Grid, header: Header) -> Iterator[Problem]:
    for positions in header.doubled.values():
        cells = "、".join(grid.address(header.row, j) for j in positions)
        text = Text(f"表头重复({cells}),不知以哪一列为准;请只留一列", f"the header stands twice ({cells}); keep one")
        for j in positions:
            yield _problem(grid, "duplicate_header", text, (header.row, j))


def _missing(grid: Grid, header: Header, around: Surroundings, words: Vocabulary) -> Iterator[Problem]:
    unused = {shown(v): j for j, v in enumerate(grid.row(header.row)) if j not in header.used and not blank(v)}
    for column in header.missing(_given(around)):
        word = words.column(header.table, column)
        near = difflib.get_close_matches(word.label, list(unused), n=1, cutoff=0.3)
        hint = (f",最接近的是“{near[0]}”", f"; the nearest header is “{near[0]}”") if near else ("", "")
        at = header.row, unused[near[0]] if near else min(header.used)
        line = f'[headers] "{near[0] if near else "…"}" = "{word.label}"'
        text = Text(
            f"{words.tables[header.table].label}缺少“{word.label}”一列{hint[0]};若是同一列,可在布局文件写 {line}",
            f"the table {header.table} lacks the column {column} ({word.label}){hint[1]}; if it is the same column, "
            f"put into the layout file: {line}",
        )
        yield _problem(grid, "missing_column", text, at)


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
    spread = {name for spread in header.spreads for name in spread.constants}
    wanted = {*TABLES[header.table], "branch"} - (spread - {"activity"})
    names = [name for name in said if name in wanted and name not in header.columns]
    return {name: said[name] for name in names if said[name]}


# ---------------------------------------------------------------- what is said of it


def _doubtful(grid: Grid, doubts: Sequence[Doubt], rows: Rows) -> Iterator[Problem]:
    """Say of a day that does not exist only where something stands below it, of an unknown year only once."""
    unknown = [doubt for doubt in doubts if doubt.code == "year_unknown"]
    for doubt in [*unknown[:1], *(d for d in doubts if d.code == "bad_date")]:
        yield _problem(grid, doubt.code, doubt.text, (doubt.row, doubt.j))
    for doubt in doubts:
        if doubt.code == "no_such_day":
            filled = [i for i in rows.body if not blank(grid.columns[doubt.j][i])]
            yield from (_problem(grid, doubt.code, doubt.text, (i, doubt.j)) for i in filled)


def _notes(grid: Grid, header: Header, block: Block, rows: Rows, words: Vocabulary) -> Iterator[Problem]:
    yield from _taken_from_title(grid, header, block, words)
    yield from _hidden(grid, header, rows)
    yield from _left_unfilled(grid, header, rows)
    if header.wide and header.table == "attendance" and not block.blank:
        yield from _blanks(block)
    if header.wide and header.table == "marks":
        items = "、".join(dict.fromkeys(str(spread.constants["item"]) for spread in header.spreads))
        text = Text(f"每列一个项目,读作:{items}", f"an item a column: {items}")
        yield _problem(grid, "items_from_header", text, (header.row, min(header.columns.values())), "note")
    if header.wide and header.table == "dues" and not any(_has_two_amounts(header, s.fields) for s in header.spreads):
        text = Text("每月只有一个金额,读作应缴并已缴这个数", "one amount a month: taken as due and as paid")
        yield _problem(grid, "amount_due_and_paid", text, (header.row, min(header.columns.values())), "note")


def _left_unfilled(grid: Grid, header: Header, rows: Rows) -> Iterator[Problem]:
    if rows.unfilled:
        text = Text(
            f"{len(rows.unfilled)} 行只有姓名或编号,没有内容,不计为记录",
            f"{len(rows.unfilled)} rows name somebody and say nothing; they are no records",
        )
        yield _problem(grid, "unfilled_rows", text, (rows.unfilled[0], min(header.columns.values())), "note")


def _has_two_amounts(header: Header, fields: Mapping[str, int]) -> bool:
    return "due" in header.columns or {"due", "paid"} <= set(fields)


def _taken_from_title(grid: Grid, header: Header, block: Block, words: Vocabulary) -> Iterator[Problem]:
    varied = set.intersection(*(set(spread.constants) for spread in header.spreads))
    for column, value in block.constants.items():
        if column == "year" or (column == "branch" and header.table != "members") or column in varied:
            continue
        label = words.column(header.table, column).label
        said = words.label("activity", value) if column == "activity" else str(value)
        text = Text(f"表中没有“{label}”列,按表题或表名读作 {said}", f"{column} taken from title or sheet: {said}")
        if value == "unspecified":
            text = Text("表中没有注明活动类型,记为“未注明”", "no activity is named; taken as unspecified")
        yield _problem(grid, f"{column}_from_title", text, (header.row, min(header.columns.values())), "note")


def _hidden(grid: Grid, header: Header, rows: Rows) -> Iterator[Problem]:
    if grid.hidden:
        yield _problem(
            grid, "hidden_sheet", Text("工作表是隐藏的,照样读入", "a hidden sheet; read all the same"), None, "note"
        )
    numbers = (
        [grid.row_numbers[i] for i in rows.body if grid.row_numbers[i] in grid.hidden_rows] if grid.hidden_rows else []
    )
    if numbers:
        listed = "、".join(map(str, numbers[:10])) + ("……" if len(numbers) > 10 else "")
        text = Text(f"第 {listed} 行是隐藏的,照样读入", f"hidden rows, read all the same: {listed}")
        yield _problem(grid, "hidden_rows", text, (grid.row_numbers.index(numbers[0]), min(header.used)), "note")
    for j in sorted(header.used):
        if grid.column_numbers[j] in grid.hidden_columns:
            text = Text("这一列是隐藏的,照样读入", "a hidden column; read all the same")
            yield _problem(grid, "hidden_column", text, (header.row, j), "note")


def _blanks(block: Block) -> Iterator[Problem]:
    cells = [block.grid.columns[j][i] for s in block.spreads for j in s.fields.values() for i in block.body]
    empty = len(cells) - count_filled(cells)
    if empty:
        text = Text(f"空白 {empty} 格,不计为记录", f"{empty} blank cells are no records")
        yield Problem("note", "blank_cells", text, block.grid.file, block.grid.sheet)


def _counts(
    grid: Grid, header: Header, rows: Rows, first: int, doubts: Iterable[Doubt], words: Vocabulary
) -> Mapping[Fate, int]:
    counts: Counter[Fate] = Counter()
    others: dict[int, Fate] = {**dict.fromkeys(range(header.row), "title"), **rows.others}
    others |= dict.fromkeys(range(header.row, first), "header")
    for i, fate in others.items():
        explains = header.table == "attendance" and fate in ("title", "footer") and legend([_line(grid, i)], words)
        counts["legend" if explains else fate] += count_filled(grid.row(i))
    doubtful = {doubt.j for doubt in doubts}
    outside = sorted(others)
    for j in set(range(grid.width)) - header.used:
        column = grid.columns[j]
        below = count_filled(column) - count_filled([column[i] for i in outside])
        sums = is_total(grid.columns[j][header.row]) or is_total(grid.columns[j][first - 1])
        counts["refused" if j in doubtful else "total" if sums else "extra"] += below
    return counts
