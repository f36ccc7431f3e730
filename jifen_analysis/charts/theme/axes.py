"""Axes: of scores as far as nearly everyone goes, not the one farthest out; of people there is no half of one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

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


# ---------------------------------------------------------------- order of rows


_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}


def number_key(name: object) -> list[tuple[bool, int, str]]:
    """Return a key that sorts 第二 before 第十一, and 9 before 10.

    Examples
    --------
    >>> sorted(["第十一支部", "第一支部", "第二支部"], key=number_key)
    ['第一支部', '第二支部', '第十一支部']
    """
    pieces = re.findall(r"[零一二三四五六七八九十]+|\d+|[^零一二三四五六七八九十\d]+", str(name))
    return [(False, _value(piece), "") if _is_number(piece) else (True, 0, piece) for piece in pieces]


def _is_number(piece: str) -> bool:
    return piece.isdecimal() or set(piece) <= {*_DIGITS, "十"}


def _value(piece: str) -> int:
    if piece.isdecimal():
        return int(piece)
    tens, ten, ones = piece.rpartition("十")
    digits = [_DIGITS.get(sign, 1) for sign in ones]
    return 10 * (_DIGITS.get(tens, 1) if ten else 0) + sum(digits)


def in_order(groups: Iterable[tuple[object, pd.DataFrame]]) -> list[tuple[object, pd.DataFrame]]:
    """Return groups of a table in the order of their names.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["二", "一"]})
    >>> [name for name, _ in in_order(table.groupby("group"))]
    ['一', '二']
    """
    return sorted(groups, key=lambda group: number_key(group[0]))


def sort_rows(table: pd.DataFrame, column: str | None = None) -> pd.DataFrame:
    """Return the rows of a table in the order of a column's names, or of its index.

    Examples
    --------
    >>> sort_rows(pd.DataFrame({"n": [1, 2]}, index=["第十支部", "第九支部"])).index.tolist()
    ['第九支部', '第十支部']
    """
    names = list(table.index if column is None else table[column])
    return table.iloc[sorted(range(len(names)), key=lambda place: number_key(names[place]))]
