"""From the tables to the result, period by period, in the order of the text."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .book import Book, Outcomes, Row, YearRow, by_year
from .branch_scorecard import BranchScorecard
from .bureau_quarterly import BureauQuarterly
from .case import Case
from .community_60_40 import Community6040
from .community_cadre import CommunityCadre
from .desk import Desk, Tables
from .district_classified import DistrictClassified
from .exact import exact, rounded
from .periods import months_of
from .places import competition_ranks, keep
from .scheme import Items, Scheme
from .school_framework import SchoolFramework
from .street_80_20 import Street8020
from .town_tiered import TownTiered
from .village_inspector import VillageInspector
from .village_monthly import VillageMonthly

SCHEMES: dict[str, type[Scheme]] = {
    "branch_scorecard": BranchScorecard,
    "village_inspector": VillageInspector,
    "community_60_40": Community6040,
    "street_80_20": Street8020,
    "school_framework": SchoolFramework,
    "town_tiered": TownTiered,
    "district_classified": DistrictClassified,
    "village_monthly": VillageMonthly,
    "bureau_quarterly": BureauQuarterly,
    "community_cadre": CommunityCadre,
}


@dataclass(frozen=True)
class Scored:
    """Rows by member and period, what follows, and years as (total, grade)."""

    rows: list[dict[str, Any]]
    outcomes: Outcomes = field(default_factory=set)
    years: dict[tuple[str, str], tuple[Fraction | None, str | None]] = field(default_factory=dict)


def score(tables: Tables, scheme: str, readings: Iterable[str] = ()) -> Scored:
    """Score canonical tables under a scheme and some of its readings."""
    rules, desk, book = SCHEMES[scheme](readings), Desk(tables), Book()
    for period in desk.scored_periods(rules.period):
        cases = [case for case in desk.cases(period) if rules.covers(case.place)]
        book.add(score_period([open_row(case, rules) for case in cases], rules, book))
    years = score_years(rules, book, desk)
    outcomes = rules.outcomes(book, desk) | rules.year_outcomes(
        {key: year for key, year in years.items() if year.rows}, desk
    )
    return Scored(
        rows=[as_dict(row) for row in book.rows.values()],
        outcomes=outcomes,
        years={key: (year.total, year.grade) for key, year in years.items()},
    )


def open_row(case: Case, rules: Scheme) -> Row:
    """An empty row with the states known from the roster and the dues."""
    row = Row(case, scores=dict.fromkeys(rules.weights))
    row.category = rules.category(row)
    if not case.assessed or case.place.exempt:
        row.flags = {"exempt" if case.assessed else "not_assessed"}
        return row
    if len(case.assessed) < len(months_of(case.period)):
        row.flags.add("part_period")
    if rules.reads_dues and any(month.undated for month in case.dues):
        row.flags.add("dues_undated")
    return row


def score_period(rows: list[Row], rules: Scheme, book: Book) -> list[Row]:
    """Price everybody, then band, forced grades, quota, corrections and ranks."""
    assessed = [row for row in rows if row.assessed]
    rules.meet(assessed)
    for row in assessed:
        price(row, rules)
        decide(row, rules, book)
    apply_quota(assessed, rules)
    for row in assessed:
        correct_grade(row, rules)
    rank(assessed)
    return rows


def price(row: Row, rules: Scheme) -> None:
    """Items with their corrections, components, total."""
    for component, items in corrected(row, rules.items(row)).items():
        row.scores[component] = added(list(items.values()))
    if None in row.scores.values():
        row.flags.add("incomplete")
        return
    row.total = sum((rules.weight(c) * exact(s) for c, s in row.scores.items()), Fraction(0))


def added(points: list[Fraction | None]) -> Fraction | None:
    """The points added up; missing when one of them is."""
    known = [exact(p) for p in points if p is not None]
    return sum(known, Fraction(0)) if len(known) == len(points) else None


def corrected(row: Row, items: Items) -> Items:
    """The items after the decisions on objections, which come after floor and cap."""
    result = {component: dict(inner) for component, inner in items.items()}
    for correction in row.case.corrections:
        for inner in result.values():
            target = correction["target"]
            if target in inner and correction.get("points") is not None:
                row.flags.add("corrected")
                was = inner[target]
                inner[target] = None if was is None else was + exact(correction["points"])
    return result


def decide(row: Row, rules: Scheme, book: Book) -> None:
    """A veto that clears the points, the band of the total, a forced grade."""
    causes = rules.forced(row, book)
    if causes and rules.zero_on_veto:
        row.total = Fraction(0)
        row.flags.discard("incomplete")
    if row.total is not None:
        row.grade_by_total = row.grade = rules.band(row.total)
        row.distance = distance(row, rules)
    if causes:
        row.grade = rules.lowest
        row.flags |= causes


def distance(row: Row, rules: Scheme) -> Fraction | None:
    """How far the total is from the cut of the next higher grade."""
    grades = [grade for grade, _ in rules.bands]
    if row.grade_by_total is None or row.grade_by_total == grades[0]:
        return None
    cut = rules.bands[grades.index(row.grade_by_total) - 1][1]
    return rounded(exact(cut) - exact(row.total))


def apply_quota(rows: list[Row], rules: Scheme) -> None:
    """At most floor(share × n) of a branch keep the top grade."""
    if rules.quota is None:
        return
    grade, share = rules.quota
    for branch in {row.case.place.branch for row in rows}:
        here = [row for row in rows if row.case.place.branch == branch]
        n = rules.quota_size(here)
        if n is not None:
            limit_places([r for r in here if r.counted and r.grade == grade], int(share * n), rules)


def limit_places(holders: list[Row], places: int, rules: Scheme) -> None:
    """Those without a place fall to the next grade; a tie over the boundary falls whole."""
    kept, tied = keep({row.case.member_id: rounded(exact(row.total)) for row in holders}, places)
    for row in holders:
        if row.case.member_id not in kept:
            row.grade = rules.grades[rules.grades.index(str(row.grade)) + 1]
        if row.case.member_id in tied:
            row.flags.add("quota_tied")


def correct_grade(row: Row, rules: Scheme) -> None:
    """A grade given after an objection is the last word."""
    for correction in row.case.corrections:
        if correction["target"] == "grade" and correction["grade"] in rules.grades:
            row.grade = correction["grade"]
            row.flags.add("corrected")


def rank(rows: list[Row]) -> None:
    """Ranks within the branch and overall, activists and members without a total left out."""
    counted = [row for row in rows if row.counted]
    totals = {row.case.member_id: rounded(exact(row.total)) for row in counted}
    overall = competition_ranks(totals)
    for branch in {row.case.place.branch for row in counted}:
        near = [row for row in counted if row.case.place.branch == branch]
        within = competition_ranks({row.case.member_id: totals[row.case.member_id] for row in near})
        for row in near:
            row.rank_overall, row.rank_branch = overall[row.case.member_id], within[row.case.member_id]


def score_years(rules: Scheme, book: Book, desk: Desk) -> dict[tuple[str, str], YearRow]:
    """Each member's year, where the scheme adds its periods up to years."""
    if rules.year_total is None:
        return {}
    years = {}
    for (member_id, year), rows in by_year(book).items():
        assessed = YearRow([row for row in rows if row.assessed])
        if assessed.rows:
            total_year(assessed, rules)
            grade_year(assessed, rules, desk.year_grade_corrections(member_id, year))
        years[member_id, year] = assessed
    return years


