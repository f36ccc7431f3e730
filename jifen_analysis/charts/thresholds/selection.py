"""Pictures of whether a grade is equally in reach of every group."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import Pen, Style, Words
from jifen_analysis.errors import Text, UsageError


def selection_rates(table: pd.DataFrame, grade: str = "", **style: Unpack[Style]) -> go.Figure:
    """Draw each group's rate with its interval, and four fifths of the reference's.

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
        withheld; groups below four fifths stand out by colour and shape.

    Raises
    ------
    UsageError
        Where every group is withheld.

    Examples
    --------
    >>> row = {"n": 9, "selected": 3, "rate": 1 / 3, "low": 0.1, "high": 0.6, "ratio": 1.0, "p": None}
    >>> table = pd.DataFrame([row | {"below_four_fifths": False, "withheld": False}], index=["一"])
    >>> table.attrs = {"reference": "一", "min_n": 5}
    >>> selection_rates(table).data[0].x.round(2).tolist()
    [0.33]
    """
    held = table[~table["withheld"]]
    if held.empty:
        raise UsageError("各组人数都太少,不能显示比例", "every group is too small to show")
    pen, rows = Pen(**style), theme.ordered(held)
    names = pen.all_counted(rows.index, rows["n"])
    few = rows["below_four_fifths"].fillna(False).to_numpy("bool")
    base, line = table.attrs["reference"], 0.8 * float(rows.loc[table.attrs["reference"], "rate"])
    what = grade or pen.say("入选", "selection")
    hidden = int(table["withheld"].sum())
    words = Words(
        Text(f"各组的{what}率", f"Rate of {what} by group"),
        Text(
            f"{int(few.sum())} 组低于{pen.name(base)}的五分之四(虚线 {line:.1%})"
            + f";{hidden} 组不足 {table.attrs['min_n']} 人,不显示" * bool(hidden),
            f"{int(few.sum())} groups are below four fifths of {pen.name(base)} (dashed, {line:.1%})"
            + f"; {hidden} groups under {table.attrs['min_n']} are withheld" * bool(hidden),
        ),
        Text(f"{what}率(95% 区间)", f"Rate of {what} (95 % interval)"),
        method=Text("Wilson 区间;29 CFR 1607.4 D", "Wilson intervals; 29 CFR 1607.4 D"),
    )
    figure = pen.listing(
        [_rates(pen, rows, names, few)], words, names, xaxis={"tickformat": ".0%", "range": [-0.02, 1.02]}
    )
    return figure.add_vline(x=line, line={"color": theme.BAD, "dash": "dash", "width": 1.5})


def _rates(pen: Pen, rows: pd.DataFrame, names: list[str], few: np.ndarray) -> go.Scatter:
    rate = rows["rate"].to_numpy("float64")
    reach = {"array": rows["high"].to_numpy("float64") - rate, "arrayminus": rate - rows["low"].to_numpy("float64")}
    said = pen.say(
        "%{customdata[0]} 人,%{x:.1%}<br>为基准组的 %{customdata[1]:.2f} 倍",
        "%{customdata[0]} selected, %{x:.1%}<br>%{customdata[1]:.2f} of the reference",
    )
    return go.Scatter(
        x=rate,
        y=names,
        mode="markers",
        error_x={"type": "data", "thickness": 1.2, "width": 4, "color": theme.GREY, **reach},
        marker={
            "size": 11,
            "color": np.where(few, theme.BAD, theme.MAIN).tolist(),
            "symbol": np.where(few, "diamond", "circle").tolist(),
        },
        customdata=np.column_stack([rows["selected"].astype("int64"), rows["ratio"].astype("float64")]),
        hovertemplate=f"%{{y}}<br>{said}<extra></extra>",
        showlegend=False,
    )
