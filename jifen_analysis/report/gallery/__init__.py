"""Every chart of the gallery, drawn of any result: an analysis asked with its parameters, then its namesake's chart."""

from jifen_analysis.report.gallery.drawing import chart_options, charts, draw_chart
from jifen_analysis.report.gallery.subject import Subject

__all__ = ["Subject", "chart_options", "charts", "draw_chart"]
