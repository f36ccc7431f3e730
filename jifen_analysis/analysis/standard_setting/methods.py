"""Four methods by which judges set a cut score: Hofstee, Angoff, contrasting groups, borderline regression."""

from __future__ import annotations

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from jifen_analysis.analysis.inputs import (
    Floats,
    as_frame,
    as_number,
    by_member,
    differ,
    floats,
    millionths,
    numbers,
    require,
)
from jifen_analysis.analysis.inputs.crossed import Anova
from jifen_analysis.analysis.inputs.multiple import LEVEL
from jifen_analysis.analysis.standard_setting.setting import (
    LEAST,
    between_judges,
    judge_numbers,
    of_judges,
    pair_ratings,
)
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import StandardSetting

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
