"""Charts without the words that a page or a caption says: the words then wrap as text does."""

from __future__ import annotations

import re

import plotly.graph_objects as go

_HEIGHT, _TOP, _BOTTOM = 450, 60, 92
"""Of a figure that does not say, in pixels."""

_TITLE, _LINE, _FOOT = 46, 19, 32
"""Pixels that a title takes, each line below it, and the source line at the foot."""

_LEAST = 16
"""Pixels that every margin keeps."""

_SOURCES = ("来源", "Source: ")
"""How the source line begins."""


def strip_title(figure: go.Figure) -> go.Figure:
    """Return a figure without its title and the finding below it, less high by as much.

    Examples
    --------
    >>> strip_title(go.Figure(layout={"title": {"text": "<b>甲</b><br>乙"}, "height": 400})).layout.height
    356
    """
    bare = go.Figure(figure)
    title = bare.layout.title.text or ""
    bare.layout.title = None
    return _less(bare, "t", _TOP, _TITLE + _LINE * title.count("<br>") if title else 0)


def footless(figure: go.Figure) -> tuple[go.Figure, str]:
    """Return a figure without the line that names its source, and that line."""
    bare = go.Figure(figure)
    foot = [note for note in bare.layout.annotations if str(note.text).startswith(_SOURCES)]
    bare.layout.annotations = [note for note in bare.layout.annotations if note not in foot]
    said = "".join(re.sub(r"<[^>]+>", "", note.text) for note in foot)
    return _less(bare, "b", _BOTTOM, _FOOT if foot else 0), said


def _less(figure: go.Figure, side: str, usual: int, saved: int) -> go.Figure:
    """Take so many pixels from one margin of a copy; the plot itself stays as high as it was."""
    given = figure.layout.margin[side] or usual
    left = max(given - saved, _LEAST)
    height = (figure.layout.height or _HEIGHT) - (given - left)
    return figure.update_layout(margin={side: left}, height=height)
