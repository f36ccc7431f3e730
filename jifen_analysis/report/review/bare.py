"""Charts without the words that a page or a caption says: the words then wrap as text does."""

from __future__ import annotations

import json
import re
from typing import Any

import plotly.graph_objects as go

_HEIGHT, _TOP, _BOTTOM = 450, 60, 92
"""Of a figure that does not say, in pixels."""

_TITLE, _LINE, _FOOT = 46, 19, 32
"""Pixels that a title takes, each line below it, and the source line at the foot."""

_SOURCES = ("来源", "Source: ")
"""How the source line begins."""


def untitled(figure: go.Figure) -> go.Figure:
    """Return a figure without its title and the finding below it, less high by as much.

    Examples
    --------
    >>> untitled(go.Figure(layout={"title": {"text": "<b>甲</b><br>乙"}, "height": 400})).layout.height
    356
    """
    spec: dict[str, Any] = json.loads(figure.to_json())
    layout = spec["layout"]
    title = layout.pop("title", {}).get("text", "")
    return _less(spec, "t", _TOP, _TITLE + _LINE * title.count("<br>") if title else 0)


def footless(figure: go.Figure) -> tuple[go.Figure, str]:
    """Return a figure without the line that names its source, and that line."""
    spec: dict[str, Any] = json.loads(figure.to_json())
    notes = spec["layout"].get("annotations", [])
    foot = [note for note in notes if str(note.get("text", "")).startswith(_SOURCES)]
    spec["layout"]["annotations"] = [note for note in notes if note not in foot]
    said = "".join(re.sub(r"<[^>]+>", "", note["text"]) for note in foot)
    return _less(spec, "b", _BOTTOM, _FOOT if foot else 0), said


def _less(spec: dict[str, Any], side: str, usual: int, saved: int) -> go.Figure:
    """Take so many pixels from one margin; the plot itself stays as high as it was."""
    layout = spec["layout"]
    margin = layout.get("margin", {})
    given = margin.get(side) or usual
    left = max(given - saved, 16)
    layout["margin"] = {**margin, side: left}
    layout["height"] = (layout.get("height") or _HEIGHT) - (given - left)
    return go.Figure(spec)
