"""What a scheme asks of the records, as questions that can be answered in one pass.

A question counts (or sums) the records of a table whose coded columns have
certain words. Rules, measures and conditions are all made of such questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jifen_analysis.schemes.model import Condition, Measure, parts
from jifen_analysis.scoring.arrays import Ints
from jifen_analysis.vocabulary import Vocabulary

Asked = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Query:
    """A count or sum of records of attendance, events or dues.

    ``where`` and ``excluding`` are what the coded columns must, and must not, be; ``value`` is ``count``, or the column
    that is summed; ``per`` is ``period`` for one number a row, else one for each month or quarter; ``days`` are days
    late, from and below. Records that share a text in the column ``distinct`` (not blank) count once, and not at all
    where one of ``unless``, which come first, matches a record that shares it too.
    """

    table: str
    where: Asked = ()
    excluding: Asked = ()
    value: str = "count"
    per: str = "period"
    days: tuple[float, float] | None = None
    distinct: str = ""
    unless: tuple[Query, ...] = ()


def words_by_column(columns: Mapping[str, tuple[str, ...]], words: Vocabulary) -> Asked:
    """Return the words of each column, groups spelt out."""
    return tuple((column, _spelt(column, listed, words)) for column, listed in columns.items())


def _spelt(column: str, listed: tuple[str, ...], words: Vocabulary) -> tuple[str, ...]:
    kind = parts.WORD_KINDS.get(column, column)
    codes = {code for word in listed for code in words.members(kind, word)}
    return tuple(code for code in words.codes(kind) if code in codes)


def records_query(selector: parts.RecordFilter, words: Vocabulary, per: str = "period", value: str = "count") -> Query:
    """Return the question how many records a selector matches."""
    assert selector.table is not None
    where, excluding = words_by_column(selector.where, words), words_by_column(selector.excluding, words)
    return Query(selector.table, where, excluding, value, per)


def of_measure(measure: Measure, words: Vocabulary) -> Iterator[Query]:
    """Yield every question that a measure asks."""
    ratio, run = measure.share, measure.longest_run
    for selector in (*measure.count, *((*ratio.part, *ratio.whole) if ratio else ())):
        yield records_query(selector, words)
    for selector in (*run.any_of, *run.none_of, *run.given_branch) if run else ():
        yield records_query(selector, words, "month")


def of_condition(condition: Condition, words: Vocabulary) -> Iterator[Query]:
    """Yield the question that a condition on records asks."""
    if condition.table:
        yield records_query(condition, words)
        if condition.per in ("month", "quarter"):
            yield records_query(condition, words, condition.per)


UNDATED = Query("dues", where=(("undated", ("yes",)),))
"""Months with something due, settled, whose payment has no date."""


# ---------------------------------------------------------------- what a record says, as one number


CODED = {**parts.CODED, "dues": ("state", "undated", "late")}
"""The columns whose words make the code of a record."""


@dataclass(frozen=True)
class Coding:
    """How the coded columns of one table, slowest first, make one number.

    The first place of each column is kept for blank; ``bounds``, for dues, are the days late at which some tier begins.
    """

    columns: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    bounds: tuple[float, ...] = ()

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of places of each column."""
        return tuple(len(self.words[column]) + 1 for column in self.columns)

    def adds(self, column: str, words: Sequence[str]) -> Ints:
        """Return what each of some words of a column adds to the code of a record, and last what a blank does."""
        after = self.sizes[self.columns.index(column) + 1 :]
        known = self.words[column]
        return np.array([*(known.index(word) + 1 for word in words), 0], dtype="int64") * int(np.prod(after))

    def answers(self, query: Query) -> np.ndarray:
        """Return for each code whether a record of that code is asked for."""
        at = dict(zip(self.columns, np.indices(self.sizes), strict=True))
        kept = np.ones(self.sizes, bool)
        for column, listed in query.where:
            kept &= np.isin(at[column], self._places(column, listed))
        for column, listed in query.excluding:
            kept &= ~np.isin(at[column], self._places(column, listed))
        if query.days is not None:
            low, high = (self._step(bound) for bound in query.days)
            kept &= (at["late"] >= low) & (at["late"] < high)
        return kept.ravel()

    def _places(self, column: str, listed: tuple[str, ...]) -> list[int]:
        # Records that were read without the scheme do not know its own events, and have none of them.
        return [self.words[column].index(word) + 1 for word in listed if word in self.words[column]]

    def _step(self, bound: float) -> int:
        return len(self.bounds) + 2 if np.isinf(bound) else self.bounds.index(bound) + 2


def coding(table: str, queries: Iterable[Query], vocabulary: Vocabulary) -> Coding:
    """Return the coding of a table that answers some questions."""
    if table != "dues":
        columns = CODED[table]
        return Coding(columns, {column: vocabulary.codes(column) for column in columns})
    bounds = tuple(sorted({bound for query in queries for bound in query.days or () if not np.isinf(bound)}))
    steps = tuple(str(bound) for bound in (0, *bounds))
    states = vocabulary.codes(parts.WORD_KINDS["state"])
    return Coding(CODED[table], {"state": states, "undated": ("no", "yes"), "late": steps}, bounds)
