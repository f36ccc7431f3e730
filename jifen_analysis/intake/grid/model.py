"""One neutral sheet: values, addresses, merges, what is hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from operator import itemgetter
from typing import Any, Literal, TypeVar, overload

import numpy as np

from jifen_analysis.errors import JifenError
from jifen_analysis.tables.sources import letters

AUTHOR = "jifen_analysis"
"""Who made the workbooks and Parquet files that we write, and the comments in them."""
PROGRAM = "jifen-analysis"
"""What the manifest beside our other outputs calls who made them."""


@dataclass(frozen=True)
class Fault:
    """What stands in a cell without a value of its own: an error, a formula never calculated, what a format hides."""

    kind: Literal["error", "uncalculated", "merged", "no_amount", "hidden"]
    shown: str

    def __str__(self) -> str:
        return self.shown


class MonthDay(datetime):
    """A day whose format hides the year: seen is 3月5日, the year is what the program put there."""


class YearMonth(datetime):
    """A day whose format hides the day of the month: seen is 2024年3月."""


Value = str | float | int | bool | datetime | date | time | timedelta | Fault | None
Address = tuple[int, int]
"""Row and column of a cell on its sheet, from 1."""


@dataclass(frozen=True, eq=False)
class CodedCells(Sequence[Value]):
    """The cells of a column, each different one held once.

    Examples
    --------
    >>> cells = CodedCells(np.array([0, 1, 0]), ["甲", "乙"])
    >>> cells[1], list(cells[1:]), cells.count("甲")
    ('乙', ['乙', '甲'], 2)
    """

    codes: np.ndarray  # for each row, which of them stands in it
    each: Sequence[Value]  # the different ones; of a whole column in the order in which they first stand there

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Value]:
        return map(self.each.__getitem__, self.codes.tolist())

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Value]: ...
    def __getitem__(self, at: int | slice) -> Value | Sequence[Value]:
        if isinstance(at, slice):
            whole = at.indices(len(self)) == (0, len(self), 1)
            return self if whole else [self.each[code] for code in self.codes[at].tolist()]
        return self.each[int(self.codes[at])]

    def count(self, value: object) -> int:
        """Return how many cells say something."""
        return int(np.count_nonzero(self.codes == self.each.index(value))) if value in self.each else 0


@dataclass(frozen=True)
class Area:
    """A rectangle of cells; sheet coordinates, 1-based, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class SheetFacts:
    """What a file says of a sheet besides its values; places are the sheet's, whichever way it is turned."""

    faults: Mapping[Address, Fault] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formats: Mapping[Address, str] = field(default_factory=dict)  # number formats that matter
    struck: frozenset[Address] = frozenset()  # cells that are crossed out, wholly or in part
    comments: Mapping[Address, str] = field(default_factory=dict)
    unseen: frozenset[Address] = frozenset()  # cells whose letters have the colour of what is behind them
    pictures: frozenset[Area] = frozenset()  # the cells under pictures
    zeros_unseen: bool = False  # whether cells with nothing but 0 are shown blank
    merges: tuple[Area, ...] = ()
    sparse: bool = False  # whether the used range is far larger than its cells
    # texts with raised digits: as they are stored, and as seen
    raised: Mapping[Address, tuple[str, str]] = field(default_factory=dict)
    boxes: tuple[str, ...] = ()  # what text boxes say
    rounded: Mapping[Address, str] = field(default_factory=dict)  # what is shown of numbers that are more


