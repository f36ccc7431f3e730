"""One neutral sheet, filled alike from .xlsx, .xls and text."""

from jifen_analysis.intake.grid.model import (
    AUTHOR,
    PROGRAM,
    Area,
    CodedCells,
    Fault,
    Grid,
    MonthDay,
    UnreadableError,
    Value,
    YearMonth,
    cells_at,
    count_filled,
    indices,
    is_blank,
)
from jifen_analysis.intake.grid.opening import form, holds_table, open_grids

__all__ = [
    "AUTHOR",
    "PROGRAM",
    "Area",
    "CodedCells",
    "Fault",
    "Grid",
    "MonthDay",
    "UnreadableError",
    "Value",
    "YearMonth",
    "cells_at",
    "count_filled",
    "form",
    "holds_table",
    "indices",
    "is_blank",
    "open_grids",
]
