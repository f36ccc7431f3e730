"""Pictures of what weights do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import weights as found_in
from jifen_analysis.summaries import Acceptability, CompleteCases, Sweep


def sweep(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw how many hold each grade while one component weighs more or less.

    Parameters
    ----------
    table : DataFrame
        What ``weights.sweep`` returned.
    **style
        ``labels`` (what components are called), ``source``, ``lang``.

    Returns
    -------
    Figure
        Stacked areas, the highest grade below; a line at the weight in force.

    Examples
    --------
    >>> table = pd.DataFrame({"weight": [0.5, 0.5], "grade": ["优秀", "合格"], "n": [2, 3]})
    >>> table = Sweep(component="daily", current=0.6, against=["evaluation"]).on(table)
    >>> [trace.y.tolist() for trace in sweep(table).data]
    [[2], [3]]
    """
    pen, facts = Pen.over(table, style), Sweep.read(table)
    grades = theme.best_first(list(table["grade"].unique()))
    colours = theme.grade_colours(grades)
    measured = pen.say(*found_in.MEASURED[facts.of])
    areas = [_area(pen, table[table["grade"] == grade], grade, colours[grade], measured) for grade in grades]
    component, (zh, en) = pen.name(facts.component), found_in.MEASURED[facts.of]
    others = pen.say("、", ", ").join(pen.name(name) for name in facts.against)
    words = FigureText(
        Text(f"{component}{zh}变动时各等次的人数", f"Grades while the {en} of {component} moves"),
        Text(
            f"让出{zh}的是{others}；虚线为现行的 {facts.current:g}",
            f"{others} give way; dashed: the {en} in force, {facts.current:g}",
        ),
        Text(f"{component}的{zh}", f"{en.capitalize()} of {component}"),
        Text("人次(人·考核期)", "Members and periods"),
        Text(f"每个{zh}都重新评定", f"assessed anew at every {en}"),
        finding=theme.headline(found_in.sweep(table, pen.labels)),
    )
    spread = [float(table["weight"].min()), float(table["weight"].max())]
    span = {"range": spread} if spread[0] < spread[1] else {}
    figure = pen.draw(
        areas, words, xaxis=span, yaxis={"rangemode": "tozero", **_of_all(table)}, legend_traceorder="normal"
    )
    return figure.add_vline(x=facts.current, line={"color": theme.BAD, "dash": "dash", "width": 2})


def _of_all(table: pd.DataFrame) -> dict[str, Any]:
    return theme.people(float(table.groupby("weight")["n"].sum().max()))


def _area(pen: Pen, rows: pd.DataFrame, grade: str, colour: str, measured: str) -> go.Scatter:
    name = pen.name(grade)
    return go.Scatter(
        x=rows["weight"].to_numpy(),
        y=rows["n"].to_numpy(),
        mode="lines",
        name=name,
        stackgroup="grades",
        fillcolor=colour,
        fillpattern=theme.hatching(grade),
        line={"color": colour, "width": 0.8},
        hovertemplate=f"{name} %{{y}}({measured} %{{x:~g}})<extra></extra>",
    )


SPANS = (0, 2, 5, 10, 20, 50, 100, 200, 500)
"""Upper ends of the classes of how far a rank moves."""

SMAA = Text("随机权重(SMAA-2,Lahdelma 与 Salminen 2001)", "SMAA-2 (Lahdelma & Salminen 2001)")


def acceptability(found: Acceptability, **style: Unpack[Style]) -> go.Figure:
    """Draw how far members' ranks move while the weights change.

    Parameters
    ----------
    found : Acceptability
        What ``weights.acceptability`` returned.
    **style
        ``labels`` (members' names, if they may be shown), ``source``, ``lang``.

    Returns
    -------
    Figure
        A bar for each class of the span from the best to the worst rank over
        all weightings: how many members; whoever they are in the hover, the
        least stable first.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> standing = pd.DataFrame({"mean_rank": [1.3, 1.7], "best_rank": [1, 1], "worst_rank": [1, 2]}, index=["1", "2"])
    >>> bars = acceptability(SimpleNamespace(ranks=None, members=standing, grades=None)).data[0]
    >>> bars.x, bars.y
    (('0', '1–2'), (1, 1))
    """
    pen = Pen.over(found.members, style)
    spans = (found.members["worst_rank"] - found.members["best_rank"]).astype("int64")
    spans = spans.sort_values(ascending=False, kind="stable")
    classes = np.searchsorted(SPANS, spans.to_numpy(), side="left")
    held = [spans.index[classes == place] for place in range(int(classes.max()) + 1)]
    n, most = len(spans), int(spans.iloc[0])
    widest = pen.name_list(list(spans.index[spans == most]))
    words = FigureText(
        Text(f"换权重，名次变动多少(n={n})", f"How far ranks move with the weights (n={n})"),
        Text(f"变动最大的是{widest}：{most} 名", f"The widest: {widest}, by {most}") if most else theme.NOTHING,
        Text(
            "所有权重组合中最好与最差名次之差(各档宽窄不一)",
            "Worst less best rank over all weightings (classes of unequal width)",
        ),
        Text("人数", "Members"),
        SMAA,
        finding=theme.headline(found_in.acceptability(found)),
    )
    return _classed(pen, [_span(place) for place in range(len(held))], held, words)


