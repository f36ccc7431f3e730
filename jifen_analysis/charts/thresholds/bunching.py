"""Picture of the totals about a line, beside a smooth distribution of them."""

from __future__ import annotations

from typing import Any, Unpack

import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text
from jifen_analysis.findings import thresholds as found_in
from jifen_analysis.summaries import Bunching


def bunching(found: Bunching, **style: Unpack[Style]) -> go.Figure:
    """Draw the density of totals about a cut, the smooth one fitted to it, and the bins on both sides.

    Parameters
    ----------
    found : Bunching
        What ``thresholds.bunching`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        The density in shares of members per point, the counterfactual as a
        dashed line where there is one; both bins are shaded.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> curve, nothing = pd.DataFrame({"total": [89.0, 91], "density": [0.1, 0.3]}), Text("", "")
    >>> counts = {"cut": 90.0, "width": 1.0, "below": 1, "above": 4, "null_share": 0.5, "p": 0.1}
    >>> more = {"excess": 1.5, "excess_low": -1.0, "excess_high": 3.0, "cannot_tell": None, "assumed": nothing}
    >>> found = SimpleNamespace(**counts, **more, density=curve, counterfactual=curve)
    >>> bunching(found).data[0].y.tolist()
    [0.1, 0.3]
    """
    pen = Pen.over(found.density, style)
    cut, reach = found.cut, found.width
    seen = _curve(pen, found.density, pen.say("实际", "observed"), theme.MAIN, fill="tozeroy")
    seen.update(fillcolor="rgba(159,195,231,0.35)")
    smooth = _curve(pen, found.counterfactual, pen.say("平滑分布(不看线两侧)", "smooth, fitted away from the line"))
    words = FigureText(
        Text(f"{cut:g} 分线附近的分数密度", f"Density of totals around the cut of {cut:g}"),
        _noted(found),
        Text("总分(分)", "Total (points)"),
        Text("密度(每分占总人数的比例)", "Density (share of members per point)"),
        theme.join_parts(Text("反事实密度(Chetty 2011；Kleven 2016)", "counterfactual density"), found.assumed),
        theme.headline(found_in.bunching(found)),
    )
    traces = [seen] if found.counterfactual.empty else [seen, smooth]
    figure = pen.draw(traces, words, yaxis={"tickformat": ".0%", "rangemode": "tozero"})
    for left, colour in ((cut - reach, theme.SOFT), (cut, theme.BAD)):
        figure.add_vrect(x0=left, x1=left + reach, fillcolor=colour, opacity=0.3, line_width=0, layer="below")
    return figure.add_vline(x=cut, line={"color": theme.BAD, "width": 1.5, "dash": "dash"})


def _curve(pen: Pen, curve: pd.DataFrame, name: str, colour: str = theme.GREY, **look: Any) -> go.Scatter:
    said = pen.say("%{x:.1f} 分:每分 %{y:.1%}", "%{x:.1f} points: %{y:.1%} per point") + "<extra></extra>"
    return go.Scatter(
        x=curve["total"].to_numpy(),
        y=curve["density"].to_numpy(),
        mode="lines",
        name=name,
        line={"color": colour, "width": 2, "dash": "solid" if look else "dash"},
        hovertemplate=f"{name}<br>{said}",
        **look,
    )


def _noted(found: Bunching) -> Text:
    beside = Text(
        f"线下 {found.width:g} 分内 {found.below} 人,线上 {found.width:g} 分内 {found.above} 人",
        f"{found.below} within {found.width:g} points below, {found.above} within {found.width:g} above",
    )
    if found.cannot_tell is not None:
        return theme.join_parts(beside, found.cannot_tell)
    low, high, odds = f"{found.excess_low:.0f}", f"{found.excess_high:.0f}", theme.format_number(found.p, ".2g")
    expected = Text(
        f"按平滑分布线上应占 {found.null_share:.0%},多出 {found.excess:.0f} 人"
        f"(95% 区间 {low} 至 {high},单侧 p = {odds})",
        f"{found.null_share:.0%} above expected of a smooth distribution, {found.excess:.0f} more are "
        f"(95 % interval {low} to {high}, one-sided p = {odds})",
    )
    return theme.join_parts(beside, expected)
