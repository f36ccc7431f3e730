"""Lines at scores, their words above the plot, where no curve, tick or title is in the way."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from jifen_analysis.charts.theme.colours import BAD
from jifen_analysis.charts.theme.figure import SMALL, Pen

HEADROOM = 18
"""Pixels that the words of each line take above the plot."""


def mark_cuts(pen: Pen, figure: go.Figure, cuts: Mapping[str, float], middle: float) -> go.Figure:
    """Draw a line for each cut where scores run across, with its grade.

    Parameters
    ----------
    pen : Pen
        Names the grades.
    figure : Figure
        Drawn with ``HEADROOM`` for each cut.
    cuts : mapping of grade to cut score
        In points.
    middle : float
        Of the axis.

    Examples
    --------
    >>> figure = mark_cuts(Pen(), go.Figure(), {"优秀": 90, "合格": 60}, 75)
    >>> [(note.text, note.xanchor) for note in figure.layout.annotations]
    [('优秀 ≥ 90', 'right'), ('合格 ≥ 60', 'left')]
    """
    said = {f"{pen.name(grade)} ≥ {cut:g}": cut for grade, cut in cuts.items()}
    return mark_scores(figure, said, middle, BAD, "dash")


def mark_scores(figure: go.Figure, scores: Mapping[str, float], middle: float, colour: str, dash: str) -> go.Figure:
    """Draw a line at each score; its words run towards the middle, each on a line of their own.

    Parameters
    ----------
    figure : Figure
        Drawn with ``HEADROOM`` for each score.
    scores : mapping of words to score
        From the plot upwards.
    middle : float
        Of the axis.
    colour, dash : str
        Of lines and words, and of lines.

    Examples
    --------
    >>> figure = mark_scores(go.Figure(), {"今天的优秀线 90": 90}, 85, "#616E7C", "dot")
    >>> figure.layout.annotations[0].xanchor
    'right'
    """
    for place, (words, score) in enumerate(scores.items()):
        figure.add_vline(x=score, line={"color": colour, "width": 1.5, "dash": dash})
        look = {"showarrow": False, "font": {"size": SMALL, "color": colour}, "yref": "paper", "y": 1}
        anchor = {"xanchor": "right" if score > middle else "left", "yanchor": "bottom", "yshift": 2 + HEADROOM * place}
        figure.add_annotation(x=score, text=words, **look, **anchor)
    return figure
