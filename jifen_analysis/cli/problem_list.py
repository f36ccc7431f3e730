"""Problems as lines: each for itself while they are few, by kind where they are very many."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from jifen_analysis.errors import ManyProblems, Problem

MOST = 150
"""Lines up to which problems are told more finely."""
_CELLS = 5
"""Cells named of very many problems of a kind."""
_BY_RULE = frozenset({"date_serial", "day_as_month", "id_read", "month_as_day", "month_read", "number_read"})
"""Notes that one rule made of many cells: “1998.7” and “2003.5” as the first of the month are one thing to know."""


@dataclass(frozen=True)
class ProblemLine:
    """Problems that are told together.

    Parameters
    ----------
    problem : Problem
        The first of them.
    cells : tuple of str
        Where they stand; of very many, the first few.
    count : int
        How many there are.
    files : int
        In how many files.
    kind : bool
        Whether they are only of one kind, and may each say something else.
    """

    problem: Problem
    cells: tuple[str, ...]
    count: int
    files: int
    kind: bool


def lines(problems: Iterable[Problem]) -> list[ProblemLine]:
    """Return problems in at most some 150 lines, or one for each kind where there are more kinds than that.

    Equal notes of a sheet are always told together, and so are what one rule
    made of many cells and a spelling that nobody knows, which is one mistake
    however often it stands there; other
    errors stand one by one, for each has to be mended, until they are too many
    to be read: then together by sheet and kind, then by kind alone.
    """
    if isinstance(problems, ManyProblems):
        return _of_kinds(problems)
    found = list(problems)
    for grain in (_each, _by_sheet, _by_kind):
        told = _grouped(found, grain)
        if len(told) <= MOST:
            return told
    return told


def _of_kinds(problems: ManyProblems) -> list[ProblemLine]:
    """Return a line for each kind of each sheet, or for each kind where those are too many."""
    kinds = [_line(kind[:_CELLS], len(kind), {kind[0].file}) for kind in problems.kinds()]
    if len(kinds) <= MOST:
        return kinds
    groups: dict[Hashable, list[ProblemLine]] = {}
    for one in kinds:
        groups.setdefault(_by_kind(0, one.problem), []).append(one)
    return [_together(same) for same in groups.values()]


def _together(same: Sequence[ProblemLine]) -> ProblemLine:
    files = len({one.problem.file for one in same})
    return replace(same[0], count=sum(one.count for one in same), files=files, kind=True)


def _each(at: int, one: Problem) -> Hashable:
    alone = one.severity == "error" and one.code != "unknown_word"
    by_rule = one.severity == "note" and one.code in _BY_RULE
    return (one.file, one.sheet, one.code if by_rule else one.message(), at if alone else None)


def _by_sheet(_: int, one: Problem) -> Hashable:
    return (one.file, one.sheet, one.severity, one.code, one.kind)


def _by_kind(_: int, one: Problem) -> Hashable:
    return (one.severity, one.code)


def _grouped(problems: Sequence[Problem], grain: Callable[[int, Problem], Hashable]) -> list[ProblemLine]:
    groups: dict[Hashable, list[Problem]] = {}
    for at, one in enumerate(problems):
        groups.setdefault(grain(at, one), []).append(one)
    lines_ = ((same, {one.file for one in same}) for same in groups.values())
    return [replace(_line(same, len(same), files), kind=_vary(same, grain)) for same, files in lines_]


def _vary(same: Sequence[Problem], grain: Callable[[int, Problem], Hashable]) -> bool:
    """Return whether problems told together may each say something else."""
    return len(same) > 1 and (grain is not _each or len({one.message() for one in same}) > 1)


def _line(same: Sequence[Problem], count: int, files: Collection[str]) -> ProblemLine:
    return ProblemLine(same[0], tuple(one.cell for one in same), count, len(files), count > 1)
