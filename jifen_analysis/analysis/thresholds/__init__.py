"""Whether the lines between grades are drawn, reached and crossed fairly."""

from jifen_analysis.analysis.thresholds.binding import binding
from jifen_analysis.analysis.thresholds.bunching import bunching
from jifen_analysis.analysis.thresholds.classification import accuracy, livingston_lewis
from jifen_analysis.analysis.thresholds.review import near_cut, quota_audit, readings
from jifen_analysis.analysis.thresholds.selection import pass_curve, selection_rates
from jifen_analysis.summaries import Bunching, Classification

__all__ = [
    "Bunching",
    "Classification",
    "accuracy",
    "binding",
    "bunching",
    "livingston_lewis",
    "near_cut",
    "pass_curve",
    "quota_audit",
    "readings",
    "selection_rates",
]