def _span(place: int) -> str:
    """Name a class of spans."""
    if place == len(SPANS):
        return f">{SPANS[-1]}"
    return f"{SPANS[place]}" if place == 0 else f"{SPANS[place - 1] + 1}–{SPANS[place]}"


def _classed(pen: Pen, names: list[str], held: Sequence[pd.Index], words: FigureText) -> go.Figure:
    """Draw how many members each class holds; the class that holds most is the one highlighted."""
    counts = [len(members) for members in held]
    most = max(counts)
    bars = go.Bar(
        x=names,
        y=counts,
        text=[f"{count}" for count in counts],
        textposition="outside",
        cliponaxis=False,
        marker={"color": [theme.MAIN if count == most else theme.SOFT for count in counts]},
        customdata=[pen.name_list(list(members)) for members in held],
        hovertemplate=pen.say("%{x}:%{y} 人", "%{x}: %{y}") + "<br>%{customdata}<extra></extra>",
        showlegend=False,
    )
    across = {"type": "category", "showgrid": False}
    return pen.draw([bars], words, plot=250, xaxis=across, yaxis={"range": [0, most * 1.12], **theme.people(most)})


SURE = (0.6, 0.7, 0.8, 0.9, 0.95)
"""Ends of the classes of how sure a grade is."""


def grade_acceptability(found: Acceptability, **style: Unpack[Style]) -> go.Figure:
    """Draw how sure members are of their grade while the weights change.

    Parameters
    ----------
    found : Acceptability
        What ``weights.acceptability`` returned for ``cuts``.
    **style
        ``labels`` (members' names, if they may be shown), ``source``, ``lang``.

    Returns
    -------
    Figure
        A bar for each class of the share of weightings that give a member's
        likeliest grade: how many members; whoever they are in the hover, the
        least sure first.

    Raises
    ------
    UsageError
        Where no cuts were given.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> grades = pd.DataFrame({"优秀": [0.9, 0.4], "合格": [0.1, 0.6]}, index=["1", "2"])
    >>> grade_acceptability(SimpleNamespace(grades=grades)).data[0].y
    (0, 1, 0, 0, 1, 0)
    """
    if found.grades is None:
        raise UsageError("没有分数线,不知道等次的把握", "no cuts were given: the grades are not known")
    pen, surest = Pen.over(found.grades, style), found.grades.max(axis=1).sort_values(kind="stable")
    classes = np.searchsorted(SURE, surest.round(9).to_numpy(), side="right")
    held = [surest.index[classes == place] for place in range(len(SURE) + 1)]
    n, low = len(surest), surest.iloc[0]
    least = pen.name_list(list(surest.index[surest.round(9) == round(low, 9)]))
    words = FigureText(
        Text(f"换权重，等次有多稳(n={n})", f"How sure grades are under other weights (n={n})"),
        Text(
            f"最悬的是{least}：最有把握的等次只占 {low:.1%} 的权重组合",
            f"The least sure: {least}, whose likeliest grade has {low:.1%} of the weightings",
        )
        if round(low, 9) < 1
        else theme.NOTHING,
        Text(
            "给出同一等次的权重组合占比(各档宽窄不一)",
            "Share of weightings that give one same grade (classes of unequal width)",
        ),
        Text("人数", "Members"),
        SMAA,
        finding=theme.headline(found_in.grade_acceptability(found)),
    )
    return _classed(pen, _sure_names(pen), held, words)


def _sure_names(pen: Pen) -> list[str]:
    first = pen.say(f"不足 {SURE[0]:.0%}", f"under {SURE[0]:.0%}")
    return [first, *(f"{low:.0%}–{high:.0%}" for low, high in pairwise(SURE)), f"≥{SURE[-1]:.0%}"]


def influence(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw what each component really decides beside its nominal weight.

    Parameters
    ----------
    table : DataFrame
        What ``weights.influence`` returned; a nominal weight may be missing,
        where a component is only added.
    **style
        ``labels`` (what components are called), ``source``, ``lang``.

    Returns
    -------
    Figure
        Two bars a component: its share of the nominal weights, and its share of
        the variance of the total.

    Examples
    --------
    >>> table = pd.DataFrame({"nominal": [0.6, 0.4], "share": [0.1, 0.9]}, index=["daily", "evaluation"])
    >>> table = CompleteCases(n=30).on(table)
    >>> [trace.x.tolist() for trace in influence(table).data]
    [[0.6, 0.4], [0.1, 0.9]]
    """
    pen = Pen.over(table, style)
    names = pen.names(table.index)
    nominal = table["nominal"] / table["nominal"].sum()
    kinds = {
        pen.say("名义权重(占比)", "nominal weight (share)"): (nominal, theme.SOFT),
        pen.say("实际影响(占总分方差)", "real share of variance"): (table["share"], theme.MAIN),
    }
    bars = [_weight_bar(names, values, name, colour, table["nominal"]) for name, (values, colour) in kinds.items()]
    both = [*nominal, *table["share"]]
    low, high = min(0.0, np.nanmin(both)), float(np.nanmax(both))
    words = FigureText(
        Text(
            f"各板块的名义权重与实际影响(n={CompleteCases.read(table).n})",
            f"Nominal weight and real influence (n={CompleteCases.read(table).n})",
        ),
        x=Text("占比", "Share"),
        finding=theme.headline(found_in.influence(table, pen.labels)),
        method=Text("协方差分解(Paruolo 等 2013)", "covariance shares (Paruolo et al. 2013)"),
    )
    return pen.listing(
        bars,
        words,
        names,
        56,
        barmode="group",
        xaxis={"tickformat": ".0%", "range": [low * 1.2, high * 1.15]},
        legend_traceorder="normal",
    )


def _weight_bar(names: list[str], values: pd.Series, name: str, colour: str, given: pd.Series) -> go.Bar:
    return theme.bars(
        names,
        values.to_numpy("float64"),
        f"%{{y}}<br>{name} %{{x:.1%}} (w = %{{customdata}})",
        [theme.format_number(value, ".0%") for value in values],
        name=name,
        marker={"color": colour, "line": {"color": theme.MAIN, "width": 0.8}},
        customdata=[theme.format_number(weight, "g") for weight in given],
    )


def swap_points(table: pd.DataFrame, current: float | None = None, **style: Unpack[Style]) -> go.Figure:
    """Draw at which weights pairs of members change their order.

    Parameters
    ----------
    table : DataFrame
        What ``weights.swap_points`` returned.
    current : float, optional
        The weight in force of the first component.
    **style
        ``labels`` (members' names, if they may be shown), ``source``, ``lang``.

    Returns
    -------
    Figure
        Steps: how many pairs have changed their order up to each weight.

    Examples
    --------
    >>> from fractions import Fraction
    >>> table = pd.DataFrame({"a": ["1"], "b": ["2"], "weight": [Fraction(3, 5)]})
    >>> swap_points(table).data[0].x.tolist()
    [0.6]
    """
    pen = Pen(**style)
    weights = table["weight"].astype("float64").to_numpy()
    pairs = [f"{pen.name(a)} ↔ {pen.name(b)}" for a, b in zip(table["a"], table["b"], strict=True)]
    points = go.Scatter(
        x=weights,
        y=np.arange(1, len(table) + 1),
        mode="lines+markers",
        line={"color": theme.MAIN, "width": 1.5, "shape": "hv"},
        marker={"size": 8, "color": theme.MAIN},
        customdata=np.column_stack([pairs, table["weight"].astype("str")]) if len(table) else None,
        hovertemplate=pen.say(
            "%{customdata[0]}<br>在权重 %{customdata[1]} 处换位", "%{customdata[0]}<br>swap at %{customdata[1]}"
        )
        + "<extra></extra>",
        showlegend=False,
    )
    words = FigureText(
        Text(f"权重到哪里会有人换位({len(table)} 对)", f"At which weights members swap ({len(table)} pairs)"),
        theme.NOTHING,
        Text("第一个板块的权重", "Weight of the first component"),
        Text("累计换位的对数", "Pairs that have swapped"),
        Text("有理数精确求解", "exact rational numbers"),
        theme.headline(found_in.swap_points(table, current)),
    )
    figure = pen.draw([points], words, xaxis={"range": [0, 1]}, yaxis={"rangemode": "tozero"})
    if current is None:
        return figure
    near = {"fillcolor": theme.SOFT, "opacity": 0.35, "line_width": 0, "layer": "below"}
    figure.add_vrect(x0=current - found_in.NEAR, x1=current + found_in.NEAR, **near)
    return figure.add_vline(x=current, line={"color": theme.BAD, "dash": "dash", "width": 1.5})
