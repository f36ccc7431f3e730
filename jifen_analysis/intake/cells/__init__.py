"""One cell to one typed value, or one addressed problem."""

from jifen_analysis.intake.cells.column import Coded, ReadColumn, read_cell, read_column
from jifen_analysis.intake.cells.reading import Reading, display_raw, is_nothing, is_number, plain, quoted, unspaced

__all__ = [
    "Coded",
    "ReadColumn",
    "Reading",
    "display_raw",
    "is_nothing",
    "is_number",
    "plain",
    "quoted",
    "read_cell",
    "read_column",
    "unspaced",
]
