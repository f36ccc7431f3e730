"""Charts that an office can edit and restyle: the same ones for slides and for Word."""

from jifen_analysis.report.office.spec import Chart, Grid, Series, editable

__all__ = ["Chart", "Grid", "Series", "editable"]
