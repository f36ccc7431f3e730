"""The figures of branches and of two years that stand behind the front."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from jifen_analysis.analysis import branches, evaluators, movement
from jifen_analysis.charts import branches as draw_branches
from jifen_analysis.charts import evaluators as draw_evaluators
from jifen_analysis.charts import movement as draw_movement
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import Finding
from jifen_analysis.findings import branches as say_branches
from jifen_analysis.findings import evaluators as say_evaluators
from jifen_analysis.findings import movement as say_movement
from jifen_analysis.findings.together import means_and_marks
from jifen_analysis.report.privacy import round_counts
from jifen_analysis.report.review.both_ends import both_ends, name_ends
from jifen_analysis.report.review.model import Picture
from jifen_analysis.report.review.review_data import ReviewData
from jifen_analysis.report.review.summary_page import make_picture
from jifen_analysis.schemes.model import EvaluationItem


def branch_means(facts: ReviewData) -> Picture:
    """各支部平均分, drawn towards the mean of all by size; who also marks gently is said with it."""
    whole, seen = _means(facts)
    found = [say_branches.shrunken_means(seen, hidden=len(whole) - len(seen))]
    drawn = both_ends(seen, seen["shrunken"])
    figure = draw_branches.shrunken_means(drawn, **facts.style)
    title = name_ends(Text("各支部平均分", "Mean totals by branch"), drawn, seen)
    return make_picture(facts, "branch_means", title, found, figure)


def _means(facts: ReviewData) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the means of all branches, and those that may be shown."""
    whole = branches.shrunken_means(facts.ranked["total"], facts.ranked["branch"])
    return whole, _only(whole, _averaged(facts, facts.ranked))


def _only(table: pd.DataFrame, kept: Iterable[str]) -> pd.DataFrame:
    seen = table[table.index.isin(list(kept))]
    if len(seen) < 2:
        raise UsageError("各支部:可显示的不足两个", "branches: fewer than two may be shown")
    return seen


def _averaged(facts: ReviewData, rows: pd.DataFrame) -> list[str]:
    """Return the branches whose averages may be shown; together with that of all they give no small group back."""
    sizes = rows.groupby("branch").size().sort_values(kind="stable")
    rest = sizes[sizes.index.isin(facts.agrees(sizes)) & (sizes >= facts.least)]
    small = sizes.drop(rest.index)
    while 0 < small.sum() < facts.least and len(rest):
        small, rest = pd.concat([small, rest.iloc[:1]]), rest.iloc[1:]
    return [str(name) for name in rest.index]


def gentle_marks(facts: ReviewData) -> Picture:
    """评议宽严 by branch, of every component that evaluators mark."""
    name = _judged(facts)
    own = facts.inside.groupby("member_id")[name].mean()
    marked = facts.ranked.assign(**{name: facts.ranked["member_id"].map(own)}).dropna(subset=name)
    table = evaluators.leniency(marked, name).set_index("branch")
    seen = _only(table, _averaged(facts, marked)).rename_axis("branch").reset_index()
    part = facts.book.components[name].title or name
    drawn = both_ends(seen, seen["mean"])
    title = name_ends(Text(f"各支部{part}宽严", f"How gently branches mark: {part}"), drawn, seen)
    figure = draw_evaluators.leniency(drawn, **facts.style)
    found = [_with_totals(facts, seen, part), say_evaluators.leniency(seen, hidden=len(table) - len(seen))]
    return make_picture(facts, "gentle_marks", title, found, figure)


def _with_totals(facts: ReviewData, marks: pd.DataFrame, called: str) -> Finding | None:
    """Say which branches stand out by their totals and by their marks, where both may be shown."""
    try:
        return means_and_marks(_means(facts)[1], marks, called)
    except UsageError:
        return None


def _judged(facts: ReviewData) -> str:
    """Return the component that evaluators mark: all of its items, or else one of them."""
    parts = {name: list(part.items.values()) for name, part in facts.book.components.items()}
    judged = {name: sum(isinstance(item, EvaluationItem) for item in items) for name, items in parts.items()}
    whole = [name for name, n in judged.items() if n and n == len(parts[name])]
    name = next(iter([*whole, *(name for name, n in judged.items() if n)]), None)
    if name is None:
        raise UsageError("评议宽严:本方案没有由评议人打分的分项", "gentle marks: no component of the scheme is marked")
    return name


def back_to_mean(facts: ReviewData) -> Picture:
    """回归均值: did the lowest really improve."""
    if facts.before is None:
        raise UsageError("回归均值:没有上一年", "regression to the mean: there is no year before")
    before, after = (rows.set_index("member_id")["total"] for rows in (facts.before, facts.now))
    table = movement.regression_to_mean(before, after, halves=_parts_of_the_year_before(facts))
    if (table["n"] < facts.least).any():
        raise UsageError("回归均值:每十分之一不足5人", "regression to the mean: a tenth has fewer than 5 members")
    exact = facts.shown_of_both(int(table["n"].sum()))
    told = table if exact else table.assign(n=round_counts(table[["n"]], facts.least)["n"])
    figure = draw_movement.regression_to_mean(told, **facts.style)
    title = Text("低分者是否真有进步", "Did the lowest improve")
    said = say_movement.regression_to_mean(told, rounded=0 if exact else facts.least)
    return make_picture(facts, "back_to_mean", title, [said], figure)


def _parts_of_the_year_before(facts: ReviewData) -> pd.DataFrame:
    """Return the totals of each period of the year before by member: they tell how reliable a total is."""
    rows = facts.result.table
    earlier = rows[rows["period"].str[:4] == str(facts.year - 1)]
    return earlier.pivot(index="member_id", columns="period", values="total").dropna(axis=1, how="all")
