"""The picture of ranks shows the places of its table."""

from __future__ import annotations

import numpy as np

from jifen_analysis.charts import ranks, theme
from tests.charts.frames import PLAIN, rank_intervals


def test_intervals() -> None:
    """Dots at the ranks on spans from best to worst; whose place is certain stands out."""
    table = rank_intervals(PLAIN)
    points = ranks.intervals(table).data[0]
    np.testing.assert_array_equal(points.x, table["rank"])
    np.testing.assert_array_equal(points.x + points.error_x.array, table["rank_high"])
    np.testing.assert_array_equal(points.x - points.error_x.arrayminus, table["rank_low"])
    sure = table["rank_low"] == table["rank_high"]
    assert [colour == theme.GOOD for colour in points.marker.color] == sure.tolist()
