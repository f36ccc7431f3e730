"""What the desk shows, for pages and paper on which nothing moves: the texts of its widgets, and where they stand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from html import escape

import ipywidgets as widgets

BROWSER = "voila/"
"""How the server of the desk in a browser calls itself: there everything moves, and nothing is said twice."""


def still_html(box: widgets.Widget) -> str:
    """Return what a widget and all inside it show, as HTML.

    Parameters
    ----------
    box : Widget
        From ``desk``.

    Returns
    -------
    str
        Tabs one below the other, each under its title; what may be typed or
        moved with where it stands. Empty where the desk is served by itself.

    Examples
    --------
    >>> still_html(widgets.VBox([widgets.HTML("<p>90</p>"), widgets.Text("甲", description="编号")]))
    '<p>90</p><span style="margin-right:2em">编号:甲</span> '
    """
    if os.environ.get("SERVER_SOFTWARE", "").startswith(BROWSER):
        return ""
    return "".join(_shown(box))


def _shown(widget: widgets.Widget) -> Iterator[str]:
    match widget:
        case widgets.HTML():
            yield widget.value
        case widgets.Tab():
            for title, child in zip(widget.titles, widget.children, strict=True):
                inside = "".join(_shown(child))
                yield f"<h3>{escape(title)}</h3>{inside}" if inside else ""
        case widgets.Box():
            yield from (part for child in widget.children for part in _shown(child))
        case widgets.FloatSlider() | widgets.Text() | widgets.Combobox() if widget.value != "":
            value = f"{widget.value:g}" if isinstance(widget.value, float) else widget.value
            yield f'<span style="margin-right:2em">{escape(widget.description)}:{escape(value)}</span> '
