"""What comes from the branches, and what goes back to them."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from jifen_analysis.intake.check import Check
from jifen_analysis.intake.coverage import coverage, off_the_list
from jifen_analysis.intake.load import check, load

if TYPE_CHECKING:
    from jifen_analysis.intake.judgements import read_judgements, write_judgement_form
    from jifen_analysis.intake.results import read_results
    from jifen_analysis.intake.returned import return_copies
    from jifen_analysis.intake.template import write_template

__all__ = [
    "Check",
    "check",
    "coverage",
    "load",
    "off_the_list",
    "read_judgements",
    "read_results",
    "return_copies",
    "write_judgement_form",
    "write_template",
]

_LATER = {
    "read_judgements": "judgements",
    "read_results": "results",
    "return_copies": "returned",
    "write_judgement_form": "judgements",
    "write_template": "template",
}
"""These open or write workbooks; who reads a converted folder does not wait for what that takes."""


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
