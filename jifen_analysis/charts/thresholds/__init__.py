"""Pictures of cut scores: who reaches them, who is kept out, where scores pile up."""

from jifen_analysis.charts.thresholds.bunching import bunching
from jifen_analysis.charts.thresholds.classification import accuracy, livingston_lewis
from jifen_analysis.charts.thresholds.review import near_cut, quota_audit, readings
from jifen_analysis.charts.thresholds.selection import pass_curve, selection_rates

__all__ = [
    "accuracy",
    "bunching",
    "livingston_lewis",
    "near_cut",
    "pass_curve",
    "quota_audit",
    "readings",
    "selection_rates",
]
