"""How records are cut by branch: into files, and into what one worker does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from jifen_analysis.tables.coded import different
from jifen_analysis.tables.records import Records, Stored

MEMBERS_A_PART = 25_000

Branches = tuple[str, ...]


@dataclass(frozen=True)
class Partition:
    """The records of some branches.

    Parameters
    ----------
    branches : tuple of str
        Which.
    members : ndarray of int
        Whose they may be: positions among all members, sorted by id. A member
        of several branches may have records in several parts.
    records : Records
        Everything but the roster.
    """

    branches: Branches
    members: np.ndarray
    records: Records


def homes(members: pd.DataFrame) -> pd.Series:
    """Return for each member, by id (sorted), the branch under which all the member's records are kept."""
    first = members.sort_values(["member_id", "branch"]).drop_duplicates("member_id")
    return first.set_index("member_id")["branch"]


def blocks(home: pd.Series, size: int) -> tuple[Branches, ...]:
    """Put whole branches together, those of neighbouring ids beside each other, until they have so many members.

    Examples
    --------
    >>> blocks(pd.Series(["b", "b", "a", "c"], index=["1", "2", "3", "4"]), 2)
    (('b',), ('a', 'c'))
    """
    first = pd.Series(home.index, index=home.to_numpy()).groupby(level=0).min().sort_values()
    held = home.value_counts()[first.index].to_numpy()
    block = (np.cumsum(held) - held) // size
    return tuple(tuple(first.index[block == at]) for at in np.unique(block))


def block_numbers(frame: pd.DataFrame, home: pd.Series, branches: Sequence[Branches]) -> np.ndarray:
    """Return the block of each record: that of its branch, or of its member's."""
    block_of = {branch: at for at, names in enumerate(branches) for branch in names}
    at, each = different(frame["branch" if "branch" in frame else "member_id"])
    branch = each if "branch" in frame else each.map(home)
    return np.append(branch.map(block_of).fillna(0).to_numpy("int64"), 0)[at]


def partitions(records: Records, size: int = MEMBERS_A_PART) -> Iterator[Partition]:
    """Cut records by branch: stored ones as their files are cut, others into blocks of so many members."""
    roster = records.members
    home = homes(roster)
    stored = {name: frames.pieces() for name, frames in records.frames.items() if isinstance(frames, Stored)}
    pieces = {name: parts for name, parts in stored.items() if parts}
    cut = tuple(dict.fromkeys(branches for of in pieces.values() for branches in of)) or blocks(home, size)
    held = {name: records.table(name) for name in records.frames if name not in pieces and name != "members"}
    block = {name: block_numbers(frame, home, cut) for name, frame in held.items()}
    whose = _members_of(roster, home.index, cut)
    for at, branches in enumerate(cut):
        own = {name: of[branches] for name, of in pieces.items() if branches in of}
        frames = {name: (frame[block[name] == at].reset_index(drop=True),) for name, frame in held.items()}
        mine = Records(MappingProxyType({**own, **frames}), vocabulary=records.vocabulary)
        yield Partition(branches, whose[at], mine)


def _members_of(roster: pd.DataFrame, ids: pd.Index, cut: Sequence[Branches]) -> list[np.ndarray]:
    """Return for each part the members of its branches; members of no part's have their records in the first."""
    member = ids.get_indexer(pd.Index(roster["member_id"]))
    rows = {str(branch): member[at] for branch, at in roster.groupby("branch", sort=False).indices.items()}
    rest = sorted(set(rows).difference(*cut))
    first, *others = cut
    return [np.unique(np.concatenate([rows[name] for name in names if name in rows] or [member[:0]]))
            for names in ((*first, *rest), *others)]  # fmt: skip
