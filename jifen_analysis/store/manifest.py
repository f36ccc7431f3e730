"""What a converted folder says of itself: which files it holds, of which branches, with which SHA-256."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jifen_analysis.documents import ending
from jifen_analysis.errors import Problem, UsageError
from jifen_analysis.sealing import document, unseal
from jifen_analysis.tables import TABLES, Source

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
