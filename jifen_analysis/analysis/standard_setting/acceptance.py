"""The cut score where what judges can accept meets what members reached."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jifen_analysis.analysis.inputs import Floats, millionths, numbers, require
from jifen_analysis.analysis.standard_setting.setting import LEAST, StandardSetting, between_judges, judge_numbers
from jifen_analysis.errors import UsageError

BOUNDS = ("cut_low", "cut_high", "fail_low", "fail_high")
"""What each judge says in the method of Hofstee: lowest and highest cut score in points and share that may fail."""


def hofstee(scores: pd.Series, judgements: pd.DataFrame) -> StandardSetting:
    """Set the cut score where what judges can accept meets what members reached.

    Parameters
    ----------
    scores : Series
        Every member's, in points.
    judgements : DataFrame of shape (judges, 4)
        ``cut_low``, ``cut_high``: the lowest and the highest acceptable cut score in
        points; ``fail_low``, ``fail_high``: share of members, 0 to 1, who may fail.

    Returns
    -------
    StandardSetting
        Where the line from (lowest cut, most failing) to (highest cut, least
        failing) of the judges' means meets the share of members below; ``se``
        between judges by the jackknife, interval by Student's t. ``details``: the
        four means and ``failing``, the share below the cut.

    Raises
    ------
    UsageError
        With fewer than two judges or 10 members, ranges that are none, or where
        the line and the curve do not meet, with or without any one judge.

    Notes
    -----
    Hofstee (1983), On Educational Testing, 109-127; Cizek & Bunch (2007), Standard
    Setting, chapter 9.

    Examples
    --------
    >>> judges = pd.DataFrame([[50, 70, 0.3, 0.7]] * 2, columns=list(BOUNDS))
    >>> round(hofstee(pd.Series(np.arange(0, 100, 0.5)), judges).cut, 1)
    56.5
    """
    held = numbers(scores, at_least=LEAST).to_numpy()
    for name in BOUNDS:
        require(name, judgements.columns, "列", "column")
    given = judge_numbers(judgements[list(BOUNDS)])
    if len(given) < 2:
        raise UsageError(f"至少要有两名评委,现有 {len(given)}", f"two judges are needed, found {len(given)}")
    least, most, few, many = given.to_numpy().T
    if not ((least < most) & (few < many) & (few >= 0) & (many <= 1)).all():
        raise UsageError(
            "每名评委的下限须低于上限,不及格比例在 0 至 1 之间", "each range must rise; shares lie in 0 to 1"
        )
    cut, means = _crossing(held, given.mean().to_numpy()), given.mean()
    without = np.array([_crossing(held, given.drop(index=one).mean().to_numpy()) for one in given.index])
    se = float(np.sqrt((len(given) - 1) / len(given) * ((without - without.mean()) ** 2).sum()))
    details = {str(name): float(value) for name, value in means.items()} | {"failing": float(_share_below(held, cut))}
    reached = np.unique(held)
    points = pd.DataFrame({"score": reached, "below": _share_below(held, reached)})
    return between_judges("hofstee", cut, se, len(given), details, points)


def _share_below(held: Floats, cuts: Floats | float) -> Floats:
    """Return which share of scores, in ascending order, lies below each cut score."""
    below: Floats = np.searchsorted(millionths(held), millionths(np.asarray(cuts))) / len(held)
    return below


def _crossing(held: Floats, bounds: Floats) -> float:
    """Return where the falling line of the judges meets the rising steps of the members."""
    least, most, few, many = bounds
    steep = (many - few) / (most - least)
    inside = np.unique(held[(held > least) & (held < most)])
    edges = np.concatenate([[least], inside, [most]])
    share = _share_below(held, edges)
    meets = np.flatnonzero(share[1:] >= many - steep * (edges[1:] - least) - 1e-12)
    if not len(meets) or share[0] > many:
        raise UsageError(
            f"成绩曲线与评委接受的范围不相交:{least:g} 至 {most:g} 分,{few:.0%} 至 {many:.0%} 不及格",
            f"members' scores do not meet what judges accept: {least:g} to {most:g}, {few:.0%} to {many:.0%} failing",
        )
    place = meets[0]
    return float(max(edges[place], least + (many - share[place + 1]) / steep))
