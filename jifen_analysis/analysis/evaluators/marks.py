"""How much a mark says about the judge, and how much about the judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, stats

from jifen_analysis.analysis.inputs import (
    KEYS,
    MIN_N,
    HasRecords,
    HasTable,
    as_frame,
    differ,
    floats,
    millionths,
    must_be,
    table_of,
)
from jifen_analysis.analysis.inputs.crossed import Anova, name_of
from jifen_analysis.errors import UsageError
from jifen_analysis.periods import Period
from jifen_analysis.schemes.model.items import FULL_EVALUATION
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.schemes.score_range import categories, component_span
from jifen_analysis.summaries import GStudy, Leniency
from jifen_analysis.tables.records import Records

OFTEN = 0.5
"""A group of evaluators that marked fewer of the members of a period is left aside: it would take them all away."""


def g_study(marks: pd.DataFrame, branch: pd.Series | None = None) -> pd.DataFrame:
    """Split the variance of marks into persons, evaluators, periods and the rest.

    Parameters
    ----------
    marks : DataFrame of shape (persons, evaluators) or (persons, evaluators x periods)
        Each person's mark by each evaluator (or group of evaluators), complete.
        Columns of two levels are evaluator and period, every evaluator in every
        period.
    branch : Series by person, optional
        Where each was marked. Evaluators and periods are then those of the
        branch: its own committee, its own meeting. How far branches' means lie
        apart is no part of the study (see ``leniency``); the only person of a
        branch, and who has none, is left out.

    Returns
    -------
    DataFrame
        Indexed by ``component``: ``person``, ``evaluator``, ``residual``, of two
        facets also ``period``, ``person_evaluator``, ``person_period``,
        ``evaluator_period``. ``variance`` (points squared; a negative estimate
        becomes 0), its ``share`` of the sum, ``mean_square``, ``df``. ``attrs``: ``summaries.GStudy``.

    Raises
    ------
    UsageError
        Where a mark is missing, there are fewer than two persons (of any
        branch), evaluators or periods, or columns do not cross.

    Notes
    -----
    Fully crossed p x i and p x i x o designs with random facets, by expected mean
    squares: Brennan (2001), Generalizability Theory, chapters 2 and 3; inside
    branches their sums of squares are pooled. Intervals: generalized ones, by
    the chi-squared law of each mean square (Weerahandi 1993, JASA 88, 899-905).

    Examples
    --------
    >>> marks = pd.DataFrame({"committee": [90, 80, 70], "members": [94, 84, 74]})
    >>> g_study(marks)["variance"].round(6).tolist(), g_study(marks).attrs["e_rho2"]
    ([100.0, 8.0, 0.0], 1.0)
    """
    table = as_frame(marks, "评议分", "marks")
    if min(table.shape) < 2 or table.isna().to_numpy().any():
        raise UsageError(
            f"至少要有两人、两个评议主体,且没有缺失;现为 {table.shape},缺 {int(table.isna().to_numpy().sum())} 个",
            f"two persons and two evaluators are needed, none missing: found {table.shape}, "
            f"{int(table.isna().to_numpy().sum())} missing",
        )
    blocks = list(_blocks(table.sort_index(key=_text).sort_index(axis=1, key=_text), branch))
    if not blocks:
        raise UsageError("没有一个支部有两人以上的评议分", "no branch has two persons with marks")
    found = Anova.of(blocks)
    result = _table(found)
    evaluators, periods = int(found.sizes["evaluator"]), int(found.sizes.get("period", 1))
    counts = {"persons": sum(map(len, blocks)), "evaluators": evaluators, "periods": periods, "branches": len(blocks)}
    coefficients = found.coefficients({"evaluator": evaluators, "period": periods})
    of: dict[str, Any] = {name: one for name, one in coefficients.items() if not name.startswith("sem")}
    negative = [name_of(effect, found.facets) for effect, one in found.variances.items() if one < 0]
    left_out = len(table) - counts["persons"]
    return GStudy(**counts, **of, size=found.sizes["person"], left_out=left_out, negative=negative).on(result)


def _text(names: pd.Index) -> pd.Index:
    """Return names that can be ordered whatever they are."""
    return names.map(str)


def _blocks(ordered: pd.DataFrame, branch: pd.Series | None) -> Iterator[np.ndarray]:
    """Yield the marks of each branch of two or more, with an axis a facet."""
    marks = ordered.to_numpy().reshape(len(ordered), *_conditions(ordered.columns))
    if branch is None:
        yield marks
        return
    must_be(branch, pd.Series, "支部须以党员为索引", "branches must be a Series by person")
    if not branch.index.is_unique or not ordered.index.is_unique:
        raise UsageError("同一人出现多次,不知道属哪个支部", "a person stands twice: which branch is not known")
    homes = branch.reindex(ordered.index).reset_index(drop=True)
    for _, rows in homes.dropna().groupby(homes, observed=True):
        if len(rows) > 1:
            yield marks[rows.index]


def _conditions(columns: pd.Index) -> tuple[int, ...]:
    """Return how many conditions each facet has, after a look whether they cross."""
    shape = tuple(columns.get_level_values(level).nunique() for level in range(columns.nlevels))
    if len(shape) > 2 or min(shape) < 2 or np.prod(shape) != len(columns):
        raise UsageError(
            f"列须是评议主体,或评议主体 × 考核期,各至少两个,每个主体每期都有:"
            f"现有 {' × '.join(map(str, shape))},{len(columns)} 列",
            f"columns must be evaluators, or evaluators by periods, two of each, every evaluator in every period: "
            f"found {' by '.join(map(str, shape))} in {len(columns)} columns",
        )
    return shape


def _table(found: Anova) -> pd.DataFrame:
    names = pd.Index([name_of(effect, found.facets) for effect in found.mean_squares], name="component")
    variances = [max(0.0, float(found.variances[effect])) for effect in found.mean_squares]
    table = pd.DataFrame({"variance": variances}, index=names)
    table["share"] = table["variance"] / (table["variance"].sum() or np.nan)
    return table.assign(mean_square=list(found.mean_squares.values()), df=list(found.freedoms.values()))


def complete_marks(result: HasRecords, periods: Iterable[str] | None = None) -> tuple[pd.DataFrame, pd.Series]:
    """Return the marks that ``g_study`` asks for: of members whom every group marked in every period.

    Parameters
    ----------
    result : Assessment
        With its records.
    periods : iterable of str, optional
        Such as ``2024H1``; default all with marks, of the length that most marks are for.

    Returns
    -------
    DataFrame
        By member; columns are groups of evaluators and periods, or groups alone
        where there is one period. Periods without, and groups that marked fewer
        than half of the members in any of the periods, are left out.
    Series
        The branch of each member; missing for who changed it between the periods.

    Raises
    ------
    UsageError
        Where it is no result with records, or has no marks in those periods.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> from jifen_analysis.tables import Records
    >>> rows = [(who, group, mark) for who, mark in (("1", 90.0), ("2", 80.0)) for group in ("committee", "members")]
    >>> evaluations = pd.DataFrame(rows, columns=["member_id", "group", "mark"]).assign(period="2024H1")
    >>> members = pd.DataFrame({"member_id": ["1", "2"], "branch": "一"})
    >>> present = {"member_id": ["1", "2"], "date": "2024-03-05", "activity": "lecture", "status": "present"}
    >>> tables = {"members": members, "attendance": pd.DataFrame(present), "evaluations": evaluations}
    >>> result = assess(Records.from_frames(tables), read_scheme("community_60_40"))
    >>> complete_marks(result)[0].values.tolist()
    [[90.0, 90.0], [80.0, 80.0]]
    """
    table = table_of(result, "member_id", "period", "branch").astype({"period": "str"})
    if getattr(result, "records", None) is None:
        raise UsageError("这份结果没有原始记录,没有评议分", "this result has no records, and no marks")
    assert result.records is not None, "refused above"
    given = result.records.table("evaluations").astype({"period": "str"})
    wanted = set(_usual(given["period"]) if periods is None else periods)
    given = given[given["period"].isin(wanted)]
    if given.empty:
        raise UsageError("没有这些期的评议分", "there are no marks in those periods")
    wide = given.pivot_table(index="member_id", columns=["group", "period"], values="mark", observed=True)
    often = wide.notna().sum().unstack("period") > OFTEN * given.groupby("period")["member_id"].nunique()
    often = often.loc[:, often.any()]
    kept = wide.loc[:, [(group, period) for group in often.index[often.all(axis=1)] for period in often]].dropna()
    homes = table[table["period"].isin(wanted)].groupby("member_id")["branch"]
    branch = homes.first().astype("object").where(homes.nunique() == 1)
    return (kept.droplevel("period", axis=1) if often.shape[1] == 1 else kept), branch


def _usual(periods: pd.Series) -> list[str]:
    """Return the periods of the length that most marks are for."""
    kinds = pd.Series({period: Period.parse(period).kind for period in periods.unique()}, dtype="object")
    known = periods.map(kinds).value_counts()
    return kinds.index[kinds == known.index[0]].tolist() if len(known) else []


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
