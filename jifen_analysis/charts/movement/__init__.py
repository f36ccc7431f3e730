"""Pictures of who moved from one year to the next."""

from jifen_analysis.charts.movement.change import attribution, ranks, regression_to_mean, whereabouts
from jifen_analysis.charts.movement.grades import flows, mobility, transitions
from jifen_analysis.charts.movement.paired import paired_change

__all__ = [
    "attribution",
    "flows",
    "mobility",
    "paired_change",
    "ranks",
    "regression_to_mean",
    "transitions",
    "whereabouts",
]
