"""Pictures of cut scores show the numbers of their tables."""

from __future__ import annotations

import numpy as np
import pytest

from jifen_analysis.analysis import thresholds as thresholds_of
from jifen_analysis.charts import thresholds
from jifen_analysis.errors import UsageError
from tests.charts.figures import heading
from tests.charts.frames import CUTS, PLAIN, livingston_lewis, near_cut, quota_audit, rates, readings


def test_pass_curve() -> None:
    """The curve has the table's shares; the finding counts who reaches each line."""
    table = thresholds_of.pass_curve(PLAIN.table["total"])
    figure = thresholds.pass_curve(table, CUTS)
    np.testing.assert_array_equal(figure.data[0].x, table["cut"])
    np.testing.assert_array_equal(figure.data[0].y, table["share"])
    assert f"n={len(PLAIN.table)}" in figure.layout.title.text


def test_lines_among_the_cuts_are_counted() -> None:
    """How many reach a line is said where the line was tried, and not guessed elsewhere."""
    table = thresholds_of.pass_curve([70.0, 80, 90.5], cuts=[60, 90])
    said = thresholds.pass_curve(table, {"优秀": 90, "合格": 65}).layout.title.text
    assert "优秀 90 分(1 人)、合格 65 分<" in said


def test_nobody_reaches_any_cut() -> None:
    """A table of zeros is drawn, with how many there are."""
    figure = thresholds.pass_curve(thresholds_of.pass_curve([70.0, 80], cuts=[90, 95]))
    assert figure.data[0].y.tolist() == [0, 0]
    assert "n=2" in figure.layout.title.text


def test_everyone_has_the_same_total() -> None:
    """A single cut is a point, for a line of one point is not seen."""
    assert thresholds.pass_curve(thresholds_of.pass_curve([90.0] * 3)).data[0].mode == "markers"


def test_all_groups_too_small() -> None:
    """Where every group is withheld there is nothing to draw."""
    rates_of_few = thresholds_of.selection_rates([True, False], ["一", "二"])
    with pytest.raises(UsageError, match="各组人数都太少"):
        thresholds.selection_rates(rates_of_few)
    table = thresholds_of.pass_curve([70.0, 80], cuts=[75], group=["一", "二"])
    with pytest.raises(UsageError, match="各组都不足 5 人"):
        thresholds.pass_curve(table)


def test_sweep_by_group() -> None:
    """Each group that is not withheld has its curve in a panel of its own."""
    table = thresholds_of.pass_curve(PLAIN.table["total"], range(70, 101), PLAIN.table["branch"], min_n=10)
    figure = thresholds.pass_curve(table)
    shown = table[~table["withheld"]]
    curves = {trace.name: trace for trace in figure.data if trace.name}
    assert set(curves) == set(shown["group"])
    for group, part in shown.groupby("group"):
        np.testing.assert_array_equal(curves[group].y, part["share"])
    left_out = table.loc[table["withheld"], "group"].nunique()
    assert left_out > 0
    assert f"{left_out} 组不足" in figure.layout.title.text


def test_axis_ends_where_nearly_all_do() -> None:
    """A single total far out does not take the axis; how many lie beyond it is said."""
    totals = [*np.linspace(80, 100, 99), 155.0]
    figure = thresholds.pass_curve(thresholds_of.pass_curve(totals), {"优秀": 90})
    assert figure.layout.xaxis.range[1] < 110
    assert "1 人不在图中" in heading(figure)
    whole = thresholds.pass_curve(thresholds_of.pass_curve(np.linspace(80, 100, 99)))
    assert whole.layout.xaxis.range[1] >= 100
    assert "不在图中" not in whole.layout.title.text


def test_selection_rates() -> None:
    """Points have the rates and intervals, who differs by more than chance stands out; lines: pooled rate, 4/5."""
    table = rates(PLAIN)
    figure = thresholds.selection_rates(table)
    by_name = {name.partition("(")[0]: place for place, name in enumerate(figure.data[0].y)}
    points = figure.data[0]
    for group, row in table[~table["withheld"]].iterrows():
        place = by_name[group]
        assert points.x[place] == row["rate"]
        assert points.x[place] + points.error_x.array[place] == pytest.approx(row["high"])
        assert points.x[place] - points.error_x.arrayminus[place] == pytest.approx(row["low"])
        assert (points.marker.symbol[place] == "diamond") == (row["p_holm"] < 0.05)
    pooled = table.attrs["rate"]
    assert [line.x0 for line in figure.layout.shapes] == pytest.approx([pooled, 0.8 * pooled])
    assert f"约 {table.attrs['false_alarms']:.1f} 组" in figure.layout.title.text


