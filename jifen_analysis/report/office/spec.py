"""What an office needs to draw a figure itself: names and numbers, read off the figure that is drawn elsewhere."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from jifen_analysis.charts.theme import POINT, SIDES, layout_labels
from jifen_analysis.charts.theme.figure import text_width
from jifen_analysis.errors import Lang
from jifen_analysis.line_wrap import rejoin_lines

Kind = Literal["bars", "stacked", "dots", "points"]
"""Bars side by side, bars of shares, marks beside names, marks and lines between two scales."""


@dataclass(frozen=True)
class SeriesSpec:
    """Numbers of one kind.

    Parameters
    ----------
    name : str
        Blank where the legend does not show it.
    x, y : tuple of float
        ``x`` is empty where the numbers belong to names; missing ones are not a number.
    colour : str
        ``#RRGGBB``.
    line : str
        ``""`` for marks alone, ``solid``, or how it is broken: ``dash``, ``dot``, ``dashdot``.
    reach : tuple of (float, float)
        How far an interval goes below and above each number.
    own : tuple of str
        The colour of each number, where they are not all alike: what stands out has its own.
    form : str
        How the numbers are written, as an office has it; blank for plainly.
    said : tuple of str
        What each mark is called beside it; blank where it is not.
    sides : tuple of str
        On which side of each mark that stands.
    """

    name: str
    y: tuple[float, ...]
    x: tuple[float, ...] = ()
    colour: str = "#1F5A99"
    line: str = ""
    reach: tuple[tuple[float, float], ...] = ()
    own: tuple[str, ...] = ()
    form: str = ""
    said: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()


NO_COLOUR = ""
"""The colour of bars that only carry others."""


@dataclass(frozen=True)
class ChartSpec:
    """A figure as names and numbers."""

    kind: Kind
    series: tuple[SeriesSpec, ...]
    names: tuple[str, ...] = ()
    x_title: str = ""
    y_title: str = ""
    percent: bool = False
    span: tuple[float, float] | None = None


@dataclass(frozen=True)
class GridSpec:
    """A figure of cells: what stands in each, and how dark it is, 0 to 1."""

    across: tuple[str, ...]
    down: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    shades: tuple[tuple[float, ...], ...] = field(repr=False)


def editable(figure: go.Figure, lang: Lang = "zh") -> ChartSpec | GridSpec | None:
    """Return a figure as names and numbers; ``None`` for kinds that an office has no chart for.

    Examples
    --------
    >>> figure = go.Figure(go.Bar(x=[0.25, 0.5], y=["一", "二"], orientation="h", name="优秀"))
    >>> found = editable(figure)
    >>> found.kind, found.names, found.series[0].y
    ('bars', ('一', '二'), (0.25, 0.5))
    """
    kinds = {trace.type for trace in figure.data}
    if kinds == {"heatmap"}:
        return _grid(figure.data[0])
    if kinds == {"bar"} and figure.data[0].width is not None and not _named(figure.data[0].x):
        return _outline(figure, lang)
    if kinds == {"bar", "scatter"} and figure.data[0].base is not None:
        return _waterfall(figure)
    if kinds == {"bar"}:
        return _bars(figure)
    if kinds == {"scatter"}:
        return _dots(figure, lang) if _named(figure.data[0].y) else _points(figure, lang)
    return None


def plain(text: Any) -> str:
    """Return a text as one line without marks, and without signs that no office file may hold.

    Examples
    --------
    >>> plain("<b>第一支部</b><br>(n=3)"), plain("mean<br>change"), plain("=1+1")
    ('第一支部(n=3)', 'mean change', ' =1+1')
    """
    bare = rejoin_lines(re.sub(r"<(?!br>)[^>]{0,80}>", "", str(text)))
    clean = re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", bare)
    return f" {clean}" if clean[:1] in "=+-@" and clean else clean  # else the workbook inside would calculate it


def _named(values: Any) -> bool:
    return values is not None and len(values) > 0 and isinstance(values[0], str)


def _numbers(values: Iterable[Any]) -> tuple[float, ...]:
    return tuple(math.nan if value is None else float(value) for value in values)


def _title(axis: Any) -> str:
    return plain(axis.title.text or "")


def _colour(given: Any, other: str = "#1F5A99") -> str:
    several = [] if given is None or isinstance(given, str) else list(map(str, given))
    first = given if isinstance(given, str) else max(several, key=several.count, default=other)
    return first if re.fullmatch(r"#[0-9A-Fa-f]{6}", str(first)) else other


def _own(given: Any, of: Iterable[Any], names: Sequence[str]) -> tuple[str, ...]:
    """Return the colour of each name, where a figure gives several."""
    if given is None or isinstance(given, str) or len({*map(str, given)}) < 2:
        return ()
    held = dict(zip(map(plain, of), map(_colour, map(str, given)), strict=True))
    return tuple(held.get(name, _colour(given)) for name in names)


# ---------------------------------------------------------------- bars


def _bars(figure: go.Figure) -> ChartSpec:
    lying = figure.data[0].orientation == "h"
    names_of, values_of, axis = ("y", "x", figure.layout.xaxis) if lying else ("x", "y", figure.layout.yaxis)
    names = tuple(dict.fromkeys(plain(name) for trace in figure.data for name in trace[names_of]))
    series = tuple(_bar(trace, names, names_of, values_of) for trace in figure.data)
    kind: Kind = "stacked" if figure.layout.barmode in ("stack", "relative") else "bars"
    shown = tuple(one for one in series if any(value == value and value for value in one.y)) or series
    return ChartSpec(kind, shown, names, _title(axis), percent="%" in (axis.tickformat or ""), span=_span(axis))


def _bar(trace: Any, names: Sequence[str], names_of: str, values_of: str) -> SeriesSpec:
    held = dict(zip(map(plain, trace[names_of]), _numbers(trace[values_of]), strict=True))
    values = tuple(held.get(name, math.nan) for name in names)
    own = _own(trace.marker.color, trace[names_of], names)
    return SeriesSpec(plain(trace.name or ""), values, (), _colour(trace.marker.color), own=own)


def _waterfall(figure: go.Figure) -> ChartSpec:
    """Return steps from one total to another: an office stacks them on bars that are not seen."""
    steps, ends = figure.data
    names = tuple(map(plain, figure.layout.yaxis.categoryarray))
    base = dict(zip(map(plain, steps.y), _numbers(steps.base), strict=True))
    step = dict(zip(map(plain, steps.y), _numbers(steps.x), strict=True))
    whole = dict(zip(map(plain, ends.y), _numbers(ends.x), strict=True))
    low, high = _span(figure.layout.xaxis) or (0.0, max(whole.values()))
    foot = [min(base[name], base[name] + step[name]) if name in step else math.nan for name in names]
    gained, lost = (
        tuple(abs(step[name]) if name in step and (step[name] > 0) == up else math.nan for name in names)
        for up in (True, False)
    )
    series = (
        SeriesSpec("", tuple(foot), (), NO_COLOUR),
        SeriesSpec("", tuple(whole.get(name, math.nan) for name in names), (), "#C9D2DB", form="0.00"),
        SeriesSpec("", gained, (), "#9DC2E3", form="+0.00"),
        SeriesSpec("", lost, (), "#E8A481", form='"\u2212"0.00'),
    )
    ends_at = (math.floor(low / 10) * 10.0, math.ceil(high / 10) * 10.0)
    return ChartSpec("stacked", series, names, _title(figure.layout.xaxis), span=ends_at)


def _span(axis: Any) -> tuple[float, float] | None:
    low, high = axis.range or (None, None)
    return None if low is None or high is None else (float(low), float(high))


def _outline(figure: go.Figure, lang: Lang) -> ChartSpec:
    """Return bars of several widths as their outline: an office has bars of one width only."""
    trace, widths = figure.data[0], np.asarray(figure.data[0].width, dtype="float64")
    left, right = np.asarray(trace.x) - widths / 2, np.asarray(trace.x) + widths / 2
    x = [left[0], *(end for pair in zip(left, right, strict=True) for end in pair), right[-1]]
    y = [0.0, *(height for height in trace.y for _ in range(2)), 0.0]
    name = "人数" if lang == "zh" else "members"
    bars = SeriesSpec(name, _numbers(y), _numbers(x), "#1F5A99", "solid")
    return _between(figure, [bars, *_lines(figure, max(map(float, trace.y)))])


# ---------------------------------------------------------------- marks


def _dots(figure: go.Figure, lang: Lang) -> ChartSpec:
    """Return marks beside names, which an office draws above names, and the line of all."""
    marked = [trace for trace in figure.data if "markers" in (trace.mode or "markers")]
    names = tuple(dict.fromkeys(plain(name) for trace in marked for name in trace.y))
    series = [_dot(trace, names) for trace in marked]
    whole = "全体平均" if lang == "zh" else "mean of all"
    lines = [SeriesSpec(whole, (float(shape.x0),) * len(names), (), "#616E7C", "dash") for shape in _upright(figure)]
    return ChartSpec(
        "dots", (*series, *lines[:1]), names, y_title=_title(figure.layout.xaxis), percent=_percent(figure.layout.xaxis)
    )


def _dot(trace: Any, names: Sequence[str]) -> SeriesSpec:
    held = dict(zip(map(plain, trace.y), _numbers(trace.x), strict=True))
    reach = dict(zip(map(plain, trace.y), _reaches(trace.error_x), strict=False))
    colour = _colour(trace.marker.color)
    colour = _colour(trace.marker.line.color, "#C8501E") if colour.upper() == "#FFFFFF" else colour
    values = tuple(held.get(name, math.nan) for name in names)
    reaches = tuple(reach.get(name, (0.0, 0.0)) for name in names) if reach else ()
    own = _own(trace.marker.color, trace.y, names)
    return SeriesSpec(plain(trace.name or ""), values, (), colour, "", reaches, own)


def _reaches(error: Any) -> Iterator[tuple[float, float]]:
    above, below = error.array, error.arrayminus
    if above is not None:
        yield from zip(_numbers(below if below is not None else above), _numbers(above), strict=True)


def _points(figure: go.Figure, lang: Lang) -> ChartSpec:
    """Return marks and lines between two scales."""
    names = _names_beside(figure)
    series = [_point(trace) for trace in figure.data]
    called = [one if one.line else _called(one, names) for one in series]
    return _between(figure, [*called, *_levels(figure, lang)])


def _called(one: SeriesSpec, names: Mapping[tuple[float, float], tuple[str, str]]) -> SeriesSpec:
    found = [names.get(pair, ("", "")) for pair in zip(one.x, one.y, strict=True)]
    return replace(one, said=tuple(name for name, _ in found), sides=tuple(side for _, side in found))


def _names_beside(figure: go.Figure) -> dict[tuple[float, float], tuple[str, str]]:
    """Return what marks are called and on which side of them, as far as names find room where an office puts them."""
    notes = [note for note in figure.layout.annotations if note.name == POINT]
    if not notes:
        return {}
    (left, right), (low, high) = figure.layout.xaxis.range, figure.layout.yaxis.range
    shares = [((note.x - left) / (right - left), (note.y - low) / (high - low)) for note in notes]
    names, sides = [plain(note.text) for note in notes], {spot: side for side, spot in SIDES.items()}
    spots = layout_labels(shares, list(map(text_width, names)), _PLOT, tuple(SIDES.values()))
    placed = zip(notes, names, spots, strict=True)
    return {(float(note.x), float(note.y)): (name, sides[spot]) for note, name, spot in placed if spot}


_PLOT = (500.0, 120.0)
"""The plotting area of a chart on a page below its legend, in pixels of which a name takes as many as in a picture."""


def _between(figure: go.Figure, series: Sequence[SeriesSpec]) -> ChartSpec:
    x, y = figure.layout.xaxis, figure.layout.yaxis
    return ChartSpec("points", tuple(series), (), _title(x), _title(y), _percent(y), _span(y))


def _point(trace: Any) -> SeriesSpec:
    line = (trace.line.dash or "solid") if "lines" in (trace.mode or "lines") else ""
    colour = _colour(trace.line.color if line else trace.marker.color)
    xs, ys = _numbers(trace.x), _numbers(trace.y)
    known = [at for at, pair in enumerate(zip(xs, ys, strict=True)) if all(map(math.isfinite, pair))]
    reach = tuple(_reaches(trace.error_y))
    name = "" if trace.showlegend is False and line else plain(trace.name or "")
    reaches = tuple(reach[at] for at in known) if reach else ()
    own = () if line else _own(trace.marker.color, range(len(xs)), list(map(str, known)))
    return SeriesSpec(name, tuple(ys[at] for at in known), tuple(xs[at] for at in known), colour, line, reaches, own)


def _percent(axis: Any) -> bool:
    return "%" in (axis.tickformat or "")


# ---------------------------------------------------------------- lines


def _upright(figure: go.Figure) -> list[Any]:
    return [
        shape for shape in figure.layout.shapes if shape.type == "line" and shape.x0 == shape.x1 and shape.xref == "x"
    ]


def _lines(figure: go.Figure, top: float) -> list[SeriesSpec]:
    """Return the upright lines of a figure, each called as the note beside it."""
    notes = {float(note.x): plain(note.text) for note in figure.layout.annotations if note.xref != "paper"}
    return [
        SeriesSpec(notes.get(float(shape.x0), ""), (0.0, top), (float(shape.x0),) * 2, "#C8501E", "dash")
        for shape in _upright(figure)
    ]


def _levels(figure: go.Figure, lang: Lang) -> list[SeriesSpec]:
    """Return the level lines of a figure, from its first number to its last; zero needs none."""
    reach = [value for trace in figure.data for value in _numbers(trace.x) if math.isfinite(value)]
    lines = [shape for shape in figure.layout.shapes if shape.type == "line" and shape.yref == "y"]
    level = [float(shape.y0) for shape in lines if shape.y0 == shape.y1 != 0]
    name = "全体" if lang == "zh" else "all"
    ends = (min(reach, default=0.0), max(reach, default=1.0))
    return [SeriesSpec(name, (height,) * 2, ends, "#616E7C", "solid") for height in level]


# ---------------------------------------------------------------- cells


def _grid(trace: Any) -> GridSpec:
    shades = [_numbers(row) for row in trace.z]
    said = trace.text if trace.text is not None else [[f"{value:.0%}" for value in row] for row in shades]
    cells = tuple(tuple(str(cell).replace("<br>", "\n") for cell in row) for row in said)
    return GridSpec(tuple(map(plain, trace.x)), tuple(map(plain, trace.y)), cells, tuple(map(tuple, shades)))
