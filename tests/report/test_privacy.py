"""Small groups stay hidden whatever is added up."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from jifen_analysis.report.privacy import WHOLE, space_scores, suppress

tables = st.integers(1, 5).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 14), min_size=columns, max_size=columns), min_size=1, max_size=6)
)


def largest(shown: pd.DataFrame, row: int, column: int) -> float:
    """Return how large a hidden count may be for a reader: cells of the inside only, totals as sums of them."""
    rows, columns = shown.shape[0] - 1, shown.shape[1] - 1
    left, right = [], []
    for r, c in itertools.product(range(rows + 1), range(columns + 1)):
        if pd.notna(shown.iat[r, c]):
            of = np.zeros((rows, columns))
            of[r if r < rows else slice(None), c if c < columns else slice(None)] = 1
            left.append(of.ravel())
            right.append(float(shown.iat[r, c]))
    wanted = np.zeros((rows, columns))
    wanted[row if row < rows else slice(None), column if column < columns else slice(None)] = -1
    found = linprog(wanted.ravel(), A_eq=left or None, b_eq=right or None, bounds=(0, None))
    return np.inf if found.status == 3 else round(-found.fun, 6)


@given(tables)
def test_nobody_can_tell_that_a_hidden_group_is_small(cells: list[list[int]]) -> None:
    """Of every count from 1 to 4 a reader must think that it may be 5 or more."""
    counts = pd.DataFrame(cells)
    shown = suppress(counts)
    whole = counts.assign(whole=counts.sum(axis=1))
    values = np.vstack([whole.to_numpy(), whole.sum().to_numpy()])
    for row, column in np.argwhere((values > 0) & (values < 5)):
        assert pd.isna(shown.iat[row, column])
        assert largest(shown, int(row), int(column)) >= 5


@given(tables)
def test_what_is_shown_is_true(cells: list[list[int]]) -> None:
    """Numbers are hidden or right, never changed."""
    counts = pd.DataFrame(cells)
    shown = suppress(counts).iloc[:-1, :-1]
    assert (shown.isna() | (shown == counts)).all(axis=None)


def test_nothing_is_hidden_without_need() -> None:
    """A table of large groups stays whole; a least of 0 hides nothing."""
    assert suppress(pd.DataFrame({"a": [5, 9], "b": [0, 7]})).notna().all(axis=None)
    assert suppress(pd.DataFrame({"a": [1, 2], "b": [3, 7]}), least=0).loc[WHOLE, WHOLE] == 13


@given(
    st.lists(st.floats(40, 110), max_size=80), st.lists(st.integers(50, 100)), st.lists(st.integers(0, 80), max_size=3)
)
def test_between_two_numbers_told_lie_enough(totals: list[float], wanted: list[int], told: list[int]) -> None:
    """Whoever subtracts any two of the counts finds nobody, or five and more."""
    held = pd.Series(totals, dtype="float64")
    kept = [int((held.round(6) >= score).sum()) for score in space_scores(held, wanted, told)]
    for at, count in enumerate(kept):
        assert all(abs(count - other) >= 5 for other in [*kept[:at], 0, len(held)])
        assert all(count == other or abs(count - other) >= 5 for other in told)
