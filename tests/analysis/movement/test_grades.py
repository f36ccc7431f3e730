"""Tests of movement between grades."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import movement
from jifen_analysis.errors import UsageError
from tests.analysis.builders import us_income_transitions

GRADES = ["优秀", "良好", "合格", "不合格"]
HELD = st.dictionaries(st.integers(0, 40).map(str), st.sampled_from([*GRADES, None]), min_size=1, max_size=30)


def held(grades: dict[str, str | None]) -> pd.Series:
    """Grades by member."""
    return pd.Series(grades, dtype="object")


def test_mobility_of_us_incomes() -> None:
    """PySAL giddy, documentation of giddy.mobility.markov_mobility: 48 states 1929-2009, quintiles."""
    found = movement.mobility(us_income_transitions(), initial=[0.1, 0.2, 0.2, 0.4, 0.1])
    assert found.to_dict() == pytest.approx(
        {
            "prais": 0.1975899200,
            "determinant": 0.6068485462,
            "second_eigenvalue": 0.0397820023,
            "bartholomew_1": 0.2277675878,
            "bartholomew_2": 0.0463666012,
        },
        abs=5e-11,
    )


@settings(deadline=None, max_examples=40)
@given(HELD, HELD)
def test_every_member_is_counted_once(before: dict[str, str | None], after: dict[str, str | None]) -> None:
    """Counts are brute force, and with joiners, leavers and the ungraded they are everybody."""
    found = movement.transitions(held(before), held(after), GRADES)
    assert found.counts.index.tolist() == found.counts.columns.tolist() == GRADES
    for old in GRADES:
        for new in GRADES:
            brute = sum(before.get(member) == old and after.get(member) == new for member in before)
            assert found.counts.loc[old, new] == brute
    everyone = found.counts.to_numpy().sum() + found.joined.sum() + found.left.sum() + found.ungraded
    assert everyone == len(set(before) | set(after))


@settings(deadline=None, max_examples=40)
@given(HELD, HELD)
def test_probabilities_of_held_grades_sum_to_one(before: dict[str, str | None], after: dict[str, str | None]) -> None:
    """A grade that somebody held before has a distribution, another one zeros; none is missing."""
    found = movement.transitions(held(before), held(after), GRADES)
    sums = found.probabilities.sum(axis=1)
    assert sums.to_numpy() == pytest.approx((found.counts.sum(axis=1) > 0).to_numpy().astype(float))
    assert found.probabilities.notna().to_numpy().all()


@settings(deadline=None, max_examples=30)
@given(HELD, HELD, st.integers(0, 99))
def test_the_order_of_members_changes_nothing(
    before: dict[str, str | None], after: dict[str, str | None], seed: int
) -> None:
    """Shuffled lists give the same tables."""
    first = movement.transitions(held(before), held(after), GRADES)
    other = movement.transitions(
        held(before).sample(frac=1, random_state=seed), held(after).sample(frac=1, random_state=seed), GRADES
    )
    pd.testing.assert_frame_equal(first.counts, other.counts)
    pd.testing.assert_series_equal(first.joined, other.joined)


def test_joiners_and_leavers_stand_by_their_grade() -> None:
    """Who is on one list only has moved nowhere."""
    found = movement.transitions(held({"1": "优秀", "2": "合格"}), held({"1": "优秀", "3": "良好"}), GRADES)
    assert found.joined.to_dict() == {"优秀": 0, "良好": 1, "合格": 0, "不合格": 0}
    assert found.left.to_dict() == {"优秀": 0, "良好": 0, "合格": 1, "不合格": 0}


def test_an_unknown_grade_is_refused_with_the_nearest() -> None:
    """A grade of another scheme cannot be crossed."""
    with pytest.raises(UsageError, match="没有等次 基本合格,最接近的是 合格"):
        movement.transitions(held({"1": "基本合格"}), held({"1": "合格"}), GRADES)


def test_two_periods_of_one_member_are_refused() -> None:
    """A member has one grade a year."""
    with pytest.raises(UsageError, match="后一年中同一人出现多次"):
        movement.transitions(held({"1": "合格"}), pd.Series(["合格", "优秀"], index=["1", "1"]), GRADES)


def test_a_year_is_missing() -> None:
    """One year where two are needed."""
    with pytest.raises(UsageError, match="前一年是空的"):
        movement.transitions(held({}), held({"1": "合格"}), GRADES)


def test_nobody_moving_is_no_mobility() -> None:
    """The identity has zero of everything."""
    assert movement.mobility(np.eye(4)).tolist() == [0.0] * 5


def test_equal_rows_are_perfect_mobility() -> None:
    """Where the grade before says nothing of the one after, Prais, determinant and eigenvalue are one."""
    found = movement.mobility(np.full((3, 3), 1 / 3))
    assert found[["prais", "determinant", "second_eigenvalue"]].tolist() == pytest.approx([1, 1, 1])


def test_a_grade_nobody_ever_held_is_no_state() -> None:
    """The measures are those of the matrix without it, and say which grades they count."""
    p = pd.DataFrame([[0.9, 0.1, 0], [0.2, 0.8, 0], [0, 0, 0]], index=GRADES[:3], columns=GRADES[:3])
    found = movement.mobility(p)
    assert found.tolist() == movement.mobility([[0.9, 0.1], [0.2, 0.8]]).tolist()
    assert found.attrs["grades"] == ["优秀", "良好"]


def test_a_grade_reached_but_never_left_is_not_guessed() -> None:
    """Nobody held it before, so nobody knows how sticky it is; Bartholomew needs it only if it has a share."""
    p = [[0.9, 0.1, 0.0], [0.2, 0.7, 0.1], [0.0, 0.0, 0.0]]
    unknown = ["prais", "determinant", "second_eigenvalue"]
    assert movement.mobility(p).isna().all()
    shared = movement.mobility(p, initial=[0.5, 0.5, 0.0])
    assert shared[unknown].isna().all()
    assert shared["bartholomew_1"] == pytest.approx((3 - 3 * 0.8) / 2)
    assert shared["bartholomew_2"] == pytest.approx((0.05 + 0.1 + 0.05) / 2)


@pytest.mark.parametrize(
    ("p", "initial", "said"),
    [
        ([[1.0, 0.0]], None, "须是方阵"),
        ([[0.5, 0.4], [0.0, 1.0]], None, r"概率之和不是 1:\[0\]"),
        ([[1.2, -0.2], [0.0, 1.0]], None, r"概率之和不是 1:\[0\]"),
        ([[1.0, 0.0], [0.0, 0.0]], None, "至少要有两个等次有人"),
        ([[1.0, 0.0], [0.0, 1.0]], [0.5, 0.6], "初始分布"),
        ([[1.0, 0.0], [0.0, 1.0]], [1.0], "初始分布"),
    ],
)
def test_what_is_no_chain_is_refused(p: list[list[float]], initial: list[float] | None, said: str) -> None:
    """Shapes, sums and shares are checked."""
    with pytest.raises(UsageError, match=said):
        movement.mobility(p, initial)


@pytest.mark.parametrize("junk", [[[0.5, 0.5], [1]], [["a", "b"], ["c", "d"]], None])
def test_what_is_no_matrix_is_refused(junk: object) -> None:
    """Rows of different lengths, words, nothing: the call that would give a matrix is named."""
    with pytest.raises(UsageError, match=r"须给出概率矩阵|须是方阵"):
        movement.mobility(junk)  # type: ignore[arg-type]


def test_where_everybody_stayed_that_is_no_certainty() -> None:
    """Of five and twenty who all kept their grades the interval begins at 0 and does not end there; more know more."""
    few, many = (pd.DataFrame([[5 * times, 0], [0, 20 * times]]) for times in (1, 20))
    ends = [movement.mobility(table.div(table.sum(axis=1), axis=0), counts=table).attrs for table in (few, many)]
    assert ends[0]["low"]["prais"] == ends[1]["low"]["prais"] == 0
    assert 0.3 < ends[0]["high"]["prais"] < 0.9
    assert 0 < ends[1]["high"]["prais"] < 0.1
