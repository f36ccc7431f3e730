"""Tests of cut scores that are set by judgement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from jifen_analysis.analysis.standard_setting import (
    BOUNDS,
    angoff,
    ballot_ratings,
    borderline_regression,
    contrasting_groups,
    hofstee,
    moves,
)
from jifen_analysis.errors import UsageError

TARGETS = pd.DataFrame(
    [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]], ["a", "b", "c", "d"]
)
"""Four judges, six targets: Shrout & Fleiss (1979), Psychological Bulletin 86, Table 2."""

LAUNCHES = pd.Series([53, 57, 58, 63, 66, 67, 67, 67, 68, 69, 70, 70, 70, 70, 72, 73, 75, 75, 76, 76, 78, 79, 81])
SOUND = pd.Series([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1])
"""Temperature of 23 launches of the space shuttle, and whether all O-rings held."""

QUARTET = ([10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5], [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68])
"""The first data set of Anscombe (1973), The American Statistician 27, 17-21."""

MARKS = [60.9, 70.2, 50.9, 80.6, 73.7, 65.4, 65.2, 70.7, 65.6, 66.0, 74.5, 72.6, 67.4, 67.2, 69.4, 62.5, 64.4, 72.9]
MARKS += [66.8, 55.6, 63.7, 73.9, 65.9, 66.7, 73.8, 84.4, 61.6, 80.1, 56.9, 69.6, 57.5, 80.2, 75.5, 78.2, 60.0, 74.2]
MARKS += [63.3, 63.9, 72.6, 75.9]
"""Worked example of ``fn_plot_hofstee`` of R's psychometricsGP (Roberts & Pinter), in the tests of fast-mlsirm."""


def bounds(*judges: tuple[float, float, float, float]) -> pd.DataFrame:
    """What judges can accept."""
    return pd.DataFrame(judges, columns=list(BOUNDS))


def test_the_judges_of_shrout_and_fleiss() -> None:
    """Their mean squares 32.49, 11.24 and 1.02 (Table 3); the sum's error is that between the judges' sums."""
    found = angoff(TARGETS / 10, pd.Series(10.0, TARGETS.columns))
    details = found.details
    squares = [round(details[name], 2) for name in ("judges", "items_mean_square", "residual")]
    assert squares == [32.49, 11.24, 1.02]
    assert found.cut == pytest.approx(TARGETS.sum(axis=1).mean())
    assert found.se == pytest.approx(np.sqrt(6 * details["judges"] / 4)) == pytest.approx(6.98, abs=0.005)
    assert found.high - found.cut == pytest.approx(stats.t.isf(0.025, 3) * found.se)
    assert details["judge_variance"] == pytest.approx((32.49 - 1.02) / 6, abs=0.002)
    assert details["item_variance"] == pytest.approx((11.24 - 1.02) / 4, abs=0.002)


def test_the_launches_of_the_shuttle() -> None:
    """Agresti (2007), Introduction to Categorical Data Analysis, exercise 4.1: 15.043, -0.2322, even odds at 64.8."""
    found = contrasting_groups(LAUNCHES, SOUND)
    assert [round(found.details["intercept"], 3), round(found.details["slope"], 4)] == [-15.043, 0.2322]
    assert round(found.cut, 1) == 64.8
    assert found.low < found.cut < found.high
    assert contrasting_groups(LAUNCHES + 10, SOUND).cut == pytest.approx(found.cut + 10, abs=1e-5)


def test_groups_counted_alike() -> None:
    """Two normal groups of one spread cross in the middle, however many are in either."""
    odds = np.linspace(0.001, 0.999, 600)
    few, many = (stats.norm(mean, 2).ppf(share) for mean, share in ((94, odds[::6]), (90, odds)))
    scores, worthy = pd.Series(np.concatenate([few, many])), pd.Series([1] * len(few) + [0] * len(many))
    assert contrasting_groups(scores, worthy, alike=True).cut == pytest.approx(92, abs=0.05)
    assert contrasting_groups(scores, worthy).cut == pytest.approx(92 + np.log(6), abs=0.15)  # slope: 4 / 2 ** 2


