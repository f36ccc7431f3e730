"""Dues, month by month, as they look on the last day of the scored period."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from .exact import exact, exact_or
from .periods import last_day


@dataclass(frozen=True)
class DuesMonth:
    """One month of a member's dues: on_time, late, short or unpaid."""

    month: str
    state: str
    days_late: int
    undated: bool = False

    @property
    def on_time(self) -> bool:
        """Settled by the last day of its month, or without a date, or exempted."""
        return self.state == "on_time"


def judge(row: dict[str, Any], seen_from: date) -> DuesMonth:
    """What one row of the dues ledger amounts to, seen from a day."""
    month, due = row["month"], exact(row["due"])
    paid, paid_on = exact_or(row.get("paid"), 0), row.get("paid_on")
    if paid_on is not None and paid_on > seen_from:
        paid, paid_on = exact(0), None
    if due == 0:
        return DuesMonth(month, "on_time", 0)
    if paid < due:
        days = max(1, (seen_from - last_day(month)).days)
        return DuesMonth(month, "short" if paid > 0 else "unpaid", days)
    if paid_on is None:
        return DuesMonth(month, "on_time", 0, undated=True)
    days = max(0, (paid_on - last_day(month)).days)
    return DuesMonth(month, "late" if days else "on_time", days)
