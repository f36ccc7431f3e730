"""What is known of every row, and of every year: sums, measures, and later scores, grades and outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from jifen_analysis.schemes.model import Condition, Selector
from jifen_analysis.scoring.aggregate import Sums
from jifen_analysis.scoring.arrays import Bools, Ints, Names, blockwise, broadcast, compress
from jifen_analysis.scoring.queries import records_query
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.vocabulary import Vocabulary

MILLION = 1_000_000
"""Totals are compared and ranked as whole numbers of 1/MILLION."""


@blockwise
def millionths(values: np.ndarray) -> Ints:
    """Return values rounded to six decimals as whole numbers; missing becomes the smallest.

    Halves go to the even neighbour. They are looked for with a little tolerance, so
    that equal totals stay equal whatever the parts that floats added them up from.

    Examples
    --------
    >>> millionths(np.array([77.0328125, 77.03281249999999, 90]))
    array([77032812, 77032812, 90000000])
    """
    known = ~np.isnan(values)
    rounded = np.rint(np.round(np.where(known, values, 0) * MILLION, 5)).astype("int64")
    return np.where(known, rounded, np.iinfo("int64").min)


def six_decimals(values: np.ndarray) -> np.ndarray:
    """Return values as they are compared, for what leaves the desk: the floats nearest to their six decimals.

    Examples
    --------
    >>> six_decimals(np.array([99.30799999999999, np.nan]))
    array([99.308,    nan])
    """
    return np.where(np.isnan(values), np.nan, millionths(values) / MILLION)


def mask_values(values: np.ndarray, where: Bools) -> np.ndarray:
    """Return values where a mask holds, missing elsewhere."""
    return values if where.all() else np.where(where, values, np.nan)


@dataclass(frozen=True)
class RowState:
    """What is known of every row: the sums, the measures, and later the scores, grades and outcomes.

    Parameters
    ----------
    roster : Roster
        The rows.
    words : Vocabulary
        With the scheme's own events.
    sums : mapping of Query to ndarray
        From ``tally``.
    values : mapping of str to ndarray of float, shape (rows,)
        Measures, scores, what was lost, the gain in rank.
    grade : Categorical, shape (rows,)
        Blank where there is none.
    stands : mapping of str to ndarray of bool, shape (rows,)
        Outcomes so far.
    """

    roster: Roster
    words: Vocabulary
    sums: Sums
    values: Mapping[str, np.ndarray]
    grade: Names
    stands: Mapping[str, Bools]

    def with_values(self, **more: np.ndarray) -> RowState:
        """Return facts that know more measures."""
        return replace(self, values={**self.values, **more})

    def count(self, selectors: tuple[Selector, ...] | Selector | Condition, per: str = "period") -> np.ndarray:
        """Return how many records match any of some selectors."""
        listed = selectors if isinstance(selectors, tuple) else (selectors,)
        return reduce(np.add, (self.sums[records_query(one, self.words, per)] for one in listed))

    def block(self, some: slice) -> RowState:
        """Return what is known of a block of rows."""
        values, stands = ({name: one[some] for name, one in of.items()} for of in (self.values, self.stands))
        roster, sums = self.roster.block(some), self.sums.block(some)
        return RowState(roster, self.words, sums, values, self.grade[some], stands)


@dataclass(frozen=True)
class Years:
    """One row for each member and year, over the rows of the periods.

    Parameters
    ----------
    facts : RowState
        What is known of the periods.
    total : ndarray of float, shape (years,)
        Total of the year.
    grade : Categorical, shape (years,)
        Grade of the year, blank where there is none.
    stands : mapping of str to ndarray of bool
        Outcomes of the year so far.
    """

    facts: RowState
    total: np.ndarray
    grade: Names
    stands: Mapping[str, Bools]

    @property
    def of_row(self) -> Ints:
        """The year row of each period row."""
        return self.facts.roster.years.of_row

    @property
    def last(self) -> Ints:
        """The last scored period row of each year row, whose branch and columns hold for the year."""
        return self.facts.roster.years.last

    def sum(self, counts: np.ndarray) -> np.ndarray:
        """Add counts up over each year."""
        alike = len(compress(counts)) < len(counts) and not counts[:1].any()
        return broadcast(0, (len(self.last),)) if alike else self.over(np.add, counts)

    def any(self, now: Bools) -> Bools:
        """Return whether something holds in any period of the year."""
        return self.over(np.logical_or, now)

    def over(self, ufunc: np.ufunc, values: np.ndarray) -> np.ndarray:
        """Reduce values over the periods of each year."""
        first = self.facts.roster.years.first
        return np.asarray(ufunc.reduceat(values, first)) if len(first) else values[:0]
