"""The distribution of totals in classes that each hold nobody or enough members to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.distribution import TOTAL
from jifen_analysis.charts.theme import FigureText, Pen
from jifen_analysis.errors import Text, UsageError


def classes(totals: pd.Series, marks: Iterable[float], *, below: bool = True) -> pd.DataFrame:
    """Count the members between each two scores, and beyond the first and the last.

    Parameters
    ----------
    totals : Series
        In points.
    marks : iterable of float
        The scores between classes.
    below : bool
        Whether those below the first are counted too.

    Returns
    -------
    DataFrame
        low, high (points; infinite at the ends), n, and where a bar is drawn:
        left, width. What is open at its end is drawn as wide as its neighbour.

    Raises
    ------
    UsageError
        Where there is no score to divide them.

    Examples
    --------
    >>> classes(pd.Series([70.0] * 5 + [81.5] * 6 + [95.0] * 9), [80, 90])["n"].tolist()
    [5, 6, 9]
    """
    edges = np.array(sorted(marks), dtype="float64")
    if not len(edges):
        raise UsageError("人数太少或太集中,不能画出分布", "too few members, or too alike, to show a distribution")
    reached = len(totals) - np.searchsorted(np.sort(totals.round(6)), np.array([-np.inf, *edges]))
    widths = np.diff(edges) if len(edges) > 1 else np.ones(1)
    low, high = np.array([-np.inf, *edges]), np.array([*edges, np.inf])
    table = pd.DataFrame({"low": low, "high": high, "n": -np.diff([*reached, 0])})
    table["width"] = np.array([widths[0], *np.diff(edges), widths[-1]])
    table["left"] = np.where(np.isinf(low), high - table["width"], low)
    return table if below else table.iloc[1:].reset_index(drop=True)


def histogram(table: pd.DataFrame, cuts: Mapping[str, float], **style: Any) -> go.Figure:
    """Draw classes as bars whose areas are their members, with the lines between grades.

    Parameters
    ----------
    table : DataFrame
        From ``classes``.
    cuts : mapping of grade to cut score
        Each is drawn as a line.
    **style
        ``labels``, ``source``, ``lang``.
    """
    pen = Pen.over(table, style)  # type: ignore[arg-type] # as every chart takes it
    unit = float(table["width"].mode().iloc[0])
    bars = go.Bar(
        x=(table["left"] + table["width"] / 2).to_numpy(),
        y=(table["n"] / table["width"] * unit).to_numpy(),
        width=table["width"].to_numpy(),
        text=[str(n) if n else "" for n in table["n"]],
        textposition="outside",
        constraintext="none",
        textangle=0,
        cliponaxis=False,
        marker={"color": theme.SOFT, "line": {"color": theme.MAIN, "width": 1}},
        customdata=np.column_stack(
            [[_span(pen, *ends) for ends in zip(table["low"], table["high"], strict=True)], table["n"]]
        ),
        hovertemplate=pen.say("%{customdata[0]}:%{customdata[1]} 人", "%{customdata[0]}: %{customdata[1]}")
        + "<extra></extra>",
        showlegend=False,
    )
    words = FigureText(
        Text("总分分布", "Totals"), x=TOTAL, y=Text(f"每 {unit:g} 分的人数", f"Members per {unit:g} points")
    )
    figure = pen.draw([bars], words, xaxis=_ends(pen, table, cuts.values()), headroom=theme.HEADROOM * (len(cuts) + 1))
    middle = float(table["left"].iloc[0] + table["left"].iloc[-1]) / 2
    return theme.mark_cuts(pen, figure, cuts, middle)


def _ends(pen: Pen, table: pd.DataFrame, cuts: Iterable[float]) -> dict[str, Any]:
    """Return the axis: the scores between classes, as many as have room, and that the outer classes have no end."""
    right = table["left"] + table["width"]
    first = pen.say("更低", "lower") if np.isinf(table["low"].iloc[0]) else f"{table['low'].iloc[0]:g}"
    every, scores = -(-len(table) // _LABELS), table["low"].tolist()
    from_cut = min((scores.index(cut) for cut in cuts if cut in scores), default=0)
    between = [f"{score:g}" * ((at - from_cut) % every == 0) for at, score in enumerate(scores) if at]
    return {"tickvals": [*table["left"], right.iloc[-1]], "ticktext": [first, *between, pen.say("更高", "higher")]}


_LABELS = 8
"""Scores that stand side by side on a telephone."""


def _span(pen: Pen, low: float, high: float) -> str:
    if np.isinf(low):
        return pen.say(f"{high:g} 分以下", f"below {high:g}")
    if np.isinf(high):
        return pen.say(f"{low:g} 分及以上", f"{low:g} or more")
    return pen.say(f"{low:g} 分至不到 {high:g} 分", f"{low:g} to below {high:g}")
