"""The records of converted folders put together, still in their files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem
from jifen_analysis.intake.folders import Folder, number_sources
from jifen_analysis.intake.multi_table import Slice, no_rows, one_table
from jifen_analysis.intake.reconcile import (
    BranchFiles,
    Places,
    belonging,
    members_between,
    mentioned_branches,
    on_several,
    owner_column,
    records_between,
)
from jifen_analysis.tables import Records, Source
from jifen_analysis.vocabulary import Vocabulary


@dataclass(frozen=True)
class Together:
    """What converted folders hold.

    Parameters
    ----------
    records : Records or None
        Theirs; ``None`` where nobody is left.
    problems : tuple of Problem
        What does not hold between them, then what was noted when they were converted.
    refused : tuple of str
        Files, as the branches sent them, that do not go with those of another folder.
    branches : tuple of str
        Branches that are left out.
    """

    records: Records | None
    problems: tuple[Problem, ...]
    refused: tuple[str, ...]
    branches: tuple[str, ...]


@dataclass(frozen=True)
class _Several:
    """What lies in the folders, numbered together."""

    roster: pd.DataFrame
    pieces: Mapping[str, Sequence[BranchFiles]]
    sources: tuple[Source, ...]
    years: tuple[int, ...]


def merge_folders(folders: Sequence[Folder], words: Vocabulary) -> Together:
    """Put the records of folders together; branches of which a file with an error speaks are left out."""
    several = _several(folders, words)
    twice, found = _compared(several) if len(folders) > 1 else ({}, [])
    errors = [problem for problem in found if problem.severity == "error"]
    noted = [replace(note, file=folder.called(note.file)) for folder in folders for note in folder.manifest.notes]
    notes = (*noted, *(problem for problem in found if problem.severity == "note"))
    bad = {problem.file for problem in errors}
    out = _branches_out(several, bad).union(*(folder.branches_out for folder in folders))
    frames = _left(several, twice, out)
    records = Records(MappingProxyType(frames), several.sources, notes, words) if len(frames["members"][0]) else None
    return Together(records, (*errors, *notes), tuple(sorted(bad)), tuple(sorted(out)))


def _several(folders: Sequence[Folder], words: Vocabulary) -> _Several:
    rosters = [folder.members(words) for folder in folders]
    sources, numbers = number_sources(folders, rosters)
    rosters = [
        roster.assign(_source=own[roster["_source"].to_numpy()], _folder=at)
        for at, (roster, own) in enumerate(zip(rosters, numbers, strict=True))
    ]
    pieces: dict[str, list[BranchFiles]] = {}
    for at, folder in enumerate(folders):
        for table, stored in folder.tables(words).items():
            own = (BranchFiles(at, Slice(part, numbers[at])) for part in stored.pieces().values())
            pieces.setdefault(table, []).extend(own)
    roster = pd.concat(rosters, ignore_index=True) if len(rosters) > 1 else rosters[0]
    years = {part.year for folder in folders for part in folder.manifest.parts if part.block >= 0}
    return _Several(roster, pieces, sources, tuple(sorted({*years, *roster["year"].dropna().astype(int).unique()})))


def _compared(several: _Several) -> tuple[Mapping[str, Places], list[Problem]]:
    """Return the rows of each table that a folder before theirs has, and what else does not hold between folders."""
    roster, sources = several.roster, several.sources
    again = roster[roster["member_id"].duplicated(keep=False)]
    lost, problems = members_between(again, several.years, sources)
    members = on_several(again)
    twice: dict[str, Places] = {"members": {0: lost}}
    for table, pieces in several.pieces.items():
        twice[table], found = records_between(table, pieces, members, sources)
        problems += found
    return twice, list(dict.fromkeys(problems))


def _branches_out(several: _Several, files: Collection[str]) -> set[str]:
    """Return the branches of which files speak."""
    numbers = [number for number, source in enumerate(several.sources, start=1) if source.file in files]
    return mentioned_branches(several.roster, several.pieces, numbers) if numbers else set()


def _left(
    several: _Several, twice: Mapping[str, Places], branches: Collection[str]
) -> dict[str, Sequence[pd.DataFrame]]:
    """Return every table without what stands twice, and without everyone of some branches."""
    roster = several.roster.drop(columns="_folder")
    gone = set(roster.loc[roster["branch"].isin(branches), "member_id"])
    lost = twice.get("members", {}).get(0, no_rows())
    out = np.union1d(lost, np.flatnonzero(roster["member_id"].isin(gone)))
    members = roster.drop(index=out.tolist()).reset_index(drop=True) if len(out) else roster
    frames: dict[str, Sequence[pd.DataFrame]] = {"members": (members,)}
    for table, pieces in several.pieces.items():
        owners = gone if owner_column(table) == "member_id" else branches
        places = twice.get(table, {})
        slices = (_slice(table, piece, places.get(at, no_rows()), owners) for at, piece in enumerate(pieces))
        frames[table] = one_table(slices)
    return frames


def _slice(table: str, piece: BranchFiles, lost: np.ndarray, owners: Collection[str]) -> Slice:
    theirs = belonging(table, piece, owners) if owners else no_rows()
    return replace(piece.files, without=np.union1d(lost, theirs))
