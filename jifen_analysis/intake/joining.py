"""What was read of every file, put together table by table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem
from jifen_analysis.intake.layouts.block import Fate
from jifen_analysis.intake.reading import ReadBlock
from jifen_analysis.intake.twice import same_sheet
from jifen_analysis.tables import KEYS, TABLES, Source


@dataclass(frozen=True)
class Joined:
    """Everything read.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name; each row says from which source it came.
    sources : tuple of Source
        What the rows refer to.
    broken : mapping of str to set of (int, str)
        Refused cells by table: row and column.
    problems : tuple of Problem
        About cells.
    counts : mapping of str to int
        Non-empty cells by what became of them.
    sheets : mapping of (str, str) to str
        File and sheet to table.
    """

    tables: Mapping[str, pd.DataFrame]
    sources: tuple[Source, ...]
    broken: Mapping[str, frozenset[tuple[int, str]]]
    problems: tuple[Problem, ...]
    counts: Mapping[Fate, int]
    sheets: Mapping[tuple[str, str], str]


def once(blocks: Sequence[ReadBlock]) -> tuple[list[ReadBlock], tuple[Problem, ...]]:
    """Of sheets that two files hold alike keep the first: the same submission came twice.

    Only tables whose rows may repeat need this; in the others repeated rows
    are found one by one.
    """
    first: dict[tuple[str, bytes], Source] = {}
    kept, notes = [], []
    for block in blocks:
        other = first.setdefault(_content(block), block.source) if _may_repeat(block) else block.source
        if other.file == block.source.file:
            kept.append(block)
        else:
            notes.append(same_sheet(block.source, other))
    return kept, tuple(notes)


def _may_repeat(block: ReadBlock) -> bool:
    return block.table not in KEYS and block.table != "members" and not block.broken and len(block.frame) > 0


def _content(block: ReadBlock) -> tuple[str, bytes]:
    columns = [name for name in TABLES[block.table] if name in block.frame and block.frame[name].notna().any()]
    rows = pd.util.hash_pandas_object(block.frame[columns], index=False).to_numpy()
    return "|".join([block.table, *columns]), rows.tobytes()


def joined(blocks: Sequence[ReadBlock], counts: Mapping[Fate, int], notes: tuple[Problem, ...] = ()) -> Joined:
    """Put blocks together, keeping track of which cells were refused."""
    frames: dict[str, list[pd.DataFrame]] = {"members": []}
    broken: dict[str, set[tuple[int, str]]] = {}
    for number, block in enumerate(blocks, start=1):
        others = frames.setdefault(block.table, [])
        before = sum(map(len, others))
        others.append(block.frame.assign(_source=np.full(len(block.frame), number, dtype="int32")))
        broken.setdefault(block.table, set()).update((before + row, column) for row, column in block.broken)
    tables = {name: _stacked(name, parts) for name, parts in frames.items()}
    said = (*notes, *(problem for block in blocks for problem in block.problems))
    sources = tuple(block.source for block in blocks)
    sheets = {(block.source.file, block.source.sheet): block.table for block in blocks}
    return Joined(tables, sources, {name: frozenset(cells) for name, cells in broken.items()}, said, counts, sheets)


def _stacked(name: str, parts: list[pd.DataFrame]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame({"_source": [], "_row": [], "_column": []}, dtype="int32")
    if len(parts) == 1:
        return parts[0]
    named = [column for column in TABLES[name] if any(column in part for part in parts)]
    wanted = [*named, "_source", "_row", "_column"]
    model = {column: next(part[column].iloc[:0] for part in parts if column in part) for column in wanted}
    whole = [part.assign(**{c: _blank(model[c], len(part)) for c in wanted if c not in part})[wanted] for part in parts]
    return pd.concat(whole, ignore_index=True)


def _blank(model: pd.Series, length: int) -> pd.Series:
    return model.reindex(range(length))
