"""What is said of cut scores and what they select."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from jifen_analysis.summaries.summary import UNKNOWN, Summary, Withheld


@dataclass(frozen=True)
class PassCurve(Summary):
    """Of ``thresholds.pass_curve``: how many totals; ``everywhere`` where each is a cut, so that any score is known."""

    n: int | None = None
    left_out: int = 0
    everywhere: bool = False


@dataclass(frozen=True)
class Readings(Summary):
    """Of ``thresholds.readings``: grades moved by each reading, 0 included, in the order of the scheme."""

    summary: Mapping[str, int]


@dataclass(frozen=True)
class SelectionRates(Withheld):
    """Of ``thresholds.selection_rates``.

    The ``reference`` group, the ``rate`` pooled over the groups shown (or the
    reference's), ``false_alarms`` (groups expected with p below .05 though all
    are equal).
    """

    reference: Hashable | None = None
    rate: float = UNKNOWN
    false_alarms: float = UNKNOWN
    left_out: int = 0


@dataclass(frozen=True)
class Moves(Summary):
    """Of ``standard_setting.moves``: the grade, its cut score today and the other one, in points."""

    grade: str
    today: float
    cut: float
