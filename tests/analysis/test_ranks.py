"""Tests of how far ranks could be."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import ranks
from jifen_analysis.errors import UsageError

MEANS = st.lists(st.integers(700, 900).map(lambda tenths: tenths / 10), min_size=2, max_size=9)


@settings(deadline=None, max_examples=20)
@given(MEANS, st.floats(0.1, 5))
def test_places_are_counted_pair_by_pair(means: list[float], se: float) -> None:
    """Brute force over all pairs; the rank lies inside, and the order of units changes nothing."""
    units = pd.Series(means, index=[f"{n}" for n in range(len(means))])
    table = ranks.intervals(units, se)
    gap = table.attrs["critical"] * se * np.sqrt(2)
    for unit, row in table.iterrows():
        assert row["rank_low"] == 1 + sum(other - units[unit] > gap for other in means)
        assert row["rank_high"] == len(means) - sum(units[unit] - other > gap for other in means)
        assert row["rank_low"] <= row["rank"] <= row["rank_high"]
    pd.testing.assert_frame_equal(table, ranks.intervals(units[::-1], se), check_exact=True)


def test_bars_of_equal_errors_are_those_of_goldstein_and_healy() -> None:
    """Goldstein & Healy (1995), JRSS A 158, 175-177: 1.39 standard errors where all are equal."""
    table = ranks.intervals(pd.Series({"a": 90.0, "b": 85.0, "c": 80.0}), 2.0)
    assert ((table["high"] - table["estimate"]) / 2).round(2).tolist() == [1.39] * 3


def test_the_critical_value_is_tukeys() -> None:
    """With equal errors the largest difference is a studentized range: 3.31 over root two for three, 4.47 for ten.

    Harter (1960), Annals of Mathematical Statistics 31, 1122-1147, Table 3, 5 % points for infinitely many degrees.
    """
    for k, point in ((3, 3.314), (10, 4.474)):
        found = ranks.intervals(pd.Series(np.arange(float(k))), 1.0).attrs["critical"]
        assert found * np.sqrt(2) == pytest.approx(point, abs=0.08)


def test_all_ranks_are_covered_at_once() -> None:
    """Of many samples at least nineteen in twenty have every true rank inside, more of a hundred units."""
    random, truth = np.random.default_rng(8), np.array([90.0, 89, 88, 85, 85, 80])
    best = [1 + sum(other > one for other in truth) for one in truth]
    inside = 0
    for _ in range(40):
        table = ranks.intervals(pd.Series(truth + random.normal(0, 1.5, 6)), 1.5).sort_index()
        inside += bool(((table["rank_low"] <= best) & (best <= table["rank_high"])).all())
    assert inside >= 36
    assert ranks.intervals(pd.Series(np.arange(100.0)), 1.0).attrs["critical"] > 4


@pytest.mark.parametrize(
    ("means", "se", "said"),
    [([90.0], 1.0, "至少要有两个单位"), ([90.0, 80], 0.0, "标准误须大于 0"), ([90.0, 80], None, "标准误")],
)
def test_what_cannot_be_ranked_is_refused(means: list[float], se: float, said: str) -> None:
    """A single unit, and no error of measurement, have no interval."""
    with pytest.raises(UsageError, match=said):
        ranks.intervals(pd.Series(means), se)
