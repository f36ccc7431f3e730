"""How an assessment was asked for, and everything that was computed on the way to it, as arrays in row order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.scoring.arrays import Bools, Ints
from jifen_analysis.scoring.corrections import Corrections
from jifen_analysis.scoring.grade import Grading, YearGrading
from jifen_analysis.scoring.outcomes import Standing
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.scoring.row_state import RowState
from jifen_analysis.scoring.score import Scores


@dataclass(frozen=True)
class Settings:
    """How an assessment was asked for.

    Parameters
    ----------
    periods : tuple of str
        What was asked for; empty for every period of the data.
    as_of : date or None
        The last day that is seen.
    corrections : bool
        Whether decisions after objections are laid over the result.
    """

    periods: tuple[str, ...] = ()
    as_of: date | None = None
    corrections: bool = True


@dataclass(frozen=True)
class Computation:
    """The arrays behind an assessment.

    Parameters
    ----------
    book : RuleBook
        The scheme in force in the last scored period.
    books : tuple of RuleBook
        Every version of the scheme that was in force, oldest first.
    version : ndarray of int, shape (rows,)
        Which of them holds for each row.
    facts : RowState
        Rows, sums, measures and what follows from them.
    scores : Scores
        Items, components, totals.
    grading : Grading
        Grades of the periods.
    years : YearGrading
        Totals and grades of the years.
    corrections : Corrections
        Decisions after objections.
    rank_branch, rank_overall : ndarray of int
        0 for those who are not ranked.
    flags : mapping of str to ndarray of bool
        By flag, in the vocabulary's order.
    outcomes, year_outcomes : mapping of str to Standing
        What follows.
    """

    book: RuleBook
    books: tuple[RuleBook, ...]
    version: Ints
    facts: RowState
    scores: Scores
    grading: Grading
    years: YearGrading
    corrections: Corrections
    rank_branch: Ints
    rank_overall: Ints
    flags: Mapping[str, Bools]
    outcomes: Mapping[str, Standing]
    year_outcomes: Mapping[str, Standing]

    @property
    def roster(self) -> Roster:
        """The rows."""
        return self.facts.roster

    @property
    def total(self) -> np.ndarray:
        """The totals."""
        return self.grading.total
