"""Polars: one lazy plan a scheme, collected by the streaming engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.peers import LIFE

_ATTENDED = ["present", "late", "early_leave"]


def _table(folder: Path, name: str) -> pl.LazyFrame:
    return pl.scan_parquet(folder / name / "*" / "*.parquet", hive_partitioning=False)


def _half(month: pl.Expr) -> pl.Expr:
    return pl.when(month < 7).then(pl.lit("H1")).otherwise(pl.lit("H2")).alias("half")


def _price(prices: dict[str, int]) -> pl.Expr:
    return pl.col("status").cast(pl.String).replace_strict(prices, default=0, return_dtype=pl.Int64)


def _dues(folder: Path) -> pl.LazyFrame:
    first = (pl.col("month") + "-01").str.to_date()
    return _table(folder, "dues").with_columns(ends=first.dt.month_end(), half=_half(first.dt.month()))


def _benefit(folder: Path) -> pl.LazyFrame:
    return _table(folder, "events").filter(pl.col("event").cast(pl.String) == "public_benefit")


def _community(folder: Path) -> pl.LazyFrame:
    key = ["member_id", "half"]
    prices = {"absent": -5, "late": -4, "early_leave": -4, "leave": -3, "sick_leave": -3, "proxy": -10}
    attended = (
        _table(folder, "attendance").filter(pl.col("activity").cast(pl.String) != "workday")
        .group_by("member_id", _half(pl.col("date").dt.month())).agg(attended=_price(prices).sum())
    )  # fmt: skip
    closes = pl.when(pl.col("half") == "H1").then(date(2024, 6, 30)).otherwise(date(2024, 12, 31))
    paid = pl.when(pl.col("paid_on") > closes).then(0.0).otherwise(pl.col("paid").fill_null(0.0))
    overdue = (pl.col("paid_on") - pl.col("ends")).dt.total_days().fill_null(0).clip(0)
    days = (
        pl.when(pl.col("due") == 0).then(0).when(paid >= pl.col("due")).then(overdue)
        .otherwise((closes - pl.col("ends")).dt.total_days().clip(1))
    )  # fmt: skip
    fine = pl.when((days < 1) | (days >= 60)).then(0).when(days < 31).then(-2).otherwise(-5)
    dues = _dues(folder).group_by(key).agg(fined=fine.sum(), lost=(days >= 60).any())
    given = (
        _benefit(folder).group_by("member_id", _half(pl.col("date").dt.month()))
        .agg(given=5 * pl.col("quantity").sum())
    )  # fmt: skip
    weight = pl.when(pl.col("group").cast(pl.String).is_in(["members", "residents"])).then(0.4).otherwise(0.3)
    said = (
        _table(folder, "evaluations").with_columns(half=pl.col("period").cast(pl.String).str.slice(4), weight=weight)
        .group_by("member_id", "half", "group")
        .agg(mean=(pl.col("mark") * pl.col("count")).sum() / pl.col("count").sum(), weight=pl.col("weight").first())
        .group_by(key).agg(said=(pl.col("mean") * pl.col("weight")).sum() / pl.col("weight").sum())
    )  # fmt: skip
    item = 10 + pl.col("fined").fill_null(0)
    dued = pl.when(pl.col("lost").fill_null(value=False)).then(item.clip(upper_bound=0)).otherwise(item)
    total = 0.6 * (90 + pl.col("attended").fill_null(0) + dued) + 0.4 * pl.col("said") + pl.col("given").fill_null(0)
    joined = pl.scan_parquet(folder / "members.parquet").select("member_id", "branch").join(said, on="member_id")
    for other in (attended, dues, given):
        joined = joined.join(other, on=key, how="left")
    return joined.select("member_id", "branch", period="2024" + pl.col("half"), total=total)


def _street(folder: Path) -> pl.LazyFrame:
    prices = {"leave": -1, "sick_leave": -1, "late": -2, "early_leave": -2, "absent": -5, "proxy": -5}
    activity, status = pl.col("activity").cast(pl.String), pl.col("status").cast(pl.String)
    attended = _table(folder, "attendance").group_by("member_id").agg(
        attended=_price(prices).filter(activity.is_in(LIFE)).sum(),
        labour=((activity == "voluntary_labour") & status.is_in(_ATTENDED)).sum().cast(pl.Int64),
    )  # fmt: skip
    paid = pl.when(pl.col("paid_on") > date(2024, 12, 31)).then(0.0).otherwise(pl.col("paid").fill_null(0.0))
    owed = pl.col("due") > 0
    dues = _dues(folder).group_by("member_id").agg(
        late=(owed & ((paid < pl.col("due")) | (pl.col("paid_on") > pl.col("ends")))).sum().cast(pl.Int64),
        short=(owed & (paid < pl.col("due")) & (paid > 0)).any(),
    )  # fmt: skip
    given = _benefit(folder).group_by("member_id").agg(given=pl.col("quantity").sum().clip(upper_bound=10))
    said = (
        _table(folder, "evaluations").filter(pl.col("group").cast(pl.String).is_in(["committee", "members"]))
        .group_by("member_id").agg(said=(pl.col("mark") * pl.col("count")).sum() / pl.col("count").sum())
    )  # fmt: skip
    short = pl.col("short").fill_null(value=False).cast(pl.Int64)
    total = (
        30 + (40 + pl.col("attended").fill_null(0)).clip(0) + (10 - pl.col("late").fill_null(0) - 5 * short).clip(0)
        + 0.2 * pl.col("said") + pl.col("given").fill_null(0) + pl.col("labour").fill_null(0).clip(upper_bound=10)
    )  # fmt: skip
    joined = pl.scan_parquet(folder / "members.parquet").select("member_id", "branch").join(said, on="member_id")
    for other in (attended, dues, given):
        joined = joined.join(other, on="member_id", how="left")
    return joined.select("member_id", "branch", period=pl.lit("2024"), total=total)


def totals(folder: Path, scheme: str) -> Any:
    """Return member_id, period, total and rank_branch."""
    plan = {"community_60_40": _community, "street_80_20": _street}[scheme](folder)
    rank = pl.col("total").round(6).rank("min", descending=True).over("branch", "period")
    return plan.select("member_id", "period", "total", rank_branch=rank).collect(engine="streaming").to_arrow()
