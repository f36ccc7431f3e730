"""A block's cells to typed values; every bad cell becomes one addressed problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cell_problems import Mark, cell_notes, refused_cells
from jifen_analysis.intake.cells import Reading, display_raw, is_nothing, plain
from jifen_analysis.intake.cells.column import Coded, Reader, Typed, coded, distinct, stack_columns
from jifen_analysis.intake.dues import amount_due, amount_paid, as_said
from jifen_analysis.intake.grid import Value, cells_at, count_filled, grouped, indices, is_blank
from jifen_analysis.intake.identity import FORMER, MemberIndex, padded_ids, respelt_ids
from jifen_analysis.intake.layouts import Block, Spread
from jifen_analysis.intake.layouts.block import Fate
from jifen_analysis.intake.layouts.legend import by_sign
from jifen_analysis.intake.persons import branches_of_rows, of_other_branches, of_rows_elsewhere, with_persons
from jifen_analysis.tables import TABLES, Column, Source
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.problems import Alike

Broken = Mapping[str, np.ndarray]
"""Rows by column."""


@dataclass(frozen=True)
class ReadContext:
    """What is known while the cells are read."""

    reader: Reader  # reads the cells by the words that may occur
    roster: MemberIndex = field(default_factory=MemberIndex)  # who is known
    width: int | None = None  # digits of an id, where known
    digests: Mapping[str, str] = field(default_factory=dict)  # SHA-256 of each file


@dataclass(frozen=True)
class ReadBlock:
    """A block read."""

    table: str  # name of the table
    columns: Mapping[str, Coded | Typed]  # what was read, a value for each record; refused cells are missing
    rows: np.ndarray  # row and column of each record on the sheet
    across: np.ndarray
    broken: Broken  # the rows of the refused cells, by column
    notes: tuple[Problem, ...]  # about cells
    source: Source  # the sheet and where its columns stand
    counts: Mapping[Fate, int] = field(default_factory=dict)  # non-empty cells that became records or were refused
    refused: tuple[Alike, ...] = ()  # what is wrong with the refused cells

    def __len__(self) -> int:
        return len(self.rows)

    def kept(self, rows: np.ndarray) -> ReadBlock:
        """Return only some rows, none of them broken."""
        columns = {name: column.kept(rows) for name, column in self.columns.items()}
        return replace(self, columns=columns, rows=self.rows[rows], across=self.across[rows], broken={}, counts={})


def read_block(block: Block, desk: ReadContext) -> list[ReadBlock]:
    """Read a block: the columns that all records of a row share once, then each record's own.

    Returns
    -------
    list of ReadBlock
        One, unless the records of a wide sheet are of different width, or a cell says what has a column of its own.
    """
    shared, marks = _shared(block, desk)
    parts = [_own(block, spread, shared, desk) for spread in block.spreads]
    every = [*marks, *(mark for part in parts for mark in part.marks)]
    broken = _rows_refused(marks)
    frames = grouped(((one.beside, one.unsaid), one) for part in parts for one in _by_cell(part))
    read = [_assembled(block, shared, broken, group, desk) for group in frames.values()]
    notes, refused = tuple(cell_notes(block, every)), tuple(refused_cells(block, every))
    return [replace(read[0], notes=notes, refused=refused, counts=_counts(block, broken, parts)), *read[1:]]


def _rows_refused(marks: Iterable[Mark]) -> Broken:
    """Return the rows of the refused cells by column."""
    found = grouped((mark.name, mark.rows) for mark in marks if mark.refused)
    return {name: _united(rows) for name, rows in found.items()}


def _united(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Return the rows of all parts, rising, each once; by a mark a row, which costs less than a sort."""
    there = np.zeros(max((int(rows.max()) + 1 for rows in parts if len(rows)), default=0), bool)
    for rows in parts:
        there[rows] = True
    return np.flatnonzero(there)


def _shared(block: Block, desk: ReadContext) -> tuple[dict[str, Coded], list[Mark]]:
    columns: dict[str, Coded] = {}
    marks: list[Mark] = []
    for name, column in TABLES[block.table].items():
        if name in block.columns:
            columns[name], found = _read(block, name, block.columns[name], column, desk)
            marks += found
    if "former_name" in block.columns:
        names = cells_at(block.grid.columns[block.columns["former_name"]], block.body)
        columns[FORMER] = Coded.of([None if is_nothing(name) else display_raw(name) for name in names])
    columns, found = with_persons(block, columns, desk.roster)
    strange = of_other_branches(block, columns, desk.roster), of_rows_elsewhere(block, columns, desk.roster)
    return columns, [*marks, *found, *chain(*strange)]


