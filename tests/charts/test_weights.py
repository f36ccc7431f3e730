"""Pictures of weights show the numbers of their tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis import weights as weights_of
from jifen_analysis.charts import weights
from jifen_analysis.charts.theme import grade_colours
from jifen_analysis.errors import UsageError
from tests.charts.figures import heading
from tests.charts.frames import GRADES, LABELS, PLAIN, WEIGHTS, acceptability, swap_points, sweep


def test_sweep_areas() -> None:
    """Each grade's area has its counts and its colour; the areas sum to all."""
    table = sweep(PLAIN)
    figure = weights.sweep(table, labels=LABELS)
    assert [area.name for area in figure.data] == GRADES[::-1]
    for area in figure.data:
        np.testing.assert_array_equal(area.y, table.loc[table["grade"] == area.name, "n"])
        assert area.fillcolor == grade_colours(GRADES)[area.name]
    assert np.all(sum(area.y for area in figure.data) == len(PLAIN.table))
    assert figure.layout.shapes[0].x0 == table.attrs["current"]
    assert figure.layout.xaxis.title.text == "日常考核的权重"


def test_ranks_by_how_far_they_move() -> None:
    """Everyone is counted once, in the class of the span of ranks; the widest is named."""
    found = acceptability(PLAIN)
    figure = weights.acceptability(found)
    bars = figure.data[0]
    span = found.members["worst_rank"] - found.members["best_rank"]
    ends = [int(name.split("–")[-1]) for name in bars.x]
    assert np.cumsum(bars.y).tolist() == [int((span <= end).sum()) for end in ends]
    assert sum(bars.y) == len(span)
    assert span.idxmax() in bars.customdata[-1]
    assert f"不超过{np.ceil(span.median()):.0f}名" in heading(figure)


def test_grades_by_how_sure_they_are() -> None:
    """Everyone is counted once, by the share of weightings that give the likeliest grade."""
    found = acceptability(PLAIN)
    figure = weights.grade_acceptability(found)
    bars, surest = figure.data[0], found.grades.max(axis=1)
    assert sum(bars.y) == len(surest)
    assert bars.y[-1] == int((surest >= 0.95).sum())
    assert bars.y[0] == int((surest < 0.6).sum())
    assert f"中{bars.y[-1]}人的等次" in heading(figure)
    with pytest.raises(UsageError, match="没有分数线"):
        weights.grade_acceptability(replace(found, grades=None))


def test_influence_bars() -> None:
    """Nominal weights are drawn as shares of their sum beside the real shares."""
    components = PLAIN.table[["daily", "evaluation"]].assign(bonus=np.arange(len(PLAIN.table)) % 5)
    table = weights_of.influence(components, WEIGHTS | {"bonus": 1.0})
    nominal, real = weights.influence(table).data
    np.testing.assert_allclose(nominal.x, [0.3, 0.2, 0.5])
    np.testing.assert_array_equal(real.x, table["share"])


def test_component_without_a_weight() -> None:
    """What is only added may have no nominal weight: the others share the whole, and no “nan” is written."""
    components = PLAIN.table[["daily", "evaluation"]].assign(bonus=np.arange(len(PLAIN.table)) % 40)
    table = weights_of.influence(components, WEIGHTS | {"bonus": 1.0})
    figure = weights.influence(table.assign(nominal=[0.6, 0.4, np.nan]))
    np.testing.assert_allclose(figure.data[0].x, [0.6, 0.4, np.nan])
    assert list(figure.data[0].text) == ["60%", "40%", "—"]
    assert "没有名义权重" in figure.layout.title.text


def test_swap_points() -> None:
    """Steps rise by one pair at each exact weight; those near the weight in force are counted."""
    table = swap_points(PLAIN)
    figure = weights.swap_points(table, 0.6)
    np.testing.assert_array_equal(figure.data[0].x, [float(weight) for weight in table["weight"]])
    assert figure.data[0].y.tolist() == list(range(1, len(table) + 1))
    near = sum(0.55 <= float(weight) <= 0.65 for weight in table["weight"])
    assert f"其中{near}对" in heading(figure)


def test_no_swap_at_all() -> None:
    """Where no weight changes an order the picture is empty and says none."""
    table = weights_of.swap_points(pd.DataFrame({"a": [1, 2], "b": [1, 2]}, index=["1", "2"]))
    assert "(0 对)" in weights.swap_points(table).layout.title.text
