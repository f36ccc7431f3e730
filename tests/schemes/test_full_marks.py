"""Tests of full marks and the shares they make."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.schemes.full_marks import fits, full_marks, kinds, nominal_shares, who_in
from jifen_analysis.schemes.model import Who, exact
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from tests.schemes.builders import small


@given(st.integers(0, 1000), st.integers(1, 1000), st.integers(0, 10**8))
def test_what_is_written_is_read(top: int, bottom: int, digits: int) -> None:
    """Simple fractions and decimals come back from the float."""
    assert exact(top / bottom) == Fraction(top, bottom)
    assert exact(np.float64(digits / 10**6)) == Fraction(digits, 10**6)


def test_of_every_kind_of_member() -> None:
    """A mark with another full mark for a category makes two kinds; what only adds has none."""
    marks = full_marks(small().book)
    assert [dict(one) for one in marks] == [
        {"duty": 80, "review": 100, "bonus": 0},
        {"duty": 94, "review": 100, "bonus": 0},
    ]


def test_kinds_are_told_apart_by_every_column() -> None:
    """An item for the young of one category only."""
    young = {"components.duty.items.quiet.for": {"category": "others", "age_below": 30}}
    more = {"components.duty.items.quiet.start": 1, "components.duty.items.mark.max_for": {}}
    duty = {int(one["duty"]) for one in full_marks(small(young | more).book)}
    assert duty == {94, 100}


@pytest.mark.parametrize("name", scheme_names())
def test_shares_of_every_scheme_sum_to_one(name: str) -> None:
    """Every scheme of the library has the same shares for everybody."""
    assert sum(nominal_shares(read_scheme(name).book).values()) == 1


def test_items_in_parts_of_the_period_count_every_part() -> None:
    """Ten points a month are sixty in a half."""
    book = small({"components.duty.items.quiet.start": 10, "components.duty.items.mark.max_for": {}}).book
    assert [int(one["duty"]) for one in full_marks(book)] == [60 + 60 + 34]


def test_kinds_of_member_stand_on_both_sides_of_an_age() -> None:
    """Sixty, fifty-nine and no age are told apart."""
    assert {member["age"] for member in kinds(who_in(small().book))} == {None, 59, 60}


def test_a_category_is_asked_of_those_who_have_one() -> None:
    """Also where it leaves somebody out."""
    someone = next(kinds(()))
    old = Who.model_validate({"category": "old"})
    others = Who.model_validate({"except": {"category": "old"}})
    held = [
        (fits(old, someone | {"category": name}), fits(others, someone | {"category": name}))
        for name in ("old", "young")
    ]
    assert held == [(True, False), (False, True)]
    assert fits(old, someone)
