"""The density that totals would have around a cut if nobody were pushed over it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from jifen_analysis.analysis.inputs import Bools, Floats, Ints
from jifen_analysis.analysis.inputs.density import ORDERS, LogLinear, grain, log_linear, multiples, powers
from jifen_analysis.errors import Text

POINT = 1_000_000
"""Millionths in a point: scores are compared as whole millionths."""

_REACH = 12
"""Bins to each side of the cut that the density is fitted to."""

ATTRACTED = 6.0
"""Fall of the deviance at which they do."""

_ROUGH = 0.05
"""Below this probability of the Pearson statistic counts are taken to vary more than by chance."""

LEAST, BESIDE, BINS = 30, 5, 8
"""Members who are needed in the bins away from the cut, and on either side of it; bins that are."""


@dataclass(frozen=True)
class Window:
    """Bins about a cut: ``place`` -1 is the one just below it, 0 the one just above.

    ``points`` says on how many possible scores a bin has room for, where scores
    come in steps; else it is 1 everywhere. Cut and width are in millionths.
    """

    place: Ints
    count: Ints
    points: Ints
    cut: int
    width: int

    @property
    def left(self) -> Ints:
        """Where the bins begin, in millionths."""
        found: Ints = self.cut + self.place * self.width
        return found

    @property
    def away(self) -> Bools:
        """The bins that nobody would be pushed from or into."""
        found: Bools = (self.place != -1) & (self.place != 0)
        return found

    def only(self, chosen: Bools) -> Window:
        """Return the window of some of its bins."""
        return replace(self, place=self.place[chosen], count=self.count[chosen], points=self.points[chosen])


class Term(NamedTuple):
    """Bins that hold a multiple of so many points, or that end where such a bin begins."""

    step: int
    below: bool = False

    def held(self, about: Window) -> Bools:
        """Say which bins of a window are meant."""
        return multiples(about.left + self.below * about.width, about.width, self.step * POINT)


FIVES = Term(5)
OTHERS = (Term(10), Term(10, below=True), Term(5, below=True), Term(2), Term(1))
"""What may attract or lose marks besides the multiples of five, if the data say so."""


def window(scores: Ints, cut: int, width: int) -> Window:
    """Count scores in bins about a cut; the bins of the lowest and the highest score, half empty, are left out.

    Parameters
    ----------
    scores : ndarray of int
        In millionths, ascending.
    cut, width : int
        In millionths.
    """
    bins = (scores - cut) // width
    low, high = max(int(bins[0]) + 1, -_REACH), min(int(bins[-1]) - 1, _REACH - 1)
    place = np.arange(low, max(high, low - 1) + 1)
    inside = bins[(bins >= low) & (bins <= high)]
    count = np.bincount(inside - low, minlength=len(place))
    step = grain(scores)
    edges = cut + np.append(place, high + 1) * width
    points = np.diff(-(-(edges - scores[0]) // step)) if step * 50 > width and len(place) else np.ones_like(place)
    return Window(place, count, points, cut, width)


def unknowable(about: Window) -> Text | None:
    """Say why nothing can be said about a cut, where that is so before anything is fitted."""
    below, above = about.count[about.place < -1].sum(), about.count[about.place > 0].sum()
    step, cut = about.width / POINT, about.cut / POINT
    if min(below, above) < BESIDE or below + above < LEAST:
        return Text(
            f"{cut:g} 分线两侧稍远处人太少(线下 {below} 人,线上 {above} 人),线在分数范围的边上或已封顶,"
            "看不出平常应有多少",
            f"too few members farther from the cut of {cut:g} ({below} below, {above} above): it lies at the edge "
            "of the totals, or at a ceiling",
        )
    if (about.points[~about.away] == 0).any():
        return Text(
            f"分数的最小间隔大于组距 {step:g} 分,线两侧不能相比", f"totals come in steps wider than {step:g} points"
        )
    if (about.points[about.away] > 0).sum() < BINS:
        return Text(
            f"线两侧可用的分数段({step:g} 分一段)不足 {BINS} 段,组距太宽或分数太集中",
            f"fewer than {BINS} bins of {step:g} points away from the cut: they are too wide, or totals too close",
        )
    return None


@dataclass(frozen=True)
class Counterfactual:
    """A smooth density about a cut, fitted without the two bins beside it.

    Attributes
    ----------
    about : Window
        The bins.
    expected : ndarray
        Members to expect in each bin.
    log_odds, variance : float
        Of being just above rather than just below, and how uncertain it is.
    order : int
        Of the polynomial.
    terms : tuple of Term
        Round numbers that attract marks in the model, and bins below them that lose some.
    dispersion : float
        Variance of counts over that of chance, at least 1.
    """

    about: Window
    expected: Floats
    log_odds: float
    variance: float
    order: int
    terms: tuple[Term, ...]
    dispersion: float


def counterfactual(about: Window) -> Counterfactual | Text:
    """Fit the density of the bins away from the cut, or say why it cannot be known at the cut.

    The logarithm of the density is a polynomial; its order, and whether bins that
    hold a multiple of five have a term of their own, Akaike's criterion chooses.
    Multiples of ten, of two, of one and the bins below get one where the data insist.
    """
    about = about.only(about.points > 0)
    order, terms, model = _smoothest(about)
    ten = Term(10).held(about)
    if ten[~about.away].sum() == 1 and terms and not _seen(about, model, ten) and _attracts(model):
        return Text(
            "整五的分数明显偏多,而别的整十分数附近人太少,看不出整十的线平常应有多少",
            "multiples of five attract marks, and too few marks lie at other multiples of ten to say how much those do",
        )
    terms, model = _more_terms(about, model, order, terms)
    offset = _catchment(about, model, order, terms)
    return _told(about, _fit(about, order, terms, offset), order, terms, offset)


def _seen(about: Window, model: LogLinear, held: Bools) -> bool:
    """Say whether bins away from the cut, enough of them, hold a round number, and others none."""
    far = held[about.away]
    return _differ(far) and bool(model.expected[far].sum() >= BESIDE)


def _more_terms(
    about: Window, model: LogLinear, order: int, terms: tuple[Term, ...]
) -> tuple[tuple[Term, ...], LogLinear]:
    nothing = np.zeros(len(about.place))
    for term in OTHERS:
        if model.freedom > 1 and _seen(about, model, term.held(about)):
            more = _fit(about, order, (*terms, term), nothing)
            if more.deviance < model.deviance - ATTRACTED:
                terms, model = (*terms, term), more
    return terms, model


def _differ(held: Bools) -> bool:
    return bool(held.any() and not held.all())


def _design(about: Window, order: int, terms: tuple[Term, ...]) -> Floats:
    held = [term.held(about).astype("float64") for term in terms]
    return np.column_stack([powers(about.place + 0.5, _REACH, order), *held])


def _fit(about: Window, order: int, terms: tuple[Term, ...], offset: Floats) -> LogLinear:
    far = about.away
    room = np.log(about.points) + offset
    return log_linear(about.count[far], _design(about, order, terms)[far], room[far])


def _smoothest(about: Window) -> tuple[int, tuple[Term, ...], LogLinear]:
    nothing = np.zeros(len(about.place))
    choices: list[tuple[Term, ...]] = [(), (FIVES,)] if _differ(FIVES.held(about)[about.away]) else [()]
    fits = {(order, terms): _fit(about, order, terms, nothing) for order in ORDERS for terms in choices}
    best = min(fits, key=lambda one: fits[one].aic)
    return *best, fits[best]


def _attracts(model: LogLinear) -> bool:
    return float(model.coefficients[-1]) > 2 * float(np.sqrt(model.covariance[-1, -1]))


def _catchment(about: Window, model: LogLinear, order: int, terms: tuple[Term, ...]) -> Floats:
    """Return what rounding brings to each round bin beyond what it brings to such bins on average.

    Marks rounded to a multiple come from half a step to each side of it: where
    the density is steep or curved, that is another multiple of the bin's own.
    """
    offset = np.zeros(len(about.place))
    low, high = about.place[0] * about.width, (about.place[-1] + 1) * about.width

    def density(distance: npt.NDArray[Any]) -> Floats:  # of a place in millionths from the cut
        place = distance / about.width
        inside = (distance >= low) & (distance <= high)
        smooth = np.exp(np.clip(powers(place, _REACH, order) @ model.coefficients[: order + 1], -30, 30))
        return np.where(inside, smooth, 0.0)

    for term, attraction in zip(terms, model.coefficients[order + 1 :], strict=True):
        if term.below:
            continue
        step, held = term.step * POINT, np.flatnonzero(term.held(about))
        line = -(-about.left[held] // step) * step - about.cut
        around, across = np.linspace(-step / 2, step / 2, 41), (np.arange(8) + 0.5) / 8 * about.width
        caught = np.array([density(one + around).mean() for one in line]) * step
        own = np.array([density(one + across).mean() for one in about.left[held] - about.cut]) * about.width
        ratio, far = caught / own, about.away[held]
        mean = np.average(ratio[far], weights=own[far])
        drawn = max(np.exp(min(attraction, 5.0)) - 1, 0.0) / mean
        offset[held] += np.log1p(drawn * ratio) - np.log1p(drawn * mean)
    return offset


def _told(about: Window, model: LogLinear, order: int, terms: tuple[Term, ...], offset: Floats) -> Counterfactual:
    design = _design(about, order, terms)
    log_mean = model.log_mean(design, np.log(about.points) + offset)
    expected = np.exp(log_mean)
    below, above = np.flatnonzero(about.place == -1)[0], np.flatnonzero(about.place == 0)[0]
    contrast = design[above] - design[below]
    rough = stats.chi2.sf(model.pearson, model.freedom) < _ROUGH if model.freedom > 0 else False
    dispersion = max(1.0, model.pearson / model.freedom) if rough else 1.0
    # Counts that vary more than by chance do so beside the cut too.
    own = (dispersion - 1) * (1 / expected[below] + 1 / expected[above])
    variance = dispersion * float(contrast @ model.covariance @ contrast) + own
    log_odds = float(log_mean[above] - log_mean[below])
    return Counterfactual(about, expected, log_odds, float(variance), order, terms, float(dispersion))
