"""Which score of one year stands where a score of another year stood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import (
    MIN_N,
    Floats,
    Numbers,
    as_number,
    by_member,
    differ,
    floats,
    numbers,
    require,
)
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import Equivalents

Design = Literal["same", "equivalent"]
Pair = tuple[Floats, Floats]

_LEAST = 30
"""Members that a year must have: of fewer the intervals would hold too seldom what they are said to."""

_MOST = 100_000
"""Steps of a scale at most."""

DRAWS, SEED = 200, 20_240_101


def equivalents(
    before: pd.Series,
    after: pd.Series,
    scores: Numbers | None = None,
    design: Design = "same",
    step: float = 1.0,
) -> pd.DataFrame:
    """Say which total of the year before stands where a total of this year stands.

    Whether 90 points are still 90 points: as far as the members themselves stayed
    the same, which no mark tells. Where they have truly improved, that is what
    the difference is.

    Parameters
    ----------
    before, after : Series by member
        Totals in points; missing where there is none.
    scores : array_like, optional
        Totals of this year to look up; default every step from the lowest to
        the highest.
    design : {"same", "equivalent"}
        ``same``: the members with both totals, taken to be on the whole what
        they were. ``equivalent``: all members of either year, taken to be two
        groups that are equally good.
    step : float
        Width in points within which totals are taken as spread evenly
        (equipercentile), centred on its multiples.

    Returns
    -------
    DataFrame
        One row for each ``method`` (``mean``: the same distance from the mean,
        ``linear``: the same in standard deviations, ``equipercentile``: the same
        share below) and ``score``: ``equivalent`` (points of the year before),
        ``se`` (bootstrap of the members) and the 95 % interval ``low``, ``high``.
        Equipercentile is missing where fewer than five members lie above or
        below. ``attrs``: ``summaries.Equivalents``.

    Raises
    ------
    UsageError
        With fewer than 30 members (of ``same``: in both years), totals of a
        year that are all equal, or a step that is not positive.

    Notes
    -----
    Kolen & Brennan (2014), Test Equating, Scaling, and Linking, 3rd ed., chapter
    2: random groups and single group designs, unsmoothed; the bootstrap of
    chapter 7.

    Examples
    --------
    >>> before = pd.Series(np.arange(70.0, 100), index=[f"{n:02d}" for n in range(30)])
    >>> table = equivalents(before, before + 2, [90.0])
    >>> table["equivalent"].round(6).tolist()
    [88.0, 88.0, 88.0]
    """
    require(design, ("same", "equivalent"), "设计", "design")
    width = as_number(step, "步长", "the step")
    first, second = _years(before, after, design)
    if not width > 0:
        raise UsageError(f"步长须大于 0:{step}", f"the step must be positive: {step}")
    reach = max(np.ptp(first), np.ptp(second))
    if reach / width > _MOST:
        raise UsageError(
            f"步长过细:总分相差 {reach:g} 分,{step} 分一步超过 {_MOST} 步",
            f"the step is too fine: totals span {reach:g} points, more than {_MOST} steps of {step}",
        )
    looked_up = _scores(second, scores, width)
    draws = _resampled(first, second, design)
    tables = [_of_method(name, ask, (first, second), looked_up, draws, width) for name, ask in METHODS.items()]
    table = pd.concat(tables, ignore_index=True)
    means = float(first.mean()), float(second.mean())
    return Equivalents(design, len(first), len(second), *means, width).on(table)


def _years(before: pd.Series, after: pd.Series, design: Design) -> Pair:
    """Return the totals of both years, in the order of the members."""
    sides = ((before, "前一年", "before"), (after, "后一年", "after"))
    first, second = (floats(by_member(values, zh, en), zh, en).dropna() for values, zh, en in sides)
    if design == "same":
        both = pd.concat({"before": first, "after": second}, axis=1, join="inner")
        first, second = both["before"], both["after"]
    if min(len(first), len(second)) < _LEAST:
        who = ("两年都有总分的", "members with both totals") if design == "same" else ("各年", "members of each year")
        raise UsageError(
            f"{who[0]}至少要有 {_LEAST} 人,现有 {len(first)}、{len(second)}",
            f"{_LEAST} {who[1]} are needed, found {len(first)} and {len(second)}",
        )
    if not differ(first) or not differ(second):
        raise UsageError("有一年的总分全都一样,不能对照", "the totals of a year are all equal: nothing to equate")
    return first.to_numpy(), second.to_numpy()


def _scores(after: Floats, given: Numbers | None, step: float) -> Floats:
    if given is not None:
        return np.unique(numbers(given).to_numpy())
    ends = round(after.min() / step), round(after.max() / step)
    return np.arange(ends[0], ends[1] + 1) * step


def _resampled(first: Floats, second: Floats, design: Design) -> list[Pair]:
    """Return the years as they might have been: of the same members each member keeps both totals."""
    random = np.random.default_rng(SEED)
    drawn = []
    for _ in range(DRAWS):
        one = random.integers(0, len(first), len(first))
        other = one if design == "same" else random.integers(0, len(second), len(second))
        drawn.append((first[one], second[other]))
    return drawn


def _of_method(
    name: str,
    ask: Callable[[Floats, Floats, Floats, float], Floats],
    years: Pair,
    scores: Floats,
    draws: list[Pair],
    step: float,
) -> pd.DataFrame:
    found = ask(*years, scores, step)
    several = np.array([ask(*pair, scores, step) for pair in draws if differ(pair[1])])
    se = several.std(axis=0, ddof=1)
    reach = stats.norm.isf(0.025) * se
    table = pd.DataFrame({"method": name, "score": scores, "equivalent": found, "se": se})
    table = table.assign(low=found - reach, high=found + reach)
    if name == "equipercentile":
        share = _ranks(years[1], scores, step)
        few = np.minimum(share, 1 - share) * min(map(len, years)) < MIN_N - 1e-6
        table.loc[few, ["equivalent", "se", "low", "high"]] = np.nan
    return table


def _mean(before: Floats, after: Floats, scores: Floats, step: float) -> Floats:  # noqa: ARG001 # as the others
    return scores + (before.mean() - after.mean())


def _linear(before: Floats, after: Floats, scores: Floats, step: float) -> Floats:  # noqa: ARG001 # as the others
    return before.mean() + (scores - after.mean()) * (before.std() / after.std())


def _equipercentile(before: Floats, after: Floats, scores: Floats, step: float) -> Floats:
    """Return where as large a share of the year before lies below; in the middle where nobody is for a while."""
    edges, below = _distribution(before, step)
    share = _ranks(after, scores, step)
    low, high = (_reached(edges, below, share, side) for side in ("left", "right"))
    return (low + high) / 2


def _reached(edges: Floats, below: Floats, share: Floats, side: Literal["left", "right"]) -> Floats:
    """Return the first or the last score below which such a share lies."""
    place = np.clip(np.searchsorted(below, share, side), 1, len(edges) - 1)
    wide = below[place] - below[place - 1]
    part = np.divide(share - below[place - 1], wide, out=np.full(len(share), float(side == "left")), where=wide > 0)
    return edges[place - 1] + part * (edges[place] - edges[place - 1])


def _ranks(values: Floats, scores: Floats, step: float) -> Floats:
    """Return which share lies below each score."""
    edges, below = _distribution(values, step)
    return np.interp(scores, edges, below).round(12)


def _distribution(values: Floats, step: float) -> Pair:
    """Return the ends of the steps, and which share lies below each: totals are even within a step."""
    whole = np.rint(values / step).astype("int64")
    counts = np.bincount(whole - whole.min())
    edges = (whole.min() - 0.5 + np.arange(len(counts) + 1)) * step
    return edges, (np.concatenate([[0.0], np.cumsum(counts)]) / len(values)).round(12)


METHODS: dict[str, Callable[[Floats, Floats, Floats, float], Floats]] = {
    "mean": _mean,
    "linear": _linear,
    "equipercentile": _equipercentile,
}
