"""What is known of a sheet before its cells are read, and what a correspondence table settles of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from jifen_analysis.errors import Problem
from jifen_analysis.intake.grid import Grid

Fate = Literal["record", "header", "title", "legend", "total", "footer", "extra", "aside", "refused"]
FATES: tuple[Fate, ...] = ("record", "header", "title", "legend", "total", "footer", "extra", "aside", "refused")
"""Every non-empty cell belongs to exactly one."""


@dataclass(frozen=True)
class Spread:
    """The part of a row that is one record.

    Parameters
    ----------
    fields : mapping of str to int
        Canonical column to position in the grid, for the columns that only
        this record reads.
    constants : mapping of str to object
        Typed values that the header gives, such as the month of a column.
    """

    fields: Mapping[str, int] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)

    @property
    def month(self) -> int:
        """The month (1–12) that the header says; 0 where it says none."""
        return int(str(self.constants.get("month") or "0000-00")[5:])

    @property
    def first(self) -> int:
        """The first column that only this record reads; -1 where there is none."""
        return min(self.fields.values(), default=-1)


def columns_apart(spreads: Iterable[Spread]) -> Iterator[int]:
    """Yield the columns that single records of a row read, record by record."""
    return (j for spread in spreads for j in spread.fields.values())


LONG = (Spread(),)
"""One record a row."""


@dataclass(frozen=True)
class Block:
    """One table on a sheet.

    Parameters
    ----------
    grid : Grid
        The sheet, or the part of it that holds the block.
    table : str
        Name of the table.
    columns : mapping of str to int
        Canonical column to position in the grid, for columns that every
        record of a row reads; ``name`` and ``branch`` say whose row it is.
    body : sequence of int
        The rows with records, as positions in the grid.
    spreads : tuple of Spread
        What each row holds: one record, or several side by side.
    constants : mapping of str to object
        Typed values that title, sheet name or file name give.
    year : int or None
        The year of a month or day that names none.
    symbols : mapping of str to str
        What signs mean, from a legend: sign to code.
    blank : str
        Status that a blank cell means; empty where it is no record.
    copies : frozenset of (int, int)
        Cells that only repeat what stands in another one.
    filled : int
        Non-empty cells of the sheet from which the records are made.
    """

    grid: Grid
    table: str
    columns: Mapping[str, int]
    body: Sequence[int]
    spreads: tuple[Spread, ...] = LONG
    constants: Mapping[str, Any] = field(default_factory=dict)
    year: int | None = None
    symbols: Mapping[str, str] = field(default_factory=dict)
    blank: str = ""
    copies: frozenset[tuple[int, int]] = frozenset()
    filled: int = 0

    @property
    def wide(self) -> bool:
        """Whether a row holds several records side by side."""
        return any(spread.fields for spread in self.spreads)

    @property
    def used(self) -> frozenset[int]:
        """The columns that are read."""
        return frozenset((*self.columns.values(), *columns_apart(self.spreads)))


@dataclass(frozen=True)
class Layout:
    """One sheet laid out: its blocks, what is said of it, and what its other cells are."""

    blocks: tuple[Block, ...] = ()
    problems: tuple[Problem, ...] = ()
    counts: Mapping[Fate, int] = field(default_factory=dict)

    @classmethod
    def together(cls, layouts: Sequence[Layout]) -> Layout:
        """Return several layouts as one."""
        blocks = tuple(block for layout in layouts for block in layout.blocks)
        said = tuple(problem for layout in layouts for problem in layout.problems)
        return cls(blocks, said, added_up(layout.counts for layout in layouts))


def added_up(counts: Iterable[Mapping[Fate, int]]) -> Counter[Fate]:
    """Return how many cells have each fate, in all."""
    return sum(map(Counter, counts), Counter[Fate]())


# ---------------------------------------------------------------- what a correspondence table settles


@dataclass(frozen=True)
class Hints:
    """What a correspondence table settles.

    Parameters
    ----------
    year : int or None
        The year of dates that name none.
    blank : str
        Status that a blank cell of a sheet of ticks means; empty for no record.
    symbols : mapping of str to str
        Sign to status code.
    headers : mapping of str to str
        Folded header as the sheets have it to the header as we have it; 不计
        for a column that is left aside on purpose.
    sheets : mapping of str to str
        Folded sheet name to table.
    branches : mapping of str to str
        Folded name of a branch to the name it goes by.
    spellings : mapping of str to mapping of str to str
        Kind of word to spelling to code.
    aside : mapping of str to frozenset of str
        Kind of word, or ``sign`` or ``sheet``, to the folded spellings that
        are left aside on purpose.
    """

    year: int | None = None
    blank: str = ""
    symbols: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    branches: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    aside: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def of_cells(self) -> bool:
        """Whether something is settled that is looked for cell by cell."""
        return bool(self.headers or self.branches or self.aside)
