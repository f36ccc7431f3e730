"""Charts of weights."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.analysis import weights as ask
from jifen_analysis.analysis.weights import Acceptability
from jifen_analysis.charts import weights as draw
from jifen_analysis.charts.theme import Style
from jifen_analysis.errors import UsageError
from jifen_analysis.report.gallery.subject import Subject
from jifen_analysis.schemes.model import exact


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
    shares = {name: float(share) for name, share in _shares(of).items()}
    return ask.acceptability(_scores(_points(of), shares, list(shares)), shares, n=n, seed=seed, top=top, cuts=cuts)


def _shares(of: Subject) -> dict[str, Fraction]:
    """Return the components' shares of the full marks; of the weights where members' full marks differ."""
    weights = {name: exact(weight) for name, weight in of.weighted.items() if weight > 0}
    whole = sum(weights.values(), Fraction(0))
    return {**of.scheme.shares} or {name: weight / whole for name, weight in weights.items()}


def _points(of: Subject) -> pd.DataFrame:
    """Return what each component adds to the total."""
    return pd.DataFrame({name: of.last[name] * part.weight for name, part in of.scheme.book.components.items()})


def _scores(points: pd.DataFrame, shares: Mapping[str, Any], names: list[str]) -> pd.DataFrame:
    """Return points as if each of some components were the whole that these share, all else added to each.

    Weighed with any shares of that whole, which sum to 1, they are the totals.
    """
    whole = sum(shares[name] for name in names)
    mine = pd.DataFrame({name: points[name] * (whole / shares[name]) for name in names})
    return mine.add(points.drop(columns=names).sum(axis=1, skipna=False), axis=0)


def swap_points(of: Subject, *, branch: str = "", best: int = 10) -> go.Figure:
    """Draw at which share the best of a branch swap, between the first two components."""
    shares, scored = _shares(of), of.last.dropna(subset="total")
    names = list(shares)[:2]
    if len(names) < 2:
        raise UsageError("只有一个板块,没有换位", "one component only: nobody swaps")
    known = scored["branch"].value_counts()
    if branch and branch not in known:
        raise UsageError(f"没有支部 {branch}", f"no branch {branch}")
    chosen = branch or str(known.index[0])
    mine = scored[scored["branch"] == chosen].nlargest(best, "total")
    current = float(shares[names[0]] / (shares[names[0]] + shares[names[1]]))
    points = _points(of).loc[mine.index].map(lambda value: Fraction(str(round(value, 6))))
    where = {"zh": f"{chosen},前{len(mine)}名", "en": f"{chosen}, the first {len(mine)}"}[of.lang]
    style: Style = {**of.style, "source": f"{of.style['source']},{where}"}
    return draw.swap_points(ask.swap_points(_scores(points, shares, names)), current=current, **style)
