"""Tests that the analyses are wrong no more often than they say, in short; the benchmark has the long run."""

import pytest

from benchmarks.calibration import RATES, Rate

RUNS = 12


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: rate.name)
def test_rates_keep_their_bounds(rate: Rate) -> None:
    """Few runs with three Monte Carlo errors of slack: what is wrong by a factor is seen."""
    found, error = rate.simulated(RUNS)
    assert rate.kept(found, error), f"{found:.3f} ± {error:.3f}"


def test_a_rate_can_be_missed() -> None:
    """An alarm that always rings is none of chance, and one that never does has no power."""
    always, never = Rate("always", lambda _: 1.0, 0.06), Rate("never", lambda _: 0.0, 0.85, at_most=False)
    assert not always.kept(*always.simulated(RUNS))
    assert not never.kept(*never.simulated(RUNS))
