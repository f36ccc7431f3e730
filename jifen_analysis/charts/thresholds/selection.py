"""Pictures of whether a grade is equally in reach of every group."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.charts.theme.figure import BEYOND
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import thresholds as found_in
from jifen_analysis.summaries import SelectionRates


def selection_rates(table: pd.DataFrame, grade: str = "", **style: Unpack[Style]) -> go.Figure:
    """Draw each group's rate with its interval beside the reference rate, and four fifths of it.

    Parameters
    ----------
    table : DataFrame
        What ``thresholds.selection_rates`` returned.
    grade : str
        What they were selected for; said in the title.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A point with its 95 % Wilson interval for each group that is not
        withheld; groups that differ by more than chance, their number considered
        (Holm), stand out by colour and shape.

    Raises
    ------
    UsageError
        Where every group is withheld.

    Examples
    --------
    >>> row = {"n": 9, "selected": 3, "rate": 1 / 3, "low": 0.1, "high": 0.6, "ratio": 1.0, "p_holm": None}
    >>> more = {"ratio_low": 0.5, "ratio_high": 2.0, "below_four_fifths": False, "withheld": False}
    >>> table = SelectionRates(rate=1 / 3, false_alarms=0.05, min_n=5).on(pd.DataFrame([row | more], index=["一"]))
    >>> selection_rates(table).data[0].x.round(2).tolist()
    [0.33]
    """
    held = table[~table["withheld"]]
    if held.empty:
        raise UsageError("各组人数都太少,不能显示比例", "every group is too small to show")
    pen, rows = Pen(**style), theme.sort_rows(held).sort_values("rate", ascending=False, kind="stable")
    names = pen.all_counted(rows.index, rows["n"])
    out = (rows["p_holm"].astype("float64") < BEYOND).to_numpy("bool")
    what, rate = grade or pen.say("入选", "selection"), SelectionRates.read(table).rate
    words = FigureText(
        Text(f"各组的{what}率", f"Rate of {what} by group"),
        _noted(pen, table, rows),
        Text(f"{what}率(95% 区间)", f"Rate of {what} (95 % interval)"),
        method=Text(
            "Wilson 区间；Fisher 检验，Holm 校正；五分之四为经验筛查线，不是规定。每组与其余各组(或基准组)比，"
            "漏斗图与全体的比例比：在界限边上的组，两图说得可以不同",
            "Wilson intervals; Fisher's test, Holm; four fifths is a rule of thumb, no regulation. Each group is held "
            "against the others (or the reference), in the funnel against the rate of all: at the edge they may differ",
        ),
        finding=theme.headline(found_in.selection_rates(table, grade)),
    )
    figure = pen.listing(
        [_rates(pen, rows, names, out)], words, names, xaxis={"tickformat": ".0%", "range": [-0.02, 1.02]}
    )
    figure.add_vline(x=rate, line={"color": theme.GREY, "width": 1})
    return figure.add_vline(x=0.8 * rate, line={"color": theme.BAD, "dash": "dash", "width": 1.5})


def _noted(pen: Pen, table: pd.DataFrame, rows: pd.DataFrame) -> Text:
    """Say what the lines are, how many would differ by chance alone, and what is hidden."""
    facts = SelectionRates.read(table)
    base, rate, alarms, least = facts.reference, facts.rate, facts.false_alarms, facts.min_n
    few, hidden = int(rows["below_four_fifths"].fillna(False).sum()), int(table["withheld"].sum())
    zh, en = (pen.name(base), pen.name(base)) if base is not None else ("各组合计", "all groups together")
    return theme.join_parts(
        Text(
            f"逐组看,纯属偶然也会有约 {alarms:.1f} 组超出",
            f"one by one, chance alone puts about {alarms:.1f} groups beyond",
        ),
        Text(
            f"实线 {zh} {rate:.1%};{few} 组低于其余各组的五分之四(虚线),只是筛查,须连区间看"
            if base is None
            else f"实线 {zh} {rate:.1%};{few} 组低于它的五分之四(虚线),只是筛查,须连区间看",
            f"line: {en} {rate:.1%}; {few} groups below four fifths (dashed), a screen to be read with its interval",
        ),
        Text(f"{hidden} 组不足 {least} 人,不显示", f"{hidden} groups under {least} are withheld")
        if hidden
        else theme.NOTHING,
    )


def _rates(pen: Pen, rows: pd.DataFrame, names: list[str], out: np.ndarray) -> go.Scatter:
    rate = rows["rate"].to_numpy("float64")
    reach = {"array": rows["high"].to_numpy("float64") - rate, "arrayminus": rate - rows["low"].to_numpy("float64")}
    said = pen.say(
        "%{customdata[0]} 人,%{x:.1%}%{customdata[1]}", "%{customdata[0]} selected, %{x:.1%}%{customdata[1]}"
    )
    told = [pen.say(*_ratio(*row)) for row in rows[["ratio", "ratio_low", "ratio_high"]].astype("float64").to_numpy()]
    return go.Scatter(
        x=rate,
        y=names,
        mode="markers",
        error_x={"type": "data", "thickness": 1.2, "width": 4, "color": theme.GREY, **reach},
        marker={
            "size": 11,
            "color": np.where(out, theme.BAD, theme.MAIN).tolist(),
            "symbol": np.where(out, "diamond", "circle").tolist(),
        },
        customdata=list(zip(rows["selected"].astype("int64").tolist(), told, strict=True)),
        hovertemplate=f"%{{y}}<br>{said}<extra></extra>",
        showlegend=False,
    )


def _ratio(ratio: float, low: float, high: float) -> tuple[str, str]:
    """Say how many times the reference's rate it is, as far as that can be said."""
    if np.isnan(ratio):
        return "", ""
    zh, en = f"<br>为基准的 {ratio:.2f} 倍", f"<br>{ratio:.2f} of the reference"
    return (zh, en) if np.isnan(low) else (f"{zh}({low:.2f} 至 {high:.2f})", f"{en} ({low:.2f} to {high:.2f})")
