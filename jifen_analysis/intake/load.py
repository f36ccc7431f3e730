"""A file or folder to Records, notes and problems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.errors import InvalidRecords, Problem, Text, UsageError, cause
from jifen_analysis.intake.check import Check
from jifen_analysis.intake.converted import check_converted, converted_folders
from jifen_analysis.intake.files import DataFile, data_files
from jifen_analysis.intake.grid import Grid, UnreadableError, form, open_grids
from jifen_analysis.intake.hints import Hints, hints_beside
from jifen_analysis.intake.joining import Joined, joined, once
from jifen_analysis.intake.judging import judged
from jifen_analysis.intake.layouts import Block, Layout, lay_out, year_in
from jifen_analysis.intake.layouts.block import FATES, Fate
from jifen_analysis.intake.layouts.headers import best_table, tables_named
from jifen_analysis.intake.layouts.ours import is_our_list
from jifen_analysis.intake.parquet import header_grid, parquet_columns, parquet_frame
from jifen_analysis.intake.people import id_width, roster_of
from jifen_analysis.intake.reading import Desk, ReadBlock, read_block
from jifen_analysis.intake.twice import same_file
from jifen_analysis.tables import Records, Source
from jifen_analysis.vocabulary import Vocabulary, Word, standard

Given = str | Path | Records
"""What may be given as a roster."""
Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""``map``, or what does the same in other processes."""


def load(
    path: str | Path,
    *,
    year: int | None = None,
    roster: Given | None = None,
    id_width: int | None = None,
    words: Mapping[str, Word] | None = None,
) -> Records:
    r"""Read a workbook, CSV or Parquet file, or a folder of them.

    Parameters
    ----------
    path : str or Path
        A file, or a folder with or without sub-folders.
    year : int, optional
        The year of dates that name none, where neither title nor names say it.
    roster : str, Path or Records, optional
        A roster for data that bring none, or not everyone.
    id_width : int, optional
        Digits of a member id: numbers are padded with zeros to it.
    words : mapping of str to Word, optional
        Events of a scheme's own.

    Returns
    -------
    Records
        Typed and checked.

    Raises
    ------
    InvalidRecords
        With every problem of every file, addressed.
    UsageError
        Where there is nothing to read.

    Notes
    -----
    A row of a roster is a member in the year that its sheet, workbook or
    folder names; where none is named it holds in every year of the data. So
    workbooks of several years lie side by side, and a transfer is two rows
    whose dates do not overlap.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "花名册.csv").write_text("党员编号,党支部\n00001,第一支部\n", encoding="utf-8")
    >>> load(folder).members["branch"].tolist()
    ['第一支部']
    """
    found = check(path, year=year, roster=roster, id_width=id_width, words=words)
    if found.errors:
        raise InvalidRecords(found.problems)
    if found.records is None:
        raise InvalidRecords((_no_roster(),))
    return found.records


def check(
    path: str | Path,
    *,
    year: int | None = None,
    roster: Given | None = None,
    id_width: int | None = None,
    words: Mapping[str, Word] | None = None,
    each: Each | None = None,
) -> Check:
    """Say everything about files before they are scored; never fails for what is in them.

    Parameters
    ----------
    path, year, roster, id_width, words
        As for :func:`load`.
    each : callable, optional
        What applies a function to every file, such as the ``map`` of a pool of
        processes; one after the other by default.

    Returns
    -------
    Check
        Verdict, problems, notes, and the records of the files without error.

    Raises
    ------
    UsageError
        Where there is nothing to read.
    InvalidRecords
        Where the roster that was given, or the layout file, will not do.
    """
    vocabulary = standard().extended(words or {})
    if folders := converted_folders(path):
        _refuse_settled(roster=roster, id_width=id_width)
        return check_converted(path, folders, vocabulary, each)
    files, aside = data_files(path)
    hints = hints_beside(path, vocabulary)
    vocabulary = vocabulary.respelt(hints.spellings)
    opened = partial(_opened, words=vocabulary, year=year or hints.year or _year_named(path), hints=hints)
    apply = each or map
    parts = _once(list(apply(opened, files)))
    given = _given_roster(roster, vocabulary, id_width)
    read = _read(parts, given, vocabulary, id_width, apply)
    return judged(read, files, [*aside, *(p for part in parts for p in part.problems)], vocabulary)


