"""Charts of branches."""

from __future__ import annotations

import plotly.graph_objects as go

from jifen_analysis.analysis import branches as ask
from jifen_analysis.charts import branches as draw
from jifen_analysis.report.gallery.subject import Subject


def funnel(of: Subject, *, grade: str = "") -> go.Figure:
    """Draw each branch's rate of a grade within the limits of chance."""
    name, graded = of.grade(grade), of.graded
    held = (graded["grade"].astype("str") == name).groupby(graded["branch"])
    return draw.funnel(ask.funnel(held.sum(), held.size()), name, **of.style)


def shrunken_means(of: Subject) -> go.Figure:
    """Draw the branches' means once their size is considered."""
    return draw.shrunken_means(ask.shrunken_means(of.last["total"], of.last["branch"]), **of.style)
