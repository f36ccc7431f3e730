"""Pictures of movement of ranks and totals, and of its causes."""

from __future__ import annotations

import math
from typing import Unpack

import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import Pen, Style, Words
from jifen_analysis.errors import Text


def ranks(table: pd.DataFrame, shown: int = 20, **style: Unpack[Style]) -> go.Figure:
    """Draw the ranks of both years joined by lines, for those who moved farthest.

    Parameters
    ----------
    table : DataFrame
        What ``movement.ranks`` returned.
    shown : int
        How many members: the largest changes; ties by the member's number.
    **style
        ``labels`` (``before`` and ``after``: what the two are called; members'
        names, if they may be shown), ``source``, ``lang``.

    Returns
    -------
    Figure
        A line a member from the rank before to the rank after. Members stand at
        equal distances in the order of their ranks; the ranks are written.

    Examples
    --------
    >>> table = pd.DataFrame({"rank_before": [1, 2], "rank_after": [2, 1], "change": [-1, 1]}, index=["1", "2"])
    >>> table.attrs = {"tau_b": -1.0, "n": 2}
    >>> [trace.y for trace in ranks(table).data]
    [(1, 2), (2, 1)]
    """
    pen = Pen.over(table, style)
    farthest = table["change"].abs().sort_values(ascending=False, kind="stable").index[:shown]
    rows = table.loc[farthest].sort_index()
    left, right = (rows[side].rank(method="first").astype("int64") for side in ("rank_before", "rank_after"))
    places = zip(left.tolist(), right.tolist(), strict=True)
    traces = [_slope(pen, member, row, ends) for (member, row), ends in zip(rows.iterrows(), places, strict=True)]
    tau = theme.told(table.attrs["tau_b"])
    up, down = int((table["change"] > 0).sum()), int((table["change"] < 0).sum())
    words = Words(
        Text(
            f"名次变动最大的 {len(rows)} 人(共 {len(table)} 人)",
            f"The {len(rows)} largest changes of rank (of {len(table)})",
        ),
        Text(
            f"全体 {up} 人上升,{down} 人下降,前后名次的 τ-b = {tau};实线(蓝)升,虚线(橙)降,数字为名次",
            f"Of all, {up} rose and {down} fell, tau-b = {tau}; "
            "solid (blue): rose, dashed (orange): fell; numbers are ranks",
        ),
        method=Text("Kendall 1945", "Kendall 1945"),
    )
    sides = [pen.side("before", "前一年", "Before"), pen.side("after", "后一年", "After")]
    return pen.draw(
        traces,
        words,
        plot=10 + 22 * len(rows),
        xaxis={"tickvals": [0, 1], "ticktext": sides, "range": [-0.42, 1.42], "showgrid": False, "zeroline": False},
        yaxis={"autorange": "reversed", "visible": False},
        margin_l=theme.SIDE,
    )


def _slope(pen: Pen, member: object, row: pd.Series, places: tuple[int, int]) -> go.Scatter:
    change = int(row["change"])
    colour, dash = (theme.GOOD, "solid") if change > 0 else (theme.BAD, "dash") if change < 0 else (theme.GREY, "dot")
    before, after, name = int(row["rank_before"]), int(row["rank_after"]), pen.name(member)
    said = pen.say("名次", "rank")
    return go.Scatter(
        x=[0, 1],
        y=list(places),
        mode="lines+markers+text",
        line={"color": colour, "width": 2, "dash": dash},
        marker={"size": 7, "color": colour},
        text=[f"{name}  {before}", f"{after}  {name}"],
        textposition=["middle left", "middle right"],
        textfont={"size": 12},
        cliponaxis=False,
        showlegend=False,
        name=name,
        hovertemplate=f"{name}<br>{said} {before} → {after}<extra></extra>",
    )


