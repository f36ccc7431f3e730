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

from jifen_analysis.allocation import without_collection
from jifen_analysis.intake.grid import AUTHOR
from jifen_analysis.report.long_sheet import LongSheet, fill_in, is_long
from jifen_analysis.report.sheets import NativeChart, Sheet
from jifen_analysis.report.summary import WHOLE
from jifen_analysis.saving import output_day, replacing, writable

MOST_ROWS = 1_000_000
"""A sheet holds 1,048,576 rows; what is longer goes on in a second sheet."""

_BEST, _MIDDLE, _WORST = "#BCD3EC", "#EDF4FB", "#F7CDB9"
"""Cells of the highest grade, of what lies between, of the lowest: the blue and the orange of the pictures, pale."""

_DARK, _FAIR, _BAD = "#0A2A55", "#9DC2E3", "#E0683C"
"""The same of bars, as dark as in the pictures."""

_A4 = 9
"""How the printer calls the paper."""


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
            kind = LongSheet if is_long(sheet) else None
            for part in _parts(sheet):
                tab = book.add_worksheet(part.name, kind)
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
                book.set_properties({"created": datetime.combine(output_day(), time()), "author": AUTHOR})
                yield book
            parts = {f"xl/worksheets/sheet{n}.xml": tab for n, tab in enumerate(book.worksheets(), start=1)}
            if long := {name: tab for name, tab in parts.items() if isinstance(tab, LongSheet)}:
                fill_in(beside, long)
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
    people = {"major_unit": chart.step, "min": 0, "num_format": "0"} if chart.step else {}
    drawn.set_y_axis({"name": chart.up, **({} if chart.kind == "bar" else lines), **people})
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
    folded: Format
    tints: Mapping[str, str]
    input: Format

    @classmethod
    def of(cls, book: xlsxwriter.Workbook, grades: tuple[str, ...]) -> _Pen:
        whole = {"bold": True, "top": 1, "bg_color": "#EEF1F5"}
        return cls(
            book.add_format({"bold": True, "font_size": 14}),
            book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, **_CENTRED}),
            {kind: book.add_format({"num_format": shape, **_side(kind)}) for kind, shape in _SHAPES.items()},
            # A formula in a cell of the format text would be shown instead of its result once it is edited.
            {
                kind: book.add_format({"num_format": shape.replace("@", "General"), **_side(kind)})
                for kind, shape in _SHAPES.items()
            },
            {kind: book.add_format({"num_format": shape, **_side(kind), **whole}) for kind, shape in _SHAPES.items()},
            {grade: book.add_format({"bg_color": tint, **_side("text")}) for grade, tint in tints(grades).items()},
            book.add_format({"num_format": "@", "text_wrap": True, **_side("text")}),
            tints(grades, dark=True),
            book.add_format({"num_format": "General", "bg_color": "#FFF6BF", "border": 1}),
        )


_CENTRED = {"align": "center", "valign": "vcenter"}
_LINED: Mapping[str, str | int] = {"bottom": 1, "bottom_color": "#DDE3E9"}
_SHAPES = {"text": "@", "count": "0", "score": "0.00", "share": "0.0%", "chance": "0.000", "figure": "General"}


def _side(kind: str) -> dict[str, str | int]:
    """Return where a cell's content stands, a little off the line between two columns, above a thin line."""
    return {"align": "left" if kind == "text" else "right", "indent": 1, "valign": "vcenter", **_LINED}


def tints(grades: tuple[str, ...], *, dark: bool = False) -> dict[str, str]:
    """Return a colour for each grade: blue for the best, orange for the worst, hardly any between.

    Parameters
    ----------
    grades : tuple of str
        Best first.
    dark : bool
        For bars; cells with words in them are pale.

    Examples
    --------
    >>> tints(("优秀", "合格", "不合格"))
    {'优秀': '#BCD3EC', '合格': '#EDF4FB', '不合格': '#F7CDB9'}
    """
    scale = (_DARK, _FAIR, _BAD) if dark else (_BEST, _MIDDLE, _WORST)
    places = [at / max(len(grades) - 1, 1) for at in range(len(grades))]
    return {grade: _mixed(place, scale) for grade, place in zip(grades, places, strict=True)}


