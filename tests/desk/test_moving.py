"""Tests of where the sliders stand and what that proposes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.desk.moving import Positions
from jifen_analysis.schemes.proposal import Proposal
from jifen_analysis.schemes.scheme import read_scheme

SCHEME = read_scheme("branch_scorecard")
MOVES = st.lists(st.tuples(st.sampled_from(list(SCHEME.shares)), st.integers(0, 100)), max_size=6)


@settings(max_examples=40, deadline=None)
@given(MOVES)
def test_shares_always_sum_to_one_and_fit_the_scheme(moves: list[tuple[str, int]]) -> None:
    """However sliders are moved, to the end and back too; what they propose is accepted."""
    at = Positions.of(SCHEME)
    for component, percent in moves:
        at = at.with_share(component, percent / 100)
        assert at.shares[component] == Fraction(percent, 100)
    assert sum(at.shares.values()) == 1
    found = at.proposal.of(SCHEME).shares
    assert {name: float(share) for name, share in found.items()} == pytest.approx(
        {name: float(share) for name, share in at.shares.items() if share or name in found}
    )


def test_what_stands_as_the_scheme_has_it_proposes_nothing() -> None:
    """Also after being moved there and back; a quota of all is none."""
    scheme = read_scheme("bureau_quarterly")
    start = Positions.of(scheme)
    best = next(iter(start.cuts))
    there = start.with_cut(best, 88.5).with_quota(best, 1.0)
    assert not start.proposal
    assert there.proposal == Proposal({}, {best: 88.5}, {best: None})
    assert not there.with_cut(best, start.cuts[best]).with_quota(best, 0.2).proposal


def test_a_scheme_without_shares_or_grades_has_no_sliders() -> None:
    """One component with full marks has nobody to share with."""
    at = Positions.of(read_scheme("village_monthly"))
    assert (at.shares, at.cuts, at.quotas) == ({}, {}, {})
