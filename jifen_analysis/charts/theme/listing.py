"""Pictures that list names from above: how high they are, their axis, and the bars beside the names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts.theme.colours import GREY, INK, PAPER, contrast, hatching


def height(names: Sequence[str], row: float = 30) -> float:
    """Return the height of a plot that lists names, in pixels: room for the one with the most lines; many stand closer.

    Examples
    --------
    >>> height(["一", "二"]), height(["一<br>二<br>三"], row=20), height([str(n) for n in range(60)])
    (80.0, 79.0, 1040.0)
    """
    lines, count = max((name.count("<br>") + 1 for name in names), default=1), len(set(names))
    return 20.0 + count * max(17.0 * lines, min(max(row, 17.0 * lines + 8), _PAGE / max(count, 1)))


_PAGE = 900.0
"""Pixels of names that a page of paper has room for."""


def downwards(names: Sequence[str]) -> dict[str, Any]:
    """Return the axis that lists names from above.

    Examples
    --------
    >>> downwards(["一", "二"])["range"]
    [1.5, -0.5]
    """
    return {"type": "category", "range": [len(set(names)) - 0.5, -0.5], "dtick": 1}


def widen_axis(traces: Sequence[Any]) -> dict[str, Any]:
    """Return an axis with room about marks that all stand in one place; nothing where they do not.

    Differences of rounding alone would otherwise fill the whole picture.

    Examples
    --------
    >>> widen_axis([go.Scatter(x=[80.0, 80.0 + 1e-13], y=["一", "二"])])
    {'range': [79.0, 81.0]}
    >>> widen_axis([go.Scatter(x=[80.0, 81.0], y=["一", "二"])]), widen_axis([go.Bar(x=[1.0], y=["一"])])
    ({}, {})
    """
    if not traces or any(trace.type != "scatter" for trace in traces):
        return {}
    ends = [_reach(trace) for trace in traces if trace.x is not None and len(trace.x)]
    places = np.concatenate(ends) if ends else np.array([])
    places = places[np.isfinite(places)]
    if not len(places) or np.ptp(places) > _SAME * max(1.0, float(np.abs(places).max())):
        return {}
    middle = round(float(places.mean()), 6)
    return {"range": [middle - 1, middle + 1]}


_SAME = 1e-9
"""Of a number: what is apart by less stands in the same place."""


def _reach(trace: Any) -> np.ndarray:
    """Return where the marks of a trace stand, and the ends of their intervals."""
    x, error = np.asarray(trace.x, dtype="float64"), trace.error_x
    above = np.zeros_like(x) if error.array is None else np.asarray(error.array, dtype="float64")
    below = above if error.arrayminus is None else np.asarray(error.arrayminus, dtype="float64")
    return np.concatenate([x + np.nan_to_num(above), x - np.nan_to_num(below)])


def bars(names: Iterable[str], values: np.ndarray, said: str, text: Sequence[str] | None = None, **look: Any) -> go.Bar:
    """Return a bar beside each name, its text beyond its end; ``said`` is what the pointer is told.

    Examples
    --------
    >>> bars(["一"], np.array([3]), "%{y}:%{x}", ["3 人"]).text
    ('3 人',)
    """
    written = {} if text is None else {"text": list(text), "textposition": "outside", "cliponaxis": False}
    hover = f"{said}<extra></extra>"
    return go.Bar(y=list(names), x=values, orientation="h", hovertemplate=hover, **(written | look))


def bar_outline(colour: str | list[str]) -> dict[str, Any]:
    """Return the look of bars that touch each other."""
    return {"color": colour, "line": {"color": GREY, "width": 0.5}}


INSIDE = {"textposition": "inside", "insidetextanchor": "middle", "textangle": 0}
"""How a bar's text stands within it."""

LEGIBLE = 0.08
"""The least part of a stacked bar that has room for its number."""


def stack_segment(names: Sequence[str], shares: pd.Series, said: str, colour: str, grade: str = "") -> go.Bar:
    """Return what one grade takes of the stacked bar beside each name, its number inside where there is room.

    Examples
    --------
    >>> stack_segment(["一", "二"], pd.Series([0.25, 0.01]), "优秀", "#123456").text
    ('25%', '')
    """
    held = shares.to_numpy("float64")
    written = [f"{share:.0%}" if share >= LEGIBLE else "" for share in held]
    font = {"size": 12, "color": INK if contrast(INK, colour) > contrast(PAPER, colour) else PAPER}
    look = bar_outline(colour) | {"pattern": hatching(grade)}
    words = {"name": said, "textfont": font, **INSIDE}
    return bars(names, held, f"%{{y}}<br>{said} %{{x:.1%}}", written, marker=look, **words)
