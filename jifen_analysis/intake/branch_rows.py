"""Whose branches the rows with errors are, by what else stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem, kinds_of
from jifen_analysis.tables import Source
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.problems import rows_of

Row = tuple[str, str, int]
"""File, sheet and row."""


@dataclass(frozen=True, eq=False)
class BranchRows(Mapping[Row, frozenset[str]]):
    """The branches of rows of sheets, one pair of row and branch below the other.

    Parameters
    ----------
    sheets : mapping of (str, str) to int
        The number of each sheet.
    places : ndarray of int64
        Sheet and row of each pair, rising.
    codes : ndarray of int
        Which of the branches.
    branches : sequence of str
        Their names.
    """

    sheets: Mapping[tuple[str, str], int] = field(default_factory=dict)
    places: np.ndarray = field(default_factory=partial(np.zeros, 0, "int64"))
    codes: np.ndarray = field(default_factory=partial(np.zeros, 0, "int64"))
    branches: Sequence[str] = ()

    def __getitem__(self, row: Row) -> frozenset[str]:
        first, last = np.searchsorted(self.places, self.key(row[:2], np.array([row[2]]))[0] + np.array([0, 1]))
        if first == last:
            raise KeyError(row)
        return frozenset(self.branches[code] for code in self.codes[first:last].tolist())

    def __iter__(self) -> Iterator[Row]:
        names = {number: sheet for sheet, number in self.sheets.items()}
        return ((*names[key >> 32], key & 0xFFFFFFFF) for key in np.unique(self.places).tolist())

    def __len__(self) -> int:
        return len(np.unique(self.places))

    def only(self, sheet: tuple[str, str], rows: np.ndarray) -> np.ndarray:
        """Return for each of some rows of a sheet which branch it is of, -1 where none or several are known."""
        wanted = self.key(sheet, rows)
        first, last = (np.searchsorted(self.places, wanted, side) for side in ("left", "right"))
        return np.where(last - first == 1, np.append(self.codes, -1)[first], -1)

    def key(self, sheet: tuple[str, str], rows: np.ndarray) -> np.ndarray:
        """Return one number for each of some rows of a sheet."""
        return self.sheets.get(sheet, 0) << 32 | rows.astype("int64")


def branches_at(typed: Mapping[str, pd.DataFrame], sources: Sequence[Source], errors: Sequence[Problem]) -> BranchRows:
    """Return the branches of the rows with errors."""
    sheets = {sheet: n for n, sheet in enumerate(dict.fromkeys((one.file, one.sheet) for one in sources), start=1)}
    nothing = BranchRows(sheets)
    places = [nothing.key((kind[0].file, kind[0].sheet), rows_of(kind)) for kind in kinds_of(errors)]
    wrong = np.unique(np.concatenate(places)) if places else nothing.places
    if not len(wrong):
        return nothing
    sheet = np.array([0, *(sheets[one.file, one.sheet] for one in sources)], "int64")
    found = [_pairs(frame, typed["members"], sheet, wrong) for frame in typed.values()]
    codes, branches = pd.factorize(np.concatenate([names for _, names in found]))
    pairs = pd.DataFrame({"key": np.concatenate([keys for keys, _ in found]), "code": codes})
    pairs = pairs[codes >= 0].drop_duplicates().sort_values(["key", "code"])
    return BranchRows(sheets, pairs["key"].to_numpy(), pairs["code"].to_numpy(), tuple(map(str, branches)))


def _pairs(
    frame: pd.DataFrame, members: pd.DataFrame, sheet: np.ndarray, wrong: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return sheet and row, and the branch, of the records that stand in wrong rows."""
    keys = sheet[frame["_source"].to_numpy()] << 32 | frame["_row"].to_numpy("int64")
    mine = np.flatnonzero(np.isin(keys, wrong))
    if "branch" in frame:
        at, names = different(frame["branch"].iloc[mine])
    else:
        branch_of = members.drop_duplicates("member_id", keep="last").set_index("member_id")["branch"]
        at, ids = different(frame["member_id"].iloc[mine])
        names = ids.map(branch_of)
    return keys[mine], np.array([*names, None], dtype=object)[at]
