"""A cut score that was set by judgement, what it was judged from, and its interval between judges."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import as_frame, as_number, by_member, floats, millionths, numbers, require
from jifen_analysis.analysis.inputs.multiple import LEVEL
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import CutMoves, StandardSetting

LEAST = 10
"""Members whom a line is fitted to at least."""


def judge_numbers(judgements: pd.DataFrame) -> pd.DataFrame:
    """Return each judge's numbers, in the order of the judges."""
    given = by_member(as_frame(judgements, "评委的判断", "judgements"), "评委的判断", "judgements")
    if given.isna().any(axis=None):
        row, column = np.argwhere(given.isna().to_numpy())[0]
        judge, item = given.index[row], given.columns[column]
        raise UsageError(f"评委 {judge} 对 {item} 没有判断", f"judge {judge} did not judge {item}")
    return given


def pair_ratings(scores: pd.Series, ratings: pd.Series, called: tuple[str, str]) -> pd.DataFrame:
    """Return the members with a score and a rating, in their order."""
    sides = {"score": (scores, "分数", "scores"), "rating": (ratings, *called)}
    both = pd.concat(
        {name: floats(by_member(values, zh, en), zh, en) for name, (values, zh, en) in sides.items()}, axis=1
    )
    found = both.dropna().sort_index()
    if len(found) < LEAST:
        raise UsageError(
            f"既有分数又有{called[0]}的至少要 {LEAST} 人,现有 {len(found)}",
            f"{LEAST} members with a score and {called[1]} are needed, found {len(found)}",
        )
    return found


def of_judges(ratings: pd.Series | pd.DataFrame, called: tuple[str, str]) -> pd.Series:
    """Return one rating a member: of several judges the mean of those who gave one."""
    return as_frame(ratings, *called).mean(axis=1) if isinstance(ratings, pd.DataFrame) else ratings


def between_judges(
    method: str, cut: float, se: float, judges: int, details: Mapping[str, float], points: pd.DataFrame
) -> StandardSetting:
    """Return a cut score whose error is that between judges, its interval by Student's t."""
    reach = float(stats.t.isf(LEVEL / 2, judges - 1)) * se
    return StandardSetting(method, cut, se, cut - reach, cut + reach, judges, details, points)


# ---------------------------------------------------------------- whom another cut score moves


def moves(totals: pd.Series, cuts: Mapping[str, float], grade: str, cut: float) -> pd.DataFrame:
    """Count who would move if a grade's cut score were drawn elsewhere.

    By totals alone: vetoes and quotas are left out of both sides.

    Parameters
    ----------
    totals : Series
        In points; those without one are left out.
    cuts : mapping of grade to cut score
        Today's.
    grade : str
        Whose cut score is drawn elsewhere.
    cut : float
        Where.

    Returns
    -------
    DataFrame
        Members by grade today (rows) and then (columns), the highest first; ``""``
        is below every line. ``attrs``: ``summaries.CutMoves``.

    Raises
    ------
    UsageError
        For an unknown grade or no totals.

    Examples
    --------
    >>> moves(pd.Series([95.0, 91, 80, 50]), {"优秀": 90, "合格": 60}, "优秀", 92).loc["优秀"].tolist()
    [1, 1, 0]
    """
    require(grade, cuts, "等次", "grade")
    held, today = numbers(totals, "总分", "totals"), {name: float(value) for name, value in cuts.items()}
    line = as_number(cut, "分数线", "the cut score")
    order = [*sorted(today, key=lambda name: -today[name]), ""]
    now, then = (pd.Categorical(_reached(held, order, one), order) for one in (today, today | {grade: line}))
    table = pd.crosstab(now, then, dropna=False).rename_axis(index="today", columns="then")
    return CutMoves(grade, today[grade], line).on(table)


def _reached(held: pd.Series, order: list[str], cuts: Mapping[str, float]) -> list[str]:
    """Return the best grade whose cut score each total reaches."""
    above = [millionths(held) >= millionths(cuts[name]) for name in order[:-1]]
    return [str(name) for name in np.select(above, order[:-1], default="")]
