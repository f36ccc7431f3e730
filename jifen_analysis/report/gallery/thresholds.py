"""Charts of cut scores and quotas."""

from __future__ import annotations

import plotly.graph_objects as go

from jifen_analysis.analysis import thresholds as ask
from jifen_analysis.charts import thresholds as draw
from jifen_analysis.errors import UsageError
from jifen_analysis.report.gallery.subject import Subject


def pass_curve(of: Subject) -> go.Figure:
    """Draw how many pass for every place of the cut."""
    return draw.pass_curve(ask.pass_curve(of.last["total"]), of.lines, **of.style)


def selection_rates(of: Subject, *, grade: str = "", by: str = "branch", min_n: int = 5) -> go.Figure:
    """Draw the groups' rates of a grade beside the highest."""
    name, graded = of.grade(grade), of.graded
    rates = ask.selection_rates(graded["grade"].astype("str") == name, of.column(by), min_n=min_n)
    return draw.selection_rates(rates, name, **of.style)


def bunching(of: Subject, *, cut: float | None = None, width: float = 1) -> go.Figure:
    """Draw how many stand just above and just below a cut."""
    line = next(iter(of.cuts.values())) if cut is None else cut
    return draw.bunching(ask.bunching(of.last["total"], cut=line, width=width), **of.style)


def accuracy(of: Subject, *, se: float = 1.0) -> go.Figure:
    """Draw how many would keep their grade at a second look; se is the error of a total in points."""
    return draw.accuracy(ask.accuracy(of.last["total"], se=se, cuts=list(of.cuts.values())), **of.style)


def near_cut(of: Subject, *, margin: float = 1) -> go.Figure:
    """Draw who misses the next grade by little."""
    close = ask.near_cut(of.result, margin=margin)
    now = close[close["period"] == of.looked_at]
    if now.empty:
        raise UsageError(
            f"没有人差 {margin:g} 分以内就到上一等次", f"nobody is within {margin:g} points of the next grade"
        )
    return draw.near_cut(now, **of.style)


def readings(of: Subject) -> go.Figure:
    """Draw how many grades hang on each reading of the text."""
    if not of.scheme.book.readings:
        raise UsageError("本方案没有登记其他读法", "the scheme has no other readings of its text")
    named = {name: one.title for name, one in of.scheme.book.readings.items() if one.title}
    style = of.overall
    return draw.readings(ask.readings(of.records, of.scheme), **{**style, "labels": named})  # type: ignore[arg-type] # of the same kind


def quota_audit(of: Subject) -> go.Figure:
    """Draw who met the line and lost to the quota."""
    return draw.quota_audit(ask.quota_audit(of.result), **of.overall)


def livingston_lewis(of: Subject, *, reliability: float = 0.8) -> go.Figure:
    """Draw how many are graded as their true score would be, at a reliability of totals."""
    totals = of.last["total"]
    low, high = min(0.0, float(totals.min())), float(max(totals.max(), *of.cuts.values()))
    modelled = ask.livingston_lewis(totals, reliability, low, high, list(of.cuts.values()))
    return draw.livingston_lewis(modelled, **of.style)
