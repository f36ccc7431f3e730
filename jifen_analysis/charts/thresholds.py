"""Pictures of cut scores: who reaches them, who is kept out, where scores pile up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import Pen, Style, Words
from jifen_analysis.errors import Text

CUT = Text("分数线(分)", "Cut score (points)")
PASS = Text("达到分数线的比例", "Share at or above the cut")


class Bunching(Protocol):
    """What ``thresholds.bunching`` returned."""

    @property
    def cut(self) -> float:
        """The line, in points."""
        ...

    @property
    def width(self) -> float:
        """Of the bins beside it."""
        ...

    @property
    def below(self) -> int:
        """Members just below."""
        ...

    @property
    def above(self) -> int:
        """Members just above."""
        ...

    @property
    def null_share(self) -> float:
        """Share just above to expect."""
        ...

    @property
    def p(self) -> float:
        """Of the exact test."""
        ...

    @property
    def density(self) -> pd.DataFrame:
        """``total`` and ``density``."""
        ...


class Classification(Protocol):
    """What ``thresholds.accuracy`` returned."""

    @property
    def accuracy(self) -> float:
        """Expected share graded as the true score would be."""
        ...

    @property
    def consistency(self) -> float:
        """Expected share graded alike twice."""
        ...

    @property
    def probabilities(self) -> pd.DataFrame:
        """Members by bands."""
        ...


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
        and named; each panel has every group's curve in grey behind its own.

    Examples
    --------
    >>> table = pd.DataFrame({"cut": [60.0, 90.0], "n_at_least": [2, 1], "share": [1.0, 0.5]})
    >>> pass_curve(table).data[0].y.tolist()
    [1.0, 0.5]
    """
    pen, lines = Pen(**style), dict(current or {})
    figure = _sweep(pen, table, lines) if "group" in table else _curve(pen, table, lines)
    for cut in lines.values():
        figure.add_vline(x=cut, line={"color": theme.BAD, "width": 1.2, "dash": "dash"})
    return figure


def _curve(pen: Pen, table: pd.DataFrame, lines: Mapping[str, float]) -> go.Figure:
    n = round(float((table["n_at_least"] / table["share"]).max()))
    words = Words(Text(f"分数线与通过人数(n={n})", f"Who passes, by the cut score (n={n})"), _now(table, lines), CUT, PASS)
    trace = _passing(pen, table, pen.say("全体", "everyone"), theme.MAIN, 2.5)
    return pen.draw([trace], words, yaxis={"tickformat": ".0%", "range": [0, 1.03]})


def _now(table: pd.DataFrame, lines: Mapping[str, float]) -> Text:
    """Say how many reach each line: the first cut at or above it has the count."""
    said = []
    for grade, cut in lines.items():
        reached = table[table["cut"] >= cut - 5e-7]
        said.append((grade, cut, int(reached["n_at_least"].iloc[0]) if len(reached) else 0))
    zh = ",".join(f"{grade} {cut:g} 分:{n} 人" for grade, cut, n in said)
    en = ", ".join(f"{grade} at {cut:g}: {n}" for grade, cut, n in said)
    return Text(f"现行分数线(虚线):{zh}", f"Cut scores in force (dashed): {en}") if said else Text("", "")


def _sweep(pen: Pen, table: pd.DataFrame, lines: Mapping[str, float]) -> go.Figure:
    shown = table[~table["withheld"]]
    groups = [(name, part) for name, part in shown.groupby("group", sort=False, observed=True)]
    left_out = [pen.name(name) for name in table.loc[table["withheld"], "group"].unique()]
    sizes = [round(float((part["n_at_least"] / part["share"]).max())) for _, part in groups]
    board = theme.panels([pen.counted(name, n) for (name, _), n in zip(groups, sizes, strict=True)])
    others = _all_lines(groups)
    for place, (name, part) in enumerate(groups):
        board.add(place, others, _passing(pen, part, pen.name(name), theme.MAIN, 2.2))
    zh = [f"虚线为现行分数线:{'、'.join(f'{grade} {cut:g}' for grade, cut in lines.items())}"] * bool(lines)
    en = [f"Dashed: cut scores in force ({', '.join(f'{grade} {cut:g}' for grade, cut in lines.items())})"] * bool(lines)
    zh += [f"人数太少不显示:{'、'.join(left_out)}"] * bool(left_out)
    en += [f"Too small to show: {', '.join(left_out)}"] * bool(left_out)
    note = Text(";".join(["灰线为其他组", *zh]), "; ".join(["Grey: the other groups", *en]))
    words = Words(Text("分数线移动时各组的通过率", "Pass rate by group as the cut moves"), note, CUT, PASS)
    return board.dress(pen, words, yaxis_tickformat=".0%", yaxis_range=[0, 1.03])


