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
    best, worst : ndarray of int32
        The first and the last rank that a tie occupies; 0 for those not ranked.

    Examples
    --------
    >>> best, worst = ranks(np.array([3, 9, 9, 1]), np.zeros(4, int), np.ones(4, bool))
    >>> best.tolist(), worst.tolist()
    ([3, 1, 1, 4], [3, 2, 2, 4])
    """
    best, worst = np.zeros((2, len(score)), dtype="int32")
    chosen = np.flatnonzero(entered)
    if len(chosen):
        order, new_tie, new_group = _falling(score[chosen], group[chosen])
        (start, _), (first, end) = _runs(new_group), _runs(new_tie)
        best[chosen[order]], worst[chosen[order]] = first - start + 1, end - start
    return best, worst


def _falling(score: np.ndarray, group: Ints) -> tuple[Ints, Bools, Bools]:
    """Return the order by group, then by falling score, and where in it a tie and a group begin."""
    high = score.max()
    span = int(high) - int(score.min()) + 1
    if score.dtype.kind == "i" and span * (int(group.max()) + 1) < np.iinfo("int64").max:
        # Both fit into one whole number, which sorts in half the time.
        both = group * span + (high - score)
        order = np.argsort(both)
        return order, _changes(both[order]), _changes(group[order])
    order = np.lexsort((-score, group))
    new_group = _changes(group[order])
    return order, new_group | _changes(score[order]), new_group


def _changes(values: np.ndarray) -> Bools:
    return np.append(True, values[1:] != values[:-1])


def _runs(heads: Bools) -> tuple[Ints, Ints]:
    """Return for each place where its run begins and where it has ended, given where runs begin."""
    first = np.flatnonzero(heads).astype("int32")
    size = np.diff(np.append(first, len(heads)))
    return np.repeat(first, size), np.repeat(first + size, size)


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
