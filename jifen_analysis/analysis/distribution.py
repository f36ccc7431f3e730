"""What scores look like: moments and shares, the empirical distribution, heaping, consistency of items."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import (
    MIN_N,
    HasTable,
    Numbers,
    complete,
    differ,
    floats,
    grades_of,
    grouped,
    millionths,
    numbers,
    table_of,
)
from jifen_analysis.analysis.inputs.consistency import cronbach_alpha, feldt

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
        period. ``attrs``: ``maximum``, ``min_n``.

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
    rows = pd.DataFrame([_description(group, part, full, grades) for group, part in grouped(table, by)])
    rows["withheld"] = rows["n"] < min_n
    shares = rows.columns[rows.columns.str.startswith("share_")]
    rows.loc[rows["withheld"], shares] = np.nan
    rows.attrs = {"maximum": full, "min_n": min_n}
    return rows


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
    groups = grouped(table, by)
    return pd.concat([_steps(group, part["total"].dropna()) for group, part in groups], ignore_index=True)


def _steps(group: object, totals: pd.Series) -> pd.DataFrame:
    values, counts = np.unique(millionths(totals), return_counts=True)
    share = np.cumsum(counts) / max(len(totals), 1)
    return pd.DataFrame({"group": group, "total": values / 1e6, "share": share, "n": len(totals)})


def heaping(totals: Numbers) -> pd.DataFrame:
    """Test whether marks pile up on round numbers, by their last whole digit.

    Parameters
    ----------
    totals : array_like
        Marks or totals in points; a fraction of a point is cut off, missing
        ones are left out.

    Returns
    -------
    DataFrame
        ``digit`` 0 to 9, ``count``, ``expected`` (a tenth of all). ``attrs``:
        ``chi2`` on 9 degrees of freedom, ``p``, ``n``, and ``small``: true
        where fewer than 50 marks make the approximation of p doubtful.

    Raises
    ------
    UsageError
        Where there is no mark.

    Notes
    -----
    Terminal digit analysis: Preece (1981), "Distributions of final digits in
    data", The Statistician 30, 31-60; Pearson's chi-square.

    Examples
    --------
    >>> table = heaping([80, 85, 90, 90, 95] * 10)
    >>> table.loc[table["digit"] == 0, "count"].item(), table.attrs["chi2"]
    (30, 210.0)
    """
    found = numbers(totals, "分数", "marks")
    digits = np.abs(millionths(found)) // 1_000_000 % 10
    counts = np.bincount(digits, minlength=10)
    chi2, p = stats.chisquare(counts)
    table = pd.DataFrame({"digit": range(10), "count": counts, "expected": len(found) / 10})
    table.attrs = {"chi2": float(chi2), "p": float(p), "n": len(found), "small": len(found) < 50}
    return table


def reliability(items: pd.DataFrame) -> pd.DataFrame:
    """Return how well items hang together: Cronbach's alpha, and each item's part in it.

    Parameters
    ----------
    items : DataFrame of shape (members, items)
        Scores as they are added up; standardise them first for the
        standardised alpha. Members with a missing item are left out.

    Returns
    -------
    DataFrame
        Indexed by ``item``: ``alpha_if_deleted`` (missing where one item would
        be left), ``item_rest_r``, the correlation with the sum of the others.
        ``attrs``: ``alpha`` (missing where all sums are equal) with its 95 %
        interval ``alpha_low``, ``alpha_high``, ``n``, ``left_out``.

    Raises
    ------
    UsageError
        With fewer than two items or two complete members.

    Notes
    -----
    Cronbach (1951), Psychometrika 16, 297-334; interval: Feldt (1965),
    Psychometrika 30, 357-370. Alpha is the reliability of the sum of items that
    measure the same with independent errors, at most a bound of it otherwise.

    Examples
    --------
    >>> items = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3], "c": [1, 2, 3, 5]})
    >>> round(reliability(items).attrs["alpha"], 4)
    0.8715
    """
    whole = complete(items, "分项", "items")
    deleted = {item: cronbach_alpha(whole.drop(columns=item)) for item in whole}
    rest = {item: _correlation(whole[item], whole.drop(columns=item).sum(axis=1)) for item in whole}
    table = pd.DataFrame({"alpha_if_deleted": deleted, "item_rest_r": rest}).rename_axis("item")
    alpha = cronbach_alpha(whole)
    low, high = feldt(alpha, *whole.shape)
    table.attrs = {"alpha": alpha, "alpha_low": low, "alpha_high": high}
    table.attrs |= {"n": len(whole), "left_out": len(items) - len(whole)}
    return table


def _correlation(x: pd.Series, y: pd.Series) -> float:
    return float(x.corr(y)) if differ(x) and differ(y) else float("nan")
