"""A review as one HTML file: opens without a network and without scripts, prints to A4, fits a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from pathlib import Path

import plotly.graph_objects as go

from jifen_analysis.charts.theme import rename_points, wrap_text
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.report.images import render
from jifen_analysis.report.needs import lacking_for_images
from jifen_analysis.report.review import Picture, Point, Points, Review, Section, Table
from jifen_analysis.report.review.model import Voice
from jifen_analysis.report.review.strip_titles import footless
from jifen_analysis.saving import replacing, scratch, writable


def whole(review: Review, body: str) -> str:
    """Return a page with its head; the origin stands there, where programs read it and nobody has to.

    Parameters
    ----------
    review : Review
        What the page says.
    body : str
        HTML.
    """
    lang = "zh-CN" if review.lang == "zh" else "en"
    made = escape(json.dumps(dict(review.made), ensure_ascii=False, sort_keys=True)) if review.made else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        + (f'<meta name="jifen:origin" content="{made}">' if made else "")
        + '<link rel="icon" href="data:,">'
        f"<title>{escape(review.title)}</title><style>{_STYLE}</style></head>\n<body>{body}</body></html>\n"
    )


_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.7 "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif; color: #1F2933; margin: 0; }
main { max-width: 680px; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.3; margin: 0 0 .3rem; }
h2, summary { font-size: 1.25rem; font-weight: bold; margin: 2rem 0 .6rem; border-bottom: 2px solid #1F5A99;
  padding-bottom: .2rem; }
summary { cursor: pointer; }
h3 { font-size: 1.02rem; margin: 1.4rem 0 .2rem; }
p { margin: .3rem 0; overflow-wrap: anywhere; }
a { color: #1F5A99; }
nav ol { columns: 2; font-size: .9rem; margin: .8rem 0 0; padding-left: 1.4rem; }
.points { margin: .3rem 0; padding-left: 1.5rem; }
.points li { margin: .35rem 0; }
ol.points > li { font-size: 1.05rem; }
.points a { white-space: nowrap; }
.quiet { color: #52606D; font-size: .86rem; }
.finding { font-size: 1.02rem; border-left: 4px solid #1F5A99; padding-left: .7rem; margin: .3rem 0 .6rem; }
.fine p { font-size: .86rem; margin: .15rem 0; }
.words { white-space: pre-wrap; font-size: .86rem; margin: .05rem 0; }
figure { margin: 1.2rem 0 1.8rem; break-inside: avoid; }
.plot { width: 100%; }
svg { display: block; width: 100%; height: auto; }
svg svg { display: inline; width: auto; }
svg.narrow { display: none; }
.table { overflow-x: auto; margin: .4rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
th, td { border-bottom: 1px solid #D5DBE1; padding: .25rem .45rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; min-width: 5.2em; }
.number { min-width: 2.9em; }
th { background: #EEF3F8; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
tr { break-inside: avoid; }
tr:nth-last-child(-n+2):not(:first-child) { break-before: avoid; }
h2, h3 { break-after: avoid; }
@page { size: A4; margin: 15mm 14mm 17mm; @bottom-center { content: counter(page) " / " counter(pages);
  font: 9px sans-serif; color: #52606D; } }
@media screen and (max-width: 560px) {
  svg.wide { display: none; }
  svg.narrow { display: block; }
  nav ol { columns: 1; }
  main { padding: 1rem .75rem 3rem; }
}
@media print {
  html { font-size: 13.3px; }
  body { font-size: 1rem; line-height: 1.45; }
  main { padding: 0; max-width: none; }
  h2, summary { margin-top: .9rem; }
  h3 { margin-top: .7rem; }
  figure { margin: .3rem 0 .5rem; }
  figure svg.wide { width: 66%; max-height: 228mm; margin: 0 auto; }
  .table { overflow: visible; }
  th, td { padding: .12rem .45rem; }
  .short { break-inside: avoid; }
  .abreast { columns: 2; column-gap: 2em; }
  .screen, details:not([open]) { display: none; }
  .fine { columns: 2; }
  .fine p { font-size: .76rem; margin: .05rem 0; }
  summary { list-style: none; break-after: avoid; }
  .fine .words { font-size: .63rem; line-height: 1.3; }
  a { color: inherit; text-decoration: none; }
}
"""


# ---------------------------------------------------------------- the page


Markup = Mapping[str, tuple[str, str]]


def page(review: Review, beside: str = "") -> str:
    """Return a review as HTML.

    Parameters
    ----------
    review : Review
        From ``review``.
    beside : str
        The name of the file that has the figures to hover over, where there is one.

    Returns
    -------
    str
        Figures as drawings; where they cannot be drawn, to be drawn by the reader's
        browser, and a line that says so. The same review gives the same text.
    """
    drawn, lacking = _drawn(review)
    numbers, voice = review.numbers(), Voice(review.lang)
    missing = voice.say(f"未能画成静态图：{lacking.zh}", f"not drawn beforehand: {lacking.en}") if lacking else ""
    head = (
        f"<h1>{escape(review.title)}</h1><p class='quiet'>{escape(review.subtitle)}</p>"
        + (f"<p class='quiet'>{escape(missing)}</p>" if missing else "")
        + _contents(review, beside if drawn else "")
    )
    body = "".join(_section(review, place, section, numbers, drawn) for place, section in enumerate(review.sections))
    end = "" if drawn or not numbers else scripts()
    return whole(review, f"<main>{head}{body}</main>\n{end}")


