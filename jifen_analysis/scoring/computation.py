"""How an assessment was asked for, and everything that was computed on the way to it, as arrays in row order.

Scores alone decide what follows: grades, ranks, years, outcomes, flags. So another weight, cut score or quota
decides it anew without adding anything up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import Any

import numpy as np

from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.scoring import grade, outcomes, quotas
from jifen_analysis.scoring.aggregate import Sums
from jifen_analysis.scoring.arrays import Bools, Ints, at_once, splice
from jifen_analysis.scoring.corrections import Corrections
from jifen_analysis.scoring.grade import Grading, YearGrading
from jifen_analysis.scoring.outcomes import Standing
from jifen_analysis.scoring.queries import UNDATED
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.scoring.row_state import RowState, mask_values, millionths
from jifen_analysis.scoring.score import Scores


@dataclass(frozen=True)
class Settings:
    """How an assessment was asked for: periods (all where none), the last day seen, with or without corrections."""

    periods: tuple[str, ...] = ()
    as_of: date | None = None
    corrections: bool = True


@dataclass(frozen=True)
class Computation:
    """The arrays behind an assessment.

    ``book`` is the scheme in force in the last scored period, ``books`` every version that was in force, oldest
    first, and ``version`` which of them holds for each row. Ranks are 0 for those who are not ranked; flags are in
    the vocabulary's order.
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

    def zero_clause(self, row: int) -> str:
        """Return where it stands that the points of a row are cleared, of a row whose are."""
        forced = self.books[self.version[row]].forced
        standing = (name for name, where in self.grading.clauses.items() if where[row])
        return next(forced[name].clause for name in standing if forced[name].zero)

    @cached_property
    def distance(self) -> np.ndarray:
        """How many points are missing to the next higher grade; missing where there is none."""
        by_total = self.grading.by_total
        gaps = [grade.distance_to_next(by_total, self.total, book.grades) for book in self.books]
        return splice(gaps, self.version)

    @cached_property
    def seats(self) -> tuple[Mapping[str, tuple[Ints, Ints]], ...]:
        """By version and grade with a quota: how many of each row's group count for it, and the seats these make."""
        return tuple(
            {
                name: grade.seats_within(one.quota, self.roster, self.total)
                for name, one in book.grades.items()
                if one.quota is not None
            }
            for book in self.books
        )


# ---------------------------------------------------------------- from scores to everything that follows


def decide(
    books: tuple[RuleBook, ...], version: Ints, facts: RowState, scored: Scores, changed: Corrections
) -> Computation:
    """Decide what follows from the scores of all rows, of which ``facts`` know no grade or outcome yet."""
    book, rows, sums, written = books[-1], facts.roster, facts.sums, words_in(books)
    facts, grading = grade_scores(books, version, facts, scored, changed)
    whole, entered = millionths(grading.total), rows.counted & ~np.isnan(grading.total)
    groups = rows.groups("branch"), rows.period
    of_branch, overall = at_once(lambda group: quotas.ranks(whole, group, entered), groups, len(rows))
    gain = {"rank_gain": _gain(of_branch, rows)} if "rank_gain" in written else {}
    facts = replace(facts.with_values(total=grading.total, **gain), grade=grading.grade)
    in_periods: Callable[[], Any] = partial(_decide_periods, books, version, facts)
    in_years: Callable[[], Any] = partial(_decide_years, books, version[rows.years.last], facts, grading, changed)
    stands, (graded_years, of_years) = at_once(lambda part: part(), (in_periods, in_years), len(rows))
    flags = _flags(rows, sums, scored, grading, changed, stands)
    facts = replace(facts, stands={name: one.stands for name, one in stands.items()})
    of_year = replace(graded_years.years, facts=facts, stands={name: one.stands for name, one in of_years.items()})
    return Computation(
        book, books, version, facts, scored, grading, replace(graded_years, years=of_year), changed,
        of_branch, overall, flags, stands, of_years,
    )  # fmt: skip


def _decide_periods(books: tuple[RuleBook, ...], version: Ints, facts: RowState) -> dict[str, Standing]:
    return splice([outcomes.period_outcomes(one, facts) for one in books], version)


def _decide_years(
    books: tuple[RuleBook, ...], of_last: Ints, facts: RowState, grading: Grading, changed: Corrections
) -> tuple[YearGrading, dict[str, Standing]]:
    graded = grade.splice_years(
        [grade.year_grading(one, facts, grading.total, changed.year_grade) for one in books], of_last
    )
    return graded, splice([outcomes.year_outcomes(one, graded.years) for one in books], of_last)


def grade_scores(
    books: tuple[RuleBook, ...], version: Ints, facts: RowState, scored: Scores, changed: Corrections
) -> tuple[RowState, Grading]:
    """Return the grades of all rows, and the facts with the scores that clauses ask for."""
    raw = mask_values(scored.total, facts.roster.scored)
    facts = facts.with_values(**_score_values(scored, raw, facts.roster))
    return facts, splice([grade.grade_rows(one, facts, raw, changed.grade) for one in books], version)


def words_in(books: tuple[RuleBook, ...]) -> frozenset[str]:
    """Return every word that a scheme writes: a measure that is not among them is asked for by nobody."""
    return frozenset().union(*(book.every_word for book in books))


def _score_values(scored: Scores, total: np.ndarray, rows: Roster) -> dict[str, np.ndarray]:
    lost = {f"lost.{name}": values for name, values in scored.lost.items()}
    own = {name: mask_values(values, rows.scored) for name, values in (*scored.components.items(), *lost.items())}
    return {"total": total, **own, "rank_gain": np.broadcast_to(np.nan, (len(rows),))}


def _gain(rank: Ints, rows: Roster) -> np.ndarray:
    """Return by how many places each member rose in the branch since the period before."""
    earlier = np.where(rows.before >= 0, rank[rows.before], 0)
    return np.where((earlier > 0) & (rank > 0), earlier - rank, np.nan)


def _flags(
    rows: Roster, sums: Sums, scored: Scores, grading: Grading, changed: Corrections, outcomes: Mapping[str, Standing]
) -> dict[str, Bools]:
    """Return who has which flag; ``not_assessed`` and ``exempt`` stand alone."""
    none = np.zeros(len(rows), bool)
    tied = np.logical_or.reduce(
        [scored.flags.get("quota_tied", none), grading.flags["quota_tied"], *(o.tied for o in outcomes.values())]
    )
    dues_are_read = any(query.table == "dues" and query != UNDATED for query in sums)
    found = {
        "incomplete": np.isnan(grading.total),
        "evaluation_partial": scored.flags.get("evaluation_partial", none),
        "part_period": rows.part,
        "dues_undated": sums[UNDATED] > 0 if dues_are_read else none,
        "veto": grading.flags["veto"],
        "forced": grading.flags["forced"],
        "quota_tied": tied,
        "ballot_gap": scored.flags.get("ballot_gap", none),
        "review": scored.flags.get("review", none),
        "category_assumed": rows.assumed,
        "corrected": changed.touched,
    }
    alone = {"exempt": rows.inside & rows.exempt, "not_assessed": rows.inside & ~rows.assessed}
    return {name: where & rows.scored for name, where in found.items()} | alone
