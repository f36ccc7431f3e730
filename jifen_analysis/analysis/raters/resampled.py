"""Coefficients of agreement of the same persons drawn anew, and how far they reach."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from jifen_analysis.analysis.inputs import MIN_N, Floats
from jifen_analysis.analysis.inputs.resampling import expanded_tail

DRAWS, SEED = 1_000, 20_240_107


def intervals(held: Floats, *, graded: bool) -> Floats:
    """Return the 95 % intervals of kappa and of the nominal, ordinal and interval alpha, a row each.

    The Bayesian bootstrap of persons (Rubin 1981) with one person more: at the lower
    end one whose marks are dealt by chance, at the upper one on whom all agree. So
    raters who never differed are not said to agree for certain. Of few persons
    the quantiles are taken as far out as Student's t lies beyond the normal
    (Hesterberg 2015). Missing of fewer than five persons, and for marks of many
    values but for the last.

    Parameters
    ----------
    held : array of shape (persons, raters)
        Persons with two marks or more.
    graded : bool
        Whether the marks are of so few values that it counts whether they are the same.

    Examples
    --------
    >>> alike = np.repeat([[1.0], [2.0], [3.0], [2.0], [1.0]], 3, axis=1)
    >>> low, high = intervals(alike, graded=True)[3]
    >>> bool(0.3 < low < 0.6 and high == 1)
    True
    """
    n = len(held)
    if n < MIN_N:
        return np.full((4, 2), np.nan)
    random = np.random.default_rng(SEED)
    weights = random.dirichlet(np.ones(n), DRAWS) * n
    drawn = (
        np.column_stack([_graded(held, weights), _distances(held, weights)]) if graded else _only_last(held, weights)
    )
    beside = n / (n + random.exponential(size=(DRAWS, 1)))
    tail = expanded_tail(n)
    low = _quantile(np.minimum(drawn, drawn * beside), tail)
    return np.column_stack([low, _quantile(1 - (1 - drawn) * beside, 1 - tail)])


def _only_last(held: Floats, weights: Floats) -> Floats:
    return np.column_stack([np.full((DRAWS, 3), np.nan), _distances(held, weights)])


def _graded(held: Floats, weights: Floats) -> Floats:
    """Return kappa and the nominal and ordinal alpha of each draw, by tables that add up over persons."""
    values = np.unique(held[~np.isnan(held)])
    chosen = (held[:, :, None] == values).astype("float64")  # nothing where a mark is missing
    counts = chosen.sum(axis=1)
    marks = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))
    joint = np.tensordot(weights / (marks - 1), pairs, axes=1)
    nominal = 1 - np.eye(len(values))
    return np.column_stack([_kappas(chosen, weights), _alphas(joint, nominal), _alphas(joint, _ranked(joint))])


def _alphas(joint: Floats, apart: Floats) -> Floats:
    """Return 1 less the disagreement seen by that expected, of tables of coincidences (Krippendorff 2011)."""
    margin = joint.sum(axis=2)
    seen, n = (joint * apart).sum(axis=(1, 2)), margin.sum(axis=1)
    expected = (margin[:, :, None] * margin[:, None, :] * apart).sum(axis=(1, 2))
    return 1 - (n - 1) * seen / np.where(expected > 0, expected, np.nan)


def _ranked(joint: Floats) -> Floats:
    """Return the squared distance of grades in ranks: how many marks lie between, half of both ends counted."""
    margin = joint.sum(axis=2)
    middle = margin.cumsum(axis=1) - margin / 2
    return np.asarray((middle[:, :, None] - middle[:, None, :]) ** 2, dtype="float64")


def _kappas(chosen: Floats, weights: Floats) -> Floats:
    """Return the mean kappa of the pairs of raters, of the persons whom all marked."""
    whole = np.all(chosen.sum(axis=2) > 0, axis=1)
    if whole.sum() < 2:
        return np.full(len(weights), np.nan)
    given, share = chosen[whole], weights[:, whole] / weights[:, whole].sum(axis=1, keepdims=True)
    margins = np.tensordot(share, given, axes=1)
    found = [
        _kappa(share @ (given[:, a] * given[:, b]).sum(axis=1), (margins[:, a] * margins[:, b]).sum(axis=1))
        for a, b in combinations(range(chosen.shape[1]), 2)
    ]
    return np.asarray(np.mean(found, axis=0), dtype="float64")


def _kappa(seen: Floats, chance: Floats) -> Floats:
    return np.where(chance < 1 - 1e-12, (seen - chance) / np.where(chance < 1 - 1e-12, 1 - chance, 1), np.nan)


def _distances(held: Floats, weights: Floats) -> Floats:
    """Return the interval alpha of each draw, by sums of squares."""
    marks = (~np.isnan(held)).sum(axis=1)
    centred = held - np.nanmean(held)
    inside = np.nansum((held - np.nanmean(held, axis=1, keepdims=True)) ** 2, axis=1) * marks / (marks - 1)
    n = weights @ marks
    across = weights @ np.nansum(centred**2, axis=1) - (weights @ np.nansum(centred, axis=1)) ** 2 / n
    return 1 - (n - 1) / n * (weights @ inside) / np.where(across > 1e-12, across, np.nan)


def _quantile(drawn: Floats, share: float) -> Floats:
    known = (~np.isnan(drawn)).mean(axis=0) > 0.5
    found = np.full(drawn.shape[1], np.nan)
    found[known] = np.nanquantile(drawn[:, known], share, axis=0)
    return found
