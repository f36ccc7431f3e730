"""Pictures of grades that hang on an error of measurement, a point, or a reading."""

from __future__ import annotations

from typing import Protocol, Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import Pen, Style, Words
from jifen_analysis.errors import Text


class Classification(Protocol):
    """What ``thresholds.accuracy`` returned."""

    @property
    def accuracy(self) -> float:
        """Expected share graded as the true score would be."""
        ...

    @property
    def consistency(self) -> float:
        """Expected share graded alike twice."""
        ...

    @property
    def probabilities(self) -> pd.DataFrame:
        """Members by bands."""
        ...


def accuracy(found: Classification, **style: Unpack[Style]) -> go.Figure:
    """Draw how sure the grades are: members by the probability of their likeliest band.

    Parameters
    ----------
    found : Classification
        What ``thresholds.accuracy`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        Counts of members by the highest of their band probabilities, in tenths.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> bands = pd.DataFrame([[0.95, 0.05], [0.4, 0.6]])
    >>> accuracy(SimpleNamespace(accuracy=0.8, consistency=0.7, probabilities=bands)).data[0].y.tolist()[-4:]
    [1, 0, 0, 1]
    """
    pen = Pen.over(found.probabilities, style)
    surest = found.probabilities.max(axis=1).to_numpy()
    counts = np.bincount(np.minimum(np.floor(surest * 10 + 1e-9).astype("int64"), 9), minlength=10)
    unsure = int((surest < 0.8).sum())
    bars = go.Bar(
        x=np.arange(0.05, 1, 0.1),
        y=counts,
        width=0.1,
        marker={"color": theme.SOFT, "line": {"color": theme.MAIN, "width": 1}},
        hovertemplate=pen.say("%{y} 人", "%{y} members") + "<extra></extra>",
        showlegend=False,
    )
    words = Words(
        Text(f"再评一次,等次有多可靠(n={len(surest)})", f"How sure the grades are (n={len(surest)})"),
        Text(
            f"预期 {found.accuracy:.0%} 的人等次与真分数相符,"
            f"两次评定一致的占 {found.consistency:.0%};{unsure} 人不足八成把握",
            f"{found.accuracy:.0%} expected to be graded as their true score, "
            f"{found.consistency:.0%} alike twice; {unsure} are less than 80 % sure",
        ),
        Text("真分数落在最可能一档的概率", "Probability of the likeliest band"),
        Text("人数", "Members"),
        Text("Rudner 2001", "Rudner 2001"),
    )
    first = float(np.flatnonzero(counts)[0]) / 10
    return pen.draw([bars], words, plot=250, xaxis={"tickformat": ".0%", "range": [first, 1.005]})


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
    >>> table.attrs = {"summary": {"strict": 1, "floored": 0}}
    >>> readings(table).data[0].x.tolist()
    [1, 0]
    """
    pen = Pen(**style)
    moved = pd.Series(table.attrs["summary"], dtype="int64")
    names = pen.names(moved.index)
    bars = go.Bar(
        y=names,
        x=moved.to_numpy(),
        orientation="h",
        marker={"color": theme.MAIN},
        text=[f"{n}" for n in moved],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}:%{x}<extra></extra>",
        showlegend=False,
    )
    who = table["member_id"].nunique()
    words = Words(
        Text("不同读法改变多少人次的等次", "How many grades hang on a reading"),
        Text(
            f"{int((moved > 0).sum())} 种读法会改变等次,涉及 {who} 人",
            f"{int((moved > 0).sum())} readings move a grade, of {who} members",
        ),
        Text("等次改变的人次(人·考核期或年度)", "Grades changed (members and periods or years)"),
    )
    return pen.draw(
        [bars],
        words,
        plot=theme.listed(names),
        yaxis=theme.downwards(names),
        xaxis={"rangemode": "tozero"},
    )


def near_cut(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw who is close below the next grade, by branch.

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

    Examples
    --------
    >>> row = {"member_id": "1", "period": "2024H1", "branch": "一", "total": 89.8, "grade": "合格"}
    >>> near_cut(pd.DataFrame([row | {"distance": 0.2, "item": "daily.dues", "lost": 2.0}])).data[0].x.tolist()
    [0.2]
    """
    pen = Pen(**style)
    sizes = table["branch"].value_counts()
    ordered = table.assign(place=table["branch"].map(sizes)).sort_values(["place", "branch"], ascending=False)
    items = ordered["item"].map(pen.name, na_action="ignore").fillna(pen.say("无", "none"))
    names = pen.all_counted(ordered["branch"], ordered["place"])
    points = go.Scatter(
        x=ordered["distance"].to_numpy("float64"),
        y=names,
        mode="markers",
        marker={"size": 9, "color": theme.MAIN, "opacity": 0.65},
        cliponaxis=False,
        customdata=np.column_stack([ordered["member_id"], ordered["period"], ordered["total"], items]),
        hovertemplate="%{customdata[0]} %{customdata[1]}<br>"
        + pen.say(
            "总分 %{customdata[2]:.2f},差 %{x:.2f} 分<br>最省力的项目:%{customdata[3]}",
            "total %{customdata[2]:.2f}, %{x:.2f} short<br>cheapest item: %{customdata[3]}",
        )
        + "<extra></extra>",
        showlegend=False,
    )
    single = int(table["item"].notna().sum())
    words = Words(
        Text(f"差一点就到上一等次的人(n={len(table)})", f"Just short of the next grade (n={len(table)})"),
        Text(f"其中 {single} 人次只要一个项目不失分就能达到", f"{single} of them would reach it with one item alone"),
        Text("距上一等次(分)", "Distance to the next grade (points)"),
    )
    return pen.draw(
        [points],
        words,
        plot=theme.listed(sorted(set(names))),
        yaxis=theme.downwards(names),
        xaxis={"rangemode": "tozero"},
    )


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
    counts = [len(table), *(int(table[column].astype("bool").sum()) for column in LOST if column)]
    names = [theme.wrapped(said.message(pen.lang), 14) for said in LOST.values()]
    bars = go.Bar(
        y=names,
        x=np.array(counts),
        orientation="h",
        marker={"color": [theme.BAD, *[theme.SOFT] * (len(counts) - 1)]},
        text=[f"{count}" for count in counts],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}:%{x}<extra></extra>",
        showlegend=False,
    )
    groups = table["group"].nunique()
    words = Words(
        Text(f"名额挡住了谁(n={len(table)})", f"Kept out by the quota (n={len(table)})"),
        Text(f"涉及 {groups} 个支部或单位", f"In {groups} branches or units"),
        Text("人次(人·考核期)", "Members and periods"),
    )
    return pen.draw(
        [bars],
        words,
        plot=theme.listed(names),
        yaxis=theme.downwards(names),
        xaxis={"rangemode": "tozero"},
    )
