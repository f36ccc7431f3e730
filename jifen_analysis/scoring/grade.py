"""From totals to grades of periods and years, always in this order: band, forced grade, quota, correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jifen_analysis.schemes.model import Decision, Grade, Quota, RuleBook
from jifen_analysis.scoring import quotas
from jifen_analysis.scoring.arrays import Bools, Ints, Names, label_at, no_labels, overlaid, splice
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.scoring.row_state import MILLION, RowState, Years, decision_holds, holds, holds_in_year, millionths


@dataclass(frozen=True)
class Grading:
    """The grades of all rows.

    ``total`` after 积分清零; ``by_total`` the grade of its band, blank where there is none; ``before_corrections``
    after forced grades and quotas; ``clauses`` where each forced clause stands; ``flags`` veto, forced, quota_tied;
    ``zeroed`` where the total became 0.
    """

    total: np.ndarray
    by_total: Names
    before_corrections: Names
    grade: Names
    clauses: Mapping[str, Bools]
    flags: Mapping[str, Bools]
    zeroed: Bools


def band_grades(total: np.ndarray, grades: Mapping[str, Grade], rounding: str) -> Names:
    """Return the first grade, from the top, whose cut score each total reaches.

    Totals are compared after rounding to six decimals; with ``half_up`` they
    are first rounded to whole marks, halves upwards.

    Examples
    --------
    >>> grades = {"优秀": Grade(at_least=90), "合格": Grade(at_least=60), "不合格": Grade()}
    >>> band_grades(np.array([89.9999999, 89.5, np.nan]), grades, "none").tolist()
    ['优秀', '合格', '']
    """
    code = np.zeros(len(total), dtype="int8")
    if not any(grade.cut is not None for grade in grades.values()):
        return label_at(grades, code)
    whole = millionths(total)
    if rounding == "half_up":
        whole = np.where(np.isnan(total), whole, (whole + MILLION // 2) // MILLION * MILLION)
    open_rows = ~np.isnan(total)
    for at, grade in enumerate(grades.values(), start=1):
        reached = open_rows & _reached(whole, grade)
        code[reached] = at
        open_rows &= ~reached
    return label_at(grades, code)


def _reached(whole: Ints, grade: Grade) -> Bools:
    if grade.cut is None:
        return np.ones(len(whole), bool)
    cut = round(grade.cut * MILLION)
    return whole > cut if grade.above is not None else whole >= cut


def grade_rows(book: RuleBook, facts: RowState, total: np.ndarray, corrected: Names) -> Grading:
    """Grade every row under one rule book; ``corrected`` holds the grades that corrections set, blank where none."""
    scored = facts.roster.scored
    clauses = {
        name: scored & decision_holds(clause, lambda condition: holds(condition, facts), len(scored))
        for name, clause in book.forced.items()
        if clause.at == "period"
    }
    zeroed = _any(clauses, [name for name in clauses if book.forced[name].zero], len(scored))
    total = np.where(zeroed, 0.0, total) if zeroed.any() else total
    by_total = band_grades(total, book.grades, book.grade_rounding)
    forced = _any(clauses, list(clauses), len(scored))
    grade, tied = _within_quotas(book, facts, lower_grades(by_total, forced, book), total)
    flags = {
        kind: _any(clauses, [name for name in clauses if book.forced[name].flag == kind], len(scored))
        for kind in ("veto", "forced")
    }
    final = overlaid(grade, corrected, (corrected != "") & scored)
    return Grading(total, by_total, grade, final, clauses, {**flags, "quota_tied": tied}, zeroed)


def lower_grades(grade: Names, where: Bools, book: RuleBook) -> Names:
    """Return grades that are the scheme's lowest where something forces them."""
    lowest = list(book.grades).index(book.lowest_grade) + 1 if book.lowest_grade else 0
    return label_at(book.grades, np.where(where, np.int8(lowest), grade.codes))


def _any(clauses: Mapping[str, Bools], names: list[str], size: int) -> Bools:
    return np.logical_or.reduce([np.zeros(size, bool), *(clauses[name] for name in names)])


def _within_quotas(book: RuleBook, facts: RowState, grade: Names, total: np.ndarray) -> tuple[Names, Bools]:
    """Let those beyond a quota fall to the next grade; activists keep what they hold."""
    code = grade.codes
    known = ~np.isnan(total)
    tied = np.zeros(len(grade), bool)
    for at, entry in enumerate(book.grades.values(), start=1):
        if entry.quota is None:
            continue
        entered = (code == at) & facts.roster.counted & known
        _, seats = seats_within(entry.quota, facts.roster, total)
        kept, ties = quotas.keep(millionths(total), facts.roster.groups(entry.quota.within), entered, seats)
        code = np.where(entered & ~kept, np.int8(at + 1), code)
        tied |= ties
    return label_at(book.grades, code), tied


def seats_within(quota: Quota, roster: Roster, total: np.ndarray) -> tuple[Ints, Ints]:
    """Return for each row how many members of its group count for a quota, and how many seats these make."""
    counted = roster.counted & (~np.isnan(total) if quota.of == "counted" else True)
    n = quotas.group_sizes(roster.groups(quota.within), counted)
    return n, quotas.seats(quota.share, n)


def distance_to_next(grade_by_total: Names | np.ndarray, total: np.ndarray, grades: Mapping[str, Grade]) -> np.ndarray:
    """Return how many points are missing to the next higher grade; missing where there is none."""
    names = list(grades)
    gap = np.full(len(total), np.nan)
    for lower, higher in zip(names[1:], names[:-1], strict=True):
        cut = grades[higher].cut
        if cut is not None:
            mine = grade_by_total == lower
            gap[mine] = (round(cut * MILLION) - millionths(total[mine])) / MILLION
    return gap


def clause_titles(book: Mapping[str, Decision], clauses: Mapping[str, Bools], size: int) -> np.ndarray:
    """Return for each row the titles of the clauses that stand there, joined."""
    said = np.full(size, "", dtype=object)
    for name, stands in clauses.items():
        title = book[name].title or name
        said[stands] = [f"{one};{title}" if one else title for one in said[stands]]
    return said


# ---------------------------------------------------------------- years


@dataclass(frozen=True)
class YearGrading:
    """Totals and grades of years, with where each forced clause of the year stands."""

    years: Years
    clauses: Mapping[str, Bools]


def year_grading(book: RuleBook, facts: RowState, total: np.ndarray, corrected: Names) -> YearGrading:
    """Total and grade every member's year; ``corrected`` holds at each row the grade that a correction sets for it."""
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
    totals, grades = [one.years.total for one in versions], [one.years.grade for one in versions]
    years = replace(versions[-1].years, total=splice(totals, version), grade=splice(grades, version))
    return YearGrading(years, splice([one.clauses for one in versions], version))
