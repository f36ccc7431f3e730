"""Axes: of scores as far as nearly everyone goes, not the one farthest out; of people there is no half of one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

OUTER = 0.02
"""Share of members on either side who may lie beyond the axis."""

SAVED = 0.15
"""Share of the whole axis below which it is not worth cutting off."""

Reach = tuple[float, float]


def reach(scores: npt.ArrayLike, counts: npt.ArrayLike, kept: Iterable[float] = ()) -> Reach:
    """Return the range of an axis of scores.

    Parameters
    ----------
    scores, counts : array-like of shape (n,)
        Scores in ascending order, and how many members have each.
    kept : iterable of float
        Scores that must be seen, such as cut scores.

    Returns
    -------
    tuple of float
        From the lowest to the highest score; where a fiftieth of the members
        on one side would take much of the axis, up to the others alone.

    Examples
    --------
    >>> reach([60, 89, 90, 91, 155], [1, 100, 100, 100, 1])
    (88.9, 91.1)
    >>> reach([60, 89, 90, 91, 155], [1, 100, 100, 100, 1], kept=[60])
    (58.45, 92.55)
    """
    held, size = np.asarray(scores, "float64"), np.asarray(counts, "float64")
    share = size.cumsum() / size.sum()
    low, high = held[int(np.argmax(share > OUTER))], held[int(np.argmax(share >= 1 - OUTER))]
    seen = [*map(float, kept), float(low), float(high)]
    low, high = min(seen), max(seen)
    whole = held[-1] - held[0]
    low = float(held[0]) if low - held[0] < SAVED * whole else low
    high = float(held[-1]) if held[-1] - high < SAVED * whole else high
    room = 0.05 * (high - low)
    return round(float(min(low, *seen) - room), 6), round(float(max(high, *seen) + room), 6)


def beyond(scores: npt.ArrayLike, counts: npt.ArrayLike, ends: Reach) -> tuple[int, int]:
    """Return how many members lie below the axis, and how many above it.

    Examples
    --------
    >>> beyond([60, 90, 155], [1, 7, 2], (80, 100))
    (1, 2)
    """
    held, size = np.asarray(scores, "float64"), np.asarray(counts)
    return int(size[held < ends[0]].sum()), int(size[held > ends[1]].sum())


_ONE_BY_ONE = 8
"""Up to so many people every number has a tick of its own; beyond, ticks fall on whole numbers anyway."""


def people(span: float) -> dict[str, Any]:
    """Return how an axis of people is ticked.

    Parameters
    ----------
    span : float
        How many people the axis covers.

    Examples
    --------
    >>> people(3), people(40)
    ({'dtick': 1, 'tickformat': ',d'}, {'tickformat': ',d'})
    """
    return {"dtick": 1, "tickformat": ",d"} if span <= _ONE_BY_ONE else {"tickformat": ",d"}
