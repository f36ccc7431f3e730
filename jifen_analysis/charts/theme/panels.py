"""Small multiples: one panel a group, the same axes in all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from jifen_analysis.charts.theme.colours import INK
from jifen_analysis.charts.theme.figure import NOTE, FigureText, Pen, wrap_text

COLUMNS = (3, 4, 5)
"""Panels side by side, the best first: the first that leaves no panel alone in the last row is taken."""

PANEL = 145
"""Height of a panel in pixels, without its title."""
READABLE = 4
"""Rows of panels below which one axis of numbers at the bottom is near enough."""


@dataclass(frozen=True)
class Panels:
    """A figure of panels; :func:`panels` makes one."""

    figure: go.Figure
    rows: int
    columns: int
    lines: int

    def add(self, place: int, *traces: Any) -> None:
        """Put traces into the panel of that number, from 0."""
        row, column = divmod(place, self.columns)
        for trace in traces:
            self.figure.add_trace(trace, row=row + 1, col=column + 1)

    def dress(self, pen: Pen, words: FigureText, **yaxis: Any) -> go.Figure:
        """Put the theme on the whole; the axes' titles stand once, at the bottom left."""
        x, y = words.x.message(pen.lang), words.y.message(pen.lang)
        bare = FigureText(words.title, words.note, method=words.method, finding=words.finding)
        row = PANEL + 15 * self.lines + 14 * (self.rows > READABLE)
        figure = pen.dress(self.figure, bare, plot=max(270, self.rows * row), headroom=8 + 15 * self.lines)
        figure.update_yaxes(**yaxis)
        look = {"showarrow": False, "font": {"size": NOTE}, "xref": "paper", "yref": "paper"}
        figure.add_annotation(text=f"{x} →", x=1, xanchor="right", y=0, yanchor="top", yshift=-26, **look)
        return figure.add_annotation(
            text=f"↑ {y}", x=0, xanchor="left", xshift=-44, y=0, yanchor="top", yshift=-26, **look
        )


def _columns(size: int) -> int:
    """Return how many panels stand side by side.

    Examples
    --------
    >>> [_columns(size) for size in (1, 3, 4, 7, 9, 10, 13)]
    [1, 3, 2, 4, 3, 4, 5]
    """
    if size <= COLUMNS[0]:
        return size
    if size == 4:  # two by two
        return 2
    return next((columns for columns in COLUMNS if size % columns != 1), COLUMNS[0])


def panels(titles: Sequence[str]) -> Panels:
    """Make a figure of panels, mostly three side by side; every column has its numbers below its last panel.

    Parameters
    ----------
    titles : sequence of str
        One for each panel.

    Examples
    --------
    >>> board = panels(["一", "二", "三", "四"])
    >>> board.rows, board.columns
    (2, 2)
    """
    size = max(len(titles), 1)
    columns = _columns(size)
    rows = math.ceil(size / columns)
    names = [wrap_text(title, 37.5 / columns) for title in titles]
    lines = 1 + max((name.count("<br>") for name in names), default=0)
    far = rows > READABLE
    shape = {"shared_xaxes": "all", "shared_yaxes": "all", "horizontal_spacing": 0.04}
    between = 0.14 + 0.07 * lines + 0.1 * far
    figure = make_subplots(rows, columns, subplot_titles=names, vertical_spacing=between / rows, **shape)
    for place in range(0 if far else max(size - columns, 0), size):
        row, column = divmod(place, columns)
        figure.update_xaxes(showticklabels=True, row=row + 1, col=column + 1)
    return Panels(figure.update_annotations(font={"size": 12, "color": INK}), rows, columns, lines)