def _refuse_settled(**given: object) -> None:
    """Refuse what was settled when a folder was converted; there every date has its year."""
    options = [f"--{name.replace('_', '-')}" for name, value in given.items() if value is not None]
    if options:
        listed = "、".join(options)
        raise UsageError(
            f"已转换的文件夹里,名册和编号都已确定,不能再用 {listed};请在 jifen convert 时给出",
            f"roster and ids of a converted folder are settled: give {', '.join(options)} to jifen convert instead",
        )


_YEAR_OF_FOLDER = re.compile(r"((?:19|20)\d\d)(?:年.*)?|.*?((?:19|20)\d\d)年.*")


def _year_named(path: str | Path) -> int | None:
    """Return the year that the folder is named for that was given, or that the file lies in."""
    root = Path(path).resolve()
    found = _YEAR_OF_FOLDER.fullmatch((root if root.is_dir() else root.parent).name)
    return int(found[1] or found[2]) if found else None


# ---------------------------------------------------------------- opening


@dataclass(frozen=True)
class _Part:
    """What one file holds, laid out but not read."""

    file: str
    digest: str = ""
    blocks: tuple[Block, ...] = ()
    ready: tuple[ReadBlock, ...] = ()
    problems: tuple[Problem, ...] = ()
    counts: Mapping[Fate, int] = field(default_factory=dict)


def _opened(file: DataFile, words: Vocabulary, year: int | None, hints: Hints) -> _Part:
    try:
        digest = file.digest()
        if form(file.path) == "parquet":
            return _typed_part(file, digest, words, year)
        layouts = _laid_out(open_grids(file.path, file.name), words, year, hints)
    except UnreadableError as refusal:
        return _Part(file.name, problems=(Problem("error", refusal.code, refusal.text, file.name),))
    except OSError as fault:
        text = Text(f"打不开文件:{cause(fault).zh}", f"cannot open the file: {cause(fault).en}")
        return _Part(file.name, problems=(Problem("error", "not_readable", text, file.name),))
    return _part(file, digest, layouts)


def _laid_out(grids: Sequence[Grid], words: Vocabulary, year: int | None, hints: Hints) -> list[Layout]:
    """Lay out the sheets of a workbook: the one year that their titles name is everyone's but the roster's."""
    known = year_in([grid for grid in grids if not is_our_list(grid)], words) or year
    layouts = [lay_out(grid, words, known, hints) for grid in grids]
    rosters = [any(block.table == "members" for block in layout.blocks) for layout in layouts]
    return [
        lay_out(grid, words, year, hints) if roster and known != year else layout
        for grid, layout, roster in zip(grids, layouts, rosters, strict=True)
    ]


def _once(parts: Sequence[_Part]) -> list[_Part]:
    """Of files with the same bytes, read as of the same year and branch, keep the first: one submission."""
    first: dict[tuple[str, ...], str] = {}
    kept = []
    for part in parts:
        around = [f"{block.year} {sorted(map(str, block.constants.items()))}" for block in part.blocks]
        other = first.setdefault((part.digest or part.file, *around), part.file)
        note = same_file(part.file, other)
        kept.append(part if other == part.file else _Part(part.file, part.digest, problems=(note,)))
    return kept


def _part(file: DataFile, digest: str, layouts: Sequence[Layout]) -> _Part:
    counts = reduce(lambda so_far, layout: so_far + Counter(layout.counts), layouts, Counter[Fate]())
    blocks = tuple(block for layout in layouts for block in layout.blocks)
    problems = tuple(problem for layout in layouts for problem in layout.problems)
    if not blocks and not problems:
        text = Text("工作簿里没有数据", "nothing in this file")
        problems = (Problem("error", "no_data", text, file.name),)
    return _Part(file.name, digest, blocks, (), problems, counts)


