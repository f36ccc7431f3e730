"""Pictures of comparisons show the numbers of their tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis.comparison import Moves
from jifen_analysis.charts import comparison
from jifen_analysis.errors import UsageError
from tests.charts.figures import heading
from tests.charts.frames import GRADES, PLAIN, moves, records, schemes, why


@pytest.mark.parametrize("measure", ["tau_b", "kappa"])
def test_every_pair_once(measure: str) -> None:
    """The heat map has each pair's measure in the lower half and nothing elsewhere."""
    table = schemes(PLAIN)
    cells = comparison.schemes(table, measure).data[0]
    assert np.isfinite(cells.z).sum() == len(table)
    names = list(dict.fromkeys([*table["a"], *table["b"]]))
    for row in table.itertuples():
        assert cells.z[names.index(row.b) - 1][names.index(row.a)] == getattr(row, measure)


def test_measure_that_is_missing_everywhere() -> None:
    """Where no pair has a measure the picture says so instead of failing."""
    table = schemes(PLAIN).assign(kappa=np.nan)
    assert "等次不同" in comparison.schemes(table, "kappa").layout.title.text


def test_moves_scatter() -> None:
    """Every member is one point, at the first total and the difference, by kind of change."""
    found = moves(PLAIN)
    traces = comparison.moves(found).data
    assert sum(len(trace.x) for trace in traces) == len(found.members)
    changed = found.members[found.members["grade_changed"]]
    assert sum(len(trace.x) for trace in traces[1:]) == len(changed)
    drawn = {(x, y) for trace in traces[1:] for x, y in zip(trace.x, trace.y, strict=True)}
    assert drawn == set(zip(changed["total_a"], changed["difference"], strict=True))
    assert f"{len(changed)}人次等次改变" in heading(comparison.moves(found))


@pytest.mark.parametrize("shown", [1, 5, 12, 40])
def test_waterfall_ends_where_it_should(shown: int) -> None:
    """Steps begin at the first total, follow each other, and end at the second."""
    table = why(PLAIN)
    bars, totals = comparison.why(table, shown=shown).data
    assert bars.base[0] == table.attrs["total_a"]
    starts = np.asarray(bars.base, "float64")
    np.testing.assert_allclose(starts[1:], starts[:-1] + bars.x[:-1])
    assert bars.base[-1] + bars.x[-1] == pytest.approx(table.attrs["total_b"], abs=1e-9)
    assert list(totals.x) == [table.attrs["total_a"], table.attrs["total_b"]]
    assert len(set(bars.y)) == len(bars.y) == min(shown + 1, len(table))


def test_waterfall_without_a_difference() -> None:
    """A member who stands the same has two totals and no step."""
    table = why(PLAIN).assign(difference=0.0)
    table.attrs |= {"total_a": 90.0, "total_b": 90.0, "gap": 0.0, "grade_a": None, "grade_b": None}
    bars, totals = comparison.why(table).data
    assert len(bars.x) == 0
    assert list(totals.x) == [90.0, 90.0]


def test_transitions_of_schemes() -> None:
    """Cells have the counts and row shares, the highest grade first, those without one last."""
    found = moves(PLAIN)
    ungraded = found.transitions.assign(**{"<NA>": [0, 2, 0]})
    order = [*GRADES[::-1], "<NA>"]
    cells = comparison.transitions(Moves(found.members, ungraded, "period")).data[0]
    assert list(cells.x) == [*GRADES[::-1], "未评等次"]
    expected = ungraded.loc[GRADES[::-1], order].to_numpy()
    np.testing.assert_allclose(cells.z, expected / np.maximum(expected.sum(axis=1, keepdims=True), 1))
    assert [[int(text.split()[0]) if text else 0 for text in row] for row in cells.text] == expected.tolist()
    title = heading(comparison.transitions(found, labels={"a": "六四开", "b": "八二开"}))
    assert f"{int(found.members['grade_changed'].sum())}人次等次改变" in title
    assert "六四开与八二开" in title


def test_who_has_no_grade_under_either() -> None:
    """Those without a grade under either scheme are no part of the table, and are counted in words."""
    found = moves(PLAIN)
    ungraded = found.transitions.assign(**{"<NA>": 0})
    ungraded.loc["<NA>"] = [0, 0, 0, 7]
    members = pd.concat([found.members, found.members.head(7).assign(grade_changed=False)])
    figure = comparison.transitions(Moves(members, ungraded, "period"))
    assert list(figure.data[0].x) == GRADES[::-1]
    assert f"n={len(found.members)}" in figure.layout.title.text
    assert "两边都没有等次的 7" in heading(figure)


def test_records() -> None:
    """Each row is a bar with its difference in words; those whose grade moved come first and stand out."""
    table = records(PLAIN)
    bars = comparison.records(table).data[0]
    assert sorted(bars.x) == sorted(table["difference"])
    regraded = table["grade_before"].astype("str") != table["grade_after"].astype("str")
    size = int(regraded.sum())
    assert 0 < size < len(table)
    assert {" → " in text for text in bars.text[:size]} == {True}
    assert {" → " in text for text in bars.text[size:]} == {False}
    assert set(bars.marker.color[:size]).isdisjoint(bars.marker.color[size:])
    assert "2 项" in comparison.records(table, shown=2).layout.title.text
    assert "(n=0)" in comparison.records(table.head(0)).layout.title.text


@pytest.mark.parametrize("few", [1, 2])
def test_one_or_two_differences_are_said(few: int) -> None:
    """They are no picture: a line each, with the points, the grades and no axis."""
    table = records(PLAIN).head(few)
    figure = comparison.records(table)
    (told,) = figure.data
    assert (told.mode, len(told.text), figure.layout.xaxis.visible) == ("text", few, False)
    for row in table.itertuples():
        line = next(line for line in told.text if f"{row.member_id} {row.period}" in line)
        assert f"{row.difference:+.2f}" in line


def test_schemes_are_named() -> None:
    """Labels name the two schemes in titles and axes."""
    figure = comparison.moves(moves(PLAIN), labels={"a": "六四开", "b": "八二开"})
    assert "六四开与八二开" in figure.layout.title.text
    assert figure.layout.xaxis.title.text == "六四开总分(分)"


def test_unknown_measure() -> None:
    """A measure that does not exist is refused with those that do."""
    with pytest.raises(UsageError, match="kappa_linear"):
        comparison.schemes(schemes(PLAIN), "tau")
