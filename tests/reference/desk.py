"""The records sorted by member, the scored periods, and the case of each member."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from .case import ORGANISATION_LIFE, Case
from .dues import judge
from .periods import last_day, month_of, months_of, period_of, year_of
from .roster import assessed_months, branches_in, place_of, roster_of
from .serving import ballot, marks_by_item, serving

Record = dict[str, Any]
Tables = Mapping[str, Sequence[Record]]
BY_MEMBER = ("attendance", "dues", "events", "evaluations", "ballots", "marks", "corrections")


class Desk:
    """The tables, each sorted into one pile a member."""

    def __init__(self, tables: Tables) -> None:
        self.members = list(tables.get("members", ()))
        self.piles: dict[str, dict[str, list[Record]]] = {}
        for name in BY_MEMBER:
            self.piles[name] = defaultdict(list)
            for row in tables.get(name, ()):
                self.piles[name][row["member_id"]].append(row)

    def everything(self, table: str) -> list[Record]:
        """All rows of a table."""
        return [row for pile in self.piles[table].values() for row in pile]

    def scored_periods(self, kind: str) -> list[str]:
        """Those in which an attendance row, an event or a dues row falls."""
        months = {month_of(row["date"]) for row in self.everything("attendance")}
        months |= {month_of(row["date"]) for row in self.everything("events")}
        months |= {row["month"] for row in self.everything("dues")}
        return sorted({period_of(month, kind) for month in months})

    def branch_life(self, period: str) -> dict[str, frozenset[str]]:
        """The months in which each branch recorded organisation life."""
        life: dict[str, set[str]] = defaultdict(set)
        for member_id, branch in branches_in(self.members, period).items():
            for row in self.piles["attendance"][member_id]:
                if row["activity"] in ORGANISATION_LIFE:
                    life[branch].add(month_of(row["date"]))
        return {branch: frozenset(months) & set(months_of(period)) for branch, months in life.items()}

    def cases(self, period: str) -> list[Case]:
        """The case of everyone on the roster of the period's year."""
        life = self.branch_life(period)
        roster = roster_of(self.members, year_of(period))
        return [self.case(member_id, rows, period, life) for member_id, rows in roster.items()]

    def case(self, member_id: str, rows: list[Record], period: str, life: dict[str, frozenset[str]]) -> Case:
        """What lies on the desk for one member and one period."""
        place, months = place_of(rows, period), months_of(period)
        pile = {name: self.piles[name][member_id] for name in BY_MEMBER}
        return Case(
            member_id=member_id,
            period=period,
            place=place,
            assessed=assessed_months(rows, period),
            attendance=[row for row in pile["attendance"] if month_of(row["date"]) in months],
            events=[row for row in pile["events"] if month_of(row["date"]) in months],
            dues=[judge(row, last_day(period)) for row in pile["dues"] if row["month"] in months],
            evaluations=serving(pile["evaluations"], period),
            marks=marks_by_item(pile["marks"], period),
            ballot=ballot(pile["ballots"], period),
            corrections=[row for row in pile["corrections"] if row["period"] == period],
            branch_life=life.get(place.branch, frozenset()),
        )

    def event_days(self, member_id: str, event: str) -> list[date]:
        """The days on which an event of a member was recorded, in all the data."""
        return [row["date"] for row in self.piles["events"][member_id] if row["event"] == event]

    def year_grade_corrections(self, member_id: str, year: str) -> list[str]:
        """The grades that decisions after an objection gave to a member's year."""
        rows = self.piles["corrections"][member_id]
        return [row["grade"] for row in rows if row["period"] == year and row["target"] == "grade"]
