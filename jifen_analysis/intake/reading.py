"""A block's cells to a typed frame; every bad cell becomes one addressed problem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import Reading, nothing, plain, read_column, shown
from jifen_analysis.intake.cells.column import typed_values
from jifen_analysis.intake.cells.names import is_card
from jifen_analysis.intake.dues import amount_due, amount_paid, as_said
from jifen_analysis.intake.grid import Grid, Value, blank
from jifen_analysis.intake.layouts import Block, Spread
from jifen_analysis.intake.layouts.block import Fate
from jifen_analysis.intake.layouts.legend import by_sign
from jifen_analysis.intake.people import FORMER, Roster, called, padded_ids, respelt_ids
from jifen_analysis.tables import TABLES, Column, Source
from jifen_analysis.vocabulary import Vocabulary

Marks = list[tuple[int, str, int, Value, Reading]]
"""Row (position in the body), column, position in the grid, raw value, reading."""
Cells = frozenset[tuple[int, str]]
"""Rows and columns."""


@dataclass(frozen=True)
class Desk:
    """What is known while the cells are read.

    Parameters
    ----------
    words : Vocabulary
        The words that may occur.
    roster : Roster
        Who is known.
    width : int or None
        Digits of an id, where known.
    digests : mapping of str to str
        SHA-256 of each file.
    """

    words: Vocabulary
    roster: Roster = field(default_factory=Roster)
    width: int | None = None
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadBlock:
    """A block read.

    Parameters
    ----------
    table : str
        Name of the table.
    frame : DataFrame
        Typed columns and ``_row``, ``_column``; refused cells are missing.
    broken : frozenset of (int, str)
        Rows and columns of the refused cells.
    problems : tuple of Problem
        About cells.
    source : Source
        The sheet and where its columns stand.
    counts : mapping of str to int
        Non-empty cells that became records or were refused.
    """

    table: str
    frame: pd.DataFrame
    broken: Cells
    problems: tuple[Problem, ...]
    source: Source
    counts: Mapping[Fate, int] = field(default_factory=dict)


def read_block(block: Block, desk: Desk) -> list[ReadBlock]:
    """Read a block: the columns that all records of a row share once, then each record's own.

    Returns
    -------
    list of ReadBlock
        One, unless the records of a wide sheet are of different width, or a cell says what has a column of its own.
    """
    shared, marks = _shared(block, desk)
    parts = [_own(block, spread, shared, desk) for spread in block.spreads]
    every = [*marks, *(mark for part in parts for mark in part.marks)]
    broken = frozenset((row, name) for row, name, _, _, reading in marks if reading.severity == "error")
    frames: dict[tuple[object, ...], list[_Part]] = {}
    for one in (one for part in parts for one in _by_cell(part)):
        frames.setdefault((one.beside, one.unsaid), []).append(one)
    read = [_assembled(block, shared, broken, group, desk) for group in frames.values()]
    return [replace(read[0], problems=tuple(_said(block, every)), counts=_counts(block, broken, parts)), *read[1:]]


def _shared(block: Block, desk: Desk) -> tuple[dict[str, pd.Series], Marks]:
    series: dict[str, pd.Series] = {}
    marks: Marks = []
    for name, column in TABLES[block.table].items():
        if name in block.columns:
            series[name], found = _read(block, name, block.columns[name], column, desk)
            marks += found
    if "former_name" in block.columns:
        names = _cells(block.grid.columns[block.columns["former_name"]], block.body)
        series[FORMER] = pd.Series([None if nothing(name) else shown(name) for name in names], dtype="str")
    series, found = _with_persons(block, block.columns, series, desk)
    return series, marks + found


def _read(block: Block, name: str, j: int, column: Column, desk: Desk) -> tuple[pd.Series, Marks]:
    raw = _cells(block.grid.columns[j], block.body)
    meant = _meant(block, name, raw)
    read = read_column(meant, column, desk.words, block.year)
    marks: Marks = [(row, name, j, value, reading) for row, value, reading in read.marked]
    if name != "member_id":
        return read.values, marks
    known = desk.roster.names
    meant_by = respelt_ids(read.values, known) | padded_ids(
        read.values, raw, desk.width, known, texts_too=block.grid.plain
    )
    if not meant_by:
        return read.values, marks
    codes, ids = read.values.factorize()
    found = list(map(str, ids.tolist()))  # single values out of a column of Arrow's are dear
    full = pd.Series([*(meant_by.get(short, short) for short in found), None], dtype=read.values.dtype)
    seen, first, times = np.unique(codes, return_index=True, return_counts=True)
    for code, row, count in zip(seen.tolist(), first.tolist(), times.tolist(), strict=True):
        if code >= 0 and found[code] in meant_by:
            marks.append((row, name, j, raw[row], _taken_for(found[code], meant_by[found[code]], count)))
    return full.take(codes).reset_index(drop=True), marks


def _taken_for(short: str, full: str, times: int) -> Reading:
    if len(short) < len(full):
        text = Text(f"“{short}”按编号位数读作 {full}", f"“{short}” is read as {full}")
        return Reading(full, "note", "id_padded", text, times)
    return Reading(
        full, "note", "id_read", Text(f"“{short}”按花名册读作 {full}", f"“{short}” is read as {full}"), times
    )


_GRADE = frozenset({"等次", "等级", "考核等次", "认定等次"})
"""How people call the target ``grade`` of a correction."""


def _meant(block: Block, name: str, raw: Sequence[Value]) -> Sequence[Value]:
    """Return the cells in the words that signs and ledgers put shortly."""
    if name == "status" and (block.symbols or block.blank):
        return [block.blank or None if nothing(value) else by_sign(value, block.symbols) for value in raw]
    if name == "target":
        return ["grade" if isinstance(value, str) and plain(value) in _GRADE else value for value in raw]
    if block.table == "dues" and name in ("due", "paid") and any(isinstance(value, (str, bool)) for value in raw):
        return list(map(amount_due if name == "due" else amount_paid, _explained(block, raw)))
    return raw


def _explained(block: Block, cells: Sequence[Value]) -> Sequence[Value]:
    """Return cells with the signs that a legend explains as the words they stand for."""
    return [by_sign(value, block.symbols) for value in cells] if block.symbols else cells


def _cells(column: Sequence[Value], body: Sequence[int]) -> Sequence[Value]:
    if isinstance(body, range):
        return column[body.start : body.stop]
    return [column[i] for i in body]


# ---------------------------------------------------------------- the records of a row


@dataclass(frozen=True)
class _Part:
    """One record of every row: its own values, which rows have it, and where it stands.

    ``elsewhere`` says of which rows another cell than the column's own has the value, ``unsaid`` names
    the columns of which this holds for all of them.
    """

    series: Mapping[str, pd.Series]
    marks: Marks
    kept: np.ndarray
    fields: Mapping[str, int]
    beside: tuple[tuple[str, int], ...]
    number: int
    elsewhere: Mapping[str, np.ndarray] = field(default_factory=dict)
    unsaid: frozenset[str] = frozenset()


def _by_cell(part: _Part) -> Iterator[_Part]:
    """Part the records by which of their values stand in the cell of another column."""
    whole = [part]
    for name, rows in part.elsewhere.items():
        both = [(one, one.kept & rows, one.unsaid | {name}) for one in whole]
        plain = [(one, one.kept & ~rows, one.unsaid) for one in whole]
        whole = [replace(one, kept=kept, unsaid=unsaid) for one, kept, unsaid in plain + both if kept.any()]
    yield from whole or [part]


def _own(block: Block, spread: Spread, shared: Mapping[str, pd.Series], desk: Desk) -> _Part:
    table, length = TABLES[block.table], len(block.body)
    series: dict[str, pd.Series] = {}
    marks: Marks = []
    for name, j in spread.fields.items():
        series[name], found = _read(block, name, j, table[name], desk)
        marks += found
    for name, value in {**block.constants, **spread.constants}.items():
        if name in table and name not in shared and name not in series:
            constant = typed_values([value], table[name], desk.words)
            series[name] = constant.take(np.zeros(length, dtype="int64")).reset_index(drop=True)
    elsewhere: Mapping[str, np.ndarray] = {}
    if block.table == "dues":
        given = {**shared, **series}
        found_dues, found = _payments(block, spread, given)
        series, marks = {**series, **found_dues}, marks + found
        elsewhere = _told_by_payments(given, found_dues, found)
    said = _said_something(block, spread)
    owed, found = _owed(block, spread, {**shared, **series}, said, desk)
    numbers = [block.grid.column_numbers[j] for j in spread.fields.values()]
    beside = tuple((name, n - numbers[0]) for name, n in zip(spread.fields, numbers, strict=True))
    first = numbers[0] if numbers else 0
    return _Part(series, marks + found, said | owed, spread.fields, beside, first, elsewhere)


def _payments(block: Block, spread: Spread, series: Mapping[str, pd.Series]) -> tuple[dict[str, pd.Series], Marks]:
    """Return due, paid and date of payment as amounts and words together say."""
    columns = {**block.columns, **spread.fields}
    j = columns.get("paid", columns.get("due"))
    if j is None or "due" not in series or "month" not in series:
        return {}, []
    single = block.wide and "paid" not in columns
    given = {**series, "paid": series["due"]} if single else dict(series)
    said, readings = as_said(given, _explained(block, _cells(block.grid.columns[j], block.body)))
    alone = {"paid": given["paid"]} if single else {}
    marks: Marks = [
        (row, "paid", j, block.grid.columns[j][block.body[row]], reading)
        for row, reading in readings
        if reading.code == "dues_arrears" or not single  # the others are said of what is due
    ]
    return {**alone, **said}, marks


def _told_by_payments(
    given: Mapping[str, pd.Series], meant: Mapping[str, pd.Series], marks: Marks
) -> dict[str, np.ndarray]:
    """Return in which rows the cell of the payment says what is due, or when it was paid: 免缴, an undated 补缴."""
    there = [name for name in ("due", "paid_on") if name in given and name in meant]
    worded = np.isin(np.arange(len(given["due"]) if there else 0), [row for row, *_ in marks])
    moved = {name: worded & ~_equal(given[name], meant[name]) for name in there}
    return {name: rows for name, rows in moved.items() if rows.any()}


def _equal(one: pd.Series, other: pd.Series) -> np.ndarray:
    return ((one == other) | (one.isna() & other.isna())).to_numpy(bool)


def _owed(
    block: Block, spread: Spread, series: Mapping[str, pd.Series], said: np.ndarray, desk: Desk
) -> tuple[np.ndarray, Marks]:
    """Return the rows of which nothing is paid of a due stated elsewhere, in a month for which others have paid."""
    month = spread.constants.get("month")
    if block.table != "dues" or list(spread.fields)[:1] != ["paid"] or "due" not in series or not month:
        return np.zeros(len(said), bool), []
    open_ = ~said & series["due"].gt(0).to_numpy() & series["member_id"].notna().to_numpy() & said.any()
    branches, ids = _branches(block, block.columns), series["member_id"]
    open_ &= ~ids.isin(ids[said]).to_numpy()  # a second row of theirs says it
    for row in np.flatnonzero(open_).tolist():
        branch = "" if nothing(branches[row]) else plain(shown(branches[row]))
        open_[row] = desk.roster.assessed(ids.iloc[row], branch, block.grid.file, month)
    first = np.flatnonzero(open_)[:1].tolist()
    reading = Reading(None, "note", "blank_unpaid", _BLANK_UNPAID, int(open_.sum()))
    return open_, [(row, "paid", spread.fields["paid"], "", reading) for row in first]


_BLANK_UNPAID = Text("空白,应缴写明而没有缴,读作没有缴", "a blank where the due is stated is read as nothing paid")


def _said_something(block: Block, spread: Spread) -> np.ndarray:
    if not spread.fields or block.blank:
        return np.ones(len(block.body), bool)
    cells = [_cells(block.grid.columns[j], block.body) for j in spread.fields.values()]
    silent = {value for column in cells for value in set(column) if nothing(value)}
    return np.logical_or.reduce([[value not in silent for value in column] for column in cells])


def _assembled(
    block: Block, shared: Mapping[str, pd.Series], broken: Cells, parts: Sequence[_Part], desk: Desk
) -> ReadBlock:
    rows = np.asarray(block.grid.row_numbers, dtype="int32")[np.asarray(block.body, dtype="int64")]
    frames, cells, before = [], set(), 0
    for part in parts:
        across = np.full(len(rows), part.number, dtype="int32")
        place = {"_row": across, "_column": rows} if block.grid.turned else {"_row": rows, "_column": across}
        frame = pd.DataFrame({**shared, **part.series, **place})
        frames.append(frame if part.kept.all() else frame[part.kept])
        at = np.cumsum(part.kept) - 1 + before
        own = {(row, name) for row, name, _, _, reading in part.marks if reading.severity == "error"}
        cells |= {(int(at[row]), name) for row, name in broken | own if part.kept[row]}
        before += int(part.kept.sum())
    grid = block.grid
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    frame.index = pd.RangeIndex(len(frame))
    unsaid = parts[0].unsaid | {name for name, j in block.columns.items() if j in grid.apart()}
    columns = {name: grid.column_numbers[j] for name, j in block.columns.items() if name not in unsaid}
    beside = {name: right for name, right in parts[0].beside if name not in unsaid}
    source = Source(grid.file, grid.sheet, columns, desk.digests.get(grid.file, ""), beside, grid.turned)
    return ReadBlock(block.table, frame, frozenset(cells), (), source)


def _counts(block: Block, broken: Cells, parts: Sequence[_Part]) -> Mapping[Fate, int]:
    used = dict.fromkeys([*block.columns.values(), *(j for part in parts for j in part.fields.values())])
    lost = {(row, j) for row, _ in broken for j in used}
    for part in parts:
        rows = {row for row, _, _, _, reading in part.marks if reading.severity == "error"}
        lost |= {(row, j) for row in rows for j in part.fields.values()}
    places = ((block.body[row], j) for row, j in lost)
    refused = sum(not blank(block.grid.columns[j][i]) and (i, j) not in block.copies for i, j in places)
    return {"record": block.filled - refused, "refused": refused}


# ---------------------------------------------------------------- persons


def _with_persons(
    block: Block, columns: Mapping[str, int], series: dict[str, pd.Series], desk: Desk
) -> tuple[dict[str, pd.Series], Marks]:
    """Give rows without an id the id of their name, and hold the others' names against the roster."""
    if block.table in ("members", "surveys") or "name" not in columns:
        return series, []
    names = _cells(block.grid.columns[columns["name"]], block.body)
    branches = _branches(block, columns)
    ids = series.get("member_id", pd.Series([None] * len(names), dtype="str"))
    blank = ids.isna().to_numpy()
    if "member_id" in columns:
        raw = _cells(block.grid.columns[columns["member_id"]], block.body)
        blank = np.array([missing and nothing(cell) for missing, cell in zip(blank.tolist(), raw, strict=True)], bool)
        blank |= ids.isin(_cards_elsewhere(ids, desk.roster)).to_numpy()
    found, marks = _named(block, names, branches, blank, columns["name"], desk)
    resolved = ids.where(~blank, found).astype("str") if blank.any() else ids
    return {**series, "member_id": resolved}, marks + list(_mismatches(ids, names, columns["name"], desk.roster))


