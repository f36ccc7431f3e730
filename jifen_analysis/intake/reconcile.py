"""What must hold between pieces of a submission, and what is left when some files do not go with the others.

A piece is what came together and holds in itself: a table of all workbooks of a
path, in memory, or one group of branches of a converted folder, still in its
files. Between pieces of different folders holds what holds in one: a member stands
once on the roster of a day, a record stands once, a sheet or file that came twice
counts once. Folders without a member in common have nothing to compare, and none of
their records is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import PurePath

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem, Text
from jifen_analysis.store.table import StoredTable
from jifen_analysis.tables import KEYS, TABLES, Source
from jifen_analysis.tables.columns import ORIGIN
from jifen_analysis.tables.consistency import repeats
from jifen_analysis.tables.membership import roster_failures
from jifen_analysis.tables.problems import add_addresses
from jifen_analysis.vocabulary import spelling

Files = frozenset[str]
"""Names of files, as they are called in messages."""


@dataclass(frozen=True)
class HeldPiece:
    """Records of one table that hold in themselves."""

    folder: int  # which folder they come from; pieces of one hold between each other, too
    held: pd.DataFrame | StoredTable  # the records

    def read(self, *columns: str) -> Iterator[pd.DataFrame]:
        """Yield the batches, of what is stored with only these columns where some are named."""
        if isinstance(self.held, pd.DataFrame):
            return iter((self.held,))
        return self.held.narrow(columns) if columns else iter(self.held)

    def places(self, wanted: Callable[[pd.DataFrame], pd.Series], *columns: str) -> np.ndarray:
        """Return the rows, counted through the batches, for which something holds."""
        found, before = [np.zeros(0, dtype="int64")], 0
        for batch in self.read(*columns):
            found.append(before + np.flatnonzero(wanted(batch)))
            before += len(batch)
        return np.concatenate(found)

    def without(self, rows: np.ndarray) -> HeldPiece:
        """Return the piece without some rows."""
        if not len(rows):
            return self
        if isinstance(self.held, StoredTable):
            return replace(self, held=self.held.without(rows))
        return replace(self, held=self.held.drop(index=rows.tolist()).reset_index(drop=True))


@dataclass(frozen=True)
class Submission:
    """Everything that came: rosters, the pieces of every other table, and where their rows stood."""

    members: pd.DataFrame  # all rosters, one below the other
    pieces: Mapping[str, Sequence[HeldPiece]]  # by table
    sources: tuple[Source, ...]  # what the origin columns refer to

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return the tables of what is in memory, where each is one piece."""
        return {"members": self.members, **{name: next(own[0].read()) for name, own in self.pieces.items()}}

    def numbers(self, files: Collection[str]) -> list[int]:
        """Return the numbers of the sources that are sheets of some files."""
        return [number for number, source in enumerate(self.sources, start=1) if source.file in files]

    @cached_property
    def home(self) -> pd.Series:
        """The branch where each member, by id, stands first."""
        known = self.members.dropna(subset=["member_id", "branch"])
        return known.drop_duplicates("member_id").set_index("member_id")["branch"]

    def without(self, files: Collection[str], branches: Collection[str]) -> Submission:
        """Return what is left without some files, and without everyone of some branches.

        Who is in such a branch is left out everywhere: elsewhere there would be a part of the records.
        """
        if not files and not branches:
            return self
        members, numbers = self.members, self.numbers(files)
        gone, out = self._gone(files, branches)
        pieces = {}
        for table, own in self.pieces.items():
            owner = owner_column(table)
            owners = gone if owner == "member_id" else branches

            def away(batch: pd.DataFrame, owner: str = owner, owners: Collection[str] = owners) -> pd.Series:
                return batch["_source"].isin(numbers) | batch[owner].isin(owners)

            pieces[table] = [piece.without(piece.places(away, owner, "_source")) for piece in own]
        return Submission(members[~out].reset_index(drop=True), pieces, self.sources)

    def leaves_nobody(self, files: Collection[str], branches: Collection[str]) -> bool:
        """Return whether nobody is left :meth:`without` some files and branches."""
        return bool(self.members["branch"].isin(branches).all()) or bool(self._gone(files, branches)[1].all())

    def _gone(self, files: Collection[str], branches: Collection[str]) -> tuple[set[str], pd.Series]:
        """Return who is left out everywhere, and which rows of the roster are."""
        members = self.members
        gone = set(members.loc[members["branch"].isin(branches), "member_id"].dropna())
        return gone, members["_source"].isin(self.numbers(files)) | members["member_id"].isin(gone)


def owner_column(table: str) -> str:
    """Return the column that says to whom a record belongs."""
    return "member_id" if "member_id" in TABLES[table] else "branch"


