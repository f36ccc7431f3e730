"""The copy that goes back: the branch's own workbook with every mistake marked where it is.

A workbook is marked inside its package: only what a mark needs is written,
every other byte of it stays, so that nothing the branch made is lost.
"""

from jifen_analysis.intake.returned.copies import SUFFIX, return_copies
from jifen_analysis.intake.returned.marks import MOST_MARKS

__all__ = ["MOST_MARKS", "SUFFIX", "return_copies"]
