"""Marks that are drawn by chance, for benchmarks that know the truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

Random = np.random.Generator
Marks = Callable[[Random, int], np.ndarray]


def normal(mean: float, sd: float) -> Marks:
    """Return marks of a normal distribution, to two decimals."""
    return lambda random, n: random.normal(mean, sd, n).round(2)


def capped(mean: float, sd: float) -> Marks:
    """Return marks that end at a hundred."""
    return lambda random, n: np.minimum(random.normal(mean, sd, n).round(2), 100)


def skewed(random: Random, n: int) -> np.ndarray:
    """Return marks with a long tail of the low ones."""
    return (100 - random.gamma(2, 4, n)).round(2)


def lumpy(mean: float, sd: float, share: float = 0.3, step: float = 5) -> Marks:
    """Return marks of which some are rounded."""

    def drawn(random: Random, n: int) -> np.ndarray:
        marks = random.normal(mean, sd, n).round(2)
        return np.where(random.random(n) < share, np.round(marks / step) * step, marks)

    return drawn


def two_modes(random: Random, n: int) -> np.ndarray:
    """Return marks of two kinds of members."""
    return np.where(random.random(n) < 0.35, random.normal(78, 3, n), random.normal(91, 2.5, n)).round(1)


def steep(random: Random, n: int) -> np.ndarray:
    """Return marks of which most lie just below a hundred."""
    return (100 - random.exponential(6, n)).round(1)


def whole(mean: float, sd: float) -> Marks:
    """Return marks without fractions."""
    return lambda random, n: random.normal(mean, sd, n).round()


def lifted(marks: np.ndarray, cut: float, width: float, random: Random) -> np.ndarray:
    """Push half of those just below a cut over it."""
    near = np.flatnonzero((marks >= cut - width) & (marks < cut))
    chosen = random.choice(near, round(len(near) / 2), replace=False)
    return np.where(np.isin(np.arange(len(marks)), chosen), cut, marks)


def rasch(random: Random, groups: np.ndarray, apart: float) -> tuple[pd.DataFrame, pd.Series]:
    """Return which of 6 items members hold in full, alike in all groups of which the last does better on the whole."""
    ability = random.normal(0, 1, len(groups)) + apart * (groups == groups.max())
    held = random.random((len(groups), 6)) < 1 / (1 + np.exp(-ability[:, None] - np.linspace(0, 2.5, 6)))
    return pd.DataFrame(held).astype("float64"), pd.Series(groups.astype(str))
