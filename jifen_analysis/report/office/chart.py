"""A chart as an office file holds it: its drawing as XML, its numbers as a workbook."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree
from pptx.chart.chart import Chart as OfficeChart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from jifen_analysis.report.archive import zip_files
from jifen_analysis.report.office.spec import NO_COLOUR, ChartSpec, SeriesSpec

INK, GRID, FONT = RGBColor(0x1F, 0x29, 0x33), RGBColor(0xE1, 0xE6, 0xEB), "Microsoft YaHei"
_TYPES = {
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked": XL_CHART_TYPE.BAR_STACKED,
    "dots": XL_CHART_TYPE.LINE_MARKERS,
    "points": XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS,
}


def kind_of(spec: ChartSpec) -> Any:
    """Return what an office calls this kind of chart."""
    return _TYPES[spec.kind]


def data_of(spec: ChartSpec) -> Any:
    """Return the names and numbers of a chart, as they stand in the workbook behind it."""
    form = "0%" if spec.percent else "General"
    if spec.kind == "points":
        numbers = XyChartData(form)
        for one in spec.series:
            held = numbers.add_series(one.name or " ", form)
            for x, y in zip(one.x, one.y, strict=True):
                held.add_data_point(x, y)
        return numbers
    table = CategoryChartData(form)
    table.categories = list(spec.names)
    for one in spec.series:
        table.add_series(one.name or " ", [None if math.isnan(value) else value for value in one.y], form)
    return table


def chart_xml(spec: ChartSpec, size: float) -> Any:
    """Return the element of a chart with letters of a size in points, for a file of one's own."""
    space = parse_xml(data_of(spec).xml_bytes(kind_of(spec)))
    style_chart(OfficeChart(space, None), spec, size)  # its part, which only replaces data, is another's
    return space


def chart_workbook(spec: ChartSpec) -> bytes:
    """Return the workbook behind a chart: the same numbers, the same bytes."""
    return without_time(data_of(spec).xlsx_blob)


def without_time(book: bytes) -> bytes:
    """Return a workbook without the moment at which it was made."""
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    core = files["docProps/core.xml"]
    files["docProps/core.xml"] = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", core)
    return zip_files(files)


def style_chart(chart: OfficeChart, spec: ChartSpec, size: float = 12) -> None:
    """Give a chart the look of the house: few lines, numbers at the bars, intervals where there are any."""
    chart.font.size, chart.font.name, chart.font.color.rgb = Pt(size), FONT, INK
    chart.has_title = False
    named = [one.name for one in spec.series if one.name.strip()]
    chart.has_legend = len(named) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    _axes(chart, spec, size)
    for drawing, one in zip(chart.plots[0].series, spec.series, strict=True):
        _series(drawing, one, spec)
    if spec.kind in ("bars", "stacked"):
        _bars(chart.plots[0], spec, size)


def _axes(chart: OfficeChart, spec: ChartSpec, size: float) -> None:
    values, names = chart.value_axis, chart.category_axis
    values.major_gridlines.format.line.color.rgb = GRID
    values.tick_labels.number_format = "0%" if spec.percent else "General"
    values.tick_labels.number_format_is_linked = False
    names.has_major_gridlines = False
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    for axis in (values, names):
        axis.format.line.color.rgb = GRID
        axis.tick_labels.font.size = Pt(size - 1)
    if spec.kind in ("bars", "stacked"):
        names.reverse_order = True  # the first name stands above
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH  # and the scale below
    ends = (0.0, 1.0) if spec.percent else spec.span
    if spec.kind == "stacked" and ends:
        values.minimum_scale, values.maximum_scale = ends
    elif spec.kind in ("points", "dots"):
        _fitted(chart, spec)
    for axis, title in zip((values, names), _titles(spec), strict=True):
        _titled(axis, title, size)


def _titles(spec: ChartSpec) -> tuple[str, str]:
    """Return the titles of the axis of values and of that of names."""
    return (spec.y_title, spec.x_title) if spec.kind in ("points", "dots") else (spec.x_title, "")


def _titled(axis: Any, title: str, size: float) -> None:
    axis.has_title = bool(title)
    if title:
        axis.axis_title.text_frame.text = title
        run = axis.axis_title.text_frame.paragraphs[0].runs[0]
        run.font.size, run.font.bold = Pt(size - 1), False


def _fitted(chart: OfficeChart, spec: ChartSpec) -> None:
    """Let the scales begin where the numbers do: marks are compared by where they stand, not from zero."""
    low, high = _reach([end for one in spec.series for end in _ends(one)])
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = low, high
    if spec.kind == "points":
        left, right = _reach([value for one in spec.series for value in one.x])
        chart.category_axis.minimum_scale, chart.category_axis.maximum_scale = left, right


def _ends(one: SeriesSpec) -> list[float]:
    held = one.reach or ((0.0, 0.0),) * len(one.y)
    pairs = [(value - below, value + above) for value, (below, above) in zip(one.y, held, strict=True)]
    return [end for pair in pairs for end in pair if math.isfinite(end)]


