"""What must hold between converted folders.

As between workbooks: a member stands once on the roster of a day, a record
stands once, and a sheet that came twice counts once. Folders that have no
member in common have nothing to compare, and none of their records is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem
from jifen_analysis.intake.duplicates import same_file, same_sheet
from jifen_analysis.intake.multi_table import Slice, no_rows
from jifen_analysis.tables import KEYS, TABLES, Source
from jifen_analysis.tables.columns import ORIGIN
from jifen_analysis.tables.consistency import repeats
from jifen_analysis.tables.membership import roster_failures
from jifen_analysis.tables.problems import add_addresses

Places = Mapping[int, np.ndarray]
"""Rows of some slices: counted through the batches of each."""


@dataclass(frozen=True)
class BranchFiles:
    """Files of one group of branches of one folder.

    Parameters
    ----------
    folder : int
        Which folder.
    files : Slice
        The files.
    """

    folder: int
    files: Slice


def owner_column(table: str) -> str:
    """Return the column that says to whom a record belongs."""
    return "member_id" if "member_id" in TABLES[table] else "branch"


def copies(sources: Sequence[Source]) -> Mapping[int, str]:
    """Return the sources whose file has the bytes of one before it, with the name of that."""
    first: dict[str, str] = {}
    named = {at: first.setdefault(one.digest, one.file) for at, one in enumerate(sources, start=1) if one.digest}
    return {at: file for at, file in named.items() if file != sources[at - 1].file}


def _uncopied(table: str, rows: pd.DataFrame, sources: Sequence[Source]) -> tuple[np.ndarray, list[Problem]]:
    """Tell rows from those that a copied file has again; of these only the file is said."""
    others = copies(sources)
    again = rows["_source"].isin(others).to_numpy() & rows.duplicated(list(TABLES[table])).to_numpy()
    files = rows.loc[again, "_source"].unique().tolist()
    return ~again, [same_file(sources[at - 1].file, others[at]) for at in files]


def members_between(
    again: pd.DataFrame, years: Sequence[int], sources: Sequence[Source]
) -> tuple[np.ndarray, list[Problem]]:
    """Hold the rosters of all folders against each other.

    Parameters
    ----------
    again : DataFrame
        Of all rosters, the rows of who has several, under their places there.

    Returns
    -------
    ndarray of int
        The places of what a folder before theirs has.
    list of Problem
        Rows that stand twice, and members who stand on two rosters on one day.
    """
    rows = again.reset_index(drop=True)
    kept, problems = _compared("members", rows, sources)
    left = rows[kept].reset_index(drop=True)
    return again.index.to_numpy()[~kept], problems + add_addresses(
        roster_failures(left, years), {"members": left}, sources
    )


def _compared(table: str, rows: pd.DataFrame, sources: Sequence[Source]) -> tuple[np.ndarray, list[Problem]]:
    """Return which rows to keep, and what repeats or contradicts another."""
    kept, problems = _uncopied(table, rows, sources)
    left = rows[kept].reset_index(drop=True)
    first, failures = repeats(table, left)
    kept[kept] = first
    return kept, problems + add_addresses(failures, {table: left}, sources)


def on_several(again: pd.DataFrame) -> frozenset[str]:
    """Return the members who stand on the rosters of several folders (column ``_folder``)."""
    folders = again[["member_id", "_folder"]].drop_duplicates()
    return frozenset(folders.loc[folders["member_id"].duplicated(), "member_id"])


def records_between(
    table: str, pieces: Sequence[BranchFiles], members: frozenset[str], sources: Sequence[Source]
) -> tuple[Places, list[Problem]]:
    """Hold the records of a table against each other, of those of whom several folders have some.

    Parameters
    ----------
    members : frozenset of str
        Who is on several rosters.

    Returns
    -------
    mapping of int to ndarray of int
        By piece, the rows that a folder before theirs has.
    list of Problem
        What stands twice, and what contradicts.
    """
    column = owner_column(table)
    held = [_owners(piece, column, members) for piece in pieces]
    common = _in_several(pieces, held)
    near = [at for at, own in enumerate(held) if own & common]
    if not near:
        return {}, []
    rows = pd.concat([_rows(at, pieces[at], column, common) for at in near], ignore_index=True)
    if table in KEYS:
        kept, problems = _compared(table, rows, sources)
    else:
        kept, problems = _sheets(table, rows, _partly(pieces, column, common), sources)
    lost = rows.loc[~kept, ["_piece", "_at"]]
    return {at: np.sort(lost.loc[lost["_piece"] == at, "_at"].to_numpy()) for at in near}, problems


def _owners(piece: BranchFiles, column: str, members: frozenset[str]) -> set[str]:
    """Return whose records a piece holds; of members, those who are on several rosters."""
    if column == "member_id" and not members:
        return set()
    found = {who for batch in piece.files.read((column,)) for who in batch[column].unique().tolist()}
    return found & members if column == "member_id" else found


def _in_several(pieces: Sequence[BranchFiles], held: Sequence[set[str]]) -> set[str]:
    by_folder: dict[int, set[str]] = {}
    for piece, own in zip(pieces, held, strict=True):
        by_folder[piece.folder] = by_folder.get(piece.folder, set()) | own
    counts = Counter(who for own in by_folder.values() for who in own)
    return {who for who, number in counts.items() if number > 1}


def _rows(at: int, piece: BranchFiles, column: str, common: set[str]) -> pd.DataFrame:
    """Return the records of some, and where they stand."""
    before, kept = 0, []
    for batch in piece.files.read():
        mine = batch[column].isin(common).to_numpy()
        places = before + np.flatnonzero(mine)
        kept.append(batch[mine].assign(_folder=piece.folder, _piece=at, _at=places))
        before += len(batch)
    return pd.concat(kept, ignore_index=True)


def _partly(pieces: Sequence[BranchFiles], column: str, common: set[str]) -> set[int]:
    """Return the sources that have records of others, too."""
    batches = (batch for piece in pieces for batch in piece.files.read((column, "_source")))
    return {number for batch in batches for number in batch.loc[~batch[column].isin(common), "_source"].unique()}


def _sheets(
    table: str, rows: pd.DataFrame, partly: set[int], sources: Sequence[Source]
) -> tuple[np.ndarray, list[Problem]]:
    """Where rows may repeat, find the sheets that two folders hold alike, row by row."""
    whole = rows[(rows["_source"] > 0) & ~rows["_source"].isin(partly)].sort_values(list(ORIGIN), kind="stable")
    content = pd.util.hash_pandas_object(whole[list(TABLES[table])], index=False).to_numpy()
    numbers, starts = np.unique(whole["_source"].to_numpy(), return_index=True)
    others = copies(sources)
    first: dict[bytes, tuple[int, int]] = {}
    kept, notes = np.ones(len(rows), bool), []
    for number, start, end in zip(numbers.tolist(), starts, np.append(starts, len(whole))[1:], strict=True):
        folder = int(whole["_folder"].iloc[start])
        other, its_folder = first.setdefault(content[start:end].tobytes(), (number, folder))
        if its_folder != folder:
            kept[whole.index[start:end]] = False
            source = sources[number - 1]
            notes.append(
                same_file(source.file, others[number]) if number in others else same_sheet(source, sources[other - 1])
            )
    return kept, notes


# ---------------------------------------------------------------- what is left out


def mentioned_branches(
    roster: pd.DataFrame, pieces: Mapping[str, Sequence[BranchFiles]], numbers: Collection[int]
) -> set[str]:
    """Return the branches of which some sources speak."""
    found: dict[str, set[str]] = {"member_id": set(), "branch": set()}
    for table, of in pieces.items():
        column = owner_column(table)
        for batch in (batch for piece in of for batch in piece.files.read((column, "_source"))):
            found[column] |= set(batch.loc[batch["_source"].isin(numbers), column].unique().tolist())
    listed = roster.loc[roster["_source"].isin(numbers), "branch"]
    home = roster.drop_duplicates("member_id")
    return found["branch"].union(listed, home.loc[home["member_id"].isin(found["member_id"]), "branch"])


def belonging(table: str, piece: BranchFiles, owners: Collection[str]) -> np.ndarray:
    """Return the rows of a piece that are of some members, or some branches."""
    before, found = 0, [no_rows()]
    for batch in piece.files.read((owner_column(table),)):
        found.append(before + np.flatnonzero(batch[owner_column(table)].isin(owners)))
        before += len(batch)
    return np.concatenate(found)
