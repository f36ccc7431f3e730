"""Places: floors are exact, ties are never split, quotas never exceeded."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.scoring.quotas import group_sizes, keep, ranks, seats

MANY = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2), st.integers(0, 1)), max_size=30)
"""Score, group, and whether one entered."""


@pytest.mark.parametrize(
    ("share", "n", "places"),
    [("0.2", 4, 0), ("0.2", 5, 1), ("0.2", 9, 1), ("1/3", 8, 2), ("1/3", 9, 3), ("0.29", 100, 29), ("1", 7, 7)],
)
def test_seats_are_floored_exactly(share: str, n: int, places: int) -> None:
    """0.29 of a hundred is 29, though 0.29 * 100 is 28.999… in floats."""
    assert seats(share, np.array([n])).tolist() == [places]


def test_group_sizes_count_only_those_who_count() -> None:
    """Every row learns the size of its own group, whether it is counted itself or not."""
    group, counted = np.array([0, 0, 1, 0]), np.array([True, False, False, True])
    assert group_sizes(group, counted).tolist() == [2, 2, 0, 2]


def test_ties_share_the_best_rank() -> None:
    """After two seconds comes a fourth; those who did not enter have rank 0."""
    entered = np.array([True, True, True, True, False])
    assert ranks(np.array([7, 9, 7, 1, 99]), np.zeros(5, int), entered).tolist() == [2, 1, 2, 4, 0]


def test_groups_are_ranked_apart() -> None:
    """The first of a weak group is first."""
    assert ranks(np.array([5, 1, 2]), np.array([0, 1, 1]), np.ones(3, bool)).tolist() == [1, 2, 1]


def test_nobody_is_ranked_among_nobody() -> None:
    """Empty input is no special case."""
    none = np.zeros(0, int)
    assert ranks(none, none, none.astype(bool)).tolist() == []


@pytest.mark.parametrize(
    ("places", "kept", "tied"),
    [(0, [], []), (1, [0], []), (2, [0], [1, 2]), (3, [0, 1, 2], []), (9, [0, 1, 2, 3], [])],
)
def test_a_tie_over_the_boundary_goes_without(places: int, kept: list[int], tied: list[int]) -> None:
    """Of 9, 5, 5, 1 the fives both keep their places or both lose them; without any place nobody is tied."""
    score, group = np.array([9, 5, 5, 1]), np.zeros(4, int)
    found = keep(score, group, np.ones(4, bool), np.full(4, places))
    assert [np.flatnonzero(one).tolist() for one in found] == [kept, tied]


@given(MANY, st.tuples(*[st.integers(0, 5)] * 3), st.randoms())
def test_the_best_keep_their_places_in_any_order(
    rows: list[tuple[int, int, int]], places: tuple[int, int, int], rng: random.Random
) -> None:
    """Never more than there are places; every winner beats every loser; order changes nothing."""
    score, group, entered = np.array(rows, dtype="int64").reshape(-1, 3).T
    limit = np.array(places)[group]
    kept, tied = keep(score, group, entered == 1, limit)
    mixed = np.array(rng.sample(range(len(rows)), len(rows)), dtype="int64")
    assert keep(score[mixed], group[mixed], entered[mixed] == 1, limit[mixed])[0].tolist() == kept[mixed].tolist()
    assert not (tied & kept).any()
    for one, most in enumerate(places):
        winners, losers = (score[(group == one) & (entered == 1) & mine] for mine in (kept, ~kept))
        assert len(winners) <= most
        assert winners.min(initial=9) > losers.max(initial=-1)
