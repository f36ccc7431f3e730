"""Tests of how well parts agree."""

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis.inputs import consistency


def test_sums_that_differ_in_the_last_bits_have_no_alpha() -> None:
    """.1 + .2, .2 + .1 and .3 + 0 are one sum: noise over noise is nothing."""
    items = pd.DataFrame({"a": [0.1, 0.2, 0.3], "b": [0.2, 0.1, 0.0]})
    assert np.isnan(consistency.cronbach_alpha(items))
    assert np.isnan(consistency.feldt(np.nan, 10, 3)).all()


def test_a_published_interval() -> None:
    """What R's statpsych prints for alpha .85 of 7 measurements and 89 persons (ci.cronbach, after Feldt 1965)."""
    low, high = consistency.feldt(0.85, members=89, items=7)
    assert (round(low, 3), round(high, 3)) == (0.797, 0.893)  # it has n (k - 1) degrees of freedom, which is seen later


def test_the_interval_holds_its_level() -> None:
    """Of parallel halves the interval covers the true reliability as often as it says."""
    random = np.random.default_rng(1)
    covered = 0
    for _ in range(300):
        truth = random.normal(0, 2, 40)
        halves = pd.DataFrame({side: truth + random.normal(0, 2, 40) for side in "ab"})
        low, high = consistency.feldt(consistency.cronbach_alpha(halves), 40, 2)
        covered += low < 2 / 3 < high
    assert covered / 300 == pytest.approx(0.95, abs=0.04)
