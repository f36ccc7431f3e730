"""8: the village's monthly points, cleared every month."""

from fractions import Fraction
from typing import ClassVar

from .book import Book, Outcomes, Row, best, groups_of, outcome
from .case import ORGANISATION_LIFE, Case
from .desk import Desk
from .exact import exact, rounded
from .scheme import Items, Scheme

CLASSES = ("A", "B", "C", "D")


class VillageMonthly(Scheme):
    """Base 10, additions, deductions."""

    period = "month"
    year_total = "sum"
    weights: ClassVar = {"base": Fraction(1), "additions": Fraction(1), "deductions": Fraction(1)}

    def category(self, row: Row) -> str:
        """By the roster, else those with a post, the floating, the infirm, all others."""
        place = row.case.place
        if place.category in CLASSES:
            return str(place.category)
        if place.post != "none":
            return "A"
        if place.floating:
            return "C"
        return "D" if place.infirm else "B"

    def items(self, row: Row) -> Items:
        """What the month brought and what it cost."""
        return {
            "base": {"base": Fraction(10)},
            "additions": {"additions": added(row.case)},
            "deductions": {"deductions": Fraction(-deducted(row.case, str(row.category)))},
        }

    def outcomes(self, book: Book, desk: Desk) -> Outcomes:
        """A talk below the branch's mean, an incentive for its top three."""
        means = branch_means(book)
        found = set()
        for row in book.assessed():
            mean = means.get((row.case.period, row.case.place.branch))
            if mean is not None and rounded(exact(row.total)) < mean:
                found.add(outcome(row, "talk"))
        for branch in groups_of(book.assessed(), "branch"):
            found |= {outcome(row, "incentive") for row in best(branch, 3)}
        return found


def branch_means(book: Book) -> dict[tuple[str, str], Fraction]:
    """The mean total of each branch's month, activists aside."""
    means = {}
    for branch in groups_of(book.assessed(), "branch"):
        totals = [rounded(exact(row.total)) for row in branch]
        key = branch[0].case.period, branch[0].case.place.branch
        means[key] = sum(totals, Fraction(0)) / len(totals)
    return means


def added(case: Case) -> Fraction:
    """Organisation life attended, service and support."""
    points = case.attended(*ORGANISATION_LIFE) + 3 * case.count("emergency_response")
    points += 2 * case.count("key_work_support") + 2 * case.count("good_deed")
    return points + 3 * case.count("enterprise_lead") + 2 * case.quantity("public_benefit")


def deducted(case: Case, category: str) -> int:
    """Obstruction, morals, complaints; absence only of those who can come."""
    lost = 5 * case.count("obstruction") + 3 * case.count("public_morals") + case.count("complaint")
    if category in ("A", "B"):
        lost += 2 * case.seen(ORGANISATION_LIFE, "absent")
    return lost
