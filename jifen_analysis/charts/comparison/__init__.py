"""Pictures of how schemes, or readings of one, differ."""

from jifen_analysis.charts.comparison.pairs import moves, schemes, transitions
from jifen_analysis.charts.comparison.reasons import records, why

__all__ = ["moves", "records", "schemes", "transitions", "why"]