def _all_lines(groups: list[tuple[object, pd.DataFrame]]) -> go.Scatter:
    """Return every group's curve as one grey line with gaps."""
    gap = np.array([np.nan])
    x = np.concatenate([np.append(part["cut"].to_numpy(), gap) for _, part in groups])
    y = np.concatenate([np.append(part["share"].to_numpy("float64"), gap) for _, part in groups])
    line = {"color": theme.PALE, "width": 1, "shape": "vh"}
    return go.Scatter(x=x, y=y, mode="lines", line=line, showlegend=False, hoverinfo="skip")


def _passing(pen: Pen, table: pd.DataFrame, name: str, colour: str, width: float) -> go.Scatter:
    said = pen.say("分数线 %{x:g}:%{customdata} 人,%{y:.1%}", "cut at %{x:g}: %{customdata} members, %{y:.1%}")
    return go.Scatter(
        x=table["cut"].to_numpy(),
        y=table["share"].to_numpy("float64"),
        customdata=table["n_at_least"].to_numpy(),
        mode="lines",
        line={"color": colour, "width": width, "shape": "vh"},
        name=name,
        showlegend=False,
        hovertemplate=f"{name}<br>{said}<extra></extra>",
    )


def selection_rates(table: pd.DataFrame, grade: str = "", **style: Unpack[Style]) -> go.Figure:
    """Draw each group's rate with its interval, and four fifths of the reference's.

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
        withheld; groups below four fifths stand out by colour and shape.

    Examples
    --------
    >>> row = {"n": 9, "selected": 3, "rate": 1 / 3, "low": 0.1, "high": 0.6, "ratio": 1.0, "p": None}
    >>> table = pd.DataFrame([row | {"below_four_fifths": False, "withheld": False}], index=["一"])
    >>> table.attrs = {"reference": "一", "min_n": 5}
    >>> selection_rates(table).data[0].x.round(2).tolist()
    [0.33]
    """
    pen, rows = Pen(**style), table[~table["withheld"]]
    few = rows["below_four_fifths"].fillna(False).to_numpy("bool")
    base, line = table.attrs["reference"], 0.8 * float(rows.loc[table.attrs["reference"], "rate"])
    what = grade or pen.say("入选", "selection")
    hidden = int(table["withheld"].sum())
    words = Words(
        Text(f"各组的{what}率", f"Rate of {what} by group"),
        Text(
            f"{int(few.sum())} 组低于{pen.name(base)}的五分之四(虚线 {line:.1%})" + f";{hidden} 组不足 {table.attrs['min_n']} 人,不显示" * bool(hidden),
            f"{int(few.sum())} groups are below four fifths of {pen.name(base)} (dashed, {line:.1%})" + f"; {hidden} groups under {table.attrs['min_n']} are withheld" * bool(hidden),
        ),
        Text(f"{what}率(95% 区间)", f"Rate of {what} (95 % interval)"),
        method=Text("Wilson 区间;29 CFR 1607.4 D", "Wilson intervals; 29 CFR 1607.4 D"),
    )
    figure = pen.draw(
        [_rates(pen, rows, few)],
        words,
        height=160 + 30 * len(rows),
        xaxis={"tickformat": ".0%", "range": [-0.02, 1.02]},
        yaxis={"autorange": "reversed"},
    )
    return figure.add_vline(x=line, line={"color": theme.BAD, "dash": "dash", "width": 1.5})


def _rates(pen: Pen, rows: pd.DataFrame, few: np.ndarray) -> go.Scatter:
    rate = rows["rate"].to_numpy("float64")
    reach = {"array": rows["high"].to_numpy("float64") - rate, "arrayminus": rate - rows["low"].to_numpy("float64")}
    said = pen.say("%{customdata[0]} 人,%{x:.1%}<br>为基准组的 %{customdata[1]:.2f} 倍", "%{customdata[0]} selected, %{x:.1%}<br>%{customdata[1]:.2f} of the reference")
    return go.Scatter(
        x=rate,
        y=pen.all_counted(rows.index, rows["n"]),
        mode="markers",
        error_x={"type": "data", "thickness": 1.2, "width": 4, "color": theme.GREY, **reach},
        marker={
            "size": 11,
            "color": np.where(few, theme.BAD, theme.MAIN).tolist(),
            "symbol": np.where(few, "diamond", "circle").tolist(),
        },
        customdata=np.column_stack([rows["selected"].astype("int64"), rows["ratio"].astype("float64")]),
        hovertemplate=f"%{{y}}<br>{said}<extra></extra>",
        showlegend=False,
    )


