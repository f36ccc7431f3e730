"""One neutral sheet, filled alike from .xlsx, .xls and text."""

from jifen_analysis.intake.grid.model import Area, Fault, Grid, UnreadableError, Value, blank, count_filled
from jifen_analysis.intake.grid.opening import form, holds_table, open_grids

__all__ = [
    "Area",
    "Fault",
    "Grid",
    "UnreadableError",
    "Value",
    "blank",
    "count_filled",
    "form",
    "holds_table",
    "open_grids",
]
