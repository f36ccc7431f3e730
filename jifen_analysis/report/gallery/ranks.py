"""Charts of how sure ranks are."""

from __future__ import annotations

import plotly.graph_objects as go

from jifen_analysis.analysis import ranks as ask
from jifen_analysis.charts import ranks as draw
from jifen_analysis.charts.theme.figure import LEAST
from jifen_analysis.report.gallery.subject import Subject


def intervals(of: Subject) -> go.Figure:
    """Draw where the branches' ranks could be; of the branches that are large enough to show."""
    means = of.last.groupby("branch", observed=True)["total"].agg(["mean", "sem", "count"])
    large = means[means["count"] >= LEAST]
    return draw.intervals(ask.intervals(large["mean"], large["sem"]), **of.style)
