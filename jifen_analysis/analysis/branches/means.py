"""Means of branches of unlike size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import optimize, special

from jifen_analysis.analysis.inputs import Floats, Numbers, differ, floats, pair_values
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import ShrunkenMeans


def shrunken_means(scores: Numbers, branch: pd.Series | Sequence[object]) -> pd.DataFrame:
    """Estimate the branches' means, drawing small branches towards the mean of all.

    Parameters
    ----------
    scores : array_like of shape (members,)
        In points; missing ones are left out.
    branch : array_like of shape (members,)
        The branch of each.

    Returns
    -------
    DataFrame
        Indexed by ``branch``: ``n``, ``mean`` (raw), ``shrunken`` (best linear
        unbiased prediction), ``shrinkage`` (the weight of the raw mean, 0 to
        1), ``low``, ``high`` (95 % interval, in which the variances are as
        uncertain as they are). ``attrs``: ``summaries.ShrunkenMeans``.

    Raises
    ------
    UsageError
        With fewer than two branches, or where no branch has two members.

    Notes
    -----
    Random intercept, restricted maximum likelihood: Laird & Ware (1982),
    Biometrics 38, 963-974; BLUP: Robinson (1991), Statistical Science 6, 15-32.
    The interval is the posterior one with a flat prior of the intraclass correlation
    (Tiao & Tan 1965, Biometrika 52, 37-53): given the correlation a mean follows
    Student's t, and the likelihood weighs the correlations. With few branches that
    is much wider than an interval that takes the variances as known, and covers.
    With one random effect the likelihood is profiled to the intraclass
    correlation alone and searched there, which finds a zero as exactly zero;
    statsmodels' MixedLM, a general optimiser, stops short of it.

    Examples
    --------
    >>> table = shrunken_means([90.0, 92, 80, 82, 84, 70], ["一", "一", "二", "二", "二", "三"])
    >>> table.round(2)[["mean", "shrunken"]].loc["三"].tolist()
    [70.0, 70.33]
    """
    found, left_out = _scored(scores, branch)
    branches = found.groupby("branch", observed=True)["score"]
    table = pd.DataFrame({"n": branches.size(), "mean": branches.mean()})
    n, means = table["n"].to_numpy("float64"), table["mean"].to_numpy("float64")
    inside = found["score"] - branches.transform("mean")
    within = float((inside**2).sum()) if differ(inside) else 0.0
    icc = intraclass_correlation(n, means, within)
    spread, mean, total = _likelihood_parts(icc, n, means, within)
    between, error = icc * total, (1 - icc) * total
    table["shrinkage"] = icc / spread
    table["shrunken"] = mean + table["shrinkage"] * (means - mean)
    low, high = _interval(n, means, within)
    table["low"], table["high"] = np.minimum(low, table["shrunken"]), np.maximum(high, table["shrunken"])
    return ShrunkenMeans(mean, icc, between, error, left_out).on(table)


def _scored(scores: Numbers, branch: pd.Series | Sequence[object]) -> tuple[pd.DataFrame, int]:
    given = pair_values(scores, branch).set_axis(["score", "branch"], axis=1)
    given["score"] = floats(given["score"], "分数", "scores")
    found = given.dropna().sort_values("score", kind="stable")  # sums then do not depend on the order of rows
    if not differ(found["score"]):  # the last bits of equal scores are no spread between branches
        found["score"] = found["score"].round(6)
    sizes = found.groupby("branch", observed=True).size()
    if len(sizes) < 2 or sizes.max() < 2:
        raise UsageError(
            f"至少要有两个支部,其中一个不少于两人;现有 {len(sizes)} 个支部、{len(found)} 人",
            f"two branches are needed, one with two members: found {len(sizes)} branches, {len(found)} members",
        )
    return found, len(given) - len(found)


def intraclass_correlation(n: Floats, means: Floats, within: float) -> float:
    """Return the REML share of the variance that lies between groups.

    Parameters
    ----------
    n, means : ndarray of shape (groups,)
        Size and mean of each group.
    within : float
        Sum of squares within the groups.

    Examples
    --------
    >>> round(intraclass_correlation(np.array([5.0, 5]), np.array([1.0, 3]), 8.0), 6)
    0.642857
    """
    if within == 0:
        return float(means.min() < means.max())

    def minus_two_log(icc: float) -> float:
        return _minus_two_log(icc, n, means, within)

    best = optimize.minimize_scalar(minus_two_log, bounds=(0, 1), method="bounded", options={"xatol": 1e-12})
    return 0.0 if minus_two_log(0.0) <= best.fun else float(best.x)


def _likelihood_parts(icc: float, n: Floats, means: Floats, within: float) -> tuple[Floats, float, float]:
    """Return each mean's variance as a share of the total, the mean of means, the total variance."""
    spread = icc + (1 - icc) / n
    mean = float((means / spread).sum() / (1 / spread).sum())
    inside = within / (1 - icc) if within else 0.0
    return spread, mean, float((inside + ((means - mean) ** 2 / spread).sum()) / (n.sum() - 1))


