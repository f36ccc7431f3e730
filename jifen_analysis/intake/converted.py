"""Converted folders read again: one, or all that lie below a folder, as if their records had been converted at once.

Inside a folder nothing is checked again but the SHA-256 of its files; what
holds between folders is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from jifen_analysis.errors import Problem, Severity, Text, UsageError, cause
from jifen_analysis.intake.check import Check, Each
from jifen_analysis.intake.convert import MANIFEST, ConvertedFile, manifest_of
from jifen_analysis.intake.duplicates import same_file
from jifen_analysis.intake.files import find_files, is_part
from jifen_analysis.intake.folders import Folder
from jifen_analysis.intake.merge import merge_folders
from jifen_analysis.intake.stored import holds
from jifen_analysis.sealing import digest
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

    Parameters
    ----------
    path : str or Path
        What was asked for.
    folders : sequence of Path
        The converted folders there.
    words : Vocabulary
        The words that may occur.
    each : callable, optional
        ``map``, or what does the same elsewhere; in threads by default.

    Raises
    ------
    UsageError
        Where another version converted one of them, or other data lie beside them.
    """
    root = Path(path)
    beside = _beside(root, folders)
    opened, copied = _once([Folder(one.resolve(), _name(one, root), manifest_of(one)) for one in folders])
    checked, errors = _checked(opened, words, each)
    together = merge_folders(checked, words)
    notes = (*copied, *beside, *(problem for folder in opened for problem in _strangers(folder)))
    found = sorted((*errors, *together.problems, *notes), key=lambda problem: problem.severity == "note")
    parts = [(folder, part) for folder in checked for part in folder.manifest.parts]
    files = tuple(folder.called(part.path) for folder, part in parts)
    refused = tuple(folder.called(part.path) for folder, part in parts if part.block in folder.out)
    records = together.records
    tables = _Told(records) if records else {}
    return Check(
        tuple(found), records, files, refused + together.refused, tables, branches=together.branches, vocabulary=words
    )


def _name(folder: Path, root: Path) -> str:
    return "" if folder == root else folder.relative_to(root).as_posix()


def _once(folders: Iterable[Folder]) -> tuple[list[Folder], list[Problem]]:
    """Of folders with the same manifest, and so with the same files, keep the first."""
    first: dict[str, str] = {}
    kept, notes = [], []
    for folder in folders:
        file = folder.called(MANIFEST)
        other = first.setdefault(digest(folder.root / MANIFEST), file)
        if other == file:
            kept.append(folder)
        else:
            notes.append(same_file(file, other))
    return kept, notes


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
        text = Text("文件在转换之后改动过,请重新转换", "changed since it was converted; convert again")
        return Problem("error", "changed", text, part.path)
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


class _Told(Mapping[str, pd.DataFrame]):
    """Every row with the place it came from, made table by table when it is asked for."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def __getitem__(self, table: str) -> pd.DataFrame:
        frame, sources = self._records.table(table), self._records.sources
        at = frame["_source"].to_numpy()
        place: dict[str, Any] = {
            name: pd.Series(["", *(getattr(source, name[1:]) for source in sources)], dtype="str").take(at).to_numpy()
            for name in ("_file", "_sheet")
        }
        return frame.drop(columns=["_source", "_column"]).assign(**place)

    def __iter__(self) -> Iterator[str]:
        return iter(self._records.frames)

    def __len__(self) -> int:
        return len(self._records.frames)
