"""Everything a clerk has on the desk for one member and one period."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .dues import DuesMonth
from .exact import exact, exact_or
from .periods import month_of, months_of
from .roster import Place
from .runs import longest_run

Record = dict[str, Any]

THREE_MEETINGS_ONE_LECTURE = ("general_meeting", "committee_meeting", "group_meeting", "lecture")
ORGANISATION_LIFE = (*THREE_MEETINGS_ONE_LECTURE, "theme_day", "life_meeting", "study", "unspecified")
ATTENDED = ("present", "late", "early_leave")
TOOK_PART = (*ATTENDED, "leave", "sick_leave", "excused")


@dataclass(frozen=True)
class Case:
    """One member in one scored period, with the records that fall into it."""

    member_id: str
    period: str
    place: Place
    assessed: list[str]
    attendance: list[Record]
    events: list[Record]
    dues: list[DuesMonth]
    evaluations: list[Record]
    marks: dict[str, Fraction]
    ballot: dict[str, int] | None
    corrections: list[Record]
    branch_life: frozenset[str]

    def of(self, event: str, *levels: str | None) -> list[Record]:
        """His records of an event, at any level or only at those named."""
        rows = [row for row in self.events if row["event"] == event]
        return [row for row in rows if (row.get("level") or None) in levels] if levels else rows

    def count(self, event: str, *levels: str | None) -> int:
        """How often an event was recorded."""
        return len(self.of(event, *levels))

    def quantity(self, event: str) -> Fraction:
        """The quantities of an event added up; a blank one is 1."""
        return sum((exact_or(row.get("quantity"), 1) for row in self.of(event)), Fraction(0))

    def by_level(self, event: str, prices: dict[str, int]) -> int:
        """An event priced by level; a level not listed earns nothing."""
        return sum(prices.get(row.get("level") or "", 0) for row in self.of(event))

    def discretion(self) -> Fraction:
        """The discretionary points added up, with their signs."""
        return sum((exact(row["points"]) for row in self.of("discretionary")), Fraction(0))

    def rows(self, activities: tuple[str, ...]) -> list[Record]:
        """His attendance rows of some activities."""
        return [row for row in self.attendance if row["activity"] in activities]

    def seen(self, activities: tuple[str, ...], *statuses: str) -> int:
        """How often he was recorded with one of these statuses."""
        return sum(row["status"] in statuses for row in self.rows(activities))

    def attended(self, *activities: str) -> int:
        """How often he attended: present, late or leaving early."""
        return self.seen(activities, *ATTENDED)

    def dues_not_on_time(self) -> int:
        """How many months of dues were late, short or unpaid."""
        return sum(not month.on_time for month in self.dues)

    def months_unpaid(self) -> int:
        """The longest run of months in which dues fell due and nothing was paid."""
        unpaid = {month.month for month in self.dues if month.state == "unpaid"}
        return longest_run(months_of(self.period), lambda m: m in self.assessed and m in unpaid)

    def months_without_life(self) -> int:
        """The longest run of months in which the branch met and he took no part."""
        there = {month_of(r["date"]) for r in self.rows(ORGANISATION_LIFE) if r["status"] in TOOK_PART}
        return longest_run(
            months_of(self.period),
            lambda m: m in self.assessed and m in self.branch_life and m not in there,
        )

    def six_months_away(self) -> bool:
        """Six months without organisation life, or six without dues."""
        return self.months_without_life() >= 6 or self.months_unpaid() >= 6