def _read(block: Block, name: str, j: int, column: Column, desk: ReadContext) -> tuple[Coded, list[Mark]]:
    codes, cells = coded(block.grid.columns[j], block.body)
    meant = _meant(block, name, cells)
    if meant is not None:
        alike, cells = distinct(list(map(meant, cells)))
        codes = alike[codes]
    read, marked = desk.reader.read(codes, cells, column, block.year)
    marks = [Mark(rows, name, j, value, reading) for rows, value, reading in marked]
    if name != "member_id":
        return read, marks
    known = desk.roster.names
    meant_by = respelt_ids(read.values, known) | padded_ids(
        read.values, cells, desk.width, known, texts_too=block.grid.plain
    )
    if not meant_by:
        return read, marks
    said = ((row, _taken_for(short, meant_by[short], n)) for short, row, n in appearances(read) if short in meant_by)
    marks += [Mark(np.array([row]), name, j, cells[codes[row]], reading) for row, reading in said]
    return Coded(codes, [meant_by.get(short, short) for short in read.values]), marks


def appearances(column: Coded | Typed) -> Iterator[tuple[str, int, int]]:
    """Yield every text of a column with its first row and how often it stands, in order."""
    alike, values = distinct(column.values) if isinstance(column, Coded) else different(column.values)
    codes = alike[column.codes] if isinstance(column, Coded) else alike
    times, first = np.bincount(codes + 1, minlength=len(values) + 1)[1:], np.zeros(len(values) + 1, "int64")
    first[codes[::-1]] = np.arange(len(codes))[::-1]  # of several, the last that is written stands: the first row
    for value, row, often in zip(values, first[:-1].tolist(), times.tolist(), strict=True):
        if value is not None and often:
            yield value, row, often


def _taken_for(short: str, full: str, times: int) -> Reading:
    code, by = ("id_padded", "编号位数") if len(short) < len(full) else ("id_read", "花名册")
    return Reading(full, "note", code, Text(f"“{short}”按{by}读作 {full}", f"“{short}” is read as {full}"), times)


_GRADE = frozenset({"等次", "等级", "考核等次", "认定等次"})
"""How people call the target ``grade`` of a correction."""


def _meant(block: Block, name: str, cells: Sequence[Value]) -> Callable[[Value], Value] | None:
    """Return what puts the cells of a column in the words that signs and ledgers put shortly."""
    if name == "status" and (block.symbols or block.blank):
        return lambda value: block.blank or None if is_nothing(own := by_sign(value, block.symbols)) else own
    if name == "target":
        return lambda value: "grade" if isinstance(value, str) and plain(value) in _GRADE else value
    if block.table == "dues" and name in ("due", "paid") and any(isinstance(value, (str, bool)) for value in cells):
        amount = amount_due if name == "due" else amount_paid
        return lambda value: amount(by_sign(value, block.symbols))
    return None


# ---------------------------------------------------------------- the records of a row


@dataclass(frozen=True)
class _RowRecords:
    """One record of every row: its own values, which rows have it, and where it stands.

    ``elsewhere`` says of which rows another cell than the column's own has the value, ``unsaid`` names
    the columns of which this holds for all of them.
    """

    columns: Mapping[str, Coded]
    marks: list[Mark]
    kept: np.ndarray
    fields: Mapping[str, int]
    beside: tuple[tuple[str, int], ...]
    number: int
    elsewhere: Mapping[str, np.ndarray] = field(default_factory=dict)
    unsaid: frozenset[str] = frozenset()


def _by_cell(part: _RowRecords) -> Iterator[_RowRecords]:
    """Part the records by which of their values stand in the cell of another column."""
    whole = [part]
    for name, rows in part.elsewhere.items():
        both = [(one, one.kept & rows, one.unsaid | {name}) for one in whole]
        plain = [(one, one.kept & ~rows, one.unsaid) for one in whole]
        whole = [replace(one, kept=kept, unsaid=unsaid) for one, kept, unsaid in plain + both if kept.any()]
    yield from whole or [part]