def bunching(found: Bunching, **style: Unpack[Style]) -> go.Figure:
    """Draw the density of totals around a cut, and the bins on both sides of it.

    Parameters
    ----------
    found : Bunching
        What ``thresholds.bunching`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        The density in shares of members per point; both bins are shaded.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> curve = pd.DataFrame({"total": [89.0, 90, 91], "density": [0.1, 0.3, 0.2]})
    >>> found = SimpleNamespace(cut=90.0, width=1.0, below=1, above=4, null_share=0.5, p=0.19, density=curve)
    >>> bunching(found).data[0].y.tolist()
    [0.1, 0.3, 0.2]
    """
    pen, curve = Pen(**style), found.density
    said = pen.say("%{x:.1f} 分:每分 %{y:.1%}", "%{x:.1f} points: %{y:.1%} per point") + "<extra></extra>"
    line = go.Scatter(
        x=curve["total"].to_numpy(), y=curve["density"].to_numpy(), mode="lines", line={"color": theme.MAIN, "width": 2},
        fill="tozeroy", fillcolor="rgba(159,195,231,0.35)", hovertemplate=said, showlegend=False,
    )  # fmt: skip
    cut, reach = found.cut, found.width
    words = Words(
        Text(f"{cut:g} 分线附近的分数密度", f"Density of totals around the cut of {cut:g}"),
        Text(
            f"线下 {reach:g} 分内 {found.below} 人,线上 {reach:g} 分内 {found.above} 人;"
            f"若无推分,线上应占 {found.null_share:.0%}(单侧 p = {found.p:.2g})",
            f"{found.below} within {reach:g} points below, {found.above} within {reach:g} above; "
            f"{found.null_share:.0%} above expected without pushing (one-sided p = {found.p:.2g})",
        ),
        Text("总分(分)", "Total (points)"),
        Text("密度(每分占总人数的比例)", "Density (share of members per point)"),
        Text("精确二项检验(卡尺检验)", "exact binomial caliper test"),
    )
    figure = pen.draw([line], words, yaxis={"tickformat": ".0%", "rangemode": "tozero"}, headroom=20)
    for left, colour in ((cut - reach, theme.SOFT), (cut, theme.BAD)):
        figure.add_vrect(x0=left, x1=left + reach, fillcolor=colour, opacity=0.3, line_width=0, layer="below")
    figure.add_vline(x=cut, line={"color": theme.BAD, "width": 1.5, "dash": "dash"})
    return figure.add_annotation(x=cut, y=1, yref="paper", yanchor="bottom", showarrow=False, text=f"{cut:g}", font_color=theme.BAD)


def accuracy(found: Classification, **style: Unpack[Style]) -> go.Figure:
    """Draw how sure the grades are: members by the probability of their likeliest band.

    Parameters
    ----------
    found : Classification
        What ``thresholds.accuracy`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        Counts of members by the highest of their band probabilities, in tenths.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> bands = pd.DataFrame([[0.95, 0.05], [0.4, 0.6]])
    >>> accuracy(SimpleNamespace(accuracy=0.8, consistency=0.7, probabilities=bands)).data[0].y.tolist()[-4:]
    [1, 0, 0, 1]
    """
    pen = Pen(**style)
    surest = found.probabilities.max(axis=1).to_numpy()
    counts = np.bincount(np.minimum(np.floor(surest * 10 + 1e-9).astype("int64"), 9), minlength=10)
    unsure = int((surest < 0.8).sum())
    bars = go.Bar(
        x=np.arange(0.05, 1, 0.1),
        y=counts,
        width=0.1,
        marker={"color": theme.SOFT, "line": {"color": theme.MAIN, "width": 1}},
        hovertemplate=pen.say("%{y} 人", "%{y} members") + "<extra></extra>",
        showlegend=False,
    )
    words = Words(
        Text(f"再评一次,等次有多可靠(n={len(surest)})", f"How sure the grades are (n={len(surest)})"),
        Text(
            f"预期 {found.accuracy:.0%} 的人等次与真分数相符,两次评定一致的占 {found.consistency:.0%};{unsure} 人不足八成把握",
            f"{found.accuracy:.0%} expected to be graded as their true score, {found.consistency:.0%} alike twice; {unsure} are less than 80 % sure",
        ),
        Text("真分数落在最可能一档的概率", "Probability of the likeliest band"),
        Text("人数", "Members"),
        Text("Rudner 2001", "Rudner 2001"),
    )
    first = float(np.flatnonzero(counts)[0]) / 10
    return pen.draw([bars], words, height=380, xaxis={"tickformat": ".0%", "range": [first, 1.005]})


