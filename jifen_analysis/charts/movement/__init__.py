"""Pictures of who moved from one year to the next."""

from jifen_analysis.charts.movement.change import attribution, ranks, regression_to_mean
from jifen_analysis.charts.movement.grades import flows, transitions

__all__ = ["attribution", "flows", "ranks", "regression_to_mean", "transitions"]
