"""Counts in bins, and the smooth density behind them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from jifen_analysis.analysis.inputs.values import Bools, Floats, Ints

ORDERS = (2, 3, 4)
"""Of the polynomials tried for the logarithm of a density: of the second order, it is a normal one."""


@dataclass(frozen=True)
class LogLinear:
    """A log-linear model of counts.

    Attributes
    ----------
    coefficients, covariance : ndarray
        Of the columns of the design.
    expected : ndarray
        Counts in the bins it was fitted to.
    deviance, pearson : float
        Of these bins.
    freedom : int
        Bins less columns.
    """

    coefficients: Floats
    covariance: Floats
    expected: Floats
    deviance: float
    pearson: float
    freedom: int

    @property
    def aic(self) -> float:
        """Deviance and twice the columns: Akaike's criterion, but for a constant."""
        return self.deviance + 2 * len(self.coefficients)

    def log_mean(self, design: Floats, offset: Floats | float = 0.0) -> Floats:
        """Return the logarithm of the counts to expect in other bins."""
        found: Floats = design @ self.coefficients + offset
        return found


def log_linear(counts: Ints | Floats, design: Floats, offset: Floats) -> LogLinear:
    """Fit a log-linear model to counts by maximum likelihood; its deviance has no end where there is no fit.

    Examples
    --------
    >>> found = log_linear(np.array([2, 2, 8, 8]), np.array([[1.0, 0], [1, 0], [1, 1], [1, 1]]), np.zeros(4))
    >>> found.expected.round(6).tolist(), found.freedom
    ([2.0, 2.0, 8.0, 8.0], 2)
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit that leaves nothing over, or bins that are all empty, are no mistake
        try:
            fit = GLM(counts, design, family=Poisson(), offset=offset).fit(tol=1e-10)
        except ValueError:  # steps that leave what a float can hold
            return _unfitted(counts, design)
    freedom = len(counts) - design.shape[1]
    return LogLinear(
        fit.params, fit.cov_params(), fit.fittedvalues, float(fit.deviance), float(fit.pearson_chi2), freedom
    )


def _unfitted(counts: Ints | Floats, design: Floats) -> LogLinear:
    columns, bins = design.shape[1], len(counts)
    unknown = np.full((columns, columns), np.nan)
    return LogLinear(unknown[0], unknown, np.full(bins, np.nan), np.inf, np.inf, bins - columns)


def powers(place: npt.NDArray[Any], reach: float, order: int) -> Floats:
    """Return the columns of a polynomial of places counted from the middle, scaled by their reach.

    Examples
    --------
    >>> powers(np.array([0, 4]), 4, 2).tolist()
    [[1.0, 0.0, 0.0], [1.0, 1.0, 1.0]]
    """
    return np.vander(np.asarray(place, "float64") / reach, order + 1, increasing=True)


def multiples(left: Ints, width: int, step: int) -> Bools:
    """Say which of the bins ``[left, left + width)`` hold a multiple of a step; all in millionths.

    Examples
    --------
    >>> multiples(np.array([84, 85, 86]), 1, 5).tolist()
    [False, True, False]
    """
    found: Bools = -(-(left + width) // step) > -(-left // step)
    return found


def grain(scores: Ints) -> int:
    """Return the largest step of which all differences of scores are multiples; 0 where all are equal.

    Examples
    --------
    >>> grain(np.array([80, 85, 95]))
    5
    """
    return int(np.gcd.reduce(np.diff(np.unique(scores)))) if len(scores) > 1 else 0
