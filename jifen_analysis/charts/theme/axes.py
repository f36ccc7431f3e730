"""Axes: of scores as far as nearly everyone goes, not the one farthest out; of people there is no half of one.

On them lines at scores, their words above the plot, where no curve, tick or title is in the way; small multiples, one
panel a group, the same axes in all; and tables of counts or means between two axes of names.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from jifen_analysis.charts.theme.colours import BAD, BLUES, INK
from jifen_analysis.charts.theme.figure import NOTE, SMALL, FigureText, Pen, wrap_text

OUTER = 0.02
"""Share of members on either side who may lie beyond the axis."""

SAVED = 0.15
"""Share of the whole axis below which it is not worth cutting off."""

Reach = tuple[float, float]


def reach(scores: npt.ArrayLike, counts: npt.ArrayLike, kept: Iterable[float] = ()) -> Reach:
    """Return the range of an axis of scores.

    Parameters
    ----------
    scores, counts : array-like of shape (n,)
        Scores in ascending order, and how many members have each.
    kept : iterable of float
        Scores that must be seen, such as cut scores.

    Returns
    -------
    tuple of float
        From the lowest to the highest score; where a fiftieth of the members
        on one side would take much of the axis, up to the others alone.

    Examples
    --------
    >>> reach([60, 89, 90, 91, 155], [1, 100, 100, 100, 1])
    (88.9, 91.1)
    >>> reach([60, 89, 90, 91, 155], [1, 100, 100, 100, 1], kept=[60])
    (58.45, 92.55)
    """
    held, size = np.asarray(scores, "float64"), np.asarray(counts, "float64")
    share = size.cumsum() / size.sum()
    low, high = held[int(np.argmax(share > OUTER))], held[int(np.argmax(share >= 1 - OUTER))]
    seen = [*map(float, kept), float(low), float(high)]
    low, high = min(seen), max(seen)
    whole = held[-1] - held[0]
    low = float(held[0]) if low - held[0] < SAVED * whole else low
    high = float(held[-1]) if held[-1] - high < SAVED * whole else high
    room = 0.05 * (high - low)
    return round(float(min(low, *seen) - room), 6), round(float(max(high, *seen) + room), 6)


def beyond(scores: npt.ArrayLike, counts: npt.ArrayLike, ends: Reach) -> tuple[int, int]:
    """Return how many members lie below the axis, and how many above it.

    Examples
    --------
    >>> beyond([60, 90, 155], [1, 7, 2], (80, 100))
    (1, 2)
    """
    held, size = np.asarray(scores, "float64"), np.asarray(counts)
    return int(size[held < ends[0]].sum()), int(size[held > ends[1]].sum())


_ONE_BY_ONE = 8
"""Up to so many people every number has a tick of its own; beyond, ticks fall on whole numbers anyway."""


def people(span: float) -> dict[str, Any]:
    """Return how an axis of people is ticked.

    Parameters
    ----------
    span : float
        How many people the axis covers.

    Examples
    --------
    >>> people(3), people(40)
    ({'dtick': 1, 'tickformat': ',d'}, {'tickformat': ',d'})
    """
    return {"dtick": 1, "tickformat": ",d"} if span <= _ONE_BY_ONE else {"tickformat": ",d"}


# ---------------------------------------------------------------- order of rows


_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}


def number_key(name: object) -> list[tuple[bool, int, str]]:
    """Return a key that sorts 第二 before 第十一, and 9 before 10.

    Examples
    --------
    >>> sorted(["第十一支部", "第一支部", "第二支部"], key=number_key)
    ['第一支部', '第二支部', '第十一支部']
    """
    pieces = re.findall(r"[零一二三四五六七八九十]+|\d+|[^零一二三四五六七八九十\d]+", str(name))
    return [(False, _value(piece), "") if _is_number(piece) else (True, 0, piece) for piece in pieces]


def _is_number(piece: str) -> bool:
    return piece.isdecimal() or set(piece) <= {*_DIGITS, "十"}


def _value(piece: str) -> int:
    if piece.isdecimal():
        return int(piece)
    tens, ten, ones = piece.rpartition("十")
    digits = [_DIGITS.get(sign, 1) for sign in ones]
    return 10 * (_DIGITS.get(tens, 1) if ten else 0) + sum(digits)


def in_order(groups: Iterable[tuple[object, pd.DataFrame]]) -> list[tuple[object, pd.DataFrame]]:
    """Return groups of a table in the order of their names.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["二", "一"]})
    >>> [name for name, _ in in_order(table.groupby("group"))]
    ['一', '二']
    """
    return sorted(groups, key=lambda group: number_key(group[0]))


def sort_rows(table: pd.DataFrame, column: str | None = None) -> pd.DataFrame:
    """Return the rows of a table in the order of a column's names, or of its index.

    Examples
    --------
    >>> sort_rows(pd.DataFrame({"n": [1, 2]}, index=["第十支部", "第九支部"])).index.tolist()
    ['第九支部', '第十支部']
    """
    names = list(table.index if column is None else table[column])
    return table.iloc[sorted(range(len(names)), key=lambda place: number_key(names[place]))]


# ---------------------------------------------------------------- lines at scores


HEADROOM = 18
"""Pixels that the words of each line take above the plot."""


def mark_cuts(pen: Pen, figure: go.Figure, cuts: Mapping[str, float], middle: float) -> go.Figure:
    """Draw a line for each cut where scores run across, with its grade.

    Parameters
    ----------
    pen : Pen
        Names the grades.
    figure : Figure
        Drawn with ``HEADROOM`` for each cut.
    cuts : mapping of grade to cut score
        In points.
    middle : float
        Of the axis.

    Examples
    --------
    >>> figure = mark_cuts(Pen(), go.Figure(), {"优秀": 90, "合格": 60}, 75)
    >>> [(note.text, note.xanchor) for note in figure.layout.annotations]
    [('优秀 ≥ 90', 'right'), ('合格 ≥ 60', 'left')]
    """
    said = {f"{pen.name(grade)} ≥ {cut:g}": cut for grade, cut in cuts.items()}
    return mark_scores(figure, said, middle, BAD, "dash")


def mark_scores(figure: go.Figure, scores: Mapping[str, float], middle: float, colour: str, dash: str) -> go.Figure:
    """Draw a line at each score; its words run towards the middle, each on a line of their own.

    Parameters
    ----------
    figure : Figure
        Drawn with ``HEADROOM`` for each score.
    scores : mapping of words to score
        From the plot upwards.
    middle : float
        Of the axis.
    colour, dash : str
        Of lines and words, and of lines.

    Examples
    --------
    >>> figure = mark_scores(go.Figure(), {"今天的优秀线 90": 90}, 85, "#616E7C", "dot")
    >>> figure.layout.annotations[0].xanchor
    'right'
    """
    for place, (words, score) in enumerate(scores.items()):
        figure.add_vline(x=score, line={"color": colour, "width": 1.5, "dash": dash})
        look = {"showarrow": False, "font": {"size": SMALL, "color": colour}, "yref": "paper", "y": 1}
        anchor = {"xanchor": "right" if score > middle else "left", "yanchor": "bottom", "yshift": 2 + HEADROOM * place}
        figure.add_annotation(x=score, text=words, **look, **anchor)
    return figure


# ---------------------------------------------------------------- small multiples


COLUMNS = (3, 4, 5)
"""Panels side by side, the best first: the first that leaves no panel alone in the last row is taken."""

PANEL = 145
"""Height of a panel in pixels, without its title."""
READABLE = 4
"""Rows of panels below which one axis of numbers at the bottom is near enough."""


@dataclass(frozen=True)
class Panels:
    """A figure of panels; :func:`panels` makes one."""

    figure: go.Figure
    rows: int
    columns: int
    lines: int

    def add(self, place: int, *traces: Any) -> None:
        """Put traces into the panel of that number, from 0."""
        row, column = divmod(place, self.columns)
        for trace in traces:
            self.figure.add_trace(trace, row=row + 1, col=column + 1)

    def dress(self, pen: Pen, words: FigureText, **yaxis: Any) -> go.Figure:
        """Put the theme on the whole; the axes' titles stand once, at the bottom left."""
        x, y = words.x.message(pen.lang), words.y.message(pen.lang)
        bare = FigureText(words.title, words.note, method=words.method, finding=words.finding)
        row = PANEL + 15 * self.lines + 14 * (self.rows > READABLE)
        figure = pen.dress(self.figure, bare, plot=max(270, self.rows * row), headroom=8 + 15 * self.lines)
        figure.update_yaxes(**yaxis)
        look = {"showarrow": False, "font": {"size": NOTE}, "xref": "paper", "yref": "paper"}
        figure.add_annotation(text=f"{x} →", x=1, xanchor="right", y=0, yanchor="top", yshift=-26, **look)
        return figure.add_annotation(
            text=f"↑ {y}", x=0, xanchor="left", xshift=-44, y=0, yanchor="top", yshift=-26, **look
        )


