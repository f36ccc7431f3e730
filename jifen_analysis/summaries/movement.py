"""What is said of one year beside another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jifen_analysis.summaries.summary import UNKNOWN, Summary


@dataclass(frozen=True)
class PairedChange(Summary):
    """Of ``movement.paired_change``, of all members.

    ``change`` in points with ``se``, ``df`` and its 95 % interval (missing with
    one branch), ``effective`` (how many branches of one size would be as sure),
    and how many lack a total ``before`` or after, or a branch.
    """

    change: float
    n: int
    branches: int
    effective: float
    se: float = UNKNOWN
    df: float = UNKNOWN
    low: float = UNKNOWN
    high: float = UNKNOWN
    only_before: int = 0
    only_after: int = 0
    no_branch: int = 0
    min_n: int | None = None


@dataclass(frozen=True)
class Mobility(Summary):
    """Of ``movement.mobility``: the grades counted and their shares; of counts, 95 % intervals by measure."""

    grades: Sequence[str] = ()
    initial: Sequence[float] = ()
    n: int = 0
    low: Mapping[str, float] = field(default_factory=dict)
    high: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Paired(Summary):
    """Of two lists of totals: how many members have both, and how many one alone."""

    n: int = 0
    only_before: int = 0
    only_after: int = 0


@dataclass(frozen=True)
class RankChange(Paired):
    """Of ``movement.ranks``: Kendall's tau-b with its two-sided p."""

    tau_b: float = UNKNOWN
    p: float = UNKNOWN


@dataclass(frozen=True)
class RegressionToMean(Paired):
    """Of ``movement.regression_to_mean``: correlation, slope, mean totals, and the reliability that is assumed."""

    r: float = UNKNOWN
    slope: float = UNKNOWN
    mean_before: float = UNKNOWN
    mean_after: float = UNKNOWN
    reliability: float = UNKNOWN
    reliability_low: float = UNKNOWN
    reliability_high: float = UNKNOWN


@dataclass(frozen=True)
class Equivalents(Summary):
    """Of ``equating.equivalents``: the design, members and mean totals of both years, the ``step`` of the totals."""

    design: str
    n_before: int
    n_after: int
    mean_before: float = UNKNOWN
    mean_after: float = UNKNOWN
    step: float = UNKNOWN
