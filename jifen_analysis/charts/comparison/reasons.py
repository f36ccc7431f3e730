"""Pictures of why a member, or everyone, stands differently."""

from __future__ import annotations

from typing import Any, Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text
from jifen_analysis.findings import comparison as found_in
from jifen_analysis.summaries import Why


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
    >>> table = Why(total_a=90.0, total_b=88.0, gap=-2.0, grade_a="优秀", grade_b="合格").on(table)
    >>> bars = why(table).data[0]
    >>> bars.base.tolist(), bars.x.tolist()
    ([90.0, 87.0], [-3.0, 1.0])
    """
    pen, facts = Pen.over(table, style), Why.read(table)
    steps = _steps(pen, table[table["difference"] != 0], shown)
    starts = facts.total_a + steps["difference"].cumsum() - steps["difference"]
    a, b = pen.side("a", "甲方案", "scheme A"), pen.side("b", "乙方案", "scheme B")
    ends = [_end(pen, name, grade) for name, grade in ((a, facts.grade_a), (b, facts.grade_b))]
    names = [ends[0], *steps["name"], ends[1]]
    bars = _bars(steps, starts)
    totals = _totals(ends, [facts.total_a, facts.total_b])
    reached = [*starts, facts.total_a, facts.total_b]
    room = max(max(reached) - min(reached), 1.0) * 0.16
    who = f"{pen.name(facts.member_id)} {facts.period}"
    words = FigureText(
        Text(f"{who} 的分数为什么不同", f"Why the total of {who} differs"),
        Text(
            f"从{a} {facts.total_a:.2f} 分到{b} {facts.total_b:.2f} 分；各步相加正好等于差额",
            f"From {facts.total_a:.2f} ({a}) to {facts.total_b:.2f} ({b}); the steps add up to it",
        ),
        Text("总分(分)", "Total (points)"),
        finding=theme.headline(found_in.why(table, _called(pen, table))),
    )
    return pen.listing(
        [bars, totals],
        words,
        names,
        xaxis={"range": [min(reached) - room, max(reached) + 2 * room]},
        yaxis={"categoryorder": "array", "categoryarray": names},
    )


def _called(pen: Pen, table: pd.DataFrame) -> dict[str, str]:
    """Return what the parts are called, as the steps are."""
    titles = table["title" if "title" in table else "part"]
    return {part: pen.name(title) for part, title in zip(table["part"], titles, strict=True)}


def _end(pen: Pen, name: str, grade: Any) -> str:
    return f"<b>{theme.wrap_text(name if pd.isna(grade) else name + pen.say(f'({grade})', f' ({grade})'), 14)}</b>"


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
        [f"{difference:+.2f}".replace("-", "\u2212") for difference in steps["difference"]],
        base=starts.to_numpy(),
        marker=theme.bar_outline(np.where(gained, theme.MAIN, theme.ROSE).tolist()),
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


def records(table: pd.DataFrame, shown: int = 20, **style: Unpack[Style]) -> go.Figure:
    """Draw whose totals changed records moved, by how much and by which part.

    Parameters
    ----------
    table : DataFrame
        What ``comparison.records`` returned; without rows nothing has moved.
    shown : int
        How many rows: those whose grade changed first, then the largest differences.
    **style
        ``labels`` (components, items and rules; members' names, if they may be
        shown), ``source``, ``lang``.

    Returns
    -------
    Figure
        A bar for each member, period and part at the points won or lost; beside
        it, where the grade changed, from which to which. One or two are said in
        words: they are no picture.

    Examples
    --------
    >>> row = {"member_id": "1", "period": "2024", "part": "daily", "difference": 2.0, "clause": ""}
    >>> row |= {"total_before": 88.0, "total_after": 90.0, "grade_before": "合格", "grade_after": "优秀"}
    >>> bars = records(pd.DataFrame([row | {"member_id": who} for who in "123"]), lang="en").data[0]
    >>> bars.x.tolist(), bars.text[0]
    ([2.0, 2.0, 2.0], '+2.00, 合格 → 优秀')
    >>> records(pd.DataFrame([row]), lang="en").data[0].text[0]
    '1 2024: daily +2.00, 合格 → 优秀'
    """
    pen = Pen(**style)
    grades = [table[side].astype("object").fillna("") for side in ("grade_before", "grade_after")]
    regraded = grades[0] != grades[1]
    size = table["difference"].abs()
    order = pd.DataFrame({"regraded": regraded, "size": size}).sort_values(["regraded", "size"], ascending=False)
    rows = table.loc[order.index[:shown]]
    names = _distinct([_row(pen, *row) for row in rows[["member_id", "period", "part"]].itertuples(index=False)])
    who = len(table[["member_id", "period"]].drop_duplicates())
    words = FigureText(
        Text(f"更正记录后谁的分数或等次变了(n={who})", f"Whom changed records moved (n={who})"),
        _left_out(len(table), len(rows)),
        Text("总分变化(分)", "Change of the total (points)"),
        finding=theme.headline(found_in.records(table)),
    )
    bars = _moved(pen, rows, names, regraded[rows.index].to_numpy("bool"))
    if len(table) <= _FEW:
        return _in_words(pen, words, [name.replace("<br>", pen.say("\uff1a", ": "), 1) for name in names], bars)
    figure = pen.listing([bars], words, names or [""], xaxis={"range": _with_room(rows["difference"])})
    return figure.add_vline(x=0, line={"color": theme.GREY, "width": 1})


_FEW = 2
"""So many differences are said, not drawn."""


def _in_words(pen: Pen, words: FigureText, names: list[str], bars: go.Bar) -> go.Figure:
    """Return a line for each difference below the sentence, without axes."""
    pause, told = pen.say("\uff0c", ", "), zip(names, bars.text or (), strict=True)
    lines = [name.replace("<br>", "") + (" " if said[:1] in ("+", "-") else pause) + said for name, said in told]
    look = {"mode": "text", "textposition": "middle right", "textfont": {"size": 14}, "hoverinfo": "skip"}
    rows: dict[str, Any] = {"categoryorder": "array", "categoryarray": names[::-1], "range": [-0.5, len(names) - 0.5]}
    told = go.Scatter(x=[0] * len(lines), y=names, text=lines, showlegend=False, cliponaxis=False, **look)
    bare = FigureText(words.title, finding=words.finding)
    figure = pen.draw([told], bare, plot=30 + 30 * len(lines), xaxis={"range": [0, 1], "visible": False})
    return figure.update_yaxes(visible=False, **rows)


def _left_out(every: int, shown: int) -> Text:
    if shown == every:
        return theme.NOTHING
    return Text(f"图中为变动最大的 {shown} 项,共 {every} 项", f"The {shown} largest of {every} differences")


def _row(pen: Pen, member: object, period: object, part: str) -> str:
    what = pen.name(part) if part else pen.say("分数不变(名额、认定)", "same points (quota, decision)")
    return f"{pen.name(member)} {period}<br>{theme.wrap_text(what, 14)}"


def _with_room(differences: pd.Series) -> list[float]:
    """Return an axis with room for words beyond the bars."""
    low, high = (min(0.0, *differences), max(0.0, *differences)) if len(differences) else (0.0, 1.0)
    span = max(high - low, 1.0)
    return [low - span * (0.6 if low else 0.02), high + span * (0.7 if high or not low else 0.02)]


def _moved(pen: Pen, rows: pd.DataFrame, names: list[str], regraded: np.ndarray) -> go.Bar:
    shown = rows[["total_before", "grade_before", "total_after", "grade_after", "clause"]].astype("object").fillna("—")
    grades = zip(shown["grade_before"], shown["grade_after"], regraded, strict=True)
    steps = [f"{before} → {after}" * bool(new) for before, after, new in grades]
    points = [f"{difference:+.2f}" * bool(round(difference, 9)) for difference in rows["difference"]]
    pause = pen.say("\uff0c", ", ")
    said = "%{customdata[0]:.2f}(%{customdata[1]})→ %{customdata[2]:.2f}(%{customdata[3]})"
    return theme.bars(
        names,
        rows["difference"].to_numpy("float64"),
        f"%{{y}}<br>{said}<br>%{{x:+.2f}} %{{customdata[4]}}",
        [pause.join(filter(None, both)) for both in zip(points, steps, strict=True)],
        marker={"color": np.where(regraded, theme.BAD, theme.SOFT).tolist()},
        customdata=shown.to_numpy() if len(rows) else None,
        showlegend=False,
    )