def _columns(size: int) -> int:
    """Return how many panels stand side by side.

    Examples
    --------
    >>> [_columns(size) for size in (1, 3, 4, 7, 9, 10, 13)]
    [1, 3, 2, 4, 3, 4, 5]
    """
    if size <= COLUMNS[0]:
        return size
    if size == 4:  # two by two
        return 2
    return next((columns for columns in COLUMNS if size % columns != 1), COLUMNS[0])


def panels(titles: Sequence[str]) -> Panels:
    """Make a figure of panels, mostly three side by side; every column has its numbers below its last panel.

    Parameters
    ----------
    titles : sequence of str
        One for each panel.

    Examples
    --------
    >>> board = panels(["一", "二", "三", "四"])
    >>> board.rows, board.columns
    (2, 2)
    """
    size = max(len(titles), 1)
    columns = _columns(size)
    rows = math.ceil(size / columns)
    names = [wrap_text(title, 37.5 / columns) for title in titles]
    lines = 1 + max((name.count("<br>") for name in names), default=0)
    far = rows > READABLE
    shape = {"shared_xaxes": "all", "shared_yaxes": "all", "horizontal_spacing": 0.04}
    between = 0.14 + 0.07 * lines + 0.1 * far
    figure = make_subplots(rows, columns, subplot_titles=names, vertical_spacing=between / rows, **shape)
    for place in range(0 if far else max(size - columns, 0), size):
        row, column = divmod(place, columns)
        figure.update_xaxes(showticklabels=True, row=row + 1, col=column + 1)
    return Panels(figure.update_annotations(font={"size": 12, "color": INK}), rows, columns, lines)


