"""Who was where."""

import pandas as pd


def _posts(tables: dict[str, pd.DataFrame]) -> set[str]:
    members = tables["members"]
    return set(members.loc[members["post"].notna() & (members["post"] != "none"), "member_id"])


def test_only_members_with_a_post_have_workdays(tables: dict[str, pd.DataFrame]) -> None:
    """Workday attendance and committee meetings are for members with a post."""
    attendance = tables["attendance"]
    special = attendance[attendance["activity"].isin(["workday", "committee_meeting"])]
    assert set(special["member_id"]) == _posts(tables) - _unattending(tables)


def _unattending(tables: dict[str, pd.DataFrame]) -> set[str]:
    return _posts(tables) - set(tables["attendance"]["member_id"])


def test_workdays_are_working_days(tables: dict[str, pd.DataFrame]) -> None:
    """No workday row falls on a weekend."""
    workdays = tables["attendance"].query("activity == 'workday'")
    assert workdays["date"].dt.day_of_week.max() <= 4


def test_every_branch_meets_every_month(tables: dict[str, pd.DataFrame]) -> None:
    """In each month of both years each branch has organisation life, so that absence can be seen."""
    attendance = tables["attendance"].query("activity not in ['workday', 'voluntary_labour', 'charity_activity']")
    branch = tables["members"].drop_duplicates("member_id").set_index("member_id")["branch"]
    months = attendance["date"].dt.strftime("%Y-%m").groupby(attendance["member_id"].map(branch)).nunique()
    assert months.tolist() == [24] * 10
