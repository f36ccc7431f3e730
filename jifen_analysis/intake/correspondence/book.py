"""Correspondence tables as workbooks, for people: one line a row, the meaning chosen from a list.

Only kind, text and meaning are read; everything else on a row is there to
help, and stays when the table is written again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from jifen_analysis.choices import HEAD, DropDown, form_at, write_lists
from jifen_analysis.errors import InvalidRecords, ManyProblems, Problem, Text, UsageError, cause, values_of
from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.correspondence.model import (
    OTHERS,
    CorrespondenceLine,
    choices_of,
    find_kind,
    fold_text,
    labels_of_kinds,
    nearest,
)
from jifen_analysis.intake.grid import AUTHOR, Grid, UnreadableError, is_blank, open_grids
from jifen_analysis.saving import replacing, writable
from jifen_analysis.vocabulary import ASIDE, Vocabulary

SHEET = "对照表"
KIND, TEXT, MEANING = "类别", "报来的写法", "读作"
HEADS = (KIND, TEXT, MEANING, "次数", "文件数", "首见文件", "首见位置", "最接近的", "备注")
"""What is written; whoever fills the table in may add columns behind."""
_WIDTHS = (10, 24, 24, 7, 7, 28, 16, 28, 24)
_HEADED = 10
"""Rows among which the headers stand."""
_GUIDE = (
    "对照表:报来的每一种写法,只说一次是什么意思",
    "一、只填黄色的“读作”一列:从下拉列表里选;确实不用的选“不计”;拿不准的先空着,空着的不起作用。",
    "二、填好保存,下次查验、计分加 --words 指明这个文件,或把它放在数据文件夹里,名为 对照表.xlsx。",
    "三、再运行一次 jifen check 数据 --unknown 本文件:填好的照旧,新出现的写法接在后面。各年可以一直用下去。",
    "四、“支部”一类把几种写法并为一个支部;“项目”是打分表上的考核项目;“年份”是日期没写年份时按哪一年;“记号”是打勾的表上没有图例的记号。",
    "五、已经认得的词不能改成别的意思;同一种写法不能有两种意思。",
)


@dataclass(frozen=True)
class BookRow:
    """One row as it stands: what the columns hold, and where the meaning stands."""

    cells: Mapping[str, str]
    file: str = ""
    sheet: str = ""
    cell: str = ""
    others: Mapping[str, str] = field(default_factory=dict)

    def said(self, name: str) -> str:
        """Return what stands in a column."""
        return self.cells.get(name, "") or self.others.get(name, "")

    def line(self, words: Vocabulary) -> CorrespondenceLine:
        """Return the line that the row says."""
        said = self.cells[KIND]
        return CorrespondenceLine(
            find_kind(said, words) or said, self.cells[TEXT], self.cells[MEANING], self.file, self.sheet, self.cell
        )


# ---------------------------------------------------------------- reading


def rows_in(path: Path) -> list[BookRow]:
    """Read the rows of a table.

    Raises
    ------
    InvalidRecords
        Where the file cannot be read, or is no correspondence table.
    """
    try:
        grids = open_grids(path, path.name)
    except UnreadableError as refusal:
        raise InvalidRecords((Problem("error", refusal.code, refusal.text, path.name),)) from refusal
    except OSError as fault:
        said = cause(fault)
        raise UsageError(f"读不了对照表 {path}:{said.zh}", f"cannot read {path}: {said.en}") from fault
    found = [(grid, at) for grid in grids if (at := _headed(grid)) is not None]
    if not found:
        wanted = "、".join((KIND, TEXT, MEANING))
        text = Text(f"不是对照表:没有写着 {wanted} 的表头", f"no correspondence table: no headers {wanted}")
        raise InvalidRecords((Problem("error", "bad_correspondence", text, path.name),))
    struck = [problem for grid, head in found for problem in _crossed_out(grid, head)]
    if struck:
        raise InvalidRecords(struck)
    return [row for grid, head in found for row in _rows(grid, head)]


def lines_open(path: Path) -> int:
    """Return how many lines of a table wait for a meaning."""
    return sum(not row.cells[MEANING] for row in rows_in(path))


def is_table_of_words(grids: Iterable[Grid]) -> bool:
    """Return whether a workbook that stands among the data is a correspondence table."""
    return any(_headed(grid) is not None for grid in grids if any(TEXT in column[:_HEADED] for column in grid.columns))


def _crossed_out(grid: Grid, head: int) -> Iterator[Problem]:
    """Refuse lines that are crossed out, wholly or in part: nobody knows whether they still hold."""
    names = [_text(value) for value in grid.row(head)]
    at = [grid.column_numbers[names.index(name)] for name in (TEXT, MEANING)]
    for i in range(head + 1, grid.height):
        for j in (j for j in at if (grid.row_numbers[i], j) in grid.facts.struck):
            text = Text(
                "对照表:这一格划掉了,不知还算不算;不算的请删去这一行,算的请去掉删除线",
                "correspondence table: crossed out; delete the line if it does not hold, else take the line off it",
            )
            cell = grid.address(i, grid.column_numbers.index(j))
            yield Problem("error", "bad_correspondence", text, grid.file, grid.sheet, cell)


def _headed(grid: Grid) -> int | None:
    """Return the row with the headers."""
    rows = enumerate(grid.rows(0, _HEADED))
    return next((i for i, row in rows if {KIND, TEXT, MEANING} <= set(map(_text, row))), None)


def _rows(grid: Grid, head: int) -> Iterator[BookRow]:
    names = [_text(value) for value in grid.row(head)]
    at = names.index(MEANING)
    for i in range(head + 1, grid.height):
        values = grid.row(i)
        if all(map(is_blank, values)):
            continue
        said = {name: _text(value) for name, value in zip(names, values, strict=True) if name}
        trimmed = {**said, KIND: plain(said[KIND]), MEANING: plain(said[MEANING])}
        own = {name: trimmed.get(name, "") for name in HEADS}
        others = {name: text for name, text in said.items() if name not in HEADS}
        yield BookRow(own, grid.file, grid.sheet, grid.address(i, at), others)


def _text(value: Any) -> str:
    return "" if value is None else display_raw(value)


# ---------------------------------------------------------------- writing


def write_rows(rows: Sequence[BookRow], path: Path, words: Vocabulary, branches: Iterable[str] = ()) -> None:
    """Write rows as a workbook with lists to choose the meaning from.

    Raises
    ------
    UsageError
        Where it cannot be written.
    """
    with form_at(path, AUTHOR) as book:
        sheet = book.add_worksheet(SHEET)
        _guide(book.add_worksheet("说明"))
        choices = write_lists(book, _lists(words, branches))
        _table(sheet, rows, _formats(book))
        _drop_downs(sheet, [row.line(words).kind for row in rows], choices)


def _lists(words: Vocabulary, branches: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Return the meanings to choose from, kind by kind; the kinds themselves under a blank name."""
    kinds = labels_of_kinds(words)
    meant = {kind: choices_of(kind, words, branches) for kind in kinds}
    aside = {kind: (*found, *((ASIDE,) if may_be_aside(kind) and found else ())) for kind, found in meant.items()}
    return {**aside, "": tuple(kinds.values())}


