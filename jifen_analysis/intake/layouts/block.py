"""What is known of a sheet before its cells are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True)
class Layout:
    """One sheet laid out: its blocks, what is said of it, and what its other cells are."""

    blocks: tuple[Block, ...] = ()
    problems: tuple[Problem, ...] = ()
    counts: Mapping[Fate, int] = field(default_factory=dict)
