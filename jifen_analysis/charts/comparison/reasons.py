"""Pictures of why a member, or everyone, stands differently."""

from __future__ import annotations

from typing import Any, Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import Pen, Style, Words
from jifen_analysis.errors import Text


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
        items and rules, where the table has no ``title``), ``source``, ``lang``.

    Returns
    -------
    Figure
        A waterfall from above: the steps begin at the first total and end at
        the second.

    Examples
    --------
    >>> table = pd.DataFrame({"part": ["daily", "bonus"], "difference": [-3.0, 1.0], "clause": ["三", ""]})
    >>> table.attrs = {"total_a": 90.0, "total_b": 88.0, "gap": -2.0, "grade_a": "优秀", "grade_b": "合格"}
    >>> table.attrs |= {"member_id": "00001", "period": "2024"}
    >>> bars = why(table).data[0]
    >>> bars.base.tolist(), bars.x.tolist()
    ([90.0, 87.0], [-3.0, 1.0])
    """
    pen, facts = Pen.over(table, style), table.attrs
    steps = _steps(pen, table[table["difference"] != 0], shown)
    starts = facts["total_a"] + steps["difference"].cumsum() - steps["difference"]
    a, b = pen.side("a", "甲方案", "scheme A"), pen.side("b", "乙方案", "scheme B")
    ends = [_end(pen, name, facts[f"grade_{side}"]) for name, side in ((a, "a"), (b, "b"))]
    names = [ends[0], *steps["name"], ends[1]]
    bars = _bars(steps, starts)
    totals = _totals(ends, [facts["total_a"], facts["total_b"]])
    reached = [*starts, facts["total_a"], facts["total_b"]]
    room = max(max(reached) - min(reached), 1.0) * 0.16
    gap, who = facts["gap"], f"{pen.name(facts['member_id'])} {facts['period']}"
    words = Words(
        Text(f"{who} 的分数为什么不同", f"Why the total of {who} differs"),
        Text(
            f"从{a} {facts['total_a']:.2f} 分到{b} {facts['total_b']:.2f} 分,相差 {gap:+.2f} 分;各步相加正好等于差额",
            f"From {facts['total_a']:.2f} ({a}) to {facts['total_b']:.2f} ({b}), {gap:+.2f}; the steps add up to it",
        ),
        Text("总分(分)", "Total (points)"),
    )
    return pen.listing(
        [bars, totals],
        words,
        names,
        xaxis={"range": [min(reached) - room, max(reached) + room]},
        yaxis={"categoryorder": "array", "categoryarray": names},
    )


def _end(pen: Pen, name: str, grade: Any) -> str:
    return f"<b>{theme.wrapped(name if pd.isna(grade) else name + pen.say(f'({grade})', f' ({grade})'), 14)}</b>"


def _steps(pen: Pen, parts: pd.DataFrame, shown: int) -> pd.DataFrame:
    """Return name, difference and clause of each step; what is not shown by itself comes last, as one."""
    first, rest = parts.head(shown), parts.iloc[shown:]
    named = pen.names(first["title" if "title" in first else "part"])
    steps = pd.DataFrame({"name": _distinct(named), "difference": first["difference"], "clause": first["clause"]})
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
    return theme.bars(
        steps["name"],
        steps["difference"].to_numpy(),
        "%{y}<br>%{customdata[0]:+.2f}<br>%{customdata[1]}",
        [f"{difference:+.2f}" for difference in steps["difference"]],
        base=starts.to_numpy(),
        marker=theme.edged(np.where(gained, theme.MAIN, theme.ROSE).tolist()),
        customdata=np.column_stack([steps["difference"], steps["clause"].fillna("")]),
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


def records(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw whose totals changed records moved, and by which part.

    Parameters
    ----------
    table : DataFrame
        What ``comparison.records`` returned; without rows nothing has moved.
    **style
        ``labels`` (components, items and rules; members' names, if they may be
        shown), ``source``, ``lang``.

    Returns
    -------
    Figure
        A row for each part; a point for each member and period at the points
        won or lost, a diamond where the grade changed too.

    Examples
    --------
    >>> row = {"member_id": "1", "period": "2024", "part": "daily", "difference": 2.0, "clause": ""}
    >>> row |= {"total_before": 88.0, "total_after": 90.0, "grade_before": "合格", "grade_after": "优秀"}
    >>> records(pd.DataFrame([row])).data[1].x.tolist()
    [2.0]
    """
    pen = Pen(**style)
    order = table["part"].value_counts().index
    names = dict(zip(order, _distinct([_part(pen, part) for part in order]), strict=True))
    regraded = table["grade_before"].astype("object").fillna("") != table["grade_after"].astype("object").fillna("")
    kinds = {
        pen.say("等次不变", "same grade"): (~regraded, {"color": theme.SOFT, "symbol": "circle", "size": 10}),
        pen.say("等次改变", "grade changed"): (regraded, {"color": theme.BAD, "symbol": "diamond", "size": 12}),
    }
    points = [_moved(pen, table[which], names, kind, look) for kind, (which, look) in kinds.items()]
    who, changed = (len(rows[["member_id", "period"]].drop_duplicates()) for rows in (table, table[regraded]))
    words = Words(
        Text(f"更正记录后谁的分数或等次变了(n={who})", f"Whom changed records moved (n={who})"),
        Text(
            f"{who} 人次的分数或等次改变,其中 {changed} 人次等次改变",
            f"Totals or grades of {who} members and periods moved, grades of {changed}",
        ),
        Text("总分变化(分)", "Change of the total (points)"),
    )
    listed = list(names.values())
    figure = pen.listing(points, words, listed)
    return figure.add_vline(x=0, line={"color": theme.GREY, "width": 1})


def _part(pen: Pen, part: str) -> str:
    return theme.wrapped(pen.name(part) if part else pen.say("不涉分项(名额、认定)", "no part (quota, decision)"), 14)


def _moved(pen: Pen, rows: pd.DataFrame, names: dict[str, str], kind: str, look: dict[str, Any]) -> go.Scatter:
    shown = rows[["total_before", "grade_before", "total_after", "grade_after", "clause"]].astype("object")
    who = rows["member_id"].map(pen.name) + " " + rows["period"].astype("str")
    said = "%{customdata[0]}<br>%{customdata[1]:.2f}(%{customdata[2]})→ %{customdata[3]:.2f}(%{customdata[4]})"
    return go.Scatter(
        x=rows["difference"].to_numpy("float64"),
        y=rows["part"].map(names).tolist(),
        mode="markers",
        name=pen.counted(kind, len(rows)),
        marker={"opacity": 0.85, "line": {"color": theme.PAPER, "width": 1}} | look,
        customdata=np.column_stack([who, shown.fillna("—")]) if len(rows) else None,
        hovertemplate=f"{said}<br>%{{y}} %{{x:+.2f}} %{{customdata[5]}}<extra></extra>",
    )
