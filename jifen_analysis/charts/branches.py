"""Pictures that compare branches of different sizes."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy import stats

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.charts.theme.figure import BEYOND
from jifen_analysis.errors import Text
from jifen_analysis.findings import branches as found_in
from jifen_analysis.summaries import Funnel, ShrunkenMeans


def funnel(table: pd.DataFrame, grade: str = "", **style: Unpack[Style]) -> go.Figure:
    """Draw each branch's rate against its size, between the limits of chance.

    Parameters
    ----------
    table : DataFrame
        What ``branches.funnel`` returned.
    grade : str
        What the rate is of, such as a grade; said in the title.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        Points at (n, rate); those that differ by more than chance, the number of
        branches considered (Holm), are named. Limits, of a single branch, are
        drawn at every size between the smallest and the largest, interpolated
        between whole counts: the same points lie outside them as outside the
        exact ones.

    Notes
    -----
    Interpolation: Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202,
    appendix A.1.1, the upper limit as the lower one of the rest.

    Examples
    --------
    >>> row = {"unit": "一", "n": 10, "successes": 9, "rate": 0.9, "flag": "", "p_holm": 0.4}
    >>> table = pd.DataFrame([row | {"low_95": 0.1, "high_95": 0.8, "z": 2.0, "z_adjusted": 1.5}])
    >>> table = Funnel(target=0.5, phi=1.0, tau2=0.0, levels=("95",), false_alarms=0.04).on(table)
    >>> funnel(table).data[-1].y.tolist()
    [0.9]
    """
    pen = Pen.over(table[table["n"] > 0], style)
    held, small = pen.large_groups(table[table["n"] > 0])
    facts = Funnel.read(table)
    levels, target = facts.levels, facts.target
    curves = _curves(held["n"], target, levels)
    limits = [
        line
        for level, dash in zip(levels, ("dash", "dot", "dashdot"), strict=False)
        for line in _limits(pen, curves, level, dash)
    ]
    out = (held["p_holm"].astype("float64") < BEYOND).to_numpy()
    points = _units(pen, held, out)
    what = grade or pen.say("达标", "success")
    words = FigureText(
        Text(f"各支部{what}率与人数", f"Rate of {what} by branch and size"),
        theme.join_parts(*_in_words(table, held), small),
        Text("支部人数(人)", "Members of the branch"),
        Text(f"{what}率", f"Rate of {what}"),
        Text(
            "精确二项界限(Spiegelhalter 2005)，Holm 校正。各支部与全体的比例比；若与其余支部比，界限边上的说得可以不同",
            "exact binomial limits (Spiegelhalter 2005), Holm. Branches are held against the rate of all; held "
            "against the others (selection rates), one at the edge may be told otherwise",
        ),
        theme.headline(found_in.funnel(held, grade, hidden=len(table[table["n"] > 0]) - len(held))),
    )
    spread = (held["n"].max() - held["n"].min()) * 0.06 + 1
    bounds = (float(held["n"].min() - spread), float(held["n"].max() + spread), *_room(held["rate"], curves))
    figure = pen.draw(
        [*limits, points],
        words,
        xaxis={"range": bounds[:2], **theme.people(bounds[1] - bounds[0])},
        yaxis={"range": bounds[2:], "tickformat": ".0%"},
    )
    named = pd.concat([held[out], held[~out]]) if len(held) <= NAMED else held[out]  # who stands out first
    at, said = list(zip(named["n"], named["rate"], strict=True)), [pen.name(unit) for unit in named["unit"]]
    for name in theme.name_labels(at, said, bounds):
        figure.add_annotation(**name)
    return figure.add_hline(y=target, line={"color": theme.GREY, "width": 1})


def _in_words(table: pd.DataFrame, held: pd.DataFrame) -> tuple[Text, ...]:
    """Say how many lie outside single limits, how many would by chance alone, and how spread out all are."""
    beyond, alarms = int((held["flag"] != "").sum()), Funnel.read(table).false_alarms
    phi = Funnel.read(table).phi
    return (
        Text(
            f"{beyond} 个在单看一个支部的界限之外,纯属偶然也会有约 {alarms:.1f} 个",
            f"{beyond} lie outside the limits for a single branch, where chance alone puts about {alarms:.1f}",
        ),
        Text(f"离散系数 φ = {phi:.2f}", f"phi = {phi:.2f}"),
    )


def _curves(n: pd.Series, target: float, levels: tuple[str, ...]) -> pd.DataFrame:
    """Return the limits of every size from the smallest to the largest, a column each."""
    sizes = np.unique(np.linspace(n.min(), n.max(), FINEST).round())
    curves = pd.DataFrame({"n": sizes})
    for level in levels:
        tail = (1 - float(level.replace("_", ".")) / 100) / 2
        curves[f"low_{level}"] = _lower(sizes, target, tail)
        curves[f"high_{level}"] = 1 - _lower(sizes, 1 - target, tail)
    return curves


NAMED = 16
"""Branches that are all named; of more only those that stand out."""

FINEST = 400
"""Sizes at which a limit is drawn, at most."""


def _lower(n: np.ndarray, target: float, tail: float) -> np.ndarray:
    """Return the lower limit of a rate, interpolated between the counts on both sides of the tail."""
    count = stats.binom.ppf(tail, n, target)
    reached = stats.binom.cdf(count, n, target)
    beyond = (reached - tail) / stats.binom.pmf(count, n, target)
    return np.clip((count - beyond) / n, 0.0, 1.0)


def _room(rates: pd.Series, curves: pd.DataFrame) -> tuple[float, float]:
    values = np.concatenate([rates.to_numpy("float64"), curves.drop(columns="n").to_numpy().ravel()])
    low, high = float(values.min()), float(values.max())
    return low - 0.06 * (high - low) - 0.01, high + 0.06 * (high - low) + 0.01


def _limits(pen: Pen, curves: pd.DataFrame, level: str, dash: str) -> list[go.Scatter]:
    share = f"{level.replace('_', '.')}%"
    return [
        go.Scatter(
            x=curves["n"].to_numpy(),
            y=curves[f"{side}_{level}"].to_numpy(),
            mode="lines",
            line={"color": theme.GREY, "dash": dash, "width": 1.3},
            name=pen.say(f"{share} 界限", f"{share} limits"),
            showlegend=side == "low",
            hoverinfo="skip",
        )
        for side in ("low", "high")
    ]


def _units(pen: Pen, held: pd.DataFrame, out: np.ndarray) -> go.Scatter:
    said = pen.say(
        "%{customdata[0]}<br>%{customdata[1]} / %{x} 人,%{y:.1%}<br>"
        "z = %{customdata[2]:.2f},调整后 %{customdata[3]:.2f}",
        "%{customdata[0]}<br>%{customdata[1]} of %{x}, %{y:.1%}<br>"
        "z = %{customdata[2]:.2f}, adjusted %{customdata[3]:.2f}",
    )
    return go.Scatter(
        x=held["n"].to_numpy(),
        y=held["rate"].to_numpy(),
        mode="markers",
        name=pen.say("支部", "branch"),
        showlegend=False,
        marker={
            "size": 11,
            "color": np.where(out, theme.BAD, theme.MAIN).tolist(),
            "symbol": np.where(out, "diamond", "circle").tolist(),
            "line": {"color": theme.PAPER, "width": 1},
        },
        customdata=np.column_stack([held["unit"].map(pen.name), held["successes"], held["z"], held["z_adjusted"]]),
        hovertemplate=said + "<extra></extra>",
    )


def shrunken_means(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw each branch's raw mean and the estimate drawn towards the mean of all.

    Parameters
    ----------
    table : DataFrame
        What ``branches.shrunken_means`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        Rings for raw means, dots with 95 % intervals for shrunken ones, the
        highest shrunken mean above.

    Examples
    --------
    >>> row = {"n": 9, "mean": 91.0, "shrunken": 88.0, "low": 84.0, "high": 92.0}
    >>> table = pd.DataFrame([row], index=["一"])
    >>> table = ShrunkenMeans(icc=0.2, mean=86.0).on(table)
    >>> [trace.x.tolist() for trace in shrunken_means(table).data[1:]]
    [[91.0], [88.0]]
    """
    pen = Pen.over(table, style)
    held, small = pen.large_groups(table)
    rows = held.sort_values("shrunken", ascending=False, kind="stable")
    names = pen.all_counted(rows.index, rows["n"])
    reach = {"array": rows["high"] - rows["shrunken"], "arrayminus": rows["shrunken"] - rows["low"]}
    traces = [
        _ties(names, rows),
        _means(
            pen,
            names,
            rows["mean"],
            pen.say("原始平均分", "raw mean"),
            {"color": theme.PAPER, "line": {"color": theme.BAD, "width": 2}},
        ),
        _means(
            pen, names, rows["shrunken"], pen.say("收缩后(95% 区间)", "shrunken (95 % interval)"), {"color": theme.MAIN}
        ),
    ]
    traces[-1].update(error_x={"type": "data", **reach, "color": theme.MAIN, "thickness": 1.2, "width": 4})
    mean = ShrunkenMeans.read(table).mean
    words = FigureText(
        Text("各支部平均分：原始与收缩后", "Branch means, raw and shrunken"),
        theme.join_parts(
            Text(
                f"人数少的支部更靠近总平均 {mean:.1f} 分(实线)",
                f"Small branches move towards the mean of all, {mean:.1f} (line)",
            ),
            small,
        ),
        Text("平均分(分)", "Mean (points)"),
        method=Text("随机截距模型 REML，BLUP(Robinson 1991)", "random intercept by REML, BLUP (Robinson 1991)"),
        finding=theme.headline(found_in.shrunken_means(held, hidden=len(table) - len(held))),
    )
    figure = pen.listing(traces, words, names)
    return figure.add_vline(x=mean, line={"color": theme.GREY, "width": 1})


def _ties(names: list[str], rows: pd.DataFrame) -> go.Scatter:
    """Join each raw mean to its shrunken one."""
    x = np.column_stack([rows["mean"], rows["shrunken"], np.full(len(rows), np.nan)]).ravel()
    y = [name for name in names for _ in range(3)]
    line = {"color": theme.SOFT, "width": 3}
    return go.Scatter(x=x, y=y, mode="lines", line=line, showlegend=False, hoverinfo="skip")


def _means(pen: Pen, names: list[str], means: pd.Series, name: str, marker: dict[str, object]) -> go.Scatter:
    said = f"%{{y}}<br>{name} %{{x:.2f}} {pen.say('分', 'points')}<extra></extra>"
    return go.Scatter(
        x=means.to_numpy(), y=names, mode="markers", name=name, marker={"size": 10} | marker, hovertemplate=said
    )
