"""McDonald's omega: how much of the variance of a sum is what its items have in common."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from statsmodels.multivariate.factor import Factor

from jifen_analysis.analysis.inputs import Floats

DRAWS, SEED, NORMAL = 100, 20_240_103, 1.96


def omega(covariance: Floats) -> float:
    """Return omega of the one factor of some items; missing for fewer than three, which have no single solution.

    Examples
    --------
    >>> loading = np.array([1.0, 2.0, 3.0])
    >>> round(omega(np.outer(loading, loading) + np.diag([1.0, 2.0, 3.0])), 4)
    0.8571
    """
    spread = np.sqrt(np.diag(covariance))
    if len(spread) < 3 or not (spread > 0).all():
        return float("nan")
    correlation = covariance / np.outer(spread, spread)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a solution at the edge is one: what is its own is then 0
        try:
            fitted = Factor(corr=correlation, n_factor=1, method="pa", smc=False).fit(maxiter=200, tol=1e-7)
        except (ValueError, np.linalg.LinAlgError):
            return float("nan")
    loading = fitted.loadings.ravel()
    own = float((np.clip(1 - loading**2, 0, None) * spread**2).sum())
    common = float((loading * spread).sum()) ** 2
    return common / (common + own)


def omega_interval(items: pd.DataFrame, draws: int = DRAWS) -> tuple[float, float]:
    """Return the 95 % interval of omega: members weighted anew, as if others had been drawn (Rubin 1981).

    Taken on log(1 - omega), as Kelley & Pornprasertmanit (2016), Psychological
    Methods 21, 69-92, have it, so that it ends below 1.
    """
    n, k = items.shape
    whole = omega(items.cov().to_numpy()) if k > 2 and n >= k + 2 else float("nan")
    if not whole < 1:
        return float("nan"), float("nan")
    marks = items.to_numpy("float64") - items.mean().to_numpy()
    drawn = np.random.default_rng(SEED).dirichlet(np.ones(n), draws)
    found = np.array([omega(np.cov(marks.T, aweights=share, ddof=0)) for share in drawn])
    rest = np.log1p(-found[found < 1])
    reach = NORMAL * float(rest.std(ddof=1)) if len(rest) > max(1, draws / 2) else float("nan")
    low, high = (1 - (1 - whole) * float(np.exp(sign * reach)) for sign in (1, -1))
    return float(np.maximum(low, 0)), high
