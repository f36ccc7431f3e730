"""The results workbook: sheets drawn for people who will sort, filter, print and forward them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jifen_analysis.intake.grid import AUTHOR
from jifen_analysis.report.allocation import without_collection
from jifen_analysis.report.sheets import NativeChart, Sheet
from jifen_analysis.report.summary import WHOLE
from jifen_analysis.saving import made_on, replacing, writable

MOST_ROWS = 1_000_000
"""A sheet holds 1,048,576 rows; what is longer goes on in a second sheet."""

_GREEN, _AMBER, _RED = "#C6E7CF", "#FCE9B2", "#F6C7C3"


@without_collection()
def write_workbook(sheets: Iterable[Sheet], path: str | Path, grades: Iterable[str] = ()) -> Path:
    """Write sheets into one workbook, whole or not at all.

    Text that looks like a formula or a link stays text.

    Parameters
    ----------
    sheets : iterable of Sheet
        In the order of the tabs.
    path : str or Path
        Ends with ``.xlsx``; replaced where it exists.
    grades : iterable of str
        The scheme's grades, best first, for the colours.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    UsageError
        Where the file cannot be written: the folder is missing, or it is open elsewhere.
    """
    target = writable(path, [".xlsx"])
    with book_at(target) as book:
        pen = _Pen.of(book, tuple(grades))
        for sheet in sheets:
            for part in _parts(sheet):
                tab = book.add_worksheet(part.name)
                _draw(tab, part, pen)
                for at, chart in enumerate(part.charts):
                    tab.insert_chart(1 + at * _CHART_ROWS, len(part.headers) + 1, _drawn(book, chart, pen))
    return target


@contextmanager
def book_at(target: Path) -> Iterator[xlsxwriter.Workbook]:
    """Yield a workbook in which text stays text; it takes the target's place when all went well."""
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replacing(target) as beside:
        try:
            with xlsxwriter.Workbook(beside, plain) as book:
                book.set_properties({"created": datetime.combine(made_on(), time()), "author": AUTHOR})
                yield book
        except FileCreateError as fault:
            raise fault.args[0] from fault  # the system's own is inside it


_CHART_ROWS = 24


def _drawn(book: xlsxwriter.Workbook, chart: NativeChart, pen: _Pen) -> Chart:
    drawn = book.add_chart(_KINDS[chart.kind])
    for one in chart.series:
        tint = _LINES[len(drawn.series) % len(_LINES)] if one.dashed else _INK
        line = {"color": tint, "width": 1.5, **({"dash_type": "dash"} if one.dashed else {})}
        look = {"line": line} if chart.kind == "outline" else {"fill": {"color": pen.tints.get(one.name, _INK)}}
        drawn.add_series({"name": one.name, "categories": one.categories, "values": one.values, "gap": 60, **look})
    drawn.set_title({"name": chart.title, "name_font": {"size": 12}, "overlay": False})
    lines = {"major_gridlines": {"visible": True, "line": {"color": "#E3E6EA"}}}
    drawn.set_x_axis({"name": chart.across, **(lines if chart.kind == "bar" else {})})
    drawn.set_y_axis({"name": chart.up, **({} if chart.kind == "bar" else lines)})
    drawn.set_legend({"position": "bottom"})
    drawn.show_hidden_data()
    drawn.set_size({"width": 760, "height": 440})
    return drawn


_KINDS = {
    "bar": {"type": "bar", "subtype": "percent_stacked"},
    "column": {"type": "column", "subtype": "percent_stacked"},
    "outline": {"type": "scatter", "subtype": "straight"},
}
_INK = "#3B5B7A"
_LINES = ("#C0504D", "#8064A2", "#B8860B", "#4F6228")


def _parts(sheet: Sheet) -> Iterable[Sheet]:
    if len(sheet.frame) <= MOST_ROWS:
        yield sheet
        return
    for number, first in enumerate(range(0, max(len(sheet.frame), 1), MOST_ROWS), start=1):
        name = sheet.name if number == 1 else f"{sheet.name}({number})"
        yield replace(sheet, name=name, frame=sheet.frame.iloc[first : first + MOST_ROWS], formulas={})


@dataclass(frozen=True)
class _Pen:
    """The formats of one workbook: by kind of number, for plain rows and for the row of the whole."""

    title: Format
    header: Format
    plain: Mapping[str, Format]
    formula: Mapping[str, Format]
    whole: Mapping[str, Format]
    grades: Mapping[str, Format]
    tints: Mapping[str, str]
    input: Format

    @classmethod
    def of(cls, book: xlsxwriter.Workbook, grades: tuple[str, ...]) -> _Pen:
        whole = {"bold": True, "top": 1, "bg_color": "#EEF1F5"}
        return cls(
            book.add_format({"bold": True, "font_size": 14}),
            book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "vcenter"}),
            {kind: book.add_format({"num_format": shape}) for kind, shape in _SHAPES.items()},
            # A formula in a cell of the format text would be shown instead of its result once it is edited.
            {kind: book.add_format({"num_format": shape.replace("@", "General")}) for kind, shape in _SHAPES.items()},
            {kind: book.add_format({"num_format": shape, **whole}) for kind, shape in _SHAPES.items()},
            {grade: book.add_format({"bg_color": tint}) for grade, tint in tints(grades).items()},
            tints(grades),
            book.add_format({"num_format": "General", "bg_color": "#FFF6BF", "border": 1}),
        )