def _drawn(review: Review) -> tuple[Markup, Text | None]:
    """Return the drawings, or why there are none."""
    lacking = lacking_for_images()
    if lacking is not None:
        return {}, lacking
    try:
        return drawings(list(review.pictures())), None
    except UsageError as refusal:
        return {}, refusal.text


def _contents(review: Review, beside: str) -> str:
    voice = Voice(review.lang)
    entries = "".join(
        f'<li><a href="#s{place}">{escape(section.title)}</a></li>' for place, section in enumerate(review.sections)
    )
    more = voice.say("可悬停查看数值的交互图", "figures to hover over")
    link = f'<p class="quiet screen"><a href="{escape(beside)}">{escape(more)}</a></p>' if beside else ""
    return f'<nav class="screen" aria-label="{voice.say("目录", "contents")}"><ol>{entries}</ol>{link}</nav>\n'


def _section(review: Review, place: int, section: Section, numbers: Mapping[str, int], drawn: Markup) -> str:
    blocks = "".join(_block(review, block, numbers, drawn) for block in section.blocks)
    title = escape(section.title)
    if section.folded:
        fine = all(isinstance(block, str) for block in section.blocks)
        inside = f'<div class="fine">{blocks}</div>' if fine else blocks
        return f'<details id="s{place}"><summary>{title}</summary>{inside}</details>\n'
    return f'<section id="s{place}"><h2>{title}</h2>{blocks}</section>\n'


def _block(review: Review, block: str | Table | Picture | Points, numbers: Mapping[str, int], drawn: Markup) -> str:
    if isinstance(block, Picture):
        return _picture(review, block, numbers[block.key], drawn)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Points):
        return _points(review, block)
    kind = ' class="words"' if block.startswith(" ") else ""
    return f"<p{kind}>{escape(block)}</p>"


def _points(review: Review, block: Points) -> str:
    voice, tag, shown = Voice(review.lang), "ol" if block.numbered else "ul", review.told_by()

    def point_html(point: Point) -> str:
        note = f' <span class="quiet">{escape(voice.say(f"（{point.note}）", f"({point.note})"))}</span>'
        name = shown.get(point.shown_by, "")
        link = f' <a href="#{point.shown_by}">{escape(name)}</a>'
        return f"<li>{escape(point.text)}{note if point.note else ''}{link if name else ''}</li>"

    items = "".join(map(point_html, block.points))
    return f'<{tag} class="points">{items}</{tag}>'


def _picture(review: Review, picture: Picture, number: int, drawn: Markup) -> str:
    _, source = footless(picture.figure)
    name = f"图{number}" if review.lang == "zh" else f"Figure {number}."
    shown = "".join(drawn[picture.key]) if picture.key in drawn else interactive_block(picture)
    return (
        f'<figure id="{picture.key}"><h3>{name} {escape(picture.title)}</h3>'
        f'<p class="finding">{escape(picture.sentence)}</p>{shown}'
        f'<p class="quiet">{escape(source)}</p></figure>'
    )


def _table(table: Table) -> str:
    first = len(table.headers) - table.numbers
    heads = "".join(f"<th{_number(at, first)}>{escape(head)}</th>" for at, head in enumerate(table.headers))
    rows = "".join(
        "<tr>" + "".join(f"<td{_number(at, first)}>{escape(cell)}</td>" for at, cell in enumerate(row)) + "</tr>"
        for row in table.rows
    )
    note = f'<p class="quiet">{escape(table.note)}</p>' if table.note else ""
    place = f' id="{table.key}"' if table.key else ""
    head = f"<h3{place}>{escape(table.title)}</h3>"
    kind = "table short" if len(table.rows) <= _SHORT else "table"  # a longer one may go on on the next page
    kind += " abreast" if len(table.rows) > _LONG and len(table.headers) <= min(_FEW, table.numbers + 1) else ""
    body = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f'{head}<div class="{kind}">{body}</div>{note}'


_SHORT = 8
"""Rows of a table that stays on one page of paper."""

_LONG, _FEW = 30, 5
"""Rows of a table of numbers that goes on beside itself on paper, and the columns that leave room for it."""


def _number(at: int, first: int) -> str:
    return ' class="number"' if at >= first else ""


def write_page(review: Review, path: str | Path) -> list[Path]:
    """Write a review as an HTML file, and its figures to hover over as a second beside it, whole or not at all.

    Returns
    -------
    list of Path
        The page; the second file, where the page has drawings.

    Raises
    ------
    UsageError
        Where a file cannot be written.
    """
    target = writable(path, [".html"])
    second = target.with_name(f"{target.stem}{Voice(review.lang).say('-交互图', '-interactive')}.html")
    text = page(review, second.name)
    with replacing(target) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
    return [target, write_interactive(review, second)] if '<svg class="wide"' in text else [target]


# ---------------------------------------------------------------- drawings


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


# ---------------------------------------------------------------- figures that move


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


def interactive_block(picture: Picture) -> str:
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
        f'<p class="finding">{escape(picture.sentence)}</p>{interactive_block(picture)}</figure>\n'
        for number, picture in enumerate(review.pictures(), start=1)
    )
    text = whole(review, f"<main><h1>{escape(review.title)}</h1>{figures}</main>\n{scripts()}")
    with replacing(target) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
    return target
