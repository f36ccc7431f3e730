"""Whether those who mark agree, and whether rows of marks repeat each other more often than chance has it."""

from jifen_analysis.analysis.raters.concordance import concordance
from jifen_analysis.analysis.raters.repetition import repeated_rows

__all__ = ["concordance", "repeated_rows"]
