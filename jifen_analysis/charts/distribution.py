"""Pictures of how scores are distributed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy import stats

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import distribution as found_in
from jifen_analysis.summaries import Heaping, Reliability

TOTAL = Text("总分(分)", "Total (points)")
SHARE = Text("累计占比", "Share at or below")


def histogram(
    table: pd.DataFrame, cuts: Mapping[str, float] | None = None, width: float = 1, **style: Unpack[Style]
) -> go.Figure:
    """Draw how many members have which total, with the lines between grades.

    Parameters
    ----------
    table : DataFrame
        What ``distribution.ecdf`` returned; its groups are taken together.
    cuts : mapping of grade to cut score, optional
        In points; each is drawn as a line.
    width : float
        Of a bar, in points; bars begin at multiples of it, so that a cut that
        is one divides no bar.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A bar for each class of totals [from, to).

    Raises
    ------
    UsageError
        For an empty table or a width that is not positive.

    Examples
    --------
    >>> table = pd.DataFrame({"group": "all", "total": [80.0, 90.0], "share": [0.5, 1.0], "n": 2})
    >>> histogram(table, {"优秀": 90}, width=10).data[0].y.tolist()
    [1, 1]
    """
    pen = Pen.over(table, style)
    if not width > 0:
        raise UsageError(f"组距须大于 0:{width}", f"the width must be positive: {width}")
    held = _counts(table)
    starts = np.floor(np.round(held.index.to_numpy() / width, 6)).astype("int64")
    classes = held.groupby(starts).sum()
    left = classes.index.to_numpy() * width
    bars = go.Bar(
        x=left + width / 2,
        y=classes.to_numpy(),
        width=width,
        marker={"color": theme.SOFT, "line": {"color": theme.MAIN, "width": 1}},
        customdata=np.column_stack([left, left + width]),
        hovertemplate=pen.say(
            "[%{customdata[0]:~g}, %{customdata[1]:~g}) 分:%{y} 人",
            "%{y} in [%{customdata[0]:~g}, %{customdata[1]:~g})",
        )
        + "<extra></extra>",
        showlegend=False,
    )
    n, lines = int(held.sum()), dict(cuts or {})
    words = FigureText(
        Text(f"总分分布与等次分数线(n={n})", f"Distribution of totals and cut scores (n={n})"),
        theme.NOTHING,
        TOTAL,
        Text(f"人数(每 {width:g} 分)", f"Members (per {width:g} points)"),
        finding=theme.headline(found_in.histogram(table, lines)),
    )
    figure = pen.draw([bars], words, yaxis=theme.people(float(classes.max())), headroom=theme.HEADROOM * len(lines))
    return theme.mark_cuts(pen, figure, lines, float(left[0] + left[-1] + width) / 2)


def _counts(table: pd.DataFrame) -> pd.Series:
    """Return how many hold each total, over all groups."""
    reached = (table["share"] * table["n"]).round().astype("int64")
    before = reached.groupby(table["group"], observed=True).shift(fill_value=0)
    return (reached - before).groupby(table["total"]).sum()


def ecdf(table: pd.DataFrame, cuts: Mapping[str, float] | None = None, **style: Unpack[Style]) -> go.Figure:
    """Draw the empirical distribution, each group in a panel before everyone's.

    Parameters
    ----------
    table : DataFrame
        What ``distribution.ecdf`` returned.
    cuts : mapping of grade to cut score, optional
        In points; drawn in every panel.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        Steps of the share at or below each total, from 0 to 1.

    Examples
    --------
    >>> table = pd.DataFrame({"group": "all", "total": [80.0, 90.0], "share": [0.5, 1.0], "n": 8})
    >>> ecdf(table).data[-1].y.tolist()
    [0.0, 0.5, 1.0]
    """
    pen = Pen.over(table, style)
    large, small = pen.large_groups(table.groupby("group", observed=True).first())
    groups = theme.in_order(table[table["group"].isin(large.index)].groupby("group", observed=True))
    held = _counts(table)
    ends = theme.reach(held.index, held, (cuts or {}).values())
    board = theme.panels([pen.with_count(_everyone(pen, name), part["n"].iloc[0]) for name, part in groups])
    everyone = _steps(pen, held.index, held.cumsum() / held.sum(), pen.say("全体", "everyone"), theme.GREY, 1)
    for place, (name, part) in enumerate(groups):
        own = _steps(pen, part["total"], part["share"], _everyone(pen, name), theme.MAIN, 2)
        board.add(place, *([everyone] if len(groups) > 1 else []), own)
    figure = board.figure
    for cut in (cuts or {}).values():
        figure.add_vline(x=cut, line={"color": theme.BAD, "width": 1, "dash": "dot"})
    grey = Text("灰线为全体", "Grey: everyone") if len(groups) > 1 else theme.NOTHING
    lines = pen.say("、", ", ").join(f"{pen.name(grade)} {cut:g}" for grade, cut in (cuts or {}).items())
    note = theme.NOTHING if not lines else Text(f"虚线为分数线:{lines}", f"Dotted: cut scores ({lines})")
    below, above = theme.beyond(held.index, held, ends)
    out = Text(f"{below + above} 人的总分在横轴之外", f"{below + above} totals lie beyond the axis")
    notes = theme.join_parts(grey, note, out if below + above else theme.NOTHING, small)
    title = Text("总分的累计分布", "Cumulative distribution of totals")
    words = FigureText(title, notes, TOTAL, SHARE, finding=theme.headline(found_in.ecdf(table)))
    figure.update_xaxes(range=ends)
    return board.dress(pen, words, tickformat=".0%", range=[0, 1.03])


def _everyone(pen: Pen, group: object) -> str:
    return pen.say("全体", "everyone") if group == "all" else pen.name(group)


def _steps(pen: Pen, x: pd.Series | pd.Index, y: pd.Series, name: str, colour: str, width: float) -> go.Scatter:
    """Draw the steps from 0, so that one total alone is a line too."""
    said = pen.say("%{x:.2f} 分及以下:%{y:.1%}", "%{y:.1%} at or below %{x:.2f}")
    line = {"color": colour, "width": width, "shape": "hv"}
    return go.Scatter(
        x=np.append(x[:1], x),
        y=np.append(0.0, y),
        name=name,
        mode="lines",
        line=line,
        showlegend=False,
        hovertemplate=f"{name}<br>{said}<extra></extra>",
    )


def summary(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw each group's totals as a box: middle half, median, the middle 80 %, mean.

    Parameters
    ----------
    table : DataFrame
        What ``distribution.summary`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A box for each group, the highest median above; whiskers reach from the
        10th to the 90th percentile.

    Examples
    --------
    >>> row = {"group": "一", "n": 9, "mean": 82.0, "median": 81.0, "p10": 70.0, "p25": 75.0, "p75": 88.0, "p90": 92.0}
    >>> summary(pd.DataFrame([row])).data[0].median.tolist()
    [81.0]
    """
    pen = Pen.over(table[table["n"] > 0], style)
    large, small = pen.large_groups(table[table["n"] > 0])
    rows = theme.sort_rows(large, "group").sort_values("median", ascending=False, kind="stable")
    names = pen.all_counted([_everyone(pen, group) for group in rows["group"]], rows["n"])
    boxes = go.Box(
        y=names,
        orientation="h",
        lowerfence=rows["p10"].to_numpy(),
        q1=rows["p25"].to_numpy(),
        median=rows["median"].to_numpy(),
        q3=rows["p75"].to_numpy(),
        upperfence=rows["p90"].to_numpy(),
        mean=rows["mean"].to_numpy(),
        boxmean=True,
        fillcolor=theme.SOFT,
        line={"color": theme.MAIN, "width": 1.5},
        hoverinfo="skip",
        showlegend=False,
    )
    words = FigureText(
        Text("各组总分的分布", "Totals by group"),
        theme.join_parts(
            Text(
                "箱为中间一半，须线到第 10 至 90 百分位，虚线为平均分，数字为中位数",
                "Box: middle half, whiskers: 10th to 90th percentile, dashes: mean, number: median",
            ),
            small,
        ),
        TOTAL,
        finding=theme.headline(found_in.summary(rows)),
    )
    return pen.listing([boxes, _box_hovers(pen, rows, names), _medians(rows, names)], words, names, 34)


