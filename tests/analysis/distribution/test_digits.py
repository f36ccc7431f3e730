"""Tests of marks that pile up on round numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import distribution
from jifen_analysis.errors import UsageError


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(-3000, 12_000).map(lambda cents: cents / 100), min_size=1, max_size=80))
def test_digits_are_counted_and_expected_as_many(marks: list[float]) -> None:
    """Brute force over the marks near the middle; a fraction is cut off, and as many are expected as there are."""
    found = distribution.heaping(marks)
    whole = [int(mark // 1) for mark in marks]
    near = [one for one in whole if abs(one - int(np.median(whole))) <= 60]
    assert found["count"].tolist() == [sum(abs(one) % 10 == digit for one in near) for digit in range(10)]
    assert found["expected"].sum() == pytest.approx(len(near), rel=0.01)
    assert (found.attrs["n"], found.attrs["outside"]) == (len(near), len(marks) - len(near))


def test_smooth_marks_of_a_small_spread_are_not_accused() -> None:
    """Sixty marks about 88 end in 7, 8 and 9, of which uniform digits would make much."""
    p = [distribution.heaping(np.random.default_rng(seed).normal(88, 2, 60)).attrs["p"] for seed in range(40)]
    assert (np.array(p) < 0.05).sum() <= 6
    found = distribution.heaping(np.random.default_rng(1).normal(88, 2, 600)).set_index("digit")
    assert found.loc[8, "expected"] > 90
    assert found.loc[3, "expected"] < 15


def test_the_most_striking_of_many_groups_is_held_against_all_of_them() -> None:
    """Of eight groups that like no digit, the one whose marks end in 0 or 5 most often is rarely told of."""
    draw = np.random.default_rng(5)
    told = []
    for _ in range(30):
        groups = [draw.normal(86, 5, 120) for _ in range(8)]
        fond = max(groups, key=lambda marks: np.isin(marks.astype(int) % 10, [0, 5]).mean())
        told.append([distribution.heaping(fond, among).attrs["p"] < 0.05 for among in (1, 8)])
    alone, of_all = np.array(told).sum(axis=0)
    assert of_all <= 3 < alone
    alone, of_eight = (distribution.heaping(fond, among).attrs["p"] for among in (1, 8))
    assert of_eight == pytest.approx(1 - (1 - alone) ** 8)


def test_a_liking_for_round_numbers_is_found() -> None:
    """A fifth of the marks rounded to fives."""
    random = np.random.default_rng(2)
    marks = random.normal(85, 6, 300)
    heaped = np.where(random.random(300) < 0.2, 5 * np.round(marks / 5), marks)
    assert distribution.heaping(heaped).attrs["p"] < 0.001
    assert distribution.heaping(np.round(marks / 5) * 5).attrs["p"] < 0.001


def test_full_marks_are_a_ceiling_and_no_liking() -> None:
    """Many at a hundred are as expected."""
    marks = np.minimum(100, np.random.default_rng(4).normal(95, 4, 400))
    assert distribution.heaping(marks).attrs["p"] > 0.05


def test_marks_far_out_and_many_stop_nothing() -> None:
    """Heavy tails, a far mark, thousands: a p that accuses nobody, and one where a tenth is rounded to fives."""
    draw = np.random.default_rng(21)
    marks = np.append(86 + 4 * draw.standard_t(3, 1500), [20.0, 140.0])
    assert distribution.heaping(marks).attrs["p"] > 0.05
    assert distribution.heaping(np.where(draw.random(1502) < 0.1, 5 * np.round(marks / 5), marks)).attrs["p"] < 0.01


def test_heaping_says_where_marks_are_too_few() -> None:
    """Under fifty marks p is doubtful; marks at a single point have none."""
    assert distribution.heaping([90] * 49).attrs["small"]
    assert not distribution.heaping([90] * 50).attrs["small"]
    assert np.isnan(distribution.heaping([90] * 50).attrs["p"])


def test_heaping_of_nothing_is_refused() -> None:
    """Without a mark there is no digit."""
    with pytest.raises(UsageError, match="分数不足"):
        distribution.heaping([])
