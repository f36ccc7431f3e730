"""Names beside the points of a picture, laid out again where it is drawn narrower."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from jifen_analysis.charts.theme.figure import SMALL, text_width
from jifen_analysis.charts.theme.label_layout import PLOT, layout_labels

POINT = "point"
"""What the annotations are called by which points are named."""


def name_labels(
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    bounds: Sequence[float],
    plot: tuple[float, float] = PLOT,
) -> list[dict[str, Any]]:
    """Return annotations that name points, where there is room.

    Parameters
    ----------
    points : sequence of (float, float)
        In the units of the axes.
    names : sequence of str
        As many.
    bounds : sequence of four floats
        The axes' ranges: x from, x to, y from, y to.
    plot : (float, float)
        Pixels of the plotting area.

    Examples
    --------
    >>> [note["text"] for note in name_labels([(1, 1)], ["第一支部"], (0, 2, 0, 2))]
    ['第一支部']
    """
    left, right, low, high = bounds
    shares = [((x - left) / (right - left), (y - low) / (high - low)) for x, y in points]
    spots = layout_labels(shares, [text_width(name) for name in names], plot)
    look = {"showarrow": False, "font": {"size": SMALL}, "yanchor": "middle", "bgcolor": "rgba(255,255,255,0.7)"}
    return [
        {
            "x": x,
            "y": y,
            "text": name,
            "xanchor": spot.anchor,
            "xshift": spot.dx,
            "yshift": -spot.dy,
            "name": POINT,
            **look,
        }
        for (x, y), name, spot in zip(points, names, spots, strict=True)
        if spot
    ]


def rename_points(figure: go.Figure, width: float) -> go.Figure:
    """Lay out the names of a picture's points anew, in place, for a plotting area so wide; some may find no room.

    Examples
    --------
    >>> notes = name_labels([(1, 1), (1.2, 1), (1.1, 1.02)], ["第一支部", "第二支部", "第三支部"], (0, 2, 0, 2))
    >>> figure = go.Figure(layout={"xaxis": {"range": [0, 2]}, "yaxis": {"range": [0, 2]}, "annotations": notes})
    >>> len(rename_points(figure, 40).layout.annotations)
    0
    """
    named = [note for note in figure.layout.annotations if note.name == POINT]
    if not named:
        return figure
    bounds = (*figure.layout.xaxis.range, *figure.layout.yaxis.range)
    points, names = [(note.x, note.y) for note in named], [note.text for note in named]
    others = [note for note in figure.layout.annotations if note.name != POINT]
    again = name_labels(points, names, bounds, (width, PLOT[1]))
    figure.layout.annotations = [*others, *map(go.layout.Annotation, again)]
    return figure
