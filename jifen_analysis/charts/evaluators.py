"""Pictures of those who give the marks, and of what people say."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text
from jifen_analysis.findings import evaluators as found_in
from jifen_analysis.summaries import GStudy, Leniency, PartialMarks, Withheld

PARTS = {
    "person": Text("被评议人之间", "persons"),
    "evaluator": Text("评议主体之间", "evaluators"),
    "period": Text("各期之间", "periods"),
    "person_evaluator": Text("人 × 评议主体", "person by evaluator"),
    "person_period": Text("人 × 期", "person by period"),
    "evaluator_period": Text("评议主体 × 期", "evaluator by period"),
    "residual": Text("其余(含两者交互)", "rest (with interaction)"),
}


def leniency(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw each branch's mean mark with its spread, the gentlest above.

    Parameters
    ----------
    table : DataFrame
        What ``evaluators.leniency`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A dot a branch with the 95 % interval of all branches at once; those that
        differ from the mean of all stand out, those with few evaluators are hollow.

    Examples
    --------
    >>> row = {"branch": "一", "n": 9, "mean": 88.0, "difference": 1.0, "ceiling_share": 0.1}
    >>> more = {"difference_low": -1.0, "difference_high": 3.0, "stands": "", "voters": 7.0}
    >>> more |= {"few_voters": False, "withheld": False}
    >>> known = {"omega2": 0.2, "omega2_low": 0.0, "omega2_high": 0.4}
    >>> table = Leniency(mean=87.0, component="evaluation", **known).on(pd.DataFrame([row | more]))
    >>> leniency(table).data[0].x.tolist()
    [88.0]
    """
    pen, facts = Pen.over(table, style), Leniency.read(table)
    large, small = pen.large_groups(_with_few_withheld(pen, table))
    rows = large.sort_values("mean", ascending=False, kind="stable")
    few = rows["few_voters"].fillna(False).to_numpy("bool")
    names = pen.all_counted(rows["branch"], rows["n"])
    points = _marks(pen, rows, names, few)
    hollow = Text("空心点评议人少", "hollow: few evaluators") if few.any() else theme.NOTHING
    found = found_in.leniency(large, hidden=len(table) - len(large)) if np.isfinite(facts.omega2) else None
    words = FigureText(
        Text("各支部评议打分的松紧", "How gently each branch marks"),
        theme.join_parts(*([] if found else [_gentlest(pen, rows), _between(facts)]), hollow, small),
        Text(
            f"{pen.name(facts.component)}平均分(分，各支部合计 95% 区间)",
            f"Mean of {pen.name(facts.component)} (points, 95 % interval of all branches at once)",
        ),
        method=Text("Welch 区间，Sidak 校正；ω²(Hays 1963)", "Welch intervals, Sidak; omega squared (Hays 1963)"),
        finding=theme.headline(found),
    )
    figure = pen.listing([points], words, names)
    return figure.add_vline(x=facts.mean, line={"color": theme.GREY, "width": 1, "dash": "dash"})


def _with_few_withheld(pen: Pen, table: pd.DataFrame) -> pd.DataFrame:
    """Withhold also a branch of few members, however many marks they have."""
    if "members" not in table:
        return table
    return table.assign(withheld=table["withheld"] | (table["members"] < (Withheld.read(table).min_n or pen.least)))


def _gentlest(pen: Pen, rows: pd.DataFrame) -> Text:
    if len(rows) < 2:
        return Text("只有一个支部", "one branch only")
    apart = {side: pen.name_list(rows.loc[rows["stands"] == side, "branch"].tolist()) for side in ("above", "below")}
    if not any(apart.values()):
        return Text("没有一个支部与全体的差别超出偶然波动", "no branch differs from all by more than chance")
    return theme.join_parts(
        Text(f"高于全体:{apart['above']}", f"above all: {apart['above']}") if apart["above"] else theme.NOTHING,
        Text(f"低于全体:{apart['below']}", f"below all: {apart['below']}") if apart["below"] else theme.NOTHING,
    )


