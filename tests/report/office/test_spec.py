"""What an office draws holds the numbers of the figure it is read off."""

from __future__ import annotations

import math
from itertools import combinations

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from jifen_analysis.charts.comparison import why
from jifen_analysis.charts.theme import POINT
from jifen_analysis.report.office.chart import chart_xml
from jifen_analysis.report.office.spec import NO_COLOUR, ChartSpec, GridSpec, editable, plain
from tests.report.sampled import written


def test_every_figure_of_the_review_can_be_edited() -> None:
    """None is left to a picture, and every number drawn by name is there."""
    for picture in written().pictures():
        found = editable(picture.figure)
        assert isinstance(found, (ChartSpec, GridSpec)), picture.key
        if isinstance(found, ChartSpec) and found.names:
            assert all(len(one.y) == len(found.names) for one in found.series), picture.key
            assert all(len(one.reach) in (0, len(found.names)) for one in found.series), picture.key


def test_bars_of_several_widths_keep_their_areas() -> None:
    """The outline encloses as many members as the bars."""
    figure = go.Figure(go.Bar(x=[5.0, 12.5], y=[2.0, 4.0], width=[10.0, 5.0]))
    found = editable(figure)
    assert isinstance(found, ChartSpec)
    outline = found.series[0]
    steps = zip(outline.x, outline.x[1:], outline.y, outline.y[1:], strict=False)
    area = math.fsum((right - left) * (one + other) / 2 for left, right, one, other in steps)
    assert area == pytest.approx(2 * 10 + 4 * 5)


def test_a_waterfall_is_bars_upon_bars_that_are_not_seen() -> None:
    """Each step stands between its lower and its upper end; the totals stand on the axis."""
    table = pd.DataFrame({"part": ["a", "b"], "title": ["甲", "乙"], "difference": [4.5, -2.0], "clause": ""})
    table.attrs = {"total_a": 90.0, "total_b": 92.5, "gap": 2.5, "grade_a": "优", "grade_b": "优"}
    table.attrs |= {"member_id": "1", "period": "2024"}
    found = editable(why(table))
    assert isinstance(found, ChartSpec)
    foot, whole, gained, lost = (dict(zip(found.names, one.y, strict=True)) for one in found.series)
    assert (foot["甲"], gained["甲"], foot["乙"], lost["乙"]) == (90.0, 4.5, 92.5, 2.0)
    assert [total for total in whole.values() if not math.isnan(total)] == [90.0, 92.5]
    assert [one.colour == NO_COLOUR for one in found.series] == [True, False, False, False]
    assert "noFill" in etree.tostring(chart_xml(found, 9)).decode()


def test_names_that_a_series_lacks_are_gaps() -> None:
    """A missing number is none, never nought."""
    bars = [go.Bar(x=[1.0, 2.0], y=["一", "二"], orientation="h"), go.Bar(x=[3.0], y=["二"], orientation="h")]
    found = editable(go.Figure(bars))
    assert isinstance(found, ChartSpec)
    assert found.series[1].y[1] == 3.0
    assert math.isnan(found.series[1].y[0])


@given(st.text(max_size=30))
def test_no_text_is_a_formula_or_breaks_a_file(text: str) -> None:
    """Neither signs that a file may not hold nor a beginning that a workbook would calculate."""
    said = plain(text)
    assert said[:1] not in ("=", "+", "-", "@") or not said
    assert not any(ord(sign) < 32 and sign not in "\t\n\r" for sign in said)


def test_kinds_that_an_office_has_not_are_left_to_pictures() -> None:
    """Bars and marks in one figure stay a picture."""
    assert editable(go.Figure([go.Bar(x=[1], y=[1]), go.Scatter(x=[1], y=[1])])) is None


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.integers(5, 40), st.integers(0, 20)), min_size=2, max_size=16, unique=True),
    st.integers(2, 20),
)
def test_names_beside_marks_do_not_lie_upon_each_other(places: list[tuple[int, int]], long: int) -> None:
    """However long they are and however near, each stands where no other does; alone every one is called."""
    points = [(float(n), rate / 20) for n, rate in places]
    names = [f"{'东' * (long - 1)}{chr(0x4E00 + at)}" for at in range(len(points))]
    bounds = (0.0, 45.0, -0.1, 1.1)
    notes = [{"x": x, "y": y, "text": name, "name": POINT} for (x, y), name in zip(points, names, strict=True)]
    figure = go.Figure(go.Scatter(x=[x for x, _ in points], y=[y for _, y in points], mode="markers"))
    figure.update_layout(annotations=notes, xaxis={"range": bounds[:2]}, yaxis={"range": bounds[2:]})
    found = editable(figure)
    assert isinstance(found, ChartSpec)
    one = next(series for series in found.series if series.said)
    boxes = [
        _reach(x, y, name, side) for x, y, name, side in zip(one.x, one.y, one.said, one.sides, strict=True) if name
    ]
    apart = [a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for a, b in combinations(boxes, 2)]
    assert all(apart)
    assert boxes or long > 8


def _reach(x: float, y: float, name: str, side: str) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a name, in pixels of the plotting area."""
    wide, high, (across, down) = len(name) * 12.0, 15.0, (x / 45 * 500, (1.1 - y) / 1.2 * 120)
    left = {"right": across + 9, "left": across - 9 - wide}.get(side, across - wide / 2)
    top = {"above": down - 9 - high, "below": down + 9}.get(side, down - high / 2)
    return left, top, left + wide, top + high
