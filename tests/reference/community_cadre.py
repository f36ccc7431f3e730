"""10: community cadres: a hundred a half, and what each month adds."""

from fractions import Fraction
from typing import ClassVar

from .book import Book, Outcomes, Row, Years, best, groups_of, outcome, worst, year_groups
from .case import Case
from .desk import Desk
from .exact import exact, rounded
from .periods import month_of, months_of
from .places import keep
from .roster import Place
from .scheme import Items, Scheme

HONOURS = {
    "street": 5,
    "city": 10,
    "city_dept": 10,
    "prefecture": 15,
    "province": 20,
    "province_dept": 20,
    "national": 30,
}
TASKS = {"early": 2, "on_time": 1, "late": -2, "unfinished": -2}
SMALLEST_UNIT = 6


class CommunityCadre(Scheme):
    """Points per half and their sum per year; thirds of the unit."""

    period = "half"
    year_total = "sum"
    weights: ClassVar = dict.fromkeys(("base", "monthly", "tasks", "service", "contribution", "honours"), Fraction(1))

    def covers(self, place: Place) -> bool:
        """Those with a post."""
        return place.post != "none"

    def items(self, row: Row) -> Items:
        """Base, monthly awards, tasks, service, contribution, honours."""
        case = row.case
        contribution = 2 * case.count("contest_entry") + 5 * case.count("contest_prize")
        return {
            "base": {"base": Fraction(100)},
            "monthly": {"monthly": Fraction(monthly(case))},
            "tasks": {"tasks": Fraction(tasks(case))},
            "service": {"service": service(case)},
            "contribution": {"contribution": Fraction(contribution + 5 * case.count("study_top5"))},
            "honours": {"honours": Fraction(case.by_level("honour", HONOURS))},
        }

    def outcomes(self, book: Book, desk: Desk) -> Outcomes:
        """Thirds of the unit's half, its last three, and redeemed leave."""
        found = {outcome(row, "redemption") for row in book.assessed() if redeems(exact(row.total))}
        for unit in groups_of(book.assessed(), "unit"):
            if len(unit) >= SMALLEST_UNIT:
                third = len(unit) // 3
                found |= {outcome(row, "reward") for row in best(unit, third)}
                found |= {outcome(row, "talk_no_awards") for row in worst(unit, third)}
                found |= {outcome(row, "organisational_handling") for row in worst(unit, 3)}
        return found

    def year_outcomes(self, years: Years, desk: Desk) -> Outcomes:
        """The same over the year's sum."""
        found = {(m, y, "redemption") for (m, y), row in years.items() if redeems(exact(row.total))}
        for (year, _), unit in year_groups(years).items():
            if len(unit) >= SMALLEST_UNIT:
                high = {m: rounded(exact(row.total)) for m, row in unit.items()}
                low = {m: -total for m, total in high.items()}
                third = len(unit) // 3
                found |= {(m, year, "reward") for m in keep(high, third)[0]}
                found |= {(m, year, "talk_no_awards") for m in keep(low, third)[0]}
                found |= {(m, year, "organisational_handling") for m in keep(low, 3)[0]}
        return found


def redeems(total: Fraction) -> bool:
    """Whether a hundred beyond the first hundred is full."""
    return rounded(total) >= 200


def monthly(case: Case) -> int:
    """The four awards of each month with workdays, the top fives, the complaints."""
    awards = sum(month_award(case, month) for month in months_of(case.period))
    return awards + 10 * case.count("assessment_top5") - case.count("complaint")


def month_award(case: Case, month: str) -> int:
    """The four awards of one month; none without a workday row."""
    statuses = {r["status"] for r in case.rows(("workday",)) if month_of(r["date"]) == month}
    if not statuses:
        return 0
    happened = {row["event"] for row in case.events if month_of(row["date"]) == month}
    points = -5 if "superior_criticism" in happened else 5
    if "complaint" not in happened:
        points += 5
    if not statuses & {"late", "early_leave", "absent"}:
        points += 8
        if not statuses & {"leave", "sick_leave"}:
            points += 10
    return points


def tasks(case: Case) -> int:
    """Tasks and key tasks by when they were done; community activities joined."""
    points = case.by_level("task", TASKS) + case.by_level("key_task", TASKS)
    return points + 2 * case.seen(("community_activity",), "present")


def service(case: Case) -> Fraction:
    """Disputes settled, good deeds, what was newly registered."""
    points = 5 * case.count("mediation") + 5 * case.count("good_deed")
    return points + 5 * case.quantity("registration")
