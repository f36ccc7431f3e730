"""What a value of a column may be, besides of its type: the one list from which every check of values is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd

from jifen_analysis.periods import Period
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.columns import FIRST_DAY, LAST_DAY, SCALE, TABLES, Column

Limit = Callable[[pd.Series], pd.Series]
"""Says of values, none missing, which are allowed."""

_UNBOUNDED_DATES = {"birth_date", "joined_on", "since", "until"}


def limits(column: Column) -> Mapping[str, Limit]:
    """Return what the values of a column are held to, by name.

    Examples
    --------
    >>> from jifen_analysis.tables.columns import TABLES
    >>> found = limits(TABLES["evaluations"]["mark"])
    >>> {name: limit(pd.Series([100.0, 100.5, 0.00001])).tolist() for name, limit in found.items()}
    {'range': [True, False, True], 'decimals': [True, True, False]}
    """
    found: dict[str, Limit] = {}
    if column.low is not None or column.high is not None:
        low = -np.inf if column.low is None else column.low
        high = np.inf if column.high is None else column.high
        found["range"] = partial(_between, low=low, high=high)
    if column.kind == "number":
        found["decimals"] = _four_decimals
    if column.kind in ("month", "period"):
        found[column.kind] = _are_months if column.kind == "month" else _are_periods
    if column.kind == "date" and column.name not in _UNBOUNDED_DATES:
        found["day"] = partial(_between, low=FIRST_DAY, high=LAST_DAY)
    if column.kind == "year":
        found["day"] = partial(_between, low=FIRST_DAY.year, high=LAST_DAY.year)
    return found


def keeps_limits(table: str, frame: pd.DataFrame, told: Mapping[str, np.ndarray] = MappingProxyType({})) -> bool:
    """Return whether a typed frame holds what its columns allow; each different value is looked at once.

    Nothing is missing, either, but where something was ``told`` of a cell, by the rows of each column.
    """
    held = {name: column for name, column in TABLES[table].items() if column.required or limits(column)}
    return all(_keeps(_untold(frame[name], told.get(name)), column) for name, column in held.items())


def _untold(values: pd.Series, told: np.ndarray | None) -> pd.Series:
    if told is None:
        return values
    kept = np.ones(len(values), bool)
    kept[told] = False
    return values[kept]


def _keeps(values: pd.Series, column: Column) -> bool:
    held = limits(column)
    if not held or values.dtype.kind in "fM":  # to look at all of them costs less than to find the different ones
        there, each = not values.hasnans, values.dropna() if held and values.hasnans else values
    else:
        at, each = different(values)
        there = not (at < 0).any()
    return (there or not column.required) and all(limit(each).all() for limit in held.values())


def _between(values: pd.Series, low: float | pd.Timestamp, high: float | pd.Timestamp) -> pd.Series:
    return (values >= low) & (values <= high)


def _four_decimals(values: pd.Series) -> pd.Series:
    tens = values * SCALE
    return (tens - tens.round()).abs() <= 1e-6 * np.maximum(1, values.abs())


def _known(values: pd.Series, *, months_only: bool) -> pd.Series:
    known = {code: _is_period(code, months_only=months_only) for code in values.unique()}
    return values.map(known).astype(bool)


def _is_period(code: str, *, months_only: bool) -> bool:
    try:
        period = Period.parse(code)
    except ValueError:
        return False
    in_range = FIRST_DAY.year <= period.year <= LAST_DAY.year
    return in_range and (period.kind == "month" or not months_only)


def _are_months(values: pd.Series) -> pd.Series:
    return _known(values, months_only=True)


def _are_periods(values: pd.Series) -> pd.Series:
    return _known(values, months_only=False)