def test_the_line_of_anscombe() -> None:
    """Anscombe (1973): 3 + .5 x, standard error of the slope .118, residual sum of squares 13.75."""
    found = borderline_regression(pd.Series(QUARTET[1]), pd.Series(QUARTET[0]), 5)
    details = found.details
    assert [round(details[name], 3) for name in ("slope", "slope_se")] == [0.5, 0.118]
    assert round(found.cut, 1) == 5.5
    assert details["r"] ** 2 == pytest.approx(0.667, abs=5e-4)
    assert found.se == pytest.approx(np.sqrt(13.763 / 9 * (1 / 11 + 16 / 110)), abs=1e-3)
    assert found.high - found.cut == pytest.approx(stats.t.isf(0.025, 9) * found.se)


@settings(deadline=None, max_examples=12)
@given(st.integers(40, 60), st.integers(65, 90), st.integers(0, 3), st.integers(7, 10))
def test_the_closed_form_of_hofstee(least: int, most: int, few: int, many: int) -> None:
    """Where members are spread evenly from 0 to 100 the two lines meet where algebra says."""
    held = pd.Series(np.arange(20_000) / 200 + 1 / 400)
    steep = (many - few) / 10 / (most - least)
    meets = (many / 10 + steep * least) / (0.01 + steep)
    asked = bounds(*[(least, most, few / 10, many / 10)] * 3)
    assert least < meets < most
    found = hofstee(held, asked)
    assert found.cut == pytest.approx(meets, abs=0.006)
    assert found.se == pytest.approx(0, abs=1e-9)
    assert found.details["failing"] == pytest.approx(meets / 100, abs=1e-4)


def test_the_worked_example_of_hofstee() -> None:
    """Cut score 62.5 to 75, 0 to 20 % failing: 62.805 and 19.512 % where marks are spread evenly inside a point.

    As given, nobody lies between 62.5 and 63.3, and one at 62.5 makes the step that the line crosses.
    """
    asked = bounds(*[(62.5, 75, 0, 0.2)] * 2)
    spread = np.ceil(MARKS)[:, None] - 1 + (np.arange(400) + 0.5) / 400
    found = hofstee(pd.Series(spread.ravel()), asked)
    assert found.cut == pytest.approx(62.804878, abs=2e-3)
    assert found.details["failing"] == pytest.approx(0.19512195, abs=2e-4)
    assert hofstee(pd.Series(MARKS), asked).cut == 62.5


def test_hofstee_between_judges() -> None:
    """The jackknife of a mean that is straight in the bounds is the standard error of the mean."""
    held = pd.Series(np.arange(20_000) / 200 + 1 / 400)
    found = hofstee(held, bounds(*[(50 + n, 70 + n, 0.3, 0.7) for n in (-2, 0, 2)]))
    assert found.cut == pytest.approx(56.667, abs=0.006)
    assert found.se == pytest.approx(2 / np.sqrt(3) * 2 / 3, abs=0.01)  # two thirds of a shift of the bounds


def test_most_of_several_judges_decide() -> None:
    """One judge is as none but that one; a member on whom they are evenly split is left out, and counted."""
    alone = contrasting_groups(LAUNCHES, SOUND)
    panel = pd.DataFrame({"a": SOUND, "b": SOUND, "c": 1 - SOUND})
    assert contrasting_groups(LAUNCHES, panel).cut == alone.cut
    split = contrasting_groups(
        LAUNCHES, panel[["a", "c"]].mask(panel.index.to_series() < len(panel) - 1, panel["a"], axis=0)
    )
    assert (split.n, split.details["split"]) == (len(LAUNCHES) - 1, 1.0)
    ratings = pd.DataFrame({"a": QUARTET[0], "b": QUARTET[0]}).add([1, -1])
    assert borderline_regression(pd.Series(QUARTET[1]), ratings, 5).cut == pytest.approx(5.5, abs=0.05)


def test_who_moves() -> None:
    """By grade; a total on the line is over it, the noise of its last bits too; all are still there."""
    totals = pd.Series([95, 92, 91.9999999, 90, 89.99, 70, 60, 50, np.nan])
    table = moves(totals, {"合格": 60.0, "优秀": 90.0}, "优秀", 92)
    assert table.index.tolist() == table.columns.tolist() == ["优秀", "合格", ""]
    assert table.to_numpy().tolist() == [[3, 1, 0], [0, 3, 0], [0, 0, 1]]
    assert table.attrs == {"grade": "优秀", "today": 90.0, "cut": 92.0}
    assert moves(totals, {"合格": 60.0, "优秀": 90.0}, "优秀", 55).loc["合格"].tolist() == [3, 0, 0]