def _medians(rows: pd.DataFrame, names: list[str]) -> go.Scatter:
    """Write each median beyond its whisker."""
    return go.Scatter(
        x=rows["p90"].to_numpy(),
        y=names,
        mode="text",
        text=[f" {median:.1f}" for median in rows["median"]],
        textposition="middle right",
        textfont={"size": 12},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )


def _box_hovers(pen: Pen, rows: pd.DataFrame, names: list[str]) -> go.Scatter:
    """Say a box's numbers in the picture's language, which plotly's own box does not."""
    said = pen.say(
        "中位数 %{x:.1f} 分,平均 %{customdata[0]:.1f} 分<br>中间一半 %{customdata[1]:.1f} 至 %{customdata[2]:.1f} 分",
        "median %{x:.1f}, mean %{customdata[0]:.1f}<br>middle half %{customdata[1]:.1f} to %{customdata[2]:.1f}",
    )
    return go.Scatter(
        x=rows["median"].to_numpy(),
        y=names,
        mode="markers",
        marker={"size": 22, "opacity": 0},
        customdata=rows[["mean", "p25", "p75"]].to_numpy(),
        hovertemplate=f"%{{y}}<br>{said}<extra></extra>",
        showlegend=False,
    )


def grade_shares(table: pd.DataFrame, by: str = "share", **style: Unpack[Style]) -> go.Figure:
    """Draw which share of each group holds each grade.

    Parameters
    ----------
    table : DataFrame
        What ``distribution.summary`` returned, with columns ``share_<grade>``.
    by : {"share", "group"}
        What the groups are sorted by: the share of the highest grade, or their
        names, as years are.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A stacked bar for each group; withheld groups are left out and counted.

    Raises
    ------
    UsageError
        For an empty table, or one without grades.

    Examples
    --------
    >>> row = {"group": "一", "n": 9, "share_合格": 0.75, "share_优秀": 0.25, "withheld": False}
    >>> [trace.name for trace in grade_shares(pd.DataFrame([row])).data]
    ['优秀', '合格']
    """
    pen = Pen.over(table, style)
    large, small = pen.large_groups(table)
    shares = [str(name).removeprefix("share_") for name in table if str(name).startswith("share_")]
    grades = theme.best_first([name for name in shares if name != "at_maximum"], ascending=True)
    if not grades:
        raise UsageError("表中没有各等次的比例", "the table has no shares of grades")
    rows = theme.sort_rows(large, "group")
    if by == "share":
        rows = rows.sort_values(f"share_{grades[0]}", ascending=False, kind="stable")
    colours = theme.grade_colours(grades)
    names = pen.all_counted([_everyone(pen, group) for group in rows["group"]], rows["n"])
    bars = [
        theme.stack_segment(names, rows[f"share_{grade}"], pen.name(grade), colours[grade], grade) for grade in grades
    ]
    words = FigureText(
        Text("各组的等次构成", "Grades by group"),
        small,
        Text("占有等次者的比例", "Share of those graded"),
        finding=theme.headline(found_in.grade_shares(rows, grades[0])),
    )
    return pen.listing(
        bars, words, names, barmode="stack", xaxis={"tickformat": ".0%", "range": [0, 1]}, legend_traceorder="normal"
    )