def total_year(year: YearRow, rules: Scheme) -> None:
    """Sum or mean of the assessed periods; missing if one of them is."""
    total = added([row.total for row in year.rows])
    if total is not None and rules.year_total == "mean":
        total /= len(year.rows)
    year.total = total


def grade_year(year: YearRow, rules: Scheme, decisions: list[str]) -> None:
    """Band, forced clauses and corrections, where the scheme grades years."""
    if not rules.bands:
        return
    if year.total is not None:
        year.grade = rules.band(year.total)
    if rules.forced_year(year.rows):
        year.grade = rules.lowest
    for grade in decisions:
        year.grade = grade if grade in rules.grades else year.grade


def as_dict(row: Row) -> dict[str, Any]:
    """The row as the comparison reads it; the components also together, by name."""
    return {
        **row.scores,
        "member_id": row.case.member_id,
        "period": row.case.period,
        "branch": row.case.place.branch,
        "unit": row.case.place.unit,
        "category": row.category,
        "components": dict(row.scores),
        "total": row.total,
        "rank_branch": row.rank_branch,
        "rank_overall": row.rank_overall,
        "grade_by_total": row.grade_by_total,
        "grade": row.grade,
        "flags": frozenset(row.flags),
        "distance_to_next_grade": row.distance,
    }
