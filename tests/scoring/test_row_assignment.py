"""Which row each record belongs to, in which month, and what it says, however the records are cut."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.periods import Period
from jifen_analysis.scoring import row_assignment
from jifen_analysis.scoring.queries import coding
from jifen_analysis.scoring.roster import build_roster
from jifen_analysis.scoring.row_assignment import (
    AssignedRecords,
    Payments,
    assign_records,
    assign_rows,
    last_days,
    seen_from,
    settlement,
)
from jifen_analysis.vocabulary import standard
from tests.builders import records

GIVEN = records(
    members=[["1", "甲"], ["2", "甲"]],
    attendance=[
        ["2", "2024-08-31", "lecture", "absent"],
        ["1", "2023-12-31", "lecture", "absent"],
        ["1", "2024-07-01", "lecture", "late"],
        ["1", "2024-12-01", "theme_day", "late"],
    ],
)
ROWS = build_roster(GIVEN, [Period.parse("2024H1"), Period.parse("2024H2")])
CODE = coding("attendance", [], standard())


def together(parts: list[AssignedRecords]) -> list[list[int]]:
    """Row, month, code and place of the records of some slices."""
    kept = [np.arange(len(part.batch))[part.kept] for part in parts]
    columns = [(part.row, part.part(1), part.code.of(), at) for part, at in zip(parts, kept, strict=True)]
    return [np.concatenate(column).tolist() for column in zip(*columns, strict=True)]


def test_records_find_their_row_and_month() -> None:
    """By member and day; what lies in no scored period is left out."""
    row, month, code, at = together([assign_rows(GIVEN.attendance, "attendance", ROWS, CODE)])
    assert (row, month, at) == ([3, 1, 1], [1, 0, 5], [0, 2, 3])
    assert code[1] != code[0] != code[2] != code[1]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_slices_change_nothing(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut anywhere, the records are placed as they are whole."""
    whole = together([assign_rows(GIVEN.attendance, "attendance", ROWS, CODE)])
    monkeypatch.setattr(row_assignment, "SLICE", size)
    cut = together(list(assign_records([GIVEN.attendance], "attendance", ROWS, CODE, None)))
    assert cut == whole


def test_what_is_not_seen_has_no_row() -> None:
    """Nothing after the last day; that day itself is seen."""
    row, *_ = together([assign_rows(GIVEN.attendance, "attendance", ROWS, CODE, date(2024, 8, 31))])
    assert row == [3, 1]


def test_no_records_are_placed_nowhere() -> None:
    """An empty table has one empty slice."""
    assert together([assign_rows(GIVEN.attendance[:0], "attendance", ROWS, CODE)]) == [[], [], [], []]


# ---------------------------------------------------------------- how a month of dues stands


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
