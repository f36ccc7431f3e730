"""What a scheme asks of the records, as questions that can be answered in one pass.

A question counts (or sums) the records of a table whose coded columns have
certain words. Rules, measures and conditions are all made of such questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jifen_analysis.schemes.model import (
    Condition,
    Measure,
    RecordRule,
    Selector,
)
from jifen_analysis.vocabulary import Vocabulary

KINDS = {"state": "dues_state"}

Asked = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Query:
    """A count or sum of records.

    Parameters
    ----------
    table : str
        attendance, events or dues.
    where, excluding : tuple of (column, words)
        What the coded columns must, and must not, be.
    value : str
        ``count``, or the column that is summed.
    per : str
        ``period`` for one number a row, else one for each month or quarter.
    days : tuple of float, optional
        Days late, from and below.
    distinct : str
        A text column: records that share it (not blank) count once, and not
        at all where one of ``unless`` matches a record that shares it too.
    unless : tuple of Query
        Questions that come first.
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
    kind = KINDS.get(column, column)
    codes = {code for word in listed for code in words.members(kind, word)}
    return tuple(code for code in words.codes(kind) if code in codes)


def matching(
    selector: Selector | RecordRule | Condition, words: Vocabulary, per: str = "period", value: str = "count"
) -> Query:
    """Return the question how many records a selector matches."""
    assert selector.table is not None
    where, excluding = words_by_column(selector.where, words), words_by_column(selector.excluding, words)
    return Query(selector.table, where, excluding, value, per)


def of_measure(measure: Measure, words: Vocabulary) -> Iterator[Query]:
    """Yield every question that a measure asks."""
    ratio, run = measure.share, measure.longest_run
    for selector in (*measure.count, *((*ratio.part, *ratio.whole) if ratio else ())):
        yield matching(selector, words)
    for selector in (*run.any_of, *run.none_of, *run.given_branch) if run else ():
        yield matching(selector, words, "month")


def of_condition(condition: Condition, words: Vocabulary) -> Iterator[Query]:
    """Yield the question that a condition on records asks."""
    if condition.table:
        yield matching(condition, words)
        if condition.per in ("month", "quarter"):
            yield matching(condition, words, condition.per)


UNDATED = Query("dues", where=(("undated", ("yes",)),))
"""Months with something due, settled, whose payment has no date."""
