"""5: the school's framework; a veto clears the points."""

from fractions import Fraction
from typing import ClassVar

from .book import Book, Row
from .case import ORGANISATION_LIFE, Case
from .scheme import Items, Scheme, full_item
from .serving import mean_mark

ALL_GROUPS = ("committee", "members", "residents", "households")


class SchoolFramework(Scheme):
    """Base 60, evaluation 30, bonus up to 10."""

    weights: ClassVar = {"base": Fraction(1), "evaluation": Fraction(1), "bonus": Fraction(1)}
    bands = (("优秀", 90), ("合格", 75), ("基本合格", 60), ("不合格", None))
    lowest = "不合格"
    reads_dues = True
    zero_on_veto = True

    def items(self, row: Row) -> Items:
        """Four base items of 15, the mean mark, the bonus."""
        mean = mean_mark(row.case.evaluations, ALL_GROUPS)
        return {
            "base": base(row.case),
            "evaluation": {"evaluation": None if mean is None else mean * 3 / 10},
            "bonus": {"bonus": bonus(row.case)},
        }

    def forced(self, row: Row, book: Book) -> set[str]:
        """Vetoes; all of them clear the points."""
        flags = {"veto"} if row.case.count("veto") else set()
        if row.case.count("discipline") or row.case.count("offence") or row.case.six_months_away():
            flags.add("forced")
        return flags


def base(case: Case) -> dict[str, Fraction | None]:
    """Politics, discipline, morals and role."""
    discipline = case.dues_not_on_time()
    discipline += case.by_level("rule_breach", {"minor": 2, "serious": 5, "grave": 10})
    morals = sum(case.count(event) for event in ("public_morals", "family_duty", "extravagance"))
    return {
        "political": full_item(15, 2 * case.seen(ORGANISATION_LIFE, "absent", "proxy")),
        "discipline": full_item(15, discipline),
        "morals": full_item(15, 5 * morals),
        "role": full_item(15, case.by_level("task", {"unfinished": 3, "late": 1})),
    }


def bonus(case: Case) -> Fraction:
    """At most 10."""
    points = case.quantity("public_benefit") + 2 * case.count("emergency_response")
    return min(Fraction(10), points + 3 * case.count("honour") + 2 * case.count("contest_prize"))
