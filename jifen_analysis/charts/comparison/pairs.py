"""Pictures of how far schemes agree, and of who stands differently."""

from __future__ import annotations

from typing import Any, Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import comparison as found_in
from jifen_analysis.summaries import Moves

_MEASURES = {
    "tau_b": Text("名次一致程度 τ-b", "rank agreement tau-b"),
    "weighted_tau": Text("加权 τ(前列更重)", "weighted tau (the top weighs more)"),
    "spearman": Text("Spearman 相关", "Spearman correlation"),
    "kappa": Text("等次一致程度 κ", "grade agreement kappa"),
    "kappa_linear": Text("等次一致程度 κ(线性加权)", "grade agreement, linear kappa"),
    "kappa_quadratic": Text("等次一致程度 κ(平方加权)", "grade agreement, quadratic kappa"),
}

UNGRADED = Text("未评等次", "no grade")


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
    if measure not in _MEASURES:
        raise UsageError(
            f"没有“{measure}”这种指标,可用:{', '.join(_MEASURES)}",
            f"there is no measure “{measure}”; choose one of {', '.join(_MEASURES)}",
        )
    names = list(dict.fromkeys([*table["a"], *table["b"]]))
    values, sizes = (
        table.pivot_table(index="b", columns="a", values=value, dropna=False).reindex(names[1:], columns=names[:-1])
        for value in (measure, "n")
    )
    z = values.to_numpy("float64")
    cells = theme.draw_heatmap(
        z,
        [theme.evenly(pen.name(name), max(4.5, 30 / len(names))) for name in names[:-1]],
        pen.names(names[1:]),
        np.where(np.isnan(z), "", np.char.mod("%.2f", z)).tolist(),
        customdata=sizes.to_numpy(),
        hoverongaps=False,
        hovertemplate="%{y} × %{x}<br>%{z:.3f} (n=%{customdata})<extra></extra>",
    )
    known = table.dropna(subset=measure)
    said = _MEASURES[measure]
    words = FigureText(
        Text(f"各方案之间的{said.zh}", f"Schemes side by side: {said.en}"),
        _sizes(known),
        y=Text("两两相比(1 为完全一致)", "Pair by pair (1: wholly alike)"),
        finding=theme.headline(found_in.schemes(table, measure, pen.labels)),
    )
    figure = pen.draw([cells], words, plot=70 + 46 * len(names), yaxis={"autorange": "reversed", "showgrid": False})
    return figure.update_xaxes(showgrid=False)


def _sizes(known: pd.DataFrame) -> Text:
    if known.empty:
        return Text("等次不同,无从比较", "the schemes have no grades in common")
    low, high = int(known["n"].min()), int(known["n"].max())
    sizes = f"n={low}" + f"–{high}" * (low < high)
    return Text(sizes, sizes)


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
    >>> row = {"member_id": "1", "period": "2024", "total_a": 80.0, "total_b": 91.0, "difference": 11.0}
    >>> row |= {"grade_a": "合格", "grade_b": "优秀", "grade_changed": True, "rank_change": 3}
    >>> counts = pd.DataFrame([[1]], index=["合格"], columns=["优秀"])
    >>> moves(Moves(pd.DataFrame([row]), counts, "period")).data[-1].y.tolist()
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
    a, b = _sides(pen)
    words = FigureText(
        Text(f"换方案后谁的等次改变：{a}与{b}", f"Whose grade changes: {a} and {b}"),
        _drawn(found.members, rows),
        Text(f"{a}总分(分)", f"Total under {a} (points)"),
        Text(f"{b}减{a}(分)", f"{b} less {a} (points)"),
        finding=theme.headline(found_in.moves(found)),
    )
    figure = pen.draw(points, words, plot=350)
    return figure.add_hline(y=0, line={"color": theme.GREY, "width": 1})


def _drawn(members: pd.DataFrame, rows: pd.DataFrame) -> Text:
    """Say of whom the picture is, and who of those with a grade is not in it: the headline counts these, too."""
    graded = members[["grade_a", "grade_b"]].notna().any(axis=1)
    left = int((graded & ~members.index.isin(rows.index)).sum())
    n = len(rows)
    told = Text(f"图中 {n} 人次两边都有总分", f"drawn: {n} with both totals")
    more = Text(f"另有 {left} 人次有等次而缺一边总分", f"{left} more have a grade, but not both totals")
    return theme.join_parts(told, more) if left else told


