"""A header read as that of one table: which columns, which records a row, which sums, which parts of times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from jifen_analysis.intake.grid import Grid
from jifen_analysis.intake.layouts.block import LONG, Spread, columns_apart
from jifen_analysis.intake.layouts.spellings import PERSON, part_of
from jifen_analysis.tables import TABLES

_COMMON = frozenset({*PERSON, "period", "date", "note", "clause", "reason"})


@dataclass(frozen=True)
class Sum:
    """A column that sums up others."""

    j: int  # position in the grid
    label: str  # what its header says
    months: tuple[int, ...] = ()  # the months (1–12) that it sums, where its header names them
    field: str = ""  # what is summed


@dataclass(frozen=True)
class Header:
    """A header row read as that of one table."""

    table: str  # name of the table
    row: int  # position in the grid
    columns: Mapping[str, int]  # canonical column to position in the grid
    # columns that the very same header names twice
    doubled: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    named: bool = False  # whether sheet name or title names the table
    spreads: tuple[Spread, ...] = LONG  # what each row holds
    depth: int = 1  # number of header rows
    sums: tuple[Sum, ...] = ()  # columns that sum up others
    # columns that another header names as well, less exactly
    rivals: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    # columns that are read together with others: the year of a month, the reason of a blank sign
    beside: frozenset[int] = frozenset()
    # columns that say one status each, with its code: a sign in one means it
    signs: Mapping[int, str] = field(default_factory=dict)
    person: str = ""  # the one member of whom the sheet is; empty where each row says whose it is
    # columns in whose cells members are listed, with the status of those
    lists: Mapping[int, str] = field(default_factory=dict)

    @property
    def telling(self) -> int:
        """Number of columns that only few tables have."""
        beside = {name for spread in self.spreads for name in spread.fields}
        return sum(column not in _COMMON for column in {*self.columns, *beside})

    @property
    def plausible(self) -> bool:
        """Whether this can be a header at all."""
        if self.table == "surveys":
            return self.telling >= 2 and ("question" in self.columns or "branch" in self.columns)
        person = "member_id" in self.columns or "name" in self.columns
        known = len(self.columns) + self.wide >= 2 and (self.telling > 0 or self.table == "members")
        # Of ballots no kind of vote is required: a name would do for any sheet.
        return person and (known or (self.named and self.table != "ballots"))

    def places(self, name: str) -> list[int]:
        """Return every column in which a value of one kind stands, whichever record of a row it is of."""
        fields = (*(spread.fields for spread in self.spreads), self.columns)
        return sorted({columns[name] for columns in fields if name in columns})

    @cached_property
    def wide(self) -> bool:
        """Whether a row holds several records side by side."""
        return any(spread.fields for spread in self.spreads)

    @cached_property
    def used(self) -> frozenset[int]:
        """Positions of the columns that are read."""
        return frozenset((*self.columns.values(), *columns_apart(self.spreads))) | self.beside

    @cached_property
    def lines(self) -> range:
        """Its rows, from the top level to the lowest."""
        return range(self.row, self.row + self.depth)

    @cached_property
    def below(self) -> int:
        """The first row below it."""
        return self.row + self.depth

    def with_spreads(self, spreads: tuple[Spread, ...]) -> Header:
        """Return the same header over other records."""
        return replace(self, spreads=spreads)

    def missing(self, given: frozenset[str]) -> tuple[str, ...]:
        """Return required columns that neither the header nor the surroundings give."""
        spread = {name for spread in self.spreads for name in (*spread.fields, *spread.constants)}
        named = (self.person or "name" in self.columns) and self.table != "members"
        have = {*self.columns, *spread, *given, *(("member_id",) if named else ())}
        return tuple(name for name, column in TABLES[self.table].items() if column.required and name not in have)

    def merit(self, given: frozenset[str]) -> tuple[int, int, int]:
        """Return how well the columns fit the table; smaller is better."""
        return len(self.missing(given)), -len(self.columns), -self.named


# ---------------------------------------------------------------- times said in parts


_WHOLE = {"date": "day", "period": "", "month": ""}
"""Columns that may be said in parts, and the part that they cannot do without."""


def parts_at(grid: Grid, row: int, header: Header) -> Mapping[str, int]:
    """Return the columns that say parts of a time and are not read on their own."""
    named = {j: part_of(value) for j, value in enumerate(grid.row(row)) if j not in header.used}
    return {part: j for j, part in reversed(named.items()) if part}


def with_parts(grid: Grid, header: Header) -> Header:
    """Return a header whose day or period, where it has no column, is said in parts."""
    columns = TABLES[header.table]
    parts = parts_at(grid, header.row, header)
    if not parts or "year" in columns:
        return header
    name = next((name for name in _WHOLE if name in columns), "")
    at = _place(name, parts, header)
    if at is None:
        return header
    return replace(header, columns={**header.columns, name: at}, beside=frozenset(parts.values()) - {at})


def _place(name: str, parts: Mapping[str, int], header: Header) -> int | None:
    """Return the column in which the whole will be put together."""
    spread = any(name in one.constants or (one.fields and name != "period") for one in header.spreads)
    if not name or name in header.columns or spread:
        return None
    if name == "date":
        return parts["day"] if {"month", "day"} <= set(parts) else None
    if name == "month":
        return parts.get("month", parts.get("quarter"))
    return next((parts[part] for part in ("month", "quarter", "half", "year") if part in parts), None)