def may_be_aside(kind: str) -> bool:
    """Return whether a text of a kind may be left aside."""
    return kind not in OTHERS or kind in ("header", "sheet", "sign", "item")


def _formats(book: Any) -> Mapping[str, Any]:
    return {
        "head": book.add_format({**HEAD, "text_wrap": True}),
        "text": book.add_format({"num_format": "@"}),
        "fill": book.add_format({"num_format": "@", "bg_color": "#FFF2CC", "border": 1}),
    }


def _guide(sheet: Any) -> None:
    sheet.set_column(0, 0, 100)
    for row, line in enumerate(_GUIDE):
        sheet.write_string(row, 0, line)


def _table(sheet: Any, rows: Sequence[BookRow], formats: Mapping[str, Any]) -> None:
    more = tuple(dict.fromkeys(name for row in rows for name in row.others))
    for j, name in enumerate((*HEADS, *more)):
        sheet.set_column(j, j, _WIDTHS[j] if j < len(_WIDTHS) else 16, formats["text"])
        sheet.write_string(0, j, name, formats["head"])
        for i, row in enumerate(rows, start=1):
            # As text whatever it looks like: a word from a table is neither a formula nor a link.
            sheet.write_string(i, j, row.said(name), formats["fill" if name == MEANING else "text"])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(HEADS) + len(more) - 1)


