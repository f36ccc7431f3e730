"""Picture of which choice moves the grades most."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import sensitivity as found_in
from jifen_analysis.summaries import Choices


def choices(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw which share of the movement of grades each choice decides.

    Parameters
    ----------
    table : DataFrame
        What ``sensitivity.choices`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A bar a choice for all it takes part in, with its 95 % interval, and a
        mark for what it decides alone; that which decides most above.

    Examples
    --------
    >>> rows = {"factor": ["cut.优秀", "weights"], "first": [0.5, 0.2], "total": [0.7, 0.4], "moved": [0.08, 0.05]}
    >>> table = pd.DataFrame(rows | {"total_low": [0.6, 0.3], "total_high": [0.8, 0.5]})
    >>> table = Choices(members=200, still=150, shares=0.05, cuts=1.0, readings=[]).on(table)
    >>> [trace.x.tolist() for trace in choices(table).data]
    [[0.7, 0.4], [0.5, 0.2]]
    """
    pen, facts = Pen.over(table, style), Choices.read(table)
    if facts.members < pen.least:
        raise UsageError(f"不足 {pen.least} 人,不能显示", f"fewer than {pen.least} members: not shown")
    rows = table.fillna(0.0)
    names = [theme.wrap_text(_called(pen, str(code)), 14) for code in rows["factor"]]
    words = FigureText(
        Text(
            f"哪一种取法最能改变等次({facts.members} 人)",
            f"Which choice moves the grades most ({facts.members} members)",
        ),
        Text(
            "条：连同与别的一起起的作用；菱形：单独的作用", "Bar: with all it does together with others; diamond: alone"
        ),
        Text("占等次变动的比例(Sobol 指数，95% 区间)", "Share of the movement of grades (Sobol, 95 % interval)"),
        method=Text("Sobol 指数(Saltelli 等 2010)", "Sobol indices (Saltelli et al. 2010)"),
        finding=theme.headline(found_in.choices(table)),
    )
    top = max(1.0, float(rows["total_high"].max()))
    across = {"tickformat": ".0%", "range": [0, 1.05 * top]}
    return pen.listing([_together(pen, rows, names), _alone(pen, rows, names)], words, names, 40, xaxis=across)


def _called(pen: Pen, code: str) -> str:
    return pen.labels[code] if code in pen.labels else found_in.factor(code).message(pen.lang)


def _together(pen: Pen, rows: pd.DataFrame, names: list[str]) -> go.Bar:
    total = rows["total"].to_numpy("float64")
    reach = {"array": rows["total_high"].to_numpy() - total, "arrayminus": total - rows["total_low"].to_numpy()}
    said = pen.say(
        "%{y}<br>总作用 %{x:.0%},单改它动 %{customdata:.1%} 的人", "%{y}<br>total %{x:.0%}, moves %{customdata:.1%}"
    )
    return theme.bars(
        names,
        total,
        said,
        name=pen.say("总作用", "total"),
        marker={"color": theme.SOFT},
        error_x={"type": "data", "color": theme.GREY, "thickness": 1.4, "width": 4, **reach},
        customdata=rows["moved"].to_numpy(),
    )


def _alone(pen: Pen, rows: pd.DataFrame, names: list[str]) -> go.Scatter:
    name = pen.say("单独的作用", "alone")
    return go.Scatter(
        x=np.maximum(rows["first"].to_numpy("float64"), 0.0),
        y=names,
        mode="markers",
        name=name,
        marker={"symbol": "diamond", "size": 10, "color": theme.MAIN},
        hovertemplate=f"%{{y}}<br>{name} %{{x:.0%}}<extra></extra>",
    )
