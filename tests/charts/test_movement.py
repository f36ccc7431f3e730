"""Pictures of movement show the numbers of their tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis import movement as movement_of
from jifen_analysis.charts import movement
from jifen_analysis.charts.theme import GREY, INK, grade_colours
from jifen_analysis.errors import UsageError
from tests.charts.figures import heading
from tests.charts.frames import (
    GRADES,
    PLAIN,
    SMALL,
    Office,
    attribution,
    paired_change,
    totals,
    transitions,
    whereabouts,
)


def test_transition_matrix() -> None:
    """Cells have the row shares and say the counts, the highest grade first, empty grades kept."""
    found, order = transitions(PLAIN), GRADES[::-1]
    cells = movement.transitions(found).data[0]
    np.testing.assert_array_equal(cells.z, found.probabilities.loc[order, order])
    assert list(cells.x) == order
    assert cells.text[0][1].startswith(f"{found.counts.loc['优秀', '合格']} 人")
    ends = [found.low.loc["优秀", "合格"], found.high.loc["优秀", "合格"]]
    assert cells.text[0][1].endswith(f"({ends[0]:.0%}–{ends[1]:.0%})")
    untold = replace(found, low=found.low * np.nan)
    assert "–" not in "".join(movement.transitions(untold).data[0].text[0])


def test_who_rose_and_fell() -> None:
    """The finding counts those below and above the diagonal the right way round."""
    found = movement_of.transitions(
        *(PLAIN.table.set_index("member_id")["grade"].head(3).copy().set_axis(list("123")) for _ in range(2)), GRADES
    )
    counts = found.counts.copy()
    counts.loc[:, :] = 0
    counts.loc["合格", "优秀"], counts.loc["优秀", "不合格"] = 5, 2
    changed = replace(found, counts=counts, probabilities=counts / 7)
    assert "上升5人\uff0c下降2人\uff0c不变0人" in heading(movement.transitions(changed))


def test_flows_hold_everyone() -> None:
    """Streams have the counts of the matrix, and of those who joined and left."""
    found = transitions(PLAIN)
    sankey = movement.flows(found).data[0]
    assert sum(sankey.link.value) == found.counts.to_numpy().sum() + found.joined.sum() + found.left.sum()
    ends = {
        (sankey.node.label[start].partition("(")[0], sankey.node.label[end].partition("(")[0]): n
        for start, end, n in zip(sankey.link.source, sankey.link.target, sankey.link.value, strict=True)
    }
    assert ends["优秀", "合格"] == found.counts.loc["优秀", "合格"]
    assert ends["新增", "合格"] == found.joined["合格"]
    assert sankey.node.color[0] == grade_colours(GRADES)["优秀"]


def test_mobility() -> None:
    """One index is drawn, the first that can be told; the others and the grades counted are told in words."""
    measures = movement_of.mobility(pd.DataFrame([[0.5, 0.5], [0, 0]], GRADES[1:], GRADES[1:]), [1, 0])
    figure = movement.mobility(measures)
    assert figure.data[0].x.tolist() == [measures["bartholomew_1"]]
    said = heading(figure)
    assert said.count("无从得知") == 3
    assert f"B2(跨的级数) {measures['bartholomew_2']:.2f}" in said
    assert "合格、优秀" in said
    with pytest.raises(UsageError, match="没有一项流动指标能算"):
        movement.mobility(measures * np.nan)


def test_mobility_has_its_interval() -> None:
    """Where the members behind the index are known their interval is drawn and written."""
    counts = pd.DataFrame([[30, 10], [10, 30]], GRADES[1:], GRADES[1:])
    measures = movement_of.mobility(counts / 40, counts=counts)
    dot = movement.mobility(measures).data[0]
    low, high = measures.attrs["low"]["prais"], measures.attrs["high"]["prais"]
    assert dot.error_x.array[0] == pytest.approx(high - measures["prais"])
    assert dot.error_x.arrayminus[0] == pytest.approx(measures["prais"] - low)
    assert f"{low:.2f}–{high:.2f}" in dot.text[0]


def test_whereabouts() -> None:
    """Bars count who left and was transferred out to the left, who came to the right; hovers name them."""
    table = whereabouts(PLAIN)
    bars = {bar.name.partition("(")[0]: bar for bar in movement.whereabouts(table, least=0).data}
    states = {"离开": ("left", "before", -1), "转出": ("transferred", "before", -1)}
    states |= {"转入": ("transferred", "after", 1), "新增": ("joined", "after", 1)}
    assert list(bars) == list(states)
    for name, (state, side, sign) in states.items():
        rows = table[table["state"] == state]
        counts = rows[f"branch_{side}"].value_counts()
        drawn = {said.partition("(")[0]: sign * x for said, x in zip(bars[name].y, bars[name].x, strict=True) if x}
        assert drawn == counts.to_dict()
        assert any(rows.index[0] in members for _, members in bars[name].customdata)
    first = next(name for name in bars["新增"].y if name.startswith("第一支部"))
    assert f"n={int((table['branch_after'] == '第一支部').sum())}" in first
    gained = sum(bar.x for bar in bars.values())
    assert np.all(np.diff(gained) <= 0)


@pytest.mark.parametrize("office", [PLAIN, SMALL])
def test_ranks(office: Office) -> None:
    """Each of the farthest movers has a line as long as the move, with both ranks, the largest rise above."""
    table = movement_of.ranks(*totals(office))
    up, down, before, after = movement.ranks(table, shown=10).data
    rows = table.loc[list(before.y)]
    assert len(rows) == 10
    assert (table["change"].abs() > rows["change"].abs().min()).sum() < 10
    for ends, side in ((before, "rank_before"), (after, "rank_after")):
        np.testing.assert_array_equal(ends.x, rows[side])
        assert list(ends.text) == [f"{rank:g}" for rank in rows[side]]
    assert rows["change"].is_monotonic_decreasing
    strokes = [np.asarray(line.x).reshape(-1, 3)[:, :2] for line in (up, down)]
    np.testing.assert_array_equal(np.concatenate(strokes), rows[["rank_before", "rank_after"]])
    assert np.all(strokes[0][:, 0] > strokes[0][:, 1])


def test_ranks_that_do_not_differ() -> None:
    """Where all totals are equal there is no tau, and no “nan”."""
    same = pd.Series(90.0, index=["1", "2", "3"])
    said = heading(movement.ranks(movement_of.ranks(same, same)))
    assert "不变3人" in said
    assert "τ" not in said


def test_regression_to_mean() -> None:
    """Dots are observed changes with their intervals, the line the expected ones, if a reliability is known."""
    table = movement_of.regression_to_mean(*totals(PLAIN), reliability=0.7)
    expected, observed = movement.regression_to_mean(table).data
    np.testing.assert_array_equal(expected.y, table["expected"])
    np.testing.assert_array_equal(observed.y, table["observed"])
    np.testing.assert_allclose(observed.y + observed.error_y.array, table["observed_high"])
    unknown = movement.regression_to_mean(movement_of.regression_to_mean(*totals(PLAIN)))
    assert len(unknown.data) == 1
    assert "信度未知" in unknown.layout.title.text


def test_attribution() -> None:
    """Two bars sum to the change written beyond them; the largest changes are shown, from the best."""
    table = attribution(PLAIN)
    behaviour, rule, written = movement.attribution(table, shown=15).data
    change = behaviour.x + rule.x
    assert [text.strip() for text in written.text] == [f"{value:+.1f}" for value in change]
    assert len(change) == 15
    assert np.all(np.diff(change) <= 1e-9)
    assert np.abs(change).min() == pytest.approx(table["total_change"].abs().nlargest(15).iloc[-1])


def test_paired_change() -> None:
    """All on top, then each branch that is large enough, the largest rise first; who stands apart stands out."""
    table = paired_change(PLAIN)
    (points,) = movement.paired_change(table).data
    large = table[~table["withheld"]]
    assert points.x.tolist() == [table.attrs["change"], *large["change"]]
    assert points.marker.symbol[0] == "diamond"
    apart = [colour not in (GREY, INK) for colour in points.marker.color]
    assert apart == [False, *(large["stands"] != "")]
