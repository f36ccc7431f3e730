"""One grid to its blocks."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import shown
from jifen_analysis.intake.dues import answers
from jifen_analysis.intake.grid import Grid, blank, count_filled
from jifen_analysis.intake.hints import Hints
from jifen_analysis.intake.layouts.across import upright
from jifen_analysis.intake.layouts.block import Block, Fate, Layout, Spread
from jifen_analysis.intake.layouts.body import Rows, blocks_below, is_total, rows_below
from jifen_analysis.intake.layouts.days import Doubt, dated
from jifen_analysis.intake.layouts.finding import around_of, find_header, given_by, is_whole, texts_of
from jifen_analysis.intake.layouts.headers import DEEPEST, Header, renamed
from jifen_analysis.intake.layouts.labels import explains, is_person
from jifen_analysis.intake.layouts.legend import blank_means, legend
from jifen_analysis.intake.layouts.merged import unmerged
from jifen_analysis.intake.layouts.notes import left_unfilled, notes, problem
from jifen_analysis.intake.layouts.ours import OUR_COLUMN, is_our_list
from jifen_analysis.intake.layouts.rivals import contradicting_columns, due_of_all_months
from jifen_analysis.intake.layouts.surroundings import Surroundings
from jifen_analysis.intake.layouts.totals import wrong_totals
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary, spelling

_GUIDES = ("说明", "须知", "填写", "封面", "目录", "字典", "readme", "guide", "instructions")


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
    if is_our_list(grid):
        return Layout(counts={"title": grid.filled()})
    known = hints or Hints()
    grid = renamed(grid, known.headers)
    header = find_header(grid, words, year, known.sheets.get(spelling(grid.sheet), ""))
    whole = header is not None and is_whole(header, around_of(grid, header.row, words, year))
    turned = None if whole or grid.turned else upright(grid, words)
    if turned and (lying := find_header(turned, words, year)) and is_whole(lying, around_of(turned, 0, words, year)):
        outside: Mapping[Fate, int] = {"title": grid.filled() - turned.filled()}
        return _together([lay_out(turned, words, year, known), Layout(counts=outside)])
    if header is None:
        return _without_header(grid)
    below = blocks_below(grid, header)
    if below:
        edges = zip([0, *below], [*below, grid.height], strict=True)
        parts = [grid.stretch(first, last) for first, last in edges]
        over = (*grid.above, *texts_of(grid, max(header.row - 1, 0)))
        near = around_of(grid, header.row, words, year).year
        return _together([lay_out(replace(part, above=over), words, near, known) for part in parts])
    beside = _side_by_side(grid, header, words, year)
    return _together(
        [_laid_out(part, found, around_of(part, found.row, words, year), words, known) for part, found in beside]
    )


def _together(layouts: Sequence[Layout]) -> Layout:
    counts: Counter[Fate] = reduce(lambda so_far, layout: so_far + Counter(layout.counts), layouts, Counter[Fate]())
    blocks = tuple(block for layout in layouts for block in layout.blocks)
    return Layout(blocks, tuple(problem for layout in layouts for problem in layout.problems), counts)


# ---------------------------------------------------------------- side by side


def _side_by_side(grid: Grid, header: Header, words: Vocabulary, year: int | None) -> list[tuple[Grid, Header]]:
    """Cut a sheet where a block ends and another begins beside it."""
    edges = _edges(grid, header)
    spans = list(zip([0, *edges], [*edges, grid.width], strict=True))
    over = (*grid.above, *_everybodys(grid, header.row, spans))
    found = []
    for first, last in spans:
        part = replace(grid.part(first, last), above=over)
        own = find_header(part, words, year)
        if own and not own.doubled and is_whole(own, around_of(part, own.row, words, year)):
            found.append((part, own))
    return found if len(found) == len(edges) + 1 > 1 else [(grid, header)]


def _everybodys(grid: Grid, row: int, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield the titles of the rows in which not every block has one of its own."""
    for values in grid.rows(0, row):
        filled = [[value for value in values[first:last] if not blank(value)] for first, last in spans]
        if not all(filled):
            yield from (value for block in filled for value in block if isinstance(value, str))


