"""Who moved between two years, how much, and whether it means anything."""

from jifen_analysis.analysis.movement.causes import attribution
from jifen_analysis.analysis.movement.change import paired_change, ranks, regression_to_mean, whereabouts
from jifen_analysis.analysis.movement.grades import mobility, transitions
from jifen_analysis.summaries import Transitions

__all__ = [
    "Transitions",
    "attribution",
    "mobility",
    "paired_change",
    "ranks",
    "regression_to_mean",
    "transitions",
    "whereabouts",
]
