"""Tests of the pictures of where judgement would draw the line."""

from __future__ import annotations

import pytest

from jifen_analysis.charts import standard_setting
from tests.charts.figures import heading
from tests.charts.frames import PLAIN, borderline_regression, set_by


def test_borderline_regression() -> None:
    """A nameless dot a member, the cut with its interval at the borderline on the line, today's cut beside it."""
    found, moved = borderline_regression(PLAIN)
    figure = standard_setting.borderline_regression(found, moved)
    members, line, cut = figure.data
    assert sorted(members.y) == sorted(found.points["score"])
    assert members.customdata is None
    slope = (line.y[1] - line.y[0]) / (line.x[1] - line.x[0])
    assert abs(line.y[0] + slope * (cut.x[0] - line.x[0]) - cut.y[0]) < 1e-6
    assert list(cut.error_y.array) == [found.high - found.cut]
    assert figure.layout.shapes[0].y0 == 90
    assert f"优秀线在{found.cut:.1f}分" in heading(figure)


@pytest.mark.parametrize("method", ["angoff", "contrasting_groups", "hofstee"])
def test_the_cut_with_its_interval_beside_todays(method: str) -> None:
    """In every method nobody is named, the interval is the method's own on both sides, and the sentence the cut's."""
    found, moved = set_by(PLAIN, method)
    figure = getattr(standard_setting, method)(found, moved)
    cut = figure.data[-1]
    assert (list(cut.x), figure.layout.shapes[0].x0) == ([found.cut], 90)
    assert [cut.error_x.arrayminus[0], cut.error_x.array[0]] == [found.cut - found.low, found.high - found.cut]
    assert all(trace.customdata is None and trace.text is None for trace in figure.data)
    assert f"优秀线在{found.cut:.1f}分" in heading(figure)


def test_what_meets_lies_on_both_lines() -> None:
    """The share that the fitted line has at the cut is one half; Hofstee's cut lies on the judges' line."""
    found, moved = set_by(PLAIN, "contrasting_groups")
    assert found.details["intercept"] + found.details["slope"] * found.cut == pytest.approx(0, abs=1e-6)
    found, moved = set_by(PLAIN, "hofstee")
    _, accepted, cut = standard_setting.hofstee(found, moved).data
    low, high = accepted.x
    slope = (accepted.y[1] - accepted.y[0]) / (high - low)
    assert low < found.cut < high
    assert cut.y[0] <= accepted.y[0] + slope * (found.cut - low) + 1e-9
