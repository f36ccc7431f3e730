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
