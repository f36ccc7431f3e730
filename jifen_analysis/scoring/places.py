"""Who keeps a limited number of places: quotas, ties, thirds.

Used alike for ballots, grades and outcomes. The number of places is computed
exactly; a tie over the boundary is never split and never exceeds it: the whole
tie goes without, and is flagged.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from jifen_analysis.scoring.arrays import Bools, Ints


def seats(share: str, n: Ints) -> Ints:
    """Return floor(share × n), computed exactly.

    Examples
    --------
    >>> seats("0.2", np.array([4, 5, 14, 15]))
    array([0, 1, 2, 3])
    """
    exact = Fraction(share)
    return n.astype("int64") * exact.numerator // exact.denominator


def group_sizes(group: Ints, counted: Bools) -> Ints:
    """Return for each row how many counted members its group has."""
    return np.bincount(group[counted], minlength=int(group.max(initial=-1)) + 1)[group]


def ranks(score: np.ndarray, group: Ints, entered: Bools) -> tuple[Ints, Ints]:
    """Rank those who entered within their group, highest score first.

    Parameters
    ----------
    score : ndarray, shape (rows,)
        Compared exactly: pass whole numbers, or correctly rounded fractions.
    group : ndarray of int, shape (rows,)
        Who is ranked together.
    entered : ndarray of bool, shape (rows,)
        Who is ranked at all.

    Returns
    -------
    best, worst : ndarray of int
        The first and the last rank that a tie occupies; 0 for those not ranked.

    Examples
    --------
    >>> ranks(np.array([3, 9, 9, 1]), np.zeros(4, int), np.ones(4, bool))
    (array([3, 1, 1, 4]), array([3, 2, 2, 4]))
    """
    best, worst = np.zeros(len(score), dtype="int64"), np.zeros(len(score), dtype="int64")
    chosen = np.flatnonzero(entered)
    if not len(chosen):
        return best, worst
    order = chosen[_falling(score[chosen], group[chosen])]
    groups, scores = group[order], score[order]
    new_group = np.append(True, groups[1:] != groups[:-1])
    new_tie = new_group | np.append(True, scores[1:] != scores[:-1])
    place = np.arange(len(order))
    start = place[new_group][np.cumsum(new_group) - 1]
    tie = np.cumsum(new_tie) - 1
    first, size = place[new_tie], np.diff(np.append(place[new_tie], len(order)))
    best[order] = first[tie] - start + 1
    worst[order] = (first + size)[tie] - start
    return best, worst


def _falling(score: np.ndarray, group: Ints) -> Ints:
    """Return the order by group, then by falling score: by one whole number where both fit into it."""
    high = score.max()
    span = int(high) - int(score.min()) + 1
    if score.dtype.kind != "i" or span * (int(group.max()) + 1) >= np.iinfo("int64").max:
        return np.lexsort((-score, group))
    return np.argsort(group * span + (high - score))


def keep(score: np.ndarray, group: Ints, entered: Bools, places: Ints) -> tuple[Bools, Bools]:
    """Give the places of each group to its highest scores.

    Parameters
    ----------
    score, group, entered : ndarray, shape (rows,)
        As for ``ranks``.
    places : ndarray of int, shape (rows,)
        Number of places in the group of each row.

    Returns
    -------
    kept, tied : ndarray of bool
        Who has a place; who would have had one but for a tie over the boundary.
    """
    best, worst = ranks(score, group, entered)
    kept = entered & (worst <= places)
    return kept, entered & ~kept & (best <= places)
