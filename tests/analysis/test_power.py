"""Tests of how large a difference must be to be seen."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestIndPower

from jifen_analysis.analysis import power
from jifen_analysis.errors import UsageError


@pytest.mark.parametrize(("n", "d"), [(26, 0.8), (64, 0.5), (393, 0.2)])
def test_cohens_table(n: int, d: float) -> None:
    """Cohen (1988), Table 2.4.1: 26, 64 and 393 a group for .8, .5 and .2, power .80, two-sided .05."""
    found = power.smallest_gap(pd.Series({"甲": n, "乙": n}), sd=1)
    assert found["gap"].item() == pytest.approx(d, abs=0.01)


def test_the_gap_is_found_as_often_as_promised() -> None:
    """Simulated branches of 8 and 30 that lie so far apart are told apart in four of five years."""
    gap = power.smallest_gap(pd.Series({"甲": 8, "乙": 30}), sd=3)["gap"].item()
    random = np.random.default_rng(9)
    first, second = random.normal(80 + gap, 3, (2000, 8)), random.normal(80, 3, (2000, 30))
    assert (stats.ttest_ind(first, second, axis=1).pvalue < 0.05).mean() == pytest.approx(0.8, abs=0.03)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(2, 400), min_size=2, max_size=9), st.floats(0.2, 0.99), st.floats(0.001, 0.15))
def test_any_sizes_power_and_level_have_a_gap(sizes: list[int], power_wanted: float, level: float) -> None:
    """What statsmodels gives the gap of as power is the power asked for, whatever the sizes."""
    table = power.smallest_gap(pd.Series(sizes), 1, power_wanted, level)
    assert len(table) == len(sizes) * (len(sizes) - 1) // 2
    few, many, gap = (table[name].to_numpy("float64") for name in ("n_a", "n_b", "gap"))
    seen = [TTestIndPower().power(d, n, level, ratio=m / n) for d, n, m in zip(gap, few, many, strict=True)]
    assert seen == pytest.approx([power_wanted] * len(seen), abs=2e-4)


def test_larger_branches_show_smaller_gaps_in_any_order() -> None:
    """Every pair once, the most telling first; units of one member are left out and counted."""
    sizes = pd.Series({"甲": 40, "乙": 10, "丙": 20, "丁": 1})
    table = power.smallest_gap(sizes, sd=4)
    assert sorted(table["n_a"] + table["n_b"], reverse=True) == (table["n_a"] + table["n_b"]).tolist() == [60, 50, 30]
    assert table["gap"].is_monotonic_increasing
    assert table.attrs["left_out"] == 1
    pd.testing.assert_frame_equal(table, power.smallest_gap(sizes[::-1], sd=4), check_exact=True)


@pytest.mark.parametrize(
    ("sizes", "sd", "said"),
    [([5, 1], 4, "至少要有两个支部"), ([5, 5], 0, "标准差须大于 0"), ([5.5, 5], 4, "人数须为整数")],
)
def test_what_cannot_be_told_is_refused(sizes: list[float], sd: float, said: str) -> None:
    """One branch, no spread, half a member."""
    with pytest.raises(UsageError, match=said):
        power.smallest_gap(sizes, sd)
