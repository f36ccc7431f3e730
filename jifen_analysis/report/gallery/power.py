"""Charts of what a comparison can show."""

from __future__ import annotations

import plotly.graph_objects as go

from jifen_analysis.analysis import power as ask
from jifen_analysis.charts import power as draw
from jifen_analysis.report.gallery.subject import Subject


def smallest_gap(of: Subject) -> go.Figure:
    """Draw how far two branches' means must lie apart to be told, by the spread inside branches."""
    totals = of.last["total"].groupby(of.last["branch"])
    spread = float((of.last["total"] - totals.transform("mean")).std())
    return draw.smallest_gap(ask.smallest_gap(totals.count(), spread), **of.style)
