"""Months as whole numbers, and back to what records write."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jifen_analysis.periods import Period

_EPOCH = 12 * 1970


def first_months(frame: pd.DataFrame, column: str) -> np.ndarray:
    """Return each row's month as in ``jifen_analysis.periods``: of its date, or the first of its period.

    Examples
    --------
    >>> first_months(pd.DataFrame({"period": ["2024H2"]}), "period") - 12 * 2024
    array([6])
    """
    if column == "date":
        months: np.ndarray = frame["date"].to_numpy().astype("datetime64[M]").astype("int64") + _EPOCH
        return months
    codes, names = pd.factorize(frame[column])
    return np.take(np.array([Period.parse(str(name)).first for name in names] or [0]), codes)


def period_codes(months: np.ndarray, length: int) -> pd.Series:
    """Return the codes of periods of so many months that begin in these.

    Parameters
    ----------
    months : ndarray of datetime64[M]
        First months.
    length : int
        12, 6, 3 or 1.

    Examples
    --------
    >>> period_codes(np.array(["2024-07"], dtype="datetime64[M]"), 6).tolist()
    ['2024H2']
    """
    codes, known = pd.factorize(months.astype("datetime64[M]").astype("int64"))
    names = pd.Series([str(Period(_EPOCH + int(month), length)) for month in known], dtype="str")
    return names.take(codes).reset_index(drop=True)


def year_opens(rows: pd.DataFrame) -> np.ndarray:
    """Return the January of each row's year, as datetime64[M]."""
    return (rows["year"].to_numpy() - 1970).astype("datetime64[Y]").astype("datetime64[M]")
