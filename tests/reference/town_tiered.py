"""6: the town's four tiers; points accumulate from a base by tier."""

from datetime import date
from fractions import Fraction
from typing import ClassVar

from .book import Book, Outcomes, Row, outcome
from .case import ORGANISATION_LIFE, Case
from .desk import Desk
from .periods import last_day
from .scheme import Items, Scheme

BASE = {"tier1": 10, "tier2": 20, "tier3": 30, "tier4": 40}
FIRST_TIER = ("secretary", "director", "secretary_director")
BRANCH_HONOUR = {"secretary_director": 15, "secretary": 10, "director": 10, "deputy": 5, "committee": 5}
STEPS = ("admonition", "yellow_card", "persuade_withdrawal")


class TownTiered(Scheme):
    """A base by tier, additions, deductions; no bands."""

    weights: ClassVar = {"base": Fraction(1), "contribution": Fraction(1), "deduction": Fraction(1)}
    lowest = "不合格"
    reads_dues = True

    def category(self, row: Row) -> str:
        """By the roster, by post, then by age on the period's last day."""
        place = row.case.place
        if place.category in BASE:
            return str(place.category)
        if place.post in FIRST_TIER:
            return "tier1"
        if place.post != "none":
            return "tier2"
        if place.birth_date is None:
            row.flags.add("category_assumed")
            return "tier3"
        return "tier4" if is_sixty(place.birth_date, last_day(row.case.period)) else "tier3"

    def items(self, row: Row) -> Items:
        """Base, all additions, all deductions."""
        earned = basic(row.case) + pioneering(row.case, str(row.category))
        return {
            "base": {"base": Fraction(BASE[str(row.category)])},
            "contribution": {"contribution": Fraction(earned)},
            "deduction": {"deduction": Fraction(-deducted(row.case, str(row.category)))},
        }

    def forced(self, row: Row, book: Book) -> set[str]:
        """A veto gives the one grade the scheme has."""
        flags = {"veto"} if row.case.count("veto") else set()
        if row.case.count("offence") or row.case.six_months_away():
            flags.add("forced")
        return flags

    def outcomes(self, book: Book, desk: Desk) -> Outcomes:
        """The first, second and third failed year of a member in the data."""
        found = set()
        for row in book.assessed():
            times = sum(earlier.grade == "不合格" for earlier in book.up_to(row))
            if row.grade == "不合格" and times <= len(STEPS):
                found.add(outcome(row, STEPS[times - 1]))
        return found


def is_sixty(born: date, on: date) -> bool:
    """Whether the sixtieth birthday has come."""
    return (on.year - born.year, on.month, on.day) >= (60, born.month, born.day)


def basic(case: Case) -> int:
    """Organisation life, voluntary labour, dues on time."""
    return (
        2 * case.attended(*ORGANISATION_LIFE)
        + 4 * case.attended("voluntary_labour")
        + sum(month.on_time for month in case.dues)
    )


def pioneering(case: Case, tier: str) -> int:
    """What a member does beyond the basic demands."""
    excellent = 15 if tier == "tier1" else 10
    points = case.by_level("role_review", {"excellent": excellent, "qualified": 5})
    points += 10 * case.count("post_claimed") + 5 * case.count("key_work_support")
    points += 5 * case.count("mediation") + 10 * case.count("courage")
    points += 10 * case.count("emergency_response")
    honours = len([row for row in case.of("branch_honour") if row["level"] != "unit"])
    points += BRANCH_HONOUR.get(case.place.post, 0) * honours
    if case.place.post == "none":
        points += 2 * case.count("duty_shift")
    if case.place.floating:
        points += 10 * case.count("good_deed")
    return points


def deducted(case: Case, tier: str) -> int:
    """Twenty for the heavier, ten for the lighter, and the branch's bad review."""
    heavy = sum(case.count(e) for e in ("discipline", "public_order", "land_violation", "obstruction"))
    heavy += case.count("rule_breach", "grave") + case.count("public_morals", "grave")
    light = case.count("rule_breach", "serious") + case.count("public_morals", "minor", "serious")
    light += case.count("family_duty") + case.count("extravagance")
    review = {"tier1": 10, "tier2": 5}.get(tier, 0)
    return 20 * int(heavy) + 10 * int(light) + review * case.count("branch_unsatisfied")
