"""Pictures of movement between grades."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import movement as found_in
from jifen_analysis.summaries import Mobility, Transitions


def transitions(found: Transitions, **style: Unpack[Style]) -> go.Figure:
    """Draw the transition matrix: where those of each grade went.

    Parameters
    ----------
    found : Transitions
        What ``movement.transitions`` returned.
    **style
        ``labels`` (``before`` and ``after``: what the two are called),
        ``source``, ``lang``.

    Returns
    -------
    Figure
        A heat map of the row shares, the highest grade above and on the left;
        each cell says how many members it holds, and the 95 % interval of their
        share where there is one.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> counts = pd.DataFrame([[1, 1], [0, 2]], index=["优秀", "合格"], columns=["优秀", "合格"])
    >>> found = SimpleNamespace(counts=counts, probabilities=counts / 2, joined=counts["优秀"], left=counts["优秀"])
    >>> transitions(found).data[0].z.tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """
    pen = Pen.over(found.counts, style)
    grades = theme.best_first([str(grade) for grade in found.counts.index])
    counts, shares = (table.loc[grades, grades] for table in (found.counts, found.probabilities))
    ends = [getattr(found, side, None) for side in ("low", "high")]
    reach = [table.loc[grades, grades] for table in ends if table is not None]
    cells = theme.draw_cross_table(pen, counts, shares, reach)
    before, after = _sides(pen)
    n = int(counts.to_numpy().sum())
    words = FigureText(
        Text(f"两年之间等次的变动(n={n})", f"Movement between grades (n={n})"),
        theme.join_parts(_besides(found), _INTERVALS if reach else theme.NOTHING),
        Text(f"{after}的等次", f"Grade, {after}"),
        Text(f"{before}的等次", f"Grade, {before}"),
        finding=theme.headline(found_in.transitions(found, grades)),
    )
    return pen.draw([cells], words, plot=60 + 66 * len(grades), yaxis={"autorange": "reversed", "showgrid": False})


_INTERVALS = Text("括号内为占该行比例的 95% 区间", "in brackets the 95 % interval of the share of its row")


def _besides(found: Transitions) -> Text:
    """Count those who are graded in one year only."""
    joined, left = int(found.joined.sum()), int(found.left.sum())
    if not joined + left:
        return theme.NOTHING
    return Text(f"另有新增 {joined} 人,离开 {left} 人", f"besides {joined} joined and {left} left")


def _sides(pen: Pen) -> tuple[str, str]:
    """Return what the two years are called."""
    return pen.side("before", "前一年", "before"), pen.side("after", "后一年", "after")


def flows(found: Transitions, **style: Unpack[Style]) -> go.Figure:
    """Draw the same movement as streams, with those who joined and left.

    Parameters
    ----------
    found : Transitions
        What ``movement.transitions`` returned.
    **style
        ``labels`` (``before`` and ``after``: what the two are called),
        ``source``, ``lang``.

    Returns
    -------
    Figure
        A Sankey diagram; streams have the colour of the grade they come from.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> counts = pd.DataFrame([[1, 1], [0, 2]], index=["优秀", "合格"], columns=["优秀", "合格"])
    >>> none = pd.Series(0, index=counts.index)
    >>> flows(SimpleNamespace(counts=counts, probabilities=counts / 2, joined=none, left=none)).data[0].link.value
    (1, 1, 2)
    """
    pen = Pen.over(found.counts, style)
    grades = theme.best_first([str(grade) for grade in found.counts.index])
    links = _links(found, grades)
    nodes = list(dict.fromkeys([*(("before", g) for g in [*grades, ""]), *(("after", g) for g in [*grades, ""])]))
    held = {node: sum(n for *ends, n in links if node in ends) for node in nodes}
    shown = [node for node in nodes if held[node]]
    colours = theme.grade_colours(grades) | {"": theme.GREY}
    sankey = go.Sankey(
        arrangement="fixed",
        node={
            "label": [_node(pen, node, held[node]) for node in shown],
            "color": [colours[grade] for _, grade in shown],
            "pad": 28,
            "thickness": 16,
            "line": {"color": theme.GREY, "width": 0.5},
            **_node_places(shown, held),
        },
        link={
            "source": [shown.index(start) for start, _, _ in links],
            "target": [shown.index(end) for _, end, _ in links],
            "value": [n for *_, n in links],
            "color": [_faint(colours[start[1]]) for start, _, _ in links],
        },
        textfont={"size": 12, "color": theme.INK},
    )
    (before, after), n = _sides(pen), int(found.counts.to_numpy().sum())
    words = FigureText(
        Text(
            f"等次的去向：{before}(左)到{after}(右)(n={n})",
            f"Where each grade went: {before} (left), {after} (right) (n={n})",
        ),
        Text(
            f"颜色为{before}的等次；新增 {int(found.joined.sum())} 人，离开 {int(found.left.sum())} 人",
            f"Coloured by the grade before; {int(found.joined.sum())} joined, {int(found.left.sum())} left",
        ),
        finding=theme.headline(found_in.flows(found, grades)),
    )
    return pen.draw([sankey], words, plot=360)


Node = tuple[str, str]


def _links(found: Transitions, grades: list[str]) -> list[tuple[Node, Node, int]]:
    """Return streams between grades, from those who joined and to those who left."""
    moved = [(("before", a), ("after", b), n) for (a, b), n in _pairs(found.counts, grades)]
    joined = [(("before", ""), ("after", grade), int(found.joined[grade])) for grade in grades]
    left = [(("before", grade), ("after", ""), int(found.left[grade])) for grade in grades]
    return [link for link in [*moved, *joined, *left] if link[2]]


def _pairs(counts: pd.DataFrame, grades: list[str]) -> list[tuple[tuple[str, str], int]]:
    cells = counts.loc[grades, grades].to_numpy("int64").tolist()
    return [((a, b), n) for a, row in zip(grades, cells, strict=True) for b, n in zip(grades, row, strict=True)]


def _node(pen: Pen, node: Node, n: int) -> str:
    side, grade = node
    other = pen.say("新增", "joined") if side == "before" else pen.say("离开", "left")
    return pen.with_count(grade or other, n)


def _node_places(shown: list[Node], held: dict[Node, int]) -> dict[str, list[float]]:
    """Stack the nodes of each side in their order, with a least distance so that names do not meet."""
    y: list[float] = []
    for side in ("before", "after"):
        own = [node for node in shown if node[0] == side]
        room = 1 - 0.08 * len(own)
        heights = [0.08 + room * held[node] / sum(held[other] for other in own) for node in own]
        y += [min(0.999, max(0.001, sum(heights[:place]) + height / 2)) for place, height in enumerate(heights)]
    return {"x": [0.001 if side == "before" else 0.999 for side, _ in shown], "y": y}


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.4)"


_MEASURES = {
    "prais": Text("Prais(离开原等次)", "Prais (leaving a grade)"),
    "determinant": Text("行列式 1 − |det P|", "determinant 1 − |det P|"),
    "second_eigenvalue": Text("第二特征值 1 − |λ₂|", "second eigenvalue 1 − |λ₂|"),
    "bartholomew_1": Text("Bartholomew B1(离开原等次,按人数)", "Bartholomew B1 (leaving, by members)"),
    "bartholomew_2": Text("Bartholomew B2(跨的级数)", "Bartholomew B2 (steps crossed)"),
}


def mobility(measures: pd.Series, **style: Unpack[Style]) -> go.Figure:
    """Draw how much members move between grades, by Prais' index; the other measures are told below it.

    Parameters
    ----------
    measures : Series
        What ``movement.mobility`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        One mark on the way from 0, nobody moves, to 1, with its 95 % interval where the
        members behind it are known. Without Prais' index the first that can be told is
        drawn; of others it is said that they cannot.

    Raises
    ------
    UsageError
        Where no measure can be told.

    Examples
    --------
    >>> measures = pd.Series({"prais": 0.3, "determinant": 0.4})
    >>> measures = Mobility(grades=["优秀", "合格"]).on(measures)
    >>> mobility(measures).data[0].x.tolist()
    [0.3]
    """
    pen, known = Pen(**style), measures.dropna()
    if known.empty:
        raise UsageError("没有一项流动指标能算", "no measure of mobility can be told")
    first = str(known.index[0])
    grades = pen.say("、", ", ").join(pen.name(grade) for grade in Mobility.read(measures).grades)
    words = FigureText(
        Text("等次流动的程度", "How much members move between grades"),
        theme.join_parts(
            Text(f"计入的等次：{grades}", f"grades counted: {grades}"),
            *(_told_of(str(name), float(value)) for name, value in measures.items() if name != first),
        ),
        Text("0 为人人原地不动，越大越流动(无单位)", "0: nobody moves; the more the larger (no unit)"),
        method=Text("Prais 1955，Shorrocks 1978，Bartholomew 1973", "Prais 1955, Shorrocks 1978, Bartholomew 1973"),
        finding=theme.headline(found_in.mobility(measures)),
    )
    name = theme.wrap_text(_MEASURES[first].message(pen.lang), 14)
    most = max(1.0, float(known[first]), float(Mobility.read(measures).high.get(first, 0.0)))
    return pen.listing([_index(pen, measures, first, name)], words, [name], 70, xaxis={"range": [-0.02, most * 1.08]})


def _told_of(name: str, value: float) -> Text:
    zh, en = (f"{value:.2f}", f"{value:.2f}") if value == value else ("无从得知", "unknown")
    return Text(f"{_MEASURES[name].zh} {zh}", f"{_MEASURES[name].en} {en}")


def _index(pen: Pen, measures: pd.Series, which: str, name: str) -> go.Scatter:
    """Return one measure as a mark with its interval, its number written above it."""
    value = float(measures[which])
    spans = Mobility.read(measures)
    ends, known = [float(side.get(which, value)) for side in (spans.low, spans.high)], bool(spans.low)
    reach = pen.say(f"(95% 区间 {ends[0]:.2f}–{ends[1]:.2f})", f" (95 % interval {ends[0]:.2f}–{ends[1]:.2f})")
    return go.Scatter(
        x=np.array([value]),
        y=[name],
        mode="markers+text",
        marker={"size": 13, "color": theme.MAIN},
        error_x={"type": "data", "array": [ends[1] - value], "arrayminus": [value - ends[0]], "color": theme.MAIN}
        if known
        else None,
        text=[f"{value:.2f}{reach if known else ''}"],
        textposition="top center",
        hovertemplate="%{y}:%{x:.3f}<extra></extra>",
        showlegend=False,
        cliponaxis=False,
    )
