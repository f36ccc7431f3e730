"""One neutral sheet, filled alike from .xlsx, .xls and text."""

from jifen_analysis.intake.grid.model import (
    AUTHOR,
    PROGRAM,
    Area,
    Cells,
    Fault,
    Grid,
    MonthDay,
    UnreadableError,
    Value,
    YearMonth,
    cells_at,
    count_filled,
    distinct_cells,
    is_blank,
    rows_where,
)
from jifen_analysis.intake.grid.opening import form, holds_table, open_grids

__all__ = [
    "AUTHOR",
    "PROGRAM",
    "Area",
    "Cells",
    "Fault",
    "Grid",
    "MonthDay",
    "UnreadableError",
    "Value",
    "YearMonth",
    "cells_at",
    "count_filled",
    "distinct_cells",
    "form",
    "holds_table",
    "is_blank",
    "open_grids",
    "rows_where",
]
