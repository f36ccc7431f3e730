"""Whether marks pile up on round numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import Bools, Floats, Ints, Numbers, millionths, numbers
from jifen_analysis.analysis.inputs.density import LogLinear, log_linear, powers
from jifen_analysis.summaries import Heaping

REACH = 60
"""Whole points to each side of the median; marks farther out are left out."""

TAIL = 0.005
"""Share of the marks at either end, spread over many points, that the density is not fitted to."""

ENOUGH, BINS, CAPPED = 50, 8, 3
"""Marks below which p is doubtful; whole points that a density needs; equal marks at the top that are a ceiling."""

ORDERS = range(2, 9)
"""Of the polynomials tried, those above the fourth only where three points are there for each: two modes, or a steep
end, need more than four, and one that turned up and down within five points would take fives for its own."""

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
    order 2 to 8 (not above a third of the points) by Akaike's criterion, but for the outermost half per cent of
    marks at either end; the score test (Rao 1948) of terms for multiples of 5 and
    of 10, divided by the Pearson dispersion where the fit is rough.

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
    low, high = np.quantile(near, [TAIL, 1 - TAIL], method="lower")
    free &= (place >= low) & (place <= high)
    expected, chi2, freedom, p = _tested(place, counts, free)
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
    """Return the smooth counts, and how far round numbers stand out from them."""
    rounds = [held[free] for step in (5, 10) if _told_apart(held := place % step == 0, free)]
    nothing = counts.astype("float64"), float("nan"), 0, float("nan")
    if free.sum() < BINS or not rounds:
        return nothing
    centred = place[free] - place[free].mean()
    reach = float(np.abs(centred).max())
    designs = [powers(centred, reach, order) for order in ORDERS if order <= max(4, len(centred) // 3)]
    fits = [(design, _fit(counts[free], design)) for design in designs]
    sound = [one for one in fits if np.isclose(one[1].expected.sum(), counts[free].sum(), rtol=1e-3)]
    if not sound:
        return nothing
    design, smooth = min(sound, key=lambda pair: pair[1].aic)
    chi2 = _score(counts[free], smooth.expected, design, np.column_stack(rounds).astype("float64"))
    pearson, freedom = max(0.0, smooth.pearson - chi2), max(smooth.freedom - len(rounds), 1)
    rough = stats.chi2.sf(pearson, freedom) < ROUGH
    chi2 /= max(1.0, pearson / freedom) if rough else 1.0
    expected = counts.astype("float64")
    expected[free] = smooth.expected
    return expected, chi2, len(rounds), float(stats.chi2.sf(chi2, len(rounds)))


def _score(counts: Ints, expected: Floats, design: Floats, rounds: Floats) -> float:
    """Return the score statistic of further columns: what they have beyond what the design explains of them."""
    weighted = design * expected[:, None]
    own = rounds - design @ np.linalg.lstsq(design.T @ weighted, weighted.T @ rounds, rcond=None)[0]
    score, variance = own.T @ (counts - expected), own.T @ (own * expected[:, None])
    return max(0.0, float(score @ np.linalg.pinv(variance) @ score))


def _told_apart(held: Bools, free: Bools) -> bool:
    return bool(held[free].any() and not held[free].all())


def _fit(counts: Ints, design: Floats) -> LogLinear:
    return log_linear(counts, design, np.zeros(len(counts)))
