"""The cut score between the members who are held to deserve the grade, and the others."""

from __future__ import annotations

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from jifen_analysis.analysis.inputs import Floats, as_frame, differ
from jifen_analysis.analysis.inputs.multiple import LEVEL
from jifen_analysis.analysis.standard_setting.setting import LEAST, StandardSetting, of_judges, pair_ratings
from jifen_analysis.errors import UsageError


def contrasting_groups(
    scores: pd.Series, competent: pd.Series | pd.DataFrame, *, alike: bool = False
) -> StandardSetting:
    """Set the cut score where a member is as likely of the one group as of the other.

    Parameters
    ----------
    scores : Series by member
        In points.
    competent : Series by member, or DataFrame of shape (members, judges)
        Whether those who know the member hold the grade deserved (true or 1) or
        not; of several judges most decide. Members of whom nothing is said, or on
        whom judges are evenly split, are left out.
    alike : bool
        Count both groups as equally large: the few of a small group else draw the
        cut score far to their side, as an error there costs no more than any other.

    Returns
    -------
    StandardSetting
        The midpoint of the logistic regression; ``se`` by the delta method, interval
        by Fieller. ``details``: ``intercept``, ``slope`` (log odds a point), ``competent``,
        ``split`` (members on whom judges were evenly split).

    Raises
    ------
    UsageError
        With fewer than 10 members or five of a group; where a score separates the
        groups wholly, or does not tell them apart beyond chance.

    Notes
    -----
    Cizek & Bunch (2007), Standard Setting, chapter 8; Fieller (1954), JRSS B 16, 175-185.

    Examples
    --------
    >>> scores = pd.Series(range(70, 94), dtype="float64")
    >>> deserved = (scores > 80) ^ scores.isin([77, 84])
    >>> round(contrasting_groups(scores, deserved).cut, 1)
    80.5
    """
    held, split = _by_most(competent)
    both = pair_ratings(scores, held, ("归组", "groups"))
    held = both["rating"]
    _refuse_unsettled(both)
    middle, spread = both["score"].mean(), both["score"].std()  # of unit spread, else small ones do not converge
    fit = sm.Logit(held.to_numpy(), sm.add_constant(((both["score"] - middle) / spread).to_numpy())).fit(disp=False)
    if fit.pvalues[1] >= LEVEL:
        raise UsageError(*NOT_TOLD)
    odds = float(np.log(held.sum() / (1 - held).sum())) if alike else 0.0
    start = fit.params - np.array([odds, 0.0])
    found, se, ends = _ratio(start, fit.cov_params(), stats.norm.isf(LEVEL / 2))
    slope = float(fit.params[1] / spread)
    details = {"intercept": float(start[0] - slope * middle), "slope": slope}
    details |= {"competent": float(held.sum()), "split": float(split)}
    cut, low, high = (round(float(middle + spread * value), 9) for value in (found, *ends))
    return StandardSetting("contrasting_groups", cut, float(spread * se), low, high, len(both), details, both)


NOT_TOLD = "分数分不开这两组人,定不出线", "scores do not tell the groups apart: there is no cut to set"


def _refuse_unsettled(both: pd.DataFrame) -> None:
    """Refuse groups between which no line can be fitted."""
    held = both["rating"]
    if not held.isin([0, 1]).all() or min(held.sum(), (1 - held).sum()) < LEAST / 2:
        raise UsageError(
            f"两组各至少要 {LEAST // 2} 人(1 为够格,0 为不够)",
            f"both groups need {LEAST // 2} members: 1 deserves the grade, 0 does not",
        )
    if not differ(both["score"]):
        raise UsageError(
            f"这些人的分数都是 {both['score'].iloc[0]:g},分不出两组",
            f"all scores are {both['score'].iloc[0]:g}: they tell no groups apart",
        )
    inner, outer = both.loc[held == 0, "score"].max(), both.loc[held == 1, "score"].min()
    if inner <= outer:  # a score shared at the edge alone leaves the slope without end, too
        raise UsageError(
            f"两组分数全然分开({inner:g} 与 {outer:g}),其间任何线都一样,没有标准误",
            f"the groups' scores do not overlap ({inner:g}, {outer:g}): any cut between them is as good",
        )
    lower, higher = (both.loc[held == group, "score"].mean() for group in (0, 1))
    if higher <= lower:  # the slope has the sign of their difference, and may have no end
        raise UsageError(*NOT_TOLD)


def _by_most(competent: pd.Series | pd.DataFrame) -> tuple[pd.Series, int]:
    """Return what most of the judges hold of each member, and on how many they are evenly split."""
    if isinstance(competent, pd.Series):
        return competent, 0
    given = as_frame(competent, "归组", "groups")
    if not given.isin([0, 1]).where(given.notna(), other=True).all(axis=None):
        raise UsageError("每位评委须写 1(够格)或 0(不够)", "each judge says 1 (deserves the grade) or 0 (does not)")
    share = of_judges(given, ("归组", "groups"))
    split = share.eq(0.5)
    return share.gt(0.5).astype("float64").where(share.notna() & ~split), int(split.sum())


def _ratio(params: Floats, covariance: Floats, z: float) -> tuple[float, float, tuple[float, float]]:
    """Return minus intercept over slope, its standard error, and its interval by Fieller."""
    (a, b), (aa, ab, bb) = params, (covariance[0, 0], covariance[0, 1], covariance[1, 1])
    found = -a / b
    se = np.sqrt(aa + 2 * found * ab + found**2 * bb) / abs(b)
    ends = np.sort(np.roots([b**2 - z**2 * bb, 2 * (a * b - z**2 * ab), a**2 - z**2 * aa]).real)
    return float(found), float(se), (float(ends[0]), float(ends[1]))
