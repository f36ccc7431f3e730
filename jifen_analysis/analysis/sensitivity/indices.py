"""Sobol' indices of a model, of one output or of many together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import Floats
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import Indices

Model = Callable[[Floats], np.ndarray]
"""Takes points of shape (columns, m), each uniform on (0, 1); returns outputs of shape (m,) or (outputs, m)."""

MOST_CELLS = 1 << 28
"""Outputs times evaluations at most: as bytes, a quarter of a gigabyte."""

RESAMPLES = 400
LEVEL = 0.95


def indices(model: Model, factors: Mapping[str, int], n: int = 1024, seed: int = 0) -> pd.DataFrame:
    """Say which share of the variance of a model's outputs each factor decides.

    Parameters
    ----------
    model : callable
        Takes points of shape (columns, m), uniform and independent on (0, 1);
        returns outputs of shape (m,) or (outputs, m), whose variances are added.
    factors : mapping of str to int
        Two or more, each with how many of the columns are its own, in order.
    n : int
        A power of two; the model is evaluated n (factors + 2) times.
    seed : int
        Of the scrambled Sobol' sequence.

    Returns
    -------
    DataFrame
        One row a ``factor``: ``first`` (what it decides alone), ``total`` (with
        all that it does together with others) and their 95 % intervals
        ``first_low``, ``first_high``, ``total_low``, ``total_high`` (points drawn
        anew); ``moved``, the mean share of the outputs that are another when this
        factor alone is drawn anew. ``attrs``: ``summaries.Indices``.

    Raises
    ------
    UsageError
        For fewer than two factors, an n that is no power of two from 8, or too
        many outputs to hold.

    Notes
    -----
    Sobol' (2001), Mathematics and Computers in Simulation 55, 271-280; estimator
    of Saltelli et al. (2010), Computer Physics Communications 181, 259-270, in
    scipy; several outputs together: Gamboa, Janon, Klein & Lagnoux (2014),
    Electronic Journal of Statistics 8, 575-603.

    Examples
    --------
    >>> table = indices(lambda x: 2 * x[0] + x[1], {"a": 1, "b": 1}, n=256)
    >>> table.set_index("factor")[["first", "total"]].round(1).values.tolist()
    [[0.8, 0.8], [0.2, 0.2]]
    """
    if len(factors) < 2:
        raise UsageError("至少要有两项可变的取法才谈得上哪项更要紧", "two factors are needed to say which matters more")
    check_draws(n, seed)
    first, second, mixed = _points(factors, n, seed)
    outputs = [np.atleast_2d(model(points)) for points in (first, second, *mixed)]
    whole = np.stack(outputs)
    moving = (whole != whole[:1, :, :1]).any(axis=(0, 2))
    moved = (whole[2:] != whole[0]).mean(axis=(1, 2))
    table = pd.DataFrame({"factor": list(factors), **_indices(whole[:, moving], n, seed), "moved": moved})
    return Indices(n, seed, n * len(whole), whole.shape[1], int((~moving).sum())).on(table)


def check_draws(n: int, seed: int) -> None:
    """Refuse a number of points that is no power of two, or a seed that is none.

    Raises
    ------
    UsageError
        Naming it.
    """
    if not isinstance(n, (int, np.integer)) or n < 8 or n & (n - 1):
        raise UsageError(f"抽样数须为 8 以上的 2 的幂:{n}", f"n must be a power of two, 8 at least: {n}")
    if not isinstance(seed, (int, np.integer)) or seed < 0:
        raise UsageError(f"seed 须为不小于 0 的整数:{seed}", f"the seed must be a whole number, not negative: {seed}")


def _points(factors: Mapping[str, int], n: int, seed: int) -> tuple[Floats, Floats, list[Floats]]:
    """Return two samples, and for each factor the first with the columns of that factor from the second."""
    columns = sum(factors.values())
    drawn = stats.qmc.Sobol(2 * columns, rng=np.random.default_rng(seed)).random(n).T
    first, second = drawn[:columns], drawn[columns:]
    owner = np.repeat(np.arange(len(factors)), list(factors.values()))
    return first, second, [np.where((owner == at)[:, None], second, first) for at in range(len(factors))]


def _indices(outputs: np.ndarray, n: int, seed: int) -> dict[str, Floats]:
    """Return first and total indices with their intervals; missing where nothing moves."""
    names = [f"{kind}{end}" for kind in ("first", "total") for end in ("", "_low", "_high")]
    if not outputs.shape[1]:
        return dict.fromkeys(names, np.full(len(outputs) - 2, np.nan))
    f_a, f_b, *f_ab = outputs.astype("float64")
    known = {"f_A": f_a, "f_B": f_b, "f_AB": np.stack(f_ab)}
    found = stats.sobol_indices(func=known, n=n, method=_of_all)
    centre = (f_a + f_b).mean(axis=1, keepdims=True) / 2
    parts = _parts(f_a - centre, f_b - centre, known["f_AB"] - centre)
    weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), RESAMPLES) / n
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    ends = [np.quantile(side, tails, axis=0) for side in _ratios(parts, weights)]
    values = [found.first_order, *ends[0], found.total_order, *ends[1]]
    return dict(zip(names, values, strict=True))


def _of_all(f_A: Floats, f_B: Floats, f_AB: Floats) -> tuple[Floats, Floats]:  # noqa: N803 # as scipy calls them
    """Return the indices of all outputs together: their partial variances added, over their variances added."""
    n = f_A.shape[1]
    first, total = _ratios(_parts(f_A, f_B, f_AB), np.full((1, n), 1 / n))
    return first[0], total[0]


def _parts(f_a: Floats, f_b: Floats, f_ab: Floats) -> tuple[Floats, Floats, Floats]:
    """Return what each point adds: to the partial variances, first and total, of each factor, and to the variance."""
    alone = (f_b * (f_ab - f_a)).sum(axis=1).T
    together = ((f_a - f_ab) ** 2).sum(axis=1).T / 2
    return alone, together, ((f_a**2 + f_b**2) / 2).sum(axis=0)


def _ratios(parts: tuple[Floats, Floats, Floats], weights: Floats) -> tuple[Floats, Floats]:
    alone, together, whole = parts
    variance = (weights @ whole)[:, None]
    return weights @ alone / variance, weights @ together / variance