def heaping(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw how often marks end in each digit, beside what their smooth density puts there.

    Parameters
    ----------
    table : DataFrame
        What ``distribution.heaping`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A bar for each digit; the dashes are what is expected.

    Examples
    --------
    >>> table = pd.DataFrame({"digit": range(10), "count": [9] + [1] * 9, "expected": 1.8})
    >>> heaping(table).data[0].y.tolist()[:2]
    [9, 1]
    """
    pen = Pen.over(table, style)
    round_digits = table["digit"].isin([0, 5])
    bars = go.Bar(
        x=table["digit"].to_numpy(),
        y=table["count"].to_numpy(),
        marker={"color": np.where(round_digits, theme.MAIN, theme.SOFT).tolist()},
        text=[f"{count}" for count in table["count"]],
        textposition="inside",
        insidetextanchor="start",
        textangle=0,
        hovertemplate=pen.say("末位 %{x}:%{y} 个", "last digit %{x}: %{y}") + "<extra></extra>",
        name=pen.say("实际", "observed"),
        showlegend=False,
    )
    n, share = int(table["count"].sum()), table.loc[round_digits, "count"].sum() / table["count"].sum()
    usual = table.loc[round_digits, "expected"].sum() / table["expected"].sum()
    found = found_in.heaping(table)
    odds = (
        f",p = {theme.format_number(Heaping.read(table).p, '.2g')}"
        if Heaping.read(table).p == Heaping.read(table).p
        else ""
    )
    words = FigureText(
        Text(f"分数末位数字(n={n})", f"Last digits of marks (n={n})"),
        theme.join_parts(Text("横线为按平滑分布应有的个数", "Lines: what a smooth density would give"), _roughly(table))
        if found
        else Text(
            f"末位为 0 或 5 的占 {share:.0%}(按平滑分布应为 {usual:.0%}){odds}",
            f"{share:.0%} end in 0 or 5 ({usual:.0%} expected){odds.replace(',', ', ')}",
        ),
        Text("整数部分的末位", "Last whole digit"),
        Text("个数", "Count"),
        Text("末位数字与平滑密度(Preece 1981)，得分检验", "digits beside a smooth density (Preece 1981), score test"),
        theme.headline(found),
    )
    return pen.draw([bars, _expected_digits(pen, table)], words, plot=250, xaxis={"dtick": 1})


def _roughly(table: pd.DataFrame) -> Text:
    """Say where digits stand farther from the lines than chance puts them: marks gather at some points."""
    held = table[table["expected"] > 0]
    strain = ((held["count"] - held["expected"]) ** 2 / held["expected"]).sum()
    if stats.chi2.sf(strain, max(len(held) - 1, 1)) >= _STRAINED:
        return theme.NOTHING
    return Text(
        "分数多集中在几分上，横线只大致贴合，检验已放宽",
        "marks gather at some points: the lines fit roughly, the test allows for it",
    )


_STRAINED = 0.01
"""Below it digits are farther from a smooth density than chance puts them."""


def _expected_digits(pen: Pen, table: pd.DataFrame) -> go.Scatter:
    return go.Scatter(
        x=table["digit"].to_numpy(),
        y=table["expected"].to_numpy(),
        mode="markers",
        marker={"symbol": "line-ew", "size": 26, "line": {"color": theme.BAD, "width": 2}},
        name=pen.say("按平滑分布应有", "expected of a smooth density"),
        hovertemplate=pen.say("末位 %{x}:应有 %{y:.1f} 个", "last digit %{x}: %{y:.1f} expected") + "<extra></extra>",
        showlegend=False,
    )


def reliability(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw what becomes of Cronbach's alpha without each item.

    Parameters
    ----------
    table : DataFrame
        What ``distribution.reliability`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A point for each item, the highest above: alpha without it (to the right of the line: the
        scale would be more consistent without it), its item-rest r in the hover.

    Examples
    --------
    >>> table = pd.DataFrame({"alpha_if_deleted": [0.7], "item_rest_r": [0.5]}, index=["daily"])
    >>> table = Reliability(alpha=0.8, n=30).on(table)
    >>> reliability(table).data[0].x.tolist()
    [0.7]
    """
    pen = Pen.over(table, style)
    alpha, n = Reliability.read(table).alpha, Reliability.read(table).n
    table = table.sort_values("alpha_if_deleted", ascending=False, kind="stable")
    names = pen.names(table.index)
    apart = (table["alpha_if_deleted"] > alpha).to_numpy()
    points = go.Scatter(
        x=table["alpha_if_deleted"].to_numpy(),
        y=names,
        mode="markers+text",
        marker={"size": 11, "color": np.where(apart, theme.BAD, theme.MAIN).tolist()},
        text=[f"  {theme.format_number(value)}" for value in table["alpha_if_deleted"]],
        textposition="middle right",
        textfont={"size": 12},
        cliponaxis=False,
        customdata=table["item_rest_r"].to_numpy(),
        hovertemplate=pen.say(
            "%{y}<br>去掉后 α = %{x:.3f}<br>与其余之和的相关 %{customdata:.2f}",
            "%{y}<br>alpha without it %{x:.3f}<br>item-rest r %{customdata:.2f}",
        )
        + "<extra></extra>",
        showlegend=False,
    )
    words = FigureText(
        Text(f"各项目是否一致：去掉一项后的 α(n={n})", f"Consistency: alpha without each item (n={n})"),
        Text(
            f"全部项目 α = {theme.format_number(alpha, '.3f')}(虚线)；点在线右侧的项目与其余不合",
            f"All items: alpha = {theme.format_number(alpha, '.3f')} (dashed); "
            "items to its right disagree with the rest",
        ),
        Text("去掉该项后的 Cronbach α", "Cronbach's alpha without the item"),
        method=Text("Cronbach 1951", "Cronbach 1951"),
        finding=theme.headline(found_in.reliability(table.rename(index=pen.name))),
    )
    figure = pen.listing([points], words, names)
    if np.isnan(alpha):
        return figure
    return figure.add_vline(x=alpha, line={"color": theme.BAD, "dash": "dash", "width": 1.5})
