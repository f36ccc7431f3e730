"""Random evaluations, ballots, marks and corrections, at every level of period."""

import random
from decimal import Decimal
from typing import Any

from .branch_scorecard import ITEMS as SCORECARD
from .random_roster import Person
from .village_inspector import ITEMS as INSPECTOR

Record = dict[str, Any]

GROUPS = ("committee", "members", "residents", "households")
MARK_SPAN = {"good": (88, 100), "ordinary": (72, 95), "poor": (50, 80), "awful": (30, 65)}
SHARE_OF_FULL = {"good": (95, 100), "ordinary": (78, 96), "poor": (60, 85), "awful": (30, 70)}
BALLOTS = {  # excellent, qualified, basic, unqualified, abstained
    "good": ((6, 3, 0, 1, 0), (18, 2, 0, 0, 0), (12, 6, 1, 0, 1), (30, 19, 0, 0, 1), (45, 5, 0, 0, 0)),
    "ordinary": ((59, 31, 0, 10, 0), (8, 0, 0, 2, 0), (17, 0, 0, 3, 0), (5, 12, 0, 3, 0), (12, 5, 0, 2, 0)),
    "poor": ((2, 3, 1, 3, 1), (30, 39, 0, 16, 15), (2, 2, 2, 2, 2), (6, 0, 1, 3, 0), (1, 2, 2, 0, 5)),
    "awful": ((0, 1, 0, 7, 2), (3, 3, 0, 31, 63), (7, 0, 0, 3, 0), (6, 0, 0, 4, 0), (3, 1, 1, 2, 3)),
    "quiet": ((6, 3, 0, 1, 0), (17, 0, 0, 3, 0), (9, 0, 0, 0, 0)),
}
SATISFACTION = {
    "good": ((7, 2, 1), (9, 1, 0), (20, 0, 0), (69, 20, 11)),
    "ordinary": ((7, 3, 0), (69, 31, 0), (5, 3, 2), (1, 0, 1)),
    "poor": ((2, 3, 5), (1, 0, 1), (3, 2, 6), (2, 2, 2)),
    "awful": ((0, 1, 3), (1, 1, 3), (1, 2, 2), (49, 0, 51)),
    "quiet": ((7, 2, 1),),
}
FULL_MARKS = {
    "theory_study": 10,
    "policy_publicity": 10,
    "unlisted_political": 10,
    "organisational_life": 5,
    "discipline": 10,
    "cooperation": 5,
    "own_work": 10,
    "branch_projects": 10,
    "commendation": 10,
    "volunteering": 10,
    "helping_residents": 10,
    "supervise_plan": 3,
    "supervise_deployment": 15,
    "supervise_village_affairs": 10,
    "supervise_disclosure": 10,
    "supervise_meetings": 2,
    "assist_clean_governance": 2,
    "assist_member_management": 3,
    "assist_assigned_work": 5,
    "publicise_convey": 10,
    "publicise_education": 10,
    "collect_visits": 10,
    "collect_records": 10,
    "report_duty": 10,
    "unlisted_common": 60,
    "unlisted_category": 90,
    "task": 10,
}
COMMUNITY = ("organisation_activities", "basic_duties", "key_work", "party_conduct", "dues", "family", "public_morals")
CORRECTABLE = {
    "branch_scorecard": tuple(item for items in SCORECARD.values() for item in items),
    "village_inspector": tuple(item for items in INSPECTOR.values() for item in items),
    "community_60_40": COMMUNITY,
    "street_80_20": ("organisational_life", "dues", "visits", "role"),
    "school_framework": ("political", "discipline", "morals", "role"),
    "town_tiered": (),
    "district_classified": ("meetings", "dues", "unlisted_common", "unlisted_category"),
    "village_monthly": (),
    "bureau_quarterly": ("task",),
    "community_cadre": (),
}
GRADES = {
    "branch_scorecard": ("优秀", "良好", "合格", "不合格"),
    "village_inspector": ("优秀", "称职", "基本称职", "不称职"),
    "community_60_40": ("优秀", "合格", "不合格"),
    "street_80_20": ("优秀", "合格", "不合格"),
    "school_framework": ("优秀", "合格", "基本合格", "不合格"),
    "bureau_quarterly": ("优秀", "合格", "基本合格", "不合格"),
}
# Names that are items of one scheme or of two, and never the name of a rule elsewhere.
UNMISTAKABLE = ("theory_study", "supervise_deployment", "unlisted_common", "report_duty", "own_work")
ADJUSTMENTS = ("2", "-2", "5", "0.5", "-1.25", "10", "-0.0001")


def periods(rng: random.Random, year: int) -> list[str]:
    """Where a year's votes stand: the year, its halves, one half, quarters, months, or nowhere."""
    return rng.choice(
        (
            [f"{year}"],
            [f"{year}"],
            [f"{year}H1", f"{year}H2"],
            [f"{year}H1", f"{year}H2"],
            [f"{year}H1", f"{year}H2"],
            [f"{year}H1", f"{year}H2"],
            [f"{year}", f"{year}H1"],
            [f"{year}", f"{year}H2"],
            [f"{year}Q1", f"{year}Q2", f"{year}Q4"],
            [f"{year}H1", f"{year}-09"],
            [],
        )
    )


