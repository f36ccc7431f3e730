"""Figures as drawings inside a page: they need no script, scale with the page, and say in words what they show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import plotly.graph_objects as go

from jifen_analysis.charts.theme import rename_points, wrap_text
from jifen_analysis.report.images import render
from jifen_analysis.report.review import Picture
from jifen_analysis.report.review.strip_titles import footless
from jifen_analysis.saving import scratch

WIDE, NARROW = 680, 366
"""Pixels of a drawing on a desk and on paper, and on a phone: letters keep their size on both."""


def drawings(pictures: Sequence[Picture]) -> Mapping[str, tuple[str, str]]:
    """Draw every picture twice, for a wide and a narrow page, in one browser.

    Parameters
    ----------
    pictures : sequence of Picture
        Each with a key of its own.

    Returns
    -------
    mapping of str to (str, str)
        The wide and the narrow drawing as SVG elements, by the picture's key.

    Raises
    ------
    UsageError
        Where something that is needed is missing: see ``needs.require_images``.
    """
    with scratch() as folder:
        figures, files = list[go.Figure](), list[Path]()
        for width in (WIDE, NARROW):
            for picture in pictures:
                figures.append(fit_width(footless(picture.figure)[0], width))
                files.append(folder / f"{picture.key}-{width}.svg")
        render(figures, files)
        texts = [file.read_text(encoding="utf-8") for file in files]
    wide, narrow = texts[: len(pictures)], texts[len(pictures) :]
    return {
        picture.key: (element(one, picture, "wide"), element(other, picture, "narrow"))
        for picture, one, other in zip(pictures, wide, narrow, strict=True)
    }


def fit_width(figure: go.Figure, width: int) -> go.Figure:
    """Return a figure so wide; on a narrow one the titles of axes, which stand in their middle, take several lines.

    Examples
    --------
    >>> narrow = fit_width(go.Figure(layout={"xaxis": {"title": {"text": "等次改变的人次(人·考核期或年度)"}}}), NARROW)
    >>> narrow.layout.xaxis.title.text
    '等次改变的人次(人·考核期<br>或年度)'
    """
    drawn = go.Figure(figure).update_layout(width=width)
    if width > NARROW:
        return drawn
    rename_points(drawn, NARROW - _AXES)
    title = wrap_text(drawn.layout.xaxis.title.text or "", _TITLE)
    more = _LINE * title.count("<br>")
    if more:
        drawn.update_xaxes(title_text=title)
        drawn.update_layout(
            height=(drawn.layout.height or _HEIGHT) + more, margin_b=(drawn.layout.margin.b or _BOTTOM) + more
        )
    return drawn


_AXES = 96
"""Pixels beside the plot of a narrow drawing: numbers on the left, the margin on the right."""

_TITLE, _LINE, _HEIGHT, _BOTTOM = 13, 18, 450, 92
"""Full characters in a line of a narrow axis' title, pixels of a line, and what a figure has that does not say."""


def element(svg: str, picture: Picture, kind: str) -> str:
    """Return a drawing as an element of a page: as wide as its column, with words for who cannot see it.

    Examples
    --------
    >>> picture = Picture("bars", "甲", "甲最多。", go.Figure())
    >>> element('<svg class="main-svg" width="1360" viewBox="0 0 680 300"><g/></svg>', picture, "wide")
    '<svg class="wide" role="img" aria-label="甲：甲最多。" viewBox="0 0 680 300"><g/></svg>'
    """
    head, rest = re.match(r"(?s)(?:<\?xml.*?\?>)?\s*<svg([^>]*)>(.*)", svg).groups()  # type: ignore[union-attr] # an SVG
    spaces = "".join(f" {name}" for name in re.findall(r'(?:xmlns(?::\w+)?|viewBox)="[^"]+"', head))
    label = escape(f"{picture.title}\uff1a{picture.sentence}")
    fine = re.sub(r"(?<=\d\.\d\d)\d+", "", rest)  # a hundredth of a pixel is enough
    return f'<svg class="{kind}" role="img" aria-label="{label}"{spaces}>{fine}'
