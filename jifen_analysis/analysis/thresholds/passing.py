"""How many pass where the line is drawn, and whether scores were pushed over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import MIN_N, Ints, Numbers, grouped, millionths, number, numbers, paired
from jifen_analysis.errors import UsageError

POINT = 1_000_000
"""Millionths in a point: scores are compared as whole millionths."""


def pass_curve(
    totals: Numbers, cuts: Numbers | None = None, group: Sequence[object] | pd.Series | None = None, min_n: int = MIN_N
) -> pd.DataFrame:
    """Count how many pass for every place of the cut.

    Parameters
    ----------
    totals : array_like of shape (members,)
        In points; missing ones are left out.
    cuts : array_like, optional
        Cut scores to try; default every distinct total, where alone the count changes.
    group : array_like of shape (members,), optional
        Count each group by itself (a sweep of the cut by group).
    min_n : int
        Shares of smaller groups are withheld.

    Returns
    -------
    DataFrame
        ``group`` (where given), ``cut`` (ascending), ``n_at_least`` (totals at
        or above it, compared at 6 decimals), ``share`` of the totals,
        ``withheld`` (where groups are given). ``attrs``: ``n``, ``left_out``.

    Raises
    ------
    UsageError
        Where there is no total, or group and totals differ in length.

    Examples
    --------
    >>> pass_curve([59.9, 60, 90], cuts=[60, 90])[["cut", "n_at_least"]].values.tolist()
    [[60.0, 2.0], [90.0, 1.0]]
    """
    found = numbers(totals)
    tried = np.unique(millionths(found if cuts is None else numbers(cuts, "分数线", "cut scores")))
    curve = _counts(found, tried) if group is None else _counts_by_group(totals, group, tried, min_n)
    curve.attrs = {"n": len(found), "left_out": len(totals) - len(found)}
    return curve


def _counts(totals: pd.Series, cuts: Ints) -> pd.DataFrame:
    scores = np.sort(millionths(totals))
    at_least = len(scores) - np.searchsorted(scores, cuts, side="left")
    return pd.DataFrame({"cut": cuts / POINT, "n_at_least": at_least, "share": at_least / len(scores)})


def _counts_by_group(totals: Numbers, group: Sequence[object] | pd.Series, cuts: Ints, min_n: int) -> pd.DataFrame:
    groups = grouped(paired(totals, group).dropna(subset="value"), "group")
    curves = {name: _counts(part["value"], cuts).assign(withheld=len(part) < min_n) for name, part in groups}
    curve = pd.concat(curves, names=["group"]).reset_index("group").reset_index(drop=True)
    curve["share"] = curve["share"].mask(curve["withheld"])
    return curve


@dataclass(frozen=True)
class Bunching:
    """Counts on both sides of a cut, and how unlikely so many just above are.

    Attributes
    ----------
    cut, width : float
        The line, and the width of the bins beside it, in points.
    below, above : int
        Totals in [cut - width, cut) and in [cut, cut + width).
    null_share : float
        The share just above to expect without pushing.
    null_from : str
        Where it comes from: ``multiples_of_10``, ``multiples_of_5`` or ``one_half``.
    p : float
        One-sided exact binomial probability of this many or more just above;
        missing where nobody is in either bin.
    density : DataFrame
        ``total`` in points and ``density`` in shares of members per point, for the chart.
    """

    cut: float
    width: float
    below: int
    above: int
    null_share: float
    null_from: str
    p: float
    density: pd.DataFrame


def bunching(totals: Numbers, cut: float, width: float = 1) -> Bunching:
    """Test whether scores were pushed over the line.

    The totals just above the cut are held against those just below. Round
    numbers attract marks without any line, so the share to expect comes from
    the other round numbers: where the cut is a multiple of 10, the pooled share
    just above at the other multiples of 10 between the 5th and the 95th
    percentile; of 5, where it is a multiple of 5 only. Otherwise, or where
    these have nobody on one side, it is one half.

    Parameters
    ----------
    totals : array_like
        In points; missing ones are left out.
    cut : float
        The line, in points.
    width : float
        Width of each bin, in points.

    Returns
    -------
    Bunching
        Counts, the share expected and where it comes from, p, a density curve.

    Raises
    ------
    UsageError
        Where there is no total, or the width is not positive.

    Notes
    -----
    A caliper test (Gerber & Malhotra 2008, QJPS 3, 313-326) with a null that
    allows for heaping, as in bunching at round numbers (Kleven 2016, Annual
    Review of Economics 8, 435-464).

    Examples
    --------
    >>> found = bunching([79.5, 80, 80.2, 89.5, 90, 90.1, 90.2, 90.4, 99.5, 100], cut=90)
    >>> found.below, found.above, found.null_from
    (1, 4, 'multiples_of_10')
    """
    found, cut, width = numbers(totals), number(cut, "分数线", "the cut"), number(width, "组距", "the width")
    if width <= 0:
        raise UsageError(f"组距须大于 0:{width}", f"the width must be positive: {width}")
    scores, line, reach = np.sort(millionths(found)), int(millionths(cut)), int(millionths(width))
    below, above = _beside(scores, line, reach)
    share, source = _null_share(scores, line, reach)
    p = stats.binomtest(above, below + above, share, alternative="greater").pvalue if below + above else np.nan
    return Bunching(cut, width, below, above, share, source, float(p), _density(found, cut, width))


def _beside(scores: Ints, line: int, reach: int) -> tuple[int, int]:
    left, middle, right = np.searchsorted(scores, [line - reach, line, line + reach])
    return int(middle - left), int(right - middle)


def _null_share(scores: Ints, line: int, reach: int) -> tuple[float, str]:
    step = next((step for step in (10, 5) if line % (step * POINT) == 0), None)
    if step is None:
        return 0.5, "one_half"
    low, high = np.quantile(scores, [0.05, 0.95])
    first, last = -int(-low // (step * POINT)), int(high // (step * POINT))
    rounds = [number * step * POINT for number in range(first, last + 1)]
    # A round number whose bins overlap those of the cut would bring the suspicion into the yardstick.
    sides = [_beside(scores, number, reach) for number in rounds if abs(number - line) >= 2 * reach]
    below, above = (sum(side) for side in zip(*sides, strict=True)) if sides else (0, 0)
    return (above / (below + above), f"multiples_of_{step}") if below and above else (0.5, "one_half")


def _density(totals: pd.Series, cut: float, width: float) -> pd.DataFrame:
    grid = np.linspace(cut - 15 * width, cut + 15 * width, 301)
    values, counts = np.unique(totals.round(2), return_counts=True)
    near = (values > grid[0] - 2 * width) & (values < grid[-1] + 2 * width)
    kernel = stats.norm.pdf(grid[:, None], values[near], width / 2)  # narrow enough to show a step at the line
    return pd.DataFrame({"total": grid, "density": kernel @ counts[near] / len(totals)})
