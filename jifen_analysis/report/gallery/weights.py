"""Charts of weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.analysis import weights as ask
from jifen_analysis.analysis.weights import Acceptability
from jifen_analysis.charts import weights as draw
from jifen_analysis.errors import UsageError
from jifen_analysis.report.gallery.subject import Subject


def sweep(of: Subject, *, component: str = "", steps: int = 11) -> go.Figure:
    """Draw how grades change along the weight of a component."""
    name, shares = of.component(component), of.scheme.shares
    if len(shares) > 1 and name in shares:
        return draw.sweep(ask.sweep(of.result, name, np.linspace(0, 1, steps).round(6), of="share"), **of.overall)
    whole = sum(of.weighted.values())
    return draw.sweep(ask.sweep(of.result, name, np.linspace(0, whole, steps).round(6)), **of.overall)


def influence(of: Subject) -> go.Figure:
    """Draw what each component really weighs."""
    given = {name: part.weight for name, part in of.scheme.book.components.items()}
    return draw.influence(ask.influence(of.last[list(given)], given, nominal=of.scheme.shares), **of.style)


def acceptability(of: Subject, *, n: int = 2000, seed: int = 0, top: int | None = None) -> go.Figure:
    """Draw the share of weightings under which each member holds each rank."""
    return draw.acceptability(_acceptability(of, n, seed, top, of.lines), **of.style)


def grade_acceptability(of: Subject, *, n: int = 2000, seed: int = 0) -> go.Figure:
    """Draw whose grade hangs most on the weights."""
    return draw.grade_acceptability(_acceptability(of, n, seed, None, of.cuts), **of.style)


def _acceptability(of: Subject, n: int, seed: int, top: int | None, lines: Mapping[str, float]) -> Acceptability:
    lowest = list(of.scheme.book.grades)[-1:] if lines else []
    cuts = {**lines, **{name: -np.inf for name in lowest if name not in lines}} or None
    weights = {name: weight for name, weight in of.weighted.items() if weight > 0}
    scores = _scores(of, sum(weights.values()))[list(weights)]
    return ask.acceptability(scores, weights, n=n, seed=seed, top=top, cuts=cuts)


def _scores(of: Subject, whole: float) -> pd.DataFrame:
    """Return component scores, each with what is only added: weights that sum to 1 then have it once."""
    parts = of.scheme.book.components
    added = sum((of.last[name] * part.weight for name, part in parts.items() if name not in of.weighted), 0.0)
    return of.last[list(of.weighted)].mul(whole).add(added, axis=0)


def swap_points(of: Subject, *, branch: str = "", best: int = 10) -> go.Figure:
    """Draw at which weight the best of a branch swap, between the first two components."""
    names = list(of.weighted)[:2]
    if len(names) < 2:
        raise UsageError("只有一个板块,没有换位", "one component only: nobody swaps")
    known = of.last["branch"].value_counts()
    if branch and branch not in known:
        raise UsageError(f"没有支部 {branch}", f"no branch {branch}")
    mine = of.last[of.last["branch"] == (branch or known.index[0])].nlargest(best, "total")[names].round(2)
    current = of.weighted[names[0]] / sum(of.weighted[name] for name in names)
    return draw.swap_points(ask.swap_points(mine), current=current, **of.style)