def _edges(grid: Grid, header: Header) -> list[int]:
    if header.doubled:
        first = min(header.doubled.values())
        return list(first[1:])
    people = [j for j, value in enumerate(grid.row(header.row)) if is_person(value)]
    return [
        next(j for j in range(gap + 1, grid.width) if not blank(grid.columns[j][header.row]))
        for gap in range(1, grid.width - 1)
        if all(map(blank, grid.columns[gap][header.row :]))
        and any(j < gap for j in people)
        and any(j > gap for j in people)
        and not all(map(blank, grid.columns[gap + 1][header.row :]))
    ]


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
    return Layout(problems=(problem(grid, "no_header", text),), counts={"refused": grid.filled()})


# ---------------------------------------------------------------- with one


def _laid_out(grid: Grid, header: Header, around: Surroundings, words: Vocabulary, hints: Hints) -> Layout:
    header = _signed(header)
    first = header.row + header.depth
    while explains(grid, first):
        first += 1
    header, doubts = dated(header, around) if header.wide or header.sums else (header, ())
    rows = rows_below(grid, header, first)
    problems = [
        *_doubled(grid, header),
        *contradicting_columns(grid, header, rows.body, words),
        *due_of_all_months(grid, header, rows.body, words),
        *(_missing(grid, header, around, words) if not doubts else ()),
    ]
    if doubts and not header.spreads:
        return Layout(problems=tuple(_doubtful(grid, doubts, rows)), counts={"refused": grid.filled()})
    if not problems and not rows.body and (rows.example or rows.unfilled):
        unfilled = tuple(left_unfilled(grid, header, rows))  # a blank form, left blank
        return Layout((), unfilled, _counts(grid, header, rows, first, doubts, words))
    if not problems and not rows.body and not _by_program(grid, header):
        text = Text("只有表头,没有数据", "a header without data")
        problems.append(problem(grid, "no_data", text, (header.row, min(header.columns.values()))))
    if problems:
        return Layout(problems=tuple(problems), counts={"refused": grid.filled()})
    block = _block(grid, header, rows, first, around, words, hints)
    doubtful = list(_doubtful(grid, doubts, rows))
    known = replace(header, sums=tuple(total for total in header.sums if total.j not in {d.j for d in doubts}))
    said = [*doubtful, *notes(grid, header, block, rows, words), *wrong_totals(block, known, rows, words)]
    return Layout((block,), tuple(said), _counts(grid, header, rows, first, doubts, words))


def _by_program(grid: Grid, header: Header) -> bool:
    """Return whether a program wrote the header, in codes: an empty table of its says that there are none."""
    return not grid.sheet and all(value in TABLES[header.table] for value in grid.row(header.row))


def _signed(header: Header) -> Header:
    """Take the list of one meeting, whose day the title says, for what it is: a column of ticks."""
    if header.table != "attendance" or header.wide or "status" not in header.columns or "date" in header.columns:
        return header
    columns = {name: j for name, j in header.columns.items() if name != "status"}
    return replace(header, columns=columns, spreads=(Spread({"status": header.columns["status"]}),))


def _block(
    grid: Grid, header: Header, rows: Rows, first: int, around: Surroundings, words: Vocabulary, hints: Hints
) -> Block:
    filled, copies = unmerged(_answered(grid, header), header, first)
    texts = list(_legend_texts(grid, header, rows, first)) if header.table in _SIGNED else []
    symbols = legend(texts, words, header.table)
    ticks = header.table == "attendance"
    empty = (hints.blank or blank_means(texts, words)) if ticks and header.wide else ""
    return Block(
        filled, header.table, header.columns, rows.body, header.spreads,
        _constants(header, around), around.year, {**symbols, **(hints.symbols if ticks else {})}, empty, copies,
    )  # fmt: skip


_SIGNED = ("attendance", "dues")
"""Tables in which signs may stand."""


def _answered(grid: Grid, header: Header) -> Grid:
    """Read 1 and 0 below 是否缴纳 as yes and no, and not as amounts."""
    j = header.columns.get("paid", -1)
    if j < 0 or "是否" not in str(grid.columns[j][header.row]):
        return grid
    return replace(grid, columns=(*grid.columns[:j], answers(grid.columns[j]), *grid.columns[j + 1 :]))


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
            yield problem(grid, "duplicate_header", text, (header.row, j))


