"""A review as one HTML file: opens without a network, prints to A4, fits a phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from itertools import count
from pathlib import Path

from plotly.offline import get_plotlyjs

from jifen_analysis.report.review import Picture, Review, Section, Table
from jifen_analysis.report.review.bare import footless
from jifen_analysis.saving import replacing, writable

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.7 "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif; color: #1F2933; margin: 0; }
main { max-width: 680px; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.3; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .6rem; border-bottom: 2px solid #1F5A99; padding-bottom: .2rem; }
h3 { font-size: 1.02rem; margin: 1.4rem 0 .2rem; }
p { margin: .3rem 0; overflow-wrap: anywhere; }
.quiet { color: #52606D; font-size: .86rem; }
.finding { font-size: 1.02rem; border-left: 4px solid #1F5A99; padding-left: .7rem; margin: .2rem 0 .8rem; }
.words { white-space: pre-wrap; font-size: .86rem; margin: .05rem 0; }
figure { margin: 1.2rem 0 1.8rem; break-inside: avoid; }
.plot { width: 100%; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; margin: .4rem 0; }
th, td { border-bottom: 1px solid #D5DBE1; padding: .25rem .45rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { background: #EEF3F8; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr { break-inside: avoid; }
h2, h3 { break-after: avoid; }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  body { font-size: 14px; line-height: 1.5; }
  main { padding: 0; }
  h2 { margin-top: 1.2rem; }
  figure { margin: .5rem 0 .8rem; }
  .appendix { break-before: page; }
  .appendix h2 { margin-top: 0; }
}
"""

DRAW = """
for (const node of document.querySelectorAll("script[data-figure]")) {
  const spec = JSON.parse(node.textContent);
  const options = {responsive: true, displaylogo: false, displayModeBar: false};
  Plotly.newPlot(node.dataset.figure, spec.data, spec.layout, options);
}
"""


def page(review: Review) -> str:
    """Return a review as HTML, plotly and every figure inside.

    Parameters
    ----------
    review : Review
        From ``review``.

    Returns
    -------
    str
        The same review gives the same text.
    """
    numbers = count(1)
    body = "".join(_section(review, place, section, numbers) for place, section in enumerate(review.sections))
    head = f"<h1>{escape(review.title)}</h1><p class='quiet'>{escape(review.subtitle)}</p>"
    lang = "zh-CN" if review.lang == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>{escape(review.title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main>{head}{body}</main>\n<script>{get_plotlyjs()}</script>\n<script>{DRAW}</script></body></html>\n"
    )


_FRONT = 2
"""Sections before the appendix: the summary and the figures that decide."""


def _section(review: Review, place: int, section: Section, numbers: Iterator[int]) -> str:
    kind = ' class="appendix"' if place == _FRONT else ""
    blocks = "".join(_block(review, block, numbers) for block in section.blocks)
    return f"<section{kind}><h2>{escape(section.title)}</h2>{blocks}</section>\n"


def _block(review: Review, block: str | Table | Picture, numbers: Iterator[int]) -> str:
    if isinstance(block, Picture):
        return _picture(block, next(numbers), review.lang)
    if isinstance(block, Table):
        return _table(block)
    kind = ' class="words"' if block.startswith(" ") else ""
    return f"<p{kind}>{escape(block)}</p>"


def _picture(picture: Picture, number: int, lang: str) -> str:
    bare, source = footless(picture.figure)
    name = f"图{number}" if lang == "zh" else f"Figure {number}."
    spec = json.dumps(json.loads(bare.to_json()), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return (
        f"<figure><h3>{name} {escape(picture.title)}</h3>"
        f'<div class="plot" id="{picture.key}" style="height:{bare.layout.height:.0f}px"></div>'
        f'<script type="application/json" data-figure="{picture.key}">{spec}</script>'
        f'<p class="quiet">{escape(source)}</p>'
        f'<p class="finding">{escape(picture.sentence)}</p></figure>'
    )


def _table(table: Table) -> str:
    first = len(table.headers) - table.numbers
    heads = "".join(f"<th{_number(at, first)}>{escape(head)}</th>" for at, head in enumerate(table.headers))
    rows = "".join(
        "<tr>" + "".join(f"<td{_number(at, first)}>{escape(cell)}</td>" for at, cell in enumerate(row)) + "</tr>"
        for row in table.rows
    )
    note = f'<p class="quiet">{escape(table.note)}</p>' if table.note else ""
    return f"<h3>{escape(table.title)}</h3><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{note}"


def _number(at: int, first: int) -> str:
    return ' class="number"' if at >= first else ""


def write_page(review: Review, path: str | Path) -> Path:
    """Write a review as one HTML file, whole or not at all.

    Raises
    ------
    UsageError
        Where the file cannot be written.
    """
    target = writable(path, [".html"])
    with replacing(target) as beside:
        beside.write_text(page(review), encoding="utf-8", newline="\n")
    return target
