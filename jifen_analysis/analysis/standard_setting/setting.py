"""A cut score that was set by judgement, what it was judged from, and its interval between judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import as_frame, by_member, floats
from jifen_analysis.errors import UsageError

LEAST = 10
"""Members whom a line is fitted to at least."""

LEVEL = 0.05


@dataclass(frozen=True)
class StandardSetting:
    """A cut score that was set by judgement, and how sure it is.

    Parameters
    ----------
    method : str
        The function that set it.
    cut, se : float
        The cut score and its standard error, in points.
    low, high : float
        Its 95 % interval.
    n : int
        Judges (``angoff``, ``hofstee``) or members (the others) whom it rests on.
    details : mapping of str to float
        What else the method found.
    points : DataFrame
        What it rests on, to be drawn: ``rating`` and ``score`` of the members that a
        line was fitted to; ``cut`` of each judge (``angoff``); ``score`` and
        ``below``, the share of members below each (``hofstee``).
    """

    method: str
    cut: float
    se: float
    low: float
    high: float
    n: int
    details: Mapping[str, float]
    points: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False, compare=False)


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
