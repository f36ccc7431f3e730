"""Which table a sheet holds, where its header is, what each row and column is; sees only grids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_analysis.intake.layouts.block import Block, Layout, Spread
from jifen_analysis.intake.layouts.surroundings import Surroundings, names_year, surroundings, year_in

if TYPE_CHECKING:
    from jifen_analysis.intake.grid import Grid
    from jifen_analysis.intake.layouts.block import Hints
    from jifen_analysis.vocabulary import Vocabulary

__all__ = ["Block", "Layout", "Spread", "Surroundings", "lay_out", "names_year", "surroundings", "year_in"]


def lay_out(grid: Grid, words: Vocabulary, year: int | None = None, hints: Hints | None = None) -> Layout:
    """Find the tables on a sheet: see :func:`jifen_analysis.intake.layouts.sheet.lay_out_sheet`."""
    # All layouts together are a long import; who reads columns of Parquet needs none.
    from jifen_analysis.intake.layouts.sheet import lay_out_sheet

    return lay_out_sheet(grid, words, year, hints)