def evaluations(rng: random.Random, person: Person, years: tuple[int, ...]) -> list[Record]:
    """Marks of the four groups; some groups missing, some with several rows."""
    rows = []
    for year in years:
        flat = rng.choice((0, 75, 75, 100))
        for period in periods(rng, year):
            temper = person.tempers[f"{year}H{2 if 'H2' in period else 1}"]
            low, high = MARK_SPAN.get(temper, (flat, flat))
            few = rng.random() < 0.25
            for group in rng.sample(GROUPS, rng.randint(1, 3)) if few else GROUPS:
                for _ in range(rng.choice((1, 1, 1, 2))):
                    count = rng.choice((None, 1, 3, 12))
                    mark = rng.choice(
                        (low, rng.randint(low, high), rng.randint(low, high) - Decimal("0.5") * (low < high))
                    )
                    row = {"member_id": person.member_id, "period": period, "group": group, "mark": Decimal(mark)}
                    rows.append({**row, "count": count})
    return rows


def ballots(rng: random.Random, person: Person, years: tuple[int, ...]) -> list[Record]:
    """One row a member and period; some with no vote at all."""
    rows = []
    for year in years:
        for period in periods(rng, year) or [f"{year}"] * rng.randint(0, 1):
            temper = person.tempers[f"{year}H2"]
            votes = (0, 0, 0, 0, 0) if rng.random() < 0.08 else rng.choice(BALLOTS[temper])
            asked = rng.choice(((0, 0, 0), (None, None, None), *SATISFACTION[temper]))
            kinds = ("excellent", "qualified", "basic", "unqualified", "abstained")
            row = {"member_id": person.member_id, "period": period, **dict(zip(kinds, votes, strict=True))}
            row |= dict(zip(("satisfied", "neutral", "dissatisfied"), asked, strict=True))
            rows.append(row)
    return rows


def marks(rng: random.Random, person: Person, years: tuple[int, ...]) -> list[Record]:
    """A mark for every item of every scheme, by year or by half; some missing."""
    rows = []
    for year in years:
        forgetful = rng.random() < 0.1
        where = rng.choice(([f"{year}"], [f"{year}"], [f"{year}H1", f"{year}H2"], [f"{year}", f"{year}H2"]))
        flat = flat_share(rng, person.tempers[f"{year}H2"])
        for item in FULL_MARKS:
            for period in where:
                if not (forgetful and rng.random() < 0.1):
                    given = mark(rng, person, item, year) if flat is None else flat * full_mark(person, item)
                    rows.append({"member_id": person.member_id, "period": period, "item": item, "mark": given})
    return rows


def flat_share(rng: random.Random, temper: str) -> Decimal | None:
    """The same share of every full mark, so that totals stand on the cuts; for most, none."""
    if temper == "quiet":
        return Decimal(rng.choice(("0.6", "0.7", "0.8", "0.9", "1", "0.595", "0.695", "0.795", "0.895")))
    return Decimal(1) if temper == "good" and rng.random() < 0.15 else None


def full_mark(person: Person, item: str) -> int:
    """The most an item can get; 60 where one class has less than the others."""
    retired = any(row["retired"] or row["category"] == "d" for row in person.rows)
    return 60 if item == "unlisted_category" and retired else FULL_MARKS[item]


def mark(rng: random.Random, person: Person, item: str, year: int) -> Decimal:
    """Around the member's share of the full mark, to at most 4 decimals."""
    low, high = SHARE_OF_FULL[person.tempers[f"{year}H2"]]
    share = rng.choice((low, high, rng.randint(low, high)))
    places = rng.choice(("1", "0.5", "0.1", "0.0001"))
    most = Decimal(full_mark(person, item))
    return min(most, (most * share / 100 / Decimal(places)).to_integral_value() * Decimal(places))


def corrections(rng: random.Random, person: Person, years: tuple[int, ...], scheme: str | None) -> list[Record]:
    """Decisions after objections, for one scheme, or only such as no scheme can mistake."""
    rows = []
    for year in years:
        for period, targets, grades in openings(year, scheme):
            if targets and rng.random() < 0.08:
                points = Decimal(rng.choice(ADJUSTMENTS))
                rows.append(correction(person, period, rng.choice(targets), points, None))
            if grades and rng.random() < 0.05:
                rows.append(correction(person, period, "grade", None, rng.choice(grades)))
    return rows


def openings(year: int, scheme: str | None) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Periods with the items and grades that a decision may name in them."""
    halves = [f"{year}H1", f"{year}H2"]
    if scheme is None:
        return [(f"{year}", UNMISTAKABLE, ()), *((half, COMMUNITY, ()) for half in halves)]
    targets, grades = CORRECTABLE[scheme], GRADES.get(scheme, ())
    if scheme == "community_60_40":
        return [(f"{year}", (), grades), *((half, targets, grades) for half in halves)]
    return [(f"{year}", targets, grades)]


def correction(person: Person, period: str, target: str, points: Decimal | None, grade: str | None) -> Record:
    """One decision."""
    return {
        "member_id": person.member_id,
        "period": period,
        "target": target,
        "points": points,
        "grade": grade,
        "decided_by": "支部委员会",
        "decided_on": None,
        "document": None,
        "reason": "复核",
    }
