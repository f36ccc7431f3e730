"""Tests that the analyses are wrong no more often than they say, in short; the benchmark has the long run."""

import re
from pathlib import Path

import pytest

from benchmarks.calibration import RATES, Rate, Simulated

RUNS = 12


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: rate.name)
def test_rates_keep_their_bounds(rate: Rate) -> None:
    """Few runs with three Monte Carlo errors of slack: what is wrong by a factor is seen."""
    found = rate.simulated(RUNS)
    assert rate.kept(found), rate.row(found)


def test_a_rate_can_be_missed() -> None:
    """An alarm that always rings is none of chance, and one that never does has no power."""
    always, never = Rate("always", lambda _: 1.0, 0.06), Rate("never", lambda _: 0.0, 0.85, at_most=False)
    assert not always.kept(always.simulated(RUNS))
    assert "MISSED" in never.row(never.simulated(RUNS))


def test_the_table_of_the_methods_page_is_the_benchmarks() -> None:
    """Every rate has its row as the benchmark prints it, with its own runs and the bound that it is held to."""
    page = (Path(__file__).parents[2] / "docs" / "methods.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+) \| ([\d.]+) ± ([\d.]+) \| (\d+) \| [≤≥] [\d.]+ \|$", page, re.MULTILINE)
    stand = [Simulated(float(rate), float(error), int(runs)) for _, rate, error, runs in rows]
    assert [rate.name for rate in RATES] == [name for name, *_ in rows]
    assert all(rate.kept(found) for rate, found in zip(RATES, stand, strict=True))
    assert all(rate.row(found) in page for rate, found in zip(RATES, stand, strict=True))
