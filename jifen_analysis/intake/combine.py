"""What was read of every file, put together table by table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem
from jifen_analysis.intake.cells.column import Coded, one_series
from jifen_analysis.intake.layouts.block import Fate
from jifen_analysis.intake.made_of_others import sheets_made_of_others
from jifen_analysis.intake.reading import ReadBlock
from jifen_analysis.intake.reconcile import same_sheet, same_sheets
from jifen_analysis.intake.repetitions import repetitions
from jifen_analysis.tables import KEYS, TABLES, Source
from jifen_analysis.tables.problems import Alike
from jifen_analysis.tables.records import Broken
from jifen_analysis.vocabulary import Vocabulary


@dataclass(frozen=True)
class Joined:
    """Everything read."""

    tables: Mapping[str, pd.DataFrame]  # by name; each row says from which source it came
    sources: tuple[Source, ...]  # what the rows refer to
    broken: Broken  # refused cells by table and column: their rows
    notes: tuple[Problem, ...]  # about cells and sheets
    refused: tuple[Alike, ...]  # errors of cells
    counts: Mapping[Fate, int]  # non-empty cells by what became of them
    sheets: Mapping[tuple[str, str], str]  # file and sheet to table


def combine_blocks(
    blocks: Sequence[ReadBlock], words: Vocabulary, counts: Mapping[Fate, int], notes: tuple[Problem, ...] = ()
) -> Joined:
    """Put blocks together, keeping track of which cells were refused."""
    tables, listed = _tables(blocks, words), [block.source for block in blocks]
    twice = {at: of for table in tables for at, of in _twice(table, tables[table], blocks, listed).items()}
    means = sheets_made_of_others(tables, listed)
    kept = [block for at, block in enumerate(blocks, start=1) if at not in twice and at not in means]
    tables = _tables(kept, words) if twice or means else tables
    repeated = (same_sheet(listed[at - 1], listed[twice[at] - 1]) for at in sorted(twice))
    refused = tuple(part for block in kept for part in block.refused)
    sources = tuple(block.source for block in kept)
    of_cells = (note for block in kept for note in block.notes)
    said = (*notes, *repeated, *means.values(), *of_cells, *repetitions(tables, sources))
    sheets = {(block.source.file, block.source.sheet): block.table for block in kept}
    return Joined(tables, sources, _broken(kept), said, refused, counts, sheets)


def _twice(table: str, rows: pd.DataFrame, blocks: Sequence[ReadBlock], sources: Sequence[Source]) -> Mapping[int, int]:
    """Return the numbers of whole sheets that another file holds, too."""
    files = {block.source.file for block in blocks if block.table == table}
    if len(files) < 2 or table in KEYS or table == "members":  # where a row may not repeat, each is found by itself
        return {}
    broken = [at for at, block in enumerate(blocks, start=1) if block.broken]
    return same_sheets(table, rows[~rows["_source"].isin(broken)], sources)


def _broken(blocks: Sequence[ReadBlock]) -> Broken:
    found: dict[str, dict[str, list[np.ndarray]]] = {}
    before: Counter[str] = Counter()
    for block in blocks:
        for name, rows in block.broken.items():
            found.setdefault(block.table, {}).setdefault(name, []).append(rows + before[block.table])
        before[block.table] += len(block)
    return {table: {name: np.concatenate(rows) for name, rows in cells.items()} for table, cells in found.items()}


def _tables(blocks: Sequence[ReadBlock], words: Vocabulary) -> dict[str, pd.DataFrame]:
    return {name: rows_of(blocks, name, words) for name in dict.fromkeys(["members", *(b.table for b in blocks)])}


def rows_of(blocks: Sequence[ReadBlock], table: str, words: Vocabulary) -> pd.DataFrame:
    """Return all rows of one table, typed; each says from which of the blocks it came."""
    own = {number: block for number, block in enumerate(blocks, start=1) if block.table == table}
    parts, once = list(own.values()), table != "members"
    nowhere = np.zeros(0, dtype="int32")
    columns = {
        name: [block.columns.get(name) or Coded.constant(None, len(block)) for block in parts]
        for name in TABLES[table]
        if any(name in block.columns for block in parts)
    }
    return pd.DataFrame(
        {
            **{name: one_series(column, TABLES[table][name], words, once=once) for name, column in columns.items()},
            "_source": np.repeat(np.array(list(own), dtype="int32"), list(map(len, parts))),
            "_row": np.concatenate([nowhere, *(block.rows for block in parts)]),
            "_column": np.concatenate([nowhere, *(block.across for block in parts)]),
        },
        copy=False,
    )
