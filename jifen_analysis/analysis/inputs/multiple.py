"""Many tests at once: how many would reject though nothing happened, and p values that allow for it.

Holm (1979), Scandinavian Journal of Statistics 6, 65-70; Benjamini & Hochberg (1995), JRSS B 57, 289-300.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

LEVEL = 0.05
"""Below it a p is called beyond chance."""


def adjust_p_values(p: pd.Series) -> pd.DataFrame:
    """Return p values adjusted for their number: ``p_holm`` (of any false rejection) and ``p_bh`` (of their share).

    Parameters
    ----------
    p : Series
        Missing ones stay missing and do not count.

    Examples
    --------
    >>> adjust_p_values(pd.Series([0.01, 0.04, np.nan]))["p_holm"].tolist()
    [0.02, 0.04, nan]
    """
    found = pd.DataFrame(np.nan, index=p.index, columns=["p_holm", "p_bh"])
    known = p.notna().to_numpy()
    if known.any():
        given = p.to_numpy("float64")[known]
        found.loc[known, "p_holm"] = _holm(given)
        found.loc[known, "p_bh"] = stats.false_discovery_control(given)
    return found


def _holm(p: np.ndarray) -> np.ndarray:
    """Return p values times how many are left to be rejected, never below one that is smaller.

    Written out: statsmodels collects garbage at each call, which in a desk's
    large process takes longer than the analysis that asks.
    """
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)).clip(max=1)
    return stepped[np.argsort(order, kind="stable")]


def false_alarms(tests: int, level: float = LEVEL) -> float:
    """Return how many of so many tests are expected to reject at a level though nothing happened.

    Examples
    --------
    >>> round(false_alarms(24), 6)
    1.2
    """
    return tests * level
