"""The figures in front: at most eight, each with what it shows in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.analysis import branches, movement, thresholds, weights
from jifen_analysis.analysis import distribution as describe
from jifen_analysis.charts import branches as draw_branches
from jifen_analysis.charts import distribution as draw_distribution
from jifen_analysis.charts import movement as draw_movement
from jifen_analysis.charts import theme
from jifen_analysis.charts import weights as draw_weights
from jifen_analysis.charts.distribution import TOTAL
from jifen_analysis.charts.theme import FigureText, Pen
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import Finding
from jifen_analysis.findings import branches as say_branches
from jifen_analysis.findings import distribution as say_distribution
from jifen_analysis.findings import movement as say_movement
from jifen_analysis.findings import thresholds as say_thresholds
from jifen_analysis.findings import weights as say_weights
from jifen_analysis.findings.saying import against
from jifen_analysis.report.privacy import round_counts
from jifen_analysis.report.review.both_ends import both_ends, name_ends
from jifen_analysis.report.review.model import Picture
from jifen_analysis.report.review.review_data import ReviewData
from jifen_analysis.report.summary import WHOLE
from jifen_analysis.schemes.score_range import nominal_shares

Drawn = Callable[[ReviewData], Picture]


def make_picture(facts: ReviewData, key: str, title: Text, found: list[Finding | None], figure: go.Figure) -> Picture:
    """Return a picture whose words are what was found."""
    known = tuple(one for one in found if one is not None)
    if not known:
        raise nothing_to_show(title.zh, title.en)
    gap = facts.voice.say("", " ")
    said = gap.join(one.sentence(facts.voice.lang) for one in known)
    return Picture(key, facts.voice.say(*title), said, figure, known)


def nothing_to_show(zh: str, en: str) -> UsageError:
    """Return the refusal of a figure that would show nothing, or too few."""
    return UsageError(
        f"{zh}:没有可比较的数据,或人数太少不予显示", f"{en}: nothing to compare, or too few members to show"
    )


# ---------------------------------------------------------------- grades


def grades_by_year(facts: ReviewData) -> Picture:
    """等次构成: this year against the last."""
    counts, title = facts.by_year, Text("等次构成与上年比较", "Grades this year and last")
    if facts.before is None:
        title = Text("等次构成", "Grades this year")
    if counts is None:
        raise nothing_to_show(*title)
    table = _shares(counts)
    drawn, style = facts.drawable(counts.div(counts.sum(axis=1), axis=0))
    figure = draw_distribution.grade_shares(_shaped(drawn, counts), by="group", **style)
    best = str(counts.columns[0])
    return make_picture(
        facts, "grades_by_year", title, [say_distribution.grade_shares(table, best, joint=True)], figure
    )


def _shares(counts: pd.DataFrame) -> pd.DataFrame:
    return _shaped(counts.div(counts.sum(axis=1), axis=0), counts)


def _shaped(shares: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Return shares of grades by group as ``distribution.summary`` has them."""
    told = shares.add_prefix("share_").assign(group=counts.index, n=counts.sum(axis=1), withheld=False)
    return told.reset_index(drop=True)


def grades_by_branch(facts: ReviewData) -> Picture:
    """等次构成 by branch, without the branches that are hidden."""
    counts, title = facts.by_branch, Text("各支部等次构成", "Grades by branch")
    whole = counts.drop(index=WHOLE).dropna().astype("int64")
    whole = whole[whole[WHOLE] > 0].drop(columns=WHOLE)
    if len(whole) < 2 or len(facts.grades) < 2:
        raise nothing_to_show(*title)
    shares = whole.div(whole.sum(axis=1), axis=0)
    ends = both_ends(whole, shares.iloc[:, 0])
    drawn, style = facts.drawable(shares.loc[ends.index])
    figure = draw_distribution.grade_shares(_shaped(drawn, ends), **style)
    hidden = int((counts.drop(index=WHOLE)[WHOLE] != 0).fillna(True).sum()) - len(whole)
    best = str(whole.columns[0])
    found = say_distribution.grade_shares(_shares(whole), best, hidden=hidden)
    # That one branch has more is of no weight before it is held against chance: the funnel does.
    found = found and replace(found, weight=0.1)
    return make_picture(facts, "grades_by_branch", name_ends(title, ends, whole), [found], figure)


# ---------------------------------------------------------------- totals and the line


def totals_picture(facts: ReviewData) -> Picture:
    """总分分布与分数线: where the middle is, what another cut score would do, whether many stand just above it."""
    held, title = facts.ranked["total"], Text("总分分布与分数线", "Totals and the cut scores")
    figure = histogram_picture(_classes(facts), shown_cuts(facts), **facts.style)
    found = [*_line(facts, held), _middle(facts, held)]
    return make_picture(facts, "totals", title, found, figure)


