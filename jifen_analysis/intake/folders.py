"""Converted folders as they lie on the disk, and how they are numbered together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

import numpy as np
import pandas as pd

from jifen_analysis.intake.convert import MANIFEST, Manifest
from jifen_analysis.intake.stored import StoredTable
from jifen_analysis.sealing import digest
from jifen_analysis.tables import Records, Source
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
        if -1 in self.out:
            return canonical("members", pd.DataFrame({name: [] for name in ORIGIN}), words)[0]
        roster = StoredTable("members", (self.root / "members.parquet",), words)
        return Records(MappingProxyType({"members": roster}), vocabulary=words).members

    def tables(self, words: Vocabulary) -> Mapping[str, StoredTable]:
        """Return all other tables, still unread."""
        kept = [part for part in self.manifest.parts if part.block >= 0 and not {-1, part.block} & self.out]
        found = {}
        for table in dict.fromkeys(part.table for part in kept):
            mine = [part for part in kept if part.table == table]
            files = tuple(self.root / part.path for part in mine)
            branches = tuple(self.manifest.blocks[part.block] for part in mine)
            months = frozenset(month for part in mine for month in part.months)
            found[table] = StoredTable(table, files, words, branches, months)
        return found

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
