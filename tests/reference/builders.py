"""Rows for hand-worked checks: only what matters is said."""

from datetime import date
from decimal import Decimal
from typing import Any

from .scoring import Scored

Record = dict[str, Any]


def day(text: str) -> date:
    """The day of an ISO text."""
    return date.fromisoformat(text)


def member(member_id: str = "1", branch: str = "一支部", **columns: Any) -> Record:
    """A roster row."""
    return {"member_id": member_id, "branch": branch, **columns}


def came(text: str, status: str = "present", activity: str = "lecture", member_id: str = "1") -> Record:
    """An attendance row."""
    return {"member_id": member_id, "date": day(text), "activity": activity, "status": status}


def owed(month: str, paid: Any = None, paid_on: str | None = None, due: Any = 2, member_id: str = "1") -> Record:
    """A dues row."""
    when = None if paid_on is None else day(paid_on)
    return {"member_id": member_id, "month": month, "due": due, "paid": paid, "paid_on": when}


def did(text: str, event: str, level: str | None = None, member_id: str = "1", **columns: Any) -> Record:
    """An event row."""
    return {"member_id": member_id, "date": day(text), "event": event, "level": level, **columns}


def mark_of(group: str, mark: Any, period: str = "2024", count: int | None = None, member_id: str = "1") -> Record:
    """An evaluation row."""
    return {"member_id": member_id, "period": period, "group": group, "mark": mark, "count": count}


def marked(items: dict[str, Any], period: str = "2024", member_id: str = "1") -> list[Record]:
    """Marks for several items."""
    return [{"member_id": member_id, "period": period, "item": i, "mark": m} for i, m in items.items()]


def votes(text: str, satisfaction: str = "", period: str = "2024", member_id: str = "1") -> Record:
    """A ballot row, from "6 3 0 1 0": excellent to abstained; then satisfied to dissatisfied."""
    kinds = ("excellent", "qualified", "basic", "unqualified", "abstained")
    row: Record = {"member_id": member_id, "period": period}
    row |= dict(zip(kinds, map(int, text.split()), strict=True))
    asked = ("satisfied", "neutral", "dissatisfied")
    return row | dict(zip(asked, map(int, satisfaction.split()), strict=bool(satisfaction)))


def decided(target: str, period: str, points: Any = None, grade: str | None = None, member_id: str = "1") -> Record:
    """A correction."""
    return {"member_id": member_id, "period": period, "target": target, "points": points, "grade": grade}


def points(text: str) -> Decimal:
    """A decimal number."""
    return Decimal(text)


def only(result: Scored) -> Record:
    """The one row of a result."""
    [row] = result.rows
    return row


def by_member(result: Scored) -> dict[str, Record]:
    """The rows of a result by member, where there is one period."""
    return {row["member_id"]: row for row in result.rows}


def outcomes_of(result: Scored, member_id: str = "1") -> set[tuple[str, str]]:
    """A member's outcomes as (period, outcome)."""
    return {(period, name) for who, period, name in result.outcomes if who == member_id}