def test_ballots_as_ratings() -> None:
    """A choice that was not offered counts nothing; a missing count or no vote is no rating, not a zero."""
    counts = {"excellent": [2, 0, 0, 1], "qualified": [2, 0, 1, None], "basic": [None] * 4, "unqualified": [0, 0, 1, 1]}
    ballots = pd.DataFrame({"member_id": list("dcba")} | counts)
    assert ballot_ratings(ballots).to_dict() == pytest.approx({"a": np.nan, "b": 2, "c": np.nan, "d": 3.5}, nan_ok=True)


@settings(deadline=None, max_examples=5)
@given(st.randoms())
def test_the_order_of_members_and_judges_changes_nothing(random: Any) -> None:
    """To the last bit, in every method."""
    seed = random.randint(0, 99)
    judges = bounds((50, 70, 0.1, 0.6), (55, 72, 0.1, 0.7), (53, 75, 0.2, 0.7))
    turned = [frame.sample(frac=1, random_state=seed) for frame in (LAUNCHES, SOUND, TARGETS, judges)]
    assert contrasting_groups(turned[0], turned[1]) == contrasting_groups(LAUNCHES, SOUND)
    assert borderline_regression(turned[1], turned[0], 70.0) == borderline_regression(SOUND, LAUNCHES, 70.0)
    assert angoff(turned[2] / 10) == angoff(TARGETS / 10)
    assert hofstee(turned[0], turned[3]) == hofstee(LAUNCHES, judges)


LINE, HALF = pd.Series(range(20), dtype="float64"), pd.Series([0, 1] * 10)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: angoff(TARGETS.iloc[:1] / 10), "至少要有两名评委、两个项目,现有 1、6"),
        (lambda: angoff(TARGETS), "须在 0 至 1 之间"),
        (lambda: angoff(TARGETS.where(TARGETS != 10) / 10), "评委 a 对 4 没有判断"),
        (lambda: angoff(TARGETS / 10, pd.Series([1.0])), "项目 1 没有分值"),
        (lambda: contrasting_groups(LINE, HALF), "分数分不开这两组人"),
        (lambda: contrasting_groups(LINE, -HALF + 1), "分数分不开这两组人"),
        (lambda: contrasting_groups(LINE, LINE < 10), "分数分不开这两组人"),
        (lambda: contrasting_groups(LINE.clip(lower=9), LINE < 10), "分数分不开这两组人"),
        (lambda: contrasting_groups(LINE, LINE > 9), "全然分开"),
        (lambda: contrasting_groups(LINE.replace(9, 10), LINE > 9), "全然分开"),
        (lambda: contrasting_groups(LINE, LINE > 15), "两组各至少要 5 人"),
        (lambda: contrasting_groups(LINE, LINE), "1 为够格"),
        (lambda: contrasting_groups(LINE[:9], HALF), "至少要 10 人,现有 9"),
        (lambda: contrasting_groups(LINE * 0, HALF), "分数都是 0"),
        (lambda: contrasting_groups(LINE, pd.DataFrame({"a": HALF, "b": HALF * 2})), "每位评委须写 1"),
        (lambda: borderline_regression(LINE, HALF, 2), "边界评定须在各人评定之间"),
        (lambda: borderline_regression(LINE, HALF * 0, 0), "评定全是 0"),
        (lambda: borderline_regression(LINE, -LINE, -3), "评定高的人分数并不更高"),
        (lambda: borderline_regression(LINE * 0, LINE, 3), "评定高的人分数并不更高"),
        (lambda: hofstee(LINE, bounds((5, 9, 0.1, 0.5))), "至少要有两名评委,现有 1"),
        (lambda: hofstee(LINE, bounds(*[(5, 9, 0.1, 0.2)] * 2)), "不相交:5 至 9 分,10% 至 20%"),
        (lambda: hofstee(LINE, bounds(*[(1, 4, 0.5, 0.6)] * 2)), "不相交"),
        (lambda: hofstee(LINE, bounds(*[(9, 5, 0.1, 0.2)] * 2)), "下限须低于上限"),
        (lambda: hofstee(LINE[:5], bounds(*[(1, 4, 0.1, 0.6)] * 2)), "至少需要 10 个"),
        (lambda: moves(LINE, {"优秀": 9}, "良好", 9), "没有等次 良好"),
        (lambda: ballot_ratings(pd.DataFrame({"member_id": []})), "没有列 excellent"),
    ],
)
def test_what_cannot_be_set(ask: Callable[[], object], said: str) -> None:
    """One judge, too few, no variation, no crossing: refused in a sentence."""
    with pytest.raises(UsageError, match=said):
        ask()
