"""Pictures of movement of ranks and totals, and of its causes."""

from __future__ import annotations

import math
from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import movement as found_in
from jifen_analysis.findings.saying import ENOUGH
from jifen_analysis.summaries import RegressionToMean


def ranks(table: pd.DataFrame, shown: int = 20, **style: Unpack[Style]) -> go.Figure:
    """Draw the ranks of both years on one scale, for those who moved farthest.

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
        A row a member: a line from the rank before (ring) to the rank after
        (dot), as long as the move; the best rank on the right, the largest rise
        above.

    Examples
    --------
    >>> table = pd.DataFrame({"rank_before": [1, 2], "rank_after": [2, 1], "change": [-1, 1]}, index=["1", "2"])
    >>> [trace.x.tolist() for trace in ranks(table).data[2:]]
    [[2, 1], [1, 2]]
    """
    pen = Pen.over(table, style)
    farthest = table["change"].abs().sort_values(ascending=False, kind="stable").index[:shown]
    rows = table.loc[farthest].sort_index().sort_values("change", ascending=False, kind="stable")
    names = [pen.name(member) for member in rows.index]
    sides = {
        "rank_before": pen.side("before", "前一年", "before"),
        "rank_after": pen.side("after", "后一年", "after"),
    }
    risen = (rows["change"] > 0).to_numpy()
    lines = [
        _strokes(rows[risen], names, risen, pen.say("上升", "rose"), {"color": theme.MAIN, "width": 3}),
        _strokes(rows[~risen], names, ~risen, pen.say("下降", "fell"), {"color": theme.BAD, "width": 3, "dash": "dot"}),
    ]
    ends = [_ends(pen, rows, names, side, said) for side, said in sides.items()]
    worst = float(rows[list(sides)].max().max())
    words = FigureText(
        Text(
            f"名次变动最大的 {len(rows)} 人(共 {len(table)} 人)",
            f"The {len(rows)} largest changes of rank (of {len(table)})",
        ),
        theme.NOTHING,
        Text("名次(越靠右越好)", "Rank (the best on the right)"),
        method=Text("Kendall 1945", "Kendall 1945"),
        finding=theme.headline(found_in.ranks(table)),
    )
    reach = {"range": [worst * 1.1 + 1, 1 - worst * 0.1 - 1], "tickvals": _rank_ticks(worst)}
    return pen.listing([*lines, *ends], words, names, 20, xaxis=reach)


def _rank_ticks(worst: float) -> list[int]:
    """Return the best rank and round ones down to the worst."""
    step = max(1, 10 ** math.floor(math.log10(max(worst, 1))))
    step = step // 2 if worst < 3 * step and step > 1 else step
    return [1, *range(step if step > 1 else 2, int(worst) + 1, step)]


def _strokes(rows: pd.DataFrame, names: list[str], which: np.ndarray, said: str, line: dict[str, object]) -> go.Scatter:
    """Return a line for each of the rows, as one trace with gaps."""
    own = [name for name, mine in zip(names, which, strict=True) if mine]
    x = np.column_stack([rows["rank_before"], rows["rank_after"], np.full(len(rows), np.nan)]).ravel()
    y = [name for name in own for _ in range(3)]
    shown = {"showlegend": bool(len(rows)), "hoverinfo": "skip"}
    return go.Scatter(x=x, y=y, mode="lines", name=said, line=line, **shown)


def _ends(pen: Pen, rows: pd.DataFrame, names: list[str], side: str, said: str) -> go.Scatter:
    """Return where everyone stood in one year, the rank written beyond the line's end."""
    first = side == "rank_before"
    colours = np.where(rows["change"] > 0, theme.MAIN, theme.BAD)
    outwards = (rows["change"] > 0) == first  # the worse of the two stands on the left
    return go.Scatter(
        x=rows[side].to_numpy("int64"),
        y=names,
        mode="markers+text",
        name=said,
        marker={
            "size": 10,
            "color": [theme.PAPER] * len(rows) if first else colours.tolist(),
            "line": {"color": colours.tolist(), "width": 2},
        },
        text=[f"{int(rank)}" for rank in rows[side]],
        textposition=np.where(outwards, "middle left", "middle right").tolist(),
        textfont={"size": 12},
        cliponaxis=False,
        showlegend=False,
        customdata=rows[["rank_before", "rank_after"]].to_numpy("int64"),
        hovertemplate=f"%{{y}}<br>{pen.say('名次', 'rank')} %{{customdata[0]}} → %{{customdata[1]}}<extra></extra>",
    )


