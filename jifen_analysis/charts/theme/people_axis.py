"""Axes of people: there is no half of one."""

from __future__ import annotations

from typing import Any

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
