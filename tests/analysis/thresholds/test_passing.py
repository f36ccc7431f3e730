"""Tests of who passes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import thresholds
from jifen_analysis.errors import UsageError

TOTALS = st.lists(st.integers(-500, 12_000).map(lambda cents: cents / 100), min_size=1, max_size=50)


@settings(deadline=None, max_examples=40)
@given(TOTALS, st.lists(st.integers(0, 120), min_size=1, max_size=10))
def test_every_cut_is_counted_exactly(totals: list[float], cuts: list[int]) -> None:
    """Brute force over all cuts, the cut itself included, gives the same counts."""
    curve = thresholds.pass_curve(totals, cuts)
    brute = [sum(round(total * 100) >= cut * 100 for total in totals) for cut in sorted(set(cuts))]
    assert curve["n_at_least"].tolist() == brute
    assert curve["share"].tolist() == [count / len(totals) for count in brute]


@settings(deadline=None, max_examples=40)
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