_SHAPES = {"text": "@", "count": "0", "score": "0.00", "share": "0.0%", "figure": "General"}


def tints(grades: tuple[str, ...]) -> dict[str, str]:
    """Return a colour for each grade: green for the best, red for the worst, from green to amber to red between.

    Examples
    --------
    >>> tints(("优秀", "合格", "不合格"))
    {'优秀': '#C6E7CF', '合格': '#FCE9B2', '不合格': '#F6C7C3'}
    """
    places = [at / max(len(grades) - 1, 1) for at in range(len(grades))]
    return {grade: _mixed(place) for grade, place in zip(grades, places, strict=True)}


def _mixed(place: float) -> str:
    """Return the colour at a place between 0, the best, and 1."""
    ends, part = ((_GREEN, _AMBER), place * 2) if place < 1 / 2 else ((_AMBER, _RED), place * 2 - 1)
    low, high = ([int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in ends)
    return "#" + "".join(f"{round(one + part * (other - one)):02X}" for one, other in zip(low, high, strict=True))


def _draw(tab: Worksheet, sheet: Sheet, pen: _Pen) -> None:
    top = 1 if sheet.title else 0
    if sheet.title:
        tab.write_string(0, 0, sheet.title, pen.title)
    for at, header in enumerate(sheet.headers):
        tab.write_string(top, at, header, pen.header)
        tab.set_column(at, at, _width(header, sheet.frame.iloc[:, at]))
    last = top + max(len(sheet.frame), 1)
    tab.autofilter(top, 0, last, len(sheet.headers) - 1)
    tab.freeze_panes(top + 1, _frozen_columns(sheet))
    if sheet.charts:
        tab.fit_to_pages(1, 1)
    else:
        tab.set_landscape()
        tab.fit_to_pages(1, 0)
        tab.repeat_rows(top)
    whole = frozenset(at for at, said in enumerate(sheet.frame.get("branch", ())) if said == WHOLE)
    for at, column in enumerate(map(str, sheet.frame)):
        _fill(tab, sheet, at, whole, pen)
        if column in sheet.hidden:
            tab.set_column(at, at, None, None, {"hidden": True})
        if column in sheet.formulas and column.startswith("grade"):
            _follow(tab, (top + 1, at, last, at), pen)


def _follow(tab: Worksheet, cells: tuple[int, int, int, int], pen: _Pen) -> None:
    """Colour grades that may change."""
    for grade, look in pen.grades.items():
        text = '"' + grade.replace('"', '""') + '"'
        tab.conditional_format(*cells, {"type": "cell", "criteria": "==", "value": text, "format": look})


def _frozen_columns(sheet: Sheet) -> int:
    """Keep in sight what says of whom a row speaks."""
    return next((at + 1 for at, name in enumerate(sheet.frame) if name in ("branch", "name")), 0)


def _fill(tab: Worksheet, sheet: Sheet, at: int, whole: frozenset[int], pen: _Pen) -> None:
    column, values = str(sheet.frame.columns[at]), sheet.frame.iloc[:, at]
    kind, formulas = _kind(column, values), dict(enumerate(sheet.formulas.get(column, ())))
    write = tab.write_string if kind == "text" else tab.write_number
    known = values.notna().to_numpy()
    for row, value in enumerate(values.tolist(), start=sheet.first_row - 1):
        line = row - sheet.first_row + 1
        looks = pen.whole if line in whole else pen.plain
        look = pen.grades.get(value, looks[kind]) if column.startswith("grade") and not formulas else looks[kind]
        if formulas.get(line):
            tab.write_formula(row, at, formulas[line], pen.formula[kind], value if known[line] else "")
        elif known[line] and value != "":
            write(row, at, value, pen.input if column in sheet.inputs else look)
        elif line in whole:
            tab.write_blank(row, at, None, look)


def _kind(column: str, values: pd.Series) -> str:
    if column.startswith("share."):
        return "share"
    if column.startswith(("now.", "before.")):
        return "figure"
    if pd.api.types.is_float_dtype(values.dtype):
        return "score"
    return "count" if pd.api.types.is_integer_dtype(values.dtype) else "text"


def _width(header: str, values: pd.Series) -> float:
    """Return a width that shows nearly everything, between 6 and 48 characters."""
    said = [str(value) for value in values.dropna().head(400)]
    longest = max([signs(header) + 3, *map(signs, said)]) if values.dtype.kind not in "fiu" else signs(header) + 3
    return min(max(longest + 1, 9), 48)


def signs(text: str) -> int:
    """Return how wide a text is, Chinese signs twice as wide as others.

    Examples
    --------
    >>> signs("第1支部")
    7
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
