"""Every line behind one number: the ledger with its records, and what was decided on it."""

from jifen_analysis.scoring.explain.api import explain, explained_lines
from jifen_analysis.scoring.explain.explanation import Explanation

__all__ = ["Explanation", "explain", "explained_lines"]
