"""Tests of whether more stand just above a line than a smooth distribution would put there."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import thresholds
from jifen_analysis.errors import UsageError


def marks(seed: int, mean: float = 88, n: int = 1000) -> np.ndarray:
    """Smooth marks to two decimals."""
    return np.random.default_rng(seed).normal(mean, 5, n).round(2)


def raised(totals: np.ndarray, cut: float, share: float = 1.0) -> np.ndarray:
    """Lift some of those who lack less than a point onto the line."""
    near = np.flatnonzero((totals >= cut - 1) & (totals < cut))
    chosen = near[: round(share * len(near))]
    return np.where(np.isin(np.arange(len(totals)), chosen), cut, totals)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(700, 1000).map(lambda tenths: tenths / 10), min_size=1, max_size=200), st.randoms())
def test_counts_are_brute_force_and_order_does_not_matter(totals: list[float], shuffler) -> None:
    """Both bins are counted exactly; figures are all there or all missing with a reason; nothing is out of range."""
    found = thresholds.bunching(totals, cut=90)
    assert found.below == sum(89 <= total < 90 for total in totals)
    assert found.above == sum(90 <= total < 91 for total in totals)
    figures = [found.null_share, found.null_low, found.null_high, found.excess, found.p]
    assert np.isnan(figures).all() if found.cannot_tell else np.isfinite(figures).all()
    if found.cannot_tell is None:
        assert 0 <= found.null_low <= found.null_share <= found.null_high <= 1
        assert found.excess_low <= found.excess <= found.excess_high
        assert 0 <= found.p <= 1
    shuffler.shuffle(totals)
    assert np.array_equal(thresholds.bunching(totals, cut=90).p, found.p, equal_nan=True)


@pytest.mark.parametrize("cut", [88, 90, 92.5])
def test_raised_scores_are_found_and_counted(cut: float) -> None:
    """With half of the near misses lifted p is small, and the excess covers how many they were."""
    plain = marks(1)
    lifted = int((plain != raised(plain, cut, 0.5)).sum())
    found = thresholds.bunching(raised(plain, cut, 0.5), cut)
    assert thresholds.bunching(plain, cut).p > 0.05
    assert found.p < 0.001
    assert found.excess_low <= lifted <= found.excess_high


def test_a_sloped_density_is_expected_to_be_sloped() -> None:
    """Far below the mean more stand above any point than below it, and nothing is made of it."""
    found = thresholds.bunching(np.random.default_rng(2).normal(95, 4, 4000).round(2), cut=90)
    assert found.null_share > 0.55
    assert found.p > 0.05


def test_round_numbers_that_attract_everywhere_are_no_finding() -> None:
    """Marks rounded to fives pile up on 90 as on 85; and where halves below a five are raised, so they are at 90."""
    random = np.random.default_rng(3)
    plain = marks(4, n=3000)
    rounded = np.where(random.random(3000) < 0.3, np.round(plain / 5) * 5, plain)
    lifted = np.where((plain % 5 >= 4) & (random.random(3000) < 0.5), np.ceil(plain / 5) * 5, plain)
    assert thresholds.bunching(rounded, cut=90).p > 0.05
    assert thresholds.bunching(lifted, cut=90).p > 0.05
    assert thresholds.bunching(raised(rounded, 90, 0.7), cut=90).p < 0.05


def test_steps_of_a_scheme_are_no_finding() -> None:
    """Totals in steps of .4 fill the points by threes and twos in turn; the smooth share knows."""
    totals = np.round(np.random.default_rng(5).normal(88, 5, 3000) / 0.4) * 0.4
    found = thresholds.bunching(totals, cut=90)
    assert found.null_share > 0.5
    assert found.p > 0.05


@pytest.mark.parametrize(
    ("totals", "cut", "why"),
    [
        ([89.5, 90, 90.1], 90, "线两侧稍远处人太少"),
        (np.minimum(marks(6, mean=97), 100), 100, "封顶"),
        (np.round(marks(7) / 5) * 5, 90, "最小间隔大于组距"),
        (np.append(marks(8, mean=80, n=200), [94.5, 95, 96, 97, 98, 99]), 92, "怎样分布都不算稀奇"),
        ([90.0] * 300, 90, "线两侧稍远处人太少"),
    ],
)
def test_where_the_data_cannot_tell_it_is_said(totals: list[float], cut: float, why: str) -> None:
    """Few members, a ceiling, marks in wide steps: a reason, and no p that would be read as comfort."""
    found = thresholds.bunching(totals, cut)
    assert found.cannot_tell is not None
    assert why in found.cannot_tell.zh
    assert np.isnan(found.p)


def test_an_outlier_costs_no_memory() -> None:
    """A slip of the pen far away is no bin of its own."""
    assert thresholds.bunching([*marks(9), 9e8], cut=90).p > 0.05


def test_the_density_is_one_in_all() -> None:
    """The curve for the chart is a density around the line, and so is the smooth one."""
    found = thresholds.bunching(np.random.default_rng(12).normal(90, 2, 2000), cut=90)
    curve, smooth = found.density, found.counterfactual
    assert np.trapezoid(curve["density"], curve["total"]) == pytest.approx(1, abs=0.01)
    assert (curve["total"].min(), curve["total"].max()) == (75, 105)
    assert smooth["density"].sum() == pytest.approx(1, abs=0.02)


def test_a_width_of_nothing_is_refused() -> None:
    """Bins need a width."""
    with pytest.raises(UsageError, match="组距须大于 0:0"):
        thresholds.bunching([90.0], cut=90, width=0)


@pytest.mark.parametrize("cut", [np.nan, "优秀", None])
def test_a_cut_that_is_no_number_is_refused(cut: object) -> None:
    """A grade's name is no line."""
    with pytest.raises(UsageError, match="分数线须是一个数"):
        thresholds.bunching([90.0], cut)  # type: ignore[arg-type]
