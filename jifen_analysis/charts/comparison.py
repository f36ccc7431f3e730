"""Pictures of how schemes, or readings of one, differ."""

from __future__ import annotations

from typing import Any, Protocol, Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import Pen, Style, Words
from jifen_analysis.errors import Text, UsageError

MEASURES = {
    "tau_b": Text("名次一致程度 τ-b", "rank agreement tau-b"),
    "weighted_tau": Text("加权 τ(前列更重)", "weighted tau (the top weighs more)"),
    "spearman": Text("Spearman 相关", "Spearman correlation"),
    "kappa": Text("等次一致程度 κ", "grade agreement kappa"),
    "kappa_linear": Text("等次一致程度 κ(线性加权)", "grade agreement, linear kappa"),
    "kappa_quadratic": Text("等次一致程度 κ(平方加权)", "grade agreement, quadratic kappa"),
}


class Moves(Protocol):
    """What ``comparison.moves`` returned."""

    @property
    def members(self) -> pd.DataFrame:
        """One row per member and period."""
        ...


def schemes(table: pd.DataFrame, measure: str = "tau_b", **style: Unpack[Style]) -> go.Figure:
    """Draw how far each pair of schemes agrees.

    Parameters
    ----------
    table : DataFrame
        What ``comparison.schemes`` returned.
    measure : str
        One of its measures: ``tau_b``, ``weighted_tau``, ``spearman``,
        ``kappa``, ``kappa_linear``, ``kappa_quadratic``.
    **style
        ``labels`` (what a scheme is called), ``source``, ``lang``.

    Returns
    -------
    Figure
        A heat map; each pair once, the lower left half, with its n in the hover.

    Raises
    ------
    UsageError
        For an empty table or an unknown measure.

    Examples
    --------
    >>> table = pd.DataFrame([{"a": "甲", "b": "乙", "n": 9, "tau_b": 0.8}])
    >>> schemes(table).data[0].z.tolist()
    [[0.8]]
    """
    pen = Pen.over(table, style)
    if measure not in MEASURES:
        raise UsageError(
            f"没有“{measure}”这种指标,可用:{', '.join(MEASURES)}",
            f"there is no measure “{measure}”; choose one of {', '.join(MEASURES)}",
        )
    names = list(dict.fromkeys([*table["a"], *table["b"]]))
    values, sizes = (
        table.pivot_table(index="b", columns="a", values=value, dropna=False).reindex(names[1:], columns=names[:-1])
        for value in (measure, "n")
    )
    z = values.to_numpy("float64")
    cells = go.Heatmap(
        z=z,
        x=[theme.wrapped(pen.name(name), max(4.5, 30 / len(names))) for name in names[:-1]],
        y=pen.names(names[1:]),
        customdata=sizes.to_numpy(),
        text=np.where(np.isnan(z), "", np.char.mod("%.2f", z)),
        texttemplate="%{text}",
        colorscale=theme.BLUES,
        zmin=0,
        zmax=1,
        xgap=2,
        ygap=2,
        hoverongaps=False,
        colorbar=theme.share_bar(".1f", 0.2),
        hovertemplate="%{y} × %{x}<br>%{z:.3f} (n=%{customdata})<extra></extra>",
    )
    known = table.dropna(subset=measure)
    said = MEASURES[measure]
    words = Words(Text(f"各方案之间的{said.zh}", f"Schemes side by side: {said.en}"), _extremes(pen, known, measure))
    figure = pen.draw([cells], words, plot=70 + 46 * len(names), yaxis={"autorange": "reversed", "showgrid": False})
    return figure.update_xaxes(showgrid=False)


def _extremes(pen: Pen, known: pd.DataFrame, measure: str) -> Text:
    if known.empty:
        return Text("等次不同,无从比较", "the schemes have no grades in common")
    most, least = (known.loc[known[measure].agg(which)] for which in ("idxmax", "idxmin"))
    low, high = int(known["n"].min()), int(known["n"].max())
    sizes = f"n={low}" + f"–{high}" * (low < high)
    pair = [(pen.name(row["a"]), pen.name(row["b"]), row[measure]) for row in (most, least)]
    return Text(
        f"最一致:{pair[0][0]}与{pair[0][1]}({pair[0][2]:.2f});最不一致:"
        f"{pair[1][0]}与{pair[1][1]}({pair[1][2]:.2f});{sizes}",
        f"Closest: {pair[0][0]} and {pair[0][1]} ({pair[0][2]:.2f}); "
        f"farthest: {pair[1][0]} and {pair[1][1]} ({pair[1][2]:.2f}); {sizes}",
    )


