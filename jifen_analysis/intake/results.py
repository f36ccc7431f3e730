"""A hand-tallied list of last year's results: 编号, 总分, 等次."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from jifen_analysis.errors import InvalidRecords, Problem, Text, UsageError
from jifen_analysis.intake.cells import nothing, plain
from jifen_analysis.intake.cells.names import read_id
from jifen_analysis.intake.cells.numbers import read_number
from jifen_analysis.intake.cells.reading import Reading, faulty
from jifen_analysis.intake.grid import Grid, UnreadableError, Value, open_grids
from jifen_analysis.intake.layouts.headers import DEEPEST, header_forms
from jifen_analysis.tables import Column
from jifen_analysis.vocabulary import Word, spelling, standard

_TOTAL = Column("total", "number")
_WANTED = ("member_id", "total", "grade")


@dataclass(frozen=True)
class _List:
    """Where the list stands in a sheet: the row of its header, and its columns."""

    grid: Grid
    header: int
    columns: Mapping[str, int]


def read_results(path: str | Path) -> pd.DataFrame:
    r"""Read a list of results that somebody tallied by hand, as the year before.

    Parameters
    ----------
    path : str or Path
        A workbook or CSV with a header row that names 编号 and 总分, 等次 or both.

    Returns
    -------
    DataFrame
        Indexed by member_id (text): total (float64, missing where blank),
        grade (text, missing where blank). Its columns are the ``before`` of
        ``movement.ranks`` and ``movement.transitions``.

    Raises
    ------
    UsageError
        Where there is no such file, or no such list in it.
    InvalidRecords
        With every cell that cannot be read, and every member who stands twice.

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
    return _read(lists[0])


def _find(grid: Grid) -> _List | None:
    for row in range(min(DEEPEST, grid.height)):
        columns = {name: at for at, value in enumerate(grid.row(row)) for name in _named(value)}
        if "member_id" in columns and len(columns) > 1:
            return _List(grid, row, columns)
    return None


def _named(value: Value) -> Iterator[str]:
    forms = set(header_forms(value))
    yield from (name for name in _WANTED if forms & {spelling(text) for text in _word(name).spellings})


def _word(name: str) -> Word:
    return standard().column("results", name)


def _read(found: _List) -> pd.DataFrame:
    rows = [at for at in range(found.header + 1, found.grid.height) if not nothing(_value(found, at, "member_id"))]
    cells = {name: [_cell(found, at, name) for at in rows] for name in _WANTED}
    problems = [*_refused(found, rows, cells), *_doubled(found, rows, cells["member_id"])]
    if problems:
        raise InvalidRecords(problems)
    ids = pd.Index([cell.value for cell in cells["member_id"]], name="member_id", dtype="str")
    total = np.array([np.nan if cell.value is None else cell.value for cell in cells["total"]], dtype="float64")
    return pd.DataFrame({"total": total, "grade": pd.array([cell.value for cell in cells["grade"]], "str")}, index=ids)


def _value(found: _List, row: int, name: str) -> Value:
    return found.grid.columns[found.columns[name]][row] if name in found.columns else None


def _cell(found: _List, row: int, name: str) -> Reading:
    value = _value(found, row, name)
    if nothing(value):
        return Reading()
    if fault := faulty(value):
        return fault
    if name == "member_id":
        return read_id(value)
    return read_number(value, _TOTAL) if name == "total" else Reading(plain(str(value)))


def _refused(found: _List, rows: list[int], cells: Mapping[str, list[Reading]]) -> Iterator[Problem]:
    for name, readings in cells.items():
        for row, reading in zip(rows, readings, strict=True):
            if reading.severity == "error" and reading.text:
                yield _problem(found, row, name, reading.code, reading.text)


def _doubled(found: _List, rows: list[int], ids: list[Reading]) -> Iterator[Problem]:
    twice = pd.Series([cell.value for cell in ids]).duplicated(keep=False)
    text = Text("此编号出现不止一次,请留一行", "this id stands more than once; keep one row")
    for row, again in zip(rows, twice, strict=True):
        if again:
            yield _problem(found, row, "member_id", "duplicate_member", text)


def _problem(found: _List, row: int, name: str, code: str, text: Text) -> Problem:
    grid = found.grid
    cell = grid.address(row, found.columns[name])
    return Problem("error", code, text, grid.file, grid.sheet, cell, str(_value(found, row, name)))
