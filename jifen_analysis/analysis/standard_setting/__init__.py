"""Where judges would draw the line between two grades, beside where it is drawn today."""

from jifen_analysis.analysis.standard_setting.acceptance import BOUNDS, hofstee
from jifen_analysis.analysis.standard_setting.expectation import angoff
from jifen_analysis.analysis.standard_setting.groups import contrasting_groups
from jifen_analysis.analysis.standard_setting.ratings import CHOICES, ballot_ratings, borderline_regression
from jifen_analysis.analysis.standard_setting.setting import StandardSetting, moves

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