def regression_to_mean(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw the mean change of each tenth beside what falling back to the mean would bring.

    Parameters
    ----------
    table : DataFrame
        What ``movement.regression_to_mean`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        Observed change as dots, expected change as a line, by tenth.

    Examples
    --------
    >>> row = {"decile": 1, "n": 3, "before": 60.0, "observed": 5.0, "expected": 4.0, "excess": 1.0}
    >>> table = pd.DataFrame([row])
    >>> table.attrs = {"r": 0.6, "n": 3}
    >>> [trace.y.tolist() for trace in regression_to_mean(table).data]
    [[4.0], [5.0]]
    """
    pen, rows = Pen.over(table, style), table[table["n"] > 0]
    unit = pen.say(" 分", " points")
    expected = go.Scatter(
        x=rows["decile"].to_numpy(),
        y=rows["expected"].to_numpy(),
        mode="lines",
        name=pen.say("仅因回归均值应有", "expected from regression alone"),
        line={"color": theme.GREY, "width": 2, "dash": "dash"},
        hovertemplate=f"%{{y:.2f}}{unit}<extra></extra>",
    )
    observed = go.Scatter(
        x=rows["decile"].to_numpy(),
        y=rows["observed"].to_numpy(),
        mode="markers",
        name=pen.say("实际变化", "observed"),
        marker={"size": 11, "color": theme.MAIN},
        customdata=rows[["n", "before"]].to_numpy(),
        hovertemplate=pen.say(
            "n=%{customdata[0]},原平均 %{customdata[1]:.1f}<br>变化 %{y:+.2f} 分",
            "n=%{customdata[0]}, mean before %{customdata[1]:.1f}<br>%{y:+.2f} points",
        )
        + "<extra></extra>",
    )
    low = rows.iloc[0]
    words = Words(
        Text(f"起点低的人真的进步了吗(n={table.attrs['n']})", f"Did the lowest really improve (n={table.attrs['n']})"),
        Text(
            f"最低一组平均变化 {low['observed']:+.1f} 分,"
            f"其中 {low['expected']:+.1f} 分仅因回归均值;两年相关 r = {table.attrs['r']:.2f}",
            f"The lowest tenth changed by {low['observed']:+.1f}, "
            f"of which {low['expected']:+.1f} is regression to the mean; r = {table.attrs['r']:.2f}",
        ),
        Text("前一年总分的十分组(1 为最低)", "Tenth by the total before (1 the lowest)"),
        Text("平均变化(分)", "Mean change (points)"),
        Text("Galton 1886;Barnett 等 2005", "Galton 1886; Barnett et al. 2005"),
    )
    figure = pen.draw([expected, observed], words, xaxis={"dtick": 1})
    return figure.add_hline(y=0, line={"color": theme.GREY, "width": 1})


def attribution(table: pd.DataFrame, shown: int = 20, **style: Unpack[Style]) -> go.Figure:
    """Draw how much of each change of the total is behaviour and how much is rule.

    Parameters
    ----------
    table : DataFrame
        What ``movement.attribution`` returned.
    shown : int
        How many members: the largest changes; ties by the member's number.
    **style
        ``labels`` (members' names, if they may be shown), ``source``, ``lang``.

    Returns
    -------
    Figure
        Two bars a member, which sum to the change of the total, marked by a diamond.

    Examples
    --------
    >>> row = {"member_id": "1", "before": 80.0, "after": 85.0, "behaviour": 7.0, "rule": -2.0, "total_change": 5.0}
    >>> [trace.x.tolist() for trace in attribution(pd.DataFrame([row])).data]
    [[7.0], [-2.0], [5.0]]
    """
    pen, split = Pen.over(table, style), table.dropna(subset=["behaviour", "rule"])
    order = split["total_change"].abs().sort_values(ascending=False, kind="stable").index[:shown]
    rows = split.loc[order].sort_values("total_change", ascending=False, kind="stable")
    names = [pen.name(member) for member in rows["member_id"]]
    traces = _split_bars(pen, rows, names)
    mean = split[["behaviour", "rule"]].mean()
    words = Words(
        Text(
            f"分数变化来自表现还是规则:变化最大的 {len(rows)} 人", f"Behaviour or rule: the {len(rows)} largest changes"
        ),
        Text(
            f"全体 {len(split)} 人平均:表现 {mean['behaviour']:+.2f} 分,规则 {mean['rule']:+.2f} 分",
            f"Mean of all {len(split)}: behaviour {mean['behaviour']:+.2f}, rule {mean['rule']:+.2f} points",
        ),
        Text("对总分变化的贡献(分)", "Part of the change of the total (points)"),
        method=Text("两种先后次序的平均(Shapley)", "mean of both orders (Shapley)"),
    )
    figure = pen.listing(traces, words, names, 22, barmode="relative")
    return figure.add_vline(x=0, line={"color": theme.GREY, "width": 1})


def _split_bars(pen: Pen, rows: pd.DataFrame, names: list[str]) -> list[go.Bar | go.Scatter]:
    parts = {
        "behaviour": (pen.say("表现", "behaviour"), theme.MAIN),
        "rule": (pen.say("规则", "rule"), theme.AMBER),
        "total_change": (pen.say("总分变化", "change of the total"), theme.INK),
    }
    look = {"y": names, "orientation": "h"}
    said = f" %{{x:+.2f}}{pen.say(' 分', ' points')}<extra></extra>"
    *bars, total = [
        {"x": rows[part].to_numpy(), "name": name, "hovertemplate": f"%{{y}}<br>{name}{said}", "marker_color": colour}
        for part, (name, colour) in parts.items()
    ]
    diamond = {"symbol": "diamond", "size": 9, "line": {"color": theme.PAPER, "width": 1}}
    return [*(go.Bar(**bar, **look) for bar in bars), go.Scatter(**total, y=names, mode="markers", marker=diamond)]


STATES = {
    "left": Text("离开", "left"),
    "out": Text("转出", "transferred out"),
    "in": Text("转入", "transferred in"),
    "joined": Text("新增", "joined"),
}


def whereabouts(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw whom each branch lost and gained between the two years.

    Parameters
    ----------
    table : DataFrame
        What ``movement.whereabouts`` returned.
    **style
        ``labels`` (members' names, if they may be shown), ``source``, ``lang``.

    Returns
    -------
    Figure
        A row a branch: who left or was transferred out to the left, who was
        transferred in or joined to the right; members in the hover. The number
        beside the name is that of the later year.

    Examples
    --------
    >>> rows = [["一", "二", "transferred"], ["一", None, "left"], ["二", "二", "stayed"]]
    >>> table = pd.DataFrame(rows, columns=["branch_before", "branch_after", "state"])
    >>> [(bar.name, bar.x.tolist()) for bar in whereabouts(table).data][:2]
    [('离开(n=1)', [-1, 0]), ('转出(n=1)', [-1, 0])]
    """
    pen = Pen.over(table, style)
    branches = pd.concat([table["branch_before"], table["branch_after"]]).dropna().unique()
    held = table["branch_after"].value_counts().reindex(branches, fill_value=0)
    sizes = theme.ordered(held.to_frame("n"))["n"]
    names = pen.all_counted(sizes.index, sizes)
    lists = _comings_and_goings(table, sizes.index)
    bars = [_gone_or_come(pen, names, kind, members) for kind, members in lists.items()]
    counts = {kind: int(members.str.len().sum()) for kind, members in lists.items()}
    words = Words(
        Text(f"两年之间谁来谁走(n={len(table)})", f"Who came and who went (n={len(table)})"),
        Text(
            f"新增 {counts['joined']} 人,离开 {counts['left']} 人,换支部 {counts['in']} 人;支部名后为后一年的人数",
            f"{counts['joined']} joined, {counts['left']} left, {counts['in']} changed branch; "
            "beside a branch its members of the later year",
        ),
        Text("← 减少(人) 增加(人)→", "← fewer (members), more (members) →"),
    )
    reach = max(1, *(members.str.len().max() for members in lists.values()))
    figure = pen.listing(
        bars, words, names, 26, barmode="relative", xaxis=_both_ways(reach), legend_traceorder="normal"
    )
    return figure.add_vline(x=0, line={"color": theme.GREY, "width": 1})


def _comings_and_goings(table: pd.DataFrame, branches: pd.Index) -> dict[str, pd.Series]:
    """Return the members whom each branch lost and gained, as lists."""
    sides = {"left": ("left", "before"), "out": ("transferred", "before")}
    sides |= {"in": ("transferred", "after"), "joined": ("joined", "after")}
    members = table.index.to_series()
    return {
        kind: members[table["state"] == state]
        .groupby(table[f"branch_{side}"])
        .agg(list)
        .reindex(branches)
        .map(lambda some: some if isinstance(some, list) else [])
        for kind, (state, side) in sides.items()
    }


def _gone_or_come(pen: Pen, names: list[str], kind: str, members: pd.Series) -> go.Bar:
    colours = {"left": theme.BAD, "out": theme.ROSE, "in": theme.SOFT, "joined": theme.MAIN}
    counts, said = members.str.len(), STATES[kind].message(pen.lang)
    return theme.bars(
        names,
        (counts * (-1 if kind in ("left", "out") else 1)).to_numpy("int64"),
        f"%{{y}}<br>{said} %{{customdata[0]}}<br>%{{customdata[1]}}",
        name=pen.counted(said, int(counts.sum())),
        marker=theme.edged(colours[kind]),
        customdata=[[n, pen.several(some)] for n, some in zip(counts, members, strict=True)],
    )


def _both_ways(reach: int) -> dict[str, object]:
    """Return an axis that counts from 0 to both sides."""
    step = max(1, math.ceil(reach / 4))
    ticks = list(range(-step * math.ceil(reach / step), reach + step, step))
    return {"tickvals": ticks, "ticktext": [f"{abs(tick)}" for tick in ticks], "range": [ticks[0], ticks[-1]]}
