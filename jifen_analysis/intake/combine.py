"""What was read of every file, put together table by table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem
from jifen_analysis.intake.cells.column import Coded, one_series
from jifen_analysis.intake.duplicates import same_sheet
from jifen_analysis.intake.layouts.block import Fate
from jifen_analysis.intake.reading import ReadBlock
from jifen_analysis.tables import KEYS, TABLES, Source
from jifen_analysis.tables.problems import Alike
from jifen_analysis.tables.records import Broken
from jifen_analysis.vocabulary import Vocabulary


@dataclass(frozen=True)
class Joined:
    """Everything read.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name; each row says from which source it came.
    sources : tuple of Source
        What the rows refer to.
    broken : mapping of str to mapping of str to ndarray of int
        Refused cells by table and column: their rows.
    notes : tuple of Problem
        About cells and sheets.
    refused : tuple of Alike
        Errors of cells.
    counts : mapping of str to int
        Non-empty cells by what became of them.
    sheets : mapping of (str, str) to str
        File and sheet to table.
    """

    tables: Mapping[str, pd.DataFrame]
    sources: tuple[Source, ...]
    broken: Broken
    notes: tuple[Problem, ...]
    refused: tuple[Alike, ...]
    counts: Mapping[Fate, int]
    sheets: Mapping[tuple[str, str], str]


def combine_blocks(
    blocks: Sequence[ReadBlock], words: Vocabulary, counts: Mapping[Fate, int], notes: tuple[Problem, ...] = ()
) -> Joined:
    """Put blocks together, keeping track of which cells were refused."""
    tables = _tables(blocks, words)
    kept, repeated = _once(blocks, tables)
    tables = tables if len(kept) == len(blocks) else _tables(kept, words)
    said = (*notes, *repeated, *(note for block in kept for note in block.notes))
    refused = tuple(part for block in kept for part in block.refused)
    sources = tuple(block.source for block in kept)
    sheets = {(block.source.file, block.source.sheet): block.table for block in kept}
    return Joined(tables, sources, _broken(kept), said, refused, counts, sheets)


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
    parts = list(own.values())
    nowhere = np.zeros(0, dtype="int32")
    columns = {
        name: [block.columns.get(name) or Coded.constant(None, len(block)) for block in parts]
        for name in TABLES[table]
        if any(name in block.columns for block in parts)
    }
    return pd.DataFrame(
        {
            **{name: one_series(column, TABLES[table][name], words) for name, column in columns.items()},
            "_source": np.repeat(np.array(list(own), dtype="int32"), list(map(len, parts))),
            "_row": np.concatenate([nowhere, *(block.rows for block in parts)]),
            "_column": np.concatenate([nowhere, *(block.across for block in parts)]),
        },
        copy=False,
    )


def _once(
    blocks: Sequence[ReadBlock], tables: Mapping[str, pd.DataFrame]
) -> tuple[list[ReadBlock], tuple[Problem, ...]]:
    """Of sheets that two files hold alike keep the first: the same submission came twice.

    Only tables whose rows may repeat need this; in the others repeated rows
    are found one by one.
    """
    content = _content(blocks, tables)
    first: dict[tuple[str, bytes], Source] = {}
    kept, notes = [], []
    for number, block in enumerate(blocks):
        other = first.setdefault(content[number], block.source) if number in content else block.source
        if other.file == block.source.file:
            kept.append(block)
        else:
            notes.append(same_sheet(block.source, other))
    return kept, tuple(notes)


def _content(blocks: Sequence[ReadBlock], tables: Mapping[str, pd.DataFrame]) -> dict[int, tuple[str, bytes]]:
    """Return table and a digest of the rows of each block that may be another's copy."""
    found: dict[int, tuple[str, bytes]] = {}
    for table in set(tables) - set(KEYS) - {"members"}:
        own = [number for number, block in enumerate(blocks) if block.table == table]
        if len({blocks[number].source.file for number in own}) < 2:
            continue
        columns = [name for name in TABLES[table] if name in tables[table]]
        rows = pd.util.hash_pandas_object(tables[table][columns], index=False).to_numpy()
        parts = np.split(rows, np.cumsum([len(blocks[number]) for number in own])[:-1])
        found |= {number: (table, part.tobytes()) for number, part in zip(own, parts, strict=True)}
    return {number: digest for number, digest in found.items() if digest[1] and not blocks[number].broken}
