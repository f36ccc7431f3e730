"""Picture of by how much the same members changed, branch by branch."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text
from jifen_analysis.findings import movement as found_in
from jifen_analysis.summaries import PairedChange


def paired_change(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw the mean change of each branch, and of all, with their intervals.

    Parameters
    ----------
    table : DataFrame
        What ``movement.paired_change`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A dot a branch with the interval of all branches at once, the largest rise
        above, those that do not reach 0 standing out; on top all, by branches.

    Examples
    --------
    >>> row = {"branch": "一", "n": 9, "change": 2.0, "low": 0.5, "high": 3.5, "stands": "rose", "withheld": False}
    >>> table = PairedChange(change=2.0, n=9, branches=1, effective=1.0).on(pd.DataFrame([row]))
    >>> paired_change(table).data[0].x.tolist()
    [2.0, 2.0]
    """
    pen, facts = Pen.over(table, style), PairedChange.read(table)
    large, small = pen.large_groups(table)
    whole = {"branch": pen.say("全体", "all"), "stands": "all"} | {name: getattr(facts, name) for name in ("n", *SPAN)}
    rows = pd.concat([pd.DataFrame([whole]), large[["branch", "stands", "n", *SPAN]]], ignore_index=True)
    names = pen.all_counted(rows["branch"], rows["n"])
    words = FigureText(
        Text("同一批人两年的分差", "By how much the same members changed"),
        theme.join_parts(
            Text("全体按支部聚类，支部合计 95% 区间", "all by branches; branches' intervals hold 95 % of all at once"),
            small,
        ),
        Text("平均变动(分，后一年减前一年)", "Mean change (points)"),
        method=Text("CR2 聚类稳健(Bell & McCaffrey 2002)", "CR2 cluster-robust (Bell & McCaffrey 2002)"),
        finding=theme.headline(found_in.paired_change(table)),
    )
    figure = pen.listing([_points(pen, rows, names)], words, names, 26)
    return figure.add_vline(x=0, line={"color": theme.GREY, "width": 1, "dash": "dash"})


SPAN = ("change", "low", "high")


def _points(pen: Pen, rows: pd.DataFrame, names: list[str]) -> go.Scatter:
    change = rows["change"].to_numpy("float64")
    reach = np.nan_to_num(rows["high"].to_numpy("float64") - change)
    colours = rows["stands"].map({"all": theme.INK, "rose": theme.GOOD, "fell": theme.BAD}).fillna(theme.GREY)
    said = pen.say(
        "%{y}<br>平均变动 %{x:+.2f} 分(%{customdata[0]} 至 %{customdata[1]})",
        "%{y}<br>mean change %{x:+.2f} (%{customdata[0]} to %{customdata[1]})",
    )
    return go.Scatter(
        x=change,
        y=names,
        mode="markers",
        error_x={"type": "data", "array": reach, "color": theme.GREY, "thickness": 1.4, "width": 4},
        marker={
            "size": 10,
            "color": colours.tolist(),
            "symbol": np.where(rows["stands"] == "all", "diamond", "circle").tolist(),
        },
        customdata=[
            [theme.format_number(end, "+.2f") for end in ends] for ends in rows[["low", "high"]].to_numpy("float64")
        ],
        hovertemplate=said + "<extra></extra>",
        showlegend=False,
    )
