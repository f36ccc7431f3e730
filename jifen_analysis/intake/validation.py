"""The verdict: what holds between the rows of all files, and which files can be scored."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, partial

import pandas as pd

from jifen_analysis.errors import Problem
from jifen_analysis.intake.check import Check, ToldTables, no_roster, row_of, with_places
from jifen_analysis.intake.combine import Joined
from jifen_analysis.intake.files import DataFile
from jifen_analysis.intake.reconcile import Files, Piece, Submission, mentioned_branches
from jifen_analysis.periods import Kind
from jifen_analysis.tables import Failure, Records, Source
from jifen_analysis.tables.columns import decode_texts
from jifen_analysis.tables.plausibility import doubts
from jifen_analysis.tables.records import add_addresses, check_tables, drop_repeats
from jifen_analysis.vocabulary import Vocabulary


def validate_records(
    read: Joined, files: Sequence[DataFile], before: Sequence[Problem], words: Vocabulary, period: Kind | None = None
) -> Check:
    """Check everything against everything, say what is hard to believe, and what may be scored all the same.

    ``period`` is what one score is for, where a scheme is known.
    """
    lone = not len(read.tables["members"])
    typed, failures = check_tables(read.tables, words, read.broken, any_member=lone)
    once, notes = drop_repeats(typed, read.broken)
    found = add_addresses((*failures, *notes, *doubts(typed, period)), typed, read.sources)
    said = {*before, *read.problems, *found}
    if lone and any(len(frame) for frame in read.tables.values()) and all(one.severity == "note" for one in said):
        said.add(no_roster())
    problems = sorted(said, key=_order)
    bad = {problem.file for problem in problems if problem.severity == "error"}
    names = tuple(file.name for file in files)
    nothing: Files = frozenset()
    accepted, out, more = (None, nothing, nothing) if lone else _accepted(read, typed, once, bad, problems, words)
    refused = tuple(name for name in names if name in bad or name in more)
    tables, rows = _told(typed, read, failures, notes), _whose(typed, read, problems)
    return Check(
        tuple(problems), accepted, names, refused, tables, read.counts, tuple(sorted(out)), read.sheets, rows, words
    )


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


def _told_table(table: str, frame: pd.DataFrame, lost: list[int], sources: Sequence[Source]) -> pd.DataFrame:
    kept = frame.drop(index=lost).reset_index(drop=True) if lost else frame
    return decode_texts(table, with_places(kept, sources))


_UNREAD = frozenset({"unknown_word", "bad_value", "missing_value", "out_of_range"})


def _accepted(
    read: Joined,
    typed: Mapping[str, pd.DataFrame],
    once: Mapping[str, pd.DataFrame],
    bad: set[str],
    problems: Sequence[Problem],
    words: Vocabulary,
) -> tuple[Records | None, Files, Files]:
    """Return the records of the branches none of whose files has an error, the branches left out, files too."""
    pieces = {name: (Piece(0, frame),) for name, frame in typed.items() if name != "members"}
    whole = Submission(typed["members"], pieces, read.sources)
    out: Files = frozenset()
    refused = worse = frozenset(bad)
    tables = dict(typed)
    while worse:
        out |= mentioned_branches(whole, refused)
        tables = whole.without(refused, out).frames()
        if not len(tables["members"]):
            break
        found = add_addresses(check_tables(tables, words)[1], tables, read.sources)
        worse = frozenset(problem.file for problem in found if problem.severity == "error") - refused
        refused |= worse
    if not len(tables["members"]):
        return None, out, refused
    notes = [problem for problem in problems if problem.severity == "note" and problem.file not in refused]
    kept = drop_repeats(tables)[0] if refused or any(read.broken.values()) else once
    return Records.of_checked(kept, read.sources, notes, words), out, refused
