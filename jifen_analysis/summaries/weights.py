"""What is said of schemes and weights beside others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from jifen_analysis.summaries.summary import UNKNOWN, Summary


@dataclass(frozen=True)
class Why(Summary):
    """Of ``comparison.why``: whose difference in which period, totals, ``gap`` (b - a) and grades of both."""

    gap: float
    member_id: str = ""
    period: str = ""
    total_a: float = UNKNOWN
    total_b: float = UNKNOWN
    grade_a: str | None = None
    grade_b: str | None = None
    from_full_marks: bool = False


@dataclass(frozen=True)
class Sweep(Summary):
    """Of ``weights.sweep``.

    The ``component``, those ``against`` which it is weighed, its weight as it
    is, ``of`` what that is (weight or share), and rows ``ungraded`` by weight.
    """

    component: str
    current: float
    against: Sequence[str] = ()
    of: str = "weight"
    ungraded: Mapping[float, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Influence(Summary):
    """Of ``weights.influence``: how many members (and periods), and how many lack a component."""

    n: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class Replaced(Summary):
    """Of ``weights.swap_shares``: of each component its shares of the full marks before and after."""

    shares: Mapping[str, tuple[Fraction, Fraction]]


@dataclass(frozen=True)
class Indices(Summary):
    """Of ``sensitivity.indices``: points, seed, evaluations, outputs, and those that never move."""

    n: int = 0
    seed: int = 0
    evaluations: int = 0
    outputs: int = 0
    still: int = 0


@dataclass(frozen=True)
class Choices(Summary):
    """Of ``sensitivity.choices``.

    ``members``, those ``still`` (whose grade no draw moves) and those ``missing``
    a group of evaluators; how far ``shares`` (of 1) and ``cuts`` (points) vary,
    and which ``readings``; points, seed and evaluations.
    """

    members: int
    still: int
    shares: float
    cuts: float
    readings: Sequence[str]
    period: str = ""
    missing: int = 0
    n: int = 0
    seed: int = 0
    evaluations: int = 0
