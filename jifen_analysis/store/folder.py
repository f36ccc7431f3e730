"""Converted folders as they lie on the disk, and how they are numbered together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from jifen_analysis.sealing import digest
from jifen_analysis.store.manifest import MANIFEST, Manifest
from jifen_analysis.store.table import StoredFile, StoredTable
from jifen_analysis.tables import Source
from jifen_analysis.tables.columns import ORIGIN, canonical
from jifen_analysis.vocabulary import Vocabulary


@dataclass(frozen=True)
class Folder:
    """A converted folder.

    Parameters
    ----------
    root : Path
        Where it is.
    name : str
        Its path below what was loaded; empty for that itself.
    manifest : Manifest
        What it holds.
    out : frozenset of int
        Groups of branches of which a file is bad; -1 where the roster is.
    """

    root: Path
    name: str
    manifest: Manifest
    out: frozenset[int] = frozenset()

    def called(self, file: str) -> str:
        """Return what a file of it is called in messages."""
        return (PurePosixPath(self.name) / file).as_posix() if file else ""

    @property
    def branches_out(self) -> set[str]:
        """The branches that are left out."""
        blocks = enumerate(self.manifest.blocks)
        return {branch for at, branches in blocks if {-1, at} & self.out for branch in branches}

    def members(self, words: Vocabulary) -> pd.DataFrame:
        """Read the roster."""
        files = () if -1 in self.out else (part for part in self.manifest.parts if part.block < 0)
        stored = StoredTable("members", words, tuple(StoredFile(self.root / part.path, part.rows) for part in files))
        nobody = canonical("members", pd.DataFrame({name: [] for name in ORIGIN}), words)[0]
        return pd.concat(list(stored) or [nobody], ignore_index=True)

    def tables(self, words: Vocabulary, numbers: np.ndarray) -> Mapping[str, StoredTable]:
        """Return all other tables, still unread; ``numbers`` as of :func:`number_sources`."""
        found: dict[str, tuple[StoredFile, ...]] = {}
        for part in self.manifest.parts:
            if part.block >= 0 and not {-1, part.block} & self.out:
                branches, months = self.manifest.blocks[part.block], frozenset(part.months)
                file = StoredFile(self.root / part.path, part.rows, branches, months, numbers)
                found[part.table] = (*found.get(part.table, ()), file)
        return {table: StoredTable(table, words, files) for table, files in found.items()}

    @property
    def sources(self) -> tuple[Source, ...]:
        """What its records come from, as called from above: the folder itself, where that is not known."""
        given = self.manifest.sources
        if not given and self.name:
            return (Source(self.called(MANIFEST), digest=digest(self.root / MANIFEST)),)
        return tuple(replace(source, file=self.called(source.file)) for source in given)


def number_sources(
    folders: Sequence[Folder], rosters: Sequence[pd.DataFrame]
) -> tuple[tuple[Source, ...], list[np.ndarray]]:
    """Give the sources of all folders their numbers, rosters first, as if they had been read at once.

    Returns
    -------
    tuple of Source
        All of them.
    list of ndarray of int32
        For each folder, what number each of its sources has now; at 0, that
        of records without one.
    """
    sources = [folder.sources for folder in folders]
    of_roster = [set(roster["_source"].unique()) for roster in rosters]
    every = [(at, number) for at, own in enumerate(sources) for number in range(1, len(own) + 1)]
    ordered = sorted(every, key=lambda one: one[1] not in of_roster[one[0]])
    numbers = [np.zeros(len(own) + 1, dtype="int32") for own in sources]
    for place, (at, number) in enumerate(ordered, start=1):
        numbers[at][number] = place
    for folder, own in zip(folders, numbers, strict=True):
        own[0] = 0 if folder.manifest.sources else own[-1]
    return tuple(sources[at][number - 1] for at, number in ordered), numbers
