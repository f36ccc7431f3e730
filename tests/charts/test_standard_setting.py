"""Tests of the picture of where ratings would draw the line."""

from __future__ import annotations

from jifen_analysis.charts import standard_setting
from tests.charts.figures import heading
from tests.charts.frames import PLAIN, borderline_regression


def test_borderline_regression() -> None:
    """A nameless dot a member, the cut with its interval at the borderline on the line, today's cut beside it."""
    found, moved = borderline_regression(PLAIN)
    figure = standard_setting.borderline_regression(found, moved)
    members, line, cut = figure.data
    assert sorted(members.y) == sorted(found.points["score"])
    assert members.customdata is None
    slope = (line.y[1] - line.y[0]) / (line.x[1] - line.x[0])
    assert abs(line.y[0] + slope * (cut.x[0] - line.x[0]) - cut.y[0]) < 1e-6
    assert cut.error_y.value == found.high - found.cut
    assert figure.layout.shapes[0].y0 == 90
    assert f"优秀线在{found.cut:.1f}分" in heading(figure)
