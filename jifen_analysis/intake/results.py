"""A hand-tallied list of last year's results: 编号, 总分, 等次."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from jifen_analysis.errors import InvalidRecords, UsageError
from jifen_analysis.intake.cells import Reading, display_raw, is_nothing, plain
from jifen_analysis.intake.cells.numbers import read_number
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.hand_lists import HandList, Headings, Line, hand_lists, member_ids, read_optional
from jifen_analysis.intake.layouts.body import rows_below
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.tables import Column

_TOTAL = Column("score", "number")
_RESULTS = Headings(
    "results",
    "member_id",
    ("member_id", "total", "grade"),
    ("name", "branch"),
    lambda named: "member_id" in named and ("total" in named or "grade" in named),
)


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
    lists = hand_lists(source, _RESULTS)
    if not lists:
        raise UsageError(
            f"{source.name} 中没有找到结果表:表头须有 编号,并有 总分 或 等次",
            f"no list of results in {source.name}: its header must name 编号, and 总分 or 等次",
        )
    lines = [(found, row) for found in lists for row in _body(found)]
    if not lines:
        raise UsageError(f"{source.name} 的结果表是空的", f"the list of results in {source.name} is empty")
    return _read(lines, id_width)


def _body(found: HandList) -> list[int]:
    """Return the rows that are of somebody, though the id be missing: no title, total, footer or repeated header."""
    grid, first = found.grid, found.head + found.depth
    rows = rows_below(grid, Header("members", found.head, found.columns, depth=found.depth), first).body
    ids = grid.columns[found.columns["member_id"]]
    told = [grid.columns[at] for name, at in found.columns.items() if name != "branch"]
    again = [at for at in rows if ids[at] == ids[found.head]]  # the header of the next page
    return [at for at in rows if at not in again and any(not is_nothing(column[at]) for column in told)]


def _read(lines: Sequence[Line], width: int | None) -> pd.DataFrame:
    cells = {
        name: [read_optional(found.value(row, name), read) for found, row in lines] for name, read in _READS.items()
    }
    ids, of_ids = member_ids(lines, width)
    problems = [
        found.problem(row, found.columns[name], read.code, read.text)
        for at, (found, row) in enumerate(lines)
        for name in cells
        if (read := cells[name][at]).severity == "error" and read.text
    ]
    if problems or of_ids:
        raise InvalidRecords([*problems, *of_ids])
    total = np.array([np.nan if cell.value is None else cell.value for cell in cells["total"]], dtype="float64")
    grade = pd.array([cell.value for cell in cells["grade"]], "str")
    return pd.DataFrame({"total": total, "grade": grade}, index=pd.Index(ids, name="member_id", dtype="str"))


_READS: Mapping[str, Callable[[Value], Reading]] = {
    "total": lambda value: read_number(value, _TOTAL),
    "grade": lambda value: Reading(plain(display_raw(value))),
}