# ---------------------------------------------------------------- what came twice


def first_alike(keys: Iterable[Hashable]) -> list[int]:
    """Return for each key where it stands first.

    Examples
    --------
    >>> first_alike(["a", "b", "a"])
    [0, 1, 0]
    """
    first: dict[Hashable, int] = {}
    return [first.setdefault(key, at) for at, key in enumerate(keys)]


def same_file(file: str, other: str) -> Problem:
    """Note that a file has the bytes of another."""
    text = Text(f"与 {other} 是同一份文件,只计一次", f"the same file as {other}; it is counted once")
    return Problem("note", "same_file", text, file)


def same_sheet(source: Source, other: Source) -> Problem:
    """Note that a sheet has the rows of another."""
    text = Text(f"与 {other.file} 的“{other.sheet}”内容相同,只计一次", f"the same rows as {other.file}; counted once")
    return Problem("note", "same_sheet", text, source.file, source.sheet)


def same_sheets(table: str, rows: pd.DataFrame, sources: Sequence[Source]) -> Mapping[int, int]:
    """Of sheets that two files hold alike, row by row, keep the first: the same submission came twice.

    Only tables whose rows may repeat need this; in the others repeated rows are found one by one. Each source that is
    left out is told with the one that it repeats.
    """
    alike = sheets_alike(table, rows)
    return {at: of for at, of in alike.items() if sources[at - 1].file != sources[of - 1].file}


def sheets_alike(table: str, rows: pd.DataFrame) -> Mapping[int, int]:
    """Return the number of each source that has the rows of one before it, in their order, to the number of that."""
    ordered = rows.sort_values(list(ORIGIN), kind="stable")
    columns = [name for name in TABLES[table] if name in ordered]
    content = pd.util.hash_pandas_object(ordered[columns], index=False).to_numpy()
    numbers, starts = np.unique(ordered["_source"].to_numpy(), return_index=True)
    sheets = (content[start:end].tobytes() for start, end in pairwise((*starts, len(content))))
    pairs = ((number, int(numbers[at])) for number, at in zip(numbers.tolist(), first_alike(sheets), strict=True))
    return {number: other for number, other in pairs if number != other}


def _copies(sources: Sequence[Source]) -> Mapping[int, str]:
    """Return the sources whose file has the bytes of one before it, with the name of that."""
    first: dict[str, str] = {}
    named = {at: first.setdefault(one.digest, one.file) for at, one in enumerate(sources, start=1) if one.digest}
    return {at: file for at, file in named.items() if file != sources[at - 1].file}


# ---------------------------------------------------------------- between folders


def compare(whole: Submission, folders: np.ndarray, years: Sequence[int]) -> tuple[Submission, list[Problem]]:
    """Return what folders sent without what one before has, and what repeats, contradicts or stands on two rosters."""
    again = whole.members[whole.members["member_id"].duplicated(keep=False)]
    rows = again.reset_index(drop=True)
    kept, problems = _compared("members", rows, whole.sources)
    left = rows[kept].reset_index(drop=True)
    problems += add_addresses(roster_failures(left, years), {"members": left}, whole.sources)
    members = whole.members.drop(index=again.index[~kept]).reset_index(drop=True)
    several = _on_several(rows["member_id"], folders[rows["_source"].to_numpy()])
    pieces = {}
    for table, own in whole.pieces.items():
        pieces[table], found = _records_compared(table, own, several, whole.sources)
        problems += found
    return Submission(members, pieces, whole.sources), list(dict.fromkeys(problems))


def _on_several(members: pd.Series, folders: np.ndarray) -> frozenset[str]:
    """Return the members who stand on the rosters of several folders."""
    pairs = pd.DataFrame({"member": members, "folder": folders}).drop_duplicates()
    return frozenset(pairs.loc[pairs["member"].duplicated(), "member"])


def _compared(table: str, rows: pd.DataFrame, sources: Sequence[Source]) -> tuple[np.ndarray, list[Problem]]:
    """Return which rows to keep, and what repeats or contradicts another; of a copied file only the file is said."""
    others = _copies(sources)
    again = rows["_source"].isin(others).to_numpy() & rows.duplicated(list(TABLES[table])).to_numpy()
    notes = [same_file(sources[at - 1].file, others[at]) for at in rows.loc[again, "_source"].unique().tolist()]
    kept = ~again
    left = rows[kept].reset_index(drop=True)
    kept[kept], failures = repeats(table, left)
    return kept, notes + add_addresses(failures, {table: left}, sources)


