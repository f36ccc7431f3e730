"""How a month of dues stands: settled, late, short or unpaid, seen from the end of its period."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.periods import Period
from jifen_analysis.scoring.dues import Payments, last_days, seen_from, settlement

STATES = ("on_time", "late", "short", "unpaid")
DAY = np.array(["2024-06-30"], dtype="datetime64[D]").astype("int64")


def payment(due: float, paid: float | None, paid_on: str | None) -> Payments:
    """One month of dues."""
    frame = pd.DataFrame({"due": [due], "paid": [paid], "paid_on": pd.to_datetime([paid_on])})
    return Payments.of(frame.astype({"due": "float64", "paid": "float64"}))


@pytest.mark.parametrize(
    ("due", "paid", "paid_on", "state", "days"),
    [
        (10, 10, "2024-05-31", "on_time", 0),
        (10, 10, "2024-06-01", "late", 1),
        (10, 12, "2024-04-01", "on_time", 0),
        (10, 10, None, "on_time", 0),
        (10, 9.9999, "2024-05-31", "short", 30),
        (10, 5, "2024-07-01", "unpaid", 30),
        (10, 0, None, "unpaid", 30),
        (10, None, None, "unpaid", 30),
        (10, 10, "2024-06-30", "late", 30),
        (10, 10, "2024-07-01", "unpaid", 30),
        (0, None, None, "on_time", 0),
        (0, 0, "2024-06-20", "on_time", 0),
    ],
)
def test_dues_seen_from_the_last_day(
    due: float, paid: float | None, paid_on: str | None, state: str, days: int
) -> None:
    """May's dues seen on 30 June: settled, short or unpaid, and how many days late."""
    found, _, late = settlement(payment(due, paid, paid_on), last_days(np.array([12 * 2024 + 4])), DAY)
    assert (STATES[found[0]], late[0]) == (state, days)


def test_the_last_month_is_late_by_a_day_at_least() -> None:
    """June's dues unpaid on 30 June are a day late, so never paying does not beat paying late."""
    _, _, late = settlement(payment(10, 0, None), last_days(np.array([12 * 2024 + 5])), DAY)
    assert late.tolist() == [1]


def test_dues_are_seen_from_the_end_of_their_period() -> None:
    """Or from the last day seen, where that is earlier; last stands the end of no period."""
    halves = [Period.parse("2023H2"), Period.parse("2024H1")]
    days = seen_from(halves, date(2024, 5, 1)).astype("datetime64[D]").astype(str).tolist()
    assert days == ["2023-12-31", "2024-05-01", "9999-12-31"]


def test_months_end_on_their_last_day() -> None:
    """Leap years have their day."""
    ends = last_days(np.array([12 * 2024 + 1, 12 * 1969 + 11])).astype("datetime64[D]").astype(str)
    assert ends.tolist() == ["2024-02-29", "1969-12-31"]
