"""What is taken of a result, and how what is none is refused."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Protocol

import pandas as pd

from jifen_analysis.analysis.inputs.values import require
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.computation import Settings
from jifen_analysis.scoring.regrade import regrade
from jifen_analysis.tables.records import Records

KEYS = ["member_id", "period"]
"""What a row of a result's table is for."""


class HasTable(Protocol):
    """An Assessment, as far as most questions need one."""

    @property
    def table(self) -> pd.DataFrame:
        """One row per member and period."""
        ...


class HasLedger(HasTable, Protocol):
    """An Assessment with its ledger."""

    @property
    def ledger(self) -> pd.DataFrame:
        """One row per member, period, item and rule."""
        ...


class HasYears(HasLedger, Protocol):
    """An Assessment with its years."""

    @property
    def years(self) -> pd.DataFrame:
        """One row per member and year."""
        ...


class HasScheme(HasLedger, Protocol):
    """An Assessment with its scheme."""

    @property
    def scheme(self) -> Scheme:
        """What it was scored under."""
        ...


class HasRecords(HasScheme, HasYears, Protocol):
    """An Assessment with what it was made from."""

    @property
    def settings(self) -> Settings | None:
        """How it was asked for: periods, last day, corrections."""
        ...

    @property
    def records(self) -> Records | None:
        """What was scored; nothing for a result opened from a folder."""
        ...


def table_of(result: HasTable | pd.DataFrame, *columns: str | None) -> pd.DataFrame:
    """Return the table of a result, after a look whether the columns are there.

    Raises
    ------
    UsageError
        Where it is no result, there is no row, or a column does not exist (with
        the nearest).

    Examples
    --------
    >>> table_of(pd.DataFrame({"total": [90.0]}), "total").shape
    (1, 1)
    """
    table: pd.DataFrame = result if isinstance(result, pd.DataFrame) else part_of(result, "table")
    if table.empty:
        raise UsageError("没有可分析的数据:表是空的", "nothing to analyse: the table is empty")
    for name in columns:
        if name is not None:
            require(name, table.columns, "列", "column")
    return table


def part_of(result: object, name: str) -> pd.DataFrame:
    """Return a frame of a result.

    Raises
    ------
    UsageError
        Where what was handed in is no result, or has no such frame.
    """
    found = getattr(result, name, None)
    if isinstance(found, pd.DataFrame):
        return found
    raise _no_result(result, name)


def scheme_of(result: object) -> Scheme:
    """Return the scheme of a result.

    Raises
    ------
    UsageError
        Where what was handed in is no result.
    """
    found = getattr(result, "scheme", None)
    if isinstance(found, Scheme):
        return found
    raise _no_result(result, "scheme")


def _no_result(found: object, name: str) -> UsageError:
    kind = type(found).__name__
    return UsageError(
        f"须给出 assess 的结果(要用其中的 {name}),收到的是 {kind}",
        f"a result of assess is needed (its {name}), found {kind}",
    )


def reassess(result: HasRecords, scheme: Scheme, periods: Iterable[str] | None = None) -> Assessment:
    """Assess a result's records again, asked for as they were, under another scheme.

    Parameters
    ----------
    result : Assessment
        With its records.
    scheme : Scheme
        Another scheme or variant.
    periods : iterable of str, optional
        Other periods than it was asked for.

    Raises
    ------
    UsageError
        Where the result was opened from a folder and has no records.
    """
    scheme_of(result)
    if result.records is None:
        raise UsageError("这份结果没有原始记录,不能重新计分", "this result has no records to score again")
    settings = result.settings or Settings()
    if periods is None and isinstance(result, Assessment):
        return regrade(result, scheme)
    asked = settings.periods if periods is None else tuple(periods)
    return assess(result.records, scheme, periods=asked, as_of=settings.as_of, corrections=settings.corrections)


def grades_of(table: pd.DataFrame, column: str = "grade") -> list[str]:
    """Return all grades in their order, also those nobody holds."""
    grades = table[column]
    if isinstance(grades.dtype, pd.CategoricalDtype):
        return [str(grade) for grade in grades.cat.categories]
    return sorted(str(grade) for grade in grades.dropna().unique())


def group_rows(table: pd.DataFrame, by: str | None) -> list[tuple[Hashable, pd.DataFrame]]:
    """Return the groups of a table in order, last 未注明 for who has none; one, ``all``, where no column is named."""
    if by is None:
        return [("all", table)]
    groups = table.groupby(by, observed=True, dropna=False)
    return [("未注明" if pd.isna(name) else name, part) for name, part in groups]
