"""Tests of the weights at which members swap."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import weights
from jifen_analysis.errors import UsageError

SCORES = st.lists(st.tuples(*[st.integers(0, 200).map(lambda n: n / 10)] * 2), min_size=2, max_size=10)


def order(scores: dict[str, tuple[Fraction, Fraction]], weight: Fraction) -> dict[tuple[str, str], int]:
    """Who stands above whom, exactly."""
    total = {name: weight * a + (1 - weight) * b for name, (a, b) in scores.items()}
    return {(x, y): (total[x] > total[y]) - (total[x] < total[y]) for x in scores for y in scores if x < y}


@settings(deadline=None, max_examples=40)
@given(SCORES)
def test_the_order_changes_at_swap_points_and_nowhere_else(given_: list[tuple[float, float]]) -> None:
    """Just before and after each point its pair is turned round; between two points nothing moves."""
    components = pd.DataFrame(given_, columns=["x", "y"], index=[f"m{n:02d}" for n in range(len(given_))])
    exact = {name: (Fraction(str(x)), Fraction(str(y))) for name, (x, y) in zip(components.index, given_, strict=True)}
    points = weights.swap_points(components)
    lines = [Fraction(0), *sorted(set(points["weight"])), Fraction(1)]
    middles = [(low + high) / 2 for low, high in pairwise(lines)]
    orders = [order(exact, middle) for middle in middles]
    for line, (before, after) in zip(lines[1:-1], pairwise(orders), strict=True):
        turned = {pair for pair in before if before[pair] != after[pair]}
        assert turned == set(points.loc[points["weight"] == line, ["a", "b"]].itertuples(index=False, name=None))
        assert all(order(exact, line)[pair] == 0 for pair in turned)
    assert points["weight"].is_monotonic_increasing


def test_decimals_are_read_as_they_are_written() -> None:
    """0.1 is one tenth, not the nearest binary fraction."""
    assert weights.swaps([0.1, 0.3], [0.3, 0.2]) == Fraction(1, 3)


@pytest.mark.parametrize(("a", "b"), [([90, 80], [80, 70]), ([90, 80], [90, 70]), ([90, 80], [90, 80])])
def test_who_is_never_worse_never_swaps(a: list[int], b: list[int]) -> None:
    """Better in both, or level in one, is no swap inside (0, 1)."""
    assert weights.swaps(a, b) is None


def test_the_order_of_members_changes_nothing() -> None:
    """Pairs are named in the order of the index."""
    components = pd.DataFrame({"x": [90, 80, 70], "y": [70, 85, 95]}, index=["1", "2", "3"])
    pd.testing.assert_frame_equal(weights.swap_points(components), weights.swap_points(components[::-1]))


def test_incomplete_members_are_left_out_and_counted() -> None:
    """A missing score swaps with nobody."""
    components = pd.DataFrame({"x": [90, 80, 70.0], "y": [70, 85, np.nan]})
    found = weights.swap_points(components)
    assert len(found) == 1
    assert found.attrs["left_out"] == 1


def test_three_components_are_refused() -> None:
    """With three there is a line of weights, not a point."""
    with pytest.raises(UsageError, match="须恰有两个分项,现有 3 个"):
        weights.swap_points(pd.DataFrame(np.ones((2, 3))))
    with pytest.raises(UsageError, match="每人须恰有两个分项分数,现有 1 个"):
        weights.swaps([90.0, np.nan], [80.0, 70.0])


def test_a_member_twice_is_refused() -> None:
    """Two periods of one member are not two members."""
    with pytest.raises(UsageError, match="同一人出现多次"):
        weights.swap_points(pd.DataFrame({"x": [1, 2], "y": [2, 1]}, index=["1", "1"]))
