"""What is said of evaluators and what they marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jifen_analysis.summaries.summary import UNKNOWN, Summary, Withheld


@dataclass(frozen=True)
class Leniency(Summary):
    """Of ``evaluators.leniency``.

    The ``mean`` of all; ``between`` and ``within`` (variance of the branches'
    means, weighted by n, and inside branches), ``eta2`` (their share, which is
    large by chance alone where branches are small), ``omega2`` (the same of the
    members' marks without that chance) with its 95 % interval, ``slope`` (points
    by a point of the anchor), and what was asked.
    """

    mean: float
    component: str
    min_n: int | None = None
    between: float = UNKNOWN
    within: float = UNKNOWN
    eta2: float = UNKNOWN
    omega2: float = UNKNOWN
    omega2_low: float = UNKNOWN
    omega2_high: float = UNKNOWN
    slope: float = UNKNOWN
    anchor: str | None = None
    maximum: float = UNKNOWN


@dataclass(frozen=True)
class GStudy(Summary):
    """Of ``evaluators.g_study``.

    ``phi`` (dependability of the mean mark as it stands) and ``e_rho2`` (of the
    order of persons) with 95 % intervals, missing where nothing varies; how many
    ``persons``, ``evaluators``, ``periods`` and ``branches``, ``size`` (mean
    persons of a branch), ``negative`` (components whose estimate was).
    """

    phi: float
    persons: int
    e_rho2: float = UNKNOWN
    evaluators: int = 1
    periods: int = 1
    branches: int = 1
    phi_low: float = UNKNOWN
    phi_high: float = UNKNOWN
    e_rho2_low: float = UNKNOWN
    e_rho2_high: float = UNKNOWN
    size: float = UNKNOWN
    left_out: int = 0
    negative: Sequence[str] = ()


@dataclass(frozen=True)
class DStudy(Summary):
    """Of ``generalizability.d_study``.

    ``needed`` (the fewest evaluators whose ``phi`` reaches the ``target``, by
    number of periods; missing where none does), the median ``distance``, and
    what the study counted.
    """

    persons: int
    evaluators: int
    needed: Mapping[int, int | None]
    target: float
    branches: int = 1
    periods: int = 1
    distance: float = UNKNOWN


@dataclass(frozen=True)
class PartialMarks(Summary):
    """Of ``evaluators.partial``: the members and periods with any mark."""

    evaluated: int


@dataclass(frozen=True)
class SelfGap(Withheld):
    """Of ``evaluators.self_gap``: declarations without a score."""

    unmatched: int = 0


@dataclass(frozen=True)
class Concordance(Summary):
    """Of ``raters.concordance``: persons, raters, persons marked by all of them."""

    persons: int
    raters: int
    whole: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class RepeatedRows(Withheld):
    """Of ``raters.repeated_rows``: columns of marks, tests, and those below .05 by chance alone."""

    tests: int = 0
    false_alarms: float = 0.0
    columns: int = 0
    left_out: int = 0
