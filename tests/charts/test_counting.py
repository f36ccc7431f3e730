"""No axis of people has half of one."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from jifen_analysis.charts import distribution, theme, thresholds, weights


@pytest.mark.parametrize("span", [1, 2, 5, 8, 9, 40, 3000])
def test_few_people_are_ticked_one_by_one(span: int) -> None:
    """More have ticks that fall on whole numbers anyway."""
    assert (theme.people(span).get("dtick") == 1) == (span <= 8)


def small() -> list[go.Figure]:
    """Every picture with an axis of people, of three."""
    table = pd.DataFrame({"group": "all", "total": [80.0, 85.0, 90.0], "share": [1 / 3, 2 / 3, 1.0], "n": 3})
    ranks = pd.DataFrame({"best_rank": [1, 2, 1], "worst_rank": [1, 3, 3]}, index=["1", "2", "3"])
    grades = pd.DataFrame({"优秀": [0.9, 0.4, 0.7], "合格": [0.1, 0.6, 0.3]}, index=["1", "2", "3"])
    found = SimpleNamespace(ranks=None, members=ranks, grades=grades)
    moved = pd.DataFrame({"weight": [0.5, 0.5, 0.6, 0.6], "grade": ["优秀", "合格"] * 2, "n": [2, 1, 1, 2]})
    moved.attrs = {"component": "daily", "current": 0.6, "against": ["evaluation"]}
    sure = SimpleNamespace(probabilities=pd.DataFrame({"优秀": [0.9, 0.8, 0.3], "合格": [0.1, 0.2, 0.7]}),
                           accuracy_regressed=0.8, consistency_regressed=0.7)  # fmt: skip
    return [
        distribution.histogram(table, {"优秀": 90}),
        weights.acceptability(found),
        weights.grade_acceptability(found),
        weights.sweep(moved),
        thresholds.accuracy(sure),
    ]


def test_a_few_people_stand_at_whole_numbers() -> None:
    """Wherever an axis counts them."""
    counting = [axis for figure in small() for axis in figure.select_yaxes()]
    assert len(counting) == 5
    assert all(axis.dtick == 1 and np.isclose(axis.tick0 or 0, 0) for axis in counting)


def test_classes_of_unequal_width_are_named_so() -> None:
    """Bars of the same width hold classes that are not."""
    _, spans, sure, *_ = small()
    assert all("各档宽窄不一" in figure.layout.xaxis.title.text.replace("<br>", "") for figure in (spans, sure))
