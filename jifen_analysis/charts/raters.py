"""Pictures of raters: how far they agree, and how often rows of marks repeat each other, beside chance."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text
from jifen_analysis.findings import raters as found_in
from jifen_analysis.summaries import Concordance, RepeatedRows

NAMES = {
    "kappa": Text("κ(两两平均)", "kappa (mean of pairs)"),
    "alpha_nominal": Text("α(同或不同)", "alpha (same or not)"),
    "alpha_ordinal": Text("α(高低)", "alpha (order)"),
    "alpha_interval": Text("α(差多少)", "alpha (distance)"),
    "kendall_w": Text("W(名次)", "W (ranks)"),
}


def concordance(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw how far raters agree beside what chance makes of the same marks.

    Parameters
    ----------
    table : DataFrame
        What ``raters.concordance`` returned.
    **style
        ``source``, ``lang``.

    Returns
    -------
    Figure
        A dot with its interval for each coefficient that there is, and a grey
        line up to where chance alone comes in 95 of 100 deals.

    Examples
    --------
    >>> rows = {"value": [0.849], "low": [0.5], "high": [0.95], "chance": [0.0], "chance_high": [0.2], "p": [0.01]}
    >>> table = pd.DataFrame(rows, index=["alpha_interval"])
    >>> table = Concordance(persons=12, raters=4).on(table)
    >>> concordance(table).data[1].x.tolist()
    [0.849]
    """
    pen = Pen.over(table, style)
    known = Concordance.read(table)
    pen.large_groups(pd.DataFrame({"n": [known.persons]}))  # refuses fewer persons than may be shown
    rows = table.dropna(subset="value")
    names = [pen.say(NAMES[str(name)].zh, NAMES[str(name)].en) for name in rows.index]
    words = FigureText(
        Text(
            f"{known.raters} 个主体的评分是否一致(n={known.persons})",
            f"Do {known.raters} raters agree (n={known.persons})",
        ),
        Text("灰线：同样的分数随机配人，100 次里有 95 次到此为止", "grey: as far as 95 of 100 random deals come"),
        Text("一致程度(1 为完全一致)", "Agreement (1 is full)"),
        method=Text("Krippendorff 2011、Kendall 1939、Light 1971", "Krippendorff 2011, Kendall 1939, Light 1971"),
        finding=theme.headline(found_in.concordance(table)),
    )
    return pen.listing([*_by_chance(rows, names), _values(pen, rows, names)], words, names, 34)


def _by_chance(rows: pd.DataFrame, names: list[str]) -> list[go.Scatter]:
    ends = rows[["chance", "chance_high"]].to_numpy("float64")
    x = np.column_stack([ends, np.full(len(ends), np.nan)]).ravel()
    y = [part for name in names for part in (name, name, None)]
    line = {"color": theme.PALE, "width": 10}
    return [go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", showlegend=False)]


def _values(pen: Pen, rows: pd.DataFrame, names: list[str]) -> go.Scatter:
    value = rows["value"].to_numpy("float64")
    reach = {"array": rows["high"].to_numpy() - value, "arrayminus": value - rows["low"].to_numpy()}
    beyond = (rows["p"] < 0.05).to_numpy()
    return go.Scatter(
        x=value,
        y=names,
        mode="markers",
        error_x={"type": "data", "color": theme.GREY, "thickness": 2, "width": 0, **reach},
        marker={"size": 11, "color": np.where(beyond, theme.MAIN, theme.SOFT).tolist()},
        customdata=rows["p"].to_numpy("float64"),
        hovertemplate=pen.say(
            "%{y} %{x:.3f}<br>偶然至此的概率 %{customdata:.3f}", "%{y} %{x:.3f}<br>p by chance %{customdata:.3f}"
        )
        + "<extra></extra>",
        showlegend=False,
    )


def repeated_rows(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw how many rows of marks repeat another, or hold one mark throughout, beside what chance has.

    Parameters
    ----------
    table : DataFrame
        What ``raters.repeated_rows`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        Beside each group two bars, with what chance expects in brackets behind each.

    Examples
    --------
    >>> rows = {"group": ["一"], "n": [20], "withheld": [False], "stands": ["repeated"]}
    >>> rows |= {"repeated": [10], "repeated_expected": [0.5], "straight": [1], "straight_expected": [0.2]}
    >>> table = pd.DataFrame(rows)
    >>> table = RepeatedRows(tests=2, false_alarms=0.1, min_n=5).on(table)
    >>> [trace.x.tolist() for trace in repeated_rows(table).data[:2]]
    [[10], [1]]
    """
    pen = Pen.over(table, style)
    shown, small = pen.large_groups(table)
    rows = shown.sort_values(["repeated", "straight", "group"], ascending=[False, False, True], kind="stable")
    names, tests = pen.all_counted(rows["group"], rows["n"]), RepeatedRows.read(table).tests
    alarms = f"{RepeatedRows.read(table).false_alarms:.1f}"
    words = FigureText(
        Text("整行相同、整行一个分数的评分各有多少", "Rows of marks that are equal, or of one mark throughout"),
        theme.join_parts(
            Text(
                f"括号内为按偶然应有的行数；共检验 {tests} 次，纯属偶然也会有约 {alarms} 次 p<0.05",
                f"in brackets: as many as by chance; of {tests} tests about {alarms} have p<0.05 by chance",
            ),
            small,
        ),
        Text("行数(人)", "Rows (members)"),
        method=Text("按分数相近者重新配分(Feller 1968)", "marks dealt anew among neighbours (Feller 1968)"),
        finding=theme.headline(found_in.repeated_rows(shown)),
    )
    kinds = {
        "repeated": (pen.say("与别人整行相同", "equal to another"), theme.MAIN),
        "straight": (pen.say("整行一个分数", "one mark throughout"), theme.AMBER),
    }
    bars = [
        theme.bars(
            names,
            rows[kind].to_numpy(),
            f"%{{y}}<br>{said} %{{x}}",
            [pen.say(f"{count:.0f}(偶然 {mean:.1f})", f"{count:.0f} (chance {mean:.1f})") for count, mean in pairs],
            name=said,
            marker=theme.bar_outline(colour),
        )
        for kind, (said, colour) in kinds.items()
        for pairs in [list(zip(rows[kind], rows[f"{kind}_expected"], strict=True))]
    ]
    longest = float(rows[["repeated", "straight"]].to_numpy("float64").max())
    return pen.listing(bars, words, names, 44, barmode="group", xaxis={"range": [0, 1.25 * max(longest, 1.0)]})