def readings(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw how many grades hang on each reading of the text.

    Parameters
    ----------
    table : DataFrame
        What ``thresholds.readings`` returned, with its ``summary``.
    **style
        ``labels`` (what a reading is called), ``source``, ``lang``.

    Returns
    -------
    Figure
        A bar for each reading, those that move nobody included.

    Examples
    --------
    >>> table = pd.DataFrame({"variant": ["strict"], "member_id": ["1"]})
    >>> table.attrs = {"summary": {"strict": 1, "floored": 0}}
    >>> readings(table).data[0].x.tolist()
    [1, 0]
    """
    pen = Pen(**style)
    moved = pd.Series(table.attrs["summary"], dtype="int64")
    bars = go.Bar(
        y=pen.names(moved.index),
        x=moved.to_numpy(),
        orientation="h",
        marker={"color": theme.MAIN},
        text=[f"{n}" for n in moved],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}:%{x}<extra></extra>",
        showlegend=False,
    )
    who = table["member_id"].nunique()
    words = Words(
        Text("不同读法改变多少人次的等次", "How many grades hang on a reading"),
        Text(f"{int((moved > 0).sum())} 种读法会改变等次,涉及 {who} 人", f"{int((moved > 0).sum())} readings move a grade, of {who} members"),
        Text("等次改变的人次(人·考核期或年度)", "Grades changed (members and periods or years)"),
    )
    return pen.draw([bars], words, height=170 + theme.ROW * len(moved), yaxis={"autorange": "reversed"}, xaxis={"rangemode": "tozero"})


def near_cut(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw who is close below the next grade, by branch.

    Parameters
    ----------
    table : DataFrame
        What ``thresholds.near_cut`` returned.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A point for each member and period: the points missing to the next grade.

    Examples
    --------
    >>> row = {"member_id": "1", "period": "2024H1", "branch": "一", "total": 89.8, "grade": "合格"}
    >>> near_cut(pd.DataFrame([row | {"distance": 0.2, "item": "daily.dues", "lost": 2.0}])).data[0].x.tolist()
    [0.2]
    """
    pen = Pen(**style)
    sizes = table["branch"].value_counts()
    ordered = table.assign(place=table["branch"].map(sizes)).sort_values(["place", "branch"], ascending=False, kind="stable")
    items = ordered["item"].map(pen.name, na_action="ignore").fillna(pen.say("无", "none"))
    said = pen.say("%{customdata[0]}({customdata[1]})", "%{customdata[0]} ({customdata[1]})").replace("{customdata[1]}", "%{customdata[1]}")
    points = go.Scatter(
        x=ordered["distance"].to_numpy("float64"),
        y=[pen.counted(branch, sizes[branch]) for branch in ordered["branch"]],
        mode="markers",
        marker={"size": 9, "color": theme.MAIN, "opacity": 0.65},
        customdata=np.column_stack([ordered["member_id"], ordered["period"], ordered["total"], items]),
        hovertemplate=said + pen.say("<br>总分 %{customdata[2]:.2f},差 %{x:.2f} 分<br>最省力的项目:%{customdata[3]}", "<br>total %{customdata[2]:.2f}, %{x:.2f} short<br>cheapest item: %{customdata[3]}") + "<extra></extra>",
        showlegend=False,
    )
    single = int(table["item"].notna().sum())
    words = Words(
        Text(f"差一点就到上一等次的人(n={len(table)})", f"Just short of the next grade (n={len(table)})"),
        Text(f"其中 {single} 人次只要一个项目不失分就能达到", f"{single} of them would reach it with one item alone"),
        Text("距上一等次(分)", "Distance to the next grade (points)"),
    )
    return pen.draw([points], words, height=170 + 30 * len(sizes), yaxis={"autorange": "reversed"}, xaxis={"rangemode": "tozero"})
