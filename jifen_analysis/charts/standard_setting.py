"""Pictures of where judgement would draw the line between two grades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text
from jifen_analysis.findings import standard_setting as found_in
from jifen_analysis.summaries import CutMoves, StandardSetting


def angoff(found: StandardSetting, moved: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw where each judge would draw the line, and their mean beside today's cut.

    Parameters
    ----------
    found : StandardSetting
        What ``standard_setting.angoff`` returned.
    moved : DataFrame
        What ``standard_setting.moves`` returned for its cut score.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A dot a judge, without a name, the lowest below; the mean with its 95 %
        interval on top; today's cut score as a line.

    Examples
    --------
    >>> from jifen_analysis.analysis.standard_setting import StandardSetting
    >>> judges = pd.DataFrame({"cut": [88.0, 84.0]})
    >>> found = StandardSetting("angoff", 86.0, 2.0, 60.6, 111.4, 2, {}, judges)
    >>> moved = pd.DataFrame([[1, 0], [0, 1]])
    >>> moved = CutMoves("优秀", 90.0, 86.0).on(moved)
    >>> angoff(found, moved).data[0].x.tolist()
    [84.0, 88.0]
    """
    pen = Pen.over(found.points, style)
    words = FigureText(
        Text(f"各位评委会把线画在哪里(n={found.n})", f"Where each judge would draw the line (n={found.n})"),
        theme.NOTHING,
        Text("分数线(分)", "Cut score (points)"),
        Text("评委，从低到高", "Judges, the lowest below"),
        method=Text("安戈夫法(Angoff 1971)", "Angoff (1971)"),
        finding=theme.headline(found_in.cut_score(found, moved)),
    )
    each = np.sort(found.points["cut"].to_numpy("float64"))
    dots = _dots(each, np.arange(1, len(each) + 1), pen.say("%{x:.1f} 分", "%{x:.1f} points"), opacity=0.8)
    shown = np.array([*each, found.low, found.high, CutMoves.read(moved).today])
    room = max(float(np.ptp(shown)) / 12, 0.5)
    figure = pen.draw(
        [dots, _cut_across(pen, found, len(each) + 1)], words, yaxis={"showticklabels": False}, headroom=theme.HEADROOM
    )
    figure.update_xaxes(range=[shown.min() - room, shown.max() + room])
    return _today_across(pen, figure, moved)