def _cards_elsewhere(ids: pd.Series, roster: Roster) -> list[str]:
    """Return the numbers of identity cards among ids, where the roster goes by other ids: their rows go by name."""
    return [i for i in ids.unique() if isinstance(i, str) and is_card(i) and i not in roster.names]


def _branches(block: Block, columns: Mapping[str, int]) -> Sequence[Value]:
    if "branch" in columns:
        return _cells(block.grid.columns[columns["branch"]], block.body)
    return [str(block.constants.get("branch", ""))] * len(block.body)


def _named(
    block: Block, names: Sequence[Value], branches: Sequence[Value], blank: np.ndarray, j: int, desk: Desk
) -> tuple[pd.Series, Marks]:
    ids: list[str | None] = [None] * len(names)
    marks: Marks = []
    known: dict[tuple[str, str], Reading] = {}
    for row in np.flatnonzero(blank).tolist():
        if nothing(names[row]):
            continue
        key = plain(shown(names[row])), "" if nothing(branches[row]) else plain(shown(branches[row]))
        reading = known.get(key) or desk.roster.find(*key, block.grid.file)
        known[key] = reading
        ids[row] = reading.value
        if reading.severity:
            marks.append((row, "member_id", j, names[row], reading))
    return pd.Series(ids, dtype="str"), marks


