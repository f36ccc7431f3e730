"""A hand-tallied list of last year's results: 编号, 总分, 等次."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from jifen_analysis.errors import InvalidRecords, Problem, Text, UsageError
from jifen_analysis.intake.cells import display_raw, is_nothing, plain
from jifen_analysis.intake.cells.names import read_id
from jifen_analysis.intake.cells.numbers import read_number
from jifen_analysis.intake.cells.reading import Reading, faulty
from jifen_analysis.intake.grid import Grid, UnreadableError, Value, open_grids
from jifen_analysis.intake.identity import id_width as width_of
from jifen_analysis.intake.layouts.body import rows_below
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.spellings import DEEPEST, header_forms
from jifen_analysis.tables import Column
from jifen_analysis.vocabulary import Word, spelling, standard

_TOTAL = Column("score", "number")
_READ = ("member_id", "total", "grade")
_KNOWN = (*_READ, "name", "branch")
"""Name and branch are not read; they tell a line of somebody from a footer."""


@dataclass(frozen=True)
class _List:
    """Where the list stands in a sheet: its header, its columns, the rows of its members."""

    grid: Grid
    columns: Mapping[str, int]
    rows: Sequence[int]

    def value(self, row: int, name: str) -> Value:
        return self.grid.columns[self.columns[name]][row] if name in self.columns else None

    def cell(self, row: int, name: str) -> Reading:
        value = self.value(row, name)
        if is_nothing(value):
            return Reading()
        if fault := faulty(value):
            return fault
        if name == "member_id":
            return read_id(value)
        return read_number(value, _TOTAL) if name == "total" else Reading(plain(display_raw(value)))


def read_results(path: str | Path, *, id_width: int | None = None) -> pd.DataFrame:
    r"""Read a list of results that somebody tallied by hand, as the year before.

    Parameters
    ----------
    path : str or Path
        A workbook or CSV; each sheet with a header that names 编号 and 总分, 等次
        or both is read. Titles above, totals, footers and repeated headers are
        no members.
    id_width : int, optional
        Digits of an id: numbers that lost leading zeros get them back. By
        default as many as the ids that are text have, if all have as many.

    Returns
    -------
    DataFrame
        Indexed by member_id (text): total (float64, missing where blank),
        grade (text as written, missing where blank). Its columns are the
        ``before`` of ``movement.ranks`` and ``movement.transitions``.

    Raises
    ------
    UsageError
        Where there is no such file, or no such list in it.
    InvalidRecords
        With every cell that cannot be read, two columns that could both be
        meant, every line without an id, and every member who stands twice.

    Examples
    --------
    >>> import tempfile
    >>> list_ = Path(tempfile.mkdtemp()) / "2023.csv"
    >>> _ = list_.write_text("编号,总分,等次\n00001,91.5,优秀\n00002,,合格\n", encoding="utf-8")
    >>> read_results(list_)["grade"].to_dict()
    {'00001': '优秀', '00002': '合格'}
    """
    source = Path(path)
    if not source.is_file():
        raise UsageError(f"没有这个文件:{source}", f"no such file: {source}")
    try:
        lists = [found for grid in open_grids(source, source.name) if (found := _find(grid))]
    except UnreadableError as fault:
        raise UsageError(f"{source.name}:{fault.message('zh')}", f"{source.name}: {fault.message('en')}") from None
    if not lists:
        raise UsageError(
            f"{source.name} 中没有找到结果表:表头须有 编号,并有 总分 或 等次",
            f"no list of results in {source.name}: its header must name 编号, and 总分 or 等次",
        )
    return _read(lists, id_width)


# ---------------------------------------------------------------- where the list stands


def _find(grid: Grid) -> _List | None:
    """Return the list of a sheet: below the first row, or two, that name an id and a result."""
    for row in range(min(DEEPEST, grid.height)):
        for depth in (2, 1):
            named = _columns(grid, row, depth)
            if "member_id" in named and ("total" in named or "grade" in named):
                _refuse_doubt(grid, row, named)
                columns = {name: places[0] for name, places in named.items()}
                return _List(grid, columns, _body(grid, row, depth, columns))
    return None


def _columns(grid: Grid, row: int, depth: int) -> dict[str, list[int]]:
    """Return the columns that a header may mean: those called by the usual name, else all others."""
    found: dict[str, dict[int, list[int]]] = {}
    for at, column in enumerate(grid.columns):
        for value in column[row : row + depth]:
            for name, rank in _named(value):
                found.setdefault(name, {}).setdefault(rank, []).append(at)
    named = {name: list(dict.fromkeys(ranks[min(ranks)])) for name, ranks in found.items()}
    return named if depth == 1 or _continues(grid, row, named) else {}


def _continues(grid: Grid, row: int, named: Mapping[str, list[int]]) -> bool:
    """Return whether the row below belongs to the header: it names something, and no id stands in it."""
    below = grid.row(row + 1) if row + 1 < grid.height else ()
    ids = [below[at] for at in named.get("member_id", ()) if below]
    return all(map(is_nothing, ids)) and any(True for value in below for _ in _named(value))


def _named(value: Value) -> Iterator[tuple[str, int]]:
    """Yield what a header cell names, with 0 for its usual name and 1 for another."""
    forms = set(header_forms(value))
    for name in _KNOWN:
        usual, others = _spelt(standard().column("results", name))
        if forms & usual:
            yield name, 0
        elif forms & others:
            yield name, 1


def _spelt(word: Word) -> tuple[set[str], set[str]]:
    return {spelling(word.code), spelling(word.label)}, {spelling(alias) for alias in word.aliases}


def _refuse_doubt(grid: Grid, row: int, named: Mapping[str, list[int]]) -> None:
    text = Text("不止一列可以是它,请只留一列", "more than one column could be meant; keep one")
    doubtful = [at for name in _READ if len(named.get(name, ())) > 1 for at in named[name]]
    if doubtful:
        raise InvalidRecords(_at(grid, row, at, "doubled_column", text) for at in doubtful)


def _body(grid: Grid, row: int, depth: int, columns: Mapping[str, int]) -> list[int]:
    """Return the rows that are of somebody, though the id be missing."""
    rows = rows_below(grid, Header("members", row, columns, depth=depth), row + depth).body
    ids, told = (
        grid.columns[columns["member_id"]],
        [grid.columns[at] for name, at in columns.items() if name != "branch"],
    )
    again = [at for at in rows if ids[at] == ids[row]]  # the header of the next page
    return [at for at in rows if at not in again and any(not is_nothing(column[at]) for column in told)]


# ---------------------------------------------------------------- what stands in it


def _read(lists: Sequence[_List], width: int | None) -> pd.DataFrame:
    lines = [(found, row) for found in lists for row in found.rows]
    if not lines:
        file = lists[0].grid.file
        raise UsageError(f"{file} 的结果表是空的", f"the list of results in {file} is empty")
    cells = {name: [found.cell(row, name) for found, row in lines] for name in _READ}
    ids = _padded(lines, cells["member_id"], width)
    problems = [*_refused(lines, cells), *_doubled(lines, ids)]
    if problems:
        raise InvalidRecords(problems)
    total = np.array([np.nan if cell.value is None else cell.value for cell in cells["total"]], dtype="float64")
    grade = pd.array([cell.value for cell in cells["grade"]], "str")
    return pd.DataFrame({"total": total, "grade": grade}, index=pd.Index(ids, name="member_id", dtype="str"))


def _padded(lines: Sequence[tuple[_List, int]], ids: Sequence[Reading], width: int | None) -> list[str | None]:
    """Return the ids with the zeros that numbers lose, and texts in a file of text alone."""
    raw = [found.value(row, "member_id") for found, row in lines]
    digits = width or width_of(raw)
    lost = [width is not None or not isinstance(value, str) for value in raw]
    return [
        cell.value.zfill(digits) if digits and zeros and cell.value and cell.value.isdigit() else cell.value
        for cell, zeros in zip(ids, lost, strict=True)
    ]


def _refused(lines: Sequence[tuple[_List, int]], cells: Mapping[str, Sequence[Reading]]) -> Iterator[Problem]:
    missing = Text("这一行没有编号", "this line has no id")
    for at, (found, row) in enumerate(lines):
        if is_nothing(found.value(row, "member_id")):
            yield _problem(found, row, "member_id", "missing_id", missing)
        for name in _READ:
            reading = cells[name][at]
            if reading.severity == "error" and reading.text:
                yield _problem(found, row, name, reading.code, reading.text)


def _doubled(lines: Sequence[tuple[_List, int]], ids: Sequence[str | None]) -> Iterator[Problem]:
    times = Counter(ids)
    text = Text("此编号出现不止一次,请留一行", "this id stands more than once; keep one row")
    for (found, row), member in zip(lines, ids, strict=True):
        if member and times[member] > 1:
            yield _problem(found, row, "member_id", "duplicate_member", text)


def _problem(found: _List, row: int, name: str, code: str, text: Text) -> Problem:
    return _at(found.grid, row, found.columns[name], code, text)


def _at(grid: Grid, row: int, column: int, code: str, text: Text) -> Problem:
    value = grid.columns[column][row]
    said = "" if value is None else display_raw(value)
    return Problem("error", code, text, grid.file, grid.sheet, grid.address(row, column), said)
