"""Pictures of distributions show the numbers of their tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis import distribution as distribution_of
from jifen_analysis.charts import distribution, theme
from jifen_analysis.errors import UsageError
from tests.charts.figures import heading
from tests.charts.frames import CUTS, PLAIN, ecdf


def test_histogram_counts_everyone() -> None:
    """The bars hold the members of each class, cut lines included in the upper one."""
    totals = PLAIN.table["total"]
    bars = distribution.histogram(ecdf(PLAIN, "branch"), CUTS, width=2).data[0]
    for left, count in zip(bars.x - 1, bars.y, strict=True):
        assert count == ((totals >= left) & (totals < left + 2)).sum()
    assert bars.y.sum() == len(totals)


@pytest.mark.parametrize(("total", "start"), [(0.3, 0.3), (90.0, 90.0), (89.999999, 89.9), (59.7, 59.7)])
def test_histogram_class_of_a_total(total: float, start: float) -> None:
    """A total stands in the class that its decimals say, not its binary fraction."""
    table = distribution_of.ecdf(pd.DataFrame({"total": [total]}))
    bars = distribution.histogram(table, width=0.1).data[0]
    assert bars.customdata[0][0] == pytest.approx(start, abs=1e-9)


def test_histogram_says_who_reaches_the_cut() -> None:
    """The finding counts those at or above each cut, and each cut has its line and name."""
    figure = distribution.histogram(ecdf(PLAIN), CUTS)
    reached = int((PLAIN.table["total"] >= 90).sum())
    assert f"达到优秀线(90分)的{reached}人" in heading(figure)
    assert [shape.x0 for shape in figure.layout.shapes] == [90, 60]
    assert {"优秀 ≥ 90", "合格 ≥ 60"} <= {note.text for note in figure.layout.annotations}


def test_ecdf_steps() -> None:
    """Each panel has its group's steps from 0, and everyone's behind them."""
    table = ecdf(PLAIN, "branch")
    figure = distribution.ecdf(table, least=0)
    everyone, first = figure.data[0], figure.data[1]
    own = table[table["group"] == "第一支部"]
    np.testing.assert_array_equal(first.x[1:], own["total"])
    np.testing.assert_array_equal(first.y[1:], own["share"])
    assert (first.x[0], first.y[0]) == (own["total"].min(), 0)
    pooled = ecdf(PLAIN)
    np.testing.assert_array_equal(everyone.x[1:], pooled["total"])
    np.testing.assert_allclose(everyone.y[1:], pooled["share"], rtol=0, atol=1e-12)
    assert len(figure.data) == 2 * table["group"].nunique()


def test_boxes() -> None:
    """A box has the table's quantiles; branches stand from the highest median, small ones are left out."""
    table = distribution_of.summary(PLAIN.table, "branch").set_index("group")
    box = distribution.summary(table.reset_index()).data[0]
    names = [name.partition("(")[0] for name in box.y]
    assert set(names) == set(table.index[~table["withheld"]])
    assert table.loc[names, "median"].is_monotonic_decreasing
    for field, column in {
        "q1": "p25",
        "median": "median",
        "q3": "p75",
        "lowerfence": "p10",
        "upperfence": "p90",
    }.items():
        np.testing.assert_array_equal(box[field], table.loc[names, column])
    assert all(f"(n={table.loc[name, 'n']})" in said for name, said in zip(names, box.y, strict=True))


def test_grade_shares() -> None:
    """Each grade's bar has its share, the largest share of the highest grade above; withheld groups are counted."""
    table = distribution_of.summary(PLAIN.table, "branch", min_n=10).sort_values("group")
    figure = distribution.grade_shares(table)
    assert [bar.name for bar in figure.data] == ["优秀", "合格", "不合格"]
    by_name = dict(zip(figure.data[0].y, figure.data[0].x, strict=True))
    held = table[~table["withheld"]]
    assert by_name == {f"{row.group}(n={row.n})": row.share_优秀 for row in held.itertuples()}
    assert list(by_name.values()) == sorted(by_name.values(), reverse=True)
    by_number = distribution.grade_shares(table, by="group").data[0].y
    assert [name.partition("(")[0] for name in by_number] == theme.sort_rows(held, "group")["group"].tolist()
    assert f"{int(table['withheld'].sum())} 组不足 10 人" in figure.layout.title.text


def test_grades_of_an_own_scheme_stand_from_the_highest() -> None:
    """Names that the theme does not know keep the order of the grades, the highest first and darkest."""
    rows = pd.DataFrame(
        {"total": [1.0, 2, 3], "grade": pd.Categorical(["后进", "达标", "示范"], ["后进", "达标", "示范"])}
    )
    bars = distribution.grade_shares(distribution_of.summary(rows, min_n=1)).data
    assert [bar.name for bar in bars] == ["示范", "达标", "后进"]
    assert bars[0].marker.color == theme.grade_colours(["优秀"])["优秀"]


def test_heaping_digits() -> None:
    """The bars are the digits' counts, the dashes what their smooth density puts there."""
    table = distribution_of.heaping([70, 75, 80, 80, 90, 91])
    bars, dashes = distribution.heaping(table).data
    assert bars.y.tolist() == table["count"].tolist()
    assert dashes.y.tolist() == table["expected"].tolist()
    assert "末位为0或5的占83.3%" in heading(distribution.heaping(table))


def test_reliability_points() -> None:
    """Each item stands at alpha without it, the line at alpha."""
    table = distribution_of.reliability(PLAIN.table[["daily", "evaluation", "total"]])
    figure = distribution.reliability(table)
    points = figure.data[0]
    np.testing.assert_array_equal(points.x, table["alpha_if_deleted"].sort_values(ascending=False))
    apart = [colour != theme.MAIN for colour in points.marker.color]
    assert apart == [x > table.attrs["alpha"] for x in points.x]
    assert figure.layout.shapes[0].x0 == table.attrs["alpha"]


def test_alpha_that_cannot_be_told() -> None:
    """Where all sums are equal there is no alpha: no line, and no “nan”."""
    table = distribution_of.reliability(pd.DataFrame({"a": [1, 2, 3], "b": [3, 2, 1]}))
    figure = distribution.reliability(table)
    assert len(figure.layout.shapes) == 0
    assert "α = —" in figure.layout.title.text


def test_empty_table_is_refused() -> None:
    """A table without rows is refused in words."""
    with pytest.raises(UsageError, match="没有可画的数据"):
        distribution.ecdf(ecdf(PLAIN).head(0))
    with pytest.raises(UsageError, match="没有可画的数据"):
        distribution.histogram(ecdf(PLAIN).head(0))
    with pytest.raises(UsageError, match="没有可画的数据"):
        distribution.summary(distribution_of.summary(PLAIN.table.assign(total=np.nan), "branch"))


def test_wrong_use() -> None:
    """A width of nothing and a table without grades are refused."""
    with pytest.raises(UsageError, match="组距须大于 0"):
        distribution.histogram(ecdf(PLAIN), width=0)
    ungraded = distribution_of.summary(PLAIN.table[["total", "branch"]], "branch")
    with pytest.raises(UsageError, match="没有各等次"):
        distribution.grade_shares(ungraded)
