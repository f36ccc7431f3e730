"""pandas as it is usually written: read, map, group, merge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.peers import LIFE

_ATTENDED = ["present", "late", "early_leave"]


def _half(month: pd.Series) -> pd.Series:
    return month.lt(7).map({True: "H1", False: "H2"})


def _dues(folder: Path) -> pd.DataFrame:
    dues = pd.read_parquet(folder / "dues", columns=["member_id", "month", "due", "paid", "paid_on"])
    first = pd.to_datetime(dues["month"].astype("str") + "-01")
    paid_on = pd.to_datetime(dues["paid_on"])
    return dues.assign(first=first, ends=first + pd.offsets.MonthEnd(0), paid_on=paid_on)


def _events(folder: Path) -> pd.DataFrame:
    events = pd.read_parquet(folder / "events", columns=["member_id", "date", "event", "quantity"])
    return events[events["event"] == "public_benefit"]


def _community(folder: Path) -> pd.DataFrame:
    key = ["member_id", "half"]
    prices = {"absent": -5, "late": -4, "early_leave": -4, "leave": -3, "sick_leave": -3, "proxy": -10}
    rows = pd.read_parquet(folder / "attendance", columns=["member_id", "date", "activity", "status"])
    rows = rows[rows["activity"] != "workday"]
    rows = rows.assign(half=_half(pd.to_datetime(rows["date"]).dt.month), points=rows["status"].map(prices).fillna(0))
    attended = rows.groupby(key)["points"].sum().rename("attended")
    dues = _dues(folder)
    dues = dues.assign(half=_half(dues["first"].dt.month))
    closes = pd.to_datetime(dues["half"].map({"H1": "2024-06-30", "H2": "2024-12-31"}))
    paid = dues["paid"].fillna(0).where(~(dues["paid_on"] > closes), 0)
    overdue = (dues["paid_on"] - dues["ends"]).dt.days.fillna(0).clip(lower=0)
    days = overdue.where(paid >= dues["due"], (closes - dues["ends"]).dt.days.clip(lower=1)).where(dues["due"] > 0, 0)
    fine = np.select([days < 1, days < 31, days < 60], [0, -2, -5], 0)
    by_member = dues.assign(fined=fine, lost=days >= 60).groupby(key).agg(fined=("fined", "sum"), lost=("lost", "any"))
    events = _events(folder)
    events = events.assign(half=_half(pd.to_datetime(events["date"]).dt.month))
    given = (5 * events.groupby(key)["quantity"].sum()).rename("given")
    marks = pd.read_parquet(folder / "evaluations", columns=["member_id", "period", "group", "mark", "count"])
    marks = marks.assign(half=marks["period"].astype("str").str[4:], weighed=marks["mark"] * marks["count"])
    pools = marks.groupby([*key, "group"], observed=True)[["weighed", "count"]].sum().reset_index()
    weight = pools["group"].astype("str").map({"members": 0.4, "residents": 0.4}).fillna(0.3)
    pools = pools.assign(weight=weight, points=pools["weighed"] / pools["count"] * weight)
    sums = pools.groupby(key)[["points", "weight"]].sum()
    said = (sums["points"] / sums["weight"]).rename("said")
    table = said.to_frame().join([attended, by_member, given])
    item = 10 + table["fined"].fillna(0)
    item = item.where(~table["lost"].astype("boolean").fillna(False).astype(bool), item.clip(upper=0))
    daily = 90 + table["attended"].fillna(0) + item
    total = 0.6 * daily + 0.4 * table["said"] + table["given"].fillna(0)
    found = total.rename("total").reset_index()
    return found.assign(period="2024" + found["half"])


def _street(folder: Path) -> pd.DataFrame:
    prices = {"leave": -1, "sick_leave": -1, "late": -2, "early_leave": -2, "absent": -5, "proxy": -5}
    rows = pd.read_parquet(folder / "attendance", columns=["member_id", "activity", "status"])
    points = rows["status"].map(prices).fillna(0).where(rows["activity"].isin(LIFE), 0)
    labour = (rows["activity"] == "voluntary_labour") & rows["status"].isin(_ATTENDED)
    attended = rows.assign(attended=points, labour=labour).groupby("member_id")[["attended", "labour"]].sum()
    dues = _dues(folder)
    paid = dues["paid"].fillna(0).where(~(dues["paid_on"] > "2024-12-31"), 0)
    owed, short = dues["due"] > 0, paid < dues["due"]
    late = dues.assign(late=owed & (short | (dues["paid_on"] > dues["ends"])), short=owed & short & (paid > 0))
    by_member = late.groupby("member_id").agg(late=("late", "sum"), short=("short", "any"))
    given = _events(folder).groupby("member_id")["quantity"].sum().clip(upper=10).rename("given")
    marks = pd.read_parquet(folder / "evaluations", columns=["member_id", "group", "mark", "count"])
    marks = marks[marks["group"].isin(["committee", "members"])]
    sums = marks.assign(weighed=marks["mark"] * marks["count"]).groupby("member_id")[["weighed", "count"]].sum()
    table = (sums["weighed"] / sums["count"]).rename("said").to_frame().join([attended, by_member, given])
    short = table["short"].astype("boolean").fillna(False).astype(int)
    total = (
        30 + (40 + table["attended"].fillna(0)).clip(lower=0) + (10 - table["late"].fillna(0) - 5 * short).clip(lower=0)
        + 0.2 * table["said"] + table["given"].fillna(0) + table["labour"].fillna(0).clip(upper=10)
    )  # fmt: skip
    return total.rename("total").reset_index().assign(period="2024")


def totals(folder: Path, scheme: str) -> pd.DataFrame:
    """Return member_id, period, total and rank_branch."""
    found = {"community_60_40": _community, "street_80_20": _street}[scheme](folder)
    branch = pd.read_parquet(folder / "members.parquet", columns=["member_id", "branch"])
    found = found.merge(branch, on="member_id")
    whole = found.assign(total=found["total"].round(6))
    rank = whole.groupby(["branch", "period"])["total"].rank("min", ascending=False)
    return found.assign(rank_branch=rank)[["member_id", "period", "total", "rank_branch"]]