def _reach(values: list[float]) -> tuple[float, float]:
    """Return round ends about some numbers."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    spread = (high - low) or max(abs(high), 1.0)
    step = next(unit for unit in _STEPS if spread / unit <= _PARTS)
    first, last = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return round(first, 6), round(last if last > first else first + step, 6)


_PARTS = 12
_STEPS = [base * 10.0**power for power in range(-4, 9) for base in (1, 2, 5)]
"""Into how many parts a scale is cut at most, and the round numbers for them."""


def _series(drawing: Any, one: SeriesSpec, spec: ChartSpec) -> None:
    if one.colour == NO_COLOUR:
        drawing.format.fill.background()
        return
    colour = RGBColor.from_string(one.colour.lstrip("#"))
    if spec.kind in ("bars", "stacked"):
        _fill(drawing, colour)
        for bar, shade in _apart(drawing, one):
            _fill(bar, shade)
        return
    drawing.smooth = False
    if one.line:
        drawing.format.line.color.rgb, drawing.format.line.width = colour, Pt(1.75)
        drawing.format.line.dash_style = _LINES.get(one.line, MSO_LINE.DASH)
        drawing.marker.style = XL_MARKER_STYLE.NONE
    else:
        drawing.format.line.fill.background()
        _mark(drawing.marker, XL_MARKER_STYLE.CIRCLE, 9 if len(one.y) <= _MANY else 5, colour)
        for point, shade in _apart(drawing, one):
            _mark(point.marker, XL_MARKER_STYLE.DIAMOND, 11, shade)
    for at, (name, side) in enumerate(zip(one.said, one.sides, strict=True)):
        if name:
            _call(drawing.points[at], name, side)
    if one.reach:
        _intervals(drawing._element, one)


def _fill(shape: Any, colour: RGBColor) -> None:
    shape.format.fill.solid()
    shape.format.fill.fore_color.rgb = colour


def _mark(marker: Any, style: Any, size: int, colour: RGBColor) -> None:
    """Give a marker its look: filled, with a white edge."""
    marker.style, marker.size = style, size
    _fill(marker, colour)
    marker.format.line.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)


def _call(point: Any, name: str, side: str) -> None:
    """Write what a mark is called beside it."""
    point.data_label.position = _SIDES[side]
    point.data_label.text_frame.text = name
    point.data_label.text_frame.paragraphs[0].runs[0].font.size = Pt(9)


_SIDES = {
    "above": XL_LABEL_POSITION.ABOVE,
    "below": XL_LABEL_POSITION.BELOW,
    "right": XL_LABEL_POSITION.RIGHT,
    "left": XL_LABEL_POSITION.LEFT,
}
_MANY = 40
"""Marks beyond which they are small: else they hide one another."""

_LINES = {"solid": MSO_LINE.SOLID, "dash": MSO_LINE.DASH, "dot": MSO_LINE.ROUND_DOT, "dashdot": MSO_LINE.DASH_DOT}
"""How a line is broken, as an office calls it."""


def _apart(drawing: Any, one: SeriesSpec) -> Iterator[tuple[Any, RGBColor]]:
    """Yield the points that have a colour of their own, with it."""
    for at, shade in enumerate(one.own):
        if shade != one.colour:
            yield drawing.points[at], RGBColor.from_string(shade.lstrip("#"))


def _intervals(element: Any, one: SeriesSpec) -> None:
    """Add an interval to every mark: python-pptx has none of its own."""
    bars = etree.SubElement(element, qn("c:errBars"))
    for tag, value in (("errDir", "y"), ("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        etree.SubElement(bars, qn(f"c:{tag}")).set("val", value)
    for tag, side in (("plus", 1), ("minus", 0)):
        numbers = etree.SubElement(etree.SubElement(bars, qn(f"c:{tag}")), qn("c:numLit"))
        etree.SubElement(numbers, qn("c:formatCode")).text = "General"
        etree.SubElement(numbers, qn("c:ptCount")).set("val", str(len(one.reach)))
        for at, reach in enumerate(one.reach):
            point = etree.SubElement(numbers, qn("c:pt"))
            point.set("idx", str(at))
            etree.SubElement(point, qn("c:v")).text = repr(reach[side] if math.isfinite(reach[side]) else 0.0)
    line = etree.SubElement(etree.SubElement(bars, qn("c:spPr")), qn("a:ln"))
    line.set("w", "15875")
    fill = etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr"))
    fill.set("val", one.colour.lstrip("#"))
    for later in ("c:cat", "c:xVal", "c:val", "c:yVal"):  # the order of the format
        found = element.find(qn(later))
        if found is not None:
            found.addprevious(bars)
            return


def _bars(plot: Any, spec: ChartSpec, size: float) -> None:
    plot.gap_width, plot.overlap = (45, 100) if spec.kind == "stacked" else (60, -5)
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = ('0%;;""' if spec.percent else "General"), False
    labels.font.size, labels.show_value = Pt(size - 1), True
    if spec.kind == "stacked":
        for drawing, one in zip(plot.series, spec.series, strict=True):
            own, shown = drawing.data_labels, one.colour != NO_COLOUR
            own.show_value, own.number_format_is_linked = shown, False
            own.number_format = one.form or labels.number_format
            own.font.size = Pt(size - 1)
            own.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF) if shown and _dark(one.colour) else INK


def _dark(colour: str) -> bool:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 140