def _drop_downs(sheet: Any, kinds: Sequence[str], choices: Mapping[str, DropDown]) -> None:
    at = 1
    for kind, run in groupby(kinds):
        length = len(list(run))
        if kind in choices:
            rule = choices[kind].rule | _LENIENT
            sheet.data_validation(at, HEADS.index(MEANING), at + length - 1, HEADS.index(MEANING), rule)
        at += length
    if "" in choices:
        sheet.data_validation(1, 0, len(kinds) + _SPARE, 0, choices[""].rule)


_LENIENT = {
    "error_type": "warning",
    "error_message": "这一行的列表里没有这个词。若排过序,列表可能是别的类别的:词本身对就照填,读的时候会再查。",
}
"""Sorting moves what is written and leaves the lists where they were: they advise, and the reader refuses."""
_SPARE = 200
"""Rows below the last that are prepared for lines of one's own."""


# ---------------------------------------------------------------- what nobody knows yet


_COLUMNS = ("kind", "text", "count", "files", "file", "sheet", "cell", "nearest")
_YEARLESS = frozenset({"year_unknown"})
"""Problems that a year settles, whatever stands in their cells."""
_COMPARED = 100
"""Texts, the most frequent, to which the nearest known ones are looked for: looking is slow."""
_SHOWN = 3
"""Known words that are named beside an unknown one, at most."""
_LONGEST = 255
"""Signs of a text up to which it is a word or a header; what is longer is neither."""


def unknown_texts(problems: Sequence[Problem], words: Vocabulary, branches: Iterable[str] = ()) -> pd.DataFrame:
    """Return every text that a correspondence table could settle, once.

    Returns
    -------
    DataFrame
        kind, text, count (cells), files (how many), file, sheet, cell (of the
        first), nearest (the column that is missing there, and the known words
        most like it, joined by 、); by kind, the most frequent first.

    Examples
    --------
    >>> from jifen_analysis.errors import Text
    >>> from jifen_analysis.vocabulary import standard
    >>> problem = Problem("error", "unknown_word", Text("", ""), "a.xlsx", "考勤", "D4", "到 了", "status")
    >>> unknown_texts([problem, problem], standard())[["kind", "text", "count", "cell"]].to_numpy().tolist()
    [['status', '到 了', 2, 'D4']]
    """
    order = list(labels_of_kinds(words))
    found: dict[tuple[str, str], list[tuple[Problem, int]]] = {}
    for one, times in values_of(problems):
        kind, text = ("year", "") if one.code in _YEARLESS else (one.kind, one.value)
        key = fold_text(kind, text)
        if kind in order and not one.meaning and (key or kind == "year") and len(text) <= _LONGEST:
            found.setdefault((kind, key), []).append((one, times))
    known = tuple(branches)
    rows = [_row(kind, same) for (kind, _), same in found.items()]
    rows.sort(key=lambda row: (order.index(str(row[0])), -int(row[2]), str(row[1])))
    wanted = {place: [one.wanted for one, _ in same if one.wanted] for place, same in found.items()}
    near = ["、".join(_nearest(row, wanted, words, known)) for row in rows[:_COMPARED]]
    return pd.DataFrame(rows, columns=list(_COLUMNS[:-1])).assign(nearest=[*near, *[""] * (len(rows) - len(near))])


def count_unknown(problems: Sequence[Problem], words: Vocabulary) -> int:
    """Return how many texts :func:`unknown_texts` lists; of very many, without a look at each problem.

    Examples
    --------
    >>> from jifen_analysis.errors import Text
    >>> from jifen_analysis.vocabulary import standard
    >>> problem = Problem("error", "unknown_word", Text("", ""), "a.xlsx", "考勤", "D4", "到 了", "status")
    >>> count_unknown([problem, problem], standard())
    1
    """
    if not isinstance(problems, ManyProblems):
        return len(unknown_texts(problems, words))
    kinds, found = frozenset(labels_of_kinds(words)), defaultdict[str, list[pa.Array]](list)
    for one, texts in problems.each():
        kind = "year" if one.code in _YEARLESS else one.kind
        if kind in kinds and not one.meaning:
            found[kind].append(pa.array([""]) if kind == "year" else _folded(kind, texts))
    alone = (len(parts[0]) if len(parts) == 1 else len(pc.unique(pa.chunked_array(parts))) for parts in found.values())
    return sum(alone)


