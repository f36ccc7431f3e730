"""A name for every row, of few different ones: kept as positions, blank first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.scoring.arrays import Bools, Ints

Names = pd.Categorical
"""Names by row; blank where there is none."""


def label_at(names: Iterable[str], codes: Ints) -> Names:
    """Return the name at each position; 0 is blank.

    Examples
    --------
    >>> label_at(["优秀", "合格"], np.array([1, 0])).tolist()
    ['优秀', '']
    """
    listed: Any = ["", *names]
    return pd.Categorical.from_codes(codes, listed)


def no_labels(size: int) -> Names:
    """Return no name for any row."""
    return label_at((), np.zeros(size, dtype="int8"))


def overlaid(below: Names, above: Names, where: Bools) -> Names:
    """Return the names above where a mask holds, those below elsewhere.

    Examples
    --------
    >>> overlaid(label_at("a", np.array([1, 1])), label_at("b", np.array([1, 0])), np.array([True, False])).tolist()
    ['b', 'a']
    """
    names: Any = list(dict.fromkeys((*below.categories, *above.categories)))
    low, high = (one.set_categories(names).codes for one in (below, above))
    return pd.Categorical.from_codes(np.where(where, high, low), names)
