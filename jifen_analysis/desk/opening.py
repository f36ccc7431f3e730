"""A folder and a scheme, read, checked and scored: nothing is lost where something is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

from jifen_analysis.errors import InvalidRecords, JifenError, Problem, join_problems, kinds_of
from jifen_analysis.intake import Check, check
from jifen_analysis.periods import Period
from jifen_analysis.report.redact import common_words, redact_problem
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment

_SHOWN = 1000
"""Problems of one kind and sheet that the page lists."""


@dataclass(frozen=True)
class Opened:
    """What was found in a folder under a scheme.

    Parameters
    ----------
    folder : Path
        Where the data are.
    scheme : Scheme
        What they are scored under.
    check : Check
        Every problem, and the records of the files without error.
    refused : tuple of Problem
        What scoring found besides.
    whole, last : Assessment or None
        The result of every period, and of the last one with totals; ``None`` where nothing can be scored.
    """

    folder: Path
    scheme: Scheme
    check: Check
    refused: Sequence[Problem]
    whole: Assessment | None
    last: Assessment | None

    @property
    def period(self) -> str:
        """The last period with totals; blank where there is none."""
        return str(self.last.table["period"].iloc[0]) if self.last is not None else ""

    @cached_property
    def problems(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Every problem by file (of one kind, as many as a page takes), without names, errors first."""
        kinds = kinds_of(join_problems(self.check.problems, self.refused))
        shown = (one for kind in kinds for one in kind[:_SHOWN])
        ordered = sorted(shown, key=lambda one: (one.file, one.severity))
        common = common_words(ordered)
        return tuple((file, tuple(_lines(found, common))) for file, found in groupby(ordered, key=lambda one: one.file))

    @property
    def verdict(self) -> str:
        """What becomes of the data, in one sentence."""
        errors, notes = len(self.check.errors) + len(self.refused), len(self.check.notes)
        left = f";有错误的文件没有计入:{'、'.join(self.check.refused)}" if self.check.refused else ""
        return f"{len(self.check.files)} 个文件,{errors} 处错误,{notes} 处提示{left}"


def _lines(problems: Iterator[Problem], common: Collection[str]) -> Iterator[str]:
    for one in problems:
        mark = "错误" if one.severity == "error" else "提示"
        place = "!".join(part for part in (one.sheet, one.cell) if part)
        yield f"{mark} {place}{':' if place else ''}{redact_problem(one, 'zh', common)}"


def open_folder(folder: str | Path, scheme: str | Path) -> Opened:
    """Read a folder and score what has no error.

    Parameters
    ----------
    folder : str or Path
        A folder or file, as for ``check``.
    scheme : str or Path
        A built-in name or a file.

    Raises
    ------
    UsageError, InvalidScheme
        Where there is no such folder or scheme, or the scheme has mistakes.
    """
    rules = read_scheme(scheme)
    found = check(folder, scheme=rules)
    whole, refused = _scored(found, rules)
    return Opened(Path(folder), rules, found, refused, whole, _last(whole))


def _scored(found: Check, scheme: Scheme) -> tuple[Assessment | None, Sequence[Problem]]:
    if found.records is None:
        return None, ()
    try:
        return assess(found.records, scheme), ()
    except InvalidRecords as refusal:
        return None, refusal.problems


def _last(whole: Assessment | None) -> Assessment | None:
    scored = whole.table.dropna(subset="total")["period"].unique() if whole is not None else ()
    if whole is None or whole.records is None or not len(scored):
        return None
    return assess(whole.records, whole.scheme, periods=[max(map(str, scored), key=Period.parse)])


def explanation(result: Assessment, member: str, period: str) -> str:
    """Return the explanation of a member's score as HTML, or why there is none."""
    try:
        return str(result.explain(member.strip(), period)._repr_html_())
    except JifenError as refusal:
        return f"<p>{refusal.message()}</p>"
