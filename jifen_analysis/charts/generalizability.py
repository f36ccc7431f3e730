"""Picture of how many evaluators it takes until marks can be depended on."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import generalizability as found_in
from jifen_analysis.summaries import DStudy


def d_study(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw how dependable a mean mark is by the number of evaluators.

    Parameters
    ----------
    table : DataFrame
        What ``generalizability.d_study`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A line of phi for each number of periods, the first with its 95 %
        interval; the share of members whose grade is settled, where it is known;
        the target as a line, today's number of evaluators as another.

    Examples
    --------
    >>> rows = {"evaluators": [1, 2], "periods": 1, "phi": [0.6, 0.7], "phi_low": 0.5, "phi_high": 0.8}
    >>> table = pd.DataFrame(rows | {"sem": [3.0, 2.0], "settled": [0.5, 0.6]})
    >>> table = DStudy(persons=30, evaluators=2, branches=1, needed={1: None}, target=0.8).on(table)
    >>> d_study(table).data[1].y.tolist()
    [0.6, 0.7]
    """
    pen, facts = Pen.over(table, style), DStudy.read(table)
    if facts.persons < pen.least:
        raise UsageError(f"不足 {pen.least} 人,不能显示", f"fewer than {pen.least} persons: not shown")
    lines = [rows for _, rows in table.groupby("periods")]
    traces = [_band(lines[0]), *(_line(pen, rows, at) for at, rows in enumerate(lines))]
    if lines[0]["settled"].notna().all():
        traces.append(_settled(pen, lines[0]))
    words = FigureText(
        Text(
            f"多少类主体评才靠得住({facts.persons} 人)",
            f"How many evaluators make marks dependable ({facts.persons} persons)",
        ),
        Text("在支部之内比较，不含支部整体的松紧", "inside branches: how gently a branch marks as a whole is not in it")
        if facts.branches > 1
        else theme.NOTHING,
        Text("评议主体数(类)", "Evaluators"),
        Text("Φ 与占比", "Phi, and share"),
        method=Text("概化理论，D 研究(Brennan 2001)", "generalizability theory, D study (Brennan 2001)"),
        finding=theme.headline(found_in.d_study(table)),
    )
    figure = pen.draw(traces, words, xaxis={"dtick": max(1, round(len(lines[0]) / 12))}, yaxis={"range": [0, 1.02]})
    figure.add_hline(y=facts.target, line={"color": theme.GREY, "width": 1, "dash": "dash"})
    return figure.add_vline(x=facts.evaluators, line={"color": theme.GREY, "width": 1, "dash": "dot"})


def _band(rows: pd.DataFrame) -> go.Scatter:
    there = rows["evaluators"].to_numpy()
    return go.Scatter(
        x=np.concatenate([there, there[::-1]]),
        y=np.concatenate([rows["phi_low"], rows["phi_high"][::-1]]),
        mode="lines",
        fill="toself",
        fillcolor="rgba(31,90,153,0.15)",
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )


def _line(pen: Pen, rows: pd.DataFrame, at: int) -> go.Scatter:
    times = int(rows["periods"].iloc[0])
    name = pen.say(f"Φ,评 {times} 期", f"phi, {times} period{'s' * (times > 1)}")
    said = pen.say(
        "%{x} 类主体<br>Φ=%{y:.2f},标准误 %{customdata:.1f} 分",
        "%{x} evaluators<br>phi=%{y:.2f}, standard error %{customdata:.1f}",
    )
    return go.Scatter(
        x=rows["evaluators"].to_numpy(),
        y=rows["phi"].to_numpy(),
        mode="lines+markers",
        name=name,
        line={"color": theme.SERIES[at % len(theme.SERIES)], "width": 2},
        customdata=rows["sem"].to_numpy(),
        hovertemplate=f"{name}<br>{said}<extra></extra>",
        showlegend=True,
    )


def _settled(pen: Pen, rows: pd.DataFrame) -> go.Scatter:
    name = pen.say("等次不因谁评而变的党员", "members whose grade is settled")
    return go.Scatter(
        x=rows["evaluators"].to_numpy(),
        y=rows["settled"].to_numpy(),
        mode="lines+markers",
        name=name,
        line={"color": theme.BAD, "width": 2, "dash": "dash"},
        marker={"symbol": "diamond"},
        hovertemplate=pen.say("%{x} 类主体<br>占 %{y:.0%}", "%{x} evaluators<br>%{y:.0%}") + "<extra></extra>",
        showlegend=True,
    )
