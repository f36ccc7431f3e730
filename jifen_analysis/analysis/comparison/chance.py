"""How far chance may have brought about an agreement, or more moves to one side than to the other."""

from __future__ import annotations

from functools import reduce

import numpy as np
import numpy.typing as npt
from scipy import stats

from jifen_analysis.analysis.inputs import Floats
from jifen_analysis.analysis.inputs.resampling import expanded_tail

Tables = npt.NDArray[np.float64]
"""One table of grades by grades for each member: rows one grading, columns the other."""

DRAWS = 4_000
SEED = 20_240_101
EXACT = 200_000
"""Ways in which moves could have fallen that are gone through one by one."""


def kappas(counts: Tables) -> Floats:
    """Return linearly weighted kappa of tables, the last two axes grades by grades; missing where all hold one grade.

    Examples
    --------
    >>> kappas(np.array([[4.0, 1], [1, 4]])).round(6).item()
    0.6
    """
    k, n = counts.shape[-1], counts.sum(axis=(-2, -1), keepdims=True)
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k)))
    chance = counts.sum(axis=-1, keepdims=True) * counts.sum(axis=-2, keepdims=True) / n
    seen, expected = (counts * apart).sum(axis=(-2, -1)), (chance * apart).sum(axis=(-2, -1))
    return np.where(expected > 1e-12, 1 - seen / np.where(expected > 1e-12, expected, 1), np.nan)


def kappa_interval(members: Tables) -> tuple[float, float]:
    """Return the 95 % interval of linearly weighted kappa, members drawn anew as wholes.

    The Bayesian bootstrap (Rubin 1981) of members, with one member spread evenly
    over all cells beside them: the interval stays inside the range of kappa, is
    never a point, and takes a member's several periods as one. Of few members
    its quantiles lie too close: they are taken as far out as Student's t lies
    beyond the normal (Hesterberg 2015, The American Statistician 69, 371-386).

    Examples
    --------
    >>> alike = np.repeat(np.diag([1.0, 0])[None], 3, axis=0), np.repeat(np.diag([0.0, 1])[None], 3, axis=0)
    >>> low, high = kappa_interval(np.concatenate(alike))
    >>> bool(0 < low < 0.8 and high == 1)
    True
    """
    random, k = np.random.default_rng(SEED), members.shape[-1]
    kinds, sizes = np.unique(members.reshape(len(members), -1), axis=0, return_counts=True)
    weights = random.gamma(sizes, size=(DRAWS, len(sizes)))
    even = random.gamma(1 / k**2, size=(DRAWS, k**2)) * members.sum() / len(members)  # as heavy as a member
    drawn = kappas((weights @ kinds + even).reshape(DRAWS, k, k))
    tail = expanded_tail(len(members))
    low, high = np.nanquantile(drawn, [tail, 1 - tail])
    seen = float(kappas(members.sum(axis=0)))
    return float(min(low, seen)), float(max(high, seen))


def symmetry(members: Tables) -> tuple[float, float]:
    """Return Bowker's statistic of symmetric movement, and how often chance gives as much.

    Exact where each member is there once and the moves are few (with two grades
    McNemar's exact test); of many, the chi-square; where members have several
    periods, by turning whole members round at random.

    Examples
    --------
    >>> statistic, p = symmetry(np.repeat(np.array([[[0.0, 1], [0, 0]]]), 5, axis=0))
    >>> statistic, round(p, 6)
    (5.0, 0.0625)
    """
    upper = np.triu_indices(members.shape[-1], 1)
    up, down = members[:, upper[0], upper[1]], members[:, upper[1], upper[0]]
    moved, net = (up + down).sum(axis=0), up - down
    held = moved > 0
    if not held.any():
        return 0.0, 1.0
    statistic = float((net.sum(axis=0)[held] ** 2 / moved[held]).sum())
    if (members.sum(axis=(1, 2)) > 1).any():
        return statistic, _turned(net[:, held], moved[held], statistic)
    if np.prod(moved[held] + 1) <= EXACT:
        return statistic, _exact(moved[held], statistic)
    return statistic, float(stats.chi2.sf(statistic, held.sum()))


def _exact(moved: Floats, statistic: float) -> float:
    """Sum the probability of all ways in which the moves could have fallen that are at least as lopsided."""
    each = [((2 * np.arange(n + 1) - n) ** 2 / n, stats.binom.pmf(np.arange(n + 1), n, 0.5)) for n in moved.astype(int)]
    value = reduce(lambda total, one: np.add.outer(total, one).ravel(), (one for one, _ in each))
    chance = reduce(lambda total, one: np.multiply.outer(total, one).ravel(), (one for _, one in each))
    return float(min(1.0, chance[value >= statistic - 1e-9].sum()))


def _turned(net: Floats, moved: Floats, statistic: float) -> float:
    random = np.random.default_rng(SEED)
    kinds, sizes = np.unique(net[(net != 0).any(axis=1)], axis=0, return_counts=True)
    if not len(kinds):
        return 1.0
    signs = 2 * random.binomial(sizes, 0.5, size=(DRAWS, len(sizes))) - sizes
    found = ((signs @ kinds) ** 2 / moved).sum(axis=1)
    return float((1 + (found >= statistic - 1e-9).sum()) / (1 + DRAWS))
