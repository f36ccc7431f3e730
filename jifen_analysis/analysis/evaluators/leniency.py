"""Whether a branch marks more gently than others, as far as its marks can tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, stats

from jifen_analysis.analysis.inputs import KEYS, MIN_N, HasTable, differ, floats, millionths, table_of
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.model.items import FULL_EVALUATION
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.schemes.score_range import categories, component_span
from jifen_analysis.summaries import Leniency
from jifen_analysis.tables.records import Records


def leniency(
    result: HasTable | pd.DataFrame,
    component: str = "evaluation",
    *,
    anchor: str | None = None,
    maximum: float | None = None,
    min_n: int = MIN_N,
) -> pd.DataFrame:
    """Ask which branch marks gently, and which hardly tells its members apart.

    From marks alone a gentle branch and a good one look alike. An ``anchor``, marks
    of the same members by judges whom the branches share, takes the members'
    merit out, as far as it shows in them.

    Parameters
    ----------
    result : Assessment or DataFrame
        Its table, and its records where it still has them.
    component : str
        The column of marks, in points.
    anchor : str, optional
        A column of marks by judges common to all branches.
    maximum : float, optional
        Full marks, in points; default what the scheme allows the component,
        and 100 for a bare table.
    min_n : int
        The share at full marks is withheld for fewer marks; fewer evaluators
        for a mark are flagged.

    Returns
    -------
    DataFrame
        One row a branch: ``branch``, ``n`` (marks: members and periods),
        ``members``, ``mean``, ``sd``, ``difference`` from the mean of all (by an
        anchor: of what it leaves unexplained), with the 95 % interval of all
        branches at once ``difference_low``, ``difference_high`` (missing for
        fewer than five members);
        ``stands``: ``above`` or ``below`` where it does not hold 0, else empty;
        ``ceiling_share`` (at full marks), ``withheld``, ``voters`` (evaluators
        for a mark, on average; missing without records), ``few_voters``.
        ``attrs``: ``summaries.Leniency``.

    Raises
    ------
    UsageError
        Where a column does not exist (with the nearest) or holds no mark.

    Notes
    -----
    Differences: Welch intervals of members' marks, a member's several marks
    taken together, at the level of Sidak (1967), JASA 62, 626-633, for the
    number of branches. Omega squared: Hays (1963), Statistics; its interval by
    the non-central F: Steiger (2004), Psychological Methods 9, 164-182.

    Examples
    --------
    >>> table = pd.DataFrame({"branch": ["一", "一", "二", "二"], "evaluation": [99.0, 97, 85, 75]})
    >>> leniency(table)[["branch", "mean", "difference", "stands"]].values.tolist()
    [['一', 98.0, 9.0, ''], ['二', 80.0, -9.0, '']]
    """
    table = table_of(result, "branch", component, anchor)
    table = table.assign(**{name: floats(table[name], name, name) for name in (component, anchor) if name})
    marks = table.dropna(subset=[name for name in (component, anchor) if name]).sort_values(component, kind="stable")
    if marks.empty:
        raise UsageError(f"没有评议分:{component} 全部缺失", f"no evaluations: {component} is missing everywhere")
    if marks["branch"].isna().all():
        raise UsageError("有评议分的人都没有支部", "nobody with a mark has a branch")
    full = _full_marks(result, component) if maximum is None else maximum
    slope = _slope(marks, component, anchor)
    own = marks[component] - (slope * marks[anchor] if anchor else 0.0)
    groups = marks.groupby("branch", observed=True)[component]
    rows = pd.DataFrame({"n": groups.size(), "mean": groups.mean(), "sd": groups.std()})
    rows = rows.join(_differences(own, marks))
    rows["withheld"] = rows["n"] < min_n
    at_full = pd.Series(millionths(marks[component]) >= millionths(full), index=marks.index)
    rows["ceiling_share"] = at_full.groupby(marks["branch"], observed=True).mean().mask(rows["withheld"])
    rows["voters"] = _voters(result, marks).reindex(rows.index)
    rows["few_voters"] = (rows["voters"] < min_n).astype("boolean").mask(rows["voters"].isna())
    found = rows.reset_index()
    spread = _spread(marks[component], groups.transform("mean")) | _omega2(_by_member(own, marks))
    return Leniency(component=component, min_n=min_n, slope=slope, anchor=anchor, maximum=full, **spread).on(found)


def _slope(marks: pd.DataFrame, component: str, anchor: str | None) -> float:
    """Return how marks rise with the anchor inside branches."""
    if anchor is None:
        return float("nan")
    inside = marks[[anchor, component]] - marks.groupby("branch", observed=True)[[anchor, component]].transform("mean")
    across = float((inside[anchor] ** 2).sum())
    return float((inside[anchor] * inside[component]).sum() / across) if differ(inside[anchor]) else 0.0


def _by_member(own: pd.Series, marks: pd.DataFrame) -> pd.DataFrame:
    """Return one mark for each member of a branch, the mean of all that the member has there."""
    who = marks["member_id"] if "member_id" in marks else pd.Series(range(len(marks)), index=marks.index)
    frame = pd.DataFrame({"branch": marks["branch"], "member": who, "mark": own})
    return frame.groupby(["branch", "member"], observed=True)["mark"].mean().reset_index()


def _differences(own: pd.Series, marks: pd.DataFrame) -> pd.DataFrame:
    """Return each branch's difference from the mean of all, and where it lies with all branches considered."""
    means = own.groupby(marks["branch"], observed=True).mean()
    people = _by_member(own, marks).groupby("branch", observed=True)["mark"]
    found = pd.DataFrame({"members": people.size(), "difference": means - float(own.mean())})
    share, error = found["members"] / found["members"].sum(), people.var() / found["members"]
    others = (share**2 * error).sum() - share**2 * error
    variance = (1 - share) ** 2 * error + others
    level = 0.95 ** (1 / len(found))
    reach = stats.t.ppf((1 + level) / 2, (found["members"] - 1).clip(lower=1)) * np.sqrt(variance)
    low, high = found["difference"] - reach, found["difference"] + reach
    known = differ(own) & (found["members"] >= MIN_N)  # the branch's own spread, and its freedom: spreads are unlike
    stands = np.select([known & (low > 1e-6), known & (high < -1e-6)], ["above", "below"], "")  # not by the last bits
    return found.assign(difference_low=low.where(known), difference_high=high.where(known), stands=stands)


