"""Every line behind one number: the ledger with its records, and what was decided on it."""

from jifen_analysis.scoring.explain.api import Explanation, explain, explained_lines

__all__ = ["Explanation", "explain", "explained_lines"]