def _between(known: Leniency) -> Text:
    if np.isnan(known.omega2):
        return Text("分数没有差异,或人太少", "marks do not differ, or are too few")
    share, low, high = (f"{one:.0%}" for one in (known.omega2, known.omega2_low, known.omega2_high))
    return Text(
        f"支部之间约占分数差异的 {share}(95% 区间 {low} 至 {high})",
        f"about {share} of the variance lies between branches (95 % interval {low} to {high})",
    )


def _marks(pen: Pen, rows: pd.DataFrame, names: list[str], few: np.ndarray) -> go.Scatter:
    said = pen.say(
        "%{y}<br>平均 %{x:.2f} 分,与全体相差 %{customdata[0]:+.2f}<br>"
        "满分占 %{customdata[1]:.0%},每人评议 %{customdata[2]:.0f} 份",
        "%{y}<br>mean %{x:.2f}, %{customdata[0]:+.2f} from all<br>"
        "full marks %{customdata[1]:.0%}, %{customdata[2]:.0f} evaluators each",
    )
    colours = np.where(rows["stands"] != "", theme.BAD, theme.MAIN)
    return go.Scatter(
        x=rows["mean"].to_numpy(),
        y=names,
        mode="markers",
        error_x={
            "type": "data",
            "array": (rows["difference_high"] - rows["difference"]).fillna(0).to_numpy(),
            "color": theme.GREY,
            "thickness": 1.2,
            "width": 4,
        },
        marker={
            "size": 11,
            "color": np.where(few, theme.PAPER, colours).tolist(),
            "line": {"color": colours.tolist(), "width": 2},
        },
        customdata=rows[["difference", "ceiling_share", "voters"]].to_numpy("float64"),
        hovertemplate=said + "<extra></extra>",
        showlegend=False,
    )


