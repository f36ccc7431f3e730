"""How well parts that are added up agree, and how sure that is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs.values import differ


def cronbach_alpha(items: pd.DataFrame) -> float:
    """Return alpha of complete items; missing for one item or without any spread of their sums.

    Examples
    --------
    >>> round(cronbach_alpha(pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3]})), 12)
    1.0
    """
    k, sums = items.shape[1], items.sum(axis=1)
    if k < 2 or not differ(sums):
        return float("nan")
    return float(k / (k - 1) * (1 - items.var().sum() / sums.var()))


def feldt(alpha: float, members: int, items: int, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of an alpha: Feldt (1965), Psychometrika 30, 357-370.

    Examples
    --------
    >>> low, high = feldt(0.8, members=41, items=5)
    >>> round(low, 3), round(high, 3)
    (0.684, 0.883)
    """
    if np.isnan(alpha) or members < 2 or items < 2:
        return float("nan"), float("nan")
    tail, freedom = (1 - level) / 2, (members - 1, (members - 1) * (items - 1))
    low, high = (1 - (1 - alpha) * stats.f.ppf(share, *freedom) for share in (1 - tail, tail))
    return float(low), float(high)
