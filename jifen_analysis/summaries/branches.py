"""What is said of branches, ranks and gaps."""

from __future__ import annotations

from dataclasses import dataclass

from jifen_analysis.summaries.summary import UNKNOWN, Summary


@dataclass(frozen=True)
class Funnel(Summary):
    """Of ``branches.funnel``.

    ``target`` (a share), ``phi`` (mean square z, a tenth winsorised at each
    end), ``tau2`` (variance between units beyond chance, on the arcsine scale),
    the ``levels`` by the names of their columns, ``false_alarms`` (units
    expected outside the narrowest limits though all are equal).
    """

    target: float
    phi: float = UNKNOWN
    tau2: float = UNKNOWN
    levels: tuple[str, ...] = ()
    false_alarms: float = UNKNOWN


@dataclass(frozen=True)
class ShrunkenMeans(Summary):
    """Of ``branches.shrunken_means``: the ``mean`` of the branches, by generalised least squares, and the variances."""

    mean: float
    icc: float = UNKNOWN
    var_between: float = UNKNOWN
    var_within: float = UNKNOWN
    left_out: int = 0


@dataclass(frozen=True)
class RankIntervals(Summary):
    """Of ``ranks.intervals``.

    The ``level`` at which all hold at once, ``critical`` (the difference, in its
    standard errors, from which two are told apart), ``told_apart`` (share of the
    pairs that are).
    """

    level: float
    told_apart: float
    critical: float = UNKNOWN
    left_out: int = 0


@dataclass(frozen=True)
class SmallestGap(Summary):
    """Of ``power.smallest_gap``: the spread inside units (points), the power asked for and the level of the test."""

    sd: float
    power: float
    level: float
    left_out: int = 0
