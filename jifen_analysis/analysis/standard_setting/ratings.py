"""The cut score at what members get whose overall rating is borderline."""

from __future__ import annotations

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from jifen_analysis.analysis.inputs import as_number, by_member, differ, floats, require
from jifen_analysis.analysis.inputs.multiple import LEVEL
from jifen_analysis.analysis.standard_setting.setting import StandardSetting, of_judges, pair_ratings
from jifen_analysis.errors import UsageError

CHOICES = {"excellent": 4.0, "qualified": 3.0, "basic": 2.0, "unqualified": 1.0}
"""What a ballot counts as a rating."""


def borderline_regression(scores: pd.Series, ratings: pd.Series | pd.DataFrame, borderline: float) -> StandardSetting:
    """Set the cut score at what members get whose overall rating is borderline.

    Where the score was made of the same rating the two agree by construction:
    the rating should be none of what is scored.

    Parameters
    ----------
    scores : Series by member
        In points.
    ratings : Series by member, or DataFrame of shape (members, judges)
        An overall rating of each, such as the mean of ballots; of several judges
        the mean of those who gave one. Members without either are left out.
    borderline : float
        The rating of who just reaches the grade.

    Returns
    -------
    StandardSetting
        The least squares prediction at the borderline; ``se`` and interval those of
        the regression. ``details``: ``intercept``, ``slope`` (points a unit of the
        rating), ``slope_se``, ``borderline``, ``r``.

    Raises
    ------
    UsageError
        With fewer than 10 members, ratings that are all equal, a borderline outside
        of them, or where scores do not rise with ratings beyond chance.

    Notes
    -----
    Wood, Humphrey-Murto & Norman (2006), Advances in Health Sciences Education 11,
    115-122; Cizek & Bunch (2007), Standard Setting, chapter 8.

    Examples
    --------
    >>> ratings = pd.Series([1, 2, 3, 4] * 3)
    >>> found = borderline_regression(60 + 10.0 * ratings, ratings, 2.5)
    >>> found.cut, round(found.se, 6)
    (85.0, 0.0)
    """
    at = as_number(borderline, "边界评定", "the borderline")
    both = pair_ratings(scores, of_judges(ratings, ("评定", "ratings")), ("评定", "ratings"))
    least, most = both["rating"].min(), both["rating"].max()
    if not differ(both["rating"]):
        raise UsageError(f"各人的评定全是 {least:g},不能全同", f"all ratings are {least:g}: they must differ")
    if not least <= at <= most:
        raise UsageError(
            f"边界评定须在各人评定之间({least:g} 至 {most:g}):{at:g}",
            f"the borderline must lie among the ratings ({least:g} to {most:g}): {at:g}",
        )
    design = sm.add_constant((both["rating"] - at).to_numpy())
    fit = sm.OLS(both["score"].to_numpy(), design).fit()
    slope, wide = float(fit.params[1]), stats.t.isf(LEVEL / 2, fit.df_resid)
    if not slope - wide * fit.bse[1] > 1e-6:
        raise UsageError("评定高的人分数并不更高,定不出线", "scores do not rise with ratings: there is no cut to set")
    cut, se = round(float(fit.params[0]), 9), float(fit.bse[0])
    reach = float(wide) * se
    details = {"intercept": cut - slope * at, "slope": slope, "slope_se": float(fit.bse[1]), "borderline": at}
    details |= {"r": float(np.sqrt(max(fit.rsquared, 0.0)))}
    return StandardSetting("borderline_regression", cut, se, cut - reach, cut + reach, len(both), details, both)


def ballot_ratings(ballots: pd.DataFrame) -> pd.Series:
    """Rate each member by the mean of the ballots: 4 for 优秀, 3 for 合格, 2 for 基本合格, 1 for 不合格.

    Parameters
    ----------
    ballots : DataFrame
        The records' table of one period: counts ``excellent``, ``qualified``,
        ``basic``, ``unqualified`` by ``member_id``. A choice that nobody was
        offered is missing throughout; who lacks another count has no rating.

    Returns
    -------
    Series
        By member; missing without a ballot for any choice. 3.5 lies between 优秀 and 合格.

    Raises
    ------
    UsageError
        Where a column is not there, or a member stands in it twice.

    Examples
    --------
    >>> counts = {"member_id": ["1"], "excellent": [3], "qualified": [1], "basic": [0], "unqualified": [0]}
    >>> ballot_ratings(pd.DataFrame(counts)).tolist()
    [3.75]
    """
    for name in ("member_id", *CHOICES):
        require(name, ballots.columns, "列", "column")
    given = by_member(ballots.set_index("member_id")[list(CHOICES)], "民主测评票", "ballots")
    counts = floats(given, "民主测评票", "ballots").dropna(axis=1, how="all")
    votes = counts.sum(axis=1, skipna=False)
    return (counts * pd.Series(CHOICES)[counts.columns]).sum(axis=1, skipna=False) / votes.where(votes > 0)
