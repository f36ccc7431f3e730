"""Header words: which table's columns they name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.block import LONG, Spread
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary, spelling, standard

PERSON = ("member_id", "name", "branch")
"""Columns that say whose row it is, in every table but surveys."""
_COMMON = frozenset({*PERSON, "period", "date", "note", "clause", "reason"})
DEEPEST = 60
"""Rows in which a header is looked for."""

_BRACKETS = re.compile(r"[((\[【<〈《「『].*?[))\]】>〉》」』]")
_INSIDE = re.compile(r"^[((\[【<〈《「『]([^))\]】>〉》」』]*)[))\]】>〉》」』]$")
_STARS = re.compile(r"^[*★☆※#\s]+|[*★☆※#::\s]+$")
_NUMBERED = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]+)[.、.)]\s*")


def header_forms(value: Value) -> tuple[str, ...]:
    """Return the spellings under which a header cell may be known, best first.

    Examples
    --------
    >>> header_forms("*党员 编号(必填)")
    ('党员编号(必填)', '党员编号')
    """
    if not isinstance(value, str) or len(value) > 80:
        return ()
    return _forms(value)


@lru_cache(maxsize=4096)
def _forms(value: str) -> tuple[str, ...]:
    text = _STARS.sub("", plain(value.replace("\r", "")))
    bare = _STARS.sub("", _BRACKETS.sub("", text))
    first = value.strip().splitlines()[0] if value.strip() else ""
    forms = [
        text,
        bare,
        _INSIDE.sub(r"\1", text),
        _NUMBERED.sub("", bare),
        _BRACKETS.sub("", _STARS.sub("", plain(first))),
    ]
    return tuple(dict.fromkeys(form for form in map(spelling, forms) if form))


@cache
def _index() -> Mapping[str, Mapping[str, tuple[str, int]]]:
    """Return spelling -> table -> (column, how far from the label the spelling is)."""
    vocabulary = standard()
    index: dict[str, dict[str, tuple[str, int]]] = {}
    for table, columns in TABLES.items():
        named = dict.fromkeys([*columns, *(PERSON if table != "surveys" else ())])
        for column in named:
            for rank, name in enumerate(vocabulary.column(table, column).spellings):
                index.setdefault(spelling(name), {}).setdefault(table, (column, rank))
    return index


def column_of(value: Value, table: str) -> tuple[str, int] | None:
    """Return the column of a table that a header cell names, and how far it is from the label."""
    for form in header_forms(value):
        found = _index().get(form, {}).get(table)
        if found:
            return found
    return None


@dataclass(frozen=True)
class Sum:
    """A column that sums up others.

    Parameters
    ----------
    j : int
        Position in the grid.
    label : str
        What its header says.
    months : tuple of int
        The months (1–12) that it sums, where its header names them.
    field : str
        What is summed.
    """

    j: int
    label: str
    months: tuple[int, ...] = ()
    field: str = ""


@dataclass(frozen=True)
class Header:
    """A header row read as that of one table.

    Parameters
    ----------
    table : str
        Name of the table.
    row : int
        Position in the grid.
    columns : mapping of str to int
        Canonical column to position in the grid.
    doubled : mapping of str to tuple of int
        Columns that the very same header names twice.
    rivals : mapping of str to tuple of int
        Columns that another header names as well, less exactly.
    named : bool
        Whether sheet name or title names the table.
    spreads : tuple of Spread
        What each row holds.
    depth : int
        Number of header rows.
    sums : tuple of Sum
        Columns that sum up others.
    """

    table: str
    row: int
    columns: Mapping[str, int]
    doubled: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    named: bool = False
    spreads: tuple[Spread, ...] = LONG
    depth: int = 1
    sums: tuple[Sum, ...] = ()
    rivals: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

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
        said = (
            self.named and self.table != "ballots"
        )  # where no kind of vote is required, a name would do for any sheet
        return person and (known or said)

    @property
    def wide(self) -> bool:
        """Whether a row holds several records side by side."""
        return any(spread.fields for spread in self.spreads)

    @property
    def used(self) -> frozenset[int]:
        """Positions of the columns that are read."""
        return frozenset(self.columns.values()) | {j for spread in self.spreads for j in spread.fields.values()}

    def with_spreads(self, spreads: tuple[Spread, ...]) -> Header:
        """Return the same header over other records."""
        return replace(self, spreads=spreads)

    def missing(self, given: frozenset[str]) -> tuple[str, ...]:
        """Return required columns that neither the header nor the surroundings give."""
        spread = {name for spread in self.spreads for name in (*spread.fields, *spread.constants)}
        have = (
            set(self.columns)
            | spread
            | given
            | ({"member_id"} if "name" in self.columns and self.table != "members" else set())
        )
        return tuple(name for name, column in TABLES[self.table].items() if column.required and name not in have)

    def merit(self, given: frozenset[str]) -> tuple[int, int, int]:
        """Return how well the columns fit the table; smaller is better."""
        return len(self.missing(given)), -len(self.columns), -self.named


def header_in(grid: Grid, row: int, table: str, *, named: bool = False) -> Header:
    """Read one row as the header of one table."""
    found: dict[str, list[tuple[int, int]]] = {}
    for j, value in enumerate(grid.row(row)):
        column, rank = column_of(value, table) or ("", 0)
        if column:
            found.setdefault(column, []).append((rank, j))
    columns = {column: min(at)[1] for column, at in found.items()}
    doubled, rivals = {}, {}
    for column, j in columns.items():
        forms = header_forms(grid.columns[j][row])
        others = [(header_forms(grid.columns[k][row]) == forms, k) for _, k in found[column] if k != j]
        same, less = tuple(k for alike, k in others if alike), tuple(k for alike, k in others if not alike)
        if same:
            doubled[column] = (j, *same)
        elif less:
            rivals[column] = less
    return Header(table, row, columns, doubled, named, rivals=rivals)


def best_table(grid: Grid, row: int, called: frozenset[str], given: frozenset[str], only: str = "") -> Header | None:
    """Return a row read as the header of the table that it fits best, if of any; ``only`` settles which."""
    headers = [header_in(grid, row, table, named=table in called) for table in ([only] if only else TABLES)]
    plausible = [header for header in headers if header.plausible]
    return min(plausible, key=lambda header: header.merit(given)) if plausible else None


def renamed(grid: Grid, headers: Mapping[str, str]) -> Grid:
    """Return a sheet whose headers are put in the words that a layout file gives for them."""
    if not headers:
        return grid
    columns = tuple(
        tuple(_renamed(value, headers) if i < DEEPEST else value for i, value in enumerate(column))
        for column in grid.columns
    )
    return replace(grid, columns=columns)


def _renamed(value: Value, headers: Mapping[str, str]) -> Value:
    return next((headers[form] for form in header_forms(value) if form in headers), value)


def tables_named(names: Sequence[str], words: Vocabulary) -> frozenset[str]:
    """Return the tables whose name stands in one of some texts."""
    texts = [spelling(name) for name in names]
    return frozenset(
        table
        for table, word in words.tables.items()
        if any(spelling(name) in text for name in word.spellings for text in texts)
    )
