"""Tests of the ends of an interval of draws."""

import numpy as np
import pytest
from scipy import stats

from jifen_analysis.analysis.inputs import resampling


def test_the_mean_of_few_is_covered() -> None:
    """The bootstrap of a normal mean of six has then the ends of Student's t, on average."""
    random = np.random.default_rng(1)
    tail, ratios = resampling.expanded_tail(6), []
    for _ in range(60):
        values = random.normal(0, 1, 6)
        drawn = random.dirichlet(np.ones(6) * 5 / 6, 3000) @ values  # as the plain bootstrap varies
        low, high = np.quantile(drawn, [tail, 1 - tail])
        ratios.append((high - low) / (2 * stats.t.isf(0.025, 5) * values.std(ddof=1) / np.sqrt(6)))
    assert np.median(ratios) == pytest.approx(1, abs=0.15)
    assert 0 < resampling.expanded_tail(1) < resampling.expanded_tail(5) < resampling.expanded_tail(500) < 0.025
