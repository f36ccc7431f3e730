"""The cut score of what judges expect of a member who just reaches the grade."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jifen_analysis.analysis.inputs import floats
from jifen_analysis.analysis.inputs.crossed import Anova
from jifen_analysis.analysis.standard_setting.setting import StandardSetting, between_judges, judge_numbers
from jifen_analysis.errors import UsageError


def angoff(judgements: pd.DataFrame, points: pd.Series | None = None) -> StandardSetting:
    """Set the cut score by what judges expect of a member who just reaches the grade.

    Parameters
    ----------
    judgements : DataFrame of shape (judges, items)
        The probability, or the share of the points, from 0 to 1, with which such
        a member gets each item.
    points : Series by item, optional
        Full marks of each item; default 1.

    Returns
    -------
    StandardSetting
        The mean over judges of the sum over items; ``se`` between judges, the items
        taken as they are, interval by Student's t. ``details``: ``items``; of the
        expected points the mean squares ``judges``, ``items_mean_square``,
        ``residual`` and the variances ``judge_variance``, ``item_variance``, zero
        where the estimate is negative.

    Raises
    ------
    UsageError
        With fewer than two judges or items, an item that a judge left out, or a
        judgement outside 0 to 1.

    Notes
    -----
    Angoff (1971), Educational Measurement, 508-600; Cizek & Bunch (2007),
    Standard Setting, chapter 6; components: Brennan (2001), chapter 2.

    Examples
    --------
    >>> found = angoff(pd.DataFrame([[0.8, 0.6], [0.9, 0.7]]), pd.Series([50, 50]))
    >>> round(found.cut, 6), round(found.se, 6)
    (75.0, 5.0)
    """
    given = judge_numbers(judgements).sort_index(axis=1)
    if min(given.shape) < 2:
        raise UsageError(
            f"至少要有两名评委、两个项目,现有 {given.shape[0]}、{given.shape[1]}",
            f"two judges and two items are needed, found {given.shape[0]} and {given.shape[1]}",
        )
    if not ((given >= 0) & (given <= 1)).all(axis=None):
        raise UsageError("判断须在 0 至 1 之间(概率)", "a judgement must lie between 0 and 1: it is a probability")
    worth = (
        pd.Series(1.0, given.columns) if points is None else floats(points, "项目分值", "points").reindex(given.columns)
    )
    if worth.isna().any():
        item = worth.index[worth.isna()][0]
        raise UsageError(f"项目 {item} 没有分值", f"item {item} has no points")
    expected = (given * worth).to_numpy()
    parts, (judges, items) = Anova.of([expected]), expected.shape
    square = {effect: float(found) for effect, found in parts.mean_squares.items()}
    details = {"items": float(items), "judges": square[("person",)], "items_mean_square": square[("evaluator",)]}
    details |= {"residual": square[("person", "evaluator")]}
    details |= {"judge_variance": max(float(parts.variances[("person",)]), 0.0)}
    details |= {"item_variance": max(float(parts.variances[("evaluator",)]), 0.0)}
    sums = expected.sum(axis=1)
    se = float(sums.std(ddof=1) / np.sqrt(judges))
    return between_judges("angoff", float(sums.mean()), se, judges, details, pd.DataFrame({"cut": sums}))
