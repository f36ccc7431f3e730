"""The pictures of raters show the numbers of their tables."""

from __future__ import annotations

import numpy as np
import pytest

from jifen_analysis.charts import raters
from jifen_analysis.errors import UsageError
from tests.charts.frames import PLAIN, concordance, repeated_rows


def test_concordance() -> None:
    """A dot a coefficient that there is, its interval, and how far chance comes; few persons are not drawn."""
    table = concordance(PLAIN)
    line, points = raters.concordance(table).data
    known = table.dropna(subset="value")
    np.testing.assert_allclose(points.x, known["value"])
    np.testing.assert_allclose(np.asarray(line.x, "float64")[1::3], known["chance_high"])
    table.attrs = table.attrs | {"persons": 4}
    with pytest.raises(UsageError, match="不足 5 人"):
        raters.concordance(table)


def test_repeated_rows() -> None:
    """Bars as long as the counts, what chance expects behind them; groups under five are left out."""
    table = repeated_rows(PLAIN)
    repeated, straight = raters.repeated_rows(table).data
    held = table[~table["withheld"]]
    assert sorted(repeated.x) == sorted(held["repeated"])
    assert sorted(straight.x) == sorted(held["straight"])
    said = [
        f"{count:.0f}\uff08偶然 {mean:.1f}\uff09"
        for count, mean in zip(held["straight"], held["straight_expected"], strict=True)
    ]
    assert sorted(straight.text) == sorted(text.translate(str.maketrans("\uff08\uff09", "()")) for text in said)
