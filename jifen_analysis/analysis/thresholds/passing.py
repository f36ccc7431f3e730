"""How many pass where the line is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from jifen_analysis.analysis.inputs import MIN_N, Ints, Numbers, group_rows, millionths, numbers, pair_values
from jifen_analysis.analysis.thresholds.counterfactual import POINT
from jifen_analysis.summaries import PassCurve


def pass_curve(
    totals: Numbers, cuts: Numbers | None = None, group: Sequence[object] | pd.Series | None = None, min_n: int = MIN_N
) -> pd.DataFrame:
    """Count how many pass for every place of the cut.

    Parameters
    ----------
    totals : array_like of shape (members,)
        In points; missing ones are left out.
    cuts : array_like, optional
        Cut scores to try; default every distinct total, where alone the count changes.
    group : array_like of shape (members,), optional
        Count each group by itself (a sweep of the cut by group).
    min_n : int
        Shares of smaller groups are withheld.

    Returns
    -------
    DataFrame
        ``group`` (where given), ``cut`` (ascending), ``n_at_least`` (totals at
        or above it, compared at 6 decimals), ``share`` of the totals,
        ``withheld`` (where groups are given). ``attrs``: ``summaries.PassCurve``.

    Raises
    ------
    UsageError
        Where there is no total, or group and totals differ in length.

    Examples
    --------
    >>> pass_curve([59.9, 60, 90], cuts=[60, 90])[["cut", "n_at_least"]].values.tolist()
    [[60.0, 2.0], [90.0, 1.0]]
    """
    found = numbers(totals)
    tried = np.unique(millionths(found if cuts is None else numbers(cuts, "分数线", "cut scores")))
    curve = _counts(found, tried) if group is None else _counts_by_group(totals, group, tried, min_n)
    return PassCurve(len(found), len(totals) - len(found), cuts is None).on(curve)


def _counts(totals: pd.Series, cuts: Ints) -> pd.DataFrame:
    scores = np.sort(millionths(totals))
    at_least = len(scores) - np.searchsorted(scores, cuts, side="left")
    return pd.DataFrame({"cut": cuts / POINT, "n_at_least": at_least, "share": at_least / len(scores)})


def _counts_by_group(totals: Numbers, group: Sequence[object] | pd.Series, cuts: Ints, min_n: int) -> pd.DataFrame:
    groups = group_rows(pair_values(totals, group).dropna(subset="value"), "group")
    curves = {name: _counts(part["value"], cuts).assign(withheld=len(part) < min_n) for name, part in groups}
    curve = pd.concat(curves, names=["group"]).reset_index("group").reset_index(drop=True)
    curve["share"] = curve["share"].mask(curve["withheld"])
    return curve
