"""Who has reported what: the first question with sixty workbooks on the desk."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from jifen_analysis.errors import Text, kinds_of
from jifen_analysis.intake.check import Check, ToldTables
from jifen_analysis.intake.load import check
from jifen_analysis.schemes.requirements import requirements_of
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.tables import TABLES, Records
from jifen_analysis.tables.coded import as_array, different, picked, positions
from jifen_analysis.tables.problems import rows_of
from jifen_analysis.vocabulary import spelling

if TYPE_CHECKING:  # who reads a converted folder needs no correspondence table
    from jifen_analysis.intake.correspondence import CorrespondenceSource

_COLUMNS = ("branch", "table", "members", "members_with_records", "records", "months", "errors", "state")
_ASKED = ("members", "attendance", "dues", "events", "evaluations", "ballots", "marks")

Expected = str | Path | Iterable[str]


def coverage(
    data: Records | Check | str | Path,
    expect: Expected | None = None,
    *,
    scheme: Scheme | str | Path | None = None,
    words: CorrespondenceSource | None = None,
) -> pd.DataFrame:
    """Return what every branch has reported, table by table.

    Parameters
    ----------
    data : Records, Check, str or Path
        What came in; a check also knows the errors. Files are checked first.
    expect : path or iterable of str, optional
        The branches that should have reported: names, or a file that lists them.
    scheme : Scheme, str or Path, optional
        Only the tables that it reads are asked for, whether anybody has sent
        them or not; by default those that somebody has sent.
    words : str, Path, Correspondence or mapping, optional
        A correspondence table for files, as :func:`check` takes it.

    Returns
    -------
    DataFrame
        One row per branch and table: branch, table, members (on the branch's
        roster), members_with_records, records, months (those that occur,
        joined by ``;``; periods where the table has periods), errors, state
        (``reported``, ``table_missing``, ``returned``, ``nothing``). The errors
        of a file that could not be read stand under the table ``""``, those of
        which nobody knows the branch under the branch ``""``.

    Examples
    --------
    >>> members = pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]})
    >>> found = coverage(Records.from_frames({"members": members}), expect=["第一支部", "第二支部"])
    >>> found[["branch", "state"]].to_numpy().tolist()
    [['第一支部', 'reported'], ['第二支部', 'nothing']]
    """
    if isinstance(data, str | Path):
        return coverage(check(data, scheme=scheme, words=words), expect, scheme=scheme)
    tables = _tables(data)
    members = tables.get("members", pd.DataFrame({"member_id": [], "branch": []}, dtype="str"))
    branch_of = members.drop_duplicates("member_id", keep="last").set_index("member_id")["branch"]
    known = {spelling(branch): branch for branch in members["branch"].dropna().unique()}
    wanted = [known.get(spelling(branch), branch) for branch in _expected(expect)]
    errors = _errors(data, tables, branch_of, {*known.values(), *wanted}) if isinstance(data, Check) else {}
    branches = list(dict.fromkeys([*wanted, *sorted(known.values()), *sorted({branch for branch, _ in errors})]))
    roster = _sent(members, members["branch"])
    told = {name for name in _ASKED if name in tables} | {name for _, name in errors if name in tables}
    records = {name: roster if name == "members" else _streamed(tables, name, branch_of) for name in told}
    sent = {name for name in _ASKED if name in told and records[name].rows} | {name for _, name in errors}
    names = [name for name in _ASKED if name in (_read_by(scheme) if scheme else sent)]
    places = [(branch, name) for branch in branches if branch for name in names or ["members"]]
    every = [*places, *sorted(place for place in errors if place not in places)]
    heard = {*roster.records, *(branch for branch, _ in errors)}
    rows = []
    for branch, name in every:
        has, wrong, whole = records.get(name, _Sent()).of(branch), errors.get((branch, name), 0), (branch, "")
        state = _state(has[1], wrong, anything=branch in heard, whole=errors.get(whole, 0))
        rows.append((branch, name, roster.members.get(branch, 0), *has, wrong, state))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _read_by(scheme: Scheme | str | Path) -> frozenset[str]:
    read = scheme if isinstance(scheme, Scheme) else read_scheme(scheme)
    return requirements_of(read.book, read.words).tables


def off_the_list(covered: pd.DataFrame, expect: Expected | None) -> tuple[Text, ...]:
    """Say which branches sent something and are not on the list, and which silent one on it is nearly called so.

    Parameters
    ----------
    covered : DataFrame
        What :func:`coverage` returned.
    expect : path or iterable of str, optional
        The list.

    Examples
    --------
    >>> covered = pd.DataFrame({"branch": ["第一支部", "一支部"], "state": ["reported", "nothing"]})
    >>> [text.zh for text in off_the_list(covered, ["一支部"])]
    ['“第一支部”不在名单上,最接近的是未报的“一支部”']
    """
    listed = set(map(spelling, _expected(expect)))
    silent = [branch for branch in covered.loc[covered["state"] == "nothing", "branch"].unique() if branch]
    others = [branch for branch in covered["branch"].unique() if branch and listed and spelling(branch) not in listed]
    return tuple(_unlisted(branch, silent) for branch in others)


_NUMERALS = re.compile(r"\d+|[一二三四五六七八九十百]+")


def _unlisted(branch: str, silent: Sequence[str]) -> Text:
    alike = [other for other in silent if _NUMERALS.findall(other) == _NUMERALS.findall(branch)]
    near = difflib.get_close_matches(branch, alike, n=1, cutoff=0.75)
    hint = (f",最接近的是未报的“{near[0]}”", f"; the nearest that sent nothing is {near[0]}") if near else ("", "")
    return Text(f"“{branch}”不在名单上{hint[0]}", f"{branch} is not on the list{hint[1]}")


@dataclass(frozen=True)
class _Sent:
    """What every branch has sent of a table: records, members who have any, and the months of them; of all, rows."""

    records: Mapping[Hashable, int] = field(default_factory=dict)
    members: Mapping[Hashable, int] = field(default_factory=dict)
    months: Mapping[Hashable, str] = field(default_factory=dict)
    rows: int = 0

    def of(self, branch: Hashable) -> tuple[int, int, str]:
        """Return members, records and months of a branch."""
        return self.members.get(branch, 0), self.records.get(branch, 0), self.months.get(branch, "")


def _tables(data: Records | Check) -> ToldTables:
    """Return the tables of records, or those of a check that could be read, none of them made yet."""
    if isinstance(data, Check):
        told = {name: partial(data.tables.__getitem__, name) for name in data.tables}
        return data.tables if isinstance(data.tables, ToldTables) else ToldTables(told)
    whole = {name: partial(data.table, name) for name in data.frames}
    return ToldTables(whole, dict.fromkeys(whole, data.batches))


def _sent(members: pd.DataFrame, branch: pd.Series) -> _Sent:
    """Return what every branch has sent of the roster, where a member may stand in several."""
    grouped = members.groupby(branch, sort=False, observed=True)
    return _Sent(grouped.size().to_dict(), grouped["member_id"].nunique().to_dict(), rows=len(members))


def _streamed(tables: ToldTables, table: str, branch_of: pd.Series) -> _Sent:
    """Return what every branch has sent of a table, which is looked through batch by batch."""
    known = branch_of[branch_of.index.notna()].sort_index()
    ids = pa.array(known.index, pa.string())
    of_member, found = pd.factorize(known)
    branches = found.tolist()
    home = np.append(of_member, -1)  # of nobody, at last
    when = next((name for name in ("date", "month", "period") if name in TABLES[table]), "")
    records, seen, rows = np.zeros(len(branches) + 1, "int64"), np.zeros(len(home), bool), 0
    pairs: set[tuple[int, str]] = set()
    for batch in tables.narrow(table, ["member_id", *([when] if when else [])]):
        member = _whose(batch["member_id"], ids)
        own = home[member]
        records += np.bincount(own[own >= 0], minlength=len(records))
        seen[member[own >= 0]] = True
        rows += len(batch)
        if when:
            pairs |= _months_sent(own, batch[when])
    members = np.bincount(home[seen], minlength=len(records))
    said: dict[Hashable, str] = {}
    for code, month in sorted(pairs):
        said[branches[code]] = f"{said[branches[code]]};{month}" if branches[code] in said else month
    there = np.flatnonzero(records).tolist()
    return _Sent(
        {branches[code]: int(records[code]) for code in there},
        {branches[code]: int(members[code]) for code in there},
        said,
        rows,
    )


def _whose(values: pd.Series, ids: pa.Array) -> np.ndarray:
    """Return the place of each record's member among sorted ids, -1 where it has none."""
    coded = as_array(values) if isinstance(values.dtype, pd.ArrowDtype) else None
    if coded is not None and pa.types.is_dictionary(coded.type):
        return picked(np.append(positions(coded.dictionary, ids), -1), coded.indices.fill_null(len(coded.dictionary)))
    at, each = different(values)
    return np.append(positions(pa.array(each.astype("str"), pa.string()), ids), -1)[at]


