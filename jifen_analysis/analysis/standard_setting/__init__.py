"""Where judges would draw the line between two grades, beside where it is drawn today."""

from jifen_analysis.analysis.standard_setting.methods import (
    BOUNDS,
    CHOICES,
    angoff,
    ballot_ratings,
    borderline_regression,
    contrasting_groups,
    hofstee,
)
from jifen_analysis.analysis.standard_setting.setting import moves
from jifen_analysis.summaries import StandardSetting

__all__ = [
    "BOUNDS",
    "CHOICES",
    "StandardSetting",
    "angoff",
    "ballot_ratings",
    "borderline_regression",
    "contrasting_groups",
    "hofstee",
    "moves",
]
