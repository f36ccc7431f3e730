"""The verdict: what holds between the rows of all files, and which files can be scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem, errors_of, notes_of
from jifen_analysis.intake.check import Check, ToldTables, branches_at, no_roster, with_places
from jifen_analysis.intake.combine import Joined
from jifen_analysis.intake.files import DataFile
from jifen_analysis.intake.held_tables import HeldTable
from jifen_analysis.intake.reconcile import Files, HeldPiece, Submission, mentioned_branches
from jifen_analysis.intake.repetitions import votes_apart
from jifen_analysis.periods import Kind
from jifen_analysis.tables import Failure, Records, Source
from jifen_analysis.tables.plausibility import doubts
from jifen_analysis.tables.plausibility.days import years_counted
from jifen_analysis.tables.problems import Alike, address_failures, in_order, outside
from jifen_analysis.tables.records import check_tables, drop_repeats
from jifen_analysis.tables.screening import Screened, UnclearError, frames
from jifen_analysis.vocabulary import Vocabulary


def validate_records(
    read: Joined,
    files: Sequence[DataFile | HeldTable],
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
    doubtful = _doubts(_readable(typed, failures), screened, words, period)
    found = [*read.refused, *address_failures((*failures, *notes, *doubtful), typed, read.sources)]
    said = [*before, *read.notes]
    said += votes_apart(said)
    if lone and any(map(len, read.tables.values())) and not _wrong_files(found, said):
        said.append(no_roster())
    problems = in_order(said, found)
    bad = _wrong_files(found, said)
    names = tuple(file.name for file in files)
    nothing: Files = frozenset()
    left_out = partial(_nothing_left if screened and bad else _accepted, read, typed)
    accepted, out, more = (None, nothing, nothing) if lone else left_out(once, bad, problems, words)
    refused = tuple(name for name in names if name in bad or name in more)
    tables, rows = _told(typed, read, failures, notes), branches_at(typed, read.sources, errors_of(problems))
    return Check(problems, accepted, names, refused, tables, read.counts, tuple(sorted(out)), read.sheets, rows, words)


def _readable(typed: Mapping[str, pd.DataFrame], failures: Sequence[Failure]) -> Mapping[str, pd.DataFrame]:
    """Return the tables without months and periods that are none: of them nothing more can be said."""
    readable = dict(typed)
    for failure in failures:
        if failure.column in ("month", "period") and failure.code in _UNREAD:
            frame = readable[failure.table]
            wrong = np.zeros(len(frame), bool)
            wrong[failure.rows] = True
            readable[failure.table] = frame.assign(**{failure.column: frame[failure.column].mask(wrong)})
    return readable


def _doubts(
    typed: Mapping[str, pd.DataFrame], screened: Sequence[Screened], words: Vocabulary, period: Kind | None
) -> list[Failure]:
    beside = frames(screened, words, period)
    years = sum((one.by_year for one in screened), years_counted(typed)) if screened else None
    found = list(doubts({**typed, **beside}, period, years))
    if unclear := {failure.table for failure in found if failure.table in beside and len(failure)}:
        raise UnclearError(*unclear)
    return found


def _wrong_files(found: Iterable[Alike], said: Iterable[Problem] = ()) -> Files:
    """Return the files with an error; blank for what stands in none."""
    sheets = frozenset(part.file for part in found if part.severity == "error" and len(part))
    return sheets | {problem.file for problem in said if problem.severity == "error"}


def _told(
    typed: Mapping[str, pd.DataFrame], read: Joined, failures: Sequence[Failure], notes: Sequence[Failure]
) -> ToldTables:
    made = {}
    for name, frame in typed.items():
        own = [f.rows for f in (*failures, *notes) if f.table == name and (f.code in _UNREAD or f.severity == "note")]
        kept = np.ones(len(frame), bool)
        for rows in (*read.broken.get(name, {}).values(), *own):
            kept[rows] = False
        if kept.any() or not len(kept):
            made[name] = cache(partial(_told_table, name, frame, kept, read.sources))
    return ToldTables(made)


def _told_table(table: str, frame: pd.DataFrame, kept: np.ndarray, sources: Sequence[Source]) -> pd.DataFrame:
    return with_places(table, frame if kept.all() else frame[kept].reset_index(drop=True), sources)


_UNREAD = frozenset({"unknown_word", "bad_value", "missing_value", "out_of_range"})


def _nothing_left(
    read: Joined, typed: Mapping[str, pd.DataFrame], _once: object, bad: Files, *_: object
) -> tuple[None, Files, Files]:
    """Do as :func:`_accepted` where the files with an error speak of everybody, as one file of a whole table does.

    Raises
    ------
    UnclearError
        Where they do not: what is left out, and what then holds, is told by row.
    """
    whole = _submission(read, typed)
    out = mentioned_branches(whole, bad)
    if not whole.leaves_nobody(bad, out):
        raise UnclearError
    return None, out, bad


def _submission(read: Joined, typed: Mapping[str, pd.DataFrame]) -> Submission:
    pieces = {name: (HeldPiece(0, frame),) for name, frame in typed.items() if name != "members"}
    return Submission(typed["members"], pieces, read.sources)


def _accepted(
    read: Joined,
    typed: Mapping[str, pd.DataFrame],
    once: Mapping[str, pd.DataFrame],
    bad: Files,
    problems: Sequence[Problem],
    words: Vocabulary,
) -> tuple[Records | None, Files, Files]:
    """Return the records of the branches none of whose files has an error, the branches left out, files too."""
    whole = _submission(read, typed)
    out: Files = frozenset()
    refused = worse = frozenset(bad)
    tables = dict(typed)
    while worse:
        out |= mentioned_branches(whole, refused)
        if whole.leaves_nobody(refused, out):
            return None, out, refused
        tables = whole.without(refused, out).frames()
        worse = _wrong_files(address_failures(check_tables(tables, words)[1], tables, read.sources)) - refused
        refused |= worse
    notes = outside(notes_of(problems), refused)
    kept = drop_repeats(tables)[0] if refused or any(read.broken.values()) else once
    return Records.of_checked(kept, read.sources, notes, words), out, refused
