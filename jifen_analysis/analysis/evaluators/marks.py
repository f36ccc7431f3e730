"""How much a mark says about the judge, and how much about the judged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jifen_analysis.analysis.inputs import KEYS, MIN_N, HasTable, floats, framed, table_of
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.schemes.spans import FULL_EVALUATION, categories, component_span
from jifen_analysis.tables.records import Records


def g_study(marks: pd.DataFrame) -> pd.DataFrame:
    """Split the variance of marks into persons, evaluators and the rest.

    Parameters
    ----------
    marks : DataFrame of shape (persons, evaluators)
        Each person's mark by each evaluator (or group of evaluators), complete.

    Returns
    -------
    DataFrame
        Indexed by ``component`` (``person``, ``evaluator``, ``residual``):
        ``variance`` (points squared; a negative estimate becomes 0) and its
        ``share`` of the sum. ``attrs``: ``phi`` (dependability of the mean mark
        as it stands) and ``e_rho2`` (of the order of persons), both for this
        number of evaluators and missing where nothing varies; ``persons``,
        ``evaluators``, ``negative`` (components whose estimate was).

    Raises
    ------
    UsageError
        Where a mark is missing, or there are fewer than two persons or evaluators.

    Notes
    -----
    Fully crossed p x i design with random facets: Brennan (2001),
    Generalizability Theory; expected mean squares of the two-way analysis of
    variance without replication.

    Examples
    --------
    >>> marks = pd.DataFrame({"committee": [90, 80, 70], "members": [94, 84, 74]})
    >>> g_study(marks)["variance"].round(6).tolist(), g_study(marks).attrs["e_rho2"]
    ([100.0, 8.0, 0.0], 1.0)
    """
    table = framed(marks, "评议分", "marks")
    persons, evaluators = table.shape
    if min(table.shape) < 2 or table.isna().to_numpy().any():
        raise UsageError(
            f"至少要有两人、两个评议主体,且没有缺失;现为 {table.shape},缺 {int(table.isna().to_numpy().sum())} 个",
            f"two persons and two evaluators are needed, none missing: found {table.shape}, "
            f"{int(table.isna().to_numpy().sum())} missing",
        )
    variance, negative = _variance_components(table.sort_index().sort_index(axis=1).to_numpy())
    result = pd.DataFrame({"variance": variance, "share": variance / (variance.sum() or np.nan)})
    person, evaluator, residual = variance
    result.attrs = {
        "phi": _ratio(person, (evaluator + residual) / evaluators),
        "e_rho2": _ratio(person, residual / evaluators),
        "persons": persons,
        "evaluators": evaluators,
        "negative": negative,
    }
    return result


def _variance_components(marks: np.ndarray) -> tuple[pd.Series, list[str]]:
    persons, evaluators = marks.shape
    rows, columns = marks.mean(axis=1), marks.mean(axis=0)
    rest = marks - rows[:, None] - columns + marks.mean()
    residual = (rest**2).sum() / ((persons - 1) * (evaluators - 1))
    person = rows.var(ddof=1) - residual / evaluators
    evaluator = columns.var(ddof=1) - residual / persons
    found = pd.Series({"person": person, "evaluator": evaluator, "residual": residual}).rename_axis("component")
    return found.clip(lower=0), found.index[found < 0].tolist()


def _ratio(signal: float, noise: float) -> float:
    return float(signal / (signal + noise)) if signal + noise > 0 else float("nan")


def leniency(
    result: HasTable | pd.DataFrame,
    component: str = "evaluation",
    *,
    maximum: float | None = None,
    min_n: int = MIN_N,
) -> pd.DataFrame:
    """Ask which branch marks gently, and which hardly tells its members apart.

    Parameters
    ----------
    result : Assessment or DataFrame
        Its table, and its records where it still has them.
    component : str
        The column of marks, in points.
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
        ``mean``, ``sd``, ``difference`` from the mean of all, ``ceiling_share``
        (at full marks), ``withheld``, ``voters`` (evaluators for a mark, on
        average; missing without records), ``few_voters``. ``attrs``: ``mean``,
        ``between`` and ``within`` (variance of the branches' means, weighted by
        n, and inside branches), ``eta2`` (the share between branches),
        ``component``, ``maximum``, ``min_n``.

    Raises
    ------
    UsageError
        Where the column does not exist (with the nearest) or holds no mark.

    Examples
    --------
    >>> table = pd.DataFrame({"branch": ["一", "一", "二", "二"], "evaluation": [99.0, 97, 85, 75]})
    >>> leniency(table)[["branch", "mean", "difference"]].values.tolist()
    [['一', 98.0, 9.0], ['二', 80.0, -9.0]]
    """
    table = table_of(result, "branch", component)
    table = table.assign(**{component: floats(table[component], component, component)})
    marks = table.dropna(subset=component).sort_values(component, kind="stable")
    if marks.empty:
        raise UsageError(f"没有评议分:{component} 全部缺失", f"no evaluations: {component} is missing everywhere")
    full = _full_marks(result, component) if maximum is None else maximum
    groups = marks.groupby("branch", observed=True)[component]
    mean, means = float(marks[component].mean()), groups.transform("mean")
    rows = pd.DataFrame({"n": groups.size(), "mean": groups.mean(), "sd": groups.std()})
    rows["difference"] = rows["mean"] - mean
    rows["withheld"] = rows["n"] < min_n
    rows["ceiling_share"] = groups.agg(lambda part: (part >= full).mean()).mask(rows["withheld"])
    rows["voters"] = _voters(result, marks).reindex(rows.index)
    rows["few_voters"] = (rows["voters"] < min_n).astype("boolean").mask(rows["voters"].isna())
    rows = rows.reset_index()
    between, within = float(((means - mean) ** 2).mean()), float(((marks[component] - means) ** 2).mean())
    rows.attrs = {"mean": mean, "between": between, "within": within, "eta2": _ratio(between, within)}
    rows.attrs |= {"component": component, "maximum": full, "min_n": min_n}
    return rows


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
