"""The planted cases find their members and their records."""

import numpy as np
import pandas as pd

from jifen_analysis.sample.habits import habits
from jifen_analysis.sample.people import people
from jifen_analysis.sample.planted import Planting, cases, plant_cases

YEARS = (2023, 2024)


def _members_of(case: str) -> list[str]:
    _, cast = people(300, YEARS, 7, habits())
    return [f"{person + 1:05d}" for person, played in cast.players if played.name == case]


def test_every_case_is_played() -> None:
    """With 300 members every case has all its players, each a different member."""
    _, cast = people(300, YEARS, 7, habits())
    assert len(cast.players) == sum(case.copies for case in cases())
    assert len(set(cast.people)) == len(cast.players)


def test_a_small_sample_goes_without() -> None:
    """Cases whose branch does not exist are left out."""
    cast = plant_cases(np.array([0, 0]), np.array(["none", "inspector"], dtype=object), (2024,))
    assert [case.branch for _, case in cast.players] == [1, 1]


def test_years_are_filled_in() -> None:
    """Year 1 is the sample's first; a year it does not have gives nothing."""
    cast = Planting((2031,), ())
    assert cast.when("1H2") == "2031H2"
    assert cast.when("2-05-04") is None
    assert np.isnat(cast.day("2-05-04"))


def test_late_payments_fall_on_their_day(tables: dict[str, pd.DataFrame]) -> None:
    """The member of the late bands paid 1, 15, 16, 30, 31 and 59 days after the month's end."""
    dues = tables["dues"]
    mine = dues[(dues["member_id"] == _members_of("dues_bands")[0]) & dues["month"].str.startswith("2023")]
    closes = pd.to_datetime(mine["month"]) + pd.offsets.MonthEnd(0)
    late = (mine["paid_on"] - closes).dt.days
    assert late[late > 0].tolist() == [1, 15, 16, 30, 31, 59]


def test_half_a_year_away_leaves_no_row(tables: dict[str, pd.DataFrame]) -> None:
    """Who was away from July on has no attendance from July on, while the branch goes on meeting."""
    attendance = tables["attendance"]
    mine = attendance[attendance["member_id"] == _members_of("away_half_year")[0]]
    months = mine.loc[mine["date"].dt.year == 2023, "date"].dt.month
    assert months.max() <= 6


def test_twins_are_alike(tables: dict[str, pd.DataFrame]) -> None:
    """The four who tie have the same evaluations, ballots and marks."""
    twins = _members_of("twins")
    assert len(twins) == 4
    for name in ("ballots", "marks"):
        rows = tables[name][tables[name]["member_id"].isin(twins)].drop(columns="member_id")
        assert (rows.groupby(rows.columns.tolist(), observed=True, dropna=False).size() % 4 == 0).all()


def test_a_missing_mark_is_missing(tables: dict[str, pd.DataFrame]) -> None:
    """Marks taken out by a case are not in the table."""
    marks = tables["marks"]
    mine = marks[(marks["member_id"] == _members_of("one_mark_missing")[0]) & (marks["period"] == "2023")]
    assert len(mine)
    assert not mine["item"].isin(["cooperation", "task", "unlisted_common"]).any()
