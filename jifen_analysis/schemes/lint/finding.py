"""One thing that the linter has to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jifen_analysis.errors import Lang, Text
from jifen_analysis.schemes.model import RuleBook, Sourced


@dataclass(frozen=True)
class LintFinding:
    """One thing to know, or to settle, before a scheme is used.

    Parameters
    ----------
    code : str
        A stable name of the kind of finding.
    path : str
        Dotted path in the file.
    text : Text
        A sentence in Chinese and in English.
    clause : str
        Where it stands in the source; empty where it does not.
    """

    code: str
    path: str
    text: Text
    clause: str = ""

    def message(self, lang: Lang = "zh") -> str:
        """Return the sentence in one language."""
        return self.text.message(lang)

    def line(self, lang: Lang = "zh") -> str:
        """Return place, sentence and clause in one line."""
        clause = f" 〔{self.clause}〕" if self.clause else ""
        return f"{self.path}: {self.message(lang)}{clause}"


def clause_of(path: str, book: RuleBook) -> str:
    """Return the clause that holds at a path: its own, or that of the nearest part around it.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> clause_of("components.daily.items.dues.rules.late.tiers", read_scheme("community_60_40").book)
    '第四条(三)'
    """
    here: Any = book
    clause = ""
    for step in path.split("."):
        here = _child(here, step)
        if isinstance(here, Sourced) and here.clause:
            clause = here.clause
    return clause


def _child(part: Any, step: str) -> Any:
    if isinstance(part, Mapping):
        return part.get(step)
    return part[int(step)] if isinstance(part, tuple) else getattr(part, step, None)
