"""The year over its halves, quarters or months: total, grade, and what decides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.scoring.arrays import Bools, Ints
from jifen_analysis.scoring.conditions import decision_holds, holds_in_year
from jifen_analysis.scoring.grade import band_grades, lower_grades
from jifen_analysis.scoring.labels import Names, no_labels, overlaid
from jifen_analysis.scoring.row_state import RowState, Years
from jifen_analysis.scoring.versions import choose_by_version, each_chosen, names_chosen


@dataclass(frozen=True)
class YearGrading:
    """Totals and grades of years, with the clauses that forced them.

    Parameters
    ----------
    years : Years
        Rows, totals, grades.
    clauses : mapping of str to ndarray of bool, shape (years,)
        Where each forced clause of the year stands.
    """

    years: Years
    clauses: Mapping[str, Bools]


def year_grading(book: RuleBook, facts: RowState, total: np.ndarray, corrected: Names) -> YearGrading:
    """Total and grade every member's year.

    Parameters
    ----------
    total : ndarray of float, shape (rows,)
        Totals of the periods.
    corrected : Categorical, shape (rows,)
        For each row, the grade that a correction sets for its year.
    """
    last = facts.roster.years.last
    if book.period == "year":
        return YearGrading(Years(facts, total, facts.grade, {}), {})
    years = Years(facts, year_totals(book, facts, total), no_labels(len(last)), {})
    if not book.year_grades:
        return YearGrading(years, {})
    scored = years.any(facts.roster.scored)
    clauses = {
        name: scored & decision_holds(clause, lambda condition: holds_in_year(condition, years), len(last))
        for name, clause in book.forced.items()
        if clause.at == "year"
    }
    forced = np.logical_or.reduce([np.zeros(len(last), bool), *clauses.values()])
    grade = lower_grades(band_grades(years.total, book.grades, book.grade_rounding), forced, book)
    mine = corrected[last]
    grade = overlaid(grade, mine, scored & (mine != ""))
    return YearGrading(replace(years, grade=grade), clauses)


def year_totals(book: RuleBook, facts: RowState, total: np.ndarray) -> np.ndarray:
    """Return the sum or mean of the year's assessed periods; missing if one of them is."""
    of_row, last = facts.roster.years.of_row, facts.roster.years.last
    scored = facts.roster.scored
    n = np.bincount(of_row[scored], minlength=len(last))
    known = np.bincount(of_row[scored & ~np.isnan(total)], minlength=len(last))
    summed = np.bincount(of_row, np.where(scored, np.nan_to_num(total), 0.0), minlength=len(last))
    whole = (n > 0) & (n == known) & (book.year_total is not None)
    return np.where(whole, summed / np.where(n > 0, n if book.year_total == "mean" else 1, 1), np.nan)


def splice_years(versions: Sequence[YearGrading], version: Ints) -> YearGrading:
    """Return a grading that takes each year from the version of the scheme in force at its end."""
    years = replace(
        versions[-1].years,
        total=choose_by_version([one.years.total for one in versions], version),
        grade=names_chosen([one.years.grade for one in versions], version),
    )
    return YearGrading(years, each_chosen([one.clauses for one in versions], version, False))
