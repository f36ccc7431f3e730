"""What scores look like: moments and shares, the empirical distribution."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jifen_analysis.analysis.inputs import (
    MIN_N,
    HasTable,
    floats,
    grades_of,
    group_rows,
    millionths,
    numbers,
    table_of,
)
from jifen_analysis.summaries import Shape

QUANTILES = {"p10": 0.10, "p25": 0.25, "p75": 0.75, "p90": 0.90}


def summary(
    result: HasTable | pd.DataFrame, by: str | None = None, *, maximum: float | None = None, min_n: int = MIN_N
) -> pd.DataFrame:
    """Describe the totals, as a whole or by a column of the table.

    Parameters
    ----------
    result : Assessment or DataFrame
        Its table: ``total`` in points, ``grade``, ``flags`` where there are any.
    by : str, optional
        A column such as ``branch`` or ``period``; without it one group, ``all``.
    maximum : float, optional
        The total that counts as full marks; default the highest in the table.
    min_n : int
        Shares of groups with fewer totals are withheld.

    Returns
    -------
    DataFrame
        One row a group: ``group``, ``n`` (rows with a total), ``incomplete``
        and ``unscored`` (rows without, flagged incomplete or not), ``mean``,
        ``sd`` (n - 1), ``median``, ``p10``, ``p25``, ``p75``, ``p90`` (linear
        interpolation, type 7), all in points; ``skewness`` (adjusted
        Fisher-Pearson), ``share_at_maximum`` of the totals, ``share_<grade>``
        of the rows that hold a grade, ``withheld``. A row is a member in a
        period. ``attrs``: ``summaries.Shape``.

    Raises
    ------
    UsageError
        For an empty table or a column that does not exist.

    Examples
    --------
    >>> table = pd.DataFrame({"total": [80.0, 90, 100], "grade": ["合格", "优秀", "优秀"]})
    >>> summary(table, min_n=1)[["group", "n", "mean", "share_优秀"]].round(2).values.tolist()
    [['all', 3, 90.0, 0.67]]
    """
    table = _with_totals(result, by)
    full = float(table["total"].max() if maximum is None else maximum)
    grades = grades_of(table) if "grade" in table else []
    rows = pd.DataFrame([_description(group, part, full, grades) for group, part in group_rows(table, by)])
    rows["withheld"] = rows["n"] < min_n
    shares = rows.columns[rows.columns.str.startswith("share_")]
    rows.loc[rows["withheld"], shares] = np.nan
    return Shape(min_n, full).on(rows)


def _with_totals(result: HasTable | pd.DataFrame, by: str | None) -> pd.DataFrame:
    table = table_of(result, "total", by)
    return table.assign(total=floats(table["total"], "总分", "totals"))


def _description(group: object, part: pd.DataFrame, full: float, grades: list[str]) -> dict[str, object]:
    totals = part["total"].dropna().sort_values()
    without = part[part["total"].isna()]
    incomplete = _flagged_incomplete(without)
    return {
        "group": group,
        "n": len(totals),
        "incomplete": incomplete,
        "unscored": len(without) - incomplete,
        "mean": totals.mean(),
        "sd": totals.std(),
        "median": totals.median(),
        **{name: totals.quantile(share) for name, share in QUANTILES.items()},
        "skewness": totals.skew(),
        "share_at_maximum": (millionths(totals) >= millionths(full)).mean() if len(totals) else np.nan,
        **_grade_shares(part, grades),
    }


def _flagged_incomplete(rows: pd.DataFrame) -> int:
    if "flags" not in rows:  # a plain frame: whoever has no total is incomplete
        return len(rows)
    return sum("incomplete" in codes.split(";") for codes in rows["flags"].dropna())


def _grade_shares(part: pd.DataFrame, grades: list[str]) -> dict[str, float]:
    if not grades:
        return {}
    held = part["grade"].astype("object").value_counts(normalize=True)
    return {f"share_{grade}": held.get(grade, 0.0 if len(held) else np.nan) for grade in grades}


def ecdf(result: HasTable | pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Return the empirical distribution of the totals.

    Parameters
    ----------
    result : Assessment or DataFrame
        Its table, with ``total`` in points; rows without one are left out.
    by : str, optional
        A column such as ``branch``; without it one group, ``all``.

    Returns
    -------
    DataFrame
        ``group``, ``total`` (each distinct value once, rounded to 6 decimals,
        ascending), ``share`` of the group at or below it, ``n`` of the group.

    Raises
    ------
    UsageError
        For a table without a total, or a column that does not exist.

    Examples
    --------
    >>> ecdf(pd.DataFrame({"total": [90.0, 80, 90, 60]}))["share"].tolist()
    [0.25, 0.5, 1.0]
    """
    table = _with_totals(result, by)
    numbers(table["total"], "总分", "totals")
    groups = group_rows(table, by)
    return pd.concat([_steps(group, part["total"].dropna()) for group, part in groups], ignore_index=True)


def _steps(group: object, totals: pd.Series) -> pd.DataFrame:
    values, counts = np.unique(millionths(totals), return_counts=True)
    share = np.cumsum(counts) / max(len(totals), 1)
    return pd.DataFrame({"group": group, "total": values / 1e6, "share": share, "n": len(totals)})
