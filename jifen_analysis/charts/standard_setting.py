"""Picture of where overall ratings would draw the line between two grades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text
from jifen_analysis.findings import standard_setting as found_in
from jifen_analysis.summaries import Moves


class Borderline(found_in.Standard, Protocol):
    """What ``standard_setting.borderline_regression`` returned, with what is drawn of it."""

    @property
    def details(self) -> Mapping[str, float]:
        """The regression."""
        ...

    @property
    def points(self) -> pd.DataFrame:
        """Rating and score of each member."""
        ...


def borderline_regression(found: Borderline, moved: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw what members score beside how they are rated, and the score at the borderline beside today's cut.

    Parameters
    ----------
    found : StandardSetting
        What ``standard_setting.borderline_regression`` returned.
    moved : DataFrame
        What ``standard_setting.moves`` returned for its cut score.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A dot a member, without a name; the regression; the cut score with its 95 %
        interval at the borderline; today's cut score as a line.

    Examples
    --------
    >>> points = pd.DataFrame({"rating": [1.0, 2.0], "score": [80.0, 90.0]})
    >>> details = {"intercept": 70.0, "slope": 10.0, "borderline": 1.5}
    >>> from jifen_analysis.analysis.standard_setting import StandardSetting
    >>> found = StandardSetting("borderline_regression", 85.0, 1.0, 83.0, 87.0, 2, details, points)
    >>> moved = pd.DataFrame([[1, 0], [0, 1]])
    >>> moved = Moves(grade="优秀", today=90.0, cut=85.0).on(moved)
    >>> borderline_regression(found, moved).data[1].y.tolist()
    [80.0, 90.0]
    """
    pen, facts = Pen.over(found.points, style), found.details
    words = FigureText(
        Text(f"总体评定在边界上的人得几分(n={found.n})", f"What members score who are rated borderline (n={found.n})"),
        theme.NOTHING,
        Text("总体评定", "Overall rating"),
        Text("总分(分)", "Total (points)"),
        method=Text("边界回归(Cizek & Bunch 2007)", "borderline regression (Cizek & Bunch 2007)"),
        finding=theme.headline(found_in.cut_score(found, moved)),
    )
    ends = np.array([found.points["rating"].min(), found.points["rating"].max()])
    line = facts["intercept"] + facts["slope"] * ends
    figure = pen.draw([_members(found), _line(pen, ends, line), _cut(pen, found)], words)
    move = Moves.read(moved)
    today = pen.say("今天的{grade}线 {cut:g}", "{grade} today: {cut:g}").format(grade=move.grade, cut=move.today)
    figure.add_hline(y=move.today, line={"color": theme.GREY, "width": 1, "dash": "dot"})
    return figure.add_annotation(
        x=0, xref="paper", xanchor="left", y=move.today, yanchor="bottom", text=today, showarrow=False
    )


def _members(found: Borderline) -> go.Scatter:
    return go.Scatter(
        x=found.points["rating"].to_numpy(),
        y=found.points["score"].to_numpy(),
        mode="markers",
        marker={"size": 6, "color": theme.GREY, "opacity": 0.35},
        hoverinfo="skip",
        showlegend=False,
    )


def _line(pen: Pen, ends: np.ndarray, line: np.ndarray) -> go.Scatter:
    return go.Scatter(
        x=ends,
        y=line,
        mode="lines",
        line={"color": theme.MAIN, "width": 2},
        hovertemplate=pen.say("评定 %{x:.2f}<br>平均 %{y:.1f} 分", "rated %{x:.2f}<br>%{y:.1f} points")
        + "<extra></extra>",
        showlegend=False,
    )


def _cut(pen: Pen, found: Borderline) -> go.Scatter:
    return go.Scatter(
        x=[found.details["borderline"]],
        y=[found.cut],
        mode="markers",
        marker={"size": 11, "color": theme.MAIN},
        error_y={"type": "constant", "value": found.high - found.cut, "color": theme.MAIN, "thickness": 2},
        hovertemplate=pen.say("边界 %{x:.2f}<br>%{y:.1f} 分", "borderline %{x:.2f}<br>%{y:.1f} points")
        + "<extra></extra>",
        showlegend=False,
    )