def _folded(kind: str, texts: Sequence[str]) -> pa.Array:
    """Return the different forms in which texts are compared; those of small letters and digits alone as they are."""
    short = pa.array([text for text in texts if len(text) <= _LONGEST], pa.string())
    plain = pc.match_substring_regex(short, "^[0-9a-z\u4e00-\u9fff]+$")
    if kind in _READ_OTHERWISE:
        plain = pc.and_(plain, False)
    others = {fold_text(kind, text) for text in short.filter(pc.invert(plain)).to_pylist()} - {""}
    return pc.unique(pa.concat_arrays([short.filter(plain), pa.array(sorted(others), pa.string())]))


_READ_OTHERWISE = frozenset({"header", "sign", "item"})
"""Kinds of texts with a form of their own."""


def _row(kind: str, same: Sequence[tuple[Problem, int]]) -> tuple[str | int, ...]:
    first = same[0][0]
    text = "" if kind == "year" else first.value
    files = len({one.file for one, _ in same})
    return kind, text, sum(times for _, times in same), files, first.file, first.sheet, first.cell


def _nearest(
    row: tuple[str | int, ...],
    wanted: Mapping[tuple[str, str], Sequence[str]],
    words: Vocabulary,
    branches: Sequence[str],
) -> list[str]:
    """Return what is looked for where a text stands, then the known words that are spelt most like it."""
    kind, text = str(row[0]), str(row[1])
    missing = wanted[kind, fold_text(kind, text)]
    return list(dict.fromkeys((*missing, *nearest(kind, text, words, branches))))[:_SHOWN]


def write_unknown(unknown: pd.DataFrame, path: str | Path, words: Vocabulary, branches: Iterable[str] = ()) -> Path:
    """Write the table to fill in; what is filled in already at that place is kept, what is new is added below.

    Raises
    ------
    UsageError
        Where it cannot be written.
    InvalidRecords
        Where another file stands there.
    """
    target = writable(path, (".xlsx",))
    kept = rows_in(target) if target.exists() else []
    asked = {(row[KIND], fold_text(str(kind), row[TEXT])): row for kind, row in _asked(unknown, words)}
    places = [_place(row, words) for row in kept]
    rows = [_again(row, asked.get(place, {})) for row, place in zip(kept, places, strict=True)]
    rows += [BookRow({**dict.fromkeys(HEADS, ""), **cells}) for place, cells in asked.items() if place not in places]
    with replacing(target) as beside:
        write_rows(rows, beside, words, branches)
    return target


def _again(row: BookRow, cells: Mapping[str, str]) -> BookRow:
    """Return a row with what is found now; what it says stays."""
    return replace(row, cells={**row.cells, **{name: cells[name] for name in cells if name not in (KIND, TEXT)}})


def _place(row: BookRow, words: Vocabulary) -> tuple[str, str]:
    kind = find_kind(row.cells[KIND], words)
    label = labels_of_kinds(words)[kind] if kind else row.cells[KIND]
    return label, fold_text(kind or "", row.cells[TEXT])


def _asked(unknown: pd.DataFrame, words: Vocabulary) -> Iterable[tuple[str, Mapping[str, str]]]:
    """Yield the cells of every unknown text, but for the meaning."""
    kinds = labels_of_kinds(words)
    for kind, text, count, files, file, sheet, cell, near in unknown[list(_COLUMNS)].itertuples(index=False):
        place = "!".join(part for part in (sheet, cell) if part)
        said = (kinds[kind], text, str(count), str(files), file, place, near)
        yield kind, dict(zip((name for name in HEADS if name not in ("读作", "备注")), said, strict=True))
