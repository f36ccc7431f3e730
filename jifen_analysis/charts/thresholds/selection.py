"""Pictures of who passes where a line is drawn, and of whether a grade is equally in reach of every group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.charts.theme.figure import BEYOND
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import thresholds as found_in
from jifen_analysis.summaries import PassCurve, SelectionRates


def selection_rates(table: pd.DataFrame, grade: str = "", **style: Unpack[Style]) -> go.Figure:
    """Draw each group's rate with its interval beside the reference rate, and four fifths of it.

    Parameters
    ----------
    table : DataFrame
        What ``thresholds.selection_rates`` returned.
    grade : str
        What they were selected for; said in the title.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A point with its 95 % Wilson interval for each group that is not
        withheld; groups that differ by more than chance, their number considered
        (Holm), stand out by colour and shape.

    Raises
    ------
    UsageError
        Where every group is withheld.

    Examples
    --------
    >>> row = {"n": 9, "selected": 3, "rate": 1 / 3, "low": 0.1, "high": 0.6, "ratio": 1.0, "p_holm": None}
    >>> more = {"ratio_low": 0.5, "ratio_high": 2.0, "below_four_fifths": False, "withheld": False}
    >>> table = SelectionRates(rate=1 / 3, false_alarms=0.05, min_n=5).on(pd.DataFrame([row | more], index=["一"]))
    >>> selection_rates(table).data[0].x.round(2).tolist()
    [0.33]
    """
    held = table[~table["withheld"]]
    if held.empty:
        raise UsageError("各组人数都太少,不能显示比例", "every group is too small to show")
    pen, rows = Pen(**style), theme.sort_rows(held).sort_values("rate", ascending=False, kind="stable")
    names = pen.all_counted(rows.index, rows["n"])
    out = (rows["p_holm"].astype("float64") < BEYOND).to_numpy("bool")
    what, rate = grade or pen.say("入选", "selection"), SelectionRates.read(table).rate
    words = FigureText(
        Text(f"各组的{what}率", f"Rate of {what} by group"),
        _noted(pen, table, rows),
        Text(f"{what}率(95% 区间)", f"Rate of {what} (95 % interval)"),
        method=Text(
            "Wilson 区间；Fisher 检验，Holm 校正；五分之四为经验筛查线，不是规定。每组与其余各组(或基准组)比，"
            "漏斗图与全体的比例比：在界限边上的组，两图说得可以不同",
            "Wilson intervals; Fisher's test, Holm; four fifths is a rule of thumb, no regulation. Each group is held "
            "against the others (or the reference), in the funnel against the rate of all: at the edge they may differ",
        ),
        finding=theme.headline(found_in.selection_rates(table, grade)),
    )
    figure = pen.listing(
        [_rates(pen, rows, names, out)], words, names, xaxis={"tickformat": ".0%", "range": [-0.02, 1.02]}
    )
    figure.add_vline(x=rate, line={"color": theme.GREY, "width": 1})
    return figure.add_vline(x=0.8 * rate, line={"color": theme.BAD, "dash": "dash", "width": 1.5})


def _noted(pen: Pen, table: pd.DataFrame, rows: pd.DataFrame) -> Text:
    """Say what the lines are, how many would differ by chance alone, and what is hidden."""
    facts = SelectionRates.read(table)
    base, rate, alarms, least = facts.reference, facts.rate, facts.false_alarms, facts.min_n
    few, hidden = int(rows["below_four_fifths"].fillna(False).sum()), int(table["withheld"].sum())
    zh, en = (pen.name(base), pen.name(base)) if base is not None else ("各组合计", "all groups together")
    return theme.join_parts(
        Text(
            f"逐组看,纯属偶然也会有约 {alarms:.1f} 组超出",
            f"one by one, chance alone puts about {alarms:.1f} groups beyond",
        ),
        Text(
            f"实线 {zh} {rate:.1%};{few} 组低于其余各组的五分之四(虚线),只是筛查,须连区间看"
            if base is None
            else f"实线 {zh} {rate:.1%};{few} 组低于它的五分之四(虚线),只是筛查,须连区间看",
            f"line: {en} {rate:.1%}; {few} groups below four fifths (dashed), a screen to be read with its interval",
        ),
        Text(f"{hidden} 组不足 {least} 人,不显示", f"{hidden} groups under {least} are withheld")
        if hidden
        else theme.NOTHING,
    )


def _rates(pen: Pen, rows: pd.DataFrame, names: list[str], out: np.ndarray) -> go.Scatter:
    rate = rows["rate"].to_numpy("float64")
    reach = {"array": rows["high"].to_numpy("float64") - rate, "arrayminus": rate - rows["low"].to_numpy("float64")}
    said = pen.say(
        "%{customdata[0]} 人,%{x:.1%}%{customdata[1]}", "%{customdata[0]} selected, %{x:.1%}%{customdata[1]}"
    )
    told = [pen.say(*_ratio(*row)) for row in rows[["ratio", "ratio_low", "ratio_high"]].astype("float64").to_numpy()]
    return go.Scatter(
        x=rate,
        y=names,
        mode="markers",
        error_x={"type": "data", "thickness": 1.2, "width": 4, "color": theme.GREY, **reach},
        marker={
            "size": 11,
            "color": np.where(out, theme.BAD, theme.MAIN).tolist(),
            "symbol": np.where(out, "diamond", "circle").tolist(),
        },
        customdata=list(zip(rows["selected"].astype("int64").tolist(), told, strict=True)),
        hovertemplate=f"%{{y}}<br>{said}<extra></extra>",
        showlegend=False,
    )


def _ratio(ratio: float, low: float, high: float) -> tuple[str, str]:
    """Say how many times the reference's rate it is, as far as that can be said."""
    if np.isnan(ratio):
        return "", ""
    zh, en = f"<br>为基准的 {ratio:.2f} 倍", f"<br>{ratio:.2f} of the reference"
    return (zh, en) if np.isnan(low) else (f"{zh}({low:.2f} 至 {high:.2f})", f"{en} ({low:.2f} to {high:.2f})")


