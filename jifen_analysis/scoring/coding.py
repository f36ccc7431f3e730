"""What a record says, as one number: every combination of coded words has its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jifen_analysis.scoring.arrays import Ints
from jifen_analysis.scoring.queries import KINDS, Query
from jifen_analysis.vocabulary import Vocabulary

CODED = {"attendance": ("activity", "status"), "events": ("event", "level"), "dues": ("state", "undated", "late")}
"""The columns whose words make the code of a record."""


@dataclass(frozen=True)
class Coding:
    """How the coded columns of one table make one number.

    Parameters
    ----------
    columns : tuple of str
        The columns, slowest first.
    words : mapping of str to tuple of str
        The words of each column; the first place is kept for blank.
    bounds : tuple of float
        For dues: the days late at which some tier begins.
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
    return Coding(
        CODED[table], {"state": vocabulary.codes(KINDS["state"]), "undated": ("no", "yes"), "late": steps}, bounds
    )
