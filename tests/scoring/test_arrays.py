"""Arrays by row: alike, block by block, and side by side."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.scoring import arrays
from jifen_analysis.scoring.arrays import at_once, blockwise, by_block, compress


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 5))
def test_blocks_change_nothing(values: list[int], size: int) -> None:
    """A function of rows gives the same array however it is cut, of one column or more."""
    rows = np.array(values, dtype="int64")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "BLOCK", size)
        patch.setattr(arrays, "FEW", len(rows) % 2 * len(rows))
        assert blockwise(np.square)(rows).tolist() == np.square(rows).tolist()
        assert blockwise(lambda one: np.stack([one, -one], axis=1))(rows).tolist() == [[one, -one] for one in values]


def test_blocks_are_put_together_by_name() -> None:
    """Rows that are all alike in a block are written out; one block alone is taken as it is."""
    cuts = [slice(0, 2), slice(2, 3)]
    made = by_block(lambda some: {"a": np.broadcast_to(some.start, (some.stop - some.start,))}, cuts)
    assert made["a"].tolist() == [0, 0, 2]
    assert len(compress(by_block(lambda _: {"a": np.broadcast_to(7, (3,))}, [slice(0, 3)])["a"])) == 1


@pytest.mark.parametrize("rows", [2, arrays.FEW + 1])
def test_few_rows_are_computed_here_many_side_by_side(rows: int) -> None:
    """One after the other in this thread, or each in one of a pool; in the order that was given."""
    made = at_once(lambda one: (one, threading.current_thread() is threading.main_thread()), [2, 1], rows)
    assert made == [(one, rows == 2) for one in (2, 1)]


@pytest.mark.parametrize("rows", [2, arrays.FEW + 1])
def test_a_fault_in_a_block_is_told(rows: int) -> None:
    """What fails on the way fails here."""
    with pytest.raises(ZeroDivisionError, match="by zero"):
        at_once(lambda one: 1 // one, [1, 0], rows)