def _mixed(place: float, scale: tuple[str, str, str]) -> str:
    """Return the colour at a place between 0, the best, and 1."""
    best, middle, worst = scale
    ends, part = ((best, middle), place * 2) if place < 1 / 2 else ((middle, worst), place * 2 - 1)
    low, high = ([int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in ends)
    return "#" + "".join(f"{round(one + part * (other - one)):02X}" for one, other in zip(low, high, strict=True))


def _draw(tab: Worksheet, sheet: Sheet, pen: _Pen) -> None:
    top = 1 if sheet.title else 0
    if sheet.title:
        tab.write_string(0, 0, sheet.title, pen.title)
    tab.set_row(top, _HEAD)
    for at, header in enumerate(sheet.headers):
        tab.write_string(top, at, header, pen.header)
        tab.set_column(at, at, _width(sheet, at))
    last = top + max(len(sheet.frame), 1)
    tab.autofilter(top, 0, last, len(sheet.headers) - 1)
    tab.freeze_panes(top + 1, _frozen_columns(sheet))
    _on_paper(tab, sheet, top, last)
    if isinstance(tab, LongSheet):
        tab.hold(sheet.frame, top + 1, pen.plain["text"])
    whole = frozenset(at for at, said in enumerate(sheet.frame.get("branch", ())) if said == WHOLE)
    for at, column in enumerate(map(str, sheet.frame)):
        if not isinstance(tab, LongSheet):
            _fill(tab, sheet, at, whole, pen)
        if column in sheet.hidden:
            tab.set_column(at, at, None, None, {"hidden": True})
        if column in sheet.formulas and column.startswith("grade"):
            _follow(tab, (top + 1, at, last, at), pen)


def _on_paper(tab: Worksheet, sheet: Sheet, top: int, last: int) -> None:
    """Let a sheet print on A4, as broad as a page, without the columns that only formulas read."""
    tab.set_paper(_A4)
    tab.set_margins(0.4, 0.4, 0.5, 0.6)
    tab.set_footer("&L&A&C第 &P 页,共 &N 页".replace(",", "\uff0c"))
    if sheet.charts:
        tab.fit_to_pages(1, 1)
        return
    shown = [at for at, name in enumerate(map(str, sheet.frame)) if name not in sheet.hidden]
    breadth = sum(_width(sheet, at) for at in shown)
    if breadth > _UPRIGHT:
        tab.set_landscape()
    tab.fit_to_pages(1, 0)
    tab.repeat_rows(0, top)
    tab.print_area(0, 0, last, max(shown, default=0))


_UPRIGHT = 100
"""Signs side by side that can be read on an upright page."""


_HEAD = 32
"""Points of a row of headers: two lines."""


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
    known, short, broad = values.notna().to_numpy(), len(sheet.frame) <= _FOLDABLE, _broadest(sheet, at)
    for row, value in enumerate(values.tolist(), start=sheet.first_row - 1):
        line = row - sheet.first_row + 1
        looks = pen.whole if line in whole else pen.plain
        look = pen.grades.get(value, looks[kind]) if column.startswith("grade") and not formulas else looks[kind]
        if formulas.get(line):
            look = pen.whole[kind] if line in whole else pen.formula[kind]
            tab.write_formula(row, at, formulas[line], look, value if known[line] else _NOTHING)
        elif known[line] and value != "":
            lines = -(-signs(value) // (broad - 6)) if kind == "text" and short and line not in whole else 1
            write(row, at, value, pen.input if column in sheet.inputs else pen.folded if lines > 1 else look)
            if lines > 1:
                tab.set_row(row, _LINE * lines)
        else:
            tab.write_blank(row, at, None, look)  # the line below a row goes all the way


_NOTHING = " "
"""The result of a formula that gives nothing: where there is none, it would be taken for one never calculated."""


def _kind(column: str, values: pd.Series) -> str:
    if column.startswith("share."):
        return "share"
    if column.endswith("_p"):
        return "chance"
    if column.startswith(("now.", "before.")):
        return "figure"
    if pd.api.types.is_float_dtype(values.dtype):
        return "score"
    return "count" if pd.api.types.is_integer_dtype(values.dtype) else "text"


def _width(sheet: Sheet, at: int) -> float:
    """Return a width of a column that shows nearly everything."""
    header, values = sheet.headers[at], sheet.frame.iloc[:, at]
    said = [str(value) for value in values.dropna().head(400)]
    head = max(map(signs, _halves(header))) + 3
    longest = max([head, *map(signs, said)]) if values.dtype.kind not in "fiu" else head
    return min(max(longest + 1, 7), _broadest(sheet, at))


def _broadest(sheet: Sheet, at: int) -> int:
    """Return how broad a column may be: the last of a short sheet, where words stand, half a page."""
    last = at == len(sheet.headers) - 1 and len(sheet.frame) <= _FOLDABLE
    return 80 if last else 44


_FOLDABLE, _LINE = 500, 16
"""Rows of a sheet whose longer texts are broken into lines; points of a line."""


def _halves(header: str) -> tuple[str, str]:
    """Return a header as it stands in two lines of a narrow column: broken before a bracket, never in a Latin word."""
    words, bracket, rest = header.partition("(")
    if header.isascii():
        return max(header.split(), key=len, default=""), ""
    middle = (len(header) + 1) // 2
    return (
        (words, bracket + rest) if bracket else (header[:middle], header[middle:]) if middle > _SHORT else (header, "")
    )


_SHORT = 1
"""Signs of half a header below which it is not broken."""


def signs(text: str) -> int:
    """Return how wide a text is, Chinese signs twice as wide as others.

    Examples
    --------
    >>> signs("第1支部")
    7
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