def _minus_two_log(icc: float, n: Floats, means: Floats, within: float) -> float:
    """Return the restricted likelihood of a correlation, but for a constant."""
    spread, _, total = _likelihood_parts(icc, n, means, within)
    inside = (n - 1).sum() * np.log1p(-icc)
    return float((n.sum() - 1) * np.log(total) + inside + np.log(spread * n).sum() + np.log((1 / spread).sum()))


def _interval(n: Floats, means: Floats, within: float) -> tuple[Floats, Floats]:
    """Return the 95 % posterior interval of every mean."""
    if within == 0:
        return means, means
    correlations, weights = _posterior(n, means, within)
    laws = [_law(icc, n, means, within) for icc in correlations]
    centre, scale = (np.array(side) for side in zip(*laws, strict=True))
    freedom = n.sum() - 1
    reach = 40 * scale.max(axis=0)
    return tuple(  # type: ignore[return-value] # two of them
        _quantile(tail, centre, scale, weights, freedom, (centre.min(axis=0) - reach, centre.max(axis=0) + reach))
        for tail in (0.025, 0.975)
    )


def _posterior(n: Floats, means: Floats, within: float, nodes: int = 80) -> tuple[Floats, Floats]:
    """Return correlations where the likelihood lies, with their weights under a flat prior."""
    low, high = 0.0, 1.0
    for _ in range(3):  # first where it lies at all, then closer
        icc = low + (high - low) * (np.arange(nodes) + 0.5) / nodes
        logs = np.array([-_minus_two_log(one, n, means, within) / 2 for one in icc])
        weights = np.exp(logs - logs.max())
        held, step = icc[weights > 1e-7], (high - low) / nodes
        low, high = max(0.0, held[0] - step), min(1.0, held[-1] + step)
    return icc, weights / weights.sum()


def _law(icc: float, n: Floats, means: Floats, within: float) -> tuple[Floats, Floats]:
    """Return centre and scale of every mean, given the correlation."""
    spread, mean, total = _likelihood_parts(icc, n, means, within)
    kept = icc / spread
    rest = 1 - kept
    return mean + kept * (means - mean), np.sqrt(total * (icc * rest + rest**2 / (1 / spread).sum()))


def _quantile(
    tail: float, centre: Floats, scale: Floats, weights: Floats, freedom: float, ends: tuple[Floats, Floats]
) -> Floats:
    """Return a quantile of the mixture of every mean, by halving."""
    low, high = ends
    for _ in range(45):
        middle = (low + high) / 2
        below = weights @ special.stdtr(freedom, (middle - centre) / np.maximum(scale, 1e-12)) < tail
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    found: Floats = (low + high) / 2
    return found
