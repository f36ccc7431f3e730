"""What a converted folder says of itself: which files, of which branches, with which SHA-256; and its tables as one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.documents import ending
from jifen_analysis.errors import Problem, UsageError
from jifen_analysis.sealing import digest, document, unseal
from jifen_analysis.store.table import StoredFile, StoredTable
from jifen_analysis.tables import TABLES, Source
from jifen_analysis.tables.columns import ORIGIN, canonical
from jifen_analysis.vocabulary import Vocabulary

MANIFEST = "jifen.json"
FORMAT = 3
"""Raised whenever what is written, or what is checked before, changes."""


@dataclass(frozen=True)
class ConvertedFile:
    """One file of a converted folder.

    Parameters
    ----------
    path : str
        Below the folder.
    table : str
        What it holds.
    year, block : int
        Of which year, and of which group of branches; 0 and -1 for the roster.
    rows : int
        How many records.
    months : tuple of int
        The integer months in which they fall, where the table has days or months.
    words : mapping of str to tuple of str
        The coded words that occur, by kind.
    sha256 : str
        Of the file.
    """

    path: str
    table: str
    year: int
    block: int
    rows: int
    months: tuple[int, ...]
    words: Mapping[str, tuple[str, ...]]
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a converted folder holds.

    Parameters
    ----------
    parts : tuple of Part
        Its files.
    blocks : tuple of tuple of str
        The branches of each group; a member's records stand where one of its branches does.
    sources : tuple of Source
        What the origin columns refer to.
    notes : tuple of Problem
        What was noted when the records were checked.
    made_by : str
        Version of the package that checked them.
    """

    parts: tuple[ConvertedFile, ...]
    blocks: tuple[tuple[str, ...], ...]
    sources: tuple[Source, ...] = ()
    notes: tuple[Problem, ...] = ()
    made_by: str = ""


def manifest_of(folder: str | Path) -> Manifest:
    """Read what a converted folder holds.

    Raises
    ------
    UsageError
        Where another version wrote it, or the manifest is damaged.
    """
    path = Path(folder) / MANIFEST
    try:
        found = document(ending(path).read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise UsageError(
                f"{folder} 由另一版本转换(jifen {found['made_by']}),请重新转换",
                f"{folder} was converted by another version ({found['made_by']}); convert again",
            )
        return _manifest(unseal(found))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise UsageError(
            f"{path} 已损坏,或在转换之后改动过,请重新转换", f"{path} is damaged or was changed; convert again"
        ) from fault


def _manifest(made: Mapping[str, Any]) -> Manifest:
    """Return a manifest in which everything is what it should be, whoever sealed it."""
    from pydantic import ConfigDict, TypeAdapter, with_config  # who reads no converted folder does not wait for it

    whole = TypeAdapter(with_config(ConfigDict(extra="forbid"))(Manifest))
    manifest = whole.validate_python({key: value for key, value in made.items() if key != "format"})
    odd = [part.path for part in manifest.parts if not _fits(part, len(manifest.blocks))]
    if odd:
        raise ValueError(f"no such part: {odd[0]}")
    return manifest


def _fits(part: ConvertedFile, blocks: int) -> bool:
    """Return whether a part stands where one of its table, year and group of branches does."""
    roster = (part.path, part.table, part.block) == ("members.parquet", "members", -1)
    placed = is_part(Path(part.path)) and part.path == part_path(part.table, part.year, part.block)
    return (roster or (placed and 0 <= part.block < blocks)) and set(part.words) <= _KINDS


_KINDS = frozenset(column.words for table in TABLES.values() for column in table.values() if column.kind == "word")


def part_path(table: str, year: int, block: int) -> str:
    """Return where the records of a table, a year and a group of branches stand below a converted folder."""
    return f"{table}/year={year}/branches-{block + 1:04d}.parquet"


_PART = re.compile(rf"(?:{'|'.join(TABLES)})/year=\d+/branches-\d+\.parquet")


def is_part(path: Path) -> bool:
    """Return whether a file stands where ``convert`` puts the records of a year and some branches.

    Examples
    --------
    >>> is_part(Path("已查验/dues/year=2024/branches-0001.parquet")), is_part(Path("2024/dues.parquet"))
    (True, False)
    """
    return _PART.fullmatch("/".join(path.parts[-3:])) is not None


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