def _records_compared(
    table: str, pieces: Sequence[HeldPiece], members: frozenset[str], sources: Sequence[Source]
) -> tuple[Sequence[HeldPiece], list[Problem]]:
    """Do as :func:`compare` with a table; ``members`` are on several rosters."""
    column = owner_column(table)
    held = [_owners(piece, column, members) for piece in pieces]
    common = _in_several(pieces, held)
    near = [at for at, own in enumerate(held) if own & common]
    if not near:
        return pieces, []
    rows = pd.concat([_rows(at, pieces[at], column, common) for at in near], ignore_index=True)
    if table in KEYS:
        kept, problems = _compared(table, rows, sources)
    else:
        kept, problems = _sheets_compared(table, rows, _partly(pieces, column, common), sources)
    lost = rows[~kept]
    left = (piece.without(np.sort(lost.loc[lost["_piece"] == at, "_at"])) for at, piece in enumerate(pieces))
    return list(left), problems


def _owners(piece: HeldPiece, column: str, members: frozenset[str]) -> set[str]:
    """Return whose records a piece holds; of members, those who are on several rosters."""
    if column == "member_id" and not members:
        return set()
    found = {who for batch in piece.read(column) for who in batch[column].unique().tolist()}
    return found & members if column == "member_id" else found


def _in_several(pieces: Sequence[HeldPiece], held: Sequence[set[str]]) -> set[str]:
    by_folder: dict[int, set[str]] = {}
    for piece, own in zip(pieces, held, strict=True):
        by_folder[piece.folder] = by_folder.get(piece.folder, set()) | own
    counts = Counter(who for own in by_folder.values() for who in own)
    return {who for who, number in counts.items() if number > 1}


def _rows(at: int, piece: HeldPiece, column: str, common: set[str]) -> pd.DataFrame:
    """Return the records of some, and where they stand."""
    before, kept = 0, []
    for batch in piece.read():
        mine = batch[column].isin(common).to_numpy()
        kept.append(batch[mine].assign(_piece=at, _at=before + np.flatnonzero(mine)))
        before += len(batch)
    return pd.concat(kept, ignore_index=True)


def _partly(pieces: Sequence[HeldPiece], column: str, common: set[str]) -> set[int]:
    """Return the sources that have records of others, too."""
    batches = (batch for piece in pieces for batch in piece.read(column, "_source"))
    return {number for batch in batches for number in batch.loc[~batch[column].isin(common), "_source"].unique()}


def _sheets_compared(
    table: str, rows: pd.DataFrame, partly: set[int], sources: Sequence[Source]
) -> tuple[np.ndarray, list[Problem]]:
    copies = _copies(sources)
    twice = same_sheets(table, rows[(rows["_source"] > 0) & ~rows["_source"].isin(partly)], sources)
    notes = [
        same_file(sources[at - 1].file, copies[at]) if at in copies else same_sheet(sources[at - 1], sources[of - 1])
        for at, of in twice.items()
    ]
    return ~rows["_source"].isin(twice).to_numpy(), notes


# ---------------------------------------------------------------- what is left out


def mentioned_branches(whole: Submission, files: Collection[str]) -> Files:
    """Return every branch of which some files speak, in a row, in their names, or as part of one data set."""
    if not files:
        return frozenset()
    members, numbers = whole.members, whole.numbers(files)
    found = {str(branch) for branch in members.loc[members["_source"].isin(numbers), "branch"].dropna()}
    for table, pieces in whole.pieces.items():
        owner = owner_column(table)
        for batch in (batch for piece in pieces for batch in piece.read(owner, "_source")):
            who = batch.loc[batch["_source"].isin(numbers), owner].dropna().unique().tolist()
            found |= {str(name) for name in (who if owner == "branch" else whole.home[whole.home.index.isin(who)])}
    return frozenset(found | _named(whole, files) | _beside(whole, files))


def _named(whole: Submission, files: Collection[str]) -> set[str]:
    names = [spelling(file) for file in files]
    branches = whole.members["branch"].dropna().unique()
    return {str(branch) for branch in branches if any(spelling(branch) in name for name in names)}


def _beside(whole: Submission, files: Collection[str]) -> set[str]:
    """Return the branches in the folders of files of which nothing could be read; a workbook is a whole of its own."""
    silent = (PurePath(name) for name in set(files) - {source.file for source in whole.sources})
    folders = {path.parent for path in silent if path.suffix.lower() not in _WORKBOOKS}
    mates = whole.numbers({source.file for source in whole.sources if PurePath(source.file).parent in folders})
    return {str(name) for name in whole.members.loc[whole.members["_source"].isin(mates), "branch"].dropna()}


_WORKBOOKS = frozenset({".xlsx", ".xls", ".et", ".xlsm", ".ods", ".xlsb"})