def _typed_part(file: DataFile, digest: str, words: Vocabulary, year: int | None) -> _Part:
    frame = parquet_frame(file.path)
    grid = header_grid(frame, file.name)
    header = best_table(grid, 0, tables_named((PurePath(file.name).stem,), words), frozenset())
    if header is None or header.missing(frozenset()):
        return _Part(file.name, digest, problems=lay_out(grid, words, year).problems)
    columns = parquet_columns(frame, header.table, header.columns, words)
    rows = np.arange(1, len(frame) + 1, dtype="int32")
    typed = pd.DataFrame({**columns, "_row": rows, "_column": np.zeros(len(frame), dtype="int32")})
    source = Source(file.name, "", {name: j + 1 for name, j in header.columns.items()}, digest)
    filled = {name: int(frame.iloc[:, j].notna().sum()) for j, name in enumerate(map(str, frame.columns))}
    used = {str(frame.columns[j]) for j in header.columns.values()}
    counts: dict[Fate, int] = {
        "header": len(filled),
        "record": sum(n for name, n in filled.items() if name in used),
        "extra": sum(n for name, n in filled.items() if name not in used),
    }
    return _Part(file.name, digest, ready=(ReadBlock(header.table, typed, frozenset(), (), source),), counts=counts)


# ---------------------------------------------------------------- reading


def _given_roster(roster: Given | None, words: Vocabulary, width: int | None) -> list[ReadBlock]:
    if roster is None:
        return []
    if isinstance(roster, Records):
        frame = roster.members.drop(columns=["_source"], errors="ignore")
        origin = {name: frame.get(name, np.int32(0)) for name in ("_row", "_column")}
        return [ReadBlock("members", frame.assign(**origin), frozenset(), (), Source(""))]
    files, _ = data_files(roster)
    parts = [_opened(file, words, None, Hints()) for file in files]
    problems = [problem for part in parts for problem in part.problems if problem.severity == "error"]
    if problems:
        raise InvalidRecords(problems)
    return _blocks(parts, Desk(words, width=_width(parts, [], width)), map, roster=True)


def _blocks(parts: Sequence[_Part], desk: Desk, apply: Each, *, roster: bool) -> list[ReadBlock]:
    """Read the rosters of all parts, or all but them, in order; what came typed stays where it is."""
    asked = [
        replace(part, ready=(), blocks=tuple(block for block in part.blocks if (block.table == "members") == roster))
        for part in parts
    ]
    ready = ([block for block in part.ready if (block.table == "members") == roster] for part in parts)
    read = apply(partial(_read_blocks, desk=desk), asked)
    return [block for typed, own in zip(ready, read, strict=True) for block in (*typed, *own)]


def _read_blocks(part: _Part, desk: Desk) -> list[ReadBlock]:
    own = replace(desk, digests={part.file: part.digest})
    return [read for block in part.blocks for read in read_block(block, own)]


def _width(parts: Iterable[_Part], given: Iterable[ReadBlock], width: int | None) -> int | None:
    if width is not None:
        return width
    cells = [
        value
        for part in parts
        for block in part.blocks
        if block.table == "members" and "member_id" in block.columns
        for value in (block.grid.columns[block.columns["member_id"]][i] for i in block.body)
    ]
    return id_width([*cells, *(value for block in given for value in block.frame["member_id"].dropna())])


def _read(parts: Sequence[_Part], given: list[ReadBlock], words: Vocabulary, width: int | None, apply: Each) -> Joined:
    digits = _width(parts, given, width)
    members = _blocks(parts, Desk(words, width=digits), apply, roster=True)
    members += _others(given, members)
    roster = roster_of((block.frame, block.source.file) for block in members)
    blocks = [*members, *_blocks(parts, Desk(words, roster, digits), apply, roster=False)]
    counts = reduce(lambda so_far, part: so_far + Counter(part.counts), parts, Counter[Fate]())
    for block in blocks:
        counts.update(block.counts)
    kept, notes = once(blocks)
    return joined(kept, {fate: counts[fate] for fate in FATES}, notes)


def _others(given: Iterable[ReadBlock], members: Sequence[ReadBlock]) -> list[ReadBlock]:
    """Of a given roster, the rows of those whom the data's own rosters do not have."""
    own = {member for block in members for member in block.frame["member_id"].dropna()}
    kept = []
    for block in given:
        rows = ~block.frame["member_id"].isin(own)
        kept.append(replace(block, frame=block.frame[rows].reset_index(drop=True), broken=frozenset(), counts={}))
    return kept


def _no_roster() -> Problem:
    text = Text("数据里没有花名册;请加入花名册,或用 --roster 指明", "no roster in the data; add one or give --roster")
    return Problem("error", "no_roster", text)
