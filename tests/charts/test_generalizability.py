"""Tests of the picture of dependability."""

from __future__ import annotations

import pytest

from jifen_analysis.analysis.evaluators import g_study
from jifen_analysis.analysis.generalizability import d_study
from jifen_analysis.charts import generalizability
from jifen_analysis.errors import UsageError
from tests.analysis.builders import brennan
from tests.charts.figures import heading
from tests.charts.frames import PLAIN
from tests.charts.frames import d_study as of_office


def test_d_study() -> None:
    """A line for each number of periods, whose grade is settled, the target and today's number; the sentence on top."""
    table = of_office(PLAIN)
    figure = generalizability.d_study(table)
    assert [trace.name for trace in figure.data[1:]] == ["Φ,评 1 期", "等次不因谁评而变的党员"]
    assert figure.data[1].y.tolist() == table["phi"].tolist()
    assert [line.x0 for line in figure.layout.shapes] == [0, 3]
    assert "3类主体评1期" in heading(figure)
    both = generalizability.d_study(d_study(g_study(brennan()), periods=[1, 2]))
    assert [trace.name for trace in both.data[1:]] == ["Φ,评 1 期", "Φ,评 2 期"]
    with pytest.raises(UsageError, match="不足 5 人"):
        generalizability.d_study(d_study(g_study(brennan().iloc[:4])))
