"""Pictures of how many would be graded differently if everything were assessed once more."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text
from jifen_analysis.findings import thresholds as found_in
from jifen_analysis.summaries import Classification, LivingstonLewis


def accuracy(found: Classification, **style: Unpack[Style]) -> go.Figure:
    """Draw how sure the grades are: members by the probability of their likeliest band.

    Parameters
    ----------
    found : Classification
        What ``thresholds.accuracy`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        Counts of members by the highest of their band probabilities, in tenths.

    Examples
    --------
    >>> bands = pd.DataFrame([[0.95, 0.05], [0.4, 0.6]])
    >>> accuracy(Classification(0.8, 0.7, bands, 0.9, 0.8, 0.7)).data[0].y.tolist()[-4:]
    [1, 0, 0, 1]
    """
    pen = Pen.over(found.probabilities, style)
    surest = found.probabilities.max(axis=1).to_numpy()
    counts = np.bincount(np.minimum(np.floor(surest * 10 + 1e-9).astype("int64"), 9), minlength=10)
    unsure = int((surest < 0.8).sum())
    bars = go.Bar(
        x=np.arange(0.05, 1, 0.1),
        y=counts,
        width=0.1,
        marker={"color": theme.SOFT, "line": {"color": theme.MAIN, "width": 1}},
        text=[f"{count}" if count else "" for count in counts],
        textposition="outside",
        cliponaxis=False,
        hovertemplate=pen.say("%{y} 人", "%{y} members") + "<extra></extra>",
        showlegend=False,
    )
    words = FigureText(
        Text(f"再评一次，等次有多可靠(n={len(surest)})", f"How sure the grades are (n={len(surest)})"),
        Text(f"{unsure} 人不足八成把握", f"{unsure} are less than 80 % sure"),
        Text("真分数落在最可能一档的概率", "Probability of the likeliest band"),
        Text("人数", "Members"),
        Text("Rudner 2001", "Rudner 2001"),
        theme.headline(found_in.accuracy(found)),
    )
    first = float(np.flatnonzero(counts)[0]) / 10
    return pen.draw(
        [bars], words, plot=250, xaxis={"tickformat": ".0%", "range": [first, 1.005]}, yaxis=theme.people(counts.max())
    )


def livingston_lewis(found: LivingstonLewis, **style: Unpack[Style]) -> go.Figure:
    """Draw into which band members fall whose true score lies in each.

    Parameters
    ----------
    found : LivingstonLewis
        What ``thresholds.livingston_lewis`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A heat map of the joint probabilities, the highest band above and on the
        left: on the diagonal those graded as their true score would be.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> bands = pd.IntervalIndex.from_breaks([-np.inf, 90, np.inf], closed="left")
    >>> joint = pd.DataFrame([[0.6, 0.1], [0.05, 0.25]], index=bands, columns=bands)
    >>> said = {"accuracy": 0.85, "consistency": 0.8, "kappa": 0.5, "effective_length": 40}
    >>> livingston_lewis(SimpleNamespace(table=joint, **said)).data[0].z.tolist()
    [[0.25, 0.05], [0.1, 0.6]]
    """
    pen, joint = Pen.over(found.table, style), found.table.iloc[::-1, ::-1]
    names = [_band(pen, band) for band in joint.index]
    z = joint.to_numpy("float64")
    cells = theme.draw_heatmap(
        z,
        names,
        names,
        [[f"{share:.1%}" if share >= 5e-4 else "" for share in row] for row in z],
        hovertemplate=pen.say("真分数 %{y},实得 %{x}:", "true %{y}, observed %{x}: ") + "%{z:.2%}<extra></extra>",
    )
    words = FigureText(
        Text("真分数与实得分各在哪一档", "Bands of true scores and of observed ones"),
        Text(
            f"对角线为等次与真分数相符的；扣除碰巧 κ={found.kappa:.2f}",
            f"On the diagonal: graded as their true score; beyond chance kappa={found.kappa:.2f}",
        ),
        Text("实得分(分)", "Observed score (points)"),
        Text("真分数(分)", "True score (points)"),
        Text(
            f"Livingston 与 Lewis 1995，等效 {found.effective_length} 题",
            f"Livingston & Lewis 1995, as reliable as {found.effective_length} items",
        ),
        theme.headline(found_in.livingston_lewis(found)),
    )
    return pen.draw([cells], words, plot=60 + 56 * len(names), yaxis={"autorange": "reversed", "showgrid": False})


def _band(pen: Pen, band: pd.Interval) -> str:
    if np.isneginf(band.left):
        return pen.say(f"{band.right:g} 以下", f"below {band.right:g}")
    if np.isposinf(band.right):
        return pen.say(f"{band.left:g} 及以上", f"{band.left:g} or more")
    return pen.say(f"{band.left:g} 至不足 {band.right:g}", f"{band.left:g} to under {band.right:g}")
