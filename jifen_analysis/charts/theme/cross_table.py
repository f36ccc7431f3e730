"""Who stands where, before and after: one heat map for every table of two gradings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts.theme.colours import BLUES, INK
from jifen_analysis.charts.theme.figure import Pen


def draw_cross_table(
    pen: Pen, counts: pd.DataFrame, shares: pd.DataFrame, reach: Sequence[pd.DataFrame] = ()
) -> go.Heatmap:
    """Return a cell for each pair of grades: its number written, its share of the row as shade.

    Parameters
    ----------
    pen : Pen
        Names the grades.
    counts, shares : DataFrame of shape (grades, grades)
        In the order in which they are to stand, from above and from the left.
    reach : sequence of two DataFrames
        The ends of each share's interval, written too; missing ones are not.

    Examples
    --------
    >>> counts = pd.DataFrame([[3, 1]], index=["优秀"], columns=["优秀", "合格"])
    >>> draw_cross_table(Pen(), counts, counts / 4).text[0]
    ['3 人<br>75%', '1 人<br>25%']
    """
    unit = pen.say(" 人", "")
    ends = list(reach) or [shares * np.nan] * 2
    tables = [table.to_numpy("float64").tolist() for table in (counts, shares, *ends)]
    return draw_heatmap(
        shares.to_numpy("float64"),
        pen.names(counts.columns),
        pen.all_counted(counts.index, counts.sum(axis=1)),
        [[_said(unit, *cell) for cell in zip(*row, strict=True)] for row in zip(*tables, strict=True)],
        hovertemplate="%{y} → %{x}<br>%{text}<extra></extra>",
    )


def _said(unit: str, n: float, share: float, low: float, high: float) -> str:
    """Return what a cell says: the number alone where it holds nobody."""
    if not n:
        return f"{n:g}{unit}"
    return f"{n:g}{unit}<br>{share:.0%}" + (f"<br>({low:.0%}–{high:.0%})" if low == low else "")


def draw_heatmap(
    z: np.ndarray, x: Sequence[str], y: Sequence[str], text: Sequence[Sequence[str]], **look: Any
) -> go.Heatmap:
    """Return a heat map whose cells say their values, so that it needs no scale beside it.

    Examples
    --------
    >>> draw_heatmap(np.array([[0.5]]), ["甲"], ["乙"], [["50%"]]).showscale
    False
    """
    ink = {"size": 13, "color": INK}
    scale = {"colorscale": BLUES, "zmin": 0, "zmax": 1, "showscale": False}
    words = {"text": list(text), "texttemplate": "%{text}", "textfont": ink}
    return go.Heatmap(z=z, x=list(x), y=list(y), xgap=2, ygap=2, **scale, **words, **look)
