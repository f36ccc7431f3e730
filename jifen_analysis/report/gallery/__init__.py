"""Every chart of the gallery, drawn of any result: an analysis asked with its parameters, then its namesake's chart."""

from jifen_analysis.report.gallery.drawing import charts, draw_chart, parameters
from jifen_analysis.report.gallery.subject import Subject

__all__ = ["Subject", "charts", "draw_chart", "parameters"]