def _missing(grid: Grid, header: Header, around: Surroundings, words: Vocabulary) -> Iterator[Problem]:
    unused = {shown(v): j for j, v in enumerate(grid.row(header.row)) if j not in header.used and not blank(v)}
    for column in header.missing(given_by(around)):
        word, label = words.column(header.table, column), words.tables[header.table].label
        near = difflib.get_close_matches(word.label, list(unused), n=1, cutoff=0.3)
        hint = (f",最接近的是“{near[0]}”", f"; the nearest header is “{near[0]}”") if near else ("", "")
        at = header.row, unused[near[0]] if near else min(header.used)
        line = f'[headers] "{near[0] if near else "…"}" = "{word.label}"'
        title = _IN_TITLE.get(column, "")
        said = (f",也可在表题写明,如“{title}”", f", or say it in the title, as {title}") if title else ("", "")
        text = Text(
            f"{label}缺少“{word.label}”一列{hint[0]}{said[0]};若是同一列,可在布局文件写 {line}",
            f"the table {header.table} lacks the column {column} ({word.label}){hint[1]}{said[1]}; if it is the same "
            f"column, put into the layout file: {line}",
        )
        yield problem(grid, "missing_column", text, at)


_IN_TITLE = {"group": "党员互评", "due": "每人每月应缴10元", "period": "2024年上半年", "month": "2024年5月"}
"""What a title may say instead of a column."""


def _constants(header: Header, around: Surroundings) -> Mapping[str, Any]:
    """Return what the surroundings say instead of a column."""
    said: dict[str, Any] = {
        "period": around.period,
        "branch": around.branch,
        "date": around.day,
        "month": f"{around.year}-{around.month:02d}" if around.year and around.month else "",
        "activity": around.activity or "unspecified",
        "year": around.year if header.table == "members" else None,
        "due": around.due,
        "group": around.group if header.table == "evaluations" else "",
    }
    spread = {name for spread in header.spreads for name in (*spread.constants, *spread.fields)}
    wanted = {*TABLES[header.table], "branch"} - (spread - {"activity"})
    names = [name for name in said if name in wanted and name not in header.columns]
    return {name: said[name] for name in names if said[name]}


# ---------------------------------------------------------------- what is said of it


def _doubtful(grid: Grid, doubts: Sequence[Doubt], rows: Rows) -> Iterator[Problem]:
    """Say of a day that does not exist only where something stands below it, of an unknown year only once."""
    unknown = [doubt for doubt in doubts if doubt.code == "year_unknown"]
    for doubt in [*unknown[:1], *(d for d in doubts if d.code in ("bad_date", "bad_month", "out_of_range"))]:
        yield problem(grid, doubt.code, doubt.text, (doubt.row, doubt.j))
    for doubt in doubts:
        if doubt.code == "no_such_day":
            filled = [i for i in rows.body if not blank(grid.columns[doubt.j][i])]
            yield from (problem(grid, doubt.code, doubt.text, (i, doubt.j)) for i in filled)


def _counts(
    grid: Grid, header: Header, rows: Rows, first: int, doubts: Iterable[Doubt], words: Vocabulary
) -> Mapping[Fate, int]:
    counts: Counter[Fate] = Counter()
    others: dict[int, Fate] = {**dict.fromkeys(range(header.row), "title"), **rows.others}
    others |= dict.fromkeys(range(header.row, first), "header")
    for i, fate in others.items():
        signed = header.table in _SIGNED and fate in ("title", "footer")
        explains = signed and legend([_line(grid, i)], words, header.table)
        counts["legend" if explains else fate] += count_filled(grid.row(i))
    doubtful, summed = {doubt.j for doubt in doubts}, {total.j for total in header.sums}
    outside = sorted(others)
    for j in set(range(grid.width)) - header.used:
        column = grid.columns[j]
        below = count_filled(column) - count_filled([column[i] for i in outside])
        sums = is_total(grid.columns[j][header.row]) or is_total(grid.columns[j][first - 1])
        counts["refused" if j in doubtful else "total" if sums or j in summed else "extra"] += below
    return counts
