"""Charts of whether a score is worth the same in two years."""

from __future__ import annotations

from typing import cast

import plotly.graph_objects as go

from jifen_analysis.analysis import equating as ask
from jifen_analysis.analysis.equating import Design
from jifen_analysis.charts import equating as draw
from jifen_analysis.report.gallery.subject import Subject


def equivalents(of: Subject, *, design: str = "same", step: float = 1.0) -> go.Figure:
    """Draw which total of the period before stands where one of this period stands."""
    before, after = of.both("total")
    return draw.equivalents(ask.equivalents(before, after, None, cast("Design", design), step), of.lines, **of.style)