@dataclass(frozen=True)
class Grid:
    """A sheet as far as it is filled, column by column."""

    file: str  # where it comes from; ``sheet`` is empty for text files
    sheet: str
    columns: Sequence[Sequence[Value]]  # the values, one sequence a column, all of one length
    # the sheet's number (1-based) of each row and column: an empty stretch of a sheet need not be held
    row_numbers: Sequence[int]
    column_numbers: Sequence[int]
    merges: tuple[Area, ...] = ()  # merged cells; the value stands at top left
    hidden: bool = False  # whether the sheet itself is
    plain: bool = False  # whether every cell is text (CSV), so that a number may have been text
    above: tuple[str, ...] = ()  # titles that stand over this part of a sheet, outside it
    legends: tuple[str, ...] = ()  # lines outside this part of a sheet that say what signs mean
    turned: bool = False  # whether rows and columns have changed places; addresses stay those of the sheet
    facts: SheetFacts = SheetFacts()  # what the file says besides the values
    # of a form read as a list: position to the sheet's row and column
    elsewhere: Mapping[tuple[int, int], Address] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """Number of rows held."""
        return len(self.row_numbers)

    @property
    def width(self) -> int:
        """Number of columns held."""
        return len(self.columns)

    def row(self, i: int) -> tuple[Value, ...]:
        """Return one row's values."""
        return tuple(map(itemgetter(i), self.columns))

    def rows(self, first: int = 0, last: int | None = None) -> Iterator[tuple[Value, ...]]:
        """Return some rows, in order."""
        return zip(*(column[first:last] for column in self.columns), strict=True)

    def part(self, first: int, last: int) -> Grid:
        """Return the columns from ``first`` up to ``last`` as a sheet of their own."""
        return replace(self, columns=self.columns[first:last], column_numbers=self.column_numbers[first:last])

    def picked(self, places: Sequence[int]) -> Grid:
        """Return some columns, in the order given, as a sheet of their own."""
        numbers = [self.column_numbers[j] for j in places]
        places_of = {(i, places.index(j)): at for (i, j), at in self.elsewhere.items() if j in places}
        columns = [self.columns[j] for j in places]
        return replace(self, columns=columns, column_numbers=numbers, elsewhere=places_of)

    def stretch(self, first: int, last: int) -> Grid:
        """Return the rows from ``first`` up to ``last`` as a sheet of their own."""
        return self.with_rows(range(self.height)[first:last])

    def with_rows(self, rows: Sequence[int]) -> Grid:
        """Return some rows, in the order given, as a sheet of their own."""
        columns = tuple(cells_at(column, rows) for column in self.columns)
        own = self.row_numbers
        numbers = own[rows.start : rows.stop] if isinstance(rows, range) else [own[i] for i in rows]
        return replace(self, columns=columns, row_numbers=numbers, elsewhere=self._elsewhere_of(rows))

    def _elsewhere_of(self, rows: Sequence[int]) -> Mapping[tuple[int, int], Address]:
        if not self.elsewhere:
            return {}
        places = {i: n for n, i in enumerate(rows)}
        return {(places[i], j): at for (i, j), at in self.elsewhere.items() if i in places}

    def address(self, i: int, j: int) -> str:
        """Return the name of a cell, such as ``C7``."""
        row, column = self.elsewhere.get((i, j), (self.row_numbers[i], self.column_numbers[j]))
        return f"{letters(row)}{column}" if self.turned else f"{letters(column)}{row}"

    def places(self, rows: np.ndarray, j: int) -> tuple[np.ndarray, np.ndarray]:
        """Return row and column of cells of a column, as :meth:`address` names them."""
        down = np.asarray(self.row_numbers, "int64")[rows]
        across = np.full(len(rows), self.column_numbers[j], "int64")
        for at, i in enumerate(rows.tolist() if self.elsewhere else ()):
            down[at], across[at] = self.elsewhere.get((i, j), (down[at], across[at]))
        return (across, down) if self.turned else (down, across)

    def apart(self) -> frozenset[int]:
        """Return the columns of a form whose cells stand in other rows of the sheet than the record's."""
        return frozenset(j for (i, j), (row, _) in self.elsewhere.items() if i and row != self.row_numbers[i])

    def on_its_side(self) -> Grid:
        """Return the sheet with its rows as columns."""
        return replace(
            self,
            columns=tuple(self.rows()),
            row_numbers=self.column_numbers,
            column_numbers=self.row_numbers,
            merges=tuple(Area(area.left, area.top, area.right, area.bottom) for area in self.merges),
            turned=not self.turned,
        )

    def value(self, at: Address) -> Value:
        """Return what stands in a cell, by its sheet numbers; nothing where it is not held."""
        i, j = self._place(at)
        return self.columns[j][i] if i >= 0 and j >= 0 else None

    def _place(self, at: Address) -> tuple[int, int]:
        rows, columns = self.row_numbers, self.column_numbers
        return (rows.index(at[0]) if at[0] in rows else -1, columns.index(at[1]) if at[1] in columns else -1)

    def with_values(self, values: Mapping[Address, Value]) -> Grid:
        """Return the sheet with other values in some cells that are held, by their sheet numbers."""
        return self.put({self._place(at): value for at, value in values.items()})

    def put(self, cells: Mapping[tuple[int, int], Value]) -> Grid:
        """Return the sheet with other values in some cells, by their positions."""
        changed = {j: list(self.columns[j]) for j in {j for _, j in cells}}
        for (i, j), value in cells.items():
            changed[j][i] = value
        columns = (Cells(changed[j]) if j in changed else column for j, column in enumerate(self.columns))
        return replace(self, columns=tuple(columns)) if cells else self

    def zeros(self) -> Iterator[Address]:
        """Yield the cells with the number 0, by their sheet numbers."""
        for column, held in zip(self.column_numbers, self.columns, strict=True):
            zeros = (n for n, value in enumerate(held) if value == 0 and type(value) in (int, float))
            yield from ((self.row_numbers[n], column) for n in zeros)

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return all(map(is_blank, (value for column in self.columns for value in column)))

    def filled(self) -> int:
        """Return the number of cells that are not blank."""
        return sum(count_filled(column) for column in self.columns)


def from_cells(
    file: str, sheet: str, cells: Mapping[tuple[int, int], Value], merges: tuple[Area, ...] = (), hidden: bool = False
) -> Grid:
    """Make a grid from single cells, holding only the rows and columns that have any."""
    rows, columns = sorted({at[0] for at in cells}), sorted({at[1] for at in cells})
    values = tuple(tuple(cells.get((row, column)) for row in rows) for column in columns)
    return Grid(file, sheet, values, rows, columns, merges, hidden=hidden)


