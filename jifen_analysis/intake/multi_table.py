"""Tables of several converted folders, read as one: batch by batch, like each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from jifen_analysis.intake.stored import StoredTable
from jifen_analysis.tables.records import Stored


def no_rows() -> np.ndarray:
    """Return no positions."""
    return np.zeros(0, dtype="int64")


@dataclass(frozen=True)
class Slice:
    """Files of one of the folders.

    Parameters
    ----------
    table : StoredTable
        What they hold; one group of branches where rows are left out.
    numbers : ndarray of int32
        What number each source of the folder has among those of all; at 0, that of records without one.
    without : ndarray of int
        Rows that are left out, counted through the batches, rising.
    """

    table: StoredTable
    numbers: np.ndarray
    without: np.ndarray = field(default_factory=no_rows)

    def read(self, columns: tuple[str, ...] = ()) -> Iterator[pd.DataFrame]:
        """Yield the batches that are left, with only some columns where some are named."""
        at = 0
        for batch in self.table.narrow(columns) if columns else self.table:
            yield self._kept(batch, at)
            at += len(batch)

    @property
    def rows(self) -> int:
        """Number of rows in the files."""
        return sum(pq.read_metadata(path).num_rows for path in self.table.files)

    @property
    def as_numbered(self) -> bool:
        """Whether every source keeps its number."""
        return np.array_equal(self.numbers, np.arange(len(self.numbers)))

    def _kept(self, batch: pd.DataFrame, at: int) -> pd.DataFrame:
        if "_source" in batch:
            batch = batch.assign(_source=self.numbers[batch["_source"].to_numpy()])
        low, high = np.searchsorted(self.without, [at, at + len(batch)])
        if low == high:
            return batch
        return batch.drop(index=(self.without[low:high] - at).tolist()).reset_index(drop=True)

    def pieces(self) -> Iterator[tuple[tuple[str, ...], Slice]]:
        """Yield a slice for each group of branches."""
        for branches, table in self.table.pieces().items():
            yield branches, Slice(table, self.numbers, self.without)


@dataclass(frozen=True)
class SeveralTables(Stored):
    """One table in several converted folders.

    Parameters
    ----------
    slices : tuple of Slice
        The folders' files.
    """

    slices: tuple[Slice, ...]

    def __len__(self) -> int:
        return sum(len(one.table) for one in self.slices)

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return (batch for one in self.slices for batch in one.read())

    def narrow(self, columns: Iterable[str]) -> Iterator[pd.DataFrame]:
        """Yield the batches with only some columns."""
        wanted = tuple(columns)
        return (batch for one in self.slices for batch in one.read(wanted))

    def months(self) -> frozenset[int]:
        """Return the integer months in which its records fall."""
        return frozenset().union(*(one.table.months() for one in self.slices))

    def pieces(self) -> Mapping[tuple[str, ...], SeveralTables]:
        """Return its parts under the branches whose records they hold, still unread."""
        found: dict[tuple[str, ...], tuple[Slice, ...]] = {}
        for one in self.slices:
            for branches, piece in one.pieces():
                found[branches] = (*found.get(branches, ()), piece)
        return {branches: SeveralTables(slices) for branches, slices in found.items()}


def one_table(slices: Iterable[Slice]) -> Sequence[pd.DataFrame]:
    """Return slices as one table: those of a folder that are whole as one, so that they are read in one go."""
    joined: list[Slice] = []
    for (_, cut), run in groupby(slices, key=lambda one: (id(one.numbers), len(one.without) > 0)):
        own = list(run)
        joined += [one for one in own if one.rows > len(one.without)] if cut else [_whole(own)]
    alone = len(joined) == 1 and not len(joined[0].without) and joined[0].as_numbered
    return joined[0].table if alone else SeveralTables(tuple(joined))


def _whole(slices: Sequence[Slice]) -> Slice:
    tables = [one.table for one in slices]
    files = tuple(file for table in tables for file in table.files)
    branches = tuple(names for table in tables for names in table.branches)
    months = frozenset().union(*(table.known_months for table in tables))
    return replace(slices[0], table=replace(tables[0], files=files, branches=branches, known_months=months))
