"""Arrays by row; those all alike are held once, repeated by a stride of 0 (``np.broadcast_to``), and cost nothing.

Most rules find no record at all in most data, and most items then pay everyone
the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache, wraps
from typing import Any, TypeVar

import numpy as np
import pandas as pd

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


def at_once(function: Callable[[Given], Made], items: Iterable[Given], rows: int) -> list[Made]:
    """Apply a function to each of a few items, on all processors: arrays are computed without holding the interpreter.

    Where they are arrays of few rows it is done here, one after the other.

    Examples
    --------
    >>> at_once(len, ["a", "bc"], rows=2)
    [1, 2]
    """
    if rows <= FEW:
        return [function(item) for item in items]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


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
