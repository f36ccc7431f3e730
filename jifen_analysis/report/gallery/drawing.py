"""A chart by its name, with the options that its analysis has."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Protocol, get_args, get_type_hints

import plotly.graph_objects as go

from jifen_analysis.errors import UsageError, nearest_to, there_are
from jifen_analysis.report.gallery import (
    branches,
    comparison,
    distribution,
    equating,
    evaluators,
    generalizability,
    items,
    movement,
    power,
    ranks,
    raters,
    sensitivity,
    standard_setting,
    thresholds,
    weights,
)
from jifen_analysis.report.gallery.subject import Subject

_MODULES: tuple[ModuleType, ...] = (
    distribution,
    items,
    branches,
    ranks,
    power,
    thresholds,
    standard_setting,
    movement,
    equating,
    comparison,
    weights,
    sensitivity,
    evaluators,
    raters,
    generalizability,
)


class GalleryChart(Protocol):
    """Draws one question of a subject."""

    def __call__(self, of: Subject, **options: Any) -> go.Figure:
        """Draw it."""
        ...


def charts() -> Mapping[str, GalleryChart]:
    """Return every chart by its name, as in the gallery.

    Examples
    --------
    >>> "branches.funnel" in charts()
    True
    """
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": found
        for module in _MODULES
        for name, found in vars(module).items()
        if inspect.isfunction(found) and found.__module__ == module.__name__ and not name.startswith("_")
    }


def chart_options(name: str) -> Mapping[str, Any]:
    """Return the options of a chart, each with its default.

    Raises
    ------
    UsageError
        For an unknown chart, with the nearest and the list.

    Examples
    --------
    >>> dict(chart_options("thresholds.accuracy"))
    {'se': 1.0}
    """
    said = inspect.signature(_chart(name)).parameters.values()
    return {one.name: one.default for one in said if one.kind is inspect.Parameter.KEYWORD_ONLY}


def _chart(name: str) -> GalleryChart:
    known = charts()
    if name not in known:
        near, listed = nearest_to(name, known, 0.4), there_are(known)
        raise UsageError(f"没有图 {name}{near.zh};{listed.zh}", f"no chart {name}{near.en}; {listed.en}")
    return known[name]


def draw_chart(name: str, of: Subject, options: Mapping[str, str]) -> go.Figure:
    """Draw a chart with options as somebody typed them.

    Raises
    ------
    UsageError
        For an unknown chart or option, a value of another kind, or where the
        data has nothing to draw.
    """
    chart, known = _chart(name), chart_options(name)
    hints = get_type_hints(chart)
    for option in options:
        if option not in known:
            listed = there_are(f"{key}={value}" for key, value in known.items())
            raise UsageError(f"{name} 没有选项 {option};{listed.zh}", f"{name} has no option {option}; {listed.en}")
    return chart(of, **{option: _read(option, value, hints[option]) for option, value in options.items()})


def _read(option: str, value: str, hint: Any) -> Any:
    kind = next((one for one in (*get_args(hint), hint) if one in (int, float, str)), str)
    try:
        return kind(value)
    except ValueError:
        raise UsageError(
            f"选项 {option} 须是数,收到“{value}”", f"option {option} must be a number, not “{value}”"
        ) from None
