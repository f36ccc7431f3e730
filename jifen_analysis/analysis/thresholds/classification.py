"""How many would be graded differently if everything were assessed once more."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import special, stats

from jifen_analysis.analysis.inputs import (
    Floats,
    Ints,
    Numbers,
    as_number,
    as_series,
    differ,
    floats,
    millionths,
    numbers,
    pair_values,
)
from jifen_analysis.analysis.thresholds.counterfactual import POINT
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import Classification, LivingstonLewis, TrueScores


def accuracy(totals: Numbers, se: Numbers | float, cuts: Sequence[float]) -> Classification:
    """Estimate accuracy and consistency of grades from the standard error of a total.

    Parameters
    ----------
    totals : array_like of shape (members,)
        In points; missing ones are left out.
    se : float or array_like of shape (members,)
        Standard error of measurement, in points: one for all, or each member's own.
    cuts : sequence of float
        Cut scores, in any order.

    Returns
    -------
    Classification
        ``accuracy``, ``consistency`` and each member's ``probabilities``.

    Raises
    ------
    UsageError
        Where there is no total or no cut, or an error is not positive.

    Notes
    -----
    Rudner (2001, 2005), "Expected classification accuracy", PARE 10(13): the
    true score is normal around the observed one. Consistency is the mean sum of
    squared probabilities. Regressed: the true score is normal around the mean and
    the reliability times the distance from it (Kelley 1947, Fundamentals of
    Statistics); consistency is then the chance that a second total falls into the
    band of the first.

    Examples
    --------
    >>> found = accuracy([90.0, 95.0], se=2.5, cuts=[90])
    >>> round(found.accuracy, 4), round(found.consistency, 4)
    (0.7386, 0.7278)
    """
    frame = _with_errors(totals, se).dropna(subset="total")
    numbers(frame["total"])
    frame["total"] = millionths(frame["total"]) / POINT  # a total on the line by its grain is not half a hair below it
    if not (frame["se"] > 0).all():
        raise UsageError("标准误须大于 0", "standard errors must be positive")
    lines = _ascending(cuts)
    shares = _shares(frame["total"], frame["se"], lines)
    band = np.searchsorted(millionths(lines), millionths(frame["total"]), side="right")
    bands = pd.IntervalIndex.from_breaks([-np.inf, *lines, np.inf], closed="left", name="band")
    return Classification(
        _mean(shares[np.arange(len(band)), band]),
        _mean((shares**2).sum(axis=1)),
        pd.DataFrame(shares, index=frame.index, columns=bands),
        *_regressed(frame, lines, band),
    )


def _shares(centre: pd.Series, spread: pd.Series, lines: Floats) -> Floats:
    """Return how likely each normal score lies in each band."""
    below = stats.norm.cdf((lines - centre.to_numpy()[:, None]) / spread.to_numpy()[:, None])
    return np.diff(below, axis=1, prepend=0, append=1)


def _mean(shares: Floats) -> float:
    return min(1.0, float(np.mean(np.sort(shares))))


def _regressed(frame: pd.DataFrame, lines: Floats, band: Ints) -> tuple[float, float, float]:
    """Return the reliability that the errors imply, and accuracy and consistency with scores drawn to the mean."""
    squares, variance = float((frame["se"] ** 2).mean()), float(frame["total"].var())
    if not differ(frame["total"]) or squares >= variance:
        return (float("nan"),) * 3
    reliability = 1 - squares / variance
    mean, place = frame["total"].mean(), np.arange(len(band))
    true = mean + reliability * (frame["total"] - mean)
    rest = frame["se"] * np.sqrt(reliability)
    right = _shares(true, rest, lines)[place, band]
    again = _shares(true, np.sqrt(rest**2 + frame["se"] ** 2), lines)[place, band]
    return reliability, _mean(right), _mean(again)


def _with_errors(totals: Numbers, se: Numbers | float) -> pd.DataFrame:
    scores = floats(as_series(totals, "分数", "scores"), "分数", "scores")
    if np.isscalar(se) or se is None:
        return pd.DataFrame({"total": scores, "se": as_number(se, "标准误", "the standard error")})
    own = pair_values(scores, se).set_axis(["total", "se"], axis=1).set_axis(scores.index)
    return floats(own, "标准误", "standard errors")


def _ascending(cuts: Sequence[float]) -> Floats:
    lines: Floats = np.unique(millionths(numbers(cuts, "分数线", "cut scores"))) / POINT
    return lines


LONGEST = 10_000
"""Items: where errors are so small that more would be needed, so many are as good."""

TINY = 1e-6
"""A share of members that is nobody."""


def livingston_lewis(
    totals: Numbers, reliability: float, low: float, high: float, cuts: Sequence[float]
) -> LivingstonLewis:
    """Estimate accuracy and consistency of grades from the reliability of a total.

    Parameters
    ----------
    totals : array_like of shape (members,)
        In points; missing ones are left out.
    reliability : float
        Such as Cronbach's alpha, inside (0, 1).
    low, high : float
        The lowest and highest total possible, in points.
    cuts : sequence of float
        Cut scores inside (low, high), in any order.

    Returns
    -------
    LivingstonLewis
        ``accuracy``, ``consistency``, ``kappa``, ``effective_length``, the
        fitted ``true_scores`` (four-parameter beta; two where its moments give
        bounds outside the scale) and the joint ``table``.

    Raises
    ------
    UsageError
        Where totals or cuts lie outside the scale, all totals are equal, the
        reliability is not inside (0, 1), or too low for any spread of true scores.

    Notes
    -----
    Livingston & Lewis (1995), Journal of Educational Measurement 32, 179-197:
    the effective length (variance with n - 1) is rounded to a whole number,
    totals are put on its scale as they are, errors are binomial; a band begins
    with the fewest right answers that reach its cut. Moments of true scores:
    Lord (1965), Psychometrika 30, 239-270; beta by moments: Hanson (1991), ACT
    Research Report 91-5.

    Examples
    --------
    >>> marks = [6, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 18]
    >>> found = livingston_lewis(marks, reliability=0.7, low=0, high=20, cuts=[12])
    >>> found.effective_length, round(found.accuracy, 2), round(found.consistency, 2)
    (24, 0.84, 0.77)
    """
    scores, edges = _proportions(numbers(totals, at_least=2), reliability, low, high, _ascending(cuts))
    length = _effective_length(scores, reliability)
    true = _true_scores(scores * length, length)
    joint, alike = _joint(true, edges, length)
    chance = float((joint.sum(axis=0) ** 2).sum())
    kappa = (alike - chance) / (1 - chance) if 1 - chance > TINY else float("nan")
    bands = pd.IntervalIndex.from_breaks([-np.inf, *_ascending(cuts), np.inf], closed="left")
    table = pd.DataFrame(joint, index=bands.rename("true"), columns=bands.rename("observed"))
    return LivingstonLewis(min(1.0, float(np.trace(joint))), min(1.0, alike), kappa, length, true, table)


def _proportions(totals: pd.Series, reliability: float, low: float, high: float, cuts: Floats) -> tuple[Floats, Floats]:
    low, high = as_number(low, "最低分", "low"), as_number(high, "最高分", "high")
    if not 0 < as_number(reliability, "信度", "the reliability") < 1:
        raise UsageError(
            f"信度须在 0 与 1 之间:{reliability}", f"the reliability must lie inside (0, 1): {reliability}"
        )
    if not low < high:
        raise UsageError(f"最低分须低于最高分:{low:g}、{high:g}", f"low must be below high: {low:g}, {high:g}")
    outside = totals[(totals < low) | (totals > high)].tolist() + cuts[(cuts <= low) | (cuts >= high)].tolist()
    if outside:
        raise UsageError(
            f"总分与分数线须在 {low:g} 与 {high:g} 之间;超出的:{outside[:5]}",
            f"totals and cuts must lie between {low:g} and {high:g}; outside: {outside[:5]}",
        )
    if not differ(totals):
        raise UsageError(
            f"总分全是 {totals.iloc[0]:g},没有差异,谈不上信度",
            f"all totals are {totals.iloc[0]:g}: without a difference there is no reliability to speak of",
        )
    edges = np.array([low, *cuts, high])
    return (totals.to_numpy("float64") - low) / (high - low), (edges - low) / (high - low)


def _effective_length(scores: Floats, reliability: float) -> int:
    mean, variance = scores.mean(), scores.var(ddof=1)
    error = variance * (1 - reliability)
    length = round(float(min(mean * (1 - mean) - reliability * variance, error * LONGEST) / error)) if error else 0
    if length < 2:
        raise UsageError(
            f"等效题数不足 2:总分的差异相对于满分太大,信度 {reliability:g} 太低",
            f"the effective test length is below 2: totals vary too much for a reliability of {reliability:g}",
        )
    return length


def _true_scores(scores: Floats, length: int) -> TrueScores:
    order = np.arange(4)
    falling = np.cumprod(scores[:, None] - order, axis=1).mean(axis=0) / np.cumprod(np.maximum(length - order, 1))
    mean, variance = falling[0], falling[1] - falling[0] ** 2
    if variance <= 0:
        raise UsageError("真分数没有差异,信度过低", "no spread of true scores: the reliability is too low")
    return (_four_parameters(falling) if length >= 4 else None) or _two_parameters(mean, variance)


def _two_parameters(mean: float, variance: float) -> TrueScores:
    size = mean * (1 - mean) / variance - 1
    return TrueScores(mean * size, (1 - mean) * size)


def _four_parameters(raw: Floats) -> TrueScores | None:
    """Fit bounds and shape to four raw moments; nothing where they do not fit inside [0, 1]."""
    m1, m2, m3, m4 = raw
    variance = m2 - m1**2
    skew = (m3 - 3 * m1 * m2 + 2 * m1**3) / variance**1.5
    kurtosis = (m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4) / variance**2
    size = 6 * (kurtosis - skew**2 - 1) / (6 + 3 * skew**2 - 2 * kurtosis)
    if not size > 0:
        return None
    lean = -skew * (size + 2) / np.sqrt((skew * (size + 2)) ** 2 + 16 * (size + 1))
    alpha, beta = size / 2 * (1 + lean), size / 2 * (1 - lean)
    span = np.sqrt(variance * (size + 1) / (alpha * beta))
    lower, upper = m1 - alpha * span, m1 + beta * span
    return TrueScores(float(alpha), float(beta), float(lower), float(upper)) if 0 <= lower < upper <= 1 else None


def _nodes(true: TrueScores, low: float, high: float, count: int = 200) -> tuple[Floats, Floats]:
    """Return Gauss-Legendre nodes of the true scores in [low, high), and their probabilities."""
    law = stats.beta(true.alpha, true.beta, loc=true.lower, scale=true.upper - true.lower)
    first, last = law.cdf([low, high])
    roots, weights = special.roots_legendre(count)
    return law.ppf(first + (last - first) * (roots + 1) / 2), (last - first) * weights / 2


def _joint(true: TrueScores, edges: Floats, length: int) -> tuple[Floats, float]:
    """Return the joint probability of true and observed bands, and of two observations alike."""
    fewest = np.ceil(np.round(edges[1:-1] * length, 6))  # right answers that reach each cut
    joint, alike = [], 0.0
    for band in pairwise(edges):
        scores, weights = _nodes(true, *band)
        reached = stats.binom.sf(fewest - 1, length, scores[:, None])
        shares = -np.diff(reached, axis=1, prepend=1, append=0)
        joint.append(weights @ shares)
        alike += float(weights @ (shares**2).sum(axis=1))
    return np.array(joint), alike
