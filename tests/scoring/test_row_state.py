"""What is known of rows: values compared as whole millionths, and blocks of rows that know the same."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.scoring import roster
from jifen_analysis.scoring.row_state import millionths
from tests.builders import facts_of, records, scheme

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (89.9999995, 90_000_000),
        (89.9999994, 89_999_999),
        (77.0328125, 77_032_812),
        (-0.5, -500_000),
        (0.1 + 0.2, 300_000),
    ],
)
def test_totals_are_compared_as_millionths(value: float, whole: int) -> None:
    """Six decimals, halves to the even neighbour."""
    assert millionths(np.array([value])).tolist() == [whole]


@given(st.permutations(["0.3", "0.01875", "15.984375", "60.7296875"]))
def test_the_order_of_adding_does_not_move_a_half(parts: list[str]) -> None:
    """The exact sum ends in a half millionth; whichever way floats add up to it, it is rounded alike."""
    exact = sum(map(Fraction, parts), Fraction(0)) * 10**6
    assert exact.denominator == 2
    assert millionths(np.array([sum(map(float, parts))])).tolist() == [round(exact)]


HALVES = """
period = "half"
[measures.absent]
count = [{ from = "attendance", where = { status = "absent" } }]
[components.base.items.base]
start = 10
"""


def test_a_block_knows_what_the_whole_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut between members, every block has its rows' sums, measures, branches and rows before."""
    monkeypatch.setattr(roster, "BLOCK", 3)
    members = [["1..5", "甲"], ["6", "乙", {"since": "2024-08-01"}]]
    days = [[str(at), f"2024-{at + 5:02d}-01", "lecture", "absent"] for at in range(1, 7)]
    facts = facts_of(records(members=members, attendance=days), scheme(HALVES))
    assert [(cut.start, cut.stop) for cut in facts.roster.cuts] == [(0, 2), (2, 6), (6, 8), (8, len(facts.roster))]
    for some in facts.roster.cuts:
        block = facts.block(some)
        assert np.array_equal(block.values["absent"], facts.values["absent"][some], equal_nan=True)
        assert [block.sums[query].tolist() for query in facts.sums] == [
            facts.sums[q][some].tolist() for q in facts.sums
        ]
        assert block.roster.facts.equals(facts.roster.facts[some].reset_index(drop=True))
        before = facts.roster.before[some]
        assert block.roster.before.tolist() == np.where(before < 0, -1, before - some.start).tolist()