CUT = Text("分数线(分)", "Cut score (points)")
PASS = Text("达到分数线的比例", "Share at or above the cut")


def pass_curve(table: pd.DataFrame, current: Mapping[str, float] | None = None, **style: Unpack[Style]) -> go.Figure:
    """Draw how many pass for every place of the cut; by group a panel each.

    Parameters
    ----------
    table : DataFrame
        What ``thresholds.pass_curve`` returned, with or without groups.
    current : mapping of grade to cut score, optional
        The scheme's lines, in points.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        Steps of the share at or above each cut. Withheld groups are left out
        and counted; each panel has every group's curve in grey behind its own.

    Raises
    ------
    UsageError
        For an empty table, or one whose groups are all withheld.

    Examples
    --------
    >>> table = pd.DataFrame({"cut": [60.0, 90.0], "n_at_least": [2, 1], "share": [1.0, 0.5]})
    >>> pass_curve(table).data[0].y.tolist()
    [1.0, 0.5]
    """
    pen, lines = Pen.over(table, style), dict(current or {})
    return _sweep(pen, table, lines) if "group" in table else _curve(pen, table, lines)


def _curve(pen: Pen, table: pd.DataFrame, lines: Mapping[str, float]) -> go.Figure:
    known = PassCurve.read(table).n
    n = _size(table) if known is None else known
    counted = Text(
        Pen().with_count("分数线与通过人数", n), Pen(lang="en").with_count("Who passes, by the cut score", n)
    )
    trace = _passing(pen, table, pen.say("全体", "everyone"), theme.MAIN, 2.5)
    ends, out = _across(table, lines)
    words = FigureText(
        counted,
        theme.join_parts(_now(table, lines), out),
        CUT,
        PASS,
        finding=theme.headline(found_in.pass_curve(table, lines)),
    )
    share = {"tickformat": ".0%", "range": [0, 1.03]}
    figure = pen.draw([trace], words, xaxis={"range": ends}, yaxis=share, headroom=theme.HEADROOM * len(lines))
    return theme.mark_cuts(pen, figure, lines, sum(ends) / 2)


