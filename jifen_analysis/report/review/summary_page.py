"""The figures in front: at most eight, each with what it shows in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.analysis import branches, thresholds, weights
from jifen_analysis.analysis import distribution as describe
from jifen_analysis.charts import branches as draw_branches
from jifen_analysis.charts import distribution as draw_distribution
from jifen_analysis.charts import movement as draw_movement
from jifen_analysis.charts import weights as draw_weights
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import Finding
from jifen_analysis.findings import branches as say_branches
from jifen_analysis.findings import distribution as say_distribution
from jifen_analysis.findings import movement as say_movement
from jifen_analysis.findings import thresholds as say_thresholds
from jifen_analysis.findings import weights as say_weights
from jifen_analysis.findings.saying import against
from jifen_analysis.report.review.both_ends import both_ends, name_ends
from jifen_analysis.report.review.classes import classes, cross_years, histogram
from jifen_analysis.report.review.model import Picture
from jifen_analysis.report.review.review_data import ReviewData
from jifen_analysis.report.summary import WHOLE
from jifen_analysis.schemes.full_marks import nominal_shares

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


def totals(facts: ReviewData) -> Picture:
    """总分分布与分数线: where the middle is, what another cut score would do, whether many stand just above it."""
    held, title = facts.ranked["total"], Text("总分分布与分数线", "Totals and the cut scores")
    figure = histogram(_classes(facts), shown_cuts(facts), **facts.style)
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


def funnel(facts: ReviewData) -> Picture:
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


def influence(facts: ReviewData) -> Picture:
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


FRONT: tuple[Drawn, ...] = (grades_by_year, grades_by_branch, totals, transition_picture, funnel, influence)
"""In the order of the page."""
