"""Who would move if a cut score were drawn elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from jifen_analysis.analysis.inputs import as_number, millionths, numbers, require
from jifen_analysis.summaries import Moves


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
        is below every line. ``attrs``: ``summaries.Moves``.

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
    return Moves(grade, today[grade], line).on(table)


def _reached(held: pd.Series, order: list[str], cuts: Mapping[str, float]) -> list[str]:
    """Return the best grade whose cut score each total reaches."""
    above = [millionths(held) >= millionths(cuts[name]) for name in order[:-1]]
    return [str(name) for name in np.select(above, order[:-1], default="")]
