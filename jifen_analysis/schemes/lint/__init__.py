"""What a scheme leaves open, contradicts, or can hardly mean: found from the rule book alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jifen_analysis.schemes.lint import bands, members, notes, points, votes
from jifen_analysis.schemes.lint.finding import LintFinding
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.schemes.scheme import Scheme

__all__ = ["CHECKS", "LintFinding", "lint"]

CHECKS: tuple[Callable[[RuleBook], Iterator[LintFinding]], ...] = (
    bands.text_bands,
    bands.reach,
    points.text_sums,
    points.text_items,
    points.narrow,
    points.last_month,
    votes.ladders,
    members.classes,
    members.small_groups,
    notes.runs,
    notes.clauses,
    notes.silences,
    notes.assumptions,
    notes.readings,
)
"""Every check, in the order in which findings are listed."""


def lint(scheme: Scheme) -> tuple[LintFinding, ...]:
    """Return everything that the scheme's text leaves open, as far as the rule book shows it.

    Parameters
    ----------
    scheme : Scheme
        From ``read_scheme``, or a variant of one.

    Returns
    -------
    tuple of LintFinding
        By kind; each with its place in the file, a sentence and the clause.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> findings = lint(read_scheme("bureau_quarterly"))
    >>> print(next(finding.line() for finding in findings if finding.code == "no_place"))
    components.evaluation.items.ballot.quota: 名额为 0.2 舍去尾数,不满 5 人的支部一个也没有 〔五(一)4〕
    """
    return tuple(finding for check in CHECKS for finding in check(scheme.book))
