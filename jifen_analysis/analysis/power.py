"""How large a difference must be before so many members can show it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special, stats

from jifen_analysis.analysis.inputs import Floats, Numbers, as_number, as_series, floats
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import SmallestGap


def smallest_gap(sizes: Numbers, sd: float, power: float = 0.8, level: float = 0.05) -> pd.DataFrame:
    """Return the smallest gap between the means of each two branches that a year can be relied on to show.

    A smaller one may be there and will mostly not be seen: that no difference was
    found between two small branches is no finding that there is none.

    Parameters
    ----------
    sizes : Series by unit
        Members of each; units of fewer than two are left out.
    sd : float
        Standard deviation of a total inside a branch, in points.
    power : float
        Probability that the gap is found, if it is there.
    level : float
        Two-sided level of the test of one pair.

    Returns
    -------
    DataFrame
        One row a pair of units: ``a``, ``b``, ``n_a``, ``n_b``, ``gap`` (points),
        the smallest first. ``attrs``: ``summaries.SmallestGap``.

    Raises
    ------
    UsageError
        Where fewer than two units have two members, the spread is not positive,
        or power and level are not 0 < level < power < 1.

    Notes
    -----
    Student's t of two independent samples, by the non-central t: Cohen (1988),
    Statistical Power Analysis for the Behavioral Sciences, 2nd ed., chapter 2.

    Examples
    --------
    >>> smallest_gap(pd.Series({"一": 64, "二": 64}), sd=4)["gap"].round(2).tolist()
    [2.0]
    """
    held, left_out = _sized(sizes)
    spread = as_number(sd, "标准差", "the standard deviation")
    if not spread > 0:
        raise UsageError(f"标准差须大于 0:{sd}", f"the standard deviation must be positive: {sd}")
    chance, found = as_number(level, "显著性水平", "the level"), as_number(power, "功效", "the power")
    if not 0 < chance < found < 1:
        raise UsageError(
            f"须有 0 < 显著性水平 < 功效 < 1:{level}、{power}", f"0 < level < power < 1 is wanted: {level}, {power}"
        )
    table = _pairs(held)
    a, b = table["n_a"].to_numpy("float64"), table["n_b"].to_numpy("float64")
    freedom, place = np.unique(a + b - 2, return_inverse=True)  # all that the power knows of two sizes, but for scale
    table["gap"] = spread * _noncentralities(freedom, found, chance)[place] * np.sqrt(1 / a + 1 / b)
    table = table.sort_values(["gap", "a", "b"], ignore_index=True)
    return SmallestGap(spread, found, chance, left_out).on(table)


def _sized(sizes: Numbers) -> tuple[pd.Series, int]:
    given = floats(as_series(sizes, "人数", "sizes"), "人数", "sizes").fillna(0)
    if (given != given.round()).any() or not given.index.is_unique:
        raise UsageError("人数须为整数,单位不得重复", "sizes must be whole numbers, of units that stand once")
    held = given[given >= 2].astype("int64")
    if len(held) < 2:
        raise UsageError(
            f"至少要有两个支部各有两人:现有 {len(held)} 个",
            f"two branches of two members are needed: found {len(held)}",
        )
    return held, len(given) - len(held)


def _pairs(held: pd.Series) -> pd.DataFrame:
    """Return every two units once, in the order of their names, with how many members both have."""
    ordered = held.iloc[np.argsort(held.index.astype("str"), kind="stable")]
    first, second = np.triu_indices(len(ordered), 1)
    units, sizes = ordered.index, ordered.to_numpy()
    return pd.DataFrame({"a": units[first], "b": units[second], "n_a": sizes[first], "n_b": sizes[second]})


NODES, HALVINGS = 120, 48


def _noncentralities(freedom: Floats, power: float, level: float) -> Floats:
    """Return the noncentrality at which Student's t is beyond its bounds with this probability, by bisection.

    The probability is that of a normal variable beyond a bound that is as uncertain
    as the standard deviation, on average over the latter: unlike the ready-made
    one it has a value for every two sizes, level and power.
    """
    at, weight = np.polynomial.legendre.leggauss(NODES)
    spread = np.sqrt(stats.chi2.ppf((at[:, None] + 1) / 2, freedom) / freedom)
    bound, rest = stats.t.isf(level / 2, freedom), (1 - power) / 2
    reach = bound * spread
    low = np.zeros_like(freedom)
    high = bound * np.sqrt(stats.chi2.isf(rest, freedom) / freedom) + stats.norm.isf(rest)  # enough, whatever is drawn
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        seen = weight @ (special.ndtr(middle - reach) + special.ndtr(-middle - reach)) / 2
        low, high = np.where(seen < power, middle, low), np.where(seen < power, high, middle)
    return np.asarray(high, dtype="float64")
