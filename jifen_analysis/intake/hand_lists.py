"""A list that somebody keeps by hand: where it stands in a sheet, which column is which, and whose row each is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jifen_analysis.errors import InvalidRecords, Problem, Text, UsageError, cause
from jifen_analysis.intake.cells import Reading, display_raw, is_nothing, plain
from jifen_analysis.intake.cells.names import read_id
from jifen_analysis.intake.cells.reading import faulty
from jifen_analysis.intake.grid import Grid, UnreadableError, Value, is_blank, open_grids
from jifen_analysis.intake.identity import id_width as width_of
from jifen_analysis.intake.layouts.block import problem
from jifen_analysis.intake.layouts.spellings import DEEPEST, column_of, header_forms
from jifen_analysis.vocabulary import Word, spelling, standard


@dataclass(frozen=True)
class Headings:
    """What the header of a list names."""

    table: str  # where the vocabulary has its columns
    key: str  # the column that says whose row it is
    reads: tuple[str, ...]  # columns that are read: a header that could be two of them is refused
    beside: tuple[str, ...]  # columns that only tell a line of somebody from a footer
    holds: Callable[[Collection[str]], bool]  # whether these columns make such a list
    turned: bool = False  # whether the header lies down the side, and everybody has a column
    # whether what was found is such a list, where the columns alone do not say
    fits: Callable[[HandList], bool] = lambda _: True


@dataclass(frozen=True)
class HandList:
    """Where a list stands in a sheet: its header, its columns."""

    grid: Grid
    head: int
    depth: int
    columns: Mapping[str, int]

    def value(self, row: int, name: str) -> Value:
        """Return what stands in a column; nothing where there is no such column."""
        return self.grid.columns[self.columns[name]][row] if name in self.columns else None

    def text(self, row: int, name: str) -> str:
        """Return what stands in a column as text; blank where nothing does."""
        value = self.value(row, name)
        return "" if is_nothing(value) else plain(display_raw(value))

    def problem(self, row: int, column: int, code: str, text: Text) -> Problem:
        """Return an error at a cell."""
        return problem(self.grid, code, text, (row, column))


def hand_lists(source: Path, *ways: Headings) -> list[HandList]:
    """Return the lists of a file, one a sheet that has one: as the first of the ways in which it may lie.

    Raises
    ------
    UsageError
        Where there is no such file, or it cannot be read.
    InvalidRecords
        With two columns that could both be meant.
    """
    if not source.is_file():
        raise UsageError(f"没有这个文件:{source}", f"no such file: {source}")
    try:
        found = (next(_found(grid, ways), None) for grid in open_grids(source, source.name))
        return [one for one in found if one]
    except UnreadableError as fault:
        raise UsageError(f"{source.name}:{fault.message('zh')}", f"{source.name}: {fault.message('en')}") from None


def _found(grid: Grid, ways: Sequence[Headings]) -> Iterator[HandList]:
    for headings in ways:
        found = _find(grid.on_its_side() if headings.turned else grid, headings)
        if found:
            yield found


def read_optional(value: Value, read: Callable[[Value], Reading]) -> Reading:
    """Read a cell that may be blank, or hold an error of the spreadsheet."""
    return Reading() if is_nothing(value) else faulty(value) or read(value)


# ---------------------------------------------------------------- where a list stands


def _find(grid: Grid, headings: Headings) -> HandList | None:
    """Return the list of a sheet: below the first row, or two, that name what it must."""
    for row in range(min(DEEPEST, grid.height)):
        for depth in (2, 1):
            named = _columns(grid, row, depth, headings)
            found = HandList(grid, row, depth, {name: places[0] for name, places in named.items()})
            if headings.holds(named) and headings.fits(found):
                _refuse_doubt(grid, row, named, headings.reads)
                return found
    return None


def _columns(grid: Grid, row: int, depth: int, headings: Headings) -> dict[str, list[int]]:
    """Return the columns that a header may mean: those called by the usual name, else all others."""
    found: dict[str, dict[int, list[int]]] = {}
    for at, column in enumerate(grid.columns):
        for value in column[row : row + depth]:
            for name, rank in _named(value, headings):
                found.setdefault(name, {}).setdefault(rank, []).append(at)
    named = {name: list(dict.fromkeys(ranks[min(ranks)])) for name, ranks in found.items()}
    return named if depth == 1 or _continues(grid, row, named, headings) else {}


def _continues(grid: Grid, row: int, named: Mapping[str, list[int]], headings: Headings) -> bool:
    """Return whether the row below belongs to the header: it names something, and no id stands in it."""
    below = grid.row(row + 1) if row + 1 < grid.height else ()
    keys = [below[at] for at in named.get(headings.key, ()) if below]
    return all(map(is_nothing, keys)) and any(True for value in below for _ in _named(value, headings))


def _named(value: Value, headings: Headings) -> Iterator[tuple[str, int]]:
    """Yield what a header cell names, with 0 for its usual name and 1 for another."""
    forms = set(header_forms(value))
    for name in (*headings.reads, *headings.beside):
        usual, others = _spelt(standard().column(headings.table, name))
        if forms & usual:
            yield name, 0
        elif forms & others:
            yield name, 1


def _spelt(word: Word) -> tuple[set[str], set[str]]:
    return {spelling(word.code), spelling(word.label)}, {spelling(alias) for alias in word.aliases}


def _refuse_doubt(grid: Grid, row: int, named: Mapping[str, list[int]], reads: Sequence[str]) -> None:
    text = Text("不止一列可以是它,请只留一列", "more than one column could be meant; keep one")
    doubtful = [at for name in reads if len(named.get(name, ())) > 1 for at in named[name]]
    if doubtful:
        raise InvalidRecords(problem(grid, "doubled_column", text, (row, at)) for at in doubtful)


# ---------------------------------------------------------------- whose row it is

Line = tuple[HandList, int]
"""A row of a list."""


def member_ids(lines: Sequence[Line], width: int | None) -> tuple[list[str | None], list[Problem]]:
    """Return the id of each row, and what is wrong with ids.

    Zeros that numbers lose are given back, and those of texts in a file of text alone.
    """
    raw = [found.value(row, "member_id") for found, row in lines]
    cells = [read_optional(value, read_id) for value in raw]
    digits = width or width_of(raw)
    lost = [width is not None or not isinstance(value, str) for value in raw]
    ids = [
        cell.value.zfill(digits) if digits and zeros and cell.value and cell.value.isdigit() else cell.value
        for cell, zeros in zip(cells, lost, strict=True)
    ]
    return ids, [*_without_id(lines, cells), *_doubled(lines, ids)]


def _without_id(lines: Sequence[Line], cells: Sequence[Reading]) -> Iterator[Problem]:
    missing = Text("这一行没有编号", "this line has no id")
    for (found, row), cell in zip(lines, cells, strict=True):
        if is_nothing(found.value(row, "member_id")):
            yield found.problem(row, found.columns["member_id"], "missing_id", missing)
        elif cell.severity == "error" and cell.text:
            yield found.problem(row, found.columns["member_id"], cell.code, cell.text)


def _doubled(lines: Sequence[Line], ids: Sequence[str | None]) -> Iterator[Problem]:
    times = Counter(ids)
    text = Text("此编号出现不止一次,请留一行", "this id stands more than once; keep one row")
    for (found, row), member in zip(lines, ids, strict=True):
        if member and times[member] > 1:
            yield found.problem(row, found.columns["member_id"], "duplicate_member", text)


# ---------------------------------------------------------------- the branches that should have reported


def read_expected(path: Path) -> list[str]:
    """Return the branches on a list: a workbook or text file with a column of them.

    Raises
    ------
    UsageError
        Where it cannot be read, or has none.
    """
    try:
        grids = open_grids(path, path.name)
    except (OSError, UnreadableError) as fault:
        said = fault.text if isinstance(fault, UnreadableError) else cause(fault)
        raise UsageError(
            f"读不了支部名单 {path}:{said.zh}", f"cannot read the list of branches {path}: {said.en}"
        ) from fault
    names = [name for grid in grids for name in _names_on(grid)]
    if not names:
        raise UsageError(f"支部名单 {path} 里没有支部名称", f"no branch names in {path}")
    return list(dict.fromkeys(names))


def _names_on(grid: Grid) -> list[str]:
    heads = ((i, j) for i in range(grid.height) for j in range(grid.width))
    named = ((i, j) for i, j in heads if column_of(grid.columns[j][i], "members") == "branch")
    i, j = next(named, (-1, 0))  # without a header, the texts of the first column
    column = grid.columns[j][i + 1 :] if grid.width else ()
    return [plain(display_raw(value)) for value in column if not is_blank(value) and (i >= 0 or isinstance(value, str))]
