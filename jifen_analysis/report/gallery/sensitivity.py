"""Charts of which choice moves the grades most."""

from __future__ import annotations

import plotly.graph_objects as go

from jifen_analysis.analysis import evaluators
from jifen_analysis.analysis import sensitivity as ask
from jifen_analysis.charts import sensitivity as draw
from jifen_analysis.report.gallery.subject import Subject


def choices(of: Subject, *, shares: float = 0.05, cuts: float = 1.0, n: int = 128) -> go.Figure:
    """Draw which choice moves the grades of the period most."""
    missing = evaluators.partial(of.result)
    found = ask.choices(of.result, missing, shares=shares, cuts=cuts, period=of.looked_at, n=n)
    return draw.choices(found, **of.style)
