"""How much a mark says about the judge, and how much about the judged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jifen_analysis.analysis.inputs import framed
from jifen_analysis.errors import UsageError


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
