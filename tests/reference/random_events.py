"""Random events: every event with every level its row of the vocabulary lists."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

from .random_roster import Person, day_in

Record = dict[str, Any]

RANKED = (
    "national",
    "province_dept",
    "province",
    "prefecture",
    "city_dept",
    "city",
    "district_dept",
    "district",
    "street",
    "unit",
)
PRIZES = ("first", "second", "third")
DONE = ("early", "on_time", "late", "unfinished")
HARM = ("minor", "serious", "grave")
LEVELS: dict[str, tuple[str | None, ...]] = {
    "contest_entry": PRIZES,
    "contest_prize": PRIZES,
    "honour": RANKED,
    "branch_honour": RANKED,
    "media_publication": ("central", "province", "city", "web"),
    "research_report": ("national", "province", "city"),
    "role_review": ("excellent", "qualified"),
    "task": DONE,
    "key_task": DONE,
    "public_order": HARM,
    "public_morals": HARM,
    "family_duty": HARM,
    "rule_breach": HARM,
    "discipline": (*HARM, None),
}
QUANTITIES = ("public_benefit", "poverty_relief", "registration", "visit_missed", "visit_unsatisfied")
MERITS = (
    "public_benefit",
    "self_initiated_service",
    "emergency_response",
    "organised_activity_award",
    "contest_entry",
    "contest_prize",
    "suggestion_adopted",
    "investment_lead",
    "investment_landed",
    "enterprise_lead",
    "key_work_support",
    "poverty_relief",
    "donation",
    "honour",
    "honour",
    "branch_honour",
    "branch_honour",
    "media_publication",
    "research_report",
    "mediation",
    "duty_shift",
    "post_claimed",
    "courage",
    "good_deed",
    "registration",
    "role_review",
    "assessment_top5",
    "study_top5",
    "task",
    "key_task",
    "discretionary",
)
FAULTS = (
    "task",
    "task",
    "key_task",
    "visit_missed",
    "visit_unsatisfied",
    "complaint",
    "superior_criticism",
    "report_missed",
    "branch_unsatisfied",
    "public_order",
    "public_morals",
    "family_duty",
    "land_violation",
    "nondisclosure",
    "rule_breach",
    "rule_breach",
    "discretionary",
)
SEVERE = (
    "veto",
    "veto",
    "veto",
    "offence",
    "discipline",
    "discipline",
    "obstruction",
    "extravagance",
    "land_violation",
)
HOW_MANY = {  # merits, faults and severe ones in a half, at most
    "good": (5, 0.3, 0.012),
    "ordinary": (3, 1.2, 0.05),
    "poor": (2, 2.5, 0.2),
    "awful": (1, 5.0, 0.6),
    "quiet": (0, 0, 0),
}
AMOUNTS = ("300", "999.99", "999.9999", "1000", "5000", "9000.0001", "10000", "12000.5")
POINTS = ("5", "2.5", "-3", "-0.5", "0.0001", "8", "-10", "1.2345")


def times(rng: random.Random, mean: float) -> int:
    """A whole number of times around a mean."""
    return int(mean * 2 * rng.random() + rng.random() * (mean > 0))


def events(rng: random.Random, person: Person, years: tuple[int, ...]) -> list[Record]:
    """What a member did, received or caused."""
    rows = []
    for half in (half for half in person.tempers if int(half[:4]) in years):
        months = [m for m in person.months(int(half[:4])) if (int(m[5:]) <= 6) == half.endswith("1")]
        days = [day for day in (day_in(rng, m) for m in months for _ in (1, 2)) if person.row_on(day)]
        if days:
            rows += [event(rng, person, kind, rng.choice(days)) for kind in chosen(rng, person.tempers[half])]
            rows += silent_quarters(rng, person, days)
    return rows


def chosen(rng: random.Random, temper: str) -> list[str]:
    """The events of a half; sometimes one of them again and again, to reach the caps."""
    merits, faults, severe = HOW_MANY[temper]
    kinds = [rng.choice(MERITS) for _ in range(times(rng, merits))]
    kinds += [rng.choice(FAULTS) for _ in range(times(rng, faults))]
    kinds += [rng.choice(SEVERE) for _ in range(times(rng, severe)) if rng.random() < 0.6]
    if temper != "quiet" and rng.random() < 0.12:
        kinds += [rng.choice(MERITS)] * rng.randint(3, 11)
    return kinds


def silent_quarters(rng: random.Random, person: Person, days: list[date]) -> list[Record]:
    """Reports that the floating missed."""
    missed = [day for day in days if (person.row_on(day) or {}).get("floating") and rng.random() < 0.12]
    return [event(rng, person, "report_missed", day) for day in missed]


def event(rng: random.Random, person: Person, kind: str, day: date) -> Record:
    """One event with what it reads, and nothing else."""
    honour = kind == "honour" and rng.random() < 0.6
    return {
        "member_id": person.member_id,
        "date": day,
        "event": kind,
        "level": rng.choice(LEVELS[kind]) if kind in LEVELS else None,
        "quantity": rng.choice((None, 1, 2, 3)) if kind in QUANTITIES else None,
        "amount": Decimal(rng.choice(AMOUNTS)) if kind == "donation" else None,
        "points": Decimal(rng.choice(POINTS)) if kind == "discretionary" else None,
        "award": rng.choice(("先进个人", "优秀党员")) if honour else None,
        "clause": "第十条" if kind in ("veto", "rule_breach") else None,
        "note": None,
    }
