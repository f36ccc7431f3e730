"""Results of analyses that are more than one table: analyses return them, findings and charts read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from jifen_analysis.errors import Text


@dataclass(frozen=True)
class StandardSetting:
    """A cut score that was set by judgement, and how sure it is.

    Parameters
    ----------
    method : str
        The function that set it.
    cut, se : float
        The cut score and its standard error, in points.
    low, high : float
        Its 95 % interval.
    n : int
        Judges (``angoff``, ``hofstee``) or members (the others) whom it rests on.
    details : mapping of str to float
        What else the method found.
    points : DataFrame
        What it rests on, to be drawn: ``rating`` and ``score`` of the members that a
        line was fitted to; ``cut`` of each judge (``angoff``); ``score`` and
        ``below``, the share of members below each (``hofstee``).
    """

    method: str
    cut: float
    se: float
    low: float
    high: float
    n: int
    details: Mapping[str, float]
    points: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False, compare=False)


@dataclass(frozen=True)
class Bunching:
    """Counts on both sides of a cut, and how many more are just above than a smooth density puts there.

    Attributes
    ----------
    cut, width : float
        The line, and the width of the bins beside it, in points.
    below, above : int
        Totals in [cut - width, cut) and in [cut, cut + width).
    null_share, null_low, null_high : float
        The share of these just above to expect, with its 95 % interval.
    excess, excess_low, excess_high : float
        Members just above beyond that share, with the 95 % interval of what
        chance leaves open.
    p : float
        One-sided probability of this many or more just above.
    cannot_tell : Text or None
        Why share, excess and p are missing, where they are.
    assumed : Text
        What the share rests on.
    density : DataFrame
        ``total`` in points and ``density`` in shares of members per point, for the chart.
    counterfactual : DataFrame
        The same of the fitted density, a row a bin; empty where there is none.
    """

    cut: float
    width: float
    below: int
    above: int
    null_share: float
    null_low: float
    null_high: float
    excess: float
    excess_low: float
    excess_high: float
    p: float
    cannot_tell: Text | None
    assumed: Text
    density: pd.DataFrame
    counterfactual: pd.DataFrame


@dataclass(frozen=True)
class Classification:
    """How far grades by these cuts can be relied upon.

    Attributes
    ----------
    accuracy : float
        Expected share graded as their true score would be.
    consistency : float
        Expected share graded alike by two assessments.
    probabilities : DataFrame of shape (members, bands)
        Probability of each member's true score in each band ``[low, high)``.
    reliability : float
        What the standard errors imply for these totals: 1 less their mean square
        over the variance; missing where nothing is left of it.
    accuracy_regressed, consistency_regressed : float
        The same two with every true score drawn towards the mean as that
        reliability demands. The plain ones are too high where it is low: at .6
        and three bands .70 and .60, where .66 and .55 are right.
    """

    accuracy: float
    consistency: float
    probabilities: pd.DataFrame
    reliability: float
    accuracy_regressed: float
    consistency_regressed: float


@dataclass(frozen=True)
class TrueScores:
    """A beta distribution of proportional true scores on [lower, upper]."""

    alpha: float
    beta: float
    lower: float = 0.0
    upper: float = 1.0

    @property
    def parameters(self) -> int:
        """Four where the bounds were fitted too, else two."""
        return 2 if (self.lower, self.upper) == (0.0, 1.0) else 4


@dataclass(frozen=True)
class LivingstonLewis:
    """How far grades by these cuts can be relied upon, from a reliability coefficient.

    Attributes
    ----------
    accuracy, consistency : float
        As in :class:`Classification`, expected under the model.
    kappa : float
        Consistency beyond chance (Cohen); missing where all but a hair of the
        members can only be in one band.
    effective_length : int
        Number of right-or-wrong items that would be as reliable.
    true_scores : TrueScores
        The fitted distribution.
    table : DataFrame of shape (bands, bands)
        Joint probability of true (rows) and observed (columns) bands ``[low, high)``.
    """

    accuracy: float
    consistency: float
    kappa: float
    effective_length: int
    true_scores: TrueScores
    table: pd.DataFrame


@dataclass(frozen=True)
class Acceptability:
    """Shares of the drawn weightings under which each member stands where.

    Attributes
    ----------
    ranks : DataFrame of shape (members, ranks)
        Probability of each rank (competition ranks, 1 the highest). Every rank
        up to 2,048 members; of more members only the best ranks, so that the
        table stays under 40 MB, and rows then sum to less than 1.
    members : DataFrame, indexed by member
        ``mean_rank``, ``best_rank``, ``worst_rank`` over all draws.
    in_top : Series or None
        Probability of one of the ``top`` places; a tie over the boundary gets
        none, as under a quota.
    grades : DataFrame of shape (members, grades) or None
        Probability of each band of the total.
    assumptions : mapping
        ``n``, ``seed``, ``alpha`` of the Dirichlet distribution by component,
        ``top``, ``left_out`` (members with a missing component).
    """

    ranks: pd.DataFrame
    members: pd.DataFrame
    in_top: pd.Series | None
    grades: pd.DataFrame | None
    assumptions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Moves:
    """Who stands differently under another scheme.

    Attributes
    ----------
    members : DataFrame
        One row per member and period (or year, see ``grain``) of both:
        ``member_id``, ``period``, ``name``, ``branch`` (in a year the last one;
        missing where a result has none), ``total_a``, ``total_b``,
        ``difference`` (points, b - a), ``grade_a``, ``grade_b``,
        ``grade_changed``, ``rank_a``, ``rank_b`` (among those ranked by both, ties
        share the best),
        ``rank_change`` (positive: better under b); those whose grade changed
        first, then by the size of the rank change.
    transitions : DataFrame
        Counts by grade under a (rows) and under b (columns); every grade stays,
        ``<NA>`` counts those without a grade.
    grain : str
        ``period`` where both score the same periods, else ``year``.
    """

    members: pd.DataFrame
    transitions: pd.DataFrame
    grain: str


@dataclass(frozen=True)
class Transitions:
    """Who moved between grades.

    Attributes
    ----------
    counts : DataFrame of shape (grades, grades)
        Members by the grade before (rows) and after (columns); every grade stays.
    probabilities : DataFrame of shape (grades, grades)
        Counts divided by their row's sum; a grade that nobody held before has zeros.
    low, high : DataFrame of shape (grades, grades)
        95 % Wilson intervals of the probabilities; missing for a grade that
        nobody held before.
    joined, left : Series by grade
        Members listed only after, and only before, by their grade.
    ungraded : int
        The others: members with a list or two but a grade missing.
    """

    counts: pd.DataFrame
    probabilities: pd.DataFrame
    joined: pd.Series
    left: pd.Series
    ungraded: int
    low: pd.DataFrame
    high: pd.DataFrame
