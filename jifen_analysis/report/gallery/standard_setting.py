"""Charts of where judgement would draw the line."""

from __future__ import annotations

import plotly.graph_objects as go

from jifen_analysis.analysis import standard_setting as ask
from jifen_analysis.charts import standard_setting as draw
from jifen_analysis.errors import UsageError
from jifen_analysis.report.gallery.subject import Subject


def borderline_regression(of: Subject, *, grade: str = "", borderline: float = 3.5) -> go.Figure:
    """Draw what members score whose ballots of the year lie between two grades; the best grade by default."""
    cuts = of.cuts
    name = of.grade(grade or next(iter(cuts)))
    ballots = of.records.table("ballots")
    year = ballots[ballots["period"].astype("str").str[:4] == of.looked_at[:4]]
    if year.empty:
        raise UsageError("这一年没有民主测评票", "there are no ballots of this year")
    totals = of.last["total"]
    last = year[year["period"] == year["period"].max()]
    found = ask.borderline_regression(totals, ask.ballot_ratings(last), borderline)
    return draw.borderline_regression(found, ask.moves(totals, cuts, name, found.cut), **of.style)
