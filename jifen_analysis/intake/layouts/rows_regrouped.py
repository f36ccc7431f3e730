"""Rows taken together, or apart, before a table is read: 应缴 over 实缴 of one member, years down a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from jifen_analysis.intake.cells import display_raw
from jifen_analysis.intake.cells.times import read_year
from jifen_analysis.intake.grid import Grid, Value, is_blank
from jifen_analysis.intake.layouts.body import is_total
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.readings.months import month_keys
from jifen_analysis.intake.layouts.spellings import column_of, is_person, part_of

# ---------------------------------------------------------------- 应缴 and 实缴 of a member in two rows


@dataclass(frozen=True)
class _Pairs:
    """Rows that belong together: the column that tells them apart, each row with that below it, what they say."""

    j: int
    lower: Mapping[int, int]
    words: tuple[str, str]


def payments_side_by_side(grid: Grid, header: Header) -> Grid | None:
    """Return a sheet of dues with what was paid beside what was due, where they stand in two rows of each member."""
    pairs = next(filter(None, (_pairs(grid, header, j) for j in range(grid.width))), None)
    if pairs is None or header.depth > 1:
        return None
    rows = [i for i in range(grid.height) if i not in pairs.lower.values()]
    kept = [j for j in range(grid.width) if j != pairs.j]
    twice = [j for j in kept if not _says_who(grid, header, j) and _has_both(grid, header, j, pairs)]
    columns = [_headed(grid.columns[j], header.row, pairs.words[0] if j in twice else "") for j in kept]
    below = [_headed(grid.columns[j], header.row, pairs.words[1]) for j in twice]
    at = len(kept)
    elsewhere = {
        (n, at + k): (grid.row_numbers[pairs.lower[i]], grid.column_numbers[j])
        for n, i in enumerate(rows) if i in pairs.lower for k, j in enumerate(twice)
    }  # fmt: skip
    beside = [
        tuple(column[pairs.lower.get(i, i)] if i in pairs.lower or i <= header.row else None for i in rows)
        for column in below
    ]
    return replace(
        grid,
        columns=(*(tuple(column[i] for i in rows) for column in columns), *beside),
        row_numbers=[grid.row_numbers[i] for i in rows],
        column_numbers=[grid.column_numbers[j] for j in (*kept, *twice)],
        merges=tuple(area for area in grid.merges if area.bottom <= grid.row_numbers[header.row]),
        elsewhere=elsewhere,
    )


def _has_both(grid: Grid, header: Header, j: int, pairs: _Pairs) -> bool:
    """Return whether a column holds something of both rows; of a month, blank below what is due, nothing was paid."""
    month = month_keys(grid.columns[j][header.row], _ANY_YEAR)
    return bool(month) or any(not is_blank(grid.columns[j][i]) for i in pairs.lower.values())


def _pairs(grid: Grid, header: Header, j: int) -> _Pairs | None:
    """Return the pairs of rows that a column tells apart: all that it says is 应缴 and 实缴, in turn, of one member."""
    if column_of(grid.columns[j][header.row], "dues") or is_blank(grid.columns[j][header.row]):
        return None
    cells = grid.columns[j][header.below :]
    upper = column_of(next((value for value in cells if not is_blank(value)), None), "dues")
    if upper not in ("due", "paid"):
        return None
    said = {i: column_of(value, "dues") for i, value in enumerate(cells, header.below) if not is_blank(value)}
    below = "due" if upper == "paid" else "paid"
    lower = {i: i + 1 for i, name in said.items() if name == upper and said.get(i + 1) == below}
    if len(lower) * 2 != len(said):
        return None
    words = ("应缴", "实缴") if upper == "due" else ("实缴", "应缴")
    return _Pairs(j, lower, words) if all(_of_one(grid, header, i) for i in lower) else None


def _of_one(grid: Grid, header: Header, i: int) -> bool:
    who = [column for j, column in enumerate(grid.columns) if _says_who(grid, header, j)]
    return bool(who) and all(is_blank(column[i + 1]) or column[i + 1] == column[i] for column in who)


def _says_who(grid: Grid, header: Header, j: int) -> bool:
    """Return whether a column says whose two rows are, or of which month: what both have in common."""
    head = grid.columns[j][header.row]
    known = j in header.columns.values() and (column_of(head, "members") or column_of(head, "dues") == "month")
    return is_person(head) or bool(known)


def _headed(column: Sequence[Value], row: int, what: str) -> Sequence[Value]:
    """Return a column with what its cells are in its header: 1月应缴."""
    head = column[row]
    said = display_raw(head) if not is_blank(head) else ""
    if not what or not said:
        return column
    named = f"{what}{said}" if is_total(head) else f"{said}{what}" if month_keys(head, _ANY_YEAR) else what
    return (*column[:row], named, *column[row + 1 :])


_ANY_YEAR = 2000


# ---------------------------------------------------------------- several years in a column


def years_apart(grid: Grid, header: Header) -> list[Grid]:
    """Return a sheet of months of several years as one for each year, where a column says of which a row is."""
    j = next((j for j, value in enumerate(grid.row(header.row)) if part_of(value) == "year"), None)
    if j is None or header.table != "dues" or not header.wide:
        return []
    years, year = dict[int, int](), None
    for i in range(header.below, grid.height):
        value = grid.columns[j][i]
        if any(map(is_total, grid.row(i))):
            continue  # of all years: held against none of them
        year = year if is_blank(value) else read_year(value).value
        if year is None:
            return []
        years[i] = year
    found = dict.fromkeys(years.values())
    tops = [*range(header.below)]
    parts = [grid.with_rows([*tops, *(i for i, of in years.items() if of == one)]) for one in found]
    return parts if len(found) > 1 else []
