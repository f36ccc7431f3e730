"""Arrays by row, and columns of records as whole numbers: members, words, days and months.

Rows all alike are held once, repeated by a stride of 0 (``np.broadcast_to``), and cost nothing: most rules find no
record at all in most data, and most items then pay everyone the same. Where a column of records has few different
values each is looked at once, and a record only points to its own; nothing is made for each record but such a number.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache, wraps
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from jifen_analysis.periods import Period
from jifen_analysis.tables.coded import as_array, positions

Bools = np.ndarray
Ints = np.ndarray

Key = TypeVar("Key", bound=Hashable)
Given = TypeVar("Given")
Made = TypeVar("Made")

BLOCK = 1 << 16
"""Rows that are computed at a time."""
FEW = 1 << 13
"""Rows with which threads take longer to start than to do anything."""


def by_block(computed: Callable[[slice], Mapping[Key, np.ndarray]], cuts: Sequence[slice]) -> dict[Key, np.ndarray]:
    """Compute arrays a block of rows at a time: what is made on the way stays in the processor's cache, and small.

    ``computed`` returns arrays for a block of rows, that need no other rows, always under the same names; the blocks
    stand one after the other, at least one.

    Examples
    --------
    >>> by_block(lambda some: {"twice": np.arange(4)[some] * 2}, [slice(0, 3), slice(3, 4)])["twice"].tolist()
    [0, 2, 4, 6]
    """
    first = dict(computed(cuts[0]))
    if len(cuts) == 1:
        return first
    whole = {key: np.empty((cuts[-1].stop, *rows.shape[1:]), rows.dtype) for key, rows in first.items()}

    def enter(some: slice, made: Mapping[Key, np.ndarray]) -> None:
        for key, rows in made.items():
            whole[key][some] = rows

    enter(cuts[0], first)
    at_once(lambda some: enter(some, computed(some)), cuts[1:], cuts[-1].stop)
    return whole


def blockwise(function: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """Let a function of arrays, of each row for itself, compute block by block.

    Examples
    --------
    >>> mean = blockwise(lambda total, n: total / n)
    >>> mean(np.array([6.0, 8.0]), np.array([2, 4])).tolist()
    [3.0, 2.0]
    """

    @wraps(function)
    def whole(*rows: np.ndarray) -> np.ndarray:
        size = len(rows[0])
        cuts = [slice(at, min(at + BLOCK, size)) for at in range(0, size or 1, BLOCK)]
        return by_block(lambda some: {"": function(*(one[some] for one in rows))}, cuts)[""]

    return whole


def at_once(
    function: Callable[[Given], Made], items: Iterable[Given], rows: int, size: Callable[[Given], int] = lambda _: 0
) -> list[Made]:
    """Apply a function to each of a few items, on all processors: arrays are computed without holding the interpreter.

    The largest come first, so that no processor waits for one of them at the end; what is made has the order of the
    items. Where they are arrays of few rows it is done here, one after the other.

    Examples
    --------
    >>> at_once(len, ["a", "bc"], rows=2, size=len)
    [1, 2]
    """
    listed = list(items)
    if rows <= FEW:
        return [function(item) for item in listed]
    order = sorted(range(len(listed)), key=lambda at: -size(listed[at]))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = dict(zip(order, pool.map(function, [listed[at] for at in order]), strict=True))
    return [made[at] for at in range(len(listed))]


def compress(rows: np.ndarray) -> np.ndarray:
    """Return the first row alone where all are alike, else all of them.

    Examples
    --------
    >>> compress(np.broadcast_to(7.0, (3,))), compress(np.array([7.0, 7.0]))
    (array([7.]), array([7., 7.]))
    """
    return rows[:1] if rows.strides[0] == 0 else rows


# ---------------------------------------------------------------- names by row


Names = pd.Categorical
"""Names by row; blank where there is none."""


def label_at(names: Iterable[str], codes: Ints) -> Names:
    """Return the name at each position; 0 is blank.

    Examples
    --------
    >>> label_at(["优秀", "合格"], np.array([1, 0])).tolist()
    ['优秀', '']
    """
    return pd.Categorical.from_codes(codes, dtype=_kind(("", *names)))


@lru_cache(256)
def _kind(names: tuple[str, ...]) -> pd.CategoricalDtype:
    """Return the type of some names; pandas looks through them each time one is made, and few differ."""
    return pd.CategoricalDtype(list(names))


def no_labels(size: int) -> Names:
    """Return no name for any row."""
    return label_at((), np.zeros(size, dtype="int8"))


def overlaid(below: Names, above: Names, where: Bools) -> Names:
    """Return the names above where a mask holds, those below elsewhere.

    Examples
    --------
    >>> overlaid(label_at("a", np.array([1, 1])), label_at("b", np.array([1, 0])), np.array([True, False])).tolist()
    ['b', 'a']
    """
    kind = _kind(tuple(dict.fromkeys((*below.categories, *above.categories))))
    low, high = (one.set_categories(kind.categories).codes for one in (below, above))
    return pd.Categorical.from_codes(np.where(where, high, low), dtype=kind)


# ---------------------------------------------------------------- rows from versions of a scheme


Each = TypeVar("Each")


def splice(versions: Sequence[Each], version: Ints) -> Each:
    """Return what takes each row from its own version: an array, names, or any table or frozen part made of such.

    The last version of tables has every name; where an older one lacks it nothing stands: missing, false, no name.

    Examples
    --------
    >>> splice([np.array([1, 2, 3]), np.array([10, 20, 30])], np.array([0, 1, 0]))
    array([ 1, 20,  3])
    """
    return versions[0] if len(versions) == 1 else _spliced(versions, version)


def _spliced(versions: Sequence[Any], version: Ints) -> Any:
    last = versions[-1]
    if isinstance(last, Mapping):
        return {name: _spliced([one.get(name) for one in versions], version) for name in last}
    if is_dataclass(last) and not isinstance(last, type):
        parts = {part.name: [getattr(one, part.name, None) for one in versions] for part in fields(last)}
        return replace(last, **{name: _spliced(of_version, version) for name, of_version in parts.items()})
    found = _nothing(last) if versions[0] is None else versions[0].copy()
    for at, later in enumerate(versions[1:], start=1):
        if isinstance(last, pd.Categorical):
            found = overlaid(found, later, version == at)
        elif later is not None:
            found[version == at] = later[version == at]
    return found


def _nothing(like: Any) -> Any:
    return np.broadcast_to(np.nan if like.dtype.kind == "f" else False, like.shape).copy()


# ---------------------------------------------------------------- columns of records as numbers


DAY = 86_400_000_000
"""Microseconds."""
NEVER = np.iinfo("int64").min // DAY
"""The day of a missing date."""


@dataclass(frozen=True)
class Encoded:
    """A whole number for each record, of few different ones.

    Parameters
    ----------
    at : ndarray of int, shape (records,)
        Which of the numbers each record has; -1 is the last.
    numbers : ndarray of int64, shape (numbers,)
        The different numbers.
    """

    at: Ints
    numbers: Ints

    def __len__(self) -> int:
        return len(self.at)

    def of(self, some: slice | Ints = slice(None)) -> Ints:
        """Return the numbers of some records."""
        return looked_up(self.numbers, self.at[some])

    def only(self, some: slice | Ints) -> Encoded:
        """Return some records."""
        return Encoded(self.at[some], self.numbers)

    def through(self, values: np.ndarray) -> np.ndarray:
        """Return for each record the value at its number."""
        return looked_up(values[self.numbers], self.at)


def add_pairs(one: Encoded, other: Encoded) -> Encoded:
    """Return for each record the sum of its two numbers.

    Examples
    --------
    >>> add_pairs(Encoded(np.array([0, -1]), np.array([10, 20])), Encoded(np.array([1, 1]), np.array([1, 2]))).of()
    array([12, 22])
    """
    at = _from_nought(one) * np.int32(len(other.numbers)) + _from_nought(other)
    return Encoded(at, (one.numbers[:, None] + other.numbers).ravel())


def _from_nought(one: Encoded) -> Ints:
    at = one.at.astype("int32", copy=False)
    return np.where(at < 0, np.int32(len(one.numbers) - 1), at) if at.min(initial=0) < 0 else at


def looked_up(numbers: np.ndarray, at: Ints) -> np.ndarray:
    """Return the number at each position; -1 is the last.

    Examples
    --------
    >>> looked_up(np.array([7, 8, 9]), np.array([0, -1], dtype="int8"))
    array([7, 9])
    """
    # Without a check of each position, and three times as fast as by int8.
    return numbers.take(at.astype("int64", copy=False), mode="wrap")


def members(ids: pd.Series, known: pd.Index) -> Encoded:
    """Give each id its position among the known ones (sorted), -1 where it is not there.

    Sheets list a member's records one below the other, so each run of equal
    ids is looked up once; of Arrow's dictionaries, each entry.
    """
    if not len(known) or not len(ids):
        return Encoded(np.zeros(len(ids), dtype="int64"), np.array([-1]))
    if isinstance(ids.dtype, pd.ArrowDtype):
        at, names = encode(ids)
        return Encoded(at, np.append(positions(names, as_array(known)), -1))
    first = heads(ids)
    return Encoded(np.cumsum(first) - 1, positions(as_array(ids).filter(pa.array(first)), as_array(known)))


def member_codes(ids: pd.Series, known: pd.Index) -> Ints:
    """Return the position of each id among the known ones (sorted), -1 where it is not there."""
    return members(ids, known).of()


def encode(values: pd.Series) -> tuple[Ints, pa.Array]:
    """Return for each text its position among the different ones, -1 where it is missing, and these."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.array.codes, pa.array(values.array.categories, pa.string())
    if not isinstance(values.dtype, pd.ArrowDtype):
        codes, names = pd.factorize(values)
        return codes, pa.array(names)
    read = as_array(values)
    whole = read if pa.types.is_dictionary(read.type) else read.dictionary_encode()
    codes = whole.indices.fill_null(-1) if whole.null_count else whole.indices
    return codes.to_numpy(), whole.dictionary