def _spread(marks: pd.Series, means: pd.Series) -> dict[str, Any]:
    mean = float(marks.mean())
    between, within = float(((means - mean) ** 2).mean()), float(((marks - means) ** 2).mean())
    share = between / (between + within) if differ(marks) else float("nan")
    return {"mean": mean, "between": between, "within": within, "eta2": share}


def _omega2(people: pd.DataFrame) -> dict[str, Any]:
    """Return omega squared of one mark a member, with its interval; missing where nothing is left to compare."""
    n, k = len(people), people["branch"].nunique()
    means = people.groupby("branch", observed=True)["mark"].transform("mean")
    inside, across = people["mark"] - means, means - people["mark"].mean()
    if k < 2 or n <= k or not differ(inside):
        return dict.fromkeys(("omega2", "omega2_low", "omega2_high"), float("nan"))
    within = float((inside**2).sum()) / (n - k)
    f = float((across**2).sum()) / (k - 1) / within
    omega2 = max(0.0, (k - 1) * (f - 1) / ((k - 1) * f + n - k + 1))
    low, high = (_noncentrality(f, k - 1, n - k, tail) for tail in (0.975, 0.025))
    return {"omega2": omega2, "omega2_low": low / (low + n), "omega2_high": high / (high + n)}


def _noncentrality(f: float, k: int, rest: int, tail: float) -> float:
    """Return the non-centrality under which so much of the F distribution lies below f; at least 0."""

    def beyond(parameter: float) -> float:
        return (
            float(stats.ncf.cdf(f, k, rest, parameter)) - tail if parameter else float(stats.f.cdf(f, k, rest)) - tail
        )

    if beyond(0.0) <= 0:
        return 0.0
    top = 10.0 + 4 * k * f
    while beyond(top) > 0:
        top *= 2
    return float(optimize.brentq(beyond, 0.0, top))


def _full_marks(result: object, component: str) -> float:
    scheme: Scheme | None = getattr(result, "scheme", None)
    if scheme is None or component not in scheme.book.components:
        return float(FULL_EVALUATION)
    spans = [component_span(scheme.book.components[component], scheme.book, one) for one in categories(scheme.book)]
    return max(span.high for span in spans)


def _voters(result: object, marks: pd.DataFrame) -> pd.Series:
    """Return how many evaluators a member's mark has, on average over each branch."""
    records: Records | None = getattr(result, "records", None)
    if records is None or "member_id" not in marks:
        return pd.Series(dtype="float64")
    given = records.evaluations.groupby([*KEYS], observed=True)["count"].sum().groupby(level="member_id").mean()
    return given.astype("float64").reindex(marks["member_id"]).groupby(marks["branch"].to_numpy()).mean()
