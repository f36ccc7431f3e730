"""What each analysis says of its whole table: a class for each that says anything."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from jifen_analysis.summaries.summary import UNKNOWN, CompleteCases, Summary, Withheld

# ---------------------------------------------------------------- distributions and items


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


# ---------------------------------------------------------------- branches, ranks and gaps


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


# ---------------------------------------------------------------- cut scores


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
class CutMoves(Summary):
    """Of ``standard_setting.moves``: the grade, its cut score today and the other one, in points."""

    grade: str
    today: float
    cut: float


# ---------------------------------------------------------------- movement


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
class Attribution(Paired):
    """Of ``movement.attribution``: both years, which step is taken first, members whose change was not split."""

    years: tuple[int, int] = (0, 0)
    order: str = "mean of behaviour first and rule first"
    unsplit: int = 0


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


# ---------------------------------------------------------------- weights and choices


@dataclass(frozen=True)
class Agreement(CompleteCases):
    """Of ``comparison.agreement``: how many different members that are."""

    members: int = 0


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


# ---------------------------------------------------------------- those who evaluate


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
