"""The picture of the smallest gap shows the numbers of its table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis.power import smallest_gap as gaps
from jifen_analysis.charts import power
from jifen_analysis.errors import UsageError
from tests.charts.frames import PLAIN, smallest_gap


def test_smallest_gap() -> None:
    """A branch's span reaches from its smallest gap to its largest."""
    table = smallest_gap(PLAIN)
    points = power.smallest_gap(table).data[0]
    assert points.x.min() == table["gap"].min()
    np.testing.assert_allclose((points.x + points.error_x.array).max(), table["gap"].max())
    assert len(points.y) == len(set(table["a"]) | set(table["b"]))


def test_small_branches_are_left_out() -> None:
    """A branch under five is in no pair; with fewer than two left there is nothing to draw."""
    figure = power.smallest_gap(gaps(pd.Series({"一": 30, "二": 20, "三": 4}), sd=4.0))
    assert [name.split("(")[0] for name in figure.data[0].y] == ["一", "二"]
    assert "1 组不足 5 人" in figure.layout.title.text
    with pytest.raises(UsageError, match="不到两个"):
        power.smallest_gap(gaps(pd.Series({"一": 30, "二": 4}), sd=4.0))
