"""Picture of which score of one year stands where a score of another stood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import equating as found_in
from jifen_analysis.summaries import Equivalents

METHODS = {
    "equipercentile": Text("等百分位", "equipercentile"),
    "linear": Text("线性", "linear"),
    "mean": Text("平移", "mean"),
}
DESIGNS = {
    "same": Text("同一批人,假定整体没有变化", "the same members, taken to be what they were"),
    "equivalent": Text("两批人,假定整体一样好", "two groups, taken to be equally good"),
}


def equivalents(table: pd.DataFrame, cuts: Mapping[str, float] | None = None, **style: Unpack[Style]) -> go.Figure:
    """Draw by how much the score of the year before differs that stands where a score of this year stands.

    Parameters
    ----------
    table : DataFrame
        What ``equating.equivalents`` returned.
    cuts : mapping of grade to cut score, optional
        Drawn as lines; the headline speaks of the first that the table tells of.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A line a method, the equipercentile with its 95 % interval, over the
        scores of which it tells; at zero a point is the same point.

    Examples
    --------
    >>> rows = {"method": "equipercentile", "score": [89.0, 90.0], "equivalent": [87.5, 88.5]}
    >>> table = pd.DataFrame(rows | {"low": 87.0, "high": 89.5})
    >>> table = Equivalents(design="same", n_before=60, n_after=60).on(table)
    >>> equivalents(table).data[1].y.tolist()
    [-1.5, -1.5]
    """
    pen, facts = Pen.over(table, style), Equivalents.read(table)
    told = table[table["method"] == "equipercentile"].dropna(subset="equivalent")
    if told.empty:
        raise UsageError("每个分数上下都不足五人,画不出来", "fewer than five members lie above or below every score")
    within = table[table["score"].between(told["score"].min(), told["score"].max())]
    lines = [_line(pen, name, rows) for name in METHODS if len(rows := within[within["method"] == name])]
    found = found_in.equivalents(table, cuts)
    sizes = ", ".join(f"n={n}" for n in dict.fromkeys([facts.n_before, facts.n_after]))
    words = FigureText(
        Text(f"今年的分相当于上年的几分({sizes})", f"What a score was worth the year before ({sizes})"),
        theme.NOTHING if found else DESIGNS[facts.design],
        Text("今年的总分(分)", "Total this year (points)"),
        Text("上年相当的分 − 今年的分", "Points the year before, minus this year's"),
        method=Text("等值(Kolen & Brennan 2014)", "equating (Kolen & Brennan 2014)"),
        finding=theme.headline(found),
    )
    figure = pen.draw([_band(told), *lines], words)
    for grade, cut in (cuts or {}).items():
        if told["score"].min() <= cut <= told["score"].max():
            figure.add_vline(x=cut, line={"color": theme.GREY, "width": 1, "dash": "dot"})
            figure.add_annotation(x=cut, y=1, yref="paper", yanchor="top", text=grade, showarrow=False, xanchor="left")
    return figure.add_hline(y=0, line={"color": theme.GREY, "width": 1})


def _line(pen: Pen, name: str, rows: pd.DataFrame) -> go.Scatter:
    called = METHODS[name].message(pen.lang)
    said = pen.say("今年 %{x:.1f} 分<br>上年 %{customdata:.1f} 分", "%{x:.1f} this year<br>%{customdata:.1f} before")
    return go.Scatter(
        x=rows["score"].to_numpy(),
        y=(rows["equivalent"] - rows["score"]).to_numpy(),
        mode="lines",
        name=called,
        line={"color": theme.SERIES[list(METHODS).index(name)], "width": 3 if name == "equipercentile" else 1.5},
        customdata=rows["equivalent"].to_numpy(),
        hovertemplate=f"{called}<br>{said}<extra></extra>",
    )


def _band(rows: pd.DataFrame) -> go.Scatter:
    there = rows["score"].to_numpy()
    low, high = ((rows[side] - rows["score"]).to_numpy() for side in ("low", "high"))
    return go.Scatter(
        x=np.concatenate([there, there[::-1]]),
        y=np.concatenate([low, high[::-1]]),
        mode="lines",
        fill="toself",
        fillcolor="rgba(31,90,153,0.15)",
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )
