"""Pictures of what weights do."""

from __future__ import annotations

from typing import Protocol, Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import Pen, Style, Words
from jifen_analysis.errors import Text, UsageError


class Acceptability(Protocol):
    """What ``weights.acceptability`` returned."""

    @property
    def ranks(self) -> pd.DataFrame:
        """Members by ranks."""
        ...

    @property
    def members(self) -> pd.DataFrame:
        """Mean, best and worst rank."""
        ...

    @property
    def grades(self) -> pd.DataFrame | None:
        """Members by grades."""
        ...


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
    >>> table.attrs = {"component": "daily", "current": 0.6, "against": ["evaluation"]}
    >>> [trace.y.tolist() for trace in sweep(table).data]
    [[2], [3]]
    """
    pen, facts = Pen.over(table, style), table.attrs
    grades = theme.best_first(list(table["grade"].unique()))
    colours = theme.grade_colours(grades)
    areas = [_area(pen, table[table["grade"] == grade], grade, colours[grade]) for grade in grades]
    component = pen.name(facts["component"])
    others = pen.say("、", ", ").join(pen.name(name) for name in facts["against"])
    best = table[table["grade"] == grades[0]].set_index("weight")["n"]
    words = Words(
        Text(f"{component}权重变动时各等次的人数", f"Grades while the weight of {component} moves"),
        Text(
            f"{pen.name(grades[0])}从 {best.min()} 到 {best.max()} 人次;"
            f"让出权重的是{others};虚线为现行权重 {facts['current']:g}",
            f"{grades[0]}: from {best.min()} to {best.max()}; {others} give way; "
            f"dashed: the weight in force, {facts['current']:g}",
        ),
        Text(f"{component}的权重", f"Weight of {component}"),
        Text("人次(人·考核期)", "Members and periods"),
        Text("每个权重都重新评定", "assessed anew at every weight"),
    )
    spread = [float(table["weight"].min()), float(table["weight"].max())]
    span = {"range": spread} if spread[0] < spread[1] else {}
    figure = pen.draw(areas, words, xaxis=span, yaxis={"rangemode": "tozero"}, legend_traceorder="normal")
    return figure.add_vline(x=facts["current"], line={"color": theme.BAD, "dash": "dash", "width": 2})


def _area(pen: Pen, rows: pd.DataFrame, grade: str, colour: str) -> go.Scatter:
    name = pen.name(grade)
    return go.Scatter(
        x=rows["weight"].to_numpy(),
        y=rows["n"].to_numpy(),
        mode="lines",
        name=name,
        stackgroup="grades",
        fillcolor=colour,
        line={"color": theme.GREY, "width": 0.8},
        hovertemplate=f"{name} %{{y}}({pen.say('权重', 'weight')} %{{x:~g}})<extra></extra>",
    )


def acceptability(found: Acceptability, shown: int = 30, **style: Unpack[Style]) -> go.Figure:
    """Draw under which share of weightings the best members hold each rank.

    Parameters
    ----------
    found : Acceptability
        What ``weights.acceptability`` returned.
    shown : int
        How many members, by their mean rank, and how many ranks.
    **style
        ``labels`` (members' names, if they may be shown), ``source``, ``lang``.

    Returns
    -------
    Figure
        A heat map, members from the best mean rank above; the darker, the
        surer. Ranks beyond those shown are left out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> ranks = pd.DataFrame([[0.7, 0.3], [0.3, 0.7]], index=["1", "2"], columns=[1, 2])
    >>> standing = pd.DataFrame({"mean_rank": [1.3, 1.7], "best_rank": [1, 1], "worst_rank": [2, 2]}, index=["1", "2"])
    >>> acceptability(SimpleNamespace(ranks=ranks, members=standing, grades=None)).data[0].z.tolist()
    [[0.7, 0.3], [0.3, 0.7]]
    """
    pen = Pen.over(found.members, style)
    members = found.members.sort_values(["mean_rank", "best_rank"], kind="stable").head(shown)
    shares = found.ranks.loc[members.index, found.ranks.columns[:shown]]
    names = [pen.name(member) for member in members.index]
    cells = _rank_cells(pen, members, shares, names)
    wide = int((members["worst_rank"] - members["best_rank"]).max())
    words = Words(
        Text(
            f"权重变动时名次有多稳:前 {len(members)} 人(共 {len(found.members)} 人)",
            f"How stable ranks are: the best {len(members)} of {len(found.members)}",
        ),
        Text(
            f"颜色为得到该名次的权重组合占比;这些人中名次最不定的相差 {wide} 名",
            f"Shade: share of weightings that give the rank; the widest span among them is {wide} ranks",
        ),
        Text("名次", "Rank"),
        method=Text("随机权重(SMAA-2,Lahdelma 与 Salminen 2001)", "SMAA-2 (Lahdelma & Salminen 2001)"),
    )
    return pen.listing([cells], words, names, 18, xaxis={"showgrid": False}, yaxis={"showgrid": False})


def _rank_cells(pen: Pen, members: pd.DataFrame, shares: pd.DataFrame, names: list[str]) -> go.Heatmap:
    spans = members[["best_rank", "worst_rank"]].astype("int64").to_numpy()
    return go.Heatmap(
        z=shares.to_numpy("float64"),
        x=shares.columns.to_numpy(),
        y=names,
        customdata=np.repeat(spans[:, None, :], shares.shape[1], axis=1),
        colorscale=theme.BLUES,
        zmin=0,
        zmax=1,
        xgap=1,
        ygap=1,
        colorbar=theme.share_bar(),
        hovertemplate=pen.say(
            "%{y} 列第 %{x} 名:%{z:.1%}<br>所有权重下第 %{customdata[0]} 至 %{customdata[1]} 名",
            "%{y} at rank %{x}: %{z:.1%}<br>over all weightings %{customdata[0]} to %{customdata[1]}",
        )
        + "<extra></extra>",
    )


def grade_acceptability(found: Acceptability, shown: int = 20, **style: Unpack[Style]) -> go.Figure:
    """Draw in which share of weightings the members least sure of their grade hold each.

    Parameters
    ----------
    found : Acceptability
        What ``weights.acceptability`` returned for ``cuts``.
    shown : int
        How many members: those whose likeliest grade is least likely.
    **style
        ``labels`` (members' names, if they may be shown), ``source``, ``lang``.

    Returns
    -------
    Figure
        A stacked bar for each member, the least sure above.

    Raises
    ------
    UsageError
        Where no cuts were given.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> grades = pd.DataFrame({"优秀": [0.9, 0.4], "合格": [0.1, 0.6]}, index=["1", "2"])
    >>> bars = grade_acceptability(SimpleNamespace(grades=grades)).data
    >>> bars[0].y, bars[0].x.tolist()
    (('2', '1'), [0.4, 0.9])
    """
    if found.grades is None:
        raise UsageError("没有分数线,不知道等次的把握", "no cuts were given: the grades are not known")
    pen, surest = Pen.over(found.grades, style), found.grades.max(axis=1)
    rows = found.grades.loc[surest.sort_values(kind="stable").index[:shown]]
    held = [grade for grade in rows.columns if grade or rows[grade].any()]
    colours, names = theme.grade_colours(held), [pen.name(member) for member in rows.index]
    below = pen.say("线下", "below all")
    bars = [theme.stacked(names, rows[grade], pen.name(grade) or below, colours[grade]) for grade in held]
    sure, n = int((surest >= 0.95).sum()), len(surest)
    words = Words(
        Text(f"权重变动时等次最不稳的 {len(rows)} 人(共 {n} 人)", f"The {len(rows)} of {n} least sure of their grade"),
        Text(
            f"{sure} 人({sure / n:.0%})在至少 95% 的权重组合下等次相同",
            f"{sure} ({sure / n:.0%}) hold one grade in at least 95 % of the weightings",
        ),
        Text("得到该等次的权重组合占比", "Share of weightings that give the grade"),
        method=Text("随机权重(SMAA-2,Lahdelma 与 Salminen 2001)", "SMAA-2 (Lahdelma & Salminen 2001)"),
    )
    return pen.listing(
        bars,
        words,
        names,
        20,
        barmode="stack",
        xaxis={"tickformat": ".0%", "range": [0, 1]},
        legend_traceorder="normal",
    )


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
    >>> table.attrs = {"n": 30}
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
    share = table["share"].to_numpy("float64")
    most = int(share.argmax())
    weight = _nominally(nominal.iloc[most])
    both = [*nominal, *table["share"]]
    low, high = min(0.0, np.nanmin(both)), float(np.nanmax(both))
    words = Words(
        Text(
            f"各板块的名义权重与实际影响(n={table.attrs['n']})",
            f"Nominal weight and real influence (n={table.attrs['n']})",
        ),
        Text(
            f"{pen.name(table.index[most])}决定总分差异的 {share[most]:.0%},{weight.zh}",
            f"{pen.name(table.index[most])} decides {share[most]:.0%} of the differences; {weight.en}",
        ),
        Text("占比", "Share"),
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


def _nominally(share: float) -> Text:
    if np.isnan(share):
        return Text("没有名义权重", "it has no nominal weight")
    return Text(f"名义上占 {share:.0%}", f"nominally {share:.0%}")


def _weight_bar(names: list[str], values: pd.Series, name: str, colour: str, given: pd.Series) -> go.Bar:
    return theme.bars(
        names,
        values.to_numpy("float64"),
        f"%{{y}}<br>{name} %{{x:.1%}} (w = %{{customdata}})",
        [theme.told(value, ".0%") for value in values],
        name=name,
        marker={"color": colour, "line": {"color": theme.MAIN, "width": 0.8}},
        customdata=[theme.told(weight, "g") for weight in given],
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
    near = "" if current is None else f"{int((np.abs(weights - current) <= 0.05).sum())}"
    words = Words(
        Text(f"权重到哪里会有人换位({len(table)} 对)", f"At which weights members swap ({len(table)} pairs)"),
        Text(
            f"现行权重 {current:g} 上下 0.05 以内有 {near} 对换位",
            f"{near} pairs swap within 0.05 of the weight in force, {current:g}",
        )
        if near
        else theme.NOTHING,
        Text("第一个板块的权重", "Weight of the first component"),
        Text("累计换位的对数", "Pairs that have swapped"),
        Text("有理数精确求解", "exact rational numbers"),
    )
    figure = pen.draw([points], words, xaxis={"range": [0, 1]}, yaxis={"rangemode": "tozero"})
    return (
        figure
        if current is None
        else figure.add_vline(x=current, line={"color": theme.BAD, "dash": "dash", "width": 1.5})
    )
