"""Tables whose texts are held once each: a record only points to its own, and what is checked looks at each once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any, overload

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from jifen_analysis.tables.columns import decode_texts, is_coded, textual


def encode_texts(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a typed frame with each different text of a column once; a roster, nearly all of them different, plain."""
    if table == "members":
        return decode_texts(table, frame)
    texts = {name: _categories(frame[name]) for name in textual(table, frame) if not is_coded(frame[name])}
    return frame.assign(**texts) if texts else frame


def _categories(values: pd.Series) -> pd.Categorical:
    codes, texts = pd.factorize(values)
    return pd.Categorical.from_codes(codes, categories=texts)


def different(values: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Return for each value where it stands among the different ones that occur, -1 where it is missing, and these.

    Examples
    --------
    >>> at, values = different(pd.Series(["b", "a", None, "b"], dtype="str"))
    >>> at.tolist(), values.tolist()
    ([0, 1, -1, 0], ['b', 'a'])
    """
    if not isinstance(values.dtype, pd.CategoricalDtype):
        codes, found = pd.factorize(values)
        return codes, pd.Series(found)
    codes, every = values.array.codes, pd.Series(values.array.categories)
    there = np.zeros(len(every) + 1, bool)
    there[codes] = True
    if there[:-1].all():
        return codes, every
    return np.append(np.cumsum(there[:-1]) - 1, -1)[codes], every[there[:-1]].reset_index(drop=True)


def positions(ids: pa.Array, among: pa.Array) -> np.ndarray:
    """Return where each id stands among sorted ones, -1 where it does not.

    Only those between the smallest and the largest of them are looked through: a hash of all would cost more.

    Examples
    --------
    >>> positions(pa.array(["b", "x", None]), pa.array(["a", "b", "c"])).tolist()
    [1, -1, -1]
    """
    if not len(ids) or not len(among):
        return np.full(len(ids), -1)
    ids = ids.cast(among.type)
    low = _place(bisect_left, among, ids[0])
    if among.slice(low, len(ids)).equals(ids):  # Converted files mostly name all members of their branches, in order.
        return np.arange(low, low + len(ids))
    bounds = pc.min_max(ids)
    low, high = _place(bisect_left, among, bounds["min"]), _place(bisect_right, among, bounds["max"])
    found = pc.index_in(ids, among[low:high])
    return pc.fill_null(pc.add(found, low), -1).to_numpy(zero_copy_only=False).astype("int64")


def _place(side: Callable[..., int], among: pa.Array, one: pa.Scalar) -> int:
    """Return where an id stands, or would stand, among sorted ones; a missing one before all."""
    return side(range(len(among)), one.as_py() or "", key=lambda at: among[at].as_py())


def coded_texts(values: pa.DictionaryArray) -> pd.Categorical:
    """Return texts as a column has them in memory, each of them once.

    Examples
    --------
    >>> coded_texts(pa.array(["b", None, "b"]).dictionary_encode()).codes.tolist()
    [0, -1, 0]
    """
    codes = values.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(codes, categories=pd.Index(values.dictionary.to_pandas(), dtype="str"))


def as_array(values: pd.Series | pd.Index) -> pa.Array:
    """Return texts as one Arrow array, of however many parts they were put together.

    Examples
    --------
    >>> as_array(pd.concat([pd.Series(["a"], dtype="str"), pd.Series(["b"], dtype="str")])).to_pylist()
    ['a', 'b']
    """
    whole = pa.array(values.array)
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole


def picked(values: np.ndarray, at: np.ndarray | pa.Array) -> np.ndarray:
    """Return the number at each position, none of them missing or beyond.

    Examples
    --------
    >>> picked(np.array([7, 8, 9]), np.array([2, 0], dtype="int8"))
    array([9, 7])
    """
    # By whole numbers of any width, several times as fast as numpy is by others than its own.
    return pc.take(pa.array(values), pa.array(at), boundscheck=False).to_numpy()


def is_rising(texts: pd.Series) -> bool:
    """Return whether every text is above the one before, so that none stands twice; of coded ones it is not looked for.

    Examples
    --------
    >>> is_rising(pd.Series(["00001", "00002"])), is_rising(pd.Series(["00001", "00001"]))
    (True, False)
    """
    if texts.dtype != "str" or texts.hasnans:
        return False
    listed = pa.array(texts.array)
    return bool(pc.all(pc.less(listed[:-1], listed[1:]), min_count=0).as_py())


def find_repeats(columns: Iterable[pd.Series]) -> np.ndarray:
    """Return the rows (positions, rising) that are equal in all of some columns to another row.

    Examples
    --------
    >>> find_repeats([pd.Series([1, 1, 2, 1]), pd.Series(["a", "b", "a", "a"])]).tolist()
    [0, 3]
    """
    listed = list(columns)
    if len(listed) == 1 and is_rising(listed[0]):
        return np.zeros(0, "int64")
    key = reduce(_joined, map(_numbers, listed))[0]
    ordered = np.sort(key)
    again = ordered[1:][ordered[1:] == ordered[:-1]]
    return np.flatnonzero(np.isin(key, np.unique(again))) if len(again) else np.zeros(0, "int64")


def _numbers(values: pd.Series) -> tuple[np.ndarray, int]:
    codes, found = different(values)
    return codes.astype("int64") + 1, len(found) + 1


def _joined(one: tuple[np.ndarray, int], other: tuple[np.ndarray, int]) -> tuple[np.ndarray, int]:
    """Return one number for each pair, and how many there may be; numbers too large are counted anew."""
    (left, many), (right, more) = one, other
    if many * more >= np.iinfo("int64").max:
        left, found = pd.factorize(left)
        many = len(found)
    return left * more + right, many * more


@dataclass(frozen=True)
class CodedTable(Sequence[pd.DataFrame]):
    """A table in memory, one batch, each different text once; whoever asks for the frame gets it spelt out.

    Parameters
    ----------
    table : str
        Its name.
    coded : DataFrame
        As :func:`encode_texts` returns it.
    """

    table: str
    coded: pd.DataFrame

    def __len__(self) -> int:
        return 1

    @property
    def rows(self) -> int:
        """Number of records."""
        return len(self.coded)

    @overload
    def __getitem__(self, at: int) -> pd.DataFrame: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[pd.DataFrame]: ...
    def __getitem__(self, at: int | slice) -> pd.DataFrame | Sequence[pd.DataFrame]:
        return (self._plain,)[at]

    def narrow(self, columns: Iterable[str]) -> Iterator[pd.DataFrame]:
        """Yield the batch with those of some columns that it has; ids, months and periods are Arrow's dictionaries."""
        there = [name for name in columns if name in self.coded]
        yield pd.DataFrame({name: _as_arrow(self.coded[name]) for name in there}, copy=False)

    @cached_property
    def _plain(self) -> pd.DataFrame:
        return decode_texts(self.table, self.coded)


def _as_arrow(values: pd.Series) -> Any:
    if not is_coded(values):
        return values.array
    codes, texts = values.array.codes, pa.array(values.array.categories, pa.string())
    missing = codes < 0
    at = pa.array(codes.astype("int32", copy=False), mask=missing if missing.any() else None)
    return pd.arrays.ArrowExtensionArray(pa.chunked_array([pa.DictionaryArray.from_arrays(at, texts)]))
