"""Who paid what when."""

import pandas as pd


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
