"""What is wrong with rows of a table: one kind of problem is held once, with all the rows where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from jifen_analysis.errors import Severity, Text
from jifen_analysis.tables.coded import different

Saying = Text | Callable[[str], Text]
"""What is wrong: the same whatever was found, or made of that."""

MOST_HINTS = 50
"""Different texts for which the nearest known one is looked for: looking is slow."""


@dataclass(frozen=True, eq=False)
class Failure:
    """A kind of problem at rows of a table, before anyone knows their cells.

    Parameters
    ----------
    table : str
        Name of the table.
    rows : ndarray of int
        Positions in the frame.
    column : str
        Column at fault; the first that matters.
    code : str
        Stable name of the kind of problem.
    text : Text or callable
        What is wrong, what was found, what would be right.
    severity : {"error", "note"}
        Whether the data can be scored in spite of it.
    values : sequence of str
        The different values that were found.
    at : ndarray of int, optional
        For each row, where its value stands in ``values``; all the first by default.

    Examples
    --------
    >>> found = Failure("dues", np.array([3, 7]), "paid", "missing_value", Text("空白", "blank"))
    >>> [(row, value) for row, value, _ in found.each()]
    [(3, ''), (7, '')]
    """

    table: str
    rows: np.ndarray
    column: str
    code: str
    text: Saying
    severity: Severity = "error"
    values: Sequence[str] = ("",)
    at: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def with_values(self, found: pd.Series, shown: Callable[[object], str] = str) -> Failure:
        """Return the failure with what stands in each of its rows."""
        at, values = different(found)
        return replace(self, values=(*map(shown, values.tolist()), ""), at=at)

    @property
    def codes(self) -> np.ndarray:
        """For each row, where its value stands in ``values``."""
        return np.broadcast_to(np.int64(0), len(self.rows)) if self.at is None else self.at

    def among(self, rows: np.ndarray) -> Failure:
        """Return the failure with its rows as those of a whole, of which it only saw some."""
        return replace(self, rows=rows[self.rows])

    def where(self, kept: np.ndarray) -> Failure:
        """Return the failure with only the rows for which a mask of the table holds."""
        return self.taken(np.flatnonzero(kept[self.rows]))

    def taken(self, at: np.ndarray) -> Failure:
        """Return the failure with only some of its rows, by their places among them."""
        return replace(self, rows=self.rows[at], at=None if self.at is None else self.at[at])

    def say(self, value: str) -> Text:
        """Return what is wrong with a value."""
        return self.text if isinstance(self.text, Text) else self.text(value)

    def say_of(self, code: int) -> Text:
        """Return what is wrong with one of the values."""
        return self.say(self.values[code])

    def cell_of(self, at: int) -> str:
        """Return what the cell of one of the rows is called."""
        return f"{self.table}[{self.rows[at]}].{self.column}"

    def each(self) -> Iterator[tuple[int, str, Text]]:
        """Yield row, value and text of each of them."""
        for row, code in zip(self.rows.tolist(), self.codes.tolist(), strict=True):
            yield row, self.values[code], self.say(self.values[code])


def with_hints(values: Sequence[str], say: Callable[[str, bool], Text], most: int = MOST_HINTS) -> Saying:
    """Return what says a text of each value, only of the first few with the hint that takes long to find."""
    known = {value: say(value, True) for value in values[:most]}
    return lambda value: known.get(value) or say(value, False)
