"""Arrays by row: alike, block by block, and side by side; columns as whole numbers, each value looked at once."""

import threading

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.scoring import arrays
from jifen_analysis.scoring.arrays import (
    NEVER,
    Encoded,
    at_once,
    blockwise,
    by_block,
    compress,
    days_of,
    encode,
    member_codes,
    months,
)


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


def test_the_largest_come_first_and_out_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other, the longest is not begun last; what is made stands where its item does."""
    monkeypatch.setattr(arrays.os, "cpu_count", lambda: 1)
    begun: list[str] = []
    assert at_once(lambda one: begun.append(one) or len(one), ["a", "abc", "ab"], arrays.FEW + 1, size=len) == [1, 3, 2]
    assert begun == ["abc", "ab", "a"]


def stored(values: pa.Array) -> pd.Series:
    """A column as a Parquet file gives it."""
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array([values])))


def test_a_record_points_to_its_number() -> None:
    """In any part of the records; -1 is the last number."""
    numbers = Encoded(np.array([0, 1, -1, 1], dtype="int8"), np.array([10, 20, -7]))
    assert (len(numbers), numbers.of().tolist(), numbers.of(slice(2, 4)).tolist()) == (4, [10, 20, -7, 20], [-7, 20])


def test_unknown_ids_have_no_code() -> None:
    """Ids are looked up among the sorted ones, in runs or mixed; strangers are -1."""
    known = pd.Index(["a", "b", "c"])
    assert member_codes(pd.Series(["c", "c", "x", "a", "c"]), known).tolist() == [2, 2, -1, 0, 2]
    assert member_codes(pd.Series(["a"]), known[:0]).tolist() == [-1]
    assert member_codes(pd.Series([], dtype="str"), known).tolist() == []
    assert member_codes(stored(pa.array(["c", None, "x", "c"]).dictionary_encode()), known).tolist() == [2, -1, -1, 2]


@given(st.lists(st.sampled_from("abcdefg"), min_size=1), st.sets(st.sampled_from("bcdfg"), min_size=1))
def test_ids_are_found_however_they_are_held(ids: list[str], known: set[str]) -> None:
    """As text and as a dictionary of a file, the same position or none."""
    listed = sorted(known)
    expected = [listed.index(one) if one in known else -1 for one in ids]
    for column in (pd.Series(ids), stored(pa.array(ids).dictionary_encode())):
        assert member_codes(column, pd.Index(listed)).tolist() == expected


@pytest.mark.parametrize(
    "words",
    [
        pd.Series(["b", None, "a", "b"]),
        pd.Series(["b", None, "a", "b"], dtype=pd.CategoricalDtype(["a", "b", "c"])),
        stored(pa.array(["b", None, "a", "b"])),
        stored(pa.array(["b", None, "a", "b"]).dictionary_encode()),
    ],
)
def test_words_are_coded_however_they_are_held(words: pd.Series) -> None:
    """A position among the different words, and -1 for a blank."""
    codes, names = encode(words)
    assert [names[int(code)].as_py() if code >= 0 else None for code in codes] == ["b", None, "a", "b"]


def test_a_missing_date_is_long_ago() -> None:
    """In memory and in a file; without one missing the days of a file are taken as they are."""
    dates = pd.to_datetime(["1970-01-02", None]).to_series().astype("datetime64[us]")
    days = pa.array([1, None], pa.int32()).cast(pa.date32())
    assert days_of(dates).tolist() == days_of(stored(days)).tolist() == [1, NEVER]
    assert days_of(stored(days[:1])).tolist() == [1]


def test_months_are_counted_from_the_year_nought() -> None:
    """Days and months of dues fall into the same integer months."""
    days = pd.DataFrame({"date": pd.to_datetime(["2024-02-29", "1969-12-31"]).astype("datetime64[us]")})
    assert months(days, "events").of().tolist() == [12 * 2024 + 1, 12 * 1969 + 11]
    dues = pd.DataFrame({"month": ["2024-02", "2023-12"]})
    assert months(dues, "dues").of().tolist() == [12 * 2024 + 1, 12 * 2023 + 11]
    assert months(days[:0], "events").of().tolist() == months(dues[:0], "dues").of().tolist() == []
