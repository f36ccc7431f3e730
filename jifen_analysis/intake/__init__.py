"""What comes from the branches, and what goes back to them."""

from jifen_analysis.intake.check import Check
from jifen_analysis.intake.coverage import coverage, off_the_list
from jifen_analysis.intake.load import check, load
from jifen_analysis.intake.results import read_results
from jifen_analysis.intake.returned import return_copies
from jifen_analysis.intake.template import write_template

__all__ = [
    "Check",
    "check",
    "coverage",
    "load",
    "off_the_list",
    "read_results",
    "return_copies",
    "write_template",
]