def test_withheld_groups_have_no_point() -> None:
    """A group whose rate is withheld is counted in words and not drawn."""
    selected, group = [True] * 4 + [False] * 6 + [True, False], ["一"] * 10 + ["二"] * 2
    figure = thresholds.selection_rates(thresholds_of.selection_rates(selected, group))
    assert list(figure.data[0].y) == ["一(n=10)"]
    assert "1 组不足 5 人" in figure.layout.title.text


def test_bunching() -> None:
    """The densities are the table's, both bins are shaded, the counts, the excess and its interval are said."""
    found = thresholds_of.bunching(PLAIN.table["total"], 90)
    figure = thresholds.bunching(found)
    np.testing.assert_array_equal(figure.data[0].y, found.density["density"])
    np.testing.assert_array_equal(figure.data[1].y, found.counterfactual["density"])
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(89, 90), (90, 91), (90, 90)]
    said = heading(figure).replace(" ", "")
    assert f"线下1分内{found.below}人" in said
    assert f"{found.excess_low:.0f}至{found.excess_high:.0f}" in said


def test_where_bunching_cannot_be_told_no_p_is_drawn() -> None:
    """The picture says why instead."""
    figure = thresholds.bunching(thresholds_of.bunching([89.5, 90, 90.1], 90))
    assert len(figure.data) == 1
    assert "太少" in figure.layout.title.text
    assert "p =" not in figure.layout.title.text


def test_accuracy_counts_everyone() -> None:
    """The bars count members by the probability of their likeliest band."""
    found = thresholds_of.accuracy(PLAIN.table["total"], 2.0, [60, 90])
    bars = thresholds.accuracy(found).data[0]
    surest = found.probabilities.max(axis=1)
    assert bars.y.sum() == len(surest)
    assert bars.y[9] == (surest >= 0.9).sum()


def test_livingston_lewis() -> None:
    """Cells are the joint probabilities, the highest band above and on the left; accuracy is their diagonal."""
    found = livingston_lewis(PLAIN)
    figure = thresholds.livingston_lewis(found)
    cells = figure.data[0]
    np.testing.assert_array_equal(cells.z, found.table.to_numpy()[::-1, ::-1])
    assert list(cells.x) == list(cells.y) == ["90 及以上", "60 至不足 90", "60 以下"]
    assert np.trace(cells.z) == pytest.approx(found.accuracy)
    assert f"{found.accuracy:.1%}的人等次与真分数相符" in heading(figure)


def test_readings() -> None:
    """Every reading has a bar, also one that moves nobody."""
    table = readings(PLAIN)
    bars = thresholds.readings(table).data[0]
    assert dict(zip((name.replace("<br>", "") for name in bars.y), bars.x, strict=True)) == table.attrs["summary"]


def test_near_cut() -> None:
    """Every member has a point at the distance, in the row of the branch; branches of too few share one."""
    table = near_cut(PLAIN)
    few = table.groupby("branch")["branch"].transform("size") < 5
    assert few.any()
    assert "1 组不足 5 人" in thresholds.near_cut(table[~few | (table["branch"] == "第三支部")]).layout.title.text
    table["branch"] = table["branch"].astype("object").mask(few, "其他支部")
    points = thresholds.near_cut(near_cut(PLAIN)).data[0]
    members = [who for who, *_ in points.customdata]
    branches = [name.partition("(")[0] for name in points.y]
    drawn = set(zip(members, points.x, branches, strict=True))
    assert drawn == set(zip(table["member_id"], table["distance"], table["branch"], strict=True))


def test_quota_audit() -> None:
    """The bars count who lost, and whom each other way to count places would keep."""
    table = quota_audit(PLAIN)
    columns = ["tied", "kept_if_rounded", "kept_if_ceiling", "kept_if_pooled"]
    bars = thresholds.quota_audit(table).data[0]
    assert bars.x.tolist() == [len(table), *(int(table[column].sum()) for column in columns)]
    assert thresholds.quota_audit(table.head(0)).data[0].x.tolist() == [0] * 5


def test_nobody_close_is_no_mistake() -> None:
    """Where nobody is close, or no reading moves anyone, the picture says none."""
    assert "(n=0)" in thresholds.near_cut(near_cut(PLAIN).head(0)).layout.title.text
    table = readings(PLAIN).head(0)
    table.attrs = {"summary": {"strict": 0}}
    assert thresholds.readings(table).data[0].x.tolist() == [0]
