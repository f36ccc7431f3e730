"""What there is to say of one number: the parts of an explanation, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jifen_analysis.errors import Text
from jifen_analysis.scoring.explain.decisions import BandReached, Rank, Seats, StandingDecision
from jifen_analysis.scoring.explain.evidence import Evidence
from jifen_analysis.scoring.explain.lines import ExplainedLine
from jifen_analysis.scoring.record_index import NOTHING

NO_BAND = BandReached("")
State = Literal["scored", "exempt", "not_assessed", "outside", "not_on_roster"]


@dataclass(frozen=True)
class Person:
    """Who is explained, as in force in the period."""

    member_id: str
    name: str = ""
    branch: str = ""
    unit: str = ""
    stage: Text = NOTHING
    category: str = ""


@dataclass(frozen=True)
class ChangeInForce:
    """A dated change of the scheme that is in force in the period."""

    path: str
    since: str
    before: str
    now: str
    clause: str = ""


@dataclass(frozen=True)
class Basis:
    """What was scored by.

    Parameters
    ----------
    id, title : str
        The scheme.
    readings : tuple of Text
        What was applied to it: readings, weights, cut scores.
    changes : tuple of ChangeInForce
        Dated changes in force.
    as_of : str
        The last day seen, where the result is provisional.
    """

    id: str
    title: str
    readings: tuple[Text, ...] = ()
    changes: tuple[ChangeInForce, ...] = ()
    as_of: str = ""


@dataclass(frozen=True)
class ComponentScore:
    """A component's score and weight; no score where something is missing."""

    id: str
    title: Text
    score: float | None
    weight: float

    @property
    def contribution(self) -> float | None:
        """What it adds to the total."""
        return None if self.score is None else self.score * self.weight


@dataclass(frozen=True)
class ReviewDecision:
    """What decisions after objections changed.

    Parameters
    ----------
    total : float or None
        What the scheme gave before any of them.
    grade : str
        Likewise; empty where there is none.
    touched : bool
        Whether any of them is about this period, or year.
    decisions : tuple of Evidence
        Those that set the grade; those about points stand among the lines.
    """

    total: float | None
    grade: str
    touched: bool
    decisions: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Year:
    """The year that a shorter period belongs to.

    Parameters
    ----------
    year : int
        Which.
    made : {"sum", "mean"}
        How its total is made.
    totals : tuple of (str, float or None)
        Its scored periods in which the member is assessed.
    total : float or None
        Missing where one of them is.
    grade : str
        Empty where the scheme grades no years.
    forced, outcomes : tuple of StandingDecision
        What stands in the year.
    review : ReviewDecision, optional
        What decisions after objections changed.
    """

    year: int
    made: str
    totals: tuple[tuple[str, float | None], ...]
    total: float | None
    grade: str = ""
    forced: tuple[StandingDecision, ...] = ()
    outcomes: tuple[StandingDecision, ...] = ()
    review: ReviewDecision | None = None


@dataclass(frozen=True)
class Account:
    """Every line behind one number.

    Parameters
    ----------
    person : Person
        Whose.
    period : str
        Which.
    basis : Basis
        The scheme.
    state : str
        ``scored``, or why there is no score.
    why : Text
        The state in words; empty for ``scored``.
    components : tuple of ComponentScore
        In file order.
    lines : tuple of Line
        The ledger, with the records behind each line.
    total : float or None
        Missing where something is.
    missing : tuple of Text
        What there is nothing to score by.
    band : BandReached
        Grade of the total and its cut score.
    grade : str
        After forced clauses, quotas and corrections.
    lowest : str
        The grade that a forced clause gives.
    forced, outcomes : tuple of StandingDecision
        Clauses that force the grade; what follows.
    quotas : tuple of Seats
        Limits that the grade met.
    ranks : tuple of (Rank or None)
        Within the branch, overall.
    flags : tuple of (str, Text)
        Codes, and what there is to say of each.
    review : ReviewDecision, optional
        What decisions after objections changed.
    year : Year, optional
        The year, for a scheme with shorter periods.
    meanings : tuple of Text
        How a correspondence table had the records read.
    """

    person: Person
    period: str
    basis: Basis
    state: State = "scored"
    why: Text = NOTHING
    components: tuple[ComponentScore, ...] = ()
    lines: tuple[ExplainedLine, ...] = ()
    total: float | None = None
    missing: tuple[Text, ...] = ()
    band: BandReached = NO_BAND
    grade: str = ""
    lowest: str = ""
    forced: tuple[StandingDecision, ...] = ()
    outcomes: tuple[StandingDecision, ...] = ()
    quotas: tuple[Seats, ...] = ()
    ranks: tuple[Rank | None, Rank | None] = (None, None)
    flags: tuple[tuple[str, Text], ...] = ()
    review: ReviewDecision | None = None
    year: Year | None = None
    meanings: tuple[Text, ...] = ()
