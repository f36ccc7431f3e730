"""The distribution of totals in classes that each hold nobody or enough members to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.analysis import movement
from jifen_analysis.charts import theme
from jifen_analysis.charts.distribution import TOTAL
from jifen_analysis.charts.theme import FigureText, Pen
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.report.privacy import round_counts
from jifen_analysis.report.review.review_data import ReviewData


def classes(totals: pd.Series, marks: Iterable[float], *, below: bool = True) -> pd.DataFrame:
    """Count the members between each two scores, and beyond the first and the last.

    Parameters
    ----------
    totals : Series
        In points.
    marks : iterable of float
        The scores between classes.
    below : bool
        Whether those below the first are counted too.

    Returns
    -------
    DataFrame
        low, high (points; infinite at the ends), n, and where a bar is drawn:
        left, width. What is open at its end is drawn as wide as its neighbour.

    Raises
    ------
    UsageError
        Where there is no score to divide them.

    Examples
    --------
    >>> classes(pd.Series([70.0] * 5 + [81.5] * 6 + [95.0] * 9), [80, 90])["n"].tolist()
    [5, 6, 9]
    """
    edges = np.array(sorted(marks), dtype="float64")
    if not len(edges):
        raise UsageError("人数太少或太集中,不能画出分布", "too few members, or too alike, to show a distribution")
    reached = len(totals) - np.searchsorted(np.sort(totals.round(6)), np.array([-np.inf, *edges]))
    widths = np.diff(edges) if len(edges) > 1 else np.ones(1)
    low, high = np.array([-np.inf, *edges]), np.array([*edges, np.inf])
    table = pd.DataFrame({"low": low, "high": high, "n": -np.diff([*reached, 0])})
    table["width"] = np.array([widths[0], *np.diff(edges), widths[-1]])
    table["left"] = np.where(np.isinf(low), high - table["width"], low)
    return table if below else table.iloc[1:].reset_index(drop=True)


def histogram(table: pd.DataFrame, cuts: Mapping[str, float], **style: Any) -> go.Figure:
    """Draw classes as bars whose areas are their members, with the lines between grades.

    Parameters
    ----------
    table : DataFrame
        From ``classes``.
    cuts : mapping of grade to cut score
        Each is drawn as a line.
    **style
        ``labels``, ``source``, ``lang``.
    """
    pen = Pen.over(table, style)  # type: ignore[arg-type] # as every chart takes it
    unit = float(table["width"].mode().iloc[0])
    bars = go.Bar(
        x=(table["left"] + table["width"] / 2).to_numpy(),
        y=(table["n"] / table["width"] * unit).to_numpy(),
        width=table["width"].to_numpy(),
        text=[str(n) if n else "" for n in table["n"]],
        textposition="outside",
        constraintext="none",
        textangle=0,
        cliponaxis=False,
        marker={"color": theme.SOFT, "line": {"color": theme.MAIN, "width": 1}},
        customdata=np.column_stack(
            [[_span(pen, *ends) for ends in zip(table["low"], table["high"], strict=True)], table["n"]]
        ),
        hovertemplate=pen.say("%{customdata[0]}:%{customdata[1]} 人", "%{customdata[0]}: %{customdata[1]}")
        + "<extra></extra>",
        showlegend=False,
    )
    words = FigureText(
        Text("总分分布", "Totals"), x=TOTAL, y=Text(f"每 {unit:g} 分的人数", f"Members per {unit:g} points")
    )
    figure = pen.draw([bars], words, xaxis=_ends(pen, table, cuts.values()), headroom=theme.HEADROOM * (len(cuts) + 1))
    middle = float(table["left"].iloc[0] + table["left"].iloc[-1]) / 2
    return theme.mark_cuts(pen, figure, cuts, middle)


def _ends(pen: Pen, table: pd.DataFrame, cuts: Iterable[float]) -> dict[str, Any]:
    """Return the axis: the scores between classes, as many as have room, and that the outer classes have no end."""
    right = table["left"] + table["width"]
    first = pen.say("更低", "lower") if np.isinf(table["low"].iloc[0]) else f"{table['low'].iloc[0]:g}"
    every, scores = -(-len(table) // _LABELS), table["low"].tolist()
    from_cut = min((scores.index(cut) for cut in cuts if cut in scores), default=0)
    between = [f"{score:g}" * ((at - from_cut) % every == 0) for at, score in enumerate(scores) if at]
    return {"tickvals": [*table["left"], right.iloc[-1]], "ticktext": [first, *between, pen.say("更高", "higher")]}


_LABELS = 8
"""Scores that stand side by side on a telephone."""


def _span(pen: Pen, low: float, high: float) -> str:
    if np.isinf(low):
        return pen.say(f"{high:g} 分以下", f"below {high:g}")
    if np.isinf(high):
        return pen.say(f"{low:g} 分及以上", f"{low:g} or more")
    return pen.say(f"{low:g} 分至不到 {high:g} 分", f"{low:g} to below {high:g}")


# ---------------------------------------------------------------- crossing


def cross_years(facts: ReviewData) -> tuple[movement.Transitions, bool]:
    """Cross both years, the lowest grades put together until every number may be shown; say whether it is rounded.

    Raises
    ------
    UsageError
        Where there is no year before, or too few to show.
    """
    if facts.before is None or not facts.grades:
        raise _nothing()
    for depth in range(1, len(facts.grades)):
        names = facts.kinds(depth)
        years = (facts.before, facts.now)
        was, is_now = (rows.set_index("member_id")["grade"].astype("object").map(names) for rows in years)
        found = movement.transitions(was, is_now, list(dict.fromkeys(names.values())))
        if found.counts.to_numpy().any() and ((found.counts == 0) | (found.counts >= facts.least)).all(axis=None):
            exact = _agree(facts, found.counts)
            return (found if exact else _rounded(found, facts.least)), not exact
    raise _nothing()


def _nothing() -> UsageError:
    return UsageError(
        "等次变动:没有可比较的数据,或人数太少不予显示", "movement: nothing to compare, or too few members to show"
    )


def _agree(facts: ReviewData, counts: pd.DataFrame) -> bool:
    """Return whether the grades of each year tell of no few who have none in the other."""
    if not facts.sayable_of_both(int(counts.to_numpy().sum())):
        return False
    if facts.by_year is None:
        return True
    pairs = zip((counts.sum(axis=1), counts.sum()), (facts.by_year.iloc[0], facts.by_year.iloc[-1]), strict=True)
    gaps = [gap for crossed, alone in pairs for gap in _gaps(alone.tolist(), crossed.tolist())]
    return all(gap == 0 or gap >= facts.least for gap in gaps)


def _gaps(alone: list[int], crossed: list[int]) -> list[int]:
    """Return by how much counts, best grade first, exceed others; the longer list's tail is put together."""
    size = min(len(alone), len(crossed)) - 1
    ours, theirs = ([*counts[:size], sum(counts[size:]), sum(counts)] for counts in (alone, crossed))
    return [one - other for one, other in zip(ours, theirs, strict=True)]


def _rounded(found: movement.Transitions, base: int) -> movement.Transitions:
    """Return a matrix whose counts are rounded to multiples of five: margins give nobody back."""
    counts = round_counts(found.counts, base)
    shares = counts.div(counts.sum(axis=1).where(lambda size: size > 0), axis=0)
    none, untold = found.joined * 0, found.low * float("nan")  # an interval would tell the count behind it
    return replace(found, counts=counts, probabilities=shares, joined=none, left=none, low=untold, high=untold)
