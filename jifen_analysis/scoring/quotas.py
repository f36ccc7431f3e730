"""Who keeps a limited number of places: quotas, ties, thirds.

Used alike for ballots, grades and outcomes. The number of places is computed
exactly; a tie over the boundary is never split and never exceeds it: the whole
tie goes without, and is flagged.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from jifen_analysis.scoring.arrays import Bools, Ints, blockwise


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


def ranks(score: np.ndarray, group: Ints, entered: Bools) -> Ints:
    """Rank those who entered within their group, highest score first; ties share the best rank.

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
    ndarray of int32
        0 for those not ranked.

    Examples
    --------
    >>> ranks(np.array([3, 9, 9, 1]), np.zeros(4, int), np.ones(4, bool)).tolist()
    [3, 1, 1, 4]
    """
    return _placed(score, group, entered)[0]


def _placed(score: np.ndarray, group: Ints, entered: Bools) -> tuple[Ints, Ints]:
    """Return the rank of each, and how many share it."""
    rank, shared = np.zeros(len(score), dtype="int32"), np.zeros(len(score), dtype="int32")
    order, new_tie, new_group = _falling(score, group, entered)
    (tie, size), (start, members) = _runs(new_tie), _runs(new_group)
    rank[order] = np.repeat(tie, size) - np.repeat(start, members) + 1
    shared[order] = np.repeat(size, size)
    return rank, shared


def _falling(score: np.ndarray, group: Ints, entered: Bools) -> tuple[Ints, Bools, Bools]:
    """Return who entered by group, then by falling score, and where in this order a tie and a group begin."""
    if entered.all():
        order, by_score = _sorted(score, group)
    else:
        chosen = np.flatnonzero(entered)
        within, by_score = _sorted(score[chosen], group[chosen])
        order = chosen[within]
    new_group = _changes(group[order])
    return order, new_group | _changes(by_score), new_group


def _sorted(score: np.ndarray, group: Ints) -> tuple[Ints, np.ndarray]:
    """Return the order, and in it what changes whenever the score does within a group."""
    high, low = score.max(initial=0), score.min(initial=0)
    span = int(high) - int(low) + 1
    if score.dtype.kind == "i" and span * (int(group.max(initial=0)) + 1) < np.iinfo("int64").max:
        # Both fit into one whole number, which sorts in half the time.
        both = blockwise(lambda own, of: of * span + (high - own))(score, group)
        order = np.argsort(both, kind="stable")  # rosters mostly come by branch: three times as fast then
        return order, both[order]
    order = np.lexsort((-score, group))
    return order, score[order]


def _changes(values: np.ndarray) -> Bools:
    return np.append(np.ones(min(len(values), 1), bool), values[1:] != values[:-1])


def _runs(heads: Bools) -> tuple[Ints, Ints]:
    """Return where runs begin, and how long each is."""
    first = np.flatnonzero(heads).astype("int32")
    return first, np.diff(np.append(first, len(heads)))


def keep(score: np.ndarray, group: Ints, entered: Bools, places: Ints) -> tuple[Bools, Bools]:
    """Give the places of each group to its highest scores; all by row, as for ``ranks``.

    Returns
    -------
    kept, tied : ndarray of bool
        Who has a place; who would have had one but for a tie over the boundary.
    """
    rank, shared = _placed(score, group, entered)
    kept = entered & (rank + shared - 1 <= places)
    return kept, entered & ~kept & (rank <= places)
