"""The head of a page: what it is called, how it looks, from what it was made."""

from __future__ import annotations

import json
from html import escape

from jifen_analysis.report.review import Review
from jifen_analysis.report.style import STYLE


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
        f"<title>{escape(review.title)}</title><style>{STYLE}</style></head>\n<body>{body}</body></html>\n"
    )
