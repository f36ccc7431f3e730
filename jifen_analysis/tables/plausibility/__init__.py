"""Values that are possible but hard to believe: said as notes, with what they were compared to; never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jifen_analysis.periods import Kind
from jifen_analysis.tables.consistency import Tables
from jifen_analysis.tables.failures import Failure
from jifen_analysis.tables.plausibility.amounts import doubtful_counts, payment_doubts
from jifen_analysis.tables.plausibility.days import ages, doubtful_decisions, far_days, short_periods
from jifen_analysis.tables.plausibility.marks import slipped_marks

__all__ = ["doubts"]


def doubts(tables: Tables, period: Kind | None = None, years: Mapping[int, int] | None = None) -> Iterator[Failure]:
    """Yield notes on every value that does not fit those it belongs with.

    Each kind of value has its own rule, and what it is held against: marks,
    those of the same period and evaluators; payments, what was due; votes,
    those of the branch; days, all others of the sheet and of the data; periods,
    what one score is for. All rules rest on medians and quartiles, so that one
    slip does not hide another, and keep silent for fewer than five others.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Typed tables.
    period : {"year", "half", "quarter", "month"}, optional
        What one score is for, where a scheme is known.
    years : mapping of int to int, optional
        How many records each year has, where the tables do not hold all of them.

    Yields
    ------
    Failure
        Notes; cells of one kind and comparison are one.

    Notes
    -----
    Fences at 1.5 interquartile ranges: Tukey (1977), Exploratory Data
    Analysis, ch. 2.

    Examples
    --------
    >>> import pandas as pd
    >>> from jifen_analysis.tables.columns import canonical
    >>> from jifen_analysis.vocabulary import standard
    >>> rows = {"member_id": list("123456"), "period": "2024", "group": "members", "mark": [85, 82, 9.5, 88, 84, 90.0]}
    >>> table = canonical("evaluations", pd.DataFrame(rows), standard())[0]
    >>> [(doubt.column, row, value) for doubt in doubts({"evaluations": table}) for row, value, _ in doubt.each()]
    [('mark', 2, '9.5')]
    """
    yield from slipped_marks(tables)
    yield from payment_doubts(tables)
    yield from doubtful_counts(tables)
    yield from far_days(tables)
    yield from doubtful_decisions(tables)
    yield from ages(tables, years)
    yield from short_periods(tables, period)
