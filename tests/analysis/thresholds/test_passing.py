"""Tests of who passes, and of scores pushed over the line."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from jifen_analysis.analysis import thresholds
from jifen_analysis.errors import UsageError

TOTALS = st.lists(st.integers(-500, 12_000).map(lambda cents: cents / 100), min_size=1, max_size=50)


@settings(deadline=None, max_examples=60)
@given(TOTALS, st.lists(st.integers(0, 120), min_size=1, max_size=10))
def test_every_cut_is_counted_exactly(totals: list[float], cuts: list[int]) -> None:
    """Brute force over all cuts, the cut itself included, gives the same counts."""
    curve = thresholds.pass_curve(totals, cuts)
    brute = [sum(round(total * 100) >= cut * 100 for total in totals) for cut in sorted(set(cuts))]
    assert curve["n_at_least"].tolist() == brute
    assert curve["share"].tolist() == [count / len(totals) for count in brute]


@settings(deadline=None, max_examples=60)
@given(TOTALS)
def test_the_curve_falls_as_the_cut_rises(totals: list[float]) -> None:
    """A higher cut never lets more pass; the lowest total lets everybody."""
    curve = thresholds.pass_curve(totals)
    assert curve["n_at_least"].is_monotonic_decreasing
    assert curve["n_at_least"].iloc[0] == len(totals)
    assert len(curve) == len(set(totals))


def test_totals_are_compared_at_six_decimals() -> None:
    """A total that floats leave a hair below the cut passes."""
    assert thresholds.pass_curve([0.1 + 0.2, 89.9999999, 89.999999], [0.3, 90])["n_at_least"].tolist() == [3, 1]


def test_missing_totals_are_left_out_and_counted() -> None:
    """Members without a total are no failures."""
    curve = thresholds.pass_curve([90, np.nan], [60])
    assert curve["share"].tolist() == [1.0]
    assert curve.attrs["left_out"] == 1


def test_each_group_has_its_own_curve() -> None:
    """A sweep by group counts each group by itself and withholds shares of small ones."""
    curve = thresholds.pass_curve([90.0] * 5 + [70.0] * 5 + [80.0], [75], list("aaaaabbbbbc"))
    assert curve["group"].tolist() == ["a", "b", "c"]
    assert curve["n_at_least"].tolist() == [5, 0, 1]
    assert curve["share"].tolist()[:2] == [1.0, 0.0]
    assert np.isnan(curve["share"].iloc[2])
    assert curve["withheld"].tolist() == [False, False, True]


def test_a_group_for_every_total_is_wanted() -> None:
    """Lists of different lengths cannot be matched."""
    with pytest.raises(UsageError, match="同一批人:1 与 2 个"):
        thresholds.pass_curve([90.0], [60], ["a", "b"])


@pytest.mark.parametrize(("totals", "cuts"), [([], [60]), ([60.0], [])])
def test_no_total_and_no_cut_are_refused(totals: list[float], cuts: list[float]) -> None:
    """Without a total or a cut there is nothing to count."""
    with pytest.raises(UsageError, match="不足"):
        thresholds.pass_curve(totals, cuts)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(700, 1000).map(lambda tenths: tenths / 10), min_size=1, max_size=200))
def test_bunching_counts_both_sides_and_tests_exactly(totals: list[float]) -> None:
    """Counts are brute force, and p is scipy's exact binomial test against the null share."""
    found = thresholds.bunching(totals, cut=90)
    assert found.below == sum(89 <= total < 90 for total in totals)
    assert found.above == sum(90 <= total < 91 for total in totals)
    n = found.below + found.above
    if n:
        assert found.p == stats.binomtest(found.above, n, found.null_share, alternative="greater").pvalue
    else:
        assert np.isnan(found.p)


def spread(rng: np.random.Generator, n: int = 4000) -> np.ndarray:
    """Smooth totals between 55 and 105."""
    return rng.uniform(55, 105, n).round(1)


