"""3: the community's half-yearly assessment, 60 daily and 40 evaluation."""

from fractions import Fraction
from typing import ClassVar

from .book import Book, Outcomes, Row, Years, groups_of, outcome, year_groups
from .case import ATTENDED, ORGANISATION_LIFE, Case
from .desk import Desk
from .exact import exact, rounded
from .periods import last_day
from .places import keep
from .scheme import Items, Scheme, full_item
from .serving import mean_mark

NOT_WORKDAY = (*ORGANISATION_LIFE, "voluntary_labour", "community_activity", "charity_activity")
COUNTED = (*ORGANISATION_LIFE, "voluntary_labour", "community_activity")
GROUPS = (
    (Fraction(3, 10), ("committee",)),
    (Fraction(4, 10), ("members", "residents")),
    (Fraction(3, 10), ("households",)),
)
HONOURS = {
    "national": 25,
    "province_dept": 20,
    "province": 20,
    "prefecture": 15,
    "city_dept": 15,
    "city": 15,
    "district_dept": 10,
    "district": 10,
    "street": 5,
}


class Community6040(Scheme):
    """Daily conduct with uncapped deductions, evaluation by three groups, bonus."""

    period = "half"
    year_total = "mean"
    weights: ClassVar = {"daily": Fraction(6, 10), "evaluation": Fraction(4, 10), "bonus": Fraction(1)}
    known_readings = ("floored", "dues_gap_strict", "bonus_in_daily", "strict", "cumulative")
    bands = (("优秀", 90), ("合格", 60), ("不合格", None))
    lowest = "不合格"
    reads_dues = True

    def weight(self, component: str) -> Fraction:
        """The bonus counts whole, or at the weight of daily."""
        if component == "bonus" and self.reads("bonus_in_daily"):
            return self.weights["daily"]
        return self.weights[component]

    def reaches(self, value: Fraction, grade: str, cut: int) -> bool:
        """Read strictly, 90 itself is not yet excellent."""
        if grade == "优秀" and self.reads("strict"):
            return value > cut
        return value >= cut

    def items(self, row: Row) -> Items:
        """The seven items of daily conduct, the evaluation, the bonus."""
        floor = self.reads("floored")
        return {
            "daily": {
                "organisation_activities": full_item(20, activities_lost(row.case), floor=floor),
                "basic_duties": full_item(10, 5 * row.case.count("task", "unfinished"), floor=floor),
                "key_work": full_item(20, 10 * row.case.count("key_task", "late", "unfinished"), floor=floor),
                "party_conduct": party_conduct(row.case, floor),
                "dues": self.dues(row.case, floor),
                "family": full_item(10, 0, row.case.count("family_duty") > 0, floor),
                "public_morals": public_morals(row.case, floor),
            },
            "evaluation": {"evaluation": evaluation(row)},
            "bonus": {"bonus": bonus(row.case)},
        }

    def dues(self, case: Case, floor: bool) -> Fraction:
        """Late months by their days: 1–15, 16–30, 31–59, 60 and more."""
        between = 5 if self.reads("dues_gap_strict") else 2
        lost, forfeited = 0, False
        for month in case.dues:
            if 1 <= month.days_late <= 15:
                lost += 2
            elif 16 <= month.days_late <= 30:
                lost += between
            elif 31 <= month.days_late <= 59:
                lost += 5
            elif month.days_late >= 60:
                forfeited = True
        return full_item(10, lost, forfeited, floor)

    def forced(self, row: Row, book: Book) -> set[str]:
        """The general meeting's clauses, and a recorded veto."""
        flags = {"veto"} if row.case.count("veto") else set()
        if deduction(row) >= 40 or row.case.count("discipline") or row.case.count("obstruction"):
            flags.add("forced")
        return flags

    def outcomes(self, book: Book, desk: Desk) -> Outcomes:
        """What follows from each half."""
        found: Outcomes = set()
        for row in book.assessed():
            found |= {outcome(row, name) for name in half_outcomes(row)}
        for branch in groups_of(book.assessed(), "branch"):
            found |= {outcome(row, "most_improved") for row in most_improved(branch, book)}
        return found

    def forced_year(self, rows: list[Row]) -> bool:
        """Both halves deduct 30, or attendance stays below 60 per cent."""
        both = len(rows) == 2 and all(deduction(row) >= 30 for row in rows)
        return both or attendance_below([row.case for row in rows], 60)

    def year_outcomes(self, years: Years, desk: Desk) -> Outcomes:
        """Persuaded to withdraw, or put forward as exemplary."""
        found = set()
        for (member_id, year), row in years.items():
            twice = [r.grade for r in row.rows] == ["不合格", "不合格"]
            if twice or self.built_illegally(desk, member_id, year):
                found.add((member_id, year, "persuade_withdrawal"))
        for (year, _), unit in year_groups(years).items():
            able = {m: rounded(exact(y.total)) for m, y in unit.items() if twice_excellent(y.rows)}
            kept, _ = keep(able, len(unit) // 10)
            found |= {(member_id, year, "exemplary") for member_id in kept}
        return found

    def built_illegally(self, desk: Desk, member_id: str, year: str) -> bool:
        """Two land violations in the year, or the second in the data."""
        days = desk.event_days(member_id, "land_violation")
        this_year = [day for day in days if str(day.year) == year]
        if self.reads("cumulative"):
            return bool(this_year) and sum(day <= last_day(year) for day in days) >= 2
        return len(this_year) >= 2


def activities_lost(case: Case) -> int:
    """Points lost at activities of every kind but workdays."""
    return (
        5 * case.seen(NOT_WORKDAY, "absent")
        + 4 * case.seen(NOT_WORKDAY, "late", "early_leave")
        + 3 * case.seen(NOT_WORKDAY, "leave", "sick_leave")
        + 10 * case.seen(NOT_WORKDAY, "proxy")
    )


def party_conduct(case: Case, floor: bool) -> Fraction:
    """Public order and breaches of rules; a grave one forfeits the item."""
    lost = 10 * case.count("public_order", "minor", "serious")
    lost += 5 * case.count("rule_breach", "minor") + 10 * case.count("rule_breach", "serious")
    grave = case.count("public_order", "grave") + case.count("rule_breach", "grave")
    return full_item(20, lost, grave > 0, floor)


def public_morals(case: Case, floor: bool) -> Fraction:
    """Five points each; a grave one forfeits the item."""
    lost = 5 * case.count("public_morals", "minor", "serious")
    return full_item(10, lost, case.count("public_morals", "grave") > 0, floor)


def evaluation(row: Row) -> Fraction | None:
    """The groups by weight; a missing group's weight goes to the others in proportion."""
    means = [(weight, mean_mark(row.case.evaluations, groups)) for weight, groups in GROUPS]
    heard = [(weight, mean) for weight, mean in means if mean is not None]
    if not heard:
        return None
    if len(heard) < len(GROUPS):
        row.flags.add("evaluation_partial")
    return sum((w * m for w, m in heard), Fraction(0)) / sum(w for w, _ in heard)


def bonus(case: Case) -> Fraction:
    """Points beyond the hundred."""
    points = 10 * case.count("emergency_response") + 5 * case.count("organised_activity_award")
    points += case.by_level("honour", HONOURS)
    return points + 5 * case.quantity("public_benefit") + case.discretion()


def deduction(row: Row) -> Fraction:
    """What the half's daily conduct lost, of 100."""
    return 100 - exact(row.scores["daily"])


def attendance_below(cases: list[Case], per_cent: int) -> bool:
    """Whether attended ÷ counted stays below; nothing counted is not below."""
    rows = [row for case in cases for row in case.rows(COUNTED) if row["status"] != "excused"]
    attended = sum(row["status"] in ATTENDED for row in rows)
    return bool(rows) and 100 * attended < per_cent * len(rows)


def half_outcomes(row: Row) -> set[str]:
    """What a half brings the member, rank gains aside."""
    failed, found = row.grade == "不合格", set()
    if deduction(row) >= 20 or attendance_below([row.case], 50):
        found.add("notice")
    if deduction(row) >= 30:
        found.add("self_criticism")
    if row.case.six_months_away():
        found.add("removal_review")
    if failed:
        found.add("correction")
    if failed and row.case.place.stage == "probationary":
        found.add("cancel_probation")
    if row.at_least(90) and not failed:
        found.add("honour_board")
    mark = row.scores["evaluation"]
    if failed or found & {"notice", "self_criticism"} or (mark is not None and rounded(mark) < 60):
        found.add("warning_board")
    return found


def most_improved(branch: list[Row], book: Book) -> list[Row]:
    """The branch's top tenth by places gained since the half before."""
    gains = {}
    for row in branch:
        earlier = book.before(row)
        if earlier is not None and earlier.rank_branch is not None:
            gain = earlier.rank_branch - int(row.rank_branch or 0)
            if gain > 0:
                gains[row.case.member_id] = gain
    kept, tied = keep(gains, len(branch) // 10)
    for row in branch:
        row.flags |= {"quota_tied"} if row.case.member_id in tied else set()
    return [row for row in branch if row.case.member_id in kept]


def twice_excellent(rows: list[Row]) -> bool:
    """Both halves at 90 or more, and neither failed."""
    return len(rows) == 2 and all(row.at_least(90) and row.grade != "不合格" for row in rows)
