"""Random but valid rosters: years or none, joiners, leavers, transfers, every stage and post."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .periods import last_day, month_of, months_of
from .roster import on_roster, roster_of

Record = dict[str, Any]

BRANCHES = (
    ("第一支部", "甲社区"),
    ("第二支部", "甲社区"),
    ("第三支部", "乙社区"),
    ("第四支部", None),
    ("第五支部", "丙村"),
)
BRANCH_SHARES = (50, 20, 15, 10, 5)
POSTS = (
    "secretary",
    "director",
    "secretary_director",
    "deputy",
    "committee",
    "leader",
    "section_head",
    "inspector",
    "inspector",
    "inspector",
    "inspector",
)
CATEGORIES = ("tier1", "tier2", "tier3", "tier4", "a", "b", "c", "d", "A", "B", "C", "D", "甲类", "Tier1")
TEMPERS = ("good", "ordinary", "poor", "awful", "quiet")


@dataclass(frozen=True)
class Person:
    """A member with the roster rows he has, and how he behaves from half to half."""

    member_id: str
    rows: tuple[Record, ...]
    tempers: dict[str, str]

    def row_on(self, day: date) -> Record | None:
        """The roster row in force on a day, if any."""
        for row in roster_of(list(self.rows), str(day.year)).get(self.member_id, []):
            if (row["since"] or date.min) <= day <= (row["until"] or date.max):
                return row
        return None

    def months(self, year: int) -> list[str]:
        """The months of a year that overlap his dates."""
        rows = roster_of(list(self.rows), str(year)).get(self.member_id, [])
        return [month for month in months_of(str(year)) if rows and on_roster(rows, month)]

    def temper(self, month: str) -> str:
        """How he behaves in a month."""
        return self.tempers[f"{month[:4]}H{1 if int(month[5:]) <= 6 else 2}"]


def day_in(rng: random.Random, month: str) -> date:
    """A day of a month, often its first or its last."""
    last = last_day(month)
    day = rng.choice((1, last.day, rng.randint(1, last.day), rng.randint(1, last.day)))
    return last.replace(day=day)


def yes(rng: random.Random, share: float) -> bool | None:
    """Yes for a share of the members; else no, or left blank."""
    return True if rng.random() < share else rng.choice((False, None))


def birth_date(rng: random.Random, years: tuple[int, ...]) -> date | None:
    """Often close to sixty at a year's end, sometimes unknown."""
    if rng.random() < 0.12:
        return None
    turning = rng.choice(years) - 60
    close = (date(turning, 12, 31), date(turning + 1, 1, 1), date(turning, 1, 1), date(turning, 12, 30))
    return rng.choice((*close, date(rng.randint(1940, 2000), rng.randint(1, 12), rng.randint(1, 28))))


def post(rng: random.Random, holder: bool) -> str | None:
    """One of the posts, or none, or blank."""
    return rng.choice(POSTS) if holder else rng.choice(("none", None))


def place(rng: random.Random, holder: bool) -> Record:
    """What may change from one roster row to the next."""
    branch, unit = rng.choices(BRANCHES, BRANCH_SHARES)[0]
    return {
        "branch": branch,
        "unit": unit,
        "stage": rng.choices(("full", None, "probationary", "activist", "none"), (50, 20, 14, 12, 4))[0],
        "post": post(rng, holder),
        "category": rng.choice(CATEGORIES) if rng.random() < 0.3 else None,
        "floating": yes(rng, 0.2),
        "retired": yes(rng, 0.2),
        "infirm": yes(rng, 0.15),
    }


def spans(rng: random.Random, first: date, last: date) -> list[tuple[date | None, date | None]]:
    """The dates on the roster: one row, or two that do not overlap."""
    day = first + timedelta(days=rng.randint(20, (last - first).days - 20))
    if rng.random() < 0.3 and last_day(month_of(day)) < last:
        day = last_day(month_of(day))
    later = min(day + timedelta(days=rng.choice((1, 1, 40))), last)
    kind = rng.choices(("whole", "long", "joiner", "leaver", "transfer", "visit"), (62, 6, 9, 9, 11, 3))[0]
    kinds: dict[str, list[tuple[date | None, date | None]]] = {
        "whole": [(None, None)],
        "long": [(date(first.year - 9, 7, 1), last)],
        "joiner": [(later, None)],
        "leaver": [(None, day)],
        "transfer": [(None, day), (later, None)],
        "visit": [(first, day)],
    }
    return kinds[kind]


def dated_rows(rng: random.Random, years: tuple[int, ...], year: int | None, holder: bool) -> list[Record]:
    """The rows of one year's roster, or of a roster without years."""
    first, last = (year, year) if year is not None else (years[0], years[-1])
    exempt = yes(rng, 0.07)
    stay = place(rng, holder)
    rows: list[Record] = []
    for since, until in spans(rng, date(first, 1, 1), date(last, 12, 31)):
        changed = place(rng, holder) if rows else stay
        excused = yes(rng, 0.5) if rows and rng.random() < 0.3 else exempt
        rows.append({"year": year, "since": since, "until": until, "exempt": excused, **changed})
    return rows


def person(rng: random.Random, member_id: str, years: tuple[int, ...]) -> Person:
    """One member: rows without a year, a row for each year, or for one year only."""
    holder = rng.random() < 0.55
    own = {
        "member_id": member_id,
        "name": f"成员{member_id}",
        "sex": rng.choice(("男", "女", None)),
        "birth_date": birth_date(rng, years),
        "joined_on": rng.choice((None, date(2001, 7, 1))),
    }
    roster_years = rng.choice(([None], [None], list(years), list(years), [rng.choice(years)]))
    rows = [{**own, **row} for year in roster_years for row in dated_rows(rng, years, year, holder)]
    usual = rng.choices(TEMPERS, (40, 26, 17, 10, 7))[0]
    tempers = {
        f"{year}H{half}": usual if usual == "quiet" or rng.random() < 0.7 else rng.choice(TEMPERS[:4])
        for year in years
        for half in (1, 2)
    }
    return Person(member_id, tuple(rows), tempers)
