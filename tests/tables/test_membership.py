"""Who is on the roster when."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from jifen_analysis.tables.membership import spans
from tests.tables.refusals import MEMBERS, PRESENT, codes


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
    assert [code for code, _ in codes([*MEMBERS, *more], attendance=[PRESENT])] == expected


def test_a_roster_alone_holds_each_member_once() -> None:
    """Without any year in the data a member still cannot stand twice, unless dates part the rows."""
    row = {"member_id": "00001", "branch": "甲"}
    parted = [row | {"until": "2024-06-30"}, row | {"branch": "乙", "since": "2024-07-01"}]
    lapped = [row | {"until": "2024-06-30"}, row | {"branch": "乙", "since": "2024-06-01"}]
    twice = ["duplicate_member"] * 2
    assert [[code for code, _ in codes(rows)] for rows in ([row, row | {"branch": "乙"}], parted, lapped)] == [
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
    assert codes(members, attendance=[PRESENT]) == []
    early = {**PRESENT, "date": "2024-01-31"}
    assert codes(members, attendance=[early]) == [("outside_dates", "attendance[0].date")]


@pytest.mark.parametrize("order", [1, -1])
def test_a_row_that_never_holds_in_a_year_overlaps_nothing_there(order: int) -> None:
    """A transfer in one year leaves the next to the later row, in whatever order the rows stand."""
    members = [
        {"member_id": "00001", "branch": "甲", "until": "2023-10-26"},
        {"member_id": "00001", "branch": "乙", "since": "2023-10-27"},
    ]
    both = [{**PRESENT, "date": "2023-03-05"}, PRESENT]
    assert codes(members[::order], attendance=both) == []


def test_a_roster_of_a_year_knows_nobody_in_another() -> None:
    """A record of a year without a roster row is refused."""
    members = [{"member_id": "00001", "branch": "甲", "year": 2023}]
    assert codes(members, attendance=[PRESENT]) == [("not_on_roster", "attendance[0].member_id")]


def test_spans_cut_years_at_the_dates() -> None:
    """A row holds from its first to its last day, in each year of the data."""
    members = pd.DataFrame({"member_id": ["1"], "year": pd.array([None], "Int64"),
                            "since": pd.to_datetime(["2023-03-01"]), "until": pd.to_datetime([None])})  # fmt: skip
    found = spans(members, [2023, 2024])
    assert found["first"].astype("str").tolist() == ["2023-03-01", "2024-01-01"]
    assert found["last"].astype("str").tolist() == ["2023-12-31", "2024-12-31"]
