"""The verdict: what holds between the rows of all files, and which files can be scored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem, errors_of, notes_of
from jifen_analysis.intake.branch_rows import branches_at
from jifen_analysis.intake.check import Check, no_roster
from jifen_analysis.intake.combine import Joined
from jifen_analysis.intake.files import DataFile
from jifen_analysis.periods import Kind
from jifen_analysis.tables import Failure, Records, Source
from jifen_analysis.tables.columns import decode_texts
from jifen_analysis.tables.plausibility import doubts
from jifen_analysis.tables.problems import Alike, addressed, in_order, outside
from jifen_analysis.tables.records import check_tables, drop_repeats
from jifen_analysis.vocabulary import Vocabulary, spelling


def validate_records(
    read: Joined, files: Sequence[DataFile], before: Sequence[Problem], words: Vocabulary, period: Kind | None = None
) -> Check:
    """Check everything against everything, say what is hard to believe, and what may be scored all the same.

    ``period`` is what one score is for, where a scheme is known.
    """
    lone = not len(read.tables["members"])
    typed, failures = check_tables(read.tables, words, read.broken, any_member=lone)
    once, notes = drop_repeats(typed, read.broken)
    found = [*read.refused, *addressed((*failures, *notes, *doubts(typed, period)), typed, read.sources)]
    said = [*before, *read.notes]
    if lone and any(map(len, read.tables.values())) and not _wrong_files(found, said):
        said.append(no_roster())
    problems = in_order(said, found)
    bad = _wrong_files(found, said)
    names = tuple(file.name for file in files)
    accepted, out, more = (None, (), ()) if lone else _accepted(read, typed, once, bad, problems, words)
    refused = tuple(name for name in names if name in bad or name in more)
    tables, rows = _told(typed, read, failures, notes), branches_at(typed, read.sources, errors_of(problems))
    return Check(problems, accepted, names, refused, tables, read.counts, out, read.sheets, rows, words)


def _wrong_files(found: Iterable[Alike], said: Iterable[Problem] = ()) -> set[str]:
    """Return the files with an error; blank for what stands in none."""
    sheets = {part.file for part in found if part.severity == "error" and len(part)}
    return sheets | {problem.file for problem in said if problem.severity == "error"}


class _Told(Mapping[str, pd.DataFrame]):
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
) -> _Told:
    made = {}
    for name, frame in typed.items():
        own = [f.rows for f in (*failures, *notes) if f.table == name and (f.code in _UNREAD or f.severity == "note")]
        kept = np.ones(len(frame), bool)
        for rows in (*read.broken.get(name, {}).values(), *own):
            kept[rows] = False
        if kept.any() or not len(kept):
            made[name] = cache(partial(_told_table, name, frame, kept, read.sources))
    return _Told(made)


def _told_table(table: str, frame: pd.DataFrame, mask: np.ndarray, sources: Sequence[Source]) -> pd.DataFrame:
    files = pd.Series(["", *(source.file for source in sources)], dtype="str")
    sheets = pd.Series(["", *(source.sheet for source in sources)], dtype="str")
    kept = frame if mask.all() else frame[mask].reset_index(drop=True)
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
        worse = _wrong_files(addressed(failures, again, read.sources))
        if not worse - refused:
            break
        refused |= worse
    notes = outside(notes_of(problems), refused)
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
