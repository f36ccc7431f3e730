"""Pictures of branches show the numbers of their tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import branches as branches_of
from jifen_analysis.charts import branches
from tests.charts.frames import CROWDED, PLAIN, funnel


def test_funnel_points_and_limits() -> None:
    """Points stand at size and rate; limits are drawn at every size, within one count of the table's limits."""
    table = funnel(CROWDED)
    figure = branches.funnel(table, least=0)
    points = figure.data[-1]
    np.testing.assert_array_equal(points.x, table["n"])
    np.testing.assert_array_equal(points.y, table["rate"])
    for trace, column in zip(figure.data, ("low_95", "high_95", "low_99_8", "high_99_8"), strict=False):
        np.testing.assert_array_equal(trace.x, np.arange(table["n"].min(), table["n"].max() + 1))
        drawn = pd.Series(trace.y, trace.x).reindex(table["n"]).to_numpy()
        assert (np.abs(drawn - table[column]) <= 1 / table["n"]).all()
    assert figure.layout.shapes[0].y0 == table.attrs["target"]


@settings(max_examples=8)
@given(st.floats(0.02, 0.98), st.sampled_from([0.8, 0.95, 0.998]))
def test_drawn_limits_decide_as_the_exact_ones(target: float, level: float) -> None:
    """Every count of every size lies outside the drawn limits where it lies outside the exact ones."""
    pairs = [(won, n) for n in (5, 6, 23) for won in range(n + 1)]
    won, n = (pd.Series(side) for side in zip(*pairs, strict=True))
    table = branches_of.funnel(won, n, target, [level])
    lines = [pd.Series(line.y, line.x).reindex(n).to_numpy() for line in branches.funnel(table).data[:2]]
    outside = (table["rate"] < lines[0] - 1e-12) | (table["rate"] > lines[1] + 1e-12)
    np.testing.assert_array_equal(outside, table["flag"] != "")


def test_funnel_names_who_stands_out() -> None:
    """Branches outside the limits are named first and drawn as diamonds; of many branches the others are not named."""
    table = branches_of.funnel(pd.Series({"一": 9, "二": 30, "三": 12}), pd.Series({"一": 10, "二": 100, "三": 40}))
    figure = branches.funnel(table)
    assert list(figure.data[-1].marker.symbol) == ["diamond", "circle", "circle"]
    assert [note.text for note in figure.layout.annotations[1:]] == ["一", "二", "三"]
    others = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"
    many = [pd.Series({"一": one, **dict.fromkeys(others, other)}) for one, other in ((9, 30), (10, 100))]
    notes = branches.funnel(branches_of.funnel(*many)).layout.annotations[1:]
    assert [note.text for note in notes] == ["一"]


def test_funnel_leaves_out_empty_branches() -> None:
    """A branch without members has no rate and no point."""
    table = branches_of.funnel(pd.Series({"一": 9, "二": 0}), pd.Series({"一": 10, "二": 0}))
    assert branches.funnel(table).data[-1].x.tolist() == [10]


def test_shrunken_means() -> None:
    """Rings are raw means, dots the shrunken ones with their intervals, best first."""
    table = branches_of.shrunken_means(PLAIN.table["total"], PLAIN.table["branch"])
    _, raw, shrunken = branches.shrunken_means(table).data
    rows = table[table["n"] >= 5].sort_values("shrunken", ascending=False)
    np.testing.assert_array_equal(raw.x, rows["mean"])
    np.testing.assert_array_equal(shrunken.x, rows["shrunken"])
    np.testing.assert_allclose(shrunken.x + shrunken.error_x.array, rows["high"])
    np.testing.assert_allclose(shrunken.x - shrunken.error_x.arrayminus, rows["low"])
    assert list(raw.y) == [f"{branch}(n={n})" for branch, n in rows["n"].items()]


def test_one_rule_for_small_groups() -> None:
    """Groups under five are drawn in no picture, are counted in words, and are drawn where that is asked for."""
    table = branches_of.funnel(pd.Series({"一": 3, "二": 30, "三": 2}), pd.Series({"一": 5, "二": 100, "三": 4}))
    figure = branches.funnel(table)
    assert sorted(figure.data[-1].x) == [5, 100]
    assert "1 组不足 5 人" in figure.layout.title.text
    assert sorted(branches.funnel(table, least=0).data[-1].x) == [4, 5, 100]
