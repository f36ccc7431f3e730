"""The picture of the smallest gap shows the numbers of its table."""

from __future__ import annotations

import numpy as np

from jifen_analysis.charts import power
from tests.charts.frames import PLAIN, smallest_gap


def test_smallest_gap() -> None:
    """A branch's span reaches from its smallest gap to its largest."""
    table = smallest_gap(PLAIN)
    points = power.smallest_gap(table).data[0]
    assert points.x.min() == table["gap"].min()
    np.testing.assert_allclose((points.x + points.error_x.array).max(), table["gap"].max())
    assert len(points.y) == PLAIN.table["branch"].nunique()