def _own(block: Block, spread: Spread, shared: Mapping[str, Coded], desk: ReadContext) -> _RowRecords:
    table, length = TABLES[block.table], len(block.body)
    columns: dict[str, Coded] = {}
    marks: list[Mark] = []
    for name, j in spread.fields.items():
        columns[name], found = _read(block, name, j, table[name], desk)
        marks += found
    for name, value in {**block.constants, **spread.constants}.items():
        if name in table and name not in shared and name not in columns:
            columns[name] = Coded.constant(value, length)
    elsewhere: Mapping[str, np.ndarray] = {}
    if block.table == "dues":
        given = {**shared, **columns}
        found_dues, found = _payments(block, spread, given)
        columns, marks = {**columns, **found_dues}, marks + found
        elsewhere = _told_by_payments(given, found_dues, found)
    said = _said_something(block, spread)
    owed, found = _owed(block, spread, {**shared, **columns}, said, desk)
    numbers = [block.grid.column_numbers[j] for j in spread.fields.values()]
    beside = tuple((name, n - numbers[0]) for name, n in zip(spread.fields, numbers, strict=True))
    first = numbers[0] if numbers else 0
    return _RowRecords(columns, marks + found, said | owed, spread.fields, beside, first, elsewhere)


def _payments(block: Block, spread: Spread, columns: Mapping[str, Coded]) -> tuple[dict[str, Coded], list[Mark]]:
    """Return due, paid and date of payment as amounts and words together say."""
    places = {**block.columns, **spread.fields}
    j = places.get("paid", places.get("due"))
    if j is None or "due" not in columns or "month" not in columns:
        return {}, []
    single = block.wide and "paid" not in places
    given = {**columns, "paid": columns["due"]} if single else dict(columns)
    codes, cells = coded(block.grid.columns[j], block.body)
    said, readings = as_said(given, Coded(codes, [by_sign(value, block.symbols) for value in cells]))
    alone = {"paid": given["paid"]} if single else {}
    marks = [
        Mark(rows, "paid", j, cells[code], reading)
        for code, rows, reading in readings
        if reading.code == "dues_arrears" or not single  # the others are said of what is due
    ]
    return {**alone, **said}, marks


def _told_by_payments(
    given: Mapping[str, Coded], meant: Mapping[str, Coded], marks: list[Mark]
) -> dict[str, np.ndarray]:
    """Return in which rows the cell of the payment says what is due, or when it was paid: 免缴, an undated 补缴."""
    there = [name for name in ("due", "paid_on") if name in given and name in meant]
    worded = np.zeros(len(given["due"]) if there else 0, bool)
    for mark in marks if there else ():
        worded[mark.rows] = True
    told = {name: zip(given[name].listed(), meant[name].listed(), strict=True) for name in there}
    moved = {name: worded & np.array([one != other for one, other in pairs], bool) for name, pairs in told.items()}
    return {name: rows for name, rows in moved.items() if rows.any()}


def _owed(
    block: Block, spread: Spread, columns: Mapping[str, Coded], said: np.ndarray, desk: ReadContext
) -> tuple[np.ndarray, list[Mark]]:
    """Return the rows of which nothing is paid of a due stated elsewhere, in a month for which others have paid."""
    month = spread.constants.get("month")
    if block.table != "dues" or list(spread.fields)[:1] != ["paid"] or "due" not in columns or not month:
        return np.zeros(len(said), bool), []
    ids, branches = columns["member_id"].listed(), branches_of_rows(block)
    open_ = ~said & columns["due"].where(lambda due: due is not None and due > 0) & said.any()
    j = spread.fields["paid"]
    cells = cells_at(block.grid.columns[j], block.body)
    struck = open_ & np.array([not is_blank(cell) for cell in cells], bool)
    open_ &= ~struck
    settled = {None, *(ids[row] for row in np.flatnonzero(said).tolist())}  # a second row of theirs says it
    for row in np.flatnonzero(open_).tolist():
        branch = "" if is_nothing(branches[row]) else plain(display_raw(branches[row]))
        open_[row] = ids[row] not in settled and desk.roster.assessed(ids[row], branch, block.grid.file, month)
    told = ((open_, "blank_unpaid", _BLANK_UNPAID), (struck, "struck_month", _STRUCK))
    marks = [
        Mark(np.flatnonzero(rows)[:1], "paid", j, "", Reading(None, "note", code, text, int(rows.sum())))
        for rows, code, text in told
        if rows.any()
    ]
    return open_, marks


