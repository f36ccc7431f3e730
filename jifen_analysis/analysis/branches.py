"""Which branches stand out once their size is taken into account."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from jifen_analysis.analysis.inputs import Floats, Numbers, as_number, as_series, differ, floats, pair_values
from jifen_analysis.analysis.inputs.multiple import adjust_p_values
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import Funnel, ShrunkenMeans

WINSORISED = 0.10


def funnel(
    successes: Numbers, trials: Numbers, target: float | None = None, levels: Sequence[float] = (0.95, 0.998)
) -> pd.DataFrame:
    """Hold the branches' rates against what chance alone allows a branch of that size.

    Parameters
    ----------
    successes, trials : array_like of shape (units,)
        Members who have it (the top grade, say), and members counted. A Series'
        index names the units. Small units need no withholding: their limits are wide.
    target : float, optional
        The rate to expect, inside (0, 1); default the pooled rate.
    levels : sequence of float
        Two-sided levels of the limits.

    Returns
    -------
    DataFrame
        Rows and index as given, also for units without trials (no rate):
        ``unit``, ``n``, ``successes``, ``rate``; for each level ``low_<level>``
        and ``high_<level>`` (0.998 is ``99_8``), the exact binomial quantiles
        over n; ``z``, of the arcsine rate; ``z_adjusted`` for overdispersion;
        ``flag`` and ``flag_adjusted``: ``below_<level>`` or ``above_<level>``
        of the widest limits left behind, else empty: each unit by itself, so of
        many equal ones some are flagged. ``p``, exact and two-sided, with
        ``p_holm`` and ``p_bh`` for that many units: who is called out of line
        among many should be so by these. ``attrs``: ``summaries.Funnel``.

    Raises
    ------
    UsageError
        Where counts are missing, not whole, negative or more than the trials,
        no unit has trials, or the target or a level lies outside (0, 1).

    Notes
    -----
    Spiegelhalter (2005), "Funnel plots for comparing institutional
    performance", Statistics in Medicine 24, 1185-1202: z = 2 sqrt(n) (asin
    sqrt(rate) - asin sqrt(target)), additive random effects by the method of
    moments. A rate outside the exact limits of level q has a tail of less than
    (1 - q) / 2; p is twice the smaller tail. Holm (1979), Scandinavian Journal of
    Statistics 6, 65-70; Benjamini & Hochberg (1995), JRSS B 57, 289-300.

    Examples
    --------
    >>> table = funnel(pd.Series({"一": 9, "二": 30}), pd.Series({"一": 10, "二": 100}))
    >>> table["flag"].tolist(), round(table.attrs["target"], 3)
    (['above_99_8', ''], 0.355)
    """
    table = _counted(successes, trials)
    _refuse_outside([*as_series(levels, "置信水平", "levels"), *([] if target is None else [target])])
    theta = float(table["successes"].sum() / table["n"].sum() if target is None else target)
    names = {f"{100 * level:.10g}".replace(".", "_"): level for level in sorted(levels)}
    table["rate"] = table["successes"] / table["n"].where(table["n"] > 0)
    for name, level in names.items():
        low, high = stats.binom.interval(level, table["n"], theta)
        table[f"low_{name}"], table[f"high_{name}"] = low / table["n"], high / table["n"]
    table["z"] = 2 * np.sqrt(table["n"]) * (np.arcsin(np.sqrt(table["rate"])) - np.arcsin(np.sqrt(theta)))
    phi, tau2 = overdispersion(table["z"], table["n"])
    table["z_adjusted"] = table["z"] / np.sqrt(1 + 4 * table["n"] * tau2)
    table["flag"] = _flags(table["rate"], {name: (table[f"low_{name}"], table[f"high_{name}"]) for name in names})
    limits = {name: float(stats.norm.isf((1 - level) / 2)) for name, level in names.items()}
    table["flag_adjusted"] = _flags(table["z_adjusted"], {name: (-limit, limit) for name, limit in limits.items()})
    table["p"] = _two_sided(table, theta)
    table[["p_holm", "p_bh"]] = adjust_p_values(table["p"])
    alarms = _outside_by_chance(table["n"], theta, min(levels))
    return Funnel(theta, phi, tau2, tuple(names), alarms).on(table)


def _two_sided(table: pd.DataFrame, target: float) -> pd.Series:
    """Return twice the smaller exact tail."""
    won, n = table["successes"], table["n"]
    tail = np.minimum(stats.binom.cdf(won, n, target), stats.binom.sf(won - 1, n, target))
    return pd.Series(np.minimum(1.0, 2 * tail), index=table.index).where(n > 0)


def _outside_by_chance(n: pd.Series, target: float, level: float) -> float:
    """Return how many units of these sizes are expected outside their exact limits."""
    low, high = stats.binom.interval(level, n, target)
    return float((stats.binom.cdf(low - 1, n, target) + stats.binom.sf(high, n, target)).sum())


def _counted(successes: Numbers, trials: Numbers) -> pd.DataFrame:
    won, tried = (floats(as_series(counts, "人数", "counts"), "人数", "counts") for counts in (successes, trials))
    if len(won) != len(tried) or set(won.index) != set(tried.index) or not won.index.is_unique:
        raise UsageError("两列的单位不一致", "successes and trials do not name the same units")
    table = pd.DataFrame({"unit": won.index, "n": tried.reindex(won.index), "successes": won}, index=won.index)
    counts = table[["n", "successes"]]
    wrong = counts.isna().any(axis=1) | (counts != counts.round()).any(axis=1) | (won < 0) | (won > table["n"])
    if wrong.any():
        units = ", ".join(map(str, won.index[wrong][:5])) + (f" … ({int(wrong.sum())})" if wrong.sum() > 5 else "")
        raise UsageError(f"人数须为整数且不超过总数:{units}", f"counts must be whole, and at most the trials: {units}")
    if table["n"].sum() == 0:
        raise UsageError("没有可比较的单位:总数全为 0", "nothing to compare: no unit has trials")
    return table.astype({"n": "int64", "successes": "int64"}).rename_axis(None)


def _refuse_outside(shares: Sequence[object]) -> None:
    for share in shares:
        if not 0 < as_number(share, "比例", "a share") < 1:
            raise UsageError(f"须在 0 与 1 之间:{share}", f"must lie inside (0, 1): {share}")


def _flags(values: pd.Series, limits: dict[str, tuple[pd.Series | float, pd.Series | float]]) -> pd.Series:
    flags = pd.Series("", index=values.index)
    for name, (low, high) in limits.items():  # from the narrowest to the widest
        flags = flags.mask(values < low, f"below_{name}").mask(values > high, f"above_{name}")
    return flags


def overdispersion(z: pd.Series, n: pd.Series) -> tuple[float, float]:
    """Return phi and tau2 of naive z-scores of units of size n (Spiegelhalter 2005, appendix A.3).

    Parameters
    ----------
    z : Series
        Naive z-scores of arcsine rates, whose variance is 1 / (4 n).
    n : Series
        Sizes.

    Returns
    -------
    tuple of float
        ``phi``, the mean square of the winsorised scores, and ``tau2``, the
        variance between units on the arcsine scale, 0 where phi shows no more
        than chance.

    Examples
    --------
    >>> overdispersion(pd.Series([1.0, -1, 1, -1]), pd.Series([10, 10, 10, 10]))
    (1.0, 0.008333333333333333)
    """
    scores = z.dropna().sort_values()
    weights = 4.0 * n[scores.index]
    low, high = (float(scores.quantile(share)) for share in (WINSORISED, 1 - WINSORISED))
    units, phi = len(scores), float((scores.clip(low, high) ** 2).mean())
    spread = weights.sum() - (weights**2).sum() / weights.sum()
    return phi, max(0.0, float((units * phi - (units - 1)) / spread)) if units > 1 else 0.0


# ---------------------------------------------------------------- means


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