def moves(found: Moves, **style: Unpack[Style]) -> go.Figure:
    """Draw what each member gains or loses under the second scheme, and whose grade changes.

    Parameters
    ----------
    found : Moves
        What ``comparison.moves`` returned.
    **style
        ``labels`` (``a`` and ``b``: what the schemes are called; members'
        names, if they may be shown), ``source``, ``lang``.

    Returns
    -------
    Figure
        A point a member and period, at the total under the first scheme and the
        difference. Those whose grade changed are drawn last, by its sign.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> row = {"member_id": "1", "period": "2024", "total_a": 80.0, "total_b": 91.0, "difference": 11.0}
    >>> row |= {"grade_a": "合格", "grade_b": "优秀", "grade_changed": True, "rank_change": 3}
    >>> rows = pd.DataFrame([row])
    >>> moves(SimpleNamespace(members=rows)).data[-1].y.tolist()
    [11.0]
    """
    pen = Pen.over(found.members, style)
    rows = found.members.dropna(subset=["total_a", "total_b"])
    changed, gained = rows["grade_changed"].astype("bool"), rows["difference"] > 0
    worse, better = (theme.BAD, "triangle-down", 11), (theme.INK, "triangle-up", 11)
    kinds = {
        pen.say("等次不变", "same grade"): (~changed, theme.SOFT, "circle", 7),
        pen.say("等次改变(分数不增)", "grade changed, no more points"): (changed & ~gained, *worse),
        pen.say("等次改变(分数增加)", "grade changed, more points"): (changed & gained, *better),
    }
    points = [_points(pen, rows[which], name, *look) for name, (which, *look) in kinds.items() if which.any()]
    a, b = (
        pen.name(side) if side in pen.labels else pen.say(zh, en)
        for side, zh, en in (("a", "甲方案", "scheme A"), ("b", "乙方案", "scheme B"))
    )
    n = int(changed.sum())
    words = Words(
        Text(f"换方案后谁的等次改变:{a}与{b}(n={len(rows)})", f"Whose grade changes: {a} and {b} (n={len(rows)})"),
        Text(f"{n} 人次等次改变({n / max(len(rows), 1):.0%})", f"{n} change grade ({n / max(len(rows), 1):.0%})"),
        Text(f"{a}总分(分)", f"Total under {a} (points)"),
        Text(f"{b}减{a}(分)", f"{b} less {a} (points)"),
    )
    figure = pen.draw(points, words, plot=350)
    return figure.add_hline(y=0, line={"color": theme.GREY, "width": 1})


def _points(pen: Pen, rows: pd.DataFrame, name: str, *look: Any) -> go.Scatter:
    colour, symbol, size = look
    said = pen.say(
        "%{customdata[0]}<br>%{x:.2f}(%{customdata[1]})→ %{customdata[2]:.2f}(%{customdata[3]}),"
        "%{y:+.2f}<br>名次变化 %{customdata[4]:+}",
        "%{customdata[0]}<br>%{x:.2f} (%{customdata[1]}) → %{customdata[2]:.2f} (%{customdata[3]}), "
        "%{y:+.2f}<br>rank change %{customdata[4]:+}",
    )
    who = rows["member_id"].map(pen.name) + " " + rows["period"].astype("str")
    shown = [rows[column].astype("object") for column in ("grade_a", "total_b", "grade_b", "rank_change")]
    return go.Scatter(
        x=rows["total_a"].to_numpy("float64"),
        y=rows["difference"].to_numpy("float64"),
        mode="markers",
        name=f"{name}(n={len(rows)})" if pen.lang == "zh" else f"{name} (n={len(rows)})",
        marker={
            "size": size,
            "color": colour,
            "symbol": symbol,
            "opacity": 0.85,
            "line": {"color": theme.PAPER, "width": 0.5},
        },
        customdata=np.column_stack([who, *shown]),
        hovertemplate=said + "<extra></extra>",
    )


