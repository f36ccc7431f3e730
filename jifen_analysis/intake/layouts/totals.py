"""Totals are no records; they are held against the sum of the cells they are a total of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import Reading, read_cell, shown
from jifen_analysis.intake.dues import amount_of
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.block import Block, Spread
from jifen_analysis.intake.layouts.body import Rows, is_total
from jifen_analysis.intake.layouts.headers import Header, Sum
from jifen_analysis.intake.layouts.legend import by_sign
from jifen_analysis.tables import TABLES
from jifen_analysis.tables.columns import Column
from jifen_analysis.vocabulary import Vocabulary, spelling, standard

Cells = Sequence[Value]
Measure = Callable[[Cells], list[float]]
"""What a total of some cells may say, the likeliest first."""

_SUMMED = ("合计", "小计", "总计", "共计", "累计", "total")
_AMOUNT = Column("amount", "number")


def wrong_totals(block: Block, header: Header, rows: Rows, words: Vocabulary) -> Iterator[Problem]:
    """Return a note with both numbers for every total that is not the sum of its cells."""
    yield from _below(block, header, rows, words)
    for n, total in enumerate(header.sums):
        yield from _beside(block, total, header.sums[n - 1].j if n else -1, words)


# ---------------------------------------------------------------- rows that are totals


def _below(block: Block, header: Header, rows: Rows, words: Vocabulary) -> Iterator[Problem]:
    grid = block.grid
    totals = sorted(i for i, fate in rows.others.items() if fate == "total")
    fields = {**_numbers(header), **{total.j: total.field for total in header.sums if total.field != "status"}}
    for n, i in enumerate(totals):
        label = next((spelling(str(value)) for value in grid.row(i) if is_total(value)), "")
        if not any(word in label for word in _SUMMED):
            continue
        parts = _rows_summed(i, [-1, *totals[:n]], totals[n + 1 :], rows.body, part="小计" in label)
        for j, field in sorted(fields.items()):
            cells = [[grid.columns[j][k] for k in part] for part in parts]
            yield from _differs(block, i, j, cells, _measure(block, field, words))


def _numbers(header: Header) -> dict[int, str]:
    """Return the columns that can be added up, and what stands in them."""
    named = [*header.columns.items(), *(item for spread in header.spreads for item in spread.fields.items())]
    kinds = {name: column.kind for name, column in TABLES[header.table].items()}
    return {j: name for name, j in named if kinds.get(name) in ("number", "count") or name == "status"}


def _rows_summed(
    i: int, before: Sequence[int], after: Sequence[int], body: Sequence[int], *, part: bool
) -> list[list[int]]:
    """Return which rows a total may sum: those since the total before it, all above, or those below it."""
    above = [k for k in body if k < i]
    since = [k for k in above if k > before[-1]]
    below = [k for k in body if k > i and not after] or [k for k in body if i < k < (after or [i])[0]]
    found = [since, above, below] if part else [above, since, below, list(body)]
    return [rows for rows in found if rows]


# ---------------------------------------------------------------- columns that are totals


def _beside(block: Block, total: Sum, before: int, words: Vocabulary) -> Iterator[Problem]:
    if block.table not in ("dues", "marks", "declarations", "attendance"):
        return  # groups of evaluators are weighed, not added up
    if "率" in total.label or "平均" in total.label or "均" in total.label:
        return
    spreads = [spread for spread in block.spreads if not total.months or _month(spread) in total.months]
    parts = [[s for s in spreads if before < min(s.fields.values()) < total.j], spreads]
    places = [
        [j for s in part for j in _places(s, total.field)] for part in (parts if "小计" in total.label else parts[::-1])
    ]
    field = _counted(total.label, words) or total.field
    for i in block.body:
        cells = [[block.grid.columns[j][i] for j in part] for part in places if part]
        yield from _differs(block, i, total.j, cells, _measure(block, field, words))


def _month(spread: Spread) -> int:
    return int(str(spread.constants.get("month", "0000-00"))[5:])


def _places(spread: Spread, field: str) -> list[int]:
    return [spread.fields[field]] if field in spread.fields else list(spread.fields.values())[:1]


def _counted(label: str, words: Vocabulary) -> str:
    """Return the status that a column such as 缺勤次数 counts."""
    code = words.code("status", re.sub(r"(?:总?次数|人次|天数)$", "", label))
    return f"status:{code}" if code else ""


# ---------------------------------------------------------------- both


def _measure(block: Block, field: str, words: Vocabulary) -> Measure:
    if not field.startswith("status"):
        column = TABLES[block.table].get(field, _AMOUNT)
        return lambda cells: _sum([read_cell(amount_of(cell), column, words) for cell in cells])
    only = field.partition(":")[2]
    return lambda cells: _counts([_status(cell, block, words) for cell in cells], only)


def _sum(readings: Sequence[Reading]) -> list[float]:
    if any(reading.severity == "error" for reading in readings):
        return []  # what cannot be read is refused already
    return [sum(reading.value or 0 for reading in readings)]


def _counts(statuses: Sequence[str | None], only: str) -> list[float]:
    if only not in ("", "present"):
        return [statuses.count(only)]
    attended = sum(status in ("present", "late", "early_leave") for status in statuses)
    recorded = [] if only else [len(statuses) - statuses.count(None)]
    return [statuses.count("present"), attended, *recorded]


def _status(value: Value, block: Block, words: Vocabulary) -> str | None:
    found: str | None = read_cell(by_sign(value, block.symbols), TABLES["attendance"]["status"], words).value
    return found


def _differs(block: Block, i: int, j: int, parts: Sequence[Cells], measure: Measure) -> Iterator[Problem]:
    grid = block.grid
    said = read_cell(grid.columns[j][i], _AMOUNT, standard()).value
    found = [number for cells in parts for number in measure(cells)]
    if said is None or not found or any(abs(number - said) <= 0.005 for number in found):
        return
    text = Text(
        f"合计写的是 {said:g},相加是 {found[0]:g}", f"the total says {said:g}, its cells add up to {found[0]:g}"
    )
    yield Problem("note", "total_differs", text, grid.file, grid.sheet, grid.address(i, j), shown(grid.columns[j][i]))
