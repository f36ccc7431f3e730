from typing import Any

import pandas as pd
import pytest

from jifen_analysis.errors import InvalidRecords
from jifen_analysis.tables import Records
from jifen_analysis.tables.consistency import spans

MEMBERS = [{"member_id": "00001", "branch": "甲"}, {"member_id": "00002", "branch": "甲"}]
PRESENT = {"member_id": "00001", "date": "2024-03-05", "activity": "lecture", "status": "present"}


def _codes(members: list[dict[str, Any]] | None = None, **tables: list[dict[str, Any]]) -> list[tuple[str, str]]:
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    try:
        records = Records.from_frames({"members": pd.DataFrame(members or MEMBERS), **frames})
    except InvalidRecords as error:
        return [(p.code, p.cell) for p in error.problems if p.severity == "error"]
    return [(p.code, p.cell) for p in records.notes]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"attendance": [PRESENT, PRESENT]}, [("repeated_row", "attendance[1].member_id")]),
        (
            {"attendance": [PRESENT, {**PRESENT, "status": "absent"}]},
            [("contradiction", "attendance[0].status"), ("contradiction", "attendance[1].status")],
        ),
        ({"attendance": [{**PRESENT, "member_id": "00009"}]}, [("unknown_member", "attendance[0].member_id")]),
        ({"attendance": [{**PRESENT, "date": "1989-03-05"}]}, [("out_of_range", "attendance[0].date")]),
        ({"attendance": [{**PRESENT, "status": "吃饭"}]}, [("unknown_word", "attendance[0].status")]),
        ({"attendance": [{**PRESENT, "status": None}]}, [("missing_value", "attendance[0].status")]),
        ({"dues": [{"member_id": "00001", "month": "2024-1", "due": 1}]}, [("out_of_range", "dues[0].month")]),
        ({"dues": [{"member_id": "00001", "month": "2024-01", "due": -1}]}, [("out_of_range", "dues[0].due")]),
        ({"dues": [{"member_id": "00001", "month": "2024-01", "due": 0.00001}]}, [("out_of_range", "dues[0].due")]),
        (
            {"dues": [{"member_id": "00001", "month": "2024-01", "due": 1, "paid_on": "2024-01-05"}]},
            [("missing_value", "dues[0].paid")],
        ),
        (
            {"events": [{"member_id": "00001", "date": "2024-03-05", "event": "honour", "level": "first"}]},
            [("wrong_level", "events[0].level")],
        ),
        (
            {"events": [{"member_id": "00001", "date": "2024-03-05", "event": "donation"}]},
            [("missing_value", "events[0].amount")],
        ),
        (
            {"corrections": [{"member_id": "00001", "period": "2024", "target": "grade", "points": 1, "reason": "x"}]},
            [("missing_value", "corrections[0].grade")],
        ),
    ],
)
def test_what_contradicts_is_found(tables: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """Each kind of contradiction is told once, at its rows."""
    assert _codes(**tables) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([{"member_id": "00001", "branch": "乙"}], ["duplicate_member"] * 2),
        ([{"member_id": "00001", "branch": "甲"}], ["repeated_row"]),
        ([{"member_id": "00003", "branch": "乙", "since": "2024-06-01", "until": "2024-01-01"}], ["dates_reversed"]),
    ],
)
def test_rosters_hold_each_member_once(more: list[dict[str, Any]], expected: list[str]) -> None:
    """Two rows of one year must be parted by their dates; the same row twice is one."""
    assert [code for code, _ in _codes([*MEMBERS, *more], attendance=[PRESENT])] == expected


def test_a_roster_alone_holds_each_member_once() -> None:
    """Without any year in the data a member still cannot stand twice, unless dates part the rows."""
    row = {"member_id": "00001", "branch": "甲"}
    parted = [row | {"until": "2024-06-30"}, row | {"branch": "乙", "since": "2024-07-01"}]
    lapped = [row | {"until": "2024-06-30"}, row | {"branch": "乙", "since": "2024-06-01"}]
    twice = ["duplicate_member"] * 2
    assert [[code for code, _ in _codes(rows)] for rows in ([row, row | {"branch": "乙"}], parted, lapped)] == [
        twice,
        [],
        twice,
    ]


def test_a_transfer_is_two_rows_parted_by_dates() -> None:
    """Until June here, from July there; a record before either is outside."""
    members = [
        {"member_id": "00001", "branch": "甲", "since": "2024-02-01", "until": "2024-06-30"},
        {"member_id": "00001", "branch": "乙", "since": "2024-07-01"},
    ]
    assert _codes(members, attendance=[PRESENT]) == []
    early = {**PRESENT, "date": "2024-01-31"}
    assert _codes(members, attendance=[early]) == [("outside_dates", "attendance[0].date")]


@pytest.mark.parametrize("order", [1, -1])
def test_a_row_that_never_holds_in_a_year_overlaps_nothing_there(order: int) -> None:
    """A transfer in one year leaves the next to the later row, in whatever order the rows stand."""
    members = [
        {"member_id": "00001", "branch": "甲", "until": "2023-10-26"},
        {"member_id": "00001", "branch": "乙", "since": "2023-10-27"},
    ]
    both = [{**PRESENT, "date": "2023-03-05"}, PRESENT]
    assert _codes(members[::order], attendance=both) == []


def test_a_roster_of_a_year_knows_nobody_in_another() -> None:
    """A record of a year without a roster row is refused."""
    members = [{"member_id": "00001", "branch": "甲", "year": 2023}]
    assert _codes(members, attendance=[PRESENT]) == [("not_on_roster", "attendance[0].member_id")]


def test_a_broken_cell_hides_nothing_else() -> None:
    """A row with a bad day is still held against the roster, and its level against its event."""
    event = {"member_id": "00009", "date": "2024-02-30", "event": "honour", "level": "first"}
    assert {code for code, _ in _codes(events=[event])} == {"bad_value", "unknown_member", "wrong_level"}


def test_spans_cut_years_at_the_dates() -> None:
    """A row holds from its first to its last day, in each year of the data."""
    members = pd.DataFrame({"member_id": ["1"], "year": pd.array([None], "Int64"),
                            "since": pd.to_datetime(["2023-03-01"]), "until": pd.to_datetime([None])})  # fmt: skip
    found = spans(members, [2023, 2024])
    assert found["first"].astype("str").tolist() == ["2023-03-01", "2024-01-01"]
    assert found["last"].astype("str").tolist() == ["2023-12-31", "2024-12-31"]