def why(table: pd.DataFrame, shown: int = 12, **style: Unpack[Style]) -> go.Figure:
    """Draw the way from a member's total under one scheme to that under the other.

    Parameters
    ----------
    table : DataFrame
        What ``comparison.why`` returned.
    shown : int
        How many parts have a step of their own; the others share one.
    **style
        ``labels`` (``a`` and ``b``: what the schemes are called; components,
        items and rules), ``source``, ``lang``.

    Returns
    -------
    Figure
        A waterfall from above: the steps begin at the first total and end at
        the second.

    Examples
    --------
    >>> table = pd.DataFrame({"part": ["daily", "bonus"], "difference": [-3.0, 1.0], "clause": ["三", ""]})
    >>> table.attrs = {"total_a": 90.0, "total_b": 88.0, "gap": -2.0, "grade_a": "优秀", "grade_b": "合格"}
    >>> bars = why(table).data[0]
    >>> bars.base.tolist(), bars.x.tolist()
    ([90.0, 87.0], [-3.0, 1.0])
    """
    pen, facts = Pen.over(table, style), table.attrs
    steps = _steps(pen, table[table["difference"] != 0], shown)
    starts = facts["total_a"] + steps["difference"].cumsum() - steps["difference"]
    a, b = (
        pen.labels.get(side, text)
        for side, text in (("a", pen.say("甲方案", "scheme A")), ("b", pen.say("乙方案", "scheme B")))
    )
    ends = [_end(pen, name, facts[f"grade_{side}"]) for name, side in ((a, "a"), (b, "b"))]
    names = [ends[0], *steps["name"], ends[1]]
    bars = _bars(steps, starts)
    totals = _totals(ends, [facts["total_a"], facts["total_b"]])
    reached = [*starts, facts["total_a"], facts["total_b"]]
    room = max(max(reached) - min(reached), 1.0) * 0.16
    gap = facts["gap"]
    words = Words(
        Text("一个人的分数为什么不同", "Why one member's total differs"),
        Text(
            f"从{a} {facts['total_a']:.2f} 分到{b} {facts['total_b']:.2f} 分,相差 {gap:+.2f} 分;各步相加正好等于差额",
            f"From {facts['total_a']:.2f} ({a}) to {facts['total_b']:.2f} ({b}), {gap:+.2f}; the steps add up to it",
        ),
        Text("总分(分)", "Total (points)"),
    )
    return pen.draw(
        [bars, totals],
        words,
        plot=theme.listed(names),
        xaxis={"range": [min(reached) - room, max(reached) + room]},
        yaxis={"categoryorder": "array", "categoryarray": names} | theme.downwards(names),
    )


def _end(pen: Pen, name: str, grade: Any) -> str:
    return f"<b>{theme.wrapped(name if pd.isna(grade) else name + pen.say(f'({grade})', f' ({grade})'), 14)}</b>"


def _steps(pen: Pen, parts: pd.DataFrame, shown: int) -> pd.DataFrame:
    """Return name, difference and clause of each step; what is not shown by itself comes last, as one."""
    first, rest = parts.head(shown), parts.iloc[shown:]
    steps = pd.DataFrame(
        {"name": _distinct(pen.names(first["part"])), "difference": first["difference"], "clause": first["clause"]}
    )
    if rest.empty:
        return steps
    name = pen.say(f"其余 {len(rest)} 项", f"{len(rest)} others")
    return pd.concat(
        [steps, pd.DataFrame([{"name": name, "difference": rest["difference"].sum(), "clause": ""}])], ignore_index=True
    )


def _distinct(names: list[str]) -> list[str]:
    """Set names that are alike apart by blanks: one row of the picture each."""
    return [name + " " * names[:place].count(name) for place, name in enumerate(names)]


def _bars(steps: pd.DataFrame, starts: pd.Series) -> go.Bar:
    gained = (steps["difference"] > 0).to_numpy()
    return go.Bar(
        base=starts.to_numpy(),
        x=steps["difference"].to_numpy(),
        y=steps["name"].tolist(),
        orientation="h",
        marker={
            "color": np.where(gained, theme.MAIN, theme.ROSE).tolist(),
            "line": {"color": theme.GREY, "width": 0.5},
        },
        text=[f"{difference:+.2f}" for difference in steps["difference"]],
        textposition="outside",
        cliponaxis=False,
        customdata=steps["clause"].fillna("").to_numpy(),
        hovertemplate="%{y}<br>%{x:+.2f}<br>%{customdata}<extra></extra>",
        showlegend=False,
    )


def _totals(names: list[str], totals: list[float]) -> go.Scatter:
    return go.Scatter(
        x=totals,
        y=names,
        mode="markers+text",
        marker={"symbol": "diamond", "size": 12, "color": theme.INK},
        text=[f"<b>{total:.2f}</b>" for total in totals],
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
