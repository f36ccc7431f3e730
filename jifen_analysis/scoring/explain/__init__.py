"""Every line behind one number: the ledger with its records, and what was decided on it."""

from jifen_analysis.scoring.explain.account import Account
from jifen_analysis.scoring.explain.asking import explain, explained_lines
from jifen_analysis.scoring.explain.explanation import Explanation

__all__ = ["Account", "Explanation", "explain", "explained_lines"]
