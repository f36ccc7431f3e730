"""The blank workbook for branches: filled in and sent back, it loads without a note."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from jifen_analysis.choices import HEAD, DropDown, form_at, write_lists
from jifen_analysis.errors import typeset
from jifen_analysis.intake.grid import AUTHOR
from jifen_analysis.periods import Kind, Period
from jifen_analysis.schemes.requirements import Requirements, requirements_of
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.tables import TABLES, Column
from jifen_analysis.vocabulary import Vocabulary, standard

_ROWS = 2000
"""Rows that are prepared for filling in."""

_LAST_COLUMN = 16_383
_A4, _UPRIGHT, _PRINTED = 9, 5, (22, 32)
"""A4 for the printer; columns that fit a page that stands; rows printed on one that lies, and on one that stands."""
_HEAD, _LINE = 32, 22
"""Points of the row of headers, and of a line to write on."""
_GUIDE = "填写说明"
_EXAMPLE = "示例"
_EXAMPLES: Mapping[str, Any] = {
    "text": "文字",
    "year": 2024,
    "month": "2024-05",
    "date": "2024-03-05",
    "boolean": "是",
    "count": 1,
    "number": 10,
}
_EXPLAINED: Mapping[str, str] = {
    "id": "编号按文本填写,前面的 0 不能少",
    "text": "文字",
    "year": "写成 2024",
    "month": "写成 2024-05",
    "period": "写成 2024、2024H1(上半年)、2024Q3(第三季度)或 2024-07",
    "date": "写成 2024-03-05",
    "boolean": "填 是 或 否,空白为未填",
    "count": "整数",
    "number": "只写数字,不写单位",
    "word": "从下拉列表中选择",
}


def write_template(
    path: str | Path, *, scheme: Scheme | str | Path | None = None, tables: Collection[str] | None = None
) -> Path:
    """Write the blank workbook.

    Parameters
    ----------
    path : str or Path
        Where to; ends in ``.xlsx``.
    scheme : Scheme, str or Path, optional
        Only the tables, columns and words that it reads are asked for, its own words among them.
    tables : collection of str, optional
        Only these tables, and ``members``.

    Returns
    -------
    Path
        The workbook.

    Raises
    ------
    UsageError
        Where it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> write_template(Path(tempfile.mkdtemp()) / "模板.xlsx", tables=["dues"]).name
    '模板.xlsx'
    """
    target = Path(path)
    needed, vocabulary, examples = _needed(scheme)
    names = [name for name in TABLES if name in needed.tables and (tables is None or name in {"members", *tables})]
    columns = {name: _columns(name, needed.unread.get(name, ())) for name in names}
    lists = {**_lists(columns, needed.codes, vocabulary), **({"marks.item": needed.items} if needed.items else {})}
    with form_at(target) as book:
        formats = _formats(book)
        _guide(book.add_worksheet(_GUIDE), columns, formats, vocabulary)
        sheets = {name: book.add_worksheet(vocabulary.tables[name].label) for name in columns}
        choices = write_lists(book, lists)
        for name, sheet in sheets.items():
            _table(sheet, name, columns[name], formats, choices, vocabulary, examples)
        sheets["members"].activate()
    return target


def _needed(scheme: Scheme | str | Path | None) -> tuple[Requirements, Vocabulary, Mapping[str, Any]]:
    """Return what is asked for, in which words, and an example of each kind of column, its period as long as theirs."""
    if scheme is None:
        return Requirements(frozenset(TABLES), {}, {}), standard(), _examples("half")
    read = scheme if isinstance(scheme, Scheme) else read_scheme(scheme)
    return requirements_of(read.book, read.words), read.words, _examples(read.book.period)


def _examples(length: Kind) -> Mapping[str, Any]:
    return {**_EXAMPLES, "period": str(Period.parse(_EXAMPLES["month"]).within(length))}


def _columns(table: str, unread: Collection[str]) -> list[Column]:
    return [column for name, column in TABLES[table].items() if column.required or name not in unread]


def _formats(book: Any) -> dict[str, Any]:
    return {
        "required": book.add_format({**HEAD, "text_wrap": True, **_MIDDLE}),
        "optional": book.add_format({"bg_color": "#F2F2F2", "border": 1, "text_wrap": True, **_MIDDLE}),
        "example": book.add_format({"italic": True, "font_color": "#737373", "locked": False, "align": "left"}),
        "text": book.add_format({"num_format": "@", "locked": False, "valign": "vcenter"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "locked": False, "valign": "vcenter"}),
        "open": book.add_format({"locked": False, "valign": "vcenter"}),
        "title": book.add_format({"bold": True, "font_size": 16, "valign": "vcenter"}),
        "words": book.add_format({"text_wrap": True, "valign": "vcenter"}),
    }


_MIDDLE = {"align": "center", "valign": "vcenter"}


def _on_paper(sheet: Any, rows: int, columns: int) -> None:
    """Let a sheet print on one A4 page."""
    sheet.set_paper(_A4)
    sheet.set_margins(0.5, 0.5, 0.9, 0.5)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, rows - 1, max(columns, 1) - 1)


def _as_form(sheet: Any, columns: int) -> None:
    """Let a table print as a form to fill in by hand: its name above, lines to write on."""
    lies = columns > _UPRIGHT
    if lies:
        sheet.set_landscape()
    sheet.hide_gridlines(0)
    sheet.set_header(
        '&L&"Microsoft YaHei,Bold"&14&A&R&"Microsoft YaHei,Regular"&10党支部：__________  填表人：________'
    )
    sheet.set_default_row(_LINE)
    sheet.set_row(0, _HEAD)
    _on_paper(sheet, _PRINTED[not lies], columns)


def _guide(sheet: Any, asked: Collection[str], formats: Mapping[str, Any], words: Vocabulary) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 84)
    lines = [
        "填写说明",
        "一、每张表一行一条记录;带 * 的列必填,其余可空。表头请勿改动。",
        "二、第二行是示例,读取时自动跳过,可以删除。没有内容的表保持原样即可。",
        "三、编号按文本填写;日期写成 2024-03-05;有下拉列表的列请从列表中选择。",
        f"四、本工作簿包括:{'、'.join(words.tables[name].label for name in asked)}。",
    ]
    for row, line in enumerate(lines):
        sheet.set_row(row, _HEAD)
        sheet.write_string(row, 0, typeset(line), formats["words" if row else "title"])
    _on_paper(sheet, len(lines), 1)


def _lists(
    columns: Mapping[str, Collection[Column]], codes: Mapping[str, Collection[str]], words: Vocabulary
) -> dict[str, Sequence[str]]:
    kinds = dict.fromkeys(column.words for asked_for in columns.values() for column in asked_for if column.words)
    chosen = {kind: codes.get(kind, words.codes(kind)) for kind in kinds}
    return {kind: [words.label(kind, code) for code in words.codes(kind) if code in chosen[kind]] for kind in kinds}


def _table(
    sheet: Any,
    name: str,
    columns: Collection[Column],
    formats: Mapping[str, Any],
    choices: Mapping[str, DropDown],
    words: Vocabulary,
    examples: Mapping[str, Any],
) -> None:
    for j, column in enumerate(columns):
        label = words.column(name, column.name).label
        sheet.write_string(
            0, j, f"*{label}" if column.required else label, formats["required" if column.required else "optional"]
        )
        sheet.write_comment(0, j, _EXPLAINED[column.kind], {"x_scale": 1.6, "y_scale": 0.6, "author": AUTHOR})
        sheet.set_column(
            j, j, 16, formats[{"date": "date", "count": "open", "number": "open"}.get(column.kind, "text")]
        )
        choice = choices.get(column.words or f"{name}.{column.name}")
        # The mark that makes a row an example stands in its first column.
        sheet.write(1, j, _EXAMPLE if j == 0 else choice.first if choice else examples[column.kind], formats["example"])
        rule = _rule(column, choice)
        if rule:
            sheet.data_validation(2, j, _ROWS, j, {**rule, "ignore_blank": True})
    _as_form(sheet, len(columns))
    # A protected sheet lets rows go only where every cell of them is open, to the last column.
    sheet.set_column(len(columns), _LAST_COLUMN, None, formats["open"])
    sheet.freeze_panes(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True,
                       "sort": True, "autofilter": True})  # fmt: skip


def _rule(column: Column, choice: DropDown | None) -> dict[str, Any]:
    if choice:
        return choice.rule
    if column.kind == "boolean":
        return {"validate": "list", "source": ["是", "否"], "error_message": "请填 是 或 否"}
    if column.kind == "date":
        return {"validate": "date", "criteria": ">=", "value": date(1901, 1, 1), "error_message": "日期写成 2024-03-05"}
    if column.kind not in ("number", "count"):
        return {}
    kind = "integer" if column.kind == "count" else "decimal"
    low, high = column.low if column.low is not None else -1e6, column.high if column.high is not None else 1e9
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high, "error_message": "请填数字"}