def _sides(pen: Pen) -> tuple[str, str]:
    """Return what the two schemes are called."""
    return pen.side("a", "甲方案", "scheme A"), pen.side("b", "乙方案", "scheme B")


def _points(pen: Pen, rows: pd.DataFrame, name: str, *look: Any) -> go.Scatter:
    colour, symbol, size = look
    said = pen.say(
        "%{customdata[0]}<br>%{x:.2f}(%{customdata[1]})→ %{customdata[2]:.2f}(%{customdata[3]}),"
        "%{y:+.2f}<br>名次变化 %{customdata[4]:+}",
        "%{customdata[0]}<br>%{x:.2f} (%{customdata[1]}) → %{customdata[2]:.2f} (%{customdata[3]}), "
        "%{y:+.2f}<br>rank change %{customdata[4]:+}",
    )
    who = rows["member_id"].map(pen.name) + " " + rows["period"].astype("str")
    if "branch" in rows:
        who = who + " " + rows["branch"].map(pen.name)
    held = {side: rows[f"grade_{side}"].astype("object").fillna(pen.say(*UNGRADED)) for side in ("a", "b")}
    shown = [held["a"], rows["total_b"], held["b"], rows["rank_change"].astype("object")]
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


def transitions(found: Moves, **style: Unpack[Style]) -> go.Figure:
    """Draw which grade under the first scheme became which under the second.

    Parameters
    ----------
    found : Moves
        What ``comparison.moves`` returned.
    **style
        ``labels`` (``a`` and ``b``: what the schemes are called), ``source``, ``lang``.

    Returns
    -------
    Figure
        A heat map of the row shares, the highest grade above and on the left,
        those without a grade last; each cell says how many it holds.

    Examples
    --------
    >>> counts = pd.DataFrame([[3, 0], [1, 0]], index=["合格", "优秀"], columns=["合格", "优秀"])
    >>> rows = pd.DataFrame({"grade_changed": [True, False, False, False], "difference": 1.0})
    >>> transitions(Moves(rows, counts, "period")).data[0].z.tolist()
    [[0.0, 1.0], [0.0, 1.0]]
    """
    pen, counts = Pen.over(found.transitions, style), found.transitions
    counts = _graded(counts.loc[_best_first(counts.index), _best_first(counts.columns)])
    shares = counts.div(counts.sum(axis=1).clip(lower=1), axis=0)
    missing = {"<NA>": pen.say(*UNGRADED)}
    held, parts = (table.rename(index=missing, columns=missing) for table in (counts, shares))
    cells = theme.draw_cross_table(pen, held, parts)
    (a, b), n = _sides(pen), int(counts.to_numpy().sum())
    neither = len(found.members) - n
    words = FigureText(
        Text(f"等次怎样改变：{a}与{b}(n={n})", f"How grades change: {a} and {b} (n={n})"),
        theme.join_parts(
            Text(f"颜色深浅为占{a}该等次的比例", f"Shade: share of the grade under {a}"),
            Text(f"两边都没有等次的 {neither} 人次不计", f"{neither} without a grade under either are left out")
            if neither
            else theme.NOTHING,
        ),
        Text(f"{b}的等次", f"Grade under {b}"),
        Text(f"{a}的等次", f"Grade under {a}"),
        finding=theme.headline(found_in.transitions(found)),
    )
    return pen.draw([cells], words, plot=60 + 60 * len(counts), yaxis={"autorange": "reversed", "showgrid": False})


def _graded(counts: pd.DataFrame) -> pd.DataFrame:
    """Leave out who has a grade under neither, and what then stands empty."""
    both = counts.copy()
    if "<NA>" in both.index and "<NA>" in both.columns:
        both.loc["<NA>", "<NA>"] = 0
    rows = [name for name in both.index if name != "<NA>" or both.loc[name].any()]
    return both.loc[rows, [name for name in both.columns if name != "<NA>" or both[name].any()]]


def _best_first(grades: pd.Index) -> list[str]:
    """Return grades from the highest; ``<NA>`` for none stays last."""
    named = [str(grade) for grade in grades if grade != "<NA>"]
    return theme.best_first(named, ascending=True) + ["<NA>"] * ("<NA>" in grades)
