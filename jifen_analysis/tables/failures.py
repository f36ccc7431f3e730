"""What is wrong with rows of a table: one kind of problem is held once, with all the rows where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from jifen_analysis.errors import Severity, Text, same
from jifen_analysis.tables.coded import different

MOST_HINTS = 50
"""Different texts for which the nearest known one is looked for: looking is slow."""


def picked_texts(texts: Sequence[str], at: np.ndarray) -> pa.Array:
    """Return some of different texts, by their places, each once and rising.

    Examples
    --------
    >>> picked_texts(["a", "b", "c"], np.array([0, 2])).to_pylist()
    ['a', 'c']
    """
    return pa.array(texts if len(at) == len(texts) else map(texts.__getitem__, at.tolist()), pa.large_string())


@dataclass(frozen=True)
class Around:
    """A sentence with a place for what was found, so that those of very many texts are made together.

    Parameters
    ----------
    before, behind : Text
        What stands on both sides of it.

    Examples
    --------
    >>> said = Around(Text("没有 ", "no "), Text("", " here"))
    >>> said("7").en, said.each(pa.array(["7", "8"])).to_pylist()
    ('no 7 here', ['没有 7', '没有 8'])
    """

    before: Text
    behind: Text

    @classmethod
    def quotes(cls, behind: Text) -> Around:
        """Return a sentence that begins with what was found, in quotes."""
        return cls(same("“"), Text(f"”{behind.zh}", f"”{'' if behind.en.startswith(':') else ' '}{behind.en}"))

    def __call__(self, value: str) -> Text:
        """Return the sentence of one text."""
        return Text(*(f"{one}{value}{other}" for one, other in zip(self.before, self.behind, strict=True)))

    def each(self, values: pa.Array) -> pa.Array:
        """Return the sentences of several texts, in Chinese."""
        before, behind, nothing = (pa.scalar(text, pa.large_string()) for text in (self.before.zh, self.behind.zh, ""))
        return pc.binary_join_element_wise(before, values.cast(pa.large_string()), behind, nothing)


@dataclass(frozen=True)
class _Hinted:
    """A sentence around any text but a few, of which something else is said."""

    known: Mapping[str, Text]
    other: Around

    def __call__(self, value: str) -> Text:
        return self.known.get(value) or self.other(value)

    def each(self, values: pa.Array) -> pa.Array:
        at = pc.index_in(values.cast(pa.large_string()), pa.array(self.known, pa.large_string()))
        said = pa.array((text.zh for text in self.known.values()), pa.large_string()).take(at)
        return pc.coalesce(said, self.other.each(values))


Saying = Text | Around | _Hinted | Callable[[str], Text]
"""What is wrong: the same whatever was found, or made of that."""


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

    def told(self, codes: np.ndarray) -> pa.Array:
        """Return what is wrong with several of the values, in Chinese."""
        values = picked_texts(self.values, codes)
        if isinstance(self.text, Around | _Hinted):
            return self.text.each(values)
        return pa.array((self.say(value).zh for value in values.to_pylist()), pa.large_string())

    def cell_of(self, at: int) -> str:
        """Return what the cell of one of the rows is called."""
        return f"{self.table}[{self.rows[at]}].{self.column}"

    def each(self) -> Iterator[tuple[int, str, Text]]:
        """Yield row, value and text of each of them."""
        for row, code in zip(self.rows.tolist(), self.codes.tolist(), strict=True):
            yield row, self.values[code], self.say(self.values[code])


def with_hints(values: Sequence[str], other: Around, hint: Callable[[str], Text], most: int = MOST_HINTS) -> Saying:
    """Return a sentence around each value, only behind the first few with the hint that takes long to find."""
    hints = {value: hint(value) for value in values[:most]}
    behind = {value: Text(*map("".join, zip(other.behind, near, strict=True))) for value, near in hints.items()}
    return _Hinted({value: replace(other, behind=text)(value) for value, text in behind.items()}, other)
