"""Converted folders read again: one, or all that lie below a folder, as if their records had been converted at once.

Inside a folder nothing is checked again but the SHA-256 of its files; what
holds between folders is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem, Severity, Text, UsageError, cause
from jifen_analysis.intake.check import Check, Each, told_tables
from jifen_analysis.intake.files import find_files
from jifen_analysis.intake.reconcile import (
    HeldPiece,
    Submission,
    compare,
    first_alike,
    mentioned_branches,
    same_file,
)
from jifen_analysis.sealing import digest
from jifen_analysis.store.manifest import MANIFEST, ConvertedFile, Folder, is_part, manifest_of, number_sources
from jifen_analysis.store.table import CHANGED, StoredTable, holds
from jifen_analysis.tables import Records
from jifen_analysis.vocabulary import Vocabulary


def converted_folders(path: str | Path) -> tuple[Path, ...]:
    """Return the converted folders at or below a path, in order of name."""
    found = []
    for folder, below, files in os.walk(path):
        if MANIFEST in files:
            found.append(Path(folder))
        # What lies inside a converted folder is its own, and hidden folders are nobody's.
        below[:] = [] if MANIFEST in files else [name for name in below if not name.startswith(".")]
    return tuple(sorted(found))


def check_converted(
    path: str | Path,
    folders: Sequence[Path],
    words: Vocabulary,
    each: Each | None = None,
) -> Check:
    """Say whether every file is the one that was written; the records are read when they are asked for.

    Raises
    ------
    UsageError
        Where another version converted one of them, or other data lie beside them.
    """
    root = Path(path)
    aside = _beside(root, folders)
    opened, copied = _once([Folder(one.resolve(), _name(one, root), manifest_of(one)) for one in folders])
    checked, errors = _checked(opened, words, each)
    whole, numbers = _put_together(checked, words)
    once, between = compare(whole, numbers, _years(checked, whole.members)) if len(checked) > 1 else (whole, [])
    failed = [problem for problem in between if problem.severity == "error"]
    bad = {problem.file for problem in failed}
    out = mentioned_branches(whole, bad).union(*(folder.branches_out for folder in checked))
    noted = [replace(note, file=folder.called(note.file)) for folder in checked for note in folder.manifest.notes]
    notes = (*noted, *(problem for problem in between if problem.severity == "note"))
    records = _records(once.without(bad, out), notes, words)
    strange = (problem for folder in opened for problem in _strangers(folder))
    said = (*errors, *failed, *notes, *copied, *aside, *strange)
    parts = [(folder, part) for folder in checked for part in folder.manifest.parts]
    files = tuple(folder.called(part.path) for folder, part in parts)
    refused = tuple(folder.called(part.path) for folder, part in parts if part.block in folder.out)
    return Check(
        tuple(sorted(said, key=lambda problem: problem.severity == "note")),
        records,
        files,
        (*refused, *sorted(bad)),
        told_tables(records, records.frames) if records else {},
        branches=tuple(sorted(out)),
        vocabulary=words,
    )


def _put_together(folders: Sequence[Folder], words: Vocabulary) -> tuple[Submission, np.ndarray]:
    """Return what lies in the folders, numbered together, and for each number of a source its folder."""
    rosters = [folder.members(words) for folder in folders]
    sources, numbers = number_sources(folders, rosters)
    whose = np.zeros(len(sources) + 1, dtype="int64")
    pieces: dict[str, list[HeldPiece]] = {}
    for at, (folder, own) in enumerate(zip(folders, numbers, strict=True)):
        whose[own] = at
        for table, stored in folder.tables(words, own).items():
            pieces.setdefault(table, []).extend(HeldPiece(at, part) for part in stored.pieces().values())
    placed = [
        roster.assign(_source=own[roster["_source"].to_numpy()]) for roster, own in zip(rosters, numbers, strict=True)
    ]
    return Submission(pd.concat(placed, ignore_index=True), pieces, sources), whose


def _years(folders: Iterable[Folder], members: pd.DataFrame) -> list[int]:
    of_records = {part.year for folder in folders for part in folder.manifest.parts if part.block >= 0}
    return sorted({*of_records, *members["year"].dropna().astype(int).unique()})


def _records(left: Submission, notes: tuple[Problem, ...], words: Vocabulary) -> Records | None:
    """Return what is left as records, still in their files."""
    if not len(left.members):
        return None
    files = {
        table: tuple(file for piece in own if isinstance(piece.held, StoredTable) for file in piece.held.files)
        for table, own in left.pieces.items()
    }
    stored = {table: StoredTable(table, words, own) for table, own in files.items() if own}
    return Records(MappingProxyType({"members": (left.members,), **stored}), left.sources, notes, words)


def _name(folder: Path, root: Path) -> str:
    return "" if folder == root else folder.relative_to(root).as_posix()


def _once(folders: Sequence[Folder]) -> tuple[list[Folder], list[Problem]]:
    """Of folders with the same manifest, and so with the same files, keep the first."""
    first = first_alike(digest(folder.root / MANIFEST) for folder in folders)
    names = [folder.called(MANIFEST) for folder in folders]
    notes = [same_file(names[at], names[of]) for at, of in enumerate(first) if of != at]
    return [folders[at] for at in sorted(set(first))], notes


def _beside(root: Path, folders: Sequence[Path]) -> list[Problem]:
    """Return notes on what lies beside several folders; what was not checked is not read with what was."""
    if root in folders:
        return []
    files, notes = find_files(root, folders)
    if files:
        names = "、".join(file.name for file in files[:3])
        raise UsageError(
            f"{root} 里既有已转换的文件夹({_name(folders[0], root)} 等),又有未转换的数据文件({names} 等);"
            "请先用 jifen convert 把它们也转换,或分开放",
            f"{root} has converted folders ({_name(folders[0], root)}) and data files that are not ({names}); "
            "convert these, too, with jifen convert, or keep them apart",
        )
    return notes


def _checked(folders: Sequence[Folder], words: Vocabulary, each: Each | None) -> tuple[list[Folder], list[Problem]]:
    """Return the folders with the groups of branches that a bad file leaves out, and what is wrong with the files."""
    files = [(folder, part) for folder in folders for part in folder.manifest.parts]
    jobs = [(folder.root, part, len(folder.manifest.sources)) for folder, part in files]
    with ThreadPoolExecutor() as pool:
        found = list((each or pool.map)(partial(_wrong, words), jobs))
    bad = [(folder, part, problem) for (folder, part), problem in zip(files, found, strict=True) if problem]
    out = {folder.name: frozenset(part.block for other, part, _ in bad if other is folder) for folder in folders}
    problems = [replace(problem, file=folder.called(problem.file)) for folder, _, problem in bad]
    return [replace(folder, out=out[folder.name]) for folder in folders], problems


def _wrong(words: Vocabulary, job: tuple[Path, ConvertedFile, int]) -> Problem | None:
    """Return what is wrong with a file: it is gone, it was changed, or it holds words nobody knows here."""
    folder, part, sources = job
    path = folder / part.path
    try:
        same = digest(path) == part.sha256 and holds(path, part.table, part.rows, sources)
    except OSError as fault:
        text = Text(f"打不开文件:{cause(fault).zh}", f"cannot open the file: {cause(fault).en}")
        return Problem("error", "not_readable", text, part.path)
    if not same:
        return Problem("error", "changed", CHANGED, part.path)
    unknown = [word for kind, said in part.words.items() for word in said if word not in words.words[kind]]
    if unknown:
        text = Text(
            f"不认得的词:{'、'.join(unknown)};转换和计分须用同一方案",
            f"unknown words: {', '.join(unknown)}; convert and score with the same scheme",
        )
        return Problem("error", "unknown_word", text, part.path, value=unknown[0])
    return None


def _strangers(folder: Folder) -> Iterator[Problem]:
    known = {part.path for part in folder.manifest.parts}
    later = Text("转换之后放进来的文件,未读", "put here after the conversion; left aside")
    lost = Text(
        "jifen.json 中没有这个文件,其中的记录会漏掉;请重新转换",
        "not in jifen.json, its records would be lost; convert again",
    )
    for path in sorted(folder.root.rglob("*")):
        name = path.relative_to(folder.root).as_posix()
        if path.is_file() and name not in known and name != MANIFEST and not path.name.startswith("."):
            part = is_part(path)
            told: tuple[Severity, str, Text] = ("error", "unlisted", lost) if part else ("note", "left_aside", later)
            yield Problem(*told, folder.called(name))
