"""7: the district organisation department's four classes."""

from fractions import Fraction
from typing import ClassVar

from .book import Book, Row
from .case import ORGANISATION_LIFE, Case
from .scheme import Items, Scheme, full_item

CLASSES = ("a", "b", "c", "d")
HONOURS = {
    "district_dept": 2,
    "district": 3,
    "city_dept": 3,
    "city": 5,
    "province_dept": 5,
    "prefecture": 5,
    "province": 10,
    "national": 10,
}


class DistrictClassified(Scheme):
    """A common hundred, a hundred by class, a bonus; no bands."""

    weights: ClassVar = {"common": Fraction(1), "classified": Fraction(1), "bonus": Fraction(1)}
    lowest = "不合格"
    reads_dues = True

    def category(self, row: Row) -> str:
        """By the roster, else leaders, section heads, the retired, all others."""
        place = row.case.place
        if place.category in CLASSES:
            return str(place.category)
        if place.post == "leader":
            return "a"
        if place.post == "section_head":
            return "b"
        return "d" if place.retired else "c"

    def items(self, row: Row) -> Items:
        """Common items, those of the class, the bonus."""
        case = row.case
        return {
            "common": {
                "meetings": full_item(20, 2 * case.seen(ORGANISATION_LIFE, "absent", "proxy")),
                "dues": full_item(20, 5 * case.dues_not_on_time()),
                "unlisted_common": case.marks.get("unlisted_common"),
            },
            "classified": class_items(case, str(row.category)),
            "bonus": {"bonus": bonus(case)},
        }

    def forced(self, row: Row, book: Book) -> set[str]:
        """A veto gives the one grade the scheme has."""
        flags = {"veto"} if row.case.count("veto") else set()
        punished = row.case.count("discipline", "serious", "grave", None)
        if punished or row.case.count("offence") or row.case.six_months_away():
            flags.add("forced")
        return flags


def class_items(case: Case, category: str) -> dict[str, Fraction | None]:
    """The hundred of a class: what is listed, and the marked rest."""
    items = {"unlisted_category": case.marks.get("unlisted_category")}
    if category in ("a", "b"):
        items["disclosure"] = full_item(10, 0, case.count("nondisclosure") > 0)
    elif category == "c":
        items["office_rules"] = full_item(10, case.seen(("workday",), "late", "early_leave", "absent"))
    else:
        items["activities"] = full_item(20, 5 * case.seen(ORGANISATION_LIFE, "absent"))
        items["charity"] = full_item(20, 5 * case.seen(("charity_activity",), "absent"))
    return items


def bonus(case: Case) -> Fraction:
    """Honours, prizes, publications, research, suggestions, benefit, discretion."""
    points = honours(case) + case.by_level("contest_prize", {"first": 5, "second": 3, "third": 2})
    points += case.by_level("media_publication", {"central": 10, "province": 5, "city": 3, "web": 2})
    points += case.by_level("research_report", {"national": 10, "province": 5, "city": 3})
    points += 2 * case.count("suggestion_adopted")
    discretion = min(Fraction(5), max(Fraction(0), case.discretion()))
    return points + 2 * case.quantity("public_benefit") + discretion


def honours(case: Case) -> int:
    """Each honour by level; the same award once, at its highest."""
    unnamed, named = 0, dict[str, int]()
    for row in case.of("honour"):
        points, award = HONOURS.get(row["level"], 0), row.get("award")
        if award:
            named[award] = max(points, named.get(award, 0))
        else:
            unnamed += points
    return unnamed + sum(named.values())
