"""What limits each grade: the cut score, or only the quota; and how far the cut may move without moving anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
import pandas as pd

from jifen_analysis.analysis.inputs import Bools, Ints, must_be
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.model import Grade, RuleBook
from jifen_analysis.scoring import quotas
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.computation import Computation
from jifen_analysis.scoring.row_state import MILLION, millionths


def binding(result: Assessment) -> pd.DataFrame:
    """Say for every cut score whether it decides who has the grade, or whether the quota alone does.

    Parameters
    ----------
    result : Assessment
        With its records.

    Returns
    -------
    DataFrame
        A row for each period and grade with a cut score: ``period``, ``grade``,
        ``cut``, ``quota`` (the share as the scheme writes it, missing without
        one), ``entered`` (unforced members whose total reaches the cut, and
        those whom a higher grade's quota sends down), ``seats`` of all groups
        (missing without a quota), ``held`` (who keeps it, before corrections),
        ``outside`` (of these, whom the quota does not count: activists),
        ``shut_out`` (entered but not kept), ``low`` and ``high``: with the cut
        anywhere between them nobody's grade is another. ``low_moves``: there one
        more would have the grade, else the next cut stands there (or nothing,
        -inf); ``high_moves``: beyond it somebody loses the grade, else the cut
        above stands there (or nothing, inf). ``strict``: whether a total has to
        lie above the cut; then ``low`` itself belongs to the range and ``high``
        does not, otherwise ``high`` does and ``low`` does not; another grade's
        cut never does. ``binds``: ``cut``, where lowering the cut lets somebody
        in before the next cut is met; ``quota``, where lowering it lets in
        nobody and somebody is shut out; ``neither``.

    Raises
    ------
    UsageError
        Where the result was opened from a folder, or the scheme has no cut scores.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> from jifen_analysis.tables.records import Records
    >>> records = Records.from_frames({
    ...     "members": pd.DataFrame({"member_id": list("123"), "branch": "一"}),
    ...     "attendance": pd.DataFrame({"member_id": list("123"), "date": "2024-03-05",
    ...                                 "activity": "lecture", "status": ["present", "present", "late"]}),
    ...     "evaluations": pd.DataFrame({"member_id": list("123"), "period": "2024H1",
    ...                                  "group": "committee", "mark": [95.0, 85.0, 70.0]}),
    ... })
    >>> scheme = read_scheme("community_60_40").with_quotas(优秀="1/3")
    >>> print(binding(assess(records, scheme)).loc[[0], ["entered", "seats", "held", "high", "binds"]].to_string())
       entered seats  held  high  binds
    0        2     1     1  98.0  quota
    """
    must_be(result, Assessment, "须给出 assess 的结果", "a result of assess is needed")
    working = result.working
    if working is None:
        raise UsageError("打开的结果没有计分过程,看不出分数线起不起作用", "an opened result does not say what binds")
    if not any(book.banded for book in working.books):
        raise UsageError("本方案不按总分划等次", "the scheme has no cut scores")
    shown = set(result.table["period"])
    rows = [
        row
        for at, period in enumerate(working.roster.periods)
        if str(period) in shown
        for row in _of_period(working, at, str(period))
    ]
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class _Stage:
    """The rows of one period when a grade's quota is applied.

    Parameters
    ----------
    code : ndarray of int, shape (members,)
        The grade that each is at, from 1 the highest.
    band : ndarray of int
        The grade by the total alone, 0 where a clause forces another.
    whole, marks : ndarray of int
        Totals in millionths, and as they are compared with cuts.
    counted, settled : ndarray of bool
        Whom quotas count; whose grade a correction sets.
    """

    code: Ints
    band: Ints
    whole: Ints
    marks: Ints
    counted: Bools
    settled: Bools


def _of_period(working: Computation, at: int, period: str) -> Iterator[dict[str, object]]:
    mine = np.flatnonzero(working.roster.period == at)
    if not len(mine):
        return
    book = working.books[int(working.version[mine[0]])]
    stage = _stage(working, book, mine)
    cuts = {name: grade.cut for name, grade in book.grades.items()}
    for place, (name, grade) in enumerate(book.grades.items(), start=1):
        groups = _Groups.of(working, grade, mine)
        if grade.cut is not None:
            above = [cut for cut in list(cuts.values())[: place - 1] if cut is not None]
            below = [cut for cut in list(cuts.values())[place:] if cut is not None]
            limits = min(above, default=inf), max(below, default=-inf)
            said = {"period": period, "grade": name, "cut": grade.cut, "strict": grade.above is not None}
            yield {**said, **_row(stage, place, groups, limits)}
        stage = _after(stage, place, groups)


def _stage(working: Computation, book: RuleBook, mine: Ints) -> _Stage:
    grading, roster = working.grading, working.roster
    total = grading.total[mine]
    whole = millionths(total)
    marks = (whole + MILLION // 2) // MILLION * MILLION if book.grade_rounding == "half_up" else whole
    forced = np.logical_or.reduce([np.zeros(len(mine), bool), *(one[mine] for one in grading.clauses.values())])
    band = np.asarray(grading.by_total.codes[mine], "int64")
    lowest = len(book.grades)
    counted = roster.counted[mine] & ~np.isnan(total)
    settled = (np.asarray(working.corrections.grade[mine] != "")) & roster.scored[mine]
    return _Stage(np.where(forced, lowest, band), np.where(forced, 0, band), whole, marks, counted, settled)


@dataclass(frozen=True)
class _Groups:
    """Within what a quota counts: the group of each row, and its number of places."""

    share: str | None
    group: Ints
    seats: Ints

    @classmethod
    def of(cls, working: Computation, grade: Grade, mine: Ints) -> _Groups:
        quota, rows = grade.quota, working.roster
        if quota is None:
            none = np.zeros(len(mine), "int64")
            return cls(None, none, none)
        group = rows.groups(quota.within)[mine]
        known = ~np.isnan(working.grading.total[mine]) if quota.of == "counted" else np.ones(len(mine), bool)
        return cls(quota.share, group, quotas.seats(quota.share, quotas.group_sizes(group, rows.counted[mine] & known)))


def _kept(stage: _Stage, groups: _Groups, entered: Bools) -> Bools:
    """Return who keeps the grade of those who enter; without a quota, and outside the count, all do."""
    limited = entered & stage.counted
    if groups.share is None:
        return entered
    return (entered & ~limited) | quotas.keep(stage.whole, groups.group, limited, groups.seats)[0]


def _after(stage: _Stage, place: int, groups: _Groups) -> _Stage:
    """Send those beyond the quota to the next grade."""
    entered = stage.code == place
    code = np.where(entered & ~_kept(stage, groups, entered), place + 1, stage.code)
    return _Stage(code, stage.band, stage.whole, stage.marks, stage.counted, stage.settled)


def _row(stage: _Stage, place: int, groups: _Groups, limits: tuple[float, float]) -> Mapping[str, object]:
    entered = stage.code == place
    kept = _kept(stage, groups, entered)
    waiting = stage.band == place + 1
    new = _kept(stage, groups, entered | waiting) & waiting & ~stage.settled
    losing = kept & (stage.band == place) & ~stage.settled
    upper, lower = limits
    low = max(lower, stage.marks[new].max() / MILLION if new.any() else -inf)
    high = min(upper, stage.marks[losing].min() / MILLION if losing.any() else inf)
    shut_out = int((entered & ~kept).sum())
    return {
        "quota": groups.share,
        "entered": int(entered.sum()),
        "seats": pd.NA if groups.share is None else _seats(groups),
        "held": int(kept.sum()),
        "outside": 0 if groups.share is None else int((kept & ~stage.counted).sum()),
        "shut_out": shut_out,
        "low": low,
        "high": high,
        "low_moves": bool(new.any()),
        "high_moves": bool(losing.any()),
        "binds": "cut" if new.any() else "quota" if shut_out else "neither",
    }


def _seats(groups: _Groups) -> int:
    return int(pd.Series(groups.seats).groupby(groups.group).first().sum())
