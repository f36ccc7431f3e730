"""One cell to one typed value, or one addressed problem."""

from jifen_analysis.intake.cells.column import Coded, ReadColumn, read_cell, read_column
from jifen_analysis.intake.cells.reading import Reading, nothing, plain, shown

__all__ = ["Coded", "ReadColumn", "Reading", "nothing", "plain", "read_cell", "read_column", "shown"]
