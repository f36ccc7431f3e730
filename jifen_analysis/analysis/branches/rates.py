"""Which branches' rates stand out once their size is taken into account."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import Numbers, as_number, as_series, floats
from jifen_analysis.analysis.inputs.multiple import adjust_p_values
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import Funnel

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