def test_the_null_comes_from_the_other_multiples_of_ten() -> None:
    """Where every round number attracts, the cut is no exception, and the pooled share is brute force."""
    totals = spread(np.random.default_rng(7))
    heaped = np.where(totals % 10 >= 9.5, np.ceil(totals), totals)
    found = thresholds.bunching(heaped, cut=90)
    low, high = np.quantile(heaped, [0.05, 0.95])
    others = [line for line in (60, 70, 80, 100) if low <= line <= high]
    below = sum(((heaped >= line - 1) & (heaped < line)).sum() for line in others)
    above = sum(((heaped >= line) & (heaped < line + 1)).sum() for line in others)
    assert found.null_from == "multiples_of_10"
    assert found.null_share == pytest.approx(above / (below + above))
    assert found.p > 0.01


def test_pushed_scores_are_found() -> None:
    """If nearly everybody in the point below is lifted over the line, p is tiny."""
    totals = spread(np.random.default_rng(8))
    pushed = np.where((totals >= 89) & (totals < 90) & (np.arange(len(totals)) % 5 > 0), 90.0, totals)
    assert thresholds.bunching(pushed, cut=90).p < 1e-6
    assert thresholds.bunching(totals, cut=90).p > 0.01


def test_a_cut_that_is_a_multiple_of_five_is_held_against_multiples_of_five() -> None:
    """85 is compared with 60, 65, ... 105."""
    found = thresholds.bunching(spread(np.random.default_rng(9)), cut=85)
    assert found.null_from == "multiples_of_5"


@pytest.mark.parametrize("cut", [88, 92.5])
def test_a_cut_that_is_no_round_number_has_a_null_of_one_half(cut: float) -> None:
    """No other line is like it."""
    found = thresholds.bunching(spread(np.random.default_rng(10)), cut=cut)
    assert (found.null_share, found.null_from) == (0.5, "one_half")


def test_without_other_round_numbers_in_range_the_null_is_one_half() -> None:
    """Totals between 85 and 95 pass no other multiple of ten."""
    found = thresholds.bunching(np.random.default_rng(11).uniform(85, 95, 300), cut=90)
    assert found.null_from == "one_half"


def test_wide_bins_never_borrow_from_the_cut() -> None:
    """With bins of five points the neighbours 85 and 95 overlap the cut's own bins and are left out."""
    totals = np.concatenate([np.full(50, 84.0), np.full(50, 85.0), np.full(500, 92.0), np.linspace(60, 110, 200)])
    found = thresholds.bunching(totals, cut=85, width=5)
    lines = [line for line in range(60, 111, 5) if abs(line - 85) >= 10]
    low, high = np.quantile(totals, [0.05, 0.95])
    inside = [line for line in lines if low <= line <= high]
    above = sum(((totals >= line) & (totals < line + 5)).sum() for line in inside)
    below = sum(((totals >= line - 5) & (totals < line)).sum() for line in inside)
    assert found.null_share == pytest.approx(above / (above + below))


def test_the_density_is_one_in_all() -> None:
    """The curve for the chart is a density around the line."""
    curve = thresholds.bunching(np.random.default_rng(12).normal(90, 2, 2000), cut=90).density
    assert np.trapezoid(curve["density"], curve["total"]) == pytest.approx(1, abs=0.01)
    assert (curve["total"].min(), curve["total"].max()) == (75, 105)


def test_a_width_of_nothing_is_refused() -> None:
    """Bins need a width."""
    with pytest.raises(UsageError, match="组距须大于 0:0"):
        thresholds.bunching([90.0], cut=90, width=0)


@pytest.mark.parametrize("cut", [np.nan, "优秀", None])
def test_a_cut_that_is_no_number_is_refused(cut: object) -> None:
    """A grade's name is no line."""
    with pytest.raises(UsageError, match="分数线须是一个数"):
        thresholds.bunching([90.0], cut)  # type: ignore[arg-type]
