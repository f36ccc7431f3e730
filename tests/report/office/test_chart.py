"""A chart in an office file: its numbers in the drawing and in the workbook, the same bytes every time."""

from __future__ import annotations

import io
import math

import openpyxl
import pytest
from pptx.oxml.ns import qn

from jifen_analysis.report.office.chart import chart_workbook, chart_xml
from jifen_analysis.report.office.spec import ChartSpec, Kind, SeriesSpec

ONE = SeriesSpec("甲", (0.25, math.nan), colour="#0A2A55", reach=((0.1, 0.2), (0.0, 0.0)))
XY = SeriesSpec("乙", (1.0, 2.0), (3.0, 4.0), line="dash")


@pytest.mark.parametrize("kind", ["bars", "stacked", "dots", "points"])
def test_drawing_and_workbook_hold_the_numbers(kind: Kind) -> None:
    """What is missing is blank in both."""
    spec = ChartSpec(kind, (XY,)) if kind == "points" else ChartSpec(kind, (ONE,), ("一", "二"), percent=True)
    values = [float(value.text) for value in chart_xml(spec, 9).iter(qn("c:v")) if value.text[:1].isdigit()]
    assert {1.0, 2.0, 3.0, 4.0} <= set(values) if kind == "points" else 0.25 in values
    book = openpyxl.load_workbook(io.BytesIO(chart_workbook(spec)))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[1:] == ([(3, 1), (4, 2)] if kind == "points" else [("一", 0.25), ("二", None)])
    assert chart_workbook(spec) == chart_workbook(spec)


def test_intervals_are_drawn() -> None:
    """Each mark has its own reach, downwards and upwards."""
    bars = next(chart_xml(ChartSpec("dots", (ONE,), ("一", "二")), 9).iter(qn("c:errBars")))
    reach = {tag: [value.text for value in bars.find(qn(f"c:{tag}")).iter(qn("c:v"))] for tag in ("plus", "minus")}
    assert reach == {"plus": ["0.2", "0.0"], "minus": ["0.1", "0.0"]}
