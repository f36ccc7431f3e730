"""4: the street's yearly assessment, 80 base, 20 evaluation, open bonus."""

from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

from .book import Book, Outcomes, Row, outcome
from .case import THREE_MEETINGS_ONE_LECTURE, Case
from .desk import Desk
from .exact import exact
from .periods import month_of, months_of, periods_of_year
from .scheme import Items, Scheme, full_item
from .serving import mean_mark

LIFE = (*THREE_MEETINGS_ONE_LECTURE, "theme_day", "life_meeting")
DISTRICT_OR_ABOVE = (
    "district_dept",
    "district",
    "city_dept",
    "city",
    "prefecture",
    "province_dept",
    "province",
    "national",
)


class Street8020(Scheme):
    """Four base items that floor at 0, a pooled evaluation, a bonus without an end."""

    weights: ClassVar = {"base": Fraction(1), "evaluation": Fraction(1), "bonus": Fraction(1)}
    known_readings = ("attendance_30", "annual_review", "charter_veto", "whole_marks")
    bands = (("优秀", 100), ("合格", 60), ("不合格", None))
    lowest = "不合格"
    reads_dues = True

    def items(self, row: Row) -> Items:
        """Life, dues, visits and role; the mean mark; the bonus."""
        mean = mean_mark(row.case.evaluations, ("committee", "members"))
        start = 30 if self.reads("attendance_30") else 40
        return {
            "base": {
                "organisational_life": full_item(start, life_lost(row.case)),
                "dues": dues(row.case),
                "visits": full_item(20, visits_lost(row.case)),
                "role": full_item(10, 10 * (row.case.count("obstruction") + row.case.count("land_violation"))),
            },
            "evaluation": {"evaluation": None if mean is None else mean / 5},
            "bonus": {"bonus": bonus(row.case)},
        }

    def forced(self, row: Row, book: Book) -> set[str]:
        """Vetoes, and the floating who do not report."""
        flags = {"veto"} if row.case.count("veto") else set()
        offences = sum(row.case.count(event) for event in ("offence", "discipline", "extravagance"))
        charter = self.reads("charter_veto") and row.case.months_unpaid() >= 6
        if offences or charter or self.did_not_report(row, book):
            flags.add("forced")
        return flags

    def did_not_report(self, row: Row, book: Book) -> bool:
        """Floating now, with reports missed in two neighbouring quarters, or two neighbouring years."""
        if not self.reads("annual_review"):
            return row.case.place.floating and two_silent_quarters(row.case)
        years = (book.just_before(row), row)
        return row.case.place.floating and all(year and year.case.count("report_missed") for year in years)

    def outcomes(self, book: Book, desk: Desk) -> Outcomes:
        """What follows from each year."""
        found: Outcomes = set()
        for row in book.assessed():
            found |= {outcome(row, name) for name in year_outcomes(row)}
            if book.twice_running(row, lambda r: r.grade == "不合格"):
                found.add(outcome(row, "persuade_withdrawal"))
        return found


def life_lost(case: Case) -> int:
    """Points lost in organisation life."""
    return (
        case.seen(LIFE, "leave", "sick_leave")
        + 2 * case.seen(LIFE, "late", "early_leave")
        + 5 * case.seen(LIFE, "absent", "proxy")
    )


def dues(case: Case) -> Fraction:
    """One a month not on time, five more once if any was short, nothing after three unpaid."""
    lost = case.dues_not_on_time()
    if any(month.state == "short" for month in case.dues):
        lost += 5
    return full_item(10, lost, case.months_unpaid() >= 3)


def visits_lost(case: Case) -> Fraction:
    """Households not visited, households not satisfied."""
    return 2 * case.quantity("visit_missed") + 5 * case.quantity("visit_unsatisfied")


def bonus(case: Case) -> Fraction:
    """Service, economy, key work, poverty relief, donations and honours."""
    points = min(Fraction(10), case.quantity("public_benefit"))
    points += min(10, case.attended("voluntary_labour"))
    points += 5 * case.count("emergency_response")
    points += min(10, 2 * case.count("self_initiated_service"))
    points += 5 * case.count("suggestion_adopted") + 5 * case.count("investment_lead")
    points += 20 * case.count("investment_landed") + min(5, 5 * case.count("enterprise_lead"))
    points += min(10, case.count("key_work_support"))
    points += 10 * case.quantity("poverty_relief")
    points += 10 * case.count("honour", *DISTRICT_OR_ABOVE) + 5 * case.count("honour", "street")
    return points + donated(case)


def donated(case: Case) -> int:
    """By the sum of the year's donations in yuan."""
    amount = sum((exact(row["amount"]) for row in case.of("donation")), Fraction(0))
    if amount >= 10000:
        return 10
    return 5 if amount >= 1000 else 0


def two_silent_quarters(case: Case) -> bool:
    """A report missed in each of two neighbouring quarters."""
    missed = {month_of(row["date"]) for row in case.of("report_missed")}
    quarters = [bool(missed & set(months_of(q))) for q in periods_of_year(case.period, "quarter")]
    return any(one and two for one, two in pairwise(quarters))


def year_outcomes(row: Row) -> set[str]:
    """What one year brings the member."""
    found = set()
    if row.case.months_unpaid() >= 6:
        found.add("charter_review")
    if row.case.place.stage == "probationary" and row.below(80):
        found.add("extend_probation")
    if row.case.place.activist and row.below(60):
        found.add("talk")
    if row.grade == "不合格":
        found.add("re_education")
    if row.grade == "优秀":
        found.add("commendation")
    return found
