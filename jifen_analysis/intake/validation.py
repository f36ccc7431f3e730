"""The verdict: what holds between the rows of all files, and which files can be scored."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem
from jifen_analysis.intake.check import Check, no_roster, row_of
from jifen_analysis.intake.combine import Joined
from jifen_analysis.intake.files import DataFile
from jifen_analysis.periods import Kind
from jifen_analysis.tables import Failure, Records, Source
from jifen_analysis.tables.columns import decode_texts
from jifen_analysis.tables.plausibility import doubts
from jifen_analysis.tables.plausibility.days import years_counted
from jifen_analysis.tables.records import add_addresses, check_tables, drop_repeats
from jifen_analysis.tables.screening import Screened, UnclearError, frames
from jifen_analysis.vocabulary import Vocabulary, spelling


def validate_records(
    read: Joined,
    files: Sequence[DataFile],
    before: Sequence[Problem],
    words: Vocabulary,
    period: Kind | None = None,
    screened: Sequence[Screened] = (),
) -> Check:
    """Check everything against everything, say what is hard to believe, and what may be scored all the same.

    ``period`` is what one score is for, where a scheme is known; ``screened`` are tables that were looked through
    already and go with those that were read.

    Raises
    ------
    UnclearError
        Where a table that was looked through needs a look at each row all the same.
    """
    lone = not len(read.tables["members"])
    by_year = sum((one.by_year for one in screened), Counter[int]())
    typed, failures = check_tables(read.tables, words, read.broken, any_member=lone, years=by_year)
    once, notes = drop_repeats(typed, read.broken)
    doubtful = _doubts(typed, screened, words, period)
    found = add_addresses((*failures, *notes, *doubtful), typed, read.sources)
    said = {*before, *read.problems, *found}
    if lone and any(len(frame) for frame in read.tables.values()) and all(one.severity == "note" for one in said):
        said.add(no_roster())
    problems = sorted(said, key=_order)
    if screened and any(problem.severity == "error" for problem in problems):
        raise UnclearError  # what is left out, and what then holds, is told by row
    bad = {problem.file for problem in problems if problem.severity == "error"}
    names = tuple(file.name for file in files)
    accepted, out, more = (None, (), ()) if lone else _accepted(read, typed, once, bad, problems, words)
    refused = tuple(name for name in names if name in bad or name in more)
    tables, rows = _told(typed, read, failures, notes), _whose(typed, read, problems)
    return Check(tuple(problems), accepted, names, refused, tables, read.counts, out, read.sheets, rows, words)


def _doubts(
    typed: Mapping[str, pd.DataFrame], screened: Sequence[Screened], words: Vocabulary, period: Kind | None
) -> list[Failure]:
    beside = frames(screened, words)
    years = sum((one.by_year for one in screened), years_counted(typed)) if screened else None
    found = list(doubts({**typed, **beside}, period, years))
    if any(failure.table in beside for failure in found):
        raise UnclearError
    return found


def _order(problem: Problem) -> tuple[object, ...]:
    found = re.fullmatch(r"([A-Z]+)(\d+)", problem.cell)
    at = (int(found[2]), len(found[1]), found[1]) if found else (0, 0, problem.cell)  # by row, then column
    return problem.severity == "note", problem.file, problem.sheet, at, problem.code, problem.value, problem.text


def _whose(
    typed: Mapping[str, pd.DataFrame], read: Joined, problems: Sequence[Problem]
) -> dict[tuple[str, str, int], frozenset[str]]:
    """Return the branches of the rows with errors, by what else stands in them."""
    wrong = {(one.file, one.sheet, row) for one in problems if one.severity == "error" and (row := row_of(one))}
    if not wrong:
        return {}
    numbers = {row for _, _, row in wrong}
    branch_of = typed["members"].drop_duplicates("member_id", keep="last").set_index("member_id")["branch"]
    found: dict[tuple[str, str, int], frozenset[str]] = {}
    for frame in typed.values():
        rows = frame[frame["_row"].isin(numbers)]
        branches = rows["branch"] if "branch" in rows else rows["member_id"].map(branch_of)
        for number, row, branch in zip(rows["_source"], rows["_row"], branches, strict=True):
            source = read.sources[number - 1]
            if pd.notna(branch):
                key = source.file, source.sheet, int(row)
                found[key] = found.get(key, frozenset()) | {str(branch)}
    return {key: found[key] for key in wrong & set(found)}


class ToldTables(Mapping[str, pd.DataFrame]):
    """Every row that could be read, once, with the place it was read from; spelt out when it is asked for."""

    def __init__(self, made: Mapping[str, Callable[[], pd.DataFrame]]) -> None:
        self._made = made

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self._made[table]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def _told(
    typed: Mapping[str, pd.DataFrame], read: Joined, failures: Sequence[Failure], notes: Sequence[Failure]
) -> ToldTables:
    made = {}
    for name, frame in typed.items():
        unread = {row for row, _ in read.broken.get(name, ())}
        unread |= {f.row for f in failures if f.table == name and f.code in _UNREAD}
        unread |= {f.row for f in notes if f.table == name}
        lost = sorted(row for row in unread if row >= 0)
        if len(lost) < len(frame):
            made[name] = cache(partial(_told_table, name, frame, lost, read.sources))
    return ToldTables(made)


def told_tables(records: Records, names: Iterable[str], beside: Mapping[str, pd.DataFrame]) -> ToldTables:
    """Return tables of records all of which could be read, with those that were told before."""
    told = {name: partial(beside.__getitem__, name) for name in beside}
    return ToldTables({**told, **{name: cache(partial(_told_whole, records, name)) for name in names}})


def _told_whole(records: Records, name: str) -> pd.DataFrame:
    return _told_table(name, records.table(name), [], records.sources)


def _told_table(table: str, frame: pd.DataFrame, lost: list[int], sources: Sequence[Source]) -> pd.DataFrame:
    files = pd.Series(["", *(source.file for source in sources)], dtype="str")
    sheets = pd.Series(["", *(source.sheet for source in sources)], dtype="str")
    kept = frame.drop(index=lost).reset_index(drop=True) if lost else frame
    source = kept["_source"].to_numpy()
    place: dict[str, Any] = {
        "_file": files.take(source).array,
        "_sheet": sheets.take(source).array,
        "_row": kept["_row"],
    }
    return decode_texts(table, kept.drop(columns=["_source", "_row", "_column"])).assign(**place)


_UNREAD = frozenset({"unknown_word", "bad_value", "missing_value", "out_of_range"})


def _accepted(
    read: Joined,
    typed: Mapping[str, pd.DataFrame],
    once: Mapping[str, pd.DataFrame],
    bad: set[str],
    problems: Sequence[Problem],
    words: Vocabulary,
) -> tuple[Records | None, tuple[str, ...], frozenset[str]]:
    """Return the records of the branches none of whose files has an error, the branches left out, files too."""
    out: frozenset[str] = frozenset()
    refused = frozenset(bad)
    while True:
        out |= _branches_of(read, typed, refused)
        part = _without(read, typed, refused, out)
        if not len(part["members"]):
            return None, tuple(sorted(out)), refused
        again, failures = check_tables(part, words) if refused else (dict(part), [])
        worse = {
            problem.file for problem in add_addresses(failures, again, read.sources) if problem.severity == "error"
        }
        if not worse - refused:
            break
        refused |= worse
    notes = [problem for problem in problems if problem.severity == "note" and problem.file not in refused]
    kept = drop_repeats(again)[0] if refused or any(read.broken.values()) else once
    return Records.of_checked(kept, read.sources, notes, words), tuple(sorted(out)), refused


def _branches_of(read: Joined, typed: Mapping[str, pd.DataFrame], refused: frozenset[str]) -> frozenset[str]:
    """Return every branch of which a refused file speaks, in a row, in its name, or as part of one data set."""
    if not refused:
        return frozenset()
    members = typed["members"]
    branch_of = (
        members.dropna(subset=["member_id", "branch"]).drop_duplicates("member_id").set_index("member_id")["branch"]
    )
    found: set[str] = set()
    for frame in typed.values():
        mine = frame[_in_files(frame, read.sources, refused)]
        branches = mine["branch"] if "branch" in mine else mine["member_id"].map(branch_of)
        found |= {str(branch) for branch in branches.dropna().unique()}
    silent = refused - {source.file for source in read.sources}
    for branch in members["branch"].dropna().unique():
        if any(spelling(branch) in spelling(name) for name in refused):
            found.add(str(branch))
    folders = {PurePath(name).parent for name in silent if PurePath(name).suffix.lower() not in _WORKBOOKS}
    mates = frozenset(source.file for source in read.sources if PurePath(source.file).parent in folders)
    beside = members[_in_files(members, read.sources, mates)]
    return frozenset(found | {str(branch) for branch in beside["branch"].dropna().unique()})


_WORKBOOKS = frozenset({".xlsx", ".xls", ".et", ".xlsm", ".ods", ".xlsb"})


def _in_files(frame: pd.DataFrame, sources: Sequence[Source], files: Iterable[str]) -> np.ndarray:
    wanted = frozenset(files)
    flags = np.array([False, *(source.file in wanted for source in sources)])
    return flags[frame["_source"].to_numpy()]


def _without(
    read: Joined, typed: Mapping[str, pd.DataFrame], refused: frozenset[str], out: frozenset[str]
) -> dict[str, pd.DataFrame]:
    if not refused:
        return dict(typed)
    members = typed["members"]
    gone = set(members.loc[members["branch"].isin(out), "member_id"].dropna())
    kept = {}
    for name, frame in typed.items():
        away = _in_files(frame, read.sources, refused)
        # Who is in a branch that is left out is left out everywhere: elsewhere there would be a part of the records.
        away |= (frame["member_id"].isin(gone) if "member_id" in frame else frame["branch"].isin(out)).to_numpy()
        kept[name] = frame[~away].reset_index(drop=True)
    return kept