def _across(table: pd.DataFrame, lines: Mapping[str, float]) -> tuple[theme.Reach, Text]:
    """Return how far the axis goes, and how many lie beyond it, in words."""
    curve = table.groupby("cut")["n_at_least"].sum()
    at = (curve - curve.shift(-1, fill_value=0)).clip(lower=0)
    whole = (float(curve.index[0]), float(curve.index[-1]))
    if len(curve) < 2 or not at.sum():
        return (whole[0] - 1, whole[1] + 1), theme.NOTHING
    ends = theme.reach(at.index, at, lines.values())
    below, above = theme.beyond(at.index, at, ends)
    return ends, theme.join_parts(
        Text(f"低于 {ends[0]:.0f} 分的 {below} 人不在图中", f"{below} below {ends[0]:.0f} are outside")
        if below
        else theme.NOTHING,
        Text(f"高于 {ends[1]:.0f} 分的 {above} 人不在图中", f"{above} above {ends[1]:.0f} are outside")
        if above
        else theme.NOTHING,
    )


def _size(table: pd.DataFrame) -> float:
    """Return how many there are; missing where nobody reaches any of the cuts."""
    return round(float((table["n_at_least"] / table["share"]).max()), 6)


def _now(table: pd.DataFrame, lines: Mapping[str, float]) -> Text:
    """Name the lines, with how many reach each that is among the cuts tried."""
    if not lines:
        return theme.NOTHING
    counts = {round(cut, 6): n for cut, n in zip(table["cut"], table["n_at_least"], strict=True)}
    reached = {grade: counts.get(round(cut, 6)) for grade, cut in lines.items()}
    zh = [f"{grade} {lines[grade]:g} 分" + ("" if n is None else f"({n} 人)") for grade, n in reached.items()]
    en = [f"{grade} {lines[grade]:g}" + ("" if n is None else f" ({n} members)") for grade, n in reached.items()]
    return Text(f"虚线为分数线:{'、'.join(zh)}", f"Dashed: cut scores, {', '.join(en)}")


def _sweep(pen: Pen, table: pd.DataFrame, lines: Mapping[str, float]) -> go.Figure:
    shown, small = pen.large_groups(table.groupby("group", observed=True).first())
    held = table[table["group"].isin(shown.index)]
    groups = theme.in_order(held.groupby("group", observed=True))
    board = theme.panels([pen.with_count(name, _size(part)) for name, part in groups])
    others, (ends, out) = _all_lines(groups), _across(held, lines)
    for place, (name, part) in enumerate(groups):
        board.add(place, others, _passing(pen, part, pen.name(name), theme.MAIN, 2.2))
    grey = Text("灰线为其他组", "Grey: the other groups") if len(groups) > 1 else theme.NOTHING
    note = theme.join_parts(grey, _now(table.head(0), lines), out, small)
    title = Text("分数线移动时各组的通过率", "Pass rate by group as the cut moves")
    words = FigureText(title, note, CUT, PASS, finding=theme.headline(found_in.pass_curve(held, lines)))
    board.figure.update_xaxes(range=ends)
    figure = board.dress(pen, words, tickformat=".0%", range=[0, 1.03])
    for cut in lines.values():
        figure.add_vline(x=cut, line={"color": theme.BAD, "width": 1.2, "dash": "dash"})
    return figure


def _all_lines(groups: list[tuple[object, pd.DataFrame]]) -> go.Scatter:
    """Return every group's curve as one grey line with gaps."""
    gap = np.array([np.nan])
    x = np.concatenate([np.append(part["cut"].to_numpy(), gap) for _, part in groups])
    y = np.concatenate([np.append(part["share"].to_numpy("float64"), gap) for _, part in groups])
    line = {"color": theme.PALE, "width": 1, "shape": "vh"}
    return go.Scatter(x=x, y=y, mode="lines", line=line, showlegend=False, hoverinfo="skip")


def _passing(pen: Pen, table: pd.DataFrame, name: str, colour: str, width: float) -> go.Scatter:
    said = pen.say("分数线 %{x:~g}:%{customdata} 人,%{y:.1%}", "cut at %{x:~g}: %{customdata} members, %{y:.1%}")
    return go.Scatter(
        x=table["cut"].to_numpy(),
        y=table["share"].to_numpy("float64"),
        customdata=table["n_at_least"].to_numpy(),
        mode="lines" if len(table) > 1 else "markers",
        line={"color": colour, "width": width, "shape": "vh"},
        name=name,
        showlegend=False,
        hovertemplate=f"{name}<br>{said}<extra></extra>",
    )