def _state(records: int, wrong: int, *, anything: bool, whole: int) -> str:
    if wrong or (whole and not records):
        return "returned"
    if records:
        return "reported"
    return "table_missing" if anything else "nothing"


def _months_sent(branch: np.ndarray, values: pd.Series) -> set[tuple[int, str]]:
    """Return the months (or periods) in which each branch has records."""
    at, each = different(values)
    labels = [one[:_MONTH] if values.name == "date" else one for one in map(str, each.tolist())]
    month, names = pd.factorize(np.array([*labels, ""], dtype=object))
    known = (branch >= 0) & (at >= 0)
    there = np.zeros((int(branch.max(initial=0)) + 1, len(names)), bool)
    there[branch[known], month[at[known]]] = True
    return {(code, names[one]) for code, one in zip(*(part.tolist() for part in np.nonzero(there)), strict=True)}


_MONTH = len("2024-01")


# ---------------------------------------------------------------- whose errors


def _errors(
    found: Check, tables: Mapping[str, pd.DataFrame], branch_of: pd.Series, known: Collection[str]
) -> dict[tuple[str, str], int]:
    """Count errors by branch and table: by the row, else by the only branch of its sheet or file, else by name."""
    places = cache(partial(_places, tables, branch_of))
    counts: dict[tuple[str, str], int] = {}
    for kind in kinds_of(found.errors):
        place = kind[0].file, kind[0].sheet
        own, times = np.unique(found.rows.only(place, rows_of(kind)), return_counts=True)
        alone = _alone(place, places(), known) if len(own) and own[0] < 0 else ""
        for code, count in zip(own.tolist(), times.tolist(), strict=True):
            at = found.rows.branches[code] if code >= 0 else alone, found.sheets.get(place, "")
            counts[at] = counts.get(at, 0) + count
    return counts


