"""Whether numbers that come in batches are all different."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.tables.held_values import Reaches, any_twice

BATCHES = st.lists(st.lists(st.integers(0, 30), max_size=8), max_size=5)


@given(batches=BATCHES, ordered=st.booleans(), grouped=st.booleans())
def test_a_number_is_found_twice_wherever_it_stands(batches: list[list[int]], ordered: bool, grouped: bool) -> None:
    """In one batch or two, in order or not: what a count of all of them says."""
    keys = [np.array(sorted(batch) if ordered else batch, "int64") for batch in batches]
    seen = Reaches()
    for key in keys:
        seen.add(key, grouped=grouped)
    everything = [number for batch in batches for number in batch]
    assert (seen.repeated or any_twice(keys, seen.meeting())) == (len(set(everything)) < len(everything))


def test_what_comes_in_order_is_not_read_again() -> None:
    """Of batches one after the other nothing has to be held."""
    seen = Reaches()
    for key in (np.arange(5), np.arange(5, 9)):
        seen.add(key)
    assert seen.meeting() == []
