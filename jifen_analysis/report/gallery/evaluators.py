"""Charts of those who evaluate."""

from __future__ import annotations

import plotly.graph_objects as go

from jifen_analysis.analysis import evaluators as ask
from jifen_analysis.charts import evaluators as draw
from jifen_analysis.errors import UsageError
from jifen_analysis.report.gallery.subject import Subject
from jifen_analysis.schemes.model import EvaluationItem


def leniency(of: Subject, *, component: str = "") -> go.Figure:
    """Draw which branch marks gently; the first component that is evaluated by default."""
    parts = of.scheme.book.components
    judged = [
        name for name, part in parts.items() if any(isinstance(item, EvaluationItem) for item in part.items.values())
    ]
    if not judged and not component:
        raise UsageError("本方案没有评议打分的板块", "the scheme has no component that is evaluated")
    return draw.leniency(ask.leniency(of.result, of.component(component or judged[0])), **of.overall)


def g_study(of: Subject) -> go.Figure:
    """Draw how much of the variance is the judged, how much the judge."""
    return draw.g_study(ask.g_study(*ask.complete_marks(of.result)), **of.overall)


def self_gap(of: Subject, *, by: str = "branch") -> go.Figure:
    """Draw how far self-declared is from given."""
    return draw.self_gap(ask.self_gap(of.result, by=[by]), **of.overall)


def survey(of: Subject) -> go.Figure:
    """Draw whether people are satisfied with the scheme."""
    answers = of.records.table("surveys")
    if answers.empty:
        raise UsageError("没有问卷", "there is no survey")
    return draw.survey(ask.survey(answers), **of.overall)


def partial(of: Subject) -> go.Figure:
    """Draw who gained or lost because a group of evaluators was missing."""
    lacking = ask.partial(of.result)
    if lacking.empty:
        raise UsageError("没有人的评议缺哪一类主体", "nobody's evaluation lacks a group of evaluators")
    return draw.partial(lacking, **of.overall)
