"""The head of a page: what it is called, from what it was made, how it looks on a desk, on a phone, on paper."""

from __future__ import annotations

import json
from html import escape

from jifen_analysis.report.review import Review


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
