"""How far out the ends of an interval lie that comes of drawing anew."""

from __future__ import annotations

import numpy as np
from scipy import stats

CONFIDENCE = 0.95


def expanded_tail(n: int) -> float:
    """Return the share of draws to leave on either side, so that the 95 % interval of n members has its level.

    Quantiles of a bootstrap lie as close as the normal's with a variance over n:
    of few members they are taken as far out as Student's t lies beyond.

    Notes
    -----
    The expanded percentile interval: Hesterberg (2015), The American Statistician
    69, 371-386.

    Examples
    --------
    >>> round(expanded_tail(8), 4), round(expanded_tail(2000), 4)
    (0.0057, 0.0249)
    """
    freedom = max(n - 1, 1)
    return float(stats.norm.sf(np.sqrt(n / freedom) * stats.t.isf((1 - CONFIDENCE) / 2, freedom)))