def regression_to_mean(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw the mean change of each tenth beside what error of measurement alone would bring.

    Parameters
    ----------
    table : DataFrame
        What ``movement.regression_to_mean`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        Observed change as dots with their 95 % intervals by tenth; expected
        change as a line, where a reliability is known. Tenths of fewer than
        five are left out.

    Raises
    ------
    UsageError
        Where every tenth has fewer than five.

    Examples
    --------
    >>> row = {"decile": 1, "n": 6, "before": 60.0, "observed": 5.0, "observed_low": 2.0, "observed_high": 8.0}
    >>> table = pd.DataFrame([row | {"expected": 4.0}])
    >>> table = RegressionToMean(r=0.6, n=6, reliability=0.8).on(table)
    >>> [trace.y.tolist() for trace in regression_to_mean(table).data]
    [[4.0], [5.0]]
    """
    pen, rows, facts = Pen.over(table, style), _seen(table), RegressionToMean.read(table)
    known = not math.isnan(facts.reliability)
    words = FigureText(
        Text(
            f"起点低的人真的进步了吗(n={facts.n})",
            f"Did the lowest really improve (n={facts.n})",
        ),
        _of_the_lowest(table[table["n"] > 0].iloc[0], facts),
        Text("前一年总分的十分组(1 为最低)", "Tenth by the total before (1 the lowest)"),
        Text("平均变化(分，95% 区间)", "Mean change (points, 95 % interval)"),
        Text("Galton 1886；Barnett 等 2005", "Galton 1886; Barnett et al. 2005"),
        theme.headline(found_in.regression_to_mean(table)),
    )
    traces = [*([_due(pen, rows)] if known else []), _changed(pen, rows)]
    figure = pen.draw(traces, words, xaxis={"dtick": 1})
    return figure.add_hline(y=0, line={"color": theme.GREY, "width": 1})


def _seen(table: pd.DataFrame) -> pd.DataFrame:
    """Return the tenths that are not too few to be shown."""
    rows = table[table["n"] >= ENOUGH]
    if rows.empty:
        raise UsageError(
            f"每十分之一不足{ENOUGH}人,不能显示", f"every tenth has fewer than {ENOUGH} members and may not be shown"
        )
    return rows


def _of_the_lowest(low: pd.Series, known: RegressionToMean) -> Text:
    if low["n"] < ENOUGH:
        return Text(f"不足{ENOUGH}人的组不显示", f"tenths of fewer than {ENOUGH} are left out")
    if math.isnan(known.reliability):
        return Text(
            f"最低一组平均变化 {low['observed']:+.1f} 分;总分的信度未知,其中多少只是回归均值无从判断",
            f"The lowest tenth changed by {low['observed']:+.1f}; how much of it is regression to the mean "
            "cannot be told, for the reliability is not known",
        )
    return Text(
        f"最低一组平均变化 {low['observed']:+.1f} 分;按信度 {known.reliability:.2f},仅因测量误差就应有 "
        f"{low['expected']:+.1f} 分(虚线)",
        f"The lowest tenth changed by {low['observed']:+.1f}; with a reliability of {known.reliability:.2f} "
        f"error alone brings {low['expected']:+.1f} (dashed)",
    )


def _due(pen: Pen, rows: pd.DataFrame) -> go.Scatter:
    return go.Scatter(
        x=rows["decile"].to_numpy(),
        y=rows["expected"].to_numpy(),
        mode="lines",
        name=pen.say("仅因回归均值应有", "expected from regression alone"),
        line={"color": theme.GREY, "width": 2, "dash": "dash"},
        hovertemplate=f"%{{y:.2f}}{pen.say(' 分', ' points')}<extra></extra>",
    )


def _changed(pen: Pen, rows: pd.DataFrame) -> go.Scatter:
    seen = rows["observed"].to_numpy()
    reach = {"array": rows["observed_high"].to_numpy() - seen, "arrayminus": seen - rows["observed_low"].to_numpy()}
    return go.Scatter(
        x=rows["decile"].to_numpy(),
        y=seen,
        mode="markers",
        name=pen.say("实际变化", "observed"),
        marker={"size": 11, "color": theme.MAIN},
        error_y={"type": "data", "thickness": 1.2, "width": 4, "color": theme.MAIN, **reach},
        customdata=rows[["n", "before"]].to_numpy(),
        hovertemplate=pen.say(
            "n=%{customdata[0]},原平均 %{customdata[1]:.1f}<br>变化 %{y:+.2f} 分",
            "n=%{customdata[0]}, mean before %{customdata[1]:.1f}<br>%{y:+.2f} points",
        )
        + "<extra></extra>",
    )


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
        Two bars a member, which sum to the change of the total; that is written beyond them.

    Examples
    --------
    >>> row = {"member_id": "1", "before": 80.0, "after": 85.0, "behaviour": 7.0, "rule": -2.0, "total_change": 5.0}
    >>> [trace.x.tolist() for trace in attribution(pd.DataFrame([row])).data[:2]]
    [[7.0], [-2.0]]
    """
    pen, split = Pen.over(table, style), table.dropna(subset=["behaviour", "rule"])
    order = split["total_change"].abs().sort_values(ascending=False, kind="stable").index[:shown]
    rows = split.loc[order].sort_values("total_change", ascending=False, kind="stable")
    names = [pen.name(member) for member in rows["member_id"]]
    traces = _split_bars(pen, rows, names)
    words = FigureText(
        Text(
            f"分数变化来自表现还是规则：变化最大的 {len(rows)} 人",
            f"Behaviour or rule: the {len(rows)} largest changes",
        ),
        Text("图中数字为总分变化", "Written: the change of the total"),
        Text("对总分变化的贡献(分)", "Part of the change of the total (points)"),
        method=Text("两种先后次序的平均(Shapley)", "mean of both orders (Shapley)"),
        finding=theme.headline(found_in.attribution(table)),
    )
    parts = rows[["behaviour", "rule"]]
    ends = [0.0, *parts.clip(lower=0).sum(axis=1), *parts.clip(upper=0).sum(axis=1)]
    room = 0.16 * (max(ends) - min(ends)) + 0.01
    across = {"range": [min(ends) - room, max(ends) + room]}
    figure = pen.listing(traces, words, names, 22, barmode="relative", xaxis=across)
    return figure.add_vline(x=0, line={"color": theme.GREY, "width": 1})


def _split_bars(pen: Pen, rows: pd.DataFrame, names: list[str]) -> list[go.Bar | go.Scatter]:
    parts = {
        "behaviour": (pen.say("表现", "behaviour"), theme.MAIN),
        "rule": (pen.say("规则", "rule"), theme.AMBER),
    }
    look = {"y": names, "orientation": "h"}
    said = f" %{{x:+.2f}}{pen.say(' 分', ' points')}<extra></extra>"
    bars = [
        go.Bar(x=rows[part].to_numpy(), name=name, hovertemplate=f"%{{y}}<br>{name}{said}", marker_color=colour, **look)
        for part, (name, colour) in parts.items()
    ]
    return [*bars, _written_totals(rows, names)]


def _written_totals(rows: pd.DataFrame, names: list[str]) -> go.Scatter:
    """Write each change beyond the end of its bars."""
    change, parts = rows["total_change"], rows[["behaviour", "rule"]]
    ends = np.where(change >= 0, parts.clip(lower=0).sum(axis=1), parts.clip(upper=0).sum(axis=1))
    written = {"text": [f" {value:+.1f} " for value in change], "textfont": {"size": 12}, "cliponaxis": False}
    side = np.where(change >= 0, "middle right", "middle left").tolist()
    look = {"mode": "text", "textposition": side, "showlegend": False, "hoverinfo": "skip"}
    return go.Scatter(x=ends, y=names, **look, **written)


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
    >>> [(bar.name, bar.x.tolist()) for bar in whereabouts(table, least=0).data][:2]
    [('离开(n=1)', [0, -1]), ('转出(n=1)', [0, -1])]
    """
    pen = Pen.over(table, style)
    branches = pd.concat([table["branch_before"], table["branch_after"]]).dropna().unique()
    held = theme.sort_rows(table["branch_after"].value_counts().reindex(branches, fill_value=0).to_frame("n"))
    large, small = pen.large_groups(held)
    every = _comings_and_goings(table, held.index)
    counts = {kind: int(members.str.len().sum()) for kind, members in every.items()}
    large = large.loc[_by_change(every, large.index)]
    lists = {kind: members.loc[large.index] for kind, members in every.items()}
    names = pen.all_counted(large.index, large["n"])
    bars = [_gone_or_come(pen, names, kind, members, counts[kind]) for kind, members in lists.items()]
    words = FigureText(
        Text(f"两年之间谁来谁走(n={len(table)})", f"Who came and who went (n={len(table)})"),
        theme.join_parts(
            Text("支部名后为后一年的人数", "Beside a branch its members of the later year"),
            small,
        ),
        Text("← 减少(人) 增加(人)→", "← fewer (members), more (members) →"),
        finding=theme.headline(found_in.whereabouts(table)),
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


def _by_change(lists: dict[str, pd.Series], branches: pd.Index) -> pd.Index:
    """Return branches in the order of what they gained less what they lost, the largest gain first."""
    counts = {kind: members.loc[branches].str.len() for kind, members in lists.items()}
    gained = counts["in"] + counts["joined"] - counts["out"] - counts["left"]
    return gained.sort_values(ascending=False, kind="stable").index


def _gone_or_come(pen: Pen, names: list[str], kind: str, members: pd.Series, whole: int) -> go.Bar:
    colours = {"left": theme.BAD, "out": theme.ROSE, "in": theme.SOFT, "joined": theme.MAIN}
    counts, said = members.str.len(), STATES[kind].message(pen.lang)
    return theme.bars(
        names,
        (counts * (-1 if kind in ("left", "out") else 1)).to_numpy("int64"),
        f"%{{y}}<br>{said} %{{customdata[0]}}<br>%{{customdata[1]}}",
        [f"{count}" if count else "" for count in counts],
        name=pen.with_count(said, whole),
        marker=theme.bar_outline(colours[kind]),
        **theme.INSIDE,
        customdata=[[n, pen.name_list(some)] for n, some in zip(counts, members, strict=True)],
    )


def _both_ways(reach: int) -> dict[str, object]:
    """Return an axis that counts from 0 to both sides."""
    step = max(1, math.ceil(reach / 4))
    ticks = list(range(-step * math.ceil(reach / step), reach + step, step))
    return {"tickvals": ticks, "ticktext": [f"{abs(tick)}" for tick in ticks], "range": [ticks[0], ticks[-1]]}
