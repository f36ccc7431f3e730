"""Cells that say what another one says: merged ones below a header, 同上, and blanks below what is written once.

A merged name or day holds for all its cells, an amount for none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import display_raw, is_nothing
from jifen_analysis.intake.grid import Area, Fault, Grid, Value, is_blank, words_below
from jifen_analysis.intake.layouts.block import columns_apart, problem
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.spellings import part_of
from jifen_analysis.tables import TABLES


def unmerge(
    grid: Grid, header: Header, first: int, rate: float | None = None
) -> tuple[Grid, frozenset[tuple[int, int]]]:
    """Give every cell of a merged block its value, and say which only repeat one; an amount is not shared out."""
    changed: dict[tuple[int, int], Value] = {}
    for area in grid.merges:
        changed |= _spread_out(grid, header, first, area, rate)
    copies = frozenset(at for at, value in changed.items() if not isinstance(value, Fault))
    return grid.put(changed), copies


def _spread_out(
    grid: Grid, header: Header, first: int, area: Area, rate: float | None
) -> Mapping[tuple[int, int], Value]:
    rows = [i for i in _positions(grid.row_numbers, area.top, area.bottom) if i >= first]
    columns = list(_positions(grid.column_numbers, area.left, area.right))
    wide = set(columns_apart(header.spreads))
    together = len(columns) == 1 and (columns[0] in header.used or bool(part_of(grid.columns[columns[0]][header.row])))
    if not rows or not columns or len(rows) * len(columns) == 1 or not (together or set(columns) <= wide):
        return {}
    value = grid.columns[columns[0]][rows[0]]
    if is_nothing(value) or isinstance(value, Fault):
        return {}
    if _is_amount(header, columns[0]):
        due = grid.columns[header.columns["due"]][rows[0]] if "due" in header.columns else rate
        if len(rows) == 1 and _is_so_many(value, due, len(columns)):
            return {(rows[0], j): due for j in columns}  # as many times the due of a month
        return {(rows[0], columns[0]): Fault("merged", display_raw(value))}
    return {(i, j): value for i in rows for j in columns if (i, j) != (rows[0], columns[0])}


def _is_so_many(value: Value, due: Value, times: int) -> bool:
    numbers = isinstance(value, (int, float)) and isinstance(due, (int, float))
    return numbers and abs(float(value) - float(due) * times) < 0.005  # type: ignore[arg-type]  # numbers, both


def _positions(numbers: object, low: int, high: int) -> Iterator[int]:
    assert isinstance(numbers, (range, list, tuple))
    return (i for i, number in enumerate(numbers) if low <= number <= high)


def _is_amount(header: Header, j: int) -> bool:
    names = [name for name, at in header.columns.items() if at == j]
    names += [name for spread in header.spreads for name, at in spread.fields.items() if at == j]
    return any(TABLES[header.table][name].kind in ("number", "count") for name in names if name in TABLES[header.table])


_DITTO = frozenset({"同上", "同上行", "同前", "〃", "″", "〞", "々", '"', "''"})
_LONGEST = 5
"""Signs up to which a cell may be such a mark, spaces and all."""


def without_dittos(grid: Grid, first: int) -> tuple[Grid, tuple[Problem, ...]]:
    """Put what stands above in place of every mark that says so; under nothing it stays and is refused."""
    marked = [j for j, column in enumerate(grid.columns) if any(map(_is_ditto, words_below(column, first)))]
    filled = [i for i in range(first, grid.height) if not all(map(is_blank, grid.row(i)))] if marked else []
    places = {j: found for j in marked if (found := _from_above(grid.columns[j], filled, _is_ditto))}
    places = {} if any(_explained(grid, grid.columns[j][i]) for j, found in places.items() for i in found) else places
    said = []
    for j, found in places.items():
        at = min(found), j
        said.append(problem(grid, "same_as_above", _said(found[at[0]]), at, "note", times=len(found)))
    return grid.put({(i, j): value for j, found in places.items() for i, value in found.items()}), tuple(said)


@lru_cache(maxsize=1 << 14)
def _is_ditto(value: Value) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST and value.strip() in _DITTO


def _explained(grid: Grid, sign: Value) -> bool:
    """Return whether a text of the sheet speaks of a mark, as a legend does: 〃表示请假."""
    texts = {value for column in grid.columns for value in column if isinstance(value, str)}
    return any(str(sign).strip() in text and not _is_ditto(text) for text in texts)


def _from_above(column: Sequence[Value], rows: Iterable[int], repeats: Callable[[Value], bool]) -> dict[int, Value]:
    """Return what stands above the cells that say no more than that, by row; nothing under a blank."""
    found: dict[int, Value] = {}
    above: Value = None
    for i in rows:
        if not repeats(column[i]):
            above = column[i]
        elif not is_blank(above):
            found[i] = above
    return found


def _said(value: Value) -> Text:
    return Text(f"与上一格相同,读作“{display_raw(value)}”", f"the same as above, read as {display_raw(value)}")


# ---------------------------------------------------------------- blank below what is written once


_OVER = ("date", "activity", "month", "period", "year", "item", "group", "branch")


def with_blanks_below(piece: Piece) -> Piece:
    """Give blank cells what stands above them, where a column before the members groups the rows.

    Only where it plainly does: every value is another than the one above, and every one has blank cells below it.
    Somebody who left one cell out wrote the others, row by row.
    """
    people = [piece.at(name) for name in ("member_id", "name") if piece.at(name) >= 0]
    before = [j for name in _OVER if 0 <= (j := piece.at(name)) < min(people, default=0)]
    led = [j for j in sorted(before) if is_blank(piece.grid.columns[j][piece.body[-1]])] if piece.body else []
    if not led or not _groups(piece, led[0]):
        return piece
    blank = {i for i in piece.body if is_blank(piece.grid.columns[led[0]][i])}
    for j in led:
        if {i for i in piece.body if is_blank(piece.grid.columns[j][i])} == blank:
            piece = piece.noting("blank_as_above", _AS_ABOVE, blank, j).put(
                j, _from_above(piece.grid.columns[j], piece.body, is_blank)
            )
    return piece


_AS_ABOVE = Text("空白处与上面写的相同,照上面读", "blank cells are read as what is written above them")


def _groups(piece: Piece, j: int) -> bool:
    column = piece.grid.columns[j]
    values = [column[i] for i in piece.body]
    written = [value for value in values if not is_blank(value)]
    alone = any(not is_blank(one) and not is_blank(two) for one, two in pairwise(values))
    apart = all(one != two for one, two in pairwise(written))
    return len(written) > 1 and not is_blank(values[0]) and not alone and apart and not any(map(is_nothing, written))
