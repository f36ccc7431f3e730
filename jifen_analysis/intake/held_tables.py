"""Tables that are in no file: frames as somebody has them, and what a query returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd
import pyarrow as pa

from jifen_analysis.intake.check import Check
from jifen_analysis.intake.grid import UnreadableError
from jifen_analysis.tables.frames import Frames, nested_columns, nested_text, require_frames, with_plain_columns
from jifen_analysis.tables.problems import with_cells
from jifen_analysis.tables.sources import parse_address


@dataclass(frozen=True)
class HeldTable:
    """One table, read when it is asked for."""

    name: str  # what it is called in messages; its last part says which table it is
    read: Callable[[], pd.DataFrame]  # returns the frame, or raises ``UnreadableError``
    # returns it as a file of Parquet in memory, or raises ``UnreadableError``: each column is of one type then, as a
    # database has it, and not of cells as people fill them
    stored: Callable[[], pa.Buffer] | None = None

    @property
    def typed(self) -> bool:
        """Whether each column is of one type."""
        return self.stored is not None

    @property
    def parquet(self) -> pa.Buffer:
        """The file of Parquet."""
        if self.stored is None:
            raise ValueError(f"{self.name} is not stored")
        return self.stored()

    def state(self) -> tuple[int, int]:
        """Return its size, and no time: it cannot change."""
        return (self.parquet.size, 0)

    def digest(self) -> str:
        """Return nothing: it has no bytes of its own."""
        return ""


def held_frames(frames: Frames) -> list[HeldTable]:
    """Return frames as tables; an index that has a name is a column like any other.

    Raises
    ------
    UsageError
        Where there is none, or something else is among them.
    """
    require_frames(frames)
    return [HeldTable(str(name), partial(_cells_of, frame)) for name, frame in frames.items()]


def _cells_of(frame: pd.DataFrame) -> pd.DataFrame:
    whole = with_plain_columns(frame)
    if nested := nested_columns(whole):
        said = nested_text(nested)
        raise UnreadableError("nested_column", said.zh, said.en)
    return whole


def with_labels(found: Check, frames: Frames) -> Check:
    """Return a verdict whose cells are called by what the frames call their rows and columns."""
    called = {str(name): (with_plain_columns(frame).columns, frame.index) for name, frame in frames.items()}

    def cell(file: str, address: str) -> str:
        if not address or file not in called:
            return address
        columns, index = called[file]
        row, column = parse_address(address)
        return f"{f'[{index[row - 2]}]' if row > 1 else ''}.{columns[column - 1]}"

    records = found.records and replace(found.records, notes=with_cells(found.records.notes, cell))
    return replace(found, problems=with_cells(found.problems, cell), records=records)
