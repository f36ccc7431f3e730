"""Whether whole numbers, of which many come in order, are all different; held only as far as two batches may meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np


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
