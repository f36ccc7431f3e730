"""Whether marks pile up on round numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import Bools, Floats, Ints, Numbers, millionths, numbers
from jifen_analysis.analysis.inputs.density import ORDERS, LogLinear, log_linear, powers
from jifen_analysis.summaries import Heaping

REACH = 60
"""Whole points to each side of the median; marks farther out are left out."""

ENOUGH, BINS, CAPPED = 50, 8, 3
"""Marks below which p is doubtful; whole points that a density needs; equal marks at the top that are a ceiling."""

ROUGH = 0.05


def heaping(totals: Numbers, among: int = 1) -> pd.DataFrame:
    """Test whether marks pile up on round numbers, beside the smooth density of the same marks.

    Last digits of marks that spread over a few points are uneven without any liking
    for round numbers. What is to be expected of each digit therefore comes from a
    smooth density of these marks, and the test asks whether those that end in 0 or
    5 stand out from it.

    Parameters
    ----------
    totals : array_like
        Marks or totals in points; a fraction of a point is cut off, missing
        ones are left out.
    among : int
        Of how many groups' marks these were picked for standing out: p is
        adjusted for having looked at all of them (Sidak 1967).

    Returns
    -------
    DataFrame
        ``digit`` 0 to 9, ``count``, ``expected`` of the smooth density; marks at a
        ceiling are counted as expected. ``attrs``: ``summaries.Heaping``.

    Raises
    ------
    UsageError
        Where there is no mark.

    Notes
    -----
    Last digits: Preece (1981), "Distributions of final digits in data", The
    Statistician 30, 31-60. Poisson regression on whole points, log-polynomial of
    order 2 to 4 by Akaike's criterion, with and without terms for multiples of 5
    and of 10; a rough fit divides the ratio by the Pearson dispersion.

    Examples
    --------
    >>> table = heaping([78, 80, 80, 83, 85, 85, 87, 90, 90, 92] * 10)
    >>> table.loc[table["digit"] == 0, "count"].item(), table.attrs["p"] < 0.01
    (40, True)
    """
    whole = millionths(numbers(totals, "分数", "marks")) // 1_000_000
    middle = int(np.quantile(whole, 0.5, method="lower"))  # a mark that is there, so that some are near
    near = whole[np.abs(whole - middle) <= REACH]
    place = np.arange(near.min(), near.max() + 1)
    counts = np.bincount(near - near.min(), minlength=len(place))
    free = np.ones(len(place), dtype=bool)
    free[-1] = counts[-1] < CAPPED
    smooth, chi2, freedom, p = _tested(place, counts, free)
    expected = np.where(free, smooth, counts)
    digits = np.abs(place) % 10
    table = pd.DataFrame(
        {
            "digit": range(10),
            "count": np.bincount(digits, counts, minlength=10).astype("int64"),
            "expected": np.bincount(digits, expected, minlength=10),
        }
    )
    adjusted = 1 - (1 - p) ** among if among > 1 else p
    return Heaping(adjusted, len(near), len(near) < ENOUGH, chi2, freedom, len(whole) - len(near), among).on(table)


def _tested(place: Ints, counts: Ints, free: Bools) -> tuple[Floats, float, int, float]:
    """Return the smooth counts, and the likelihood ratio of round numbers beside them."""
    rounds = [held for step in (5, 10) if _told_apart(held := place % step == 0, free)]
    if free.sum() < BINS or not rounds:
        return counts.astype("float64"), float("nan"), 0, float("nan")
    centred = place - place[free].mean()
    reach = float(np.abs(centred).max())
    smooth = min((_fit(counts, powers(centred, reach, order), free) for order in ORDERS), key=lambda one: one.aic)
    order = len(smooth.coefficients) - 1
    design = powers(centred, reach, order)
    heaped = _fit(counts, np.column_stack([design, *(held.astype("float64") for held in rounds)]), free)
    rough = heaped.freedom > 0 and stats.chi2.sf(heaped.pearson, heaped.freedom) < ROUGH
    dispersion = max(1.0, heaped.pearson / heaped.freedom) if rough else 1.0
    chi2 = max(0.0, smooth.deviance - heaped.deviance) / dispersion
    return np.exp(smooth.log_mean(design)), chi2, len(rounds), float(stats.chi2.sf(chi2, len(rounds)))


def _told_apart(held: Bools, free: Bools) -> bool:
    return bool(held[free].any() and not held[free].all())


def _fit(counts: Ints, design: Floats, free: Bools) -> LogLinear:
    return log_linear(counts[free], design[free], np.zeros(int(free.sum())))
