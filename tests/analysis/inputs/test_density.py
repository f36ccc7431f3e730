"""Tests of the smooth density behind counts in bins."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from jifen_analysis.analysis.inputs import density


@given(st.integers(-40, 40), st.integers(1, 12), st.sampled_from([1, 2, 5, 10]))
def test_a_bin_holds_a_multiple_where_one_of_its_points_is(left: int, width: int, step: int) -> None:
    """Brute force over the whole points of the bin, the right end not among them."""
    held = density.multiples(np.array([left]), width, step)
    assert held.tolist() == [any(point % step == 0 for point in range(left, left + width))]


@given(st.integers(1, 50), st.lists(st.integers(0, 100), min_size=2, max_size=20))
def test_the_grain_divides_every_difference(step: int, places: list[int]) -> None:
    """Scores on a grid have at least its step, whatever they begin with."""
    found = density.grain(np.array(places) * step + 7)
    differences = np.diff(np.unique(places)) * step
    assert found % step == 0
    assert all(difference % found == 0 for difference in differences)


def test_a_normal_density_is_found_again() -> None:
    """A polynomial of the second order has the logarithm of a normal density exactly."""
    middles = np.arange(-12, 12) + 0.5
    counts = 10_000 * stats.norm.pdf(middles, 1, 4)
    found = density.log_linear(counts, density.powers(middles, 12, 2), np.zeros(24))
    np.testing.assert_allclose(found.expected, counts, rtol=1e-6)
    assert found.freedom == 21
