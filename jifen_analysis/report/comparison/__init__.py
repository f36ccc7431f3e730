"""Schemes and readings side by side: how far they agree, who moves, why, and what hangs on a reading."""

from jifen_analysis.report.comparison.facts import Compared, Pair, compare_results, contenders, unnamed_comparison
from jifen_analysis.report.comparison.page import comparison_page
from jifen_analysis.report.comparison.sheets import comparison_sheets

__all__ = [
    "Compared",
    "Pair",
    "compare_results",
    "comparison_page",
    "comparison_sheets",
    "contenders",
    "unnamed_comparison",
]
