"""Arrays by row; those that are all alike are held once, repeated by a stride of 0, and cost nothing.

Most rules find no record at all in most data, and most items then pay everyone
the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

Bools = np.ndarray
Ints = np.ndarray


def everywhere(value: ArrayLike, shape: tuple[int, ...]) -> np.ndarray:
    """Return rows that are all alike, or those given where they are as many as wanted.

    Examples
    --------
    >>> everywhere(7.0, (3,))
    array([7., 7., 7.])
    """
    return np.broadcast_to(value, shape)


def distinct(rows: np.ndarray) -> np.ndarray:
    """Return the first row alone where all are alike, else all of them.

    Examples
    --------
    >>> distinct(everywhere(7.0, (3,))), distinct(np.array([7.0, 7.0]))
    (array([7.]), array([7., 7.]))
    """
    return rows[:1] if rows.strides[0] == 0 else rows