def _middle(facts: ReviewData, held: pd.Series) -> Finding | None:
    found = say_distribution.summary(describe.summary(pd.DataFrame({"total": held})))
    if found is None or facts.before is None or facts.before["total"].notna().sum() < max(facts.least, 1):
        return found
    moved = against(found.figures["median"] - float(facts.before["total"].median()))
    text = Text(f"{found.text.zh};中位数{moved.zh}", f"{found.text.en}; the median is {moved.en}")
    return replace(found, text=text)


def _line(facts: ReviewData, held: pd.Series) -> list[Finding | None]:
    """Return what is found at the line of the best grade, as far as the counts beside it may be told."""
    if facts.top is None or held.empty:
        return []
    cut = facts.cuts[facts.top]
    if cut not in facts.marks:
        return []
    beside = {cut - 1, cut, cut + 1} <= set(facts.marks)
    pushed = thresholds.bunching(held, cut) if beside else None
    return [say_thresholds.line(thresholds.pass_curve(held, facts.marks), facts.top, cut, pushed)]


def _classes(facts: ReviewData) -> pd.DataFrame:
    """Return the classes of totals; the lowest is left out where it would tell of a few without a total."""
    n = len(facts.ranked)
    return classes(
        facts.ranked["total"],
        [mark for mark in facts.marks if mark in {*facts.grid, *facts.cuts.values()}],
        below=all(count == n or abs(count - n) >= facts.least for count in facts.told_counts),
    )


def shown_cuts(facts: ReviewData) -> dict[str, float]:
    """Return the cut scores at which it may be told how many reach them."""
    return {name: cut for name, cut in facts.cuts.items() if cut in facts.marks}


# ---------------------------------------------------------------- movement, branches, components


def transition_picture(facts: ReviewData) -> Picture:
    """等次变动 of those graded in both years."""
    found, rounded = cross_years(facts)
    figure = draw_movement.transitions(found, **facts.style)
    together = next((str(name) for name in found.counts if name not in facts.grades), "")
    said = say_movement.transitions(found, rounded=facts.least if rounded else 0, together=together)
    return make_picture(facts, "movement", Text("等次变动", "Movement between grades"), [said], figure)


def funnel_picture(facts: ReviewData) -> Picture:
    """各支部比例与人数: who is out of line, and who is only small."""
    counts, title = facts.by_branch, Text(f"各支部{facts.top}率与人数", f"Rate of {facts.top} by branch and size")
    if facts.top is None or len(facts.grades) < 2 or counts.loc[WHOLE].iloc[[0, -1]].isna().any():
        raise nothing_to_show("支部比例", "rates by branch")
    graded = facts.now[facts.now["grade"].notna()]
    trials = graded.groupby("branch").size().reindex(counts.index[:-1], fill_value=0)
    won = (graded["grade"] == facts.top).groupby(graded["branch"]).sum().reindex(trials.index, fill_value=0)
    table = branches.funnel(won, trials)
    seen = table[counts.drop(index=WHOLE).iloc[:, [0, -1]].notna().all(axis=1).to_numpy()]
    if len(seen) < 2:
        raise nothing_to_show("支部比例", "rates by branch")
    found = say_branches.funnel(seen, facts.top, hidden=int((table["n"] > 0).sum() - (seen["n"] > 0).sum()))
    return make_picture(facts, "funnel", title, [found], draw_branches.funnel(seen, facts.top, **facts.style))


def influence_picture(facts: ReviewData) -> Picture:
    """分项的实际权重, of each member's year: what differs between periods alone tells no members apart."""
    names, title = list(facts.book.components), Text("各分项实际起多大作用", "What each component really weighs")
    given = {name: float(facts.book.components[name].weight) for name in names}
    told = facts.inside["member_id"].isin(facts.ranked["member_id"])  # else who waits is told by the rest
    scored = facts.inside[told].dropna(subset=["total"])
    if scored["member_id"].nunique() < max(facts.least, 2):
        raise nothing_to_show("分项权重", "component weights")
    table = weights.influence(scored.groupby("member_id")[names].mean(), given, nominal_shares(facts.book))
    figure = draw_weights.influence(table, **facts.style)
    return make_picture(facts, "influence", title, [say_weights.influence(table, facts.style["labels"])], figure)


FRONT: tuple[Drawn, ...] = (
    *(grades_by_year, grades_by_branch, totals_picture),
    *(transition_picture, funnel_picture, influence_picture),
)
"""In the order of the page."""


# ---------------------------------------------------------------- classes of members


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


def histogram_picture(table: pd.DataFrame, cuts: Mapping[str, float], **style: Any) -> go.Figure:
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
