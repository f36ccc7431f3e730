"""Names beside points, put where they cover neither each other nor a point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from jifen_analysis.charts.theme.figure import SMALL, text_width

PLOT = (500.0, 310.0)
"""Pixels of the plotting area of a picture 640 wide; on a wider one names only come further apart."""

GLYPH = 12.5
LINE = 17.0
NEAR, FAR = 9.0, 26.0
_DOT = 4.0
"""Pixels to each side of a point that no name covers."""


class Spot(NamedTuple):
    """Where a name stands, in pixels from its point, and by which edge it is held."""

    dx: float
    dy: float
    anchor: str


_SPOTS = [
    Spot(dx, dy, anchor)
    for reach in (NEAR, FAR, 2 * FAR)
    for dx, dy, anchor in (
        (NEAR, -reach, "left"),
        (-NEAR, -reach, "right"),
        (NEAR, reach, "left"),
        (-NEAR, reach, "right"),
    )
]


SIDES = {
    "above": Spot(0, -NEAR - LINE / 2, "center"),
    "below": Spot(0, NEAR + LINE / 2, "center"),
    "right": Spot(NEAR, 0, "left"),
    "left": Spot(-NEAR, 0, "right"),
}
"""Where an office can put the name of a mark."""


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        """Return whether the two cover a common place."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)

    def inside(self, plot: tuple[float, float]) -> bool:
        """Return whether it lies within the plotting area."""
        return self.left >= 0 and self.top >= 0 and self.right <= plot[0] and self.bottom <= plot[1]


def layout_labels(
    points: Sequence[tuple[float, float]],
    widths: Sequence[float],
    plot: tuple[float, float] = PLOT,
    spots: Sequence[Spot] = tuple(_SPOTS),
) -> list[Spot | None]:
    """Find a place for the name of each point, the first points first.

    Parameters
    ----------
    points : sequence of (float, float)
        Shares of the plotting area, from its left and from its bottom.
    widths : sequence of float
        Widths of the names, in full characters.
    plot : (float, float)
        Pixels of the plotting area.
    spots : sequence of Spot, optional
        Where a name may stand, the best first.

    Returns
    -------
    list of Spot or None
        None where every place is taken: the name is then left to the hover.

    Examples
    --------
    >>> [spot.anchor for spot in layout_labels([(0.5, 0.5), (0.51, 0.5)], [4, 4])]
    ['left', 'right']
    >>> layout_labels([(0.5, 0.5)] * 20, [4] * 20)[-1] is None
    True
    """
    centres = [(x * plot[0], (1 - y) * plot[1]) for x, y in points]
    taken = [_Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in centres]
    found: list[Spot | None] = []
    for centre, width in zip(centres, widths, strict=True):
        boxes = ((spot, _box(centre, width, spot)) for spot in spots)
        free = next(((s, b) for s, b in boxes if b.inside(plot) and not any(b.meets(other) for other in taken)), None)
        taken += [free[1]] if free else []
        found.append(free[0] if free else None)
    return found


def _box(point: tuple[float, float], width: float, spot: Spot) -> _Box:
    edge, middle = point[0] + spot.dx, point[1] + spot.dy
    left = edge - {"left": 0.0, "center": 0.5, "right": 1.0}[spot.anchor] * width * GLYPH
    return _Box(left, middle - LINE / 2, left + width * GLYPH, middle + LINE / 2)


# ---------------------------------------------------------------- names of points


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
