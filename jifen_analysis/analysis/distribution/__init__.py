"""What scores look like, whether marks pile up on round numbers, whether items hang together."""

from jifen_analysis.analysis.distribution.digits import heaping
from jifen_analysis.analysis.distribution.items import reliability
from jifen_analysis.analysis.distribution.shape import ecdf, summary

__all__ = ["ecdf", "heaping", "reliability", "summary"]
