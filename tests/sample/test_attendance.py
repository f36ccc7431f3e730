"""Who was where."""

from __future__ import annotations

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


def test_activists_owe_nothing(tables: dict[str, pd.DataFrame]) -> None:
    """An activist has no dues in the year in which he is one."""
    members, dues = tables["members"], tables["dues"]
    activists = members[members["stage"] == "activist"]
    owed = set(zip(dues["member_id"], dues["month"].str[:4], strict=True))
    assert len(activists) > 3
    assert not owed & set(zip(activists["member_id"], activists["year"].astype("str"), strict=True))


def test_one_ledger_keeps_no_dates(tables: dict[str, pd.DataFrame]) -> None:
    """The eighth branch notes amounts but no days, except where a case was paid short or late."""
    members, dues = tables["members"], tables["dues"]
    mine = dues[dues["member_id"].isin(members.loc[members["branch"] == "第八支部", "member_id"])]
    assert mine["paid_on"].isna().mean() > 0.95
    assert (mine["paid"] >= mine["due"]).mean() > 0.95


def test_every_kind_of_payment_occurs(tables: dict[str, pd.DataFrame]) -> None:
    """Paid in full and dated, undated, short, unpaid and free of dues: all stand in the sample."""
    dues = tables["dues"]
    paid, due = dues["paid"], dues["due"]
    kinds = [
        due == 0,
        paid.isna() & (due > 0),
        paid < due,
        (paid >= due) & dues["paid_on"].isna(),
        dues["paid_on"].notna(),
    ]
    assert all(kind.any() for kind in kinds)
