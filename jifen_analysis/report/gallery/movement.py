"""Charts of movement between two periods."""

from __future__ import annotations

import plotly.graph_objects as go

from jifen_analysis.analysis import movement as ask
from jifen_analysis.analysis.movement import Transitions
from jifen_analysis.charts import movement as draw
from jifen_analysis.report.gallery.subject import Subject
from jifen_analysis.scoring.assess import assess


def transitions(of: Subject) -> go.Figure:
    """Draw where those of each grade went."""
    return draw.transitions(_transitions(of), **of.style)


def flows(of: Subject) -> go.Figure:
    """Draw the same with those who joined and left."""
    return draw.flows(_transitions(of), **of.style)


def mobility(of: Subject) -> go.Figure:
    """Draw how much members move between grades."""
    return draw.mobility(ask.mobility(_transitions(of).probabilities), **of.style)


def _transitions(of: Subject) -> Transitions:
    of.grade("")
    return ask.transitions(*of.both("grade"), list(of.scheme.book.grades))


def ranks(of: Subject) -> go.Figure:
    """Draw who moved farthest in rank."""
    return draw.ranks(ask.ranks(*of.both("total")), **of.style)


def regression_to_mean(of: Subject) -> go.Figure:
    """Draw who only came back to the mean."""
    return draw.regression_to_mean(ask.regression_to_mean(*of.both("total")), **of.style)


def paired_change(of: Subject, *, min_n: int = 5) -> go.Figure:
    """Draw by how much the same members changed, all and branch by branch."""
    before, after = of.both("total")
    return draw.paired_change(ask.paired_change(before, after, of.both("branch")[1], min_n), **of.style)


def attribution(of: Subject, *, other: str = "") -> go.Figure:
    """Draw what of a change is behaviour and what is rule; other is the scheme before."""
    first, second = of.two
    old = of.under(other).scheme if other else of.scheme
    before, after = assess(of.records, old, periods=[first]), assess(of.records, of.scheme, periods=[second])
    return draw.attribution(ask.attribution(before, after), **of.style)


def whereabouts(of: Subject) -> go.Figure:
    """Draw whom each branch lost and gained."""
    return draw.whereabouts(ask.whereabouts(*of.both("branch")), **of.style)
