"""1: the branch's scorecard; nine marked items and one inferred."""

from fractions import Fraction
from typing import ClassVar

from .book import Book, Outcomes, Row, best, groups_of, outcome
from .desk import Desk
from .scheme import Items, Scheme

ITEMS = {
    "political": ("theory_study", "policy_publicity", "unlisted_political"),
    "organisation": ("organisational_life", "discipline", "cooperation"),
    "performance": ("own_work", "branch_projects", "commendation"),
    "service": ("volunteering", "helping_residents"),
}


class BranchScorecard(Scheme):
    """Marks added up to 100."""

    weights: ClassVar = dict.fromkeys(ITEMS, Fraction(1))
    known_readings = ("rescaled", "whole_marks")
    bands = (("优秀", 90), ("良好", 80), ("合格", 70), ("不合格", None))
    lowest = "不合格"

    def weight(self, component: str) -> Fraction:
        """The two items the text does list stand for all three when rescaled."""
        if component == "political" and self.reads("rescaled"):
            return Fraction(3, 2)
        return super().weight(component)

    def items(self, row: Row) -> Items:
        """Every item is a mark."""
        marked = {c: {item: row.case.marks.get(item) for item in items} for c, items in ITEMS.items()}
        if self.reads("rescaled"):
            del marked["political"]["unlisted_political"]
        return marked

    def outcomes(self, book: Book, desk: Desk) -> Outcomes:
        """Criticism, demotion after two years, commendation of the branch's best tenth."""
        found = set()
        for row in book.assessed():
            if row.grade == "不合格":
                found.add(outcome(row, "criticism_education"))
            if book.twice_running(row, lambda r: r.grade == "不合格"):
                found.add(outcome(row, "demotion"))
        for branch in groups_of(book.assessed(), "branch"):
            found |= {outcome(row, "commendation") for row in best(branch, len(branch) // 10)}
        return found
