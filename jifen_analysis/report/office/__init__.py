"""Charts that an office can edit and restyle: the same ones for slides and for Word."""

from jifen_analysis.report.office.spec import ChartSpec, GridSpec, SeriesSpec, editable

__all__ = ["ChartSpec", "GridSpec", "SeriesSpec", "editable"]
