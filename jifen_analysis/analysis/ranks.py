"""How far a rank could be from where it stands."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import Floats, Numbers, as_number, as_series, floats, millionths
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import RankIntervals

DRAWS, SEED = 4_000, 20_240_101
MANY = 60
"""Units of which the joint law of all differences is simulated; of more, Bonferroni bounds it."""


def intervals(estimates: pd.Series, se: Numbers | float, level: float = 0.95) -> pd.DataFrame:
    """Say between which places each unit's rank lies, all at once.

    Two units are told apart where their difference is larger than chance allows
    any of all the differences. A unit's rank is then at least one more than the
    number that surely stand above it, and at most all but those surely below.

    Parameters
    ----------
    estimates : Series by unit
        Such as mean totals of branches, or totals of members, in points; the
        highest is first. Missing ones are left out.
    se : float or Series by unit
        Standard error of each, in points; independent of one another.
    level : float
        The probability that all the intervals hold at once.

    Returns
    -------
    DataFrame
        Indexed by unit, best first: ``estimate``, ``se``, ``rank`` (ties, at 6
        decimals, share the best), ``rank_low`` (the best place that it could
        have) and ``rank_high`` (the worst), ``low``, ``high`` (bars of which two
        that do not overlap differ at 5 %, on average over the pairs). ``attrs``: ``summaries.RankIntervals``.

    Raises
    ------
    UsageError
        With fewer than two units, one named twice, a standard error that is
        missing or not positive, or a level outside (0, 1).

    Notes
    -----
    Mogstad, Romano, Shaikh & Wilhelm (2024), Review of Economic Studies 91,
    476-518, for independent normal estimates. Bars: Goldstein & Healy (1995),
    JRSS A 158, 175-177; Goldstein & Spiegelhalter (1996), JRSS A 159, 385-443.

    Examples
    --------
    >>> table = intervals(pd.Series({"一": 95.0, "二": 85.0, "三": 84.0}), se=1.0)
    >>> table[["rank", "rank_low", "rank_high"]].values.tolist()
    [[1, 1, 1], [2, 2, 3], [3, 2, 3]]
    """
    if not 0 < as_number(level, "置信水平", "the level") < 1:
        raise UsageError(f"置信水平须在 0 与 1 之间:{level}", f"the level must lie inside (0, 1): {level}")
    table, left_out = _estimated(estimates, se)
    values, errors = table["estimate"].to_numpy(), table["se"].to_numpy()
    apart = np.sqrt(errors[:, None] ** 2 + errors**2)
    critical = _critical(errors, level)
    gaps = np.subtract.outer(millionths(values), millionths(values)) / 1e6  # at the grain of ties
    above = gaps / apart > critical  # the row's unit surely stands above the column's
    table["rank"] = pd.Series(millionths(values), index=table.index).rank(method="min", ascending=False).astype("int64")
    table["rank_low"], table["rank_high"] = 1 + above.sum(axis=0), len(table) - above.sum(axis=1)
    pairs = np.triu_indices(len(table), 1)
    reach = stats.norm.isf(0.025) * float(np.mean(apart[pairs] / (errors[:, None] + errors)[pairs]))
    table["low"], table["high"] = values - reach * errors, values + reach * errors
    told = float((above | above.T)[pairs].mean())
    return RankIntervals(level, told, critical, left_out).on(table)


def _estimated(estimates: pd.Series, se: Numbers | float) -> tuple[pd.DataFrame, int]:
    given = floats(as_series(estimates, "估计值", "estimates"), "估计值", "estimates")
    errors = (
        pd.Series(as_number(se, "标准误", "the standard error"), index=given.index)
        if np.isscalar(se)
        else floats(as_series(se, "标准误", "standard errors"), "标准误", "standard errors").reindex(given.index)
    )
    if not given.index.is_unique:
        twice = given.index[given.index.duplicated()][0]
        raise UsageError(f"同一单位出现多次:{twice}", f"a unit stands twice: {twice}")
    table = pd.DataFrame({"estimate": given, "se": errors}).dropna(subset="estimate")
    if len(table) < 2:
        raise UsageError(f"至少要有两个单位,现有 {len(table)} 个", f"two units are needed, found {len(table)}")
    wrong = table.index[~(table["se"] > 0)]
    if len(wrong):
        raise UsageError(
            f"标准误须大于 0:{len(wrong)} 个单位不对,如 {wrong[0]}",
            f"standard errors must be positive: {len(wrong)} are not, such as that of {wrong[0]}",
        )
    return table.sort_index().sort_values("estimate", ascending=False, kind="stable"), len(given) - len(table)


def _critical(errors: Floats, level: float) -> float:
    """Return the largest standardised difference that chance alone brings about among all pairs."""
    pairs = len(errors) * (len(errors) - 1) / 2
    if len(errors) > MANY:
        return float(stats.norm.isf((1 - level) / (2 * pairs)))
    noise = np.random.default_rng(SEED).standard_normal((DRAWS, len(errors))) * np.sort(errors)
    first, second = np.triu_indices(len(errors), 1)
    apart = np.sqrt(np.sort(errors)[first] ** 2 + np.sort(errors)[second] ** 2)
    largest = np.array([np.max(np.abs(row[first] - row[second]) / apart) for row in noise])
    return float(np.quantile(largest, level))
