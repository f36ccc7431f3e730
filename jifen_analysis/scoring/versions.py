"""A scheme that changes by date: every row is taken from the version in force there."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from jifen_analysis.scoring.arrays import Ints, broadcast
from jifen_analysis.scoring.labels import Names, overlaid

K = TypeVar("K", bound=Hashable)


def choose_by_version(arrays: Sequence[np.ndarray], version: Ints) -> np.ndarray:
    """Return an array that takes each row from the array of its version.

    Examples
    --------
    >>> choose_by_version([np.array([1, 2, 3]), np.array([10, 20, 30])], np.array([0, 1, 0]))
    array([ 1, 20,  3])
    """
    if len(arrays) == 1:
        return arrays[0]
    result = arrays[0].copy()
    for at, values in enumerate(arrays[1:], start=1):
        result[version == at] = values[version == at]
    return result


def names_chosen(names: Sequence[Names], version: Ints) -> Names:
    """Return names that take each row from those of its version."""
    found = names[0]
    for at, later in enumerate(names[1:], start=1):
        found = overlaid(found, later, version == at)
    return found


def each_chosen(tables: Sequence[Mapping[K, np.ndarray]], version: Ints, nothing: float | bool) -> dict[K, np.ndarray]:
    """Return by name what each row has in its own version; nothing where that has no such name.

    Parameters
    ----------
    tables : sequence of mapping of name to ndarray, shape (rows,)
        One for each version, oldest first; the last has every name.
    version : ndarray of int, shape (rows,)
        Which version is in force.
    nothing : float or bool
        What stands for a name that a version does not have yet.
    """
    none = broadcast(nothing, version.shape)
    return {name: choose_by_version([table.get(name, none) for table in tables], version) for name in tables[-1]}
