"""How large a difference must be before so many members can show it."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from itertools import combinations

import pandas as pd
from statsmodels.stats.power import TTestIndPower

from jifen_analysis.analysis.inputs import Numbers, as_number, as_series, floats
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
    rows = [
        (a, b, held[a], held[b], spread * _effect(*sorted((held[a], held[b])), found, chance))
        for a, b in combinations(sorted(held, key=str), 2)
    ]
    table = pd.DataFrame(rows, columns=["a", "b", "n_a", "n_b", "gap"])
    table = table.sort_values(["gap", "a", "b"], ignore_index=True)
    return SmallestGap(spread, found, chance, left_out).on(table)


def _sized(sizes: Numbers) -> tuple[dict[Hashable, int], int]:
    given = floats(as_series(sizes, "人数", "sizes"), "人数", "sizes").fillna(0)
    if (given != given.round()).any() or not given.index.is_unique:
        raise UsageError("人数须为整数,单位不得重复", "sizes must be whole numbers, of units that stand once")
    held = given[given >= 2].astype("int64")
    if len(held) < 2:
        raise UsageError(
            f"至少要有两个支部各有两人:现有 {len(held)} 个",
            f"two branches of two members are needed: found {len(held)}",
        )
    return {unit: int(n) for unit, n in held.items()}, len(given) - len(held)


@cache
def _effect(few: int, many: int, power: float, level: float) -> float:
    """Return the smallest difference in standard deviations."""
    return float(TTestIndPower().solve_power(nobs1=few, ratio=many / few, power=power, alpha=level))
