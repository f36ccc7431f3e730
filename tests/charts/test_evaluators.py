"""Pictures of evaluators show the numbers of their tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis import evaluators as evaluators_of
from jifen_analysis.charts import evaluators, theme
from tests.charts.figures import heading
from tests.charts.frames import LABELS, PLAIN, g_study, leniency, partial, self_gap, survey


def test_leniency() -> None:
    """Branches stand from the gentlest at their means; few evaluators are hollow."""
    table = leniency(PLAIN)
    points = evaluators.leniency(table).data[0]
    rows = table[~table["withheld"]].sort_values("mean", ascending=False)
    np.testing.assert_array_equal(points.x, rows["mean"])
    np.testing.assert_allclose(points.error_x.array, rows["difference_high"] - rows["difference"])
    assert [colour == "#FFFFFF" for colour in points.marker.color] == rows["few_voters"].tolist()


def test_leniency_withholds_few_members() -> None:
    """A branch of few members is not drawn, however many marks they have."""
    table = leniency(PLAIN)
    table.loc[0, "members"] = 4
    figure = evaluators.leniency(table)
    assert len(figure.data[0].x) == int((~table["withheld"]).sum()) - 1
    assert "不足 5 人" in figure.layout.title.text


def test_g_study() -> None:
    """Bars are the shares of the variance, named in Chinese."""
    table = g_study(PLAIN)
    bars = evaluators.g_study(table).data[0]
    np.testing.assert_array_equal(bars.x, table["share"])
    assert bars.y[0] == "被评议人之间"


def test_self_gap() -> None:
    """Dots are what was given, rings what was declared, the largest gap above."""
    table = self_gap(PLAIN)
    figure = evaluators.self_gap(table, labels=LABELS)
    _, given, declared, written = figure.data
    rows = table.sort_values("gap", ascending=False)
    np.testing.assert_array_equal(given.x, rows["given"])
    np.testing.assert_array_equal(declared.x, rows["declared"])
    assert [text.strip() for text in written.text] == [f"{gap:+.2f}" for gap in rows["gap"]]
    assert "缴纳党费" in "".join(given.y)
    assert f"平均高{np.average(table['gap'], weights=table['n']):.2f}分" in heading(figure)


def test_the_widest_gaps() -> None:
    """Of many groups those of the widest gaps are drawn; the mean is of all."""
    table = self_gap(PLAIN)
    figure = evaluators.self_gap(table, shown=3)
    assert set(figure.data[1].customdata) == set(table.loc[table["gap"].abs().nlargest(3).index, "gap"])
    assert f"最大的 3 组(共 {len(table)} 组)" in figure.layout.title.text
    assert f"平均高{np.average(table['gap'], weights=table['n']):.2f}分" in heading(figure)


def test_one_branch_is_not_compared() -> None:
    """One branch alone is neither gentle nor strict, and equal marks have no share between branches."""
    alone = evaluators_of.leniency(pd.DataFrame({"branch": "一", "evaluation": [80.0, 90]}), min_n=1)
    assert "只有一个支部" in evaluators.leniency(alone).layout.title.text
    same = evaluators_of.leniency(pd.DataFrame({"branch": ["一", "二"], "evaluation": 90.0}), min_n=1)
    assert "分数没有差异" in evaluators.leniency(same).layout.title.text


def test_survey() -> None:
    """Groups stand at their means with intervals."""
    table = survey(PLAIN)
    points = evaluators.survey(table).data[0]
    np.testing.assert_array_equal(points.x, table["mean"])
    np.testing.assert_allclose(points.x + points.error_x.array, table["high"])


def test_survey_of_unnamed_groups() -> None:
    """A group whose name is blank is called so."""
    answers = pd.DataFrame({"group": ["members"] * 5 + [None] * 5, "score": [3.0, 4, 5, 4, 4] * 2})
    figure = evaluators.survey(evaluators_of.survey(answers, by=["group"]), labels=LABELS)
    assert list(figure.data[0].y) == ["党员(n=5)", "未注明(n=5)"]


def test_survey_withholds_small_groups() -> None:
    """A group too small to show has no point, and the picture says so."""
    answers = pd.DataFrame({"period": ["2023"] * 6 + ["2024"] * 2, "score": [3.0, 4, 5, 4, 4, 5, 1, 1]})
    figure = evaluators.survey(evaluators_of.survey(answers, by=["period"]))
    assert list(figure.data[0].y) == ["2023(n=6)"]
    assert "1 组不足 5 人" in figure.layout.title.text
    assert figure.data[0].x[0] == pytest.approx(25 / 6)


def test_partial() -> None:
    """Spans reach from the least to the most; who gained or lost for sure comes first and stands out."""
    table = partial(PLAIN)
    points = evaluators.partial(table, shown=6).data[0]
    assert len(points.x) == 6
    low = points.x - points.error_x.array
    sure = (low > 0) | (points.x + points.error_x.array < 0)
    assert [colour == theme.BAD for colour in points.marker.color] == sure.tolist()
    assert sure.tolist() == sorted(sure.tolist(), reverse=True)