def g_study(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw how much of the variance of marks is the judged, the judge and the rest.

    Parameters
    ----------
    table : DataFrame
        What ``evaluators.g_study`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A bar a component, in shares of the variance.

    Examples
    --------
    >>> rows = {"variance": [6.0, 3.0, 1.0], "share": [0.6, 0.3, 0.1]}
    >>> table = pd.DataFrame(rows, index=["person", "evaluator", "residual"])
    >>> table = GStudy(phi=0.8, e_rho2=0.9, persons=30, evaluators=3).on(table)
    >>> g_study(table).data[0].x.tolist()
    [0.6, 0.3, 0.1]
    """
    pen, facts = Pen.over(table, style), GStudy.read(table)
    names = [pen.name(part) if part in pen.labels else PARTS[str(part)].message(pen.lang) for part in table.index]
    bars = theme.bars(
        names,
        table["share"].to_numpy("float64"),
        pen.say("%{y}<br>方差 %{customdata:.2f},占 %{x:.1%}", "%{y}<br>variance %{customdata:.2f}, %{x:.1%}"),
        [f"{share:.0%}" for share in table["share"]],
        marker={"color": theme.MAIN},
        customdata=table["variance"].to_numpy(),
        showlegend=False,
    )
    order = theme.format_number(facts.e_rho2)
    words = FigureText(
        _design(facts),
        Text(f"排序的可靠性 Eρ²={order}", f"Dependability of the order E rho²={order}"),
        Text("占方差的比例", "Share of the variance"),
        method=Text("概化理论(Brennan 2001)", "generalizability theory (Brennan 2001)"),
        finding=theme.headline(found_in.g_study(table)),
    )
    return pen.listing([bars], words, names, 44, xaxis={"tickformat": ".0%", "range": [0, 1.08]})


def _design(facts: GStudy) -> Text:
    persons, evaluators, periods = facts.persons, facts.evaluators, facts.periods
    times = (f" × {periods} 期", f" by {periods} periods") if periods > 1 else ("", "")
    inside = (",支部之内", ", inside branches") if facts.branches > 1 else ("", "")
    return Text(
        f"评议分的差异来自谁({persons} 人 × {evaluators} 类评议主体{times[0]}{inside[0]})",
        f"Where marks differ ({persons} persons by {evaluators} evaluators{times[1]}{inside[1]})",
    )


def self_gap(table: pd.DataFrame, shown: int = 40, **style: Unpack[Style]) -> go.Figure:
    """Draw what members declared for themselves against what they were given.

    Parameters
    ----------
    table : DataFrame
        What ``evaluators.self_gap`` returned.
    shown : int
        How many groups: those of the largest gaps, whether more or less was declared.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A line a group from the points given (dot) to those declared (ring), the
        largest gap above.

    Examples
    --------
    >>> row = {"branch": "一", "n": 9, "declared": 10.0, "given": 8.0, "gap": 2.0}
    >>> [trace.x.tolist() for trace in self_gap(pd.DataFrame([row])).data[1:3]]
    [[8.0], [10.0]]
    """
    pen = Pen.over(table, style)
    large, small = pen.large_groups(table)
    widest_first = large["gap"].abs().sort_values(ascending=False, kind="stable").index
    rows = large.loc[widest_first[:shown]].sort_values("gap", ascending=False, kind="stable")
    names = pen.all_counted(_joined(pen, rows, "n"), rows["n"])
    x = np.column_stack([rows["given"], rows["declared"], np.full(len(rows), np.nan)]).ravel()
    tie = go.Scatter(
        x=x,
        y=[name for name in names for _ in range(3)],
        mode="lines",
        line={"color": theme.SOFT, "width": 4},
        showlegend=False,
        hoverinfo="skip",
    )
    given = _ends(pen.say("评定得分", "given"), rows, names, "given", {"color": theme.MAIN, "size": 10})
    declared = _ends(
        pen.say("自评申报", "declared"),
        rows,
        names,
        "declared",
        {"color": theme.PAPER, "size": 11, "line": {"color": theme.BAD, "width": 2}},
    )
    words = FigureText(
        _how_many(len(rows), len(large)),
        small,
        Text("平均分值(分)", "Mean points"),
        finding=theme.headline(found_in.self_gap(large, pen.labels)),
    )
    return pen.listing([tie, given, declared, _written(rows, names)], words, names)


def _written(rows: pd.DataFrame, names: list[str]) -> go.Scatter:
    """Write each gap beyond the right end of its line."""
    return go.Scatter(
        x=rows[["given", "declared"]].max(axis=1).to_numpy(),
        y=names,
        mode="text",
        text=[f"   {gap:+.2f}" for gap in rows["gap"]],
        textposition="middle right",
        textfont={"size": 12},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )


def _how_many(shown: int, groups: int) -> Text:
    zh, en = "自评申报与评定得分的差距", "What members declared and what they were given"
    if shown == groups:
        return Text(zh, en)
    return Text(f"{zh}:最大的 {shown} 组(共 {groups} 组)", f"{en}: the {shown} widest gaps of {groups}")


def _joined(pen: Pen, rows: pd.DataFrame, until: str) -> list[str]:
    """Return the name of each row's group, from the columns before the one named."""
    columns = list(rows.columns[: rows.columns.get_loc(until)])
    return ["·".join(pen.name(value) for value in row) for row in rows[columns].itertuples(index=False)]


def _ends(name: str, rows: pd.DataFrame, names: list[str], column: str, marker: dict[str, object]) -> go.Scatter:
    return go.Scatter(
        x=rows[column].to_numpy(), y=names, mode="markers", name=name, marker=marker, customdata=rows["gap"].to_numpy(),
        hovertemplate=f"%{{y}}<br>{name} %{{x:.2f}} (%{{customdata:+.2f}})<extra></extra>",
    )  # fmt: skip


def survey(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw how satisfied people are with the scheme itself.

    Parameters
    ----------
    table : DataFrame
        What ``evaluators.survey`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A dot with its 95 % interval for each group that is not withheld.

    Examples
    --------
    >>> row = {"period": "2024", "n": 9, "rows": 9, "mean": 4.0, "low": 3.5, "high": 4.5, "withheld": False}
    >>> survey(pd.DataFrame([row])).data[0].x.tolist()
    [4.0]
    """
    pen = Pen.over(table, style)
    rows, small = pen.large_groups(table)
    mean = rows["mean"].to_numpy("float64")
    reach = {"array": (rows["high"] - rows["mean"]).fillna(0), "arrayminus": (rows["mean"] - rows["low"]).fillna(0)}
    names = pen.all_counted(_joined(pen, rows, "n"), rows["n"])
    points = go.Scatter(
        x=mean,
        y=names,
        mode="markers",
        marker={"size": 11, "color": theme.MAIN},
        error_x={"type": "data", "color": theme.GREY, "thickness": 1.2, "width": 4, **reach},
        hovertemplate="%{y}<br>%{x:.2f}<extra></extra>",
        showlegend=False,
    )
    n = int(rows["n"].sum())
    words = FigureText(
        Text(f"对积分办法的满意度(n={n})", f"Satisfaction with the scheme (n={n})"),
        small,
        Text("平均满意度(问卷分值，95% 区间)", "Mean answer (the questionnaire's scale, 95 % interval)"),
        finding=theme.headline(found_in.survey(table, pen.labels)),
    )
    return pen.listing([points], words, names)


def partial(table: pd.DataFrame, shown: int = 20, **style: Unpack[Style]) -> go.Figure:
    """Draw how much members gained at least and at most because a group of evaluators was missing.

    Parameters
    ----------
    table : DataFrame
        What ``evaluators.partial`` returned.
    shown : int
        How many rows: those who gained or lost at least most; ties by the member's number.
    **style
        ``labels`` (members' names, if they may be shown; groups), ``source``, ``lang``.

    Returns
    -------
    Figure
        A span from the least to the most a row; those of one sign stand out.
        Rows without any bound are counted in words.

    Examples
    --------
    >>> row = {"member_id": "1", "period": "2024H1", "missing": "committee", "gain_low": 1.0, "gain_high": 3.0}
    >>> table = pd.DataFrame([row | {"stands": "gained"}])
    >>> table = PartialMarks(evaluated=30).on(table)
    >>> partial(table).data[0].x.tolist()
    [2.0]
    """
    pen = Pen.over(table, style)
    bound = table.dropna(subset=["gain_low", "gain_high"])
    sure = bound[["gain_low", "gain_high"]].abs().min(axis=1).where(bound["stands"] != "open", -1.0)
    rows = bound.loc[sure.sort_values(ascending=False, kind="stable").index[:shown]]
    names = [f"{pen.name(member)} {period}" for member, period in zip(rows["member_id"], rows["period"], strict=True)]
    unknown, evaluated = int((table["stands"] == "unknown").sum()), PartialMarks.read(table).evaluated
    words = FigureText(
        Text(
            f"评议缺一类主体，谁多得谁少得(共 {len(table)} 人次)",
            f"A group of evaluators missing: who gained, who lost ({len(table)} of {evaluated})",
        ),
        Text(
            f"无从估计的 {unknown} 人次：该类主体在该支部当期没有评过任何人",
            f"of {unknown} nothing is known: the group marked nobody in the branch",
        )
        if unknown
        else theme.NOTHING,
        Text("对总分的影响(分，最少至最多)", "Points of the total, from the least to the most"),
        method=Text("该类主体在本支部当期打过的最低分与最高分", "by the group's lowest and highest mark in the branch"),
        finding=theme.headline(found_in.partial(table)),
    )
    figure = pen.listing([_gains(pen, rows, names)], words, names, 24)
    return figure.add_vline(x=0, line={"color": theme.GREY, "width": 1})


def _gains(pen: Pen, rows: pd.DataFrame, names: list[str]) -> go.Scatter:
    low, high = rows["gain_low"].to_numpy("float64"), rows["gain_high"].to_numpy("float64")
    said = pen.say(
        "%{y}<br>缺 %{customdata[0]}<br>%{customdata[1]:+.2f} 至 %{customdata[2]:+.2f} 分",
        "%{y}<br>without %{customdata[0]}<br>%{customdata[1]:+.2f} to %{customdata[2]:+.2f} points",
    )
    gone = [pen.name_list(str(groups).split(";")) for groups in rows["missing"]]
    return go.Scatter(
        x=(low + high) / 2,
        y=names,
        mode="markers",
        error_x={"type": "data", "array": (high - low) / 2, "color": theme.GREY, "thickness": 3, "width": 0},
        marker={"size": 8, "color": np.where(rows["stands"] == "open", theme.GREY, theme.BAD).tolist()},
        customdata=[[groups, *ends] for groups, *ends in zip(gone, low, high, strict=True)],
        hovertemplate=said + "<extra></extra>",
        showlegend=False,
    )
