"""Whether more members stand just above a line than a smooth distribution would put there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats

from jifen_analysis.analysis.inputs import MIN_N, Floats, Numbers, as_number, millionths, numbers
from jifen_analysis.analysis.inputs.multiple import LEVEL
from jifen_analysis.analysis.thresholds.counterfactual import POINT, Counterfactual, counterfactual, unknowable, window
from jifen_analysis.errors import NOTHING, Text, UsageError
from jifen_analysis.summaries import Bunching


def bunching(totals: Numbers, cut: float, width: float = 1) -> Bunching:
    """Ask whether more members stand just above the line than a smooth distribution would put there.

    A smooth density is fitted to the totals about the line without the two bins
    beside it; round numbers, which attract marks without any line, have terms of
    their own. It says which share of the members in the two bins is to be
    expected in the upper one. How uncertain that share is goes into p.

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
        Counts, the share expected, the excess and p, or why they cannot be told;
        curves for the chart.

    Raises
    ------
    UsageError
        Where there is no total, or the width is not positive.

    Notes
    -----
    Counterfactual density and excess mass: Chetty, Friedman, Olsen & Pistaferri
    (2011), QJE 126, 749-804; round numbers: Kleven (2016), Annual Review of
    Economics 8, 435-464. Poisson regression on 12 bins to each side, log-polynomial
    of order 2 to 4 by Akaike's criterion; where the fit is rough, the variance is
    inflated by the Pearson statistic. Given the members in both bins the upper
    count is binomial, its log-odds normal about the fitted one: p is the tail of that
    mixture. An excess tells of no cause: a rounding rule, a cap, a floor or a quota
    make one too.

    Examples
    --------
    >>> marks = np.random.default_rng(1).normal(88, 4, 600).round(2)
    >>> found = bunching(marks, cut=90)
    >>> found.below, found.above, round(found.null_share, 2), found.p > 0.05
    (54, 53, 0.46, True)
    >>> bunching([89.5, 90, 90.1], cut=90).cannot_tell is None
    False
    """
    found, cut, width = numbers(totals), as_number(cut, "分数线", "the cut"), as_number(width, "组距", "the width")
    if millionths(width) <= 0:
        raise UsageError(f"组距须大于 0:{width}", f"the width must be positive: {width}")
    scores, line, reach = np.sort(millionths(found)), int(millionths(cut)), int(millionths(width))
    left, middle, right = (int(place) for place in np.searchsorted(scores, [line - reach, line, line + reach]))
    about = window(scores, line, reach)
    fitted = unknowable(about) or counterfactual(about)
    held = _Held(cut, width, middle - left, right - middle, len(scores), _density(found, cut, width))
    return held.untold(fitted) if isinstance(fitted, Text) else held.against(fitted)


@dataclass(frozen=True)
class _Held:
    """What is counted before anything is expected."""

    cut: float
    width: float
    below: int
    above: int
    n: int
    density: pd.DataFrame

    def untold(self, why: Text) -> Bunching:
        nothing = pd.DataFrame({"total": [], "density": []}, dtype="float64")
        return self._with((np.nan,) * 7, why, NOTHING, nothing)

    def against(self, fitted: Counterfactual) -> Bunching:
        law = _Mixture(self.below + self.above, fitted.log_odds, fitted.variance)
        smooth = pd.DataFrame(
            {
                "total": (fitted.about.left + fitted.about.width / 2) / POINT,
                "density": fitted.expected / (self.n * self.width),
            }
        )
        if law.n < MIN_N or law.p(law.n) >= LEVEL:
            few = Text(
                f"{self.cut:g} 分线两侧 {self.width:g} 分内共 {law.n} 人,太少,怎样分布都不算稀奇",
                f"{law.n} members within {self.width:g} points of {self.cut:g}: too few for any split to be unusual",
            )
            return self._with((np.nan,) * 7, few, _assumed(fitted), smooth)
        share, low, high = law.share()
        excess = self.above - law.n * share
        most, least = (self.above - law.quantile(tail) for tail in (0.025, 0.975))
        return self._with((share, low, high, excess, least, most, law.p(self.above)), None, _assumed(fitted), smooth)

    def _with(self, figures: tuple[float, ...], why: Text | None, assumed: Text, smooth: pd.DataFrame) -> Bunching:
        share, low, high, excess, least, most, p = map(float, figures)
        counts = (self.cut, self.width, self.below, self.above)
        return Bunching(*counts, share, low, high, excess, least, most, p, why, assumed, self.density, smooth)


@dataclass(frozen=True)
class _Mixture:
    """A binomial count whose log-odds is normal, by Gauss-Hermite quadrature."""

    n: int
    log_odds: float
    variance: float

    def _nodes(self) -> tuple[Floats, Floats]:
        nodes, weights = special.roots_hermitenorm(24)
        return special.expit(self.log_odds + np.sqrt(self.variance) * nodes), weights / weights.sum()

    def share(self) -> tuple[float, float, float]:
        """Return the mean share, and the ends of its 95 % interval."""
        shares, weights = self._nodes()
        reach = stats.norm.isf(0.025) * np.sqrt(self.variance)
        low, high = special.expit([self.log_odds - reach, self.log_odds + reach])
        return float(weights @ shares), float(low), float(high)

    def masses(self) -> Floats:
        """Return the probability of each count from 0 to n."""
        shares, weights = self._nodes()
        found: Floats = weights @ stats.binom.pmf(np.arange(self.n + 1), self.n, shares[:, None])
        return found

    def p(self, count: int) -> float:
        """Return the probability of a count or more."""
        return float(self.masses()[count:].sum())

    def quantile(self, tail: float) -> int:
        """Return the least count whose cumulative probability reaches a level."""
        return int(np.searchsorted(np.cumsum(self.masses()), tail))


def _assumed(fitted: Counterfactual) -> Text:
    round_zh = "、".join(f"{term.step} 的倍数" + "之下" * term.below for term in fitted.terms)
    round_en = " and ".join("just below " * term.below + f"multiples of {term.step}" for term in fitted.terms)
    zh = f"对数密度为 {fitted.order} 次多项式" + (f",{round_zh}另计" if round_zh else "")
    en = f"log-density of order {fitted.order}" + (f", {round_en} apart" if round_en else "")
    rough = fitted.dispersion > 1
    return Text(
        zh + f",离散度 {fitted.dispersion:.1f} 已计入" * rough,
        en + f", dispersion {fitted.dispersion:.1f} allowed for" * rough,
    )


def _density(totals: pd.Series, cut: float, width: float) -> pd.DataFrame:
    grid = np.linspace(cut - 15 * width, cut + 15 * width, 301)
    values, counts = np.unique(totals.round(2), return_counts=True)
    near = (values > grid[0] - 2 * width) & (values < grid[-1] + 2 * width)
    kernel = stats.norm.pdf(grid[:, None], values[near], width / 2)  # narrow enough to show a step at the line
    return pd.DataFrame({"total": grid, "density": kernel @ counts[near] / len(totals)})
