"""Tests of the kinds of member that a scheme can tell apart."""

from jifen_analysis.schemes.kinds import fits, kinds, who_in
from jifen_analysis.schemes.model import Who
from tests.schemes.builders import small


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
