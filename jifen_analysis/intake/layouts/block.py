"""What is known of a sheet before its cells are read, and what a correspondence table settles of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from jifen_analysis.errors import Problem, Severity, Text
from jifen_analysis.intake.cells import display_raw
from jifen_analysis.intake.grid import Grid

Fate = Literal["record", "header", "title", "legend", "total", "footer", "extra", "aside", "refused"]
FATES: tuple[Fate, ...] = ("record", "header", "title", "legend", "total", "footer", "extra", "aside", "refused")
"""Every non-empty cell belongs to exactly one."""


@dataclass(frozen=True)
class Spread:
    """The part of a row that is one record."""

    # canonical column to position in the grid, for the columns that only this record reads
    fields: Mapping[str, int] = field(default_factory=dict)
    # typed values that the header gives, such as the month of a column
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
    """One table on a sheet."""

    grid: Grid  # the sheet, or the part of it that holds the block
    table: str  # name of the table
    # canonical column to position in the grid, for columns that every record of a row reads; ``name`` and ``branch``
    # say whose row it is
    columns: Mapping[str, int]
    body: Sequence[int]  # the rows with records, as positions in the grid
    spreads: tuple[Spread, ...] = LONG  # what each row holds: one record, or several side by side
    # typed values that title, sheet name or file name give
    constants: Mapping[str, Any] = field(default_factory=dict)
    year: int | None = None  # the year of a month or day that names none
    symbols: Mapping[str, str] = field(default_factory=dict)  # what signs mean, from a legend: sign to code
    blank: str = ""  # status that a blank cell means; empty where it is no record
    copies: frozenset[tuple[int, int]] = frozenset()  # cells that only repeat what stands in another one
    filled: int = 0  # non-empty cells of the sheet from which the records are made

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


def problem(
    grid: Grid,
    code: str,
    text: Text,
    at: tuple[int, int] | None = None,
    severity: Severity = "error",
    kind: str = "",
    times: int = 1,
) -> Problem:
    """Return a problem at a cell of a sheet, or of the sheet as a whole; ``kind`` and ``times`` as in ``Problem``."""
    cell = grid.address(*at) if at else ""
    value = grid.columns[at[1]][at[0]] if at else None
    said = "" if value is None else display_raw(value)
    return Problem(severity, code, text, grid.file, grid.sheet, cell, said, kind, times)


# ---------------------------------------------------------------- what a correspondence table settles


@dataclass(frozen=True)
class Hints:
    """What a correspondence table settles."""

    year: int | None = None  # the year of dates that name none
    blank: str = ""  # status that a blank cell of a sheet of ticks means; empty for no record
    symbols: Mapping[str, str] = field(default_factory=dict)  # sign to status code
    # folded header as the sheets have it to the header as we have it; 不计 for a column that is left aside on purpose
    headers: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)  # folded sheet name to table
    branches: Mapping[str, str] = field(default_factory=dict)  # folded name of a branch to the name it goes by
    # folded name of what is marked to what the schemes call it, or 不计
    items: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # kind of word to spelling to code
    # kind of word, or ``sign`` or ``sheet``, to the folded spellings that are left aside on purpose
    aside: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def of_cells(self) -> bool:
        """Whether something is settled that is looked for cell by cell."""
        return bool(self.headers or self.branches or self.items or self.aside)
