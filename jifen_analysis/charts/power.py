"""Picture of how large a difference must be before it can be seen."""

from __future__ import annotations

from typing import Unpack

import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.summaries import SmallestGap


def smallest_gap(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw for each branch the smallest gap to another that a year can show.

    Parameters
    ----------
    table : DataFrame
        What ``power.smallest_gap`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A span a branch: from the gap to the branch that is easiest to compare with
        (a dot) to that to the hardest; the largest branch above. Pairs with a
        branch that is too small to show are left out.

    Examples
    --------
    >>> table = pd.DataFrame([["一", "二", 64, 64, 2.0]], columns=["a", "b", "n_a", "n_b", "gap"])
    >>> table = SmallestGap(sd=4.0, power=0.8, level=0.05).on(table)
    >>> smallest_gap(table).data[0].x.tolist()
    [2.0, 2.0]
    """
    pen, known = Pen.over(table, style), SmallestGap.read(table)
    pairs, small = _shown(pen, table)
    sides = [pairs[[f"{side}", f"n_{side}", "gap"]].set_axis(["unit", "n", "gap"], axis=1) for side in "ab"]
    each = (
        pd.concat(sides).groupby("unit", observed=True).agg(n=("n", "first"), least=("gap", "min"), most=("gap", "max"))
    )
    rows = each.sort_values(["least", "most"], kind="stable")
    names = pen.all_counted(rows.index, rows["n"])
    best, worst = float(pairs["gap"].min()), float(pairs["gap"].max())
    words = FigureText(
        Text("两个支部平均分差多少才看得出", "How far two branches' means must lie apart to be told"),
        theme.join_parts(
            Text("差得更少的，没看出不等于没有", "a smaller gap that goes unseen may still be there"), small
        ),
        Text(
            f"最小可见差距(分；功效 {known.power:.0%}，标准差 {known.sd:.1f} 分)",
            f"Smallest gap (points; power {known.power:.0%}, sd {known.sd:.1f})",
        ),
        method=Text("双样本 t 检验(Cohen 1988)", "two-sample t (Cohen 1988)"),
        finding=Text(
            f"平均分要差{best:.1f}分以上，最容易比的两个支部才看得出；最难的要差{worst:.1f}分",
            f"Means must lie {best:.1f} points apart to be told in the easiest pair, {worst:.1f} in the hardest",
        ),
    )
    return pen.listing([_spans(pen, rows, names)], words, names, 26, xaxis={"rangemode": "tozero"})


def _shown(pen: Pen, table: pd.DataFrame) -> tuple[pd.DataFrame, Text]:
    """Return the pairs of which both branches may be shown, and how many branches may not, in words."""
    sides = [table[[side, f"n_{side}"]].set_axis(["unit", "n"], axis=1) for side in "ab"]
    large, small = pen.large_groups(pd.concat(sides).drop_duplicates("unit"))
    pairs = table[table["a"].isin(large["unit"]) & table["b"].isin(large["unit"])]
    if pairs.empty:
        raise UsageError("够人数的支部不到两个,不能比较", "fewer than two branches are large enough to compare")
    return pairs, small


def _spans(pen: Pen, rows: pd.DataFrame, names: list[str]) -> go.Scatter:
    span = rows["most"] - rows["least"]
    return go.Scatter(
        x=rows["least"].to_numpy(),
        y=names,
        mode="markers",
        error_x={
            "type": "data",
            "symmetric": False,
            "array": span.to_numpy(),
            "arrayminus": (0 * span).to_numpy(),
            "color": theme.GREY,
            "thickness": 3,
            "width": 0,
        },
        marker={"size": 10, "color": theme.MAIN},
        customdata=rows["most"].to_numpy(),
        hovertemplate=pen.say(
            "%{y}<br>至少差 %{x:.1f} 分,最多要差 %{customdata:.1f} 分",
            "%{y}<br>from %{x:.1f} to %{customdata:.1f} points",
        )
        + "<extra></extra>",
        showlegend=False,
    )