def contrasting_groups(found: StandardSetting, moved: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw who is held to deserve the grade by score, and where either is as likely, beside today's cut.

    Parameters
    ----------
    found : StandardSetting
        What ``standard_setting.contrasting_groups`` returned.
    moved : DataFrame
        What ``standard_setting.moves`` returned for its cut score.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A dot a member, without a name, those who deserve it above; the fitted
        share; the cut score with its 95 % interval at one half; today's as a line.

    Examples
    --------
    >>> from jifen_analysis.analysis.standard_setting import StandardSetting
    >>> points = pd.DataFrame({"rating": [0.0, 1.0], "score": [80.0, 90.0]})
    >>> details = {"intercept": -42.5, "slope": 0.5}
    >>> found = StandardSetting("contrasting_groups", 85.0, 1.0, 83.0, 87.0, 2, details, points)
    >>> moved = pd.DataFrame([[1, 0], [0, 1]])
    >>> moved = CutMoves("优秀", 90.0, 85.0).on(moved)
    >>> list(contrasting_groups(found, moved).data[2].x)
    [85.0]
    """
    pen, facts = Pen.over(found.points, style), found.details
    words = FigureText(
        Text(f"够格与不够格的人各得几分(n={found.n})", f"What those score who deserve it or not (n={found.n})"),
        _split(facts),
        Text("总分(分)", "Total (points)"),
        Text("认为够格的比例", "Share held to deserve it"),
        method=Text("对照组法，逻辑回归(Cizek & Bunch 2007)", "contrasting groups, logistic (Cizek & Bunch 2007)"),
        finding=theme.headline(found_in.cut_score(found, moved)),
    )
    scores = found.points["score"].to_numpy("float64")
    grid = np.linspace(scores.min(), scores.max(), 81)
    share = 1 / (1 + np.exp(-np.clip(facts["intercept"] + facts["slope"] * grid, -500, 500)))
    members = _dots(scores, found.points["rating"].to_numpy("float64"))
    fitted = _line(grid, share, pen.say("%{x:.1f} 分:%{y:.0%}", "%{x:.1f} points: %{y:.0%}"))
    figure = pen.draw(
        [members, fitted, _cut_across(pen, found, 0.5)], words, yaxis={"tickformat": ".0%"}, headroom=theme.HEADROOM
    )
    return _today_across(pen, figure, moved)


def _split(facts: Mapping[str, float]) -> Text:
    """Say on how many members judges were evenly split."""
    many = int(facts.get("split", 0))
    if not many:
        return theme.NOTHING
    return Text(f"{many} 人评委意见各半，没有算在内", f"{many} members are left out: judges were evenly split on them")


def hofstee(found: StandardSetting, moved: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw what judges can accept over what members reached, and where the two meet, beside today's cut.

    Parameters
    ----------
    found : StandardSetting
        What ``standard_setting.hofstee`` returned.
    moved : DataFrame
        What ``standard_setting.moves`` returned for its cut score.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        The share of members below each score as steps; the line from the lowest
        cut with most failing to the highest with least; the cut score with its
        95 % interval where they meet; today's as a line.

    Examples
    --------
    >>> from jifen_analysis.analysis.standard_setting import StandardSetting
    >>> points = pd.DataFrame({"score": [60.0, 90.0], "below": [0.0, 0.5]})
    >>> details = {"cut_low": 70.0, "cut_high": 90.0, "fail_low": 0.3, "fail_high": 0.7, "failing": 0.5}
    >>> found = StandardSetting("hofstee", 80.0, 1.0, 78.0, 82.0, 4, details, points)
    >>> moved = pd.DataFrame([[1, 0], [0, 1]])
    >>> moved = CutMoves("优秀", 90.0, 80.0).on(moved)
    >>> hofstee(found, moved).data[1].x.tolist()
    [70.0, 90.0]
    """
    pen, facts = Pen.over(found.points, style), found.details
    words = FigureText(
        Text(
            f"评委能接受的与实际达到的在哪里相遇(评委 n={found.n})",
            f"Where the accepted meets the reached (judges: n={found.n})",
        ),
        theme.NOTHING,
        Text("分数线(分)", "Cut score (points)"),
        Text("未达线的比例", "Share below"),
        method=Text("霍夫斯蒂法(Hofstee 1983)", "Hofstee (1983)"),
        finding=theme.headline(found_in.cut_score(found, moved)),
    )
    hover = pen.say("线在 %{x:.1f} 分:%{y:.0%} 不到", "cut %{x:.1f}: %{y:.0%} below")
    reached = _line(found.points["score"].to_numpy(), found.points["below"].to_numpy(), hover, shape="vh")
    ends = np.array([facts["cut_low"], facts["cut_high"]]), np.array([facts["fail_high"], facts["fail_low"]])
    accepted = _line(*ends, pen.say("评委能接受:%{y:.0%}", "acceptable: %{y:.0%}"), colour=theme.GREY)
    cut = _cut_across(pen, found, facts["failing"])
    figure = pen.draw([reached, accepted, cut], words, yaxis={"tickformat": ".0%"}, headroom=theme.HEADROOM)
    for x, y, text in (
        (ends[0][0], ends[1][0], pen.say("评委能接受的", "accepted")),
        (found.points["score"].iloc[-1], found.points["below"].iloc[-1], pen.say("实际未达线的", "reached")),
    ):
        figure.add_annotation(x=x, y=y, text=text, xanchor="right", yanchor="top", showarrow=False)
    return _today_across(pen, figure, moved)


def borderline_regression(found: StandardSetting, moved: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw what members score beside how they are rated, and the score at the borderline beside today's cut.

    Parameters
    ----------
    found : StandardSetting
        What ``standard_setting.borderline_regression`` returned.
    moved : DataFrame
        What ``standard_setting.moves`` returned for its cut score.
    **style
        ``labels``, ``source``, ``lang``.

    Returns
    -------
    Figure
        A dot a member, without a name; the regression; the cut score with its 95 %
        interval at the borderline; today's cut score as a line.

    Examples
    --------
    >>> points = pd.DataFrame({"rating": [1.0, 2.0], "score": [80.0, 90.0]})
    >>> details = {"intercept": 70.0, "slope": 10.0, "borderline": 1.5}
    >>> from jifen_analysis.analysis.standard_setting import StandardSetting
    >>> found = StandardSetting("borderline_regression", 85.0, 1.0, 83.0, 87.0, 2, details, points)
    >>> moved = pd.DataFrame([[1, 0], [0, 1]])
    >>> moved = CutMoves(grade="优秀", today=90.0, cut=85.0).on(moved)
    >>> borderline_regression(found, moved).data[1].y.tolist()
    [80.0, 90.0]
    """
    pen, facts = Pen.over(found.points, style), found.details
    words = FigureText(
        Text(f"总体评定在边界上的人得几分(n={found.n})", f"What members score who are rated borderline (n={found.n})"),
        theme.NOTHING,
        Text("总体评定", "Overall rating"),
        Text("总分(分)", "Total (points)"),
        method=Text("边界回归(Cizek & Bunch 2007)", "borderline regression (Cizek & Bunch 2007)"),
        finding=theme.headline(found_in.cut_score(found, moved)),
    )
    ends = np.array([found.points["rating"].min(), found.points["rating"].max()])
    line = facts["intercept"] + facts["slope"] * ends
    hover = pen.say("评定 %{x:.2f}<br>平均 %{y:.1f} 分", "rated %{x:.2f}<br>%{y:.1f} points")
    members = _dots(found.points["rating"].to_numpy(), found.points["score"].to_numpy())
    figure = pen.draw([members, _line(ends, line, hover), _cut_up(pen, found)], words)
    figure.add_hline(y=CutMoves.read(moved).today, line=_DOTTED)
    where = {"x": 0, "xref": "paper", "xanchor": "left", "y": CutMoves.read(moved).today, "yanchor": "bottom"}
    return figure.add_annotation(text=_today(pen, moved), showarrow=False, **where)


_DOTTED = {"color": theme.GREY, "width": 1, "dash": "dot"}


def _today(pen: Pen, moved: pd.DataFrame) -> str:
    said = pen.say("今天的{grade}线 {cut:g}", "{grade} today: {cut:g}")
    return said.format(grade=CutMoves.read(moved).grade, cut=CutMoves.read(moved).today)


def _today_across(pen: Pen, figure: go.Figure, moved: pd.DataFrame) -> go.Figure:
    """Draw today's cut score where scores, those of the first trace, run across."""
    scores = figure.data[0].x
    middle = float(np.min(scores) + np.max(scores)) / 2
    return theme.mark_scores(figure, {_today(pen, moved): CutMoves.read(moved).today}, middle, theme.GREY, "dot")


def _dots(x: np.ndarray, y: np.ndarray, hover: str = "", opacity: float = 0.35) -> go.Scatter:
    """Return dots that nobody is named at."""
    told = {"hovertemplate": f"{hover}<extra></extra>"} if hover else {"hoverinfo": "skip"}
    marker = {"size": 6, "color": theme.GREY, "opacity": opacity}
    return go.Scatter(x=x, y=y, mode="markers", marker=marker, showlegend=False, **told)


def _line(x: np.ndarray, y: np.ndarray, hover: str, *, colour: str = theme.MAIN, shape: str = "linear") -> go.Scatter:
    line = {"color": colour, "width": 2, "shape": shape}
    return go.Scatter(x=x, y=y, mode="lines", line=line, hovertemplate=f"{hover}<extra></extra>", showlegend=False)


def _cut_across(pen: Pen, found: StandardSetting, y: float) -> go.Scatter:
    """Return the cut score with its interval where scores run across."""
    hover = pen.say("线在 %{x:.1f} 分", "cut %{x:.1f}") + "<extra></extra>"
    return go.Scatter(x=[found.cut], y=[y], hovertemplate=hover, error_x=_reach(found), **_MARK)


def _cut_up(pen: Pen, found: StandardSetting) -> go.Scatter:
    """Return the cut score with its interval at the borderline."""
    hover = pen.say("边界 %{x:.2f}<br>%{y:.1f} 分", "borderline %{x:.2f}<br>%{y:.1f} points") + "<extra></extra>"
    x = [found.details["borderline"]]
    return go.Scatter(x=x, y=[found.cut], hovertemplate=hover, error_y=_reach(found), **_MARK)


_MARK = {"mode": "markers", "marker": {"size": 11, "color": theme.MAIN}, "showlegend": False}


def _reach(found: StandardSetting) -> dict[str, Any]:
    """Return the bars of an interval, which by Fieller is longer on one side."""
    ends = {"array": [found.high - found.cut], "arrayminus": [found.cut - found.low]}
    return {"type": "data", "symmetric": False, "color": theme.MAIN, "thickness": 2, **ends}