def heads(ids: pd.Series) -> Bools:
    """Return whether each id differs from the one before."""
    listed = as_array(ids)
    later = pc.not_equal(listed[1:], listed[:-1]).to_numpy(zero_copy_only=False)
    return np.append(np.ones(min(len(ids), 1), bool), later.astype(bool))


def days_of(dates: pd.Series) -> Ints:
    """Return dates as whole days since 1970, long before all others where one is missing."""
    if isinstance(dates.dtype, pd.ArrowDtype):
        days = as_array(dates).cast("int32")
        return (days.cast("int64").fill_null(NEVER) if days.null_count else days).to_numpy()
    return dates.to_numpy().astype("datetime64[us]", copy=False).view("int64") // DAY


def calendar(days: Ints) -> tuple[Encoded, int]:
    """Return the month of each day, and the first day there is."""
    first, last = (int(days.min()), int(days.max())) if len(days) else (0, 0)
    every = np.arange(first, last + 1).astype("datetime64[D]").astype("datetime64[M]")
    return Encoded(days - days.dtype.type(first), every.astype("int64") + 1970 * 12), first


def months(frame: pd.DataFrame, table: str) -> Encoded:
    """Give each record of attendance, events or dues its integer month."""
    if table != "dues":
        return calendar(days_of(frame["date"]))[0]
    codes, names = encode(frame["month"])
    return Encoded(codes, np.array([Period.parse(name).first for name in names.to_pylist()] or [0], dtype="int64"))
