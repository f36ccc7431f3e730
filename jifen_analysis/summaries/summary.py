"""What an analysis says of its whole table, in the table's attrs."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any, Self, TypeVar

import pandas as pd

from jifen_analysis.errors import UsageError

UNKNOWN = float("nan")
"""Said of what no analysis could reckon."""
_Rows = TypeVar("_Rows", pd.DataFrame, pd.Series)


@dataclass(frozen=True)
class Summary:
    """One record about a whole table; ``attrs`` of the frame shows the same in a notebook.

    Examples
    --------
    >>> from jifen_analysis.summaries import ShrunkenMeans
    >>> table = ShrunkenMeans(mean=87.0, icc=0.4).on(pd.DataFrame({"n": [30, 40]}))
    >>> table.attrs["mean"], ShrunkenMeans.read(table).icc
    (87.0, 0.4)
    """

    def on(self, rows: _Rows) -> _Rows:
        """Return the rows with what is said of all of them."""
        told = rows.copy(deep=False)
        told.attrs = {one.name: getattr(self, one.name) for one in fields(self)}
        return told

    @classmethod
    def read(cls, rows: pd.DataFrame | pd.Series) -> Self:
        """Return what is said of all the rows.

        Raises
        ------
        UsageError
            Where the rows come from another analysis, or were made anew without it.
        """
        lacking = [one.name for one in fields(cls) if not _optional(one) and one.name not in rows.attrs]
        if lacking:
            listed = "、".join(lacking)
            raise UsageError(
                f"这张表没有整体的结果({listed});请直接用分析函数返回的表",
                f"the table does not say {listed}; take it as the analysis returned it",
            )
        return cls(**{one.name: rows.attrs[one.name] for one in fields(cls) if one.name in rows.attrs})


def _optional(one: Any) -> bool:
    return one.default is not MISSING or one.default_factory is not MISSING


@dataclass(frozen=True)
class Withheld(Summary):
    """The fewest members of a group that is shown, where the analysis has withheld the smaller ones."""

    min_n: int | None = None


@dataclass(frozen=True)
class CompleteCases(Summary):
    """How many members (or members and periods) have every value, and how many are left out for want of one."""

    n: int = 0
    left_out: int = 0
