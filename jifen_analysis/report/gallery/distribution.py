"""Charts of distributions."""

from __future__ import annotations

import plotly.graph_objects as go

from jifen_analysis.analysis import distribution as ask
from jifen_analysis.charts import distribution as draw
from jifen_analysis.report.gallery.subject import Subject


def histogram(of: Subject) -> go.Figure:
    """Draw how totals are spread."""
    return draw.histogram(ask.ecdf(of.last), of.lines, **of.style)


def ecdf(of: Subject, *, by: str = "branch") -> go.Figure:
    """Draw each group's distribution beside everyone's."""
    return draw.ecdf(ask.ecdf(of.last, by=by), of.lines, **of.style)


def summary(of: Subject, *, by: str = "branch", min_n: int = 5) -> go.Figure:
    """Draw the middle half of each group."""
    return draw.summary(ask.summary(of.last, by=by, min_n=min_n), **of.style)


def grade_shares(of: Subject, *, by: str = "branch", min_n: int = 5) -> go.Figure:
    """Draw which share of each group holds which grade."""
    return draw.grade_shares(ask.summary(of.last, by=by, min_n=min_n), **of.style)


def heaping(of: Subject) -> go.Figure:
    """Draw on which digits the evaluators' marks end."""
    return draw.heaping(ask.heaping(of.records.table("evaluations")["mark"]), **of.style)


def reliability(of: Subject) -> go.Figure:
    """Draw whether the items say the same."""
    whole = of.last.index[of.last["total"].notna()]  # what is missing is not 0
    lines = of.result.ledger[(of.result.ledger["period"] == of.looked_at) & of.result.ledger["member_id"].isin(whole)]
    points = lines.pivot_table(index="member_id", columns="item", values="contribution", aggfunc="sum").fillna(0)
    return draw.reliability(ask.reliability(points.loc[:, points.nunique() > 1]), **of.style)