def _alone(place: tuple[str, str], branches: Mapping[tuple[str, str | None], set[str]], known: Collection[str]) -> str:
    """Return the only branch of a sheet, else of its file, else that it is named for; blank where there are more."""
    near = [branches.get(place, set()), branches.get((place[0], None), set()), _named(place[0], known)]
    return next((next(iter(names)) for names in near if len(names) == 1), "")


def _places(tables: Mapping[str, pd.DataFrame], branch_of: pd.Series) -> Mapping[tuple[str, str | None], set[str]]:
    """Return the branches of each sheet and, without one, of each file."""
    found: defaultdict[tuple[str, str | None], set[str]] = defaultdict(set)
    for frame in tables.values():
        branches = frame["branch"] if "branch" in frame else frame["member_id"].map(branch_of)
        places = frame[["_file", "_sheet"]].assign(branch=branches).dropna(subset=["branch"]).drop_duplicates()
        for file, sheet, branch in places.itertuples(index=False):
            found[file, sheet].add(branch)
            found[file, None].add(branch)
    return found


def _named(file: str, known: Collection[str]) -> set[str]:
    stem = spelling(PurePath(file).stem)
    inside = {branch for branch in known if spelling(branch) in stem}
    return {name for name in inside if not any(name != other and name in other for other in inside)}


# ---------------------------------------------------------------- who should have


def _expected(expect: Expected | None) -> list[str]:
    if expect is None:
        return []
    if isinstance(expect, (str, Path)):
        from jifen_analysis.intake.hand_lists import read_expected  # opens a file, for which not everybody waits

        return read_expected(Path(expect))
    return [str(name) for name in expect]