def draw_cross_table(
    pen: Pen, counts: pd.DataFrame, shares: pd.DataFrame, reach: Sequence[pd.DataFrame] = ()
) -> go.Heatmap:
    """Return a cell for each pair of grades: its number written, its share of the row as shade.

    Parameters
    ----------
    pen : Pen
        Names the grades.
    counts, shares : DataFrame of shape (grades, grades)
        In the order in which they are to stand, from above and from the left.
    reach : sequence of two DataFrames
        The ends of each share's interval, written too; missing ones are not.

    Examples
    --------
    >>> counts = pd.DataFrame([[3, 1]], index=["优秀"], columns=["优秀", "合格"])
    >>> draw_cross_table(Pen(), counts, counts / 4).text[0]
    ['3 人<br>75%', '1 人<br>25%']
    """
    unit = pen.say(" 人", "")
    ends = list(reach) or [shares * np.nan] * 2
    tables = [table.to_numpy("float64").tolist() for table in (counts, shares, *ends)]
    return draw_heatmap(
        shares.to_numpy("float64"),
        pen.names(counts.columns),
        pen.all_counted(counts.index, counts.sum(axis=1)),
        [[_said(unit, *cell) for cell in zip(*row, strict=True)] for row in zip(*tables, strict=True)],
        hovertemplate="%{y} → %{x}<br>%{text}<extra></extra>",
    )


def _said(unit: str, n: float, share: float, low: float, high: float) -> str:
    """Return what a cell says: the number alone where it holds nobody."""
    if not n:
        return f"{n:g}{unit}"
    return f"{n:g}{unit}<br>{share:.0%}" + (f"<br>({low:.0%}–{high:.0%})" if low == low else "")


def draw_heatmap(
    z: np.ndarray, x: Sequence[str], y: Sequence[str], text: Sequence[Sequence[str]], **look: Any
) -> go.Heatmap:
    """Return a heat map whose cells say their values, so that it needs no scale beside it.

    Examples
    --------
    >>> draw_heatmap(np.array([[0.5]]), ["甲"], ["乙"], [["50%"]]).showscale
    False
    """
    ink = {"size": 13, "color": INK}
    scale = {"colorscale": BLUES, "zmin": 0, "zmax": 1, "showscale": False}
    words = {"text": list(text), "texttemplate": "%{text}", "textfont": ink}
    return go.Heatmap(z=z, x=list(x), y=list(y), xgap=2, ygap=2, **scale, **words, **look)