def _mismatches(
    ids: pd.Series, names: Sequence[Value], j: int, roster: Roster
) -> Iterator[tuple[int, str, int, Value, Reading]]:
    judged: dict[tuple[object, Value], Reading | None] = {}
    for row, key in enumerate(zip(ids.tolist(), names, strict=True)):
        if key not in judged:
            judged[key] = _mismatch(key[0], key[1], roster)
        reading = judged[key]
        if reading:
            yield row, "member_id", j, key[1], reading


def _mismatch(member: object, name: Value, roster: Roster) -> Reading | None:
    known = roster.names.get(str(member), frozenset())
    if not known or nothing(name) or called(shown(name)) in known:
        return None
    listed = "、".join(sorted(known))
    text = Text(
        f"编号 {member} 在花名册上是“{listed}”,这里写的是“{shown(name)}”;请核对编号或姓名",
        f"the id {member} belongs to {listed} on the roster, here it is {shown(name)}; check id or name",
    )
    return Reading(None, "error", "name_mismatch", text)


# ---------------------------------------------------------------- problems


def _said(block: Block, marks: Marks) -> Iterable[Problem]:
    """Return every error, and the same note about the same value of a column once, with its number.

    Numbers written alike, such as 92.1分 and 88分, are the same here: how they are read is the same.
    """
    times: Counter[tuple[str, str, str]] = Counter()
    for _, name, _, value, reading in marks:
        if _is_note(reading):
            times[_alike(name, value, reading)] += reading.times
    told: set[tuple[str, str, str]] = set()
    for row, name, j, value, reading in sorted(marks, key=lambda mark: (mark[0], mark[2])):
        key = _alike(name, value, reading)
        if _is_note(reading) and key in told:
            continue
        told.add(key)
        yield _problem(block.grid, block.grid.address(block.body[row], j), value, reading, times[key])


def _alike(name: str, value: Value, reading: Reading) -> tuple[str, str, str]:
    """Return what notes have in common that are said once."""
    said = shown(value)
    return name, reading.code, re.sub(r"[\d.,]+", "0", said) if reading.code == "number_read" else said


def _is_note(reading: Reading) -> bool:
    return reading.severity == "note"


def _problem(grid: Grid, cell: str, value: Value, reading: Reading, times: int) -> Problem:
    text = reading.text or Text("", "")
    if times > 1:
        text = Text(f"{text.zh}(共 {times} 处)", f"{text.en} ({times} cells)")
    place = grid.file, grid.sheet, cell, shown(value)
    return Problem(reading.severity or "note", reading.code, text, *place, reading.kind, max(times, 1))
