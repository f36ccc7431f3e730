"""Picture of how far ranks could be from where they stand."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text
from jifen_analysis.summaries import RankIntervals


def intervals(table: pd.DataFrame, shown: int = 30, **style: Unpack[Style]) -> go.Figure:
    """Draw each unit's rank with the places that it could have.

    Parameters
    ----------
    table : DataFrame
        What ``ranks.intervals`` returned.
    shown : int
        How many: the first of the table.
    **style
        ``labels`` (members' names, if they may be shown), ``source``, ``lang``.

    Returns
    -------
    Figure
        A dot at the rank on a span from the best place to the worst; whose place
        is certain stands out.

    Examples
    --------
    >>> rows = {"estimate": [95.0, 85.0], "rank": [1, 2], "rank_low": 1, "rank_high": 2}
    >>> table = pd.DataFrame(rows, index=["一", "二"])
    >>> table = RankIntervals(level=0.95, told_apart=0.0).on(table)
    >>> intervals(table).data[0].x.tolist()
    [1, 2]
    """
    pen, rows = Pen.over(table, style), table.head(shown)
    names, sure = pen.names(rows.index), rows["rank_low"] == rows["rank_high"]
    ranks = rows["rank"].to_numpy()
    reach = {"array": rows["rank_high"].to_numpy() - ranks, "arrayminus": ranks - rows["rank_low"].to_numpy()}
    said = pen.say(
        "%{y}<br>第 %{x} 名,可能在第 %{customdata[0]} 至第 %{customdata[1]} 名<br>%{customdata[2]:.1f} 分",
        "%{y}<br>rank %{x}, between %{customdata[0]} and %{customdata[1]}<br>%{customdata[2]:.1f} points",
    )
    points = go.Scatter(
        x=ranks,
        y=names,
        mode="markers",
        error_x={"type": "data", "color": theme.GREY, "thickness": 3, "width": 0, **reach},
        marker={"size": 10, "color": np.where(sure, theme.GOOD, theme.MAIN).tolist()},
        customdata=rows[["rank_low", "rank_high", "estimate"]].to_numpy(),
        hovertemplate=said + "<extra></extra>",
        showlegend=False,
    )
    return pen.listing([points], _words(table), names, 24)


def _words(table: pd.DataFrame) -> FigureText:
    """Return what the picture says of all ranks, those that it does not show, too."""
    facts = RankIntervals.read(table)
    certain = int((table["rank_low"] == table["rank_high"]).sum())
    widest = int((table["rank_high"] - table["rank_low"]).max()) + 1
    return FigureText(
        Text(f"名次可能在哪里(共 {len(table)} 个)", f"Where ranks could be (of {len(table)})"),
        theme.join_parts(
            Text(
                f"最不确定的一个可以是 {widest} 个名次中的任何一个",
                f"The least certain could be any of {widest} places",
            ),
            Text(
                f"两两之间能分出高低的占 {facts.told_apart:.0%}",
                f"{facts.told_apart:.0%} of the pairs are told apart",
            ),
        ),
        Text(
            f"名次(全部同时成立的 {facts.level:.0%} 区间)",
            f"Rank ({facts.level:.0%}, all at once)",
        ),
        method=Text("Mogstad 等 2024", "Mogstad et al. 2024"),
        finding=Text(f"{len(table)} 个名次中能确定的 {certain} 个", f"{certain} of {len(table)} ranks are certain")
        if certain
        else Text(f"{len(table)} 个名次没有一个能确定", f"none of {len(table)} ranks is certain"),
    )