def is_blank(value: Value) -> bool:
    """Return whether a cell says nothing.

    Examples
    --------
    >>> is_blank(" "), is_blank(0)
    (True, False)
    """
    return value is None or (isinstance(value, str) and not value.strip())


def cells_at(column: Sequence[Value], rows: Sequence[int]) -> Sequence[Value]:
    """Return the cells of a column in some rows."""
    if isinstance(rows, range):
        return column[rows.start : rows.stop]
    if isinstance(column, CodedCells):
        return CodedCells(column.codes[indices(rows)], column.each)
    return [column[i] for i in rows]


def indices(rows: Sequence[int]) -> np.ndarray:
    """Return rows as numbers in memory; of a range, each need not be made before."""
    return np.arange(rows.start, rows.stop) if isinstance(rows, range) else np.asarray(rows, dtype="int64")


class Cells(tuple[Value, ...]):
    """The cells of a column, which know the different ones from a row on: nobody looks for them twice."""

    def below(self, first: int) -> tuple[Mapping[Value, int], np.ndarray]:
        """Return the different cells from a row on, numbered in order of appearance, and the number of each cell."""
        known: dict[int, tuple[Mapping[Value, int], np.ndarray]] = self.__dict__.setdefault("_below", {})
        if first not in known:
            known[first] = numbered(self[first:])
        return known[first]

    def words(self, first: int) -> Collection[Value]:
        """Return the different texts without digits from a row on: only these head or close anything, and few do."""
        known: dict[int, Collection[Value]] = self.__dict__.setdefault("_words", {})
        if first not in known:
            known[first] = list(filter(_is_word, self.below(first)[0]))
        return known[first]

    def __reduce__(self) -> tuple[type[Cells], tuple[tuple[Value, ...]]]:
        return Cells, (tuple(self),)


@lru_cache(maxsize=1 << 15)
def _is_word(value: Value) -> bool:
    return isinstance(value, str) and value != "" and not any(map(str.isdigit, value))


def words_below(column: Sequence[Value], first: int) -> Collection[Value]:
    """Return the different texts without digits of a column from a row on."""
    if isinstance(column, Cells):
        return column.words(first)
    return list(filter(_is_word, distinct_cells(column, range(first, len(column)))))


_Key = TypeVar("_Key")
_Of = TypeVar("_Of")


def grouped(pairs: Iterable[tuple[_Key, _Of]]) -> dict[_Key, list[_Of]]:
    """Return what goes with each key, in order of appearance."""
    found: dict[_Key, list[_Of]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return found


def numbered(values: Sequence[Any]) -> tuple[Mapping[Any, int], np.ndarray]:
    """Return the different values, numbered in order of appearance, and the number of each value."""
    index: defaultdict[Any, int] = defaultdict(count().__next__)  # one look at each cell, none of it in Python
    codes = np.fromiter(map(index.__getitem__, values), dtype="int64", count=len(values))
    return dict(index), codes


def distinct_cells(column: Sequence[Value], rows: Sequence[int]) -> Collection[Value]:
    """Return the different cells of a column in some rows, in order of appearance."""
    known = isinstance(column, Cells) and isinstance(rows, range) and rows.stop == len(column)
    return numbered_cells(column, rows)[0] if known else dict.fromkeys(cells_at(column, rows))


def numbered_cells(column: Sequence[Value], rows: Sequence[int]) -> tuple[Collection[Value], np.ndarray]:
    """Return :func:`distinct_cells`, and for each row the number of what stands in it."""
    if isinstance(column, Cells) and isinstance(rows, range) and rows.stop == len(column):
        return column.below(rows.start)
    if isinstance(column, CodedCells) and len(rows) == len(column):
        return column.each, column.codes
    return numbered(cells_at(column, rows))


def rows_where(column: Sequence[Value], first: int, holds: Callable[[Value], bool]) -> list[int]:
    """Return the rows of a column, from a row on, whose cell is such a one; equal cells are looked at once."""
    wanted = set(filter(holds, distinct_cells(column, range(first, len(column)))))
    return [i for i in range(first, len(column)) if column[i] in wanted] if wanted else []


def count_filled(values: Sequence[Value], rows: Sequence[int] | None = None) -> int:
    """Return how many cells of a column, or of some of its rows, are not blank."""
    rows = range(len(values)) if rows is None else rows
    if isinstance(values, CodedCells):
        said = ~np.fromiter(map(is_blank, values.each), bool, len(values.each))
        return int(np.count_nonzero(said[values.codes[indices(rows)]]))
    blank = [v for v in distinct_cells(values, rows) if v is None or v == "" or (type(v) is str and v.isspace())]
    return len(rows) - (sum(map(cells_at(values, rows).count, blank)) if blank else 0)


class UnreadableError(JifenError):
    """A file that cannot be read at all; one sentence says why."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.code = code

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        return type(self), (self.code, self.text.zh, self.text.en)
