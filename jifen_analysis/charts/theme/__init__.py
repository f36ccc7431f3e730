"""One look for every picture: fonts, colours, words and where they stand."""

from jifen_analysis.charts.theme.colours import (
    AMBER,
    BAD,
    BLUES,
    GOOD,
    GREY,
    INK,
    MAIN,
    PALE,
    PAPER,
    ROSE,
    SERIES,
    SOFT,
    best_first,
    grade_colours,
    lightness,
)
from jifen_analysis.charts.theme.order import in_order, ordered
from jifen_analysis.charts.theme.panels import Panels, panels
from jifen_analysis.charts.theme.pen import FONTS, SIDE, Pen, Style, Words, downwards, listed, named, share_bar, wrapped
from jifen_analysis.charts.theme.placing import Spot, placed

__all__ = [
    "AMBER",
    "BAD",
    "BLUES",
    "FONTS",
    "GOOD",
    "GREY",
    "INK",
    "MAIN",
    "PALE",
    "PAPER",
    "ROSE",
    "SERIES",
    "SIDE",
    "SOFT",
    "Panels",
    "Pen",
    "Spot",
    "Style",
    "Words",
    "best_first",
    "downwards",
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
