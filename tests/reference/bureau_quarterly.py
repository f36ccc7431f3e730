"""9: the forestry bureau: a base by quarter, a ballot with two quotas."""

from fractions import Fraction
from typing import ClassVar

from .book import Book, Outcomes, Row, outcome
from .case import ORGANISATION_LIFE, Case
from .desk import Desk
from .periods import month_of, months_of, periods_of_year
from .places import keep
from .scheme import Items, Scheme, full_item

FIFTH = Fraction(1, 5)
CONVERSION = {"优秀": Fraction(20), "合格": Fraction(18), "基本合格": Fraction(16), "不合格": Fraction(14)}
CITY_OR_ABOVE = ("city", "city_dept", "prefecture", "province_dept", "province", "national")
FOLLOWS = {
    "优秀": {"nominate_prefecture"},
    "合格": {"nominate_city"},
    "基本合格": {"admonition", "no_awards"},
    "不合格": {"disposition", "no_awards"},
}


class BureauQuarterly(Scheme):
    """Base 60 by quarters, task 10, ballot 20, bonus up to 10."""

    weights: ClassVar = dict.fromkeys(("base", "task", "evaluation", "bonus"), Fraction(1))
    known_readings = ("whole_marks", "soft_quota", "quota_of_all", "dissatisfied_fails")
    bands = (("优秀", 90), ("合格", 70), ("基本合格", 60), ("不合格", None))
    lowest = "不合格"
    reads_dues = True
    quota = ("优秀", FIFTH)

    def meet(self, rows: list[Row]) -> None:
        """Read every ballot, then hold each branch's best to a fifth."""
        for row in rows:
            if row.case.ballot is not None:
                self.read_ballot(row, row.case.ballot)
        for branch in {row.case.place.branch for row in rows}:
            here = [row for row in rows if row.case.place.branch == branch]
            here = [row for row in here if not row.case.place.activist]
            if not self.reads("soft_quota"):
                hold_to_quota(here, self.ballot_places(here))

    def read_ballot(self, row: Row, votes: dict[str, int]) -> None:
        """The ladder of the votes, then the two limits of satisfaction."""
        row.ballot_grade, flags = ladder(votes)
        row.flags |= flags
        asked = votes["satisfied"] + votes["neutral"] + votes["dissatisfied"]
        if asked and 10 * votes["satisfied"] < 7 * asked and row.ballot_grade == "优秀":
            row.ballot_grade = "合格"
        if asked and 2 * votes["dissatisfied"] > asked:
            row.flags.add("review")
            if self.reads("dissatisfied_fails"):
                row.ballot_grade = "不合格"

    def ballot_places(self, here: list[Row]) -> int:
        """A fifth of those with ballots, or of all."""
        voted = [row for row in here if row.case.ballot is not None]
        return int(FIFTH * len(here if self.reads("quota_of_all") else voted))

    def quota_size(self, rows: list[Row]) -> int | None:
        """The n of the quota on totals."""
        if self.reads("soft_quota"):
            return None
        if self.reads("quota_of_all"):
            return sum(not row.case.place.activist for row in rows)
        return super().quota_size(rows)

    def items(self, row: Row) -> Items:
        """Four quarters, the task's mark, the ballot's grade in points, the bonus."""
        case = row.case
        quarters = periods_of_year(case.period, "quarter")
        return {
            "base": {quarter: full_item(15, quarter_lost(case, quarter)) for quarter in quarters},
            "task": {"task": case.marks.get("task")},
            "evaluation": {"ballot": CONVERSION.get(str(row.ballot_grade))},
            "bonus": {"bonus": bonus(case)},
        }

    def outcomes(self, book: Book, desk: Desk) -> Outcomes:
        """By grade; and a review of those six months away."""
        found: Outcomes = set()
        for row in book.assessed():
            found |= {outcome(row, name) for name in FOLLOWS.get(str(row.grade), ())}
            if row.case.six_months_away():
                found.add(outcome(row, "removal_review"))
        return found


def ladder(votes: dict[str, int]) -> tuple[str, set[str]]:
    """The first tier the shares of all votes cast meet."""
    cast = sum(votes[k] for k in ("excellent", "qualified", "basic", "unqualified", "abstained"))
    excellent = Fraction(votes["excellent"], cast)
    qualified = excellent + Fraction(votes["qualified"], cast)
    basic = qualified + Fraction(votes["basic"], cast)
    unqualified = Fraction(votes["unqualified"], cast)
    most = Fraction(6, 10)
    if excellent >= most and unqualified <= Fraction(10, 100):
        return "优秀", set()
    if qualified >= most and unqualified <= Fraction(15, 100):
        return "合格", set()
    if basic >= most and unqualified <= Fraction(30, 100):
        return "基本合格", set()
    if unqualified > Fraction(30, 100):
        return "不合格", {"review"}
    return "基本合格", {"ballot_gap"}


def hold_to_quota(rows: list[Row], places: int) -> None:
    """Excellent ballots beyond the places become qualified."""
    holders = [row for row in rows if row.ballot_grade == "优秀"]
    kept, tied = keep({row.case.member_id: excellent_share(row) for row in holders}, places)
    for row in holders:
        if row.case.member_id not in kept:
            row.ballot_grade = "合格"
        if row.case.member_id in tied:
            row.flags.add("quota_tied")


def excellent_share(row: Row) -> Fraction:
    """Excellent votes of all votes cast."""
    votes = row.case.ballot or {}
    cast = sum(votes[k] for k in ("excellent", "qualified", "basic", "unqualified", "abstained"))
    return Fraction(votes["excellent"], cast)


def quarter_lost(case: Case, quarter: str) -> Fraction:
    """What one quarter lost: meetings, dues, breaches of rules."""
    months = months_of(quarter)
    price = {
        "absent": Fraction(2),
        "proxy": Fraction(2),
        "late": Fraction(1),
        "early_leave": Fraction(1),
        "leave": Fraction(1, 2),
        "sick_leave": Fraction(1, 2),
    }
    breach = {"minor": 1, "serious": 3, "grave": 5}
    meetings = [r for r in case.rows(ORGANISATION_LIFE) if month_of(r["date"]) in months]
    breaches = [r for r in case.of("rule_breach") if month_of(r["date"]) in months]
    lost = sum((price.get(row["status"], Fraction(0)) for row in meetings), Fraction(0))
    lost += sum(not dues.on_time for dues in case.dues if dues.month in months)
    return lost + sum(breach[row["level"]] for row in breaches)


def bonus(case: Case) -> Fraction:
    """At most 10."""
    points = 5 * case.count("honour", *CITY_OR_ABOVE) + 5 * case.count("courage")
    return Fraction(min(10, points + 2 * case.count("task", "early")))
