"""Pictures of grades that hang on a point, on a quota, or on a reading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text
from jifen_analysis.findings import thresholds as found_in
from jifen_analysis.summaries import Readings


def readings(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw how many grades hang on each reading of the text.

    Parameters
    ----------
    table : DataFrame
        What ``thresholds.readings`` returned, with its ``summary``.
    **style
        ``labels`` (what a reading is called), ``source``, ``lang``.

    Returns
    -------
    Figure
        A bar for each reading, those that move nobody included.

    Examples
    --------
    >>> table = pd.DataFrame({"variant": ["strict"], "member_id": ["1"]})
    >>> table = Readings(summary={"strict": 1, "floored": 0}).on(table)
    >>> readings(table).data[0].x.tolist()
    [1, 0]
    """
    pen = Pen(**style)
    moved = pd.Series(Readings.read(table).summary, dtype="int64").sort_values(ascending=False, kind="stable")
    names = pen.names(moved.index)
    held = table.groupby("variant")["member_id"].unique()
    bars = _counted(pen, names, moved.to_list(), [held.get(variant, []) for variant in moved.index], theme.MAIN)
    who = table["member_id"].nunique()
    words = FigureText(
        Text("不同读法改变多少人次的等次", "How many grades hang on a reading"),
        Text(f"共涉及 {who} 人", f"{who} members in all"),
        Text("等次改变的人次(人·考核期或年度)", "Grades changed (members and periods or years)"),
        finding=theme.headline(found_in.readings(table, pen.labels)),
    )
    return pen.listing([bars], words, names, xaxis={"rangemode": "tozero"})


def _counted(
    pen: Pen, names: list[str], counts: list[int], members: Iterable[Iterable[object]], colour: str | list[str]
) -> go.Bar:
    """Return a bar for each count, and whom it counts for the pointer."""
    return theme.bars(
        names,
        np.array(counts),
        "%{y}:%{x}<br>%{customdata}",
        [f"{count}" for count in counts],
        marker={"color": colour},
        customdata=[pen.name_list(list(some)) for some in members],
        showlegend=False,
    )


def near_cut(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw who is close below the next grade, by branch; branches of few stand together.

    Parameters
    ----------
    table : DataFrame
        What ``thresholds.near_cut`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A point for each member and period: the points missing to the next grade.

    Raises
    ------
    UsageError
        Where there are some, but too few to be shown even together.

    Examples
    --------
    >>> row = {"member_id": "1", "period": "2024H1", "branch": "一", "total": 89.8, "grade": "合格"}
    >>> near_cut(pd.DataFrame([row | {"distance": 0.2, "item": "daily.dues", "lost": 2.0}] * 5)).data[0].x.tolist()
    [0.2, 0.2, 0.2, 0.2, 0.2]
    """
    pen = Pen(**style)
    few = table["branch"].map(table["branch"].value_counts()) < pen.least
    rows = table.assign(branch=table["branch"].astype("object").mask(few, pen.say("其他支部", "other branches")))
    sizes, small = pen.large_groups(rows["branch"].value_counts().to_frame("n"))
    placed = rows.assign(place=rows["branch"].map(sizes["n"])).dropna(subset="place")
    ordered = placed.sort_values(["place", "branch"], ascending=False)
    items = [pen.say("无", "none") if pd.isna(item) else pen.name(item) for item in ordered["item"]]
    names = pen.all_counted(ordered["branch"], ordered["place"])
    points = go.Scatter(
        x=ordered["distance"].to_numpy("float64"),
        y=names,
        mode="markers",
        marker={"size": 9, "color": theme.MAIN, "opacity": 0.65},
        cliponaxis=False,
        customdata=np.column_stack(
            [ordered["member_id"].map(pen.name), ordered["period"], ordered["total"], items, ordered["branch"]]
        ),
        hovertemplate="%{customdata[0]} %{customdata[1]} %{customdata[4]}<br>"
        + pen.say(
            "总分 %{customdata[2]:.2f},差 %{x:.2f} 分<br>最省力的项目:%{customdata[3]}",
            "total %{customdata[2]:.2f}, %{x:.2f} short<br>cheapest item: %{customdata[3]}",
        )
        + "<extra></extra>",
        showlegend=False,
    )
    words = FigureText(
        Text(f"差一点就到上一等次的人(n={len(table)})", f"Just short of the next grade (n={len(table)})"),
        small,
        x=Text("距上一等次(分)", "Distance to the next grade (points)"),
        finding=theme.headline(found_in.near_cut(table)),
    )
    return pen.listing([points], words, names, xaxis={"rangemode": "tozero"})


LOST = {
    "": Text("达到分数线而未获等次", "met the line and lost the grade"),
    "tied": Text("其中因边界并列落选", "of them by a tie over the boundary"),
    "kept_if_rounded": Text("四舍五入可保留", "kept if rounded half up"),
    "kept_if_ceiling": Text("向上取整可保留", "kept if rounded up"),
    "kept_if_pooled": Text("全体统算名额可保留", "kept if pooled over all groups"),
}


def quota_audit(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw how many met the line and lost to the quota, and how many another rounding would keep.

    Parameters
    ----------
    table : DataFrame
        What ``thresholds.quota_audit`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A bar for all who lost, for those who lost by a tie, and for each other
        way to count the places.

    Examples
    --------
    >>> row = {"member_id": "1", "tied": False, "kept_if_rounded": True, "kept_if_ceiling": True}
    >>> quota_audit(pd.DataFrame([row | {"group": "一", "kept_if_pooled": False}])).data[0].x.tolist()
    [1, 0, 1, 1, 0]
    """
    pen = Pen(**style)
    lost = [table[table[column].astype("bool")] if column else table for column in LOST]
    names = [theme.wrap_text(said.message(pen.lang), 14) for said in LOST.values()]
    colours = [theme.BAD, *[theme.SOFT] * (len(lost) - 1)]
    bars = _counted(pen, names, list(map(len, lost)), [rows["member_id"].unique() for rows in lost], colours)
    groups = table["group"].nunique()
    words = FigureText(
        Text(f"名额挡住了谁(n={len(table)})", f"Kept out by the quota (n={len(table)})"),
        Text(f"涉及 {groups} 个支部或单位", f"In {groups} branches or units"),
        Text("人次(人·考核期)", "Members and periods"),
        finding=theme.headline(found_in.quota_audit(table)),
    )
    return pen.listing([bars], words, names, xaxis={"rangemode": "tozero"})
