"""What is said of distributions, consistency and items."""

from __future__ import annotations

from dataclasses import dataclass

from jifen_analysis.summaries.summary import UNKNOWN, Summary, Withheld


@dataclass(frozen=True)
class Shape(Withheld):
    """Of ``distribution.summary``: the full mark, in points."""

    maximum: float = UNKNOWN


@dataclass(frozen=True)
class Heaping(Summary):
    """Of ``distribution.heaping``.

    ``chi2`` of the score test on ``freedom`` degrees and ``p``, missing
    where the marks hold too few whole points or no multiple of five; ``n``,
    ``outside`` (marks far out that are left out), and ``small``: whether fewer
    than 50 marks make p doubtful; ``among`` how many groups p is adjusted for.
    """

    p: float = UNKNOWN
    n: int = 0
    small: bool = False
    chi2: float = UNKNOWN
    freedom: int = 0
    outside: int = 0
    among: int = 1


@dataclass(frozen=True)
class Reliability(Summary):
    """Of ``distribution.reliability``: Cronbach's alpha (missing where all sums are equal) with its 95 % interval."""

    alpha: float
    n: int
    alpha_low: float = UNKNOWN
    alpha_high: float = UNKNOWN
    left_out: int = 0


@dataclass(frozen=True)
class ItemAnalysis(Summary):
    """Of ``items.item_analysis``: alpha, and omega of three items or more, of the ``varying`` items; 95 % intervals."""

    alpha: float = UNKNOWN
    alpha_low: float = UNKNOWN
    alpha_high: float = UNKNOWN
    omega: float = UNKNOWN
    omega_low: float = UNKNOWN
    omega_high: float = UNKNOWN
    varying: int = 0
    n: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class Functioning(Withheld):
    """Of ``items.differential_functioning``: tests, those below .05 by chance alone, and the members compared."""

    tests: int = 0
    false_alarms: float = 0.0
    matched: int = 0
    left_out: int = 0
