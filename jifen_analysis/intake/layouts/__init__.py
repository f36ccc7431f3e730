"""Which table a sheet holds, where its header is, what each row and column is; sees only grids."""

from jifen_analysis.intake.layouts.block import Block, Layout, Spread
from jifen_analysis.intake.layouts.sheet import lay_out
from jifen_analysis.intake.layouts.surroundings import Surroundings, names_year, surroundings, year_in

__all__ = ["Block", "Layout", "Spread", "Surroundings", "lay_out", "names_year", "surroundings", "year_in"]
