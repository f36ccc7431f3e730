"""A block's cells to a typed frame; every bad cell becomes one addressed problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import Reading, nothing, plain, read_column, shown
from jifen_analysis.intake.cells.column import typed_values
from jifen_analysis.intake.grid import Grid, Value, count_filled
from jifen_analysis.intake.layouts import Block, Spread
from jifen_analysis.intake.layouts.block import Fate
from jifen_analysis.intake.people import Roster, padded_ids
from jifen_analysis.tables import TABLES, Column, Source
from jifen_analysis.vocabulary import Vocabulary, spelling

Marks = list[tuple[int, str, int, Value, Reading]]
"""Row (position in the frame), column, position in the grid, raw value, reading."""


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
    broken: frozenset[tuple[int, str]]
    problems: tuple[Problem, ...]
    source: Source
    counts: Mapping[Fate, int] = field(default_factory=dict)


def read_block(block: Block, desk: Desk) -> list[ReadBlock]:
    """Read a block: one frame for records with a row each, one for each column of a wide sheet."""
    return [_read_spread(block, spread, desk) for spread in block.spreads]


def _read_spread(block: Block, spread: Spread, desk: Desk) -> ReadBlock:
    columns = {**block.columns, **spread.fields}
    series: dict[str, pd.Series] = {}
    marks: Marks = []
    for name, column in TABLES[block.table].items():
        if name in columns:
            series[name], found = _read(block, name, columns[name], column, desk)
            marks += found
    series, found = _with_persons(block, columns, series, desk)
    marks += found
    for name, value in {**block.constants, **spread.constants}.items():
        if name in TABLES[block.table] and name not in series:
            constant = typed_values([value], TABLES[block.table][name], desk.words)
            series[name] = constant.take(np.zeros(len(block.body), dtype="int64")).reset_index(drop=True)
    return _assembled(block, columns, series, marks, desk)


def _assembled(
    block: Block, columns: Mapping[str, int], series: Mapping[str, pd.Series], marks: Marks, desk: Desk
) -> ReadBlock:
    grid = block.grid
    rows = np.asarray(grid.row_numbers, dtype="int32")[np.asarray(block.body, dtype="int64")]
    frame = pd.DataFrame({**series, "_row": rows, "_column": np.zeros(len(rows), dtype="int32")})
    broken = frozenset((row, name) for row, name, _, _, reading in marks if reading.severity == "error")
    where = {name: grid.column_numbers[j] for name, j in columns.items()}
    source = Source(grid.file, grid.sheet, where, desk.digests.get(grid.file, ""))
    refused = sorted({row for row, _ in broken})
    used = [grid.columns[j] for j in dict.fromkeys(columns.values())]
    lost = sum(count_filled([column[block.body[row]] for row in refused]) for column in used)
    total = sum(count_filled(_cells(column, block.body)) for column in used)
    counts: dict[Fate, int] = {"record": total - lost, "refused": lost}
    return ReadBlock(block.table, frame, broken, tuple(_said(grid, block, marks)), source, counts)


def _cells(column: Sequence[Value], body: Sequence[int]) -> Sequence[Value]:
    if isinstance(body, range):
        return column[body.start : body.stop]
    return [column[i] for i in body]


def _read(block: Block, name: str, j: int, column: Column, desk: Desk) -> tuple[pd.Series, Marks]:
    raw = _cells(block.grid.columns[j], block.body)
    read = read_column(raw, column, desk.words, block.year)
    marks = [(row, name, j, value, reading) for row, value, reading in read.marked]
    if name != "member_id":
        return read.values, marks
    padded = padded_ids(read.values, raw, desk.width, desk.roster.names, texts_too=block.grid.plain)
    if not padded:
        return read.values, marks
    for row, (short, cell) in enumerate(zip(read.values, raw, strict=True)):
        if short in padded:
            text = Text(f"“{shown(cell)}”按编号位数读作 {padded[short]}", f"“{shown(cell)}” is read as {padded[short]}")
            marks.append((row, name, j, cell, Reading(padded[short], "note", "id_padded", text)))
    return read.values.replace(padded), marks


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
        blank = blank & np.fromiter(map(nothing, raw), dtype=bool, count=len(raw))
    found, marks = _named(block, names, branches, blank, columns["name"], desk)
    resolved = ids.where(~blank, found).astype("str") if blank.any() else ids
    return {**series, "member_id": resolved}, marks + list(_mismatches(ids, names, columns["name"], desk.roster))


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
    for row in np.flatnonzero(blank):
        if nothing(names[row]):
            continue
        key = plain(shown(names[row])), "" if nothing(branches[row]) else plain(shown(branches[row]))
        reading = known.get(key) or desk.roster.find(*key, block.grid.file)
        known[key] = reading
        ids[row] = reading.value
        if reading.severity:
            marks.append((int(row), "member_id", j, names[row], reading))
    return pd.Series(ids, dtype="str"), marks


def _mismatches(
    ids: pd.Series, names: Sequence[Value], j: int, roster: Roster
) -> Iterator[tuple[int, str, int, Value, Reading]]:
    judged: dict[tuple[object, Value], Reading | None] = {}
    for row, key in enumerate(zip(ids, names, strict=True)):
        if key not in judged:
            judged[key] = _mismatch(key[0], key[1], roster)
        reading = judged[key]
        if reading:
            yield row, "member_id", j, key[1], reading


def _mismatch(member: object, name: Value, roster: Roster) -> Reading | None:
    known = roster.names.get(str(member), frozenset())
    if not known or nothing(name) or spelling(shown(name)) in known:
        return None
    listed = "、".join(sorted(known))
    text = Text(
        f"编号 {member} 在花名册上是“{listed}”,这里写的是“{shown(name)}”;请核对编号或姓名",
        f"the id {member} belongs to {listed} on the roster, here it is {shown(name)}; check id or name",
    )
    return Reading(None, "error", "name_mismatch", text)


# ---------------------------------------------------------------- problems


def _said(grid: Grid, block: Block, marks: Marks) -> Iterable[Problem]:
    """Return every error, and the same note about the same value of a column once, with its number."""
    times = Counter((name, reading.code, shown(value)) for _, name, _, value, reading in marks if _is_note(reading))
    told: set[tuple[str, str, str]] = set()
    for row, name, j, value, reading in sorted(marks, key=lambda mark: (mark[0], mark[2])):
        key = name, reading.code, shown(value)
        if _is_note(reading) and key in told:
            continue
        told.add(key)
        yield _problem(grid, grid.address(block.body[row], j), value, reading, times[key])


def _is_note(reading: Reading) -> bool:
    return reading.severity == "note"


def _problem(grid: Grid, cell: str, value: Value, reading: Reading, times: int) -> Problem:
    text = reading.text or Text("", "")
    if times > 1:
        text = Text(f"{text.zh}(本列共 {times} 处)", f"{text.en} ({times} cells of this column)")
    return Problem(reading.severity or "note", reading.code, text, grid.file, grid.sheet, cell, shown(value))
