"""Random attendance and dues, with gaps of six months and every kind of payment."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .case import ORGANISATION_LIFE
from .periods import last_day, months_of
from .random_roster import BRANCHES, Person, day_in

Record = dict[str, Any]
Calendar = dict[tuple[str, str], list[tuple[date, str]]]

STATUSES = ("present", "excused", "leave", "sick_leave", "late", "early_leave", "absent", "proxy")
STATUS_SHARES = {
    "good": (945, 20, 10, 5, 6, 4, 8, 2),
    "ordinary": (800, 40, 50, 30, 25, 15, 30, 10),
    "poor": (500, 30, 90, 60, 90, 60, 130, 40),
    "awful": (200, 20, 80, 60, 100, 60, 400, 80),
    "quiet": (960, 40, 0, 0, 0, 0, 0, 0),
}
PAYMENTS = ("dated", "undated", "early", "over", "late", "short", "short_undated", "short_later", "never", "zero")
PAYMENT_SHARES = {
    "good": (800, 100, 50, 20, 25, 0, 0, 0, 5, 0),
    "ordinary": (600, 130, 60, 30, 120, 20, 10, 5, 20, 5),
    "poor": (350, 100, 50, 20, 300, 50, 30, 20, 70, 10),
    "awful": (150, 100, 20, 20, 300, 80, 50, 30, 220, 30),
    "quiet": (900, 50, 25, 25, 0, 0, 0, 0, 0, 0),
}
DAYS_LATE = (1, 2, 14, 15, 16, 17, 29, 30, 31, 32, 45, 59, 60, 61, 120)


def calendar(rng: random.Random, years: tuple[int, ...]) -> Calendar:
    """What each branch held each month; now and then no organisation life at all."""
    held: Calendar = {}
    for branch, _ in BRANCHES:
        pause = 0.25 if branch == BRANCHES[-1][0] else 0.03
        for month in (month for year in years for month in months_of(str(year))):
            kinds = [rng.choice(ORGANISATION_LIFE) for _ in range(rng.choice((1, 1, 2)))]
            kinds = [] if rng.random() < pause else kinds
            others = ("voluntary_labour", "community_activity", "charity_activity")
            kinds += [kind for kind in others if rng.random() < 0.25]
            held[branch, month] = [(day_in(rng, month), kind) for kind in kinds]
    return held


def gap(rng: random.Random, person: Person, years: tuple[int, ...], share: float, lengths: tuple[int, ...]) -> set[str]:
    """Some months in a row of a year, for a share of the member's years; often a whole half."""
    missing: set[str] = set()
    for year in years:
        if rng.random() < share and person.tempers[f"{year}H1"] != "quiet":
            length = rng.choice(lengths)
            start = rng.choice((0, 6, rng.randint(0, 12 - length)))
            missing |= set(months_of(str(year))[start : start + length])
    return missing


def attendance(rng: random.Random, person: Person, years: tuple[int, ...], held: Calendar) -> list[Record]:
    """The member's rows, one for each date and activity."""
    away = gap(rng, person, years, 0.2, (3, 5, 6, 6, 7))
    cells: dict[tuple[date, str], str] = {}
    for month in (month for year in years for month in person.months(year)):
        for (branch, when), meetings in held.items():
            if when == month:
                for day, kind in meetings:
                    here = person.row_on(day)
                    if here is not None and here["branch"] == branch:
                        absent = month in away and kind in ORGANISATION_LIFE
                        cells[day, kind] = "away" if absent else status(rng, person.temper(month))
        for day in workdays(rng, person, month):
            cells[day, "workday"] = status(rng, person.temper(month))
    rows = []
    for (day, kind), state in cells.items():
        known = rng.choice(("absent", "proxy", None)) if state == "away" else state
        if known is not None and (state == "away" or rng.random() < 0.97):
            rows.append({"member_id": person.member_id, "date": day, "activity": kind, "status": known})
    return rows


def status(rng: random.Random, temper: str) -> str:
    """Present mostly, by temper."""
    return rng.choices(STATUSES, STATUS_SHARES[temper])[0]


def workdays(rng: random.Random, person: Person, month: str) -> list[date]:
    """A few recorded workdays of those who hold a post, and of some others."""
    days = [day_in(rng, month) for _ in range(rng.choice((0, 1, 2, 3)))]
    rows = [(day, person.row_on(day)) for day in days]
    likely = {True: 0.95, False: 0.2}
    return [d for d, row in rows if row is not None and rng.random() < likely[row["post"] not in (None, "none")]]


def dues(rng: random.Random, person: Person, years: tuple[int, ...]) -> list[Record]:
    """One row a month, some missing, some months owing nothing."""
    silent = gap(rng, person, years, 0.18, (2, 3, 4, 5, 6, 6, 7))
    monthly = rng.choice((Decimal(2), Decimal("10.5"), Decimal("0.2"), Decimal("33.3334")))
    rows = []
    for month in (month for year in years for month in person.months(year)):
        due = rng.choices((monthly, Decimal(0)), (95, 5))[0]
        kind = rng.choices(PAYMENTS, PAYMENT_SHARES[person.temper(month)])[0]
        paid, paid_on = payment(rng, "never" if month in silent else kind, month, due)
        if rng.random() < (0.99 if month in silent else 0.96):
            row = {"member_id": person.member_id, "month": month, "due": due, "paid": paid, "paid_on": paid_on}
            rows.append(row)
    return rows


def payment(rng: random.Random, kind: str, month: str, due: Decimal) -> tuple[Decimal | None, date | None]:
    """What was paid, and when."""
    end, part = last_day(month), due / 2
    later = end + timedelta(days=rng.choice(DAYS_LATE))
    return {
        "dated": (due, day_in(rng, month)),
        "undated": (due, None),
        "early": (due, end - timedelta(days=rng.randint(31, 70))),
        "over": (due + 1, end),
        "late": (due, later),
        "short": (part, end),
        "short_undated": (part, None),
        "short_later": (part, later),
        "never": (None, None),
        "zero": (Decimal(0), None),
    }[kind]
