"""Tests of the picture of what a score was worth."""

from __future__ import annotations

import pandas as pd
import pytest

from jifen_analysis.analysis.equating import equivalents as equate
from jifen_analysis.charts import equating
from jifen_analysis.errors import UsageError
from tests.charts.figures import heading
from tests.charts.frames import CUTS, PLAIN, equivalents


def test_equivalents() -> None:
    """A line a method over the scores that are told, differences from this year's score, a cut as a line."""
    table = equivalents(PLAIN)
    figure = equating.equivalents(table, CUTS)
    assert [trace.name for trace in figure.data[1:]] == ["等百分位", "线性", "平移"]
    told = table[table["method"] == "equipercentile"].dropna(subset="equivalent")
    assert figure.data[1].x.tolist() == told["score"].tolist()
    assert figure.data[1].y.tolist() == (told["equivalent"] - told["score"]).tolist()
    assert [line.x0 for line in figure.layout.shapes] == [90, 0]
    assert "今年90.0分" in heading(figure)


def test_nothing_told_is_nothing_drawn() -> None:
    """Where every score has fewer than five on one side there is no picture."""
    year = pd.Series([80.0] * 28 + [70.0, 90.0])
    with pytest.raises(UsageError, match="上下都不足五人"):
        equating.equivalents(equate(year, year, [69.0, 91.0]))
