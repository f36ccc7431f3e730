"""Charts of how far marks can be depended on."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.analysis import evaluators as judges
from jifen_analysis.analysis import generalizability as ask
from jifen_analysis.charts import generalizability as draw
from jifen_analysis.report.gallery.subject import Subject
from jifen_analysis.schemes.model import EvaluationItem


def d_study(of: Subject, *, most: int = 12, target: float = 0.8) -> go.Figure:
    """Draw how many evaluators make marks dependable."""
    study = judges.g_study(*judges.complete_marks(of.result))
    return draw.d_study(ask.d_study(study, range(1, most + 1), (1,), _distances(of), target), **of.overall)


def _distances(of: Subject) -> pd.Series | None:
    """Return how far each total lies from the nearest cut score, in points of a mark; nothing where none decides."""
    book = of.scheme.book
    judged = ((name, item) for (name, _), item in book.items.items() if isinstance(item, EvaluationItem))
    worth = sum(book.components[name].weight * float(item.scale) for name, item in judged)
    totals = of.last["total"].dropna()
    if not worth or not of.lines:
        return None
    return pd.concat([(totals - cut).abs() for cut in of.lines.values()], axis=1).min(axis=1) / worth