_STRUCK = Text(
    "写的是“/”“无”一类,不是空白,不计为记录;若是没有缴,请写 0 或 未缴",
    "is a slash or 无 and no blank: no record; where nothing was paid, write 0 or 未缴",
)
_BLANK_UNPAID = Text("空白,应缴写明而没有缴,读作没有缴", "a blank where the due is stated is read as nothing paid")


def _said_something(block: Block, spread: Spread) -> np.ndarray:
    if not spread.fields or block.blank:
        return np.ones(len(block.body), bool)
    cells = [cells_at(block.grid.columns[j], block.body) for j in spread.fields.values()]
    silent = {value for column in cells for value in set(column) if is_nothing(by_sign(value, block.symbols))}
    return np.logical_or.reduce([[value not in silent for value in column] for column in cells])


def _assembled(
    block: Block, shared: Mapping[str, Coded], broken: Broken, parts: Sequence[_RowRecords], desk: ReadContext
) -> ReadBlock:
    grid = block.grid
    rows = indices(grid.row_numbers).astype("int32")[indices(block.body)]
    kept = [np.flatnonzero(part.kept) for part in parts]
    names = dict.fromkeys([*shared, *(name for part in parts for name in part.columns)])
    nothing_said = Coded.constant(None, len(rows))
    told = [{**dict.fromkeys(names, nothing_said), **shared, **part.columns} for part in parts]
    whole = [part.kept.all() for part in parts]
    columns = {
        name: stack_columns(
            [own[name] if all_ else own[name].kept(at) for own, at, all_ in zip(told, kept, whole, strict=True)]
        )
        for name in names
    }
    down = np.concatenate([rows[own] for own in kept])
    across = np.concatenate([np.full(len(own), part.number, "int32") for part, own in zip(parts, kept, strict=True)])
    place = (across, down) if grid.turned else (down, across)
    unsaid = parts[0].unsaid | {name for name, j in block.columns.items() if j in grid.apart()}
    standing = {name: grid.column_numbers[j] for name, j in block.columns.items() if name not in unsaid}
    beside = {name: right for name, right in parts[0].beside if name not in unsaid}
    source = Source(grid.file, grid.sheet, standing, desk.digests.get(grid.file, ""), beside, grid.turned)
    return ReadBlock(block.table, columns, *place, _broken_in(parts, broken), (), source)


def _broken_in(parts: Sequence[_RowRecords], broken: Broken) -> Broken:
    """Return the refused cells by the rows that the parts have one below the other."""
    if not broken and not any(part.marks for part in parts):
        return {}
    cells: dict[str, list[np.ndarray]] = {}
    before = 0
    for part in parts:
        at = np.cumsum(part.kept) - 1 + before
        for own in (broken, _rows_refused(part.marks)):
            for name, rows in own.items():
                cells.setdefault(name, []).append(at[rows[part.kept[rows]]])
        before += int(part.kept.sum())
    joined = {name: _united(rows) for name, rows in cells.items()}
    return {name: rows for name, rows in joined.items() if len(rows)}


def _counts(block: Block, broken: Broken, parts: Sequence[_RowRecords]) -> Mapping[Fate, int]:
    everywhere = _any(broken, len(block.body))
    lost = dict.fromkeys([*block.columns.values(), *(j for part in parts for j in part.fields.values())], everywhere)
    for part in parts:
        own = _any(_rows_refused(part.marks), len(block.body))
        lost |= {j: lost[j] | own for j in part.fields.values()}
    refused = 0
    for j, rows in lost.items() if broken or any(part.marks for part in parts) else ():
        copied = [i for i, across in block.copies if across == j]
        places = indices(block.body)[rows]
        refused += count_filled(
            block.grid.columns[j], (places[~np.isin(places, copied)] if copied else places).tolist()
        )
    return {"record": block.filled - refused, "refused": refused}


def _any(broken: Broken, length: int) -> np.ndarray:
    """Return which rows have a refused cell."""
    rows = np.zeros(length, bool)
    for own in broken.values():
        rows[own] = True
    return rows
