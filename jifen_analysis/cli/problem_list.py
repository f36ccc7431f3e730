"""Problems as lines: each for itself while they are few, by kind where they are very many."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from jifen_analysis.errors import Problem

MOST = 150
"""Lines up to which problems are told more finely."""


@dataclass(frozen=True)
class ProblemLine:
    """Problems that are told together.

    Parameters
    ----------
    problem : Problem
        The first of them.
    cells : tuple of str
        Where they stand.
    files : int
        In how many files.
    kind : bool
        Whether they are only of one kind, and may each say something else.
    """

    problem: Problem
    cells: tuple[str, ...]
    files: int
    kind: bool


def lines(problems: Iterable[Problem]) -> list[ProblemLine]:
    """Return problems in at most some 150 lines, or one for each kind where there are more kinds than that.

    Equal notes of a sheet are always told together, and so is a spelling that
    nobody knows, which is one mistake however often it stands there; other
    errors stand one by one, for each has to be mended, until they are too many
    to be read: then together by sheet and kind, then by kind alone.
    """
    found = list(problems)
    for grain in (_each, _by_sheet, _by_kind):
        told = _grouped(found, grain)
        if len(told) <= MOST:
            return told
    return told


def _each(at: int, one: Problem) -> Hashable:
    alone = one.severity == "error" and one.code != "unknown_word"
    return (one.file, one.sheet, one.message(), at if alone else None)


def _by_sheet(_: int, one: Problem) -> Hashable:
    return (one.file, one.sheet, one.severity, one.code, one.kind)


def _by_kind(_: int, one: Problem) -> Hashable:
    return (one.severity, one.code)


def _grouped(problems: Sequence[Problem], grain: Callable[[int, Problem], Hashable]) -> list[ProblemLine]:
    groups: dict[Hashable, list[Problem]] = {}
    for at, one in enumerate(problems):
        groups.setdefault(grain(at, one), []).append(one)
    return [_line(same, kind=grain is not _each) for same in groups.values()]


def _line(same: Sequence[Problem], *, kind: bool) -> ProblemLine:
    return ProblemLine(
        same[0], tuple(one.cell for one in same), len({one.file for one in same}), kind and len(same) > 1
    )
