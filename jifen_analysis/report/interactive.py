"""Figures that a reader's browser draws: to hover over, and where nothing here could draw them."""

from __future__ import annotations

import json
from html import escape
from importlib import resources
from pathlib import Path

from jifen_analysis.report.page_head import whole
from jifen_analysis.report.review import Picture, Review
from jifen_analysis.report.review.strip_titles import footless
from jifen_analysis.saving import replacing, writable

DRAW = """
for (const node of document.querySelectorAll("script[data-figure]")) {
  const spec = JSON.parse(node.textContent);
  const options = {responsive: true, displaylogo: false, displayModeBar: false};
  Plotly.newPlot(node.dataset.figure, spec.data, spec.layout, options);
}
"""


def scripts() -> str:
    """Return the plotting library, its part for axes alone, and the line that draws every figure."""
    library = resources.files(__package__).joinpath("plotly-cartesian.min.js").read_text(encoding="utf-8")
    return f"<script>{library}</script>\n<script>{DRAW}</script>"


def block(picture: Picture) -> str:
    """Return the place and the content of a figure that the reader's browser draws."""
    bare, _ = footless(picture.figure)
    spec = json.dumps(json.loads(bare.to_json()), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return (
        f'<div class="plot" id="plot-{picture.key}" role="img" aria-label="{escape(picture.sentence)}" '
        f'style="height:{bare.layout.height:.0f}px"></div>'
        f'<script type="application/json" data-figure="plot-{picture.key}">{spec}</script>'
    )


def write_interactive(review: Review, path: str | Path) -> Path:
    """Write the figures of a review to hover over, as one HTML file, whole or not at all.

    Raises
    ------
    UsageError
        Where the file cannot be written.
    """
    target = writable(path, [".html"])
    figures = "".join(
        f"<figure><h3>{number} {escape(picture.title)}</h3>"
        f'<p class="finding">{escape(picture.sentence)}</p>{block(picture)}</figure>\n'
        for number, picture in enumerate(review.pictures(), start=1)
    )
    text = whole(review, f"<main><h1>{escape(review.title)}</h1>{figures}</main>\n{scripts()}")
    with replacing(target) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
    return target
