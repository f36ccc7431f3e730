"""One look for every picture: fonts, colours, words and where they stand."""

from jifen_analysis.charts.theme.colours import (
    BAD,
    BLUES,
    GOOD,
    GREY,
    INK,
    MAIN,
    PALE,
    PAPER,
    SERIES,
    SOFT,
    UNGRADED,
    best_first,
    grade_colours,
    lightness,
)
from jifen_analysis.charts.theme.order import in_order, ordered
from jifen_analysis.charts.theme.panels import Panels, panels
from jifen_analysis.charts.theme.pen import FONTS, SIDE, Pen, Style, Words, listed, named, share_bar, wrapped
from jifen_analysis.charts.theme.placing import Spot, placed

__all__ = [
    "BAD",
    "BLUES",
    "FONTS",
    "GOOD",
    "GREY",
    "INK",
    "MAIN",
    "PALE",
    "PAPER",
    "SERIES",
    "SIDE",
    "SOFT",
    "UNGRADED",
    "Panels",
    "Pen",
    "Spot",
    "Style",
    "Words",
    "best_first",
    "grade_colours",
    "in_order",
    "lightness",
    "listed",
    "named",
    "ordered",
    "panels",
    "placed",
    "share_bar",
    "wrapped",
]
