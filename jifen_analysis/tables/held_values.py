"""What a screening holds between batches: values, each different one once; keys, only as far as two may meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from jifen_analysis.tables.columns import TABLES
from jifen_analysis.tables.limits import Limit, limits


@dataclass(frozen=True)
class HeldValues:
    """What the columns of a table allow, and which values were found allowed already.

    Parameters
    ----------
    table : str
        Its name.

    Examples
    --------
    >>> marks = HeldValues("evaluations")
    >>> [marks.keep(pa.RecordBatch.from_pydict({"mark": pa.array(each)})) for each in ([90.0, 90.5], [90.0, 101.0])]
    [True, False]
    """

    table: str
    _known: dict[str, set[Any]] = field(default_factory=dict, repr=False)
    _limits: dict[str, Mapping[str, Limit]] = field(default_factory=dict, repr=False)

    def keep(self, batch: pa.RecordBatch) -> bool:
        """Return whether all values of a batch are allowed, and none is missing that must not be."""
        return all(self._keeps(name, batch[name]) for name in batch.schema.names)

    def _keeps(self, name: str, values: pa.Array) -> bool:
        column = TABLES[self.table][name]
        if column.required and _lacks_some(values):
            return False
        if name not in self._limits:
            self._limits[name] = limits(column)
        held = self._limits[name]
        each = self._new(name, values) if held else None
        return each is None or all(bool(limit(each).all()) for limit in held.values())

    def _new(self, name: str, values: pa.Array) -> pd.Series | None:
        """Return the values that are new; of days and whole numbers the ends, of others all where they differ."""
        if pa.types.is_dictionary(values.type):
            return self._unknown(name, values.dictionary.to_pylist(), "str")
        if pa.types.is_floating(values.type):
            with suppress(pa.ArrowInvalid):  # whole numbers are told by their ends
                values = values.cast("int32")
        if is_day := pa.types.is_date(values.type):
            values = values.cast("int32")  # Python has no such days as the infinite ones of databases
        ends = [one for one in pc.min_max(values).as_py().values() if one is not None]
        if is_day:
            days = self._unknown(name, ends, "int64")
            return None if days is None else pd.Series(days.to_numpy().astype("datetime64[D]"))
        if pa.types.is_integer(values.type) or ends[:1] == ends[1:]:
            return self._unknown(name, ends, None)
        each = pc.unique(values)
        if len(each) <= _FEW:
            return self._unknown(name, each.filter(pc.equal(each, each)).to_pylist(), None)  # nan is none
        return pd.Series(values.drop_null().to_numpy(), copy=False).dropna()

    def _unknown(self, name: str, found: list[Any], kind: str | None) -> pd.Series | None:
        known = self._known.setdefault(name, set())
        new = [one for one in dict.fromkeys(found) if one not in known]
        known.update(new)
        return pd.Series(new, dtype=kind) if new else None


_FEW = 10_000
"""Different values of a batch up to which each is looked at but once."""


def _lacks_some(values: pa.Array) -> bool:
    return values.null_count > 0 or (pa.types.is_floating(values.type) and bool(np.isnan(values.to_numpy()).any()))


@dataclass
class Reaches:
    """From where to where the numbers of each batch reach, and whether one was found twice.

    Examples
    --------
    >>> seen = Reaches()
    >>> for batch in ([1, 2, 5], [6, 9]):
    ...     seen.add(np.array(batch))
    >>> seen.repeated, seen.meeting()
    (False, [])
    """

    ends: list[tuple[int, int]] = field(default_factory=list)
    repeated: bool = False
    _unordered: list[bool] = field(default_factory=list)

    def add(self, key: np.ndarray, *, grouped: bool = True) -> None:
        """Note a batch; where it is grouped, it is soon sorted, and held against itself at once."""
        rising = _rises(key)
        if not rising and grouped:
            key = np.sort(key, kind="stable")  # which is fast where much is in order
            rising = _rises(key)
            self.repeated |= not rising
        if len(key):
            self.ends.append((int(key.min()), int(key.max())))
            self._unordered.append(not rising)

    def meeting(self) -> list[tuple[int, int]]:
        """Return, rising and apart, where a number of one batch may stand in another, or twice in its own.

        Examples
        --------
        >>> seen = Reaches([(1, 5), (4, 9)], _unordered=[False, False])
        >>> seen.meeting()
        [(4, 5)]
        """
        found = [ends for ends, odd in zip(self.ends, self._unordered, strict=True) if odd]
        reach = -1
        for first, last in sorted(self.ends):
            if first <= reach:
                found.append((first, min(last, reach)))
            reach = max(reach, last)
        return _apart(found)


def _rises(key: np.ndarray) -> bool:
    return bool((key[1:] > key[:-1]).all())


def _apart(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return intervals that overlap as one."""
    whole: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if whole and first <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(last, whole[-1][1])
        else:
            whole.append((first, last))
    return whole


def any_twice(batches: Iterable[np.ndarray], meeting: Sequence[tuple[int, int]]) -> bool:
    """Return whether a number that lies in an interval stands twice.

    Examples
    --------
    >>> any_twice([np.array([1, 4]), np.array([4, 6])], [(4, 4)])
    True
    >>> any_twice([np.array([1, 5]), np.array([4])], [(4, 5)])
    False
    """
    ends = np.array([(first - 1, last) for first, last in meeting]).ravel()
    # Below a number that lies inside there is an odd count of ends.
    within = [key[np.searchsorted(ends, key) % 2 == 1] for key in batches]
    together = np.concatenate([np.zeros(0, "int64"), *within])
    together.sort()
    return bool((together[1:] == together[:-1]).any())
