"""Who is on the roster, when, and which row of it speaks for him."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from .periods import first_day, last_day, months_of, year_of

Row = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """What the roster says of a member for one period."""

    branch: str
    unit: str
    post: str
    stage: str
    category: str | None
    birth_date: date | None
    floating: bool
    retired: bool
    infirm: bool
    exempt: bool

    @property
    def activist(self) -> bool:
        """Whether he is left out of ranks, quotas and every n."""
        return self.stage == "activist"


def roster_of(members: list[Row], year: str) -> dict[str, list[Row]]:
    """Every member on the roster of a year, with his rows that speak for it."""
    dated = {row["member_id"] for row in members if row.get("year") is not None}
    roster: dict[str, list[Row]] = {}
    for row in members:
        every_year = row["member_id"] not in dated
        if every_year or str(row.get("year")) == year:
            roster.setdefault(row["member_id"], []).append(row)
    return roster


def on_roster(rows: list[Row], month: str) -> bool:
    """Whether a month overlaps the dates of one of the rows."""
    return any(
        (row.get("since") or date.min) <= last_day(month) and first_day(month) <= (row.get("until") or date.max)
        for row in rows
    )


def assessed_months(rows: list[Row], period: str) -> list[str]:
    """The months of a period in which the member is on the roster."""
    return [month for month in months_of(period) if on_roster(rows, month)]


def row_in_force(rows: list[Row], period: str) -> Row:
    """The row in force on the period's last day, or the last one before it.

    Rows that part a member's dates do not overlap, so this is also the row of
    the last assessed day. One who comes only later is known by his first row.
    """
    ordered = sorted(rows, key=lambda row: row.get("since") or date.min)
    begun = [row for row in ordered if (row.get("since") or date.min) <= last_day(period)]
    return begun[-1] if begun else ordered[0]


def place_of(rows: list[Row], period: str) -> Place:
    """Branch, post, stage, yes and no: all from the one row in force."""
    row = row_in_force(rows, period)
    return Place(
        branch=row["branch"],
        unit=row.get("unit") or row["branch"],
        post=row.get("post") or "none",
        stage=row.get("stage") or "full",
        category=row.get("category") or None,
        birth_date=row.get("birth_date"),
        floating=bool(row.get("floating")),
        retired=bool(row.get("retired")),
        infirm=bool(row.get("infirm")),
        exempt=bool(row.get("exempt")),
    )


def branches_in(members: list[Row], period: str) -> dict[str, str]:
    """The branch each member on the roster belongs to for a period."""
    roster = roster_of(members, year_of(period))
    return {member_id: row_in_force(rows, period)["branch"] for member_id, rows in roster.items()}
