"""A file or folder to Records, notes and problems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path, PurePath

import numpy as np
import pandas as pd

from jifen_analysis.errors import InvalidRecords, Problem, Text
from jifen_analysis.intake.check import Check
from jifen_analysis.intake.files import DataFile, data_files
from jifen_analysis.intake.grid import UnreadableError, form, open_grids
from jifen_analysis.intake.hints import Hints, hints_beside
from jifen_analysis.intake.layouts import Block, Layout, lay_out
from jifen_analysis.intake.layouts.block import FATES, Fate
from jifen_analysis.intake.layouts.headers import best_table, tables_named
from jifen_analysis.intake.parquet import header_grid, parquet_columns, parquet_frame
from jifen_analysis.intake.people import Roster, id_width, roster_of
from jifen_analysis.intake.reading import Desk, ReadBlock, read_block
from jifen_analysis.tables import TABLES, Failure, Records, Source
from jifen_analysis.tables.records import addressed, checked, settled
from jifen_analysis.vocabulary import Vocabulary, Word, spelling, standard

Given = str | Path | Records
"""What may be given as a roster."""


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
) -> Check:
    """Say everything about files before they are scored; never fails for what is in them.

    Parameters
    ----------
    path, year, roster, id_width, words
        As for :func:`load`.

    Returns
    -------
    Check
        Verdict, problems, notes, and the records of the files without error.

    Raises
    ------
    UsageError
        Where there is nothing to read.
    """
    vocabulary = standard().extended(words or {})
    files, aside = data_files(path)
    hints = hints_beside(path, vocabulary)
    vocabulary = vocabulary.respelt(hints.spellings)
    parts = [_opened(file, vocabulary, year or hints.year, hints) for file in files]
    given = _given_roster(roster, vocabulary, id_width)
    read = _read(parts, given, vocabulary, id_width)
    return _judged(read, files, [*aside, *(p for part in parts for p in part.problems)], vocabulary)


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
        layouts = [lay_out(grid, words, year, hints) for grid in open_grids(file.path, file.name)]
    except UnreadableError as refusal:
        return _Part(file.name, problems=(Problem("error", refusal.code, refusal.text, file.name),))
    except OSError as fault:
        text = Text(f"打不开文件:{fault.strerror or fault}", f"cannot open the file: {fault.strerror or fault}")
        return _Part(file.name, problems=(Problem("error", "not_readable", text, file.name),))
    return _part(file, digest, layouts)


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


@dataclass(frozen=True)
class _Read:
    """Everything read: tables whose rows say from which source they came."""

    tables: Mapping[str, pd.DataFrame]
    sources: tuple[Source, ...]
    broken: Mapping[str, frozenset[tuple[int, str]]]
    problems: tuple[Problem, ...]
    counts: Mapping[Fate, int]
    sheets: Mapping[tuple[str, str], str]


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
    return _members(parts, words, _width(parts, [], width))


def _members(parts: Iterable[_Part], words: Vocabulary, width: int | None) -> list[ReadBlock]:
    return [
        read
        for part in parts
        for read in (
            *(ready for ready in part.ready if ready.table == "members"),
            *_read_blocks(part, Desk(words, Roster(), width, {part.file: part.digest}), roster=True),
        )
    ]


def _read_blocks(part: _Part, desk: Desk, *, roster: bool) -> list[ReadBlock]:
    return [read for block in part.blocks if (block.table == "members") == roster for read in read_block(block, desk)]


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


def _read(parts: Sequence[_Part], given: list[ReadBlock], words: Vocabulary, width: int | None) -> _Read:
    digits = _width(parts, given, width)
    members = _members(parts, words, digits)
    members += _others(given, members)
    roster = roster_of((block.frame, block.source.file) for block in members)
    blocks = list(members)
    for part in parts:
        blocks += [ready for ready in part.ready if ready.table != "members"]
        blocks += _read_blocks(part, Desk(words, roster, digits, {part.file: part.digest}), roster=False)
    counts = reduce(lambda so_far, part: so_far + Counter(part.counts), parts, Counter[Fate]())
    for block in blocks:
        counts.update(block.counts)
    return _joined(blocks, {fate: counts[fate] for fate in FATES})


def _others(given: Iterable[ReadBlock], members: Sequence[ReadBlock]) -> list[ReadBlock]:
    """Of a given roster, the rows of those whom the data's own rosters do not have."""
    own = {member for block in members for member in block.frame["member_id"].dropna()}
    kept = []
    for block in given:
        rows = ~block.frame["member_id"].isin(own)
        kept.append(replace(block, frame=block.frame[rows].reset_index(drop=True), broken=frozenset(), counts={}))
    return kept


def _joined(blocks: Sequence[ReadBlock], counts: Mapping[Fate, int]) -> _Read:
    frames: dict[str, list[pd.DataFrame]] = {"members": []}
    broken: dict[str, set[tuple[int, str]]] = {}
    for number, block in enumerate(blocks, start=1):
        others = frames.setdefault(block.table, [])
        before = sum(map(len, others))
        others.append(block.frame.assign(_source=np.full(len(block.frame), number, dtype="int32")))
        broken.setdefault(block.table, set()).update((before + row, column) for row, column in block.broken)
    tables = {name: _stacked(name, parts) for name, parts in frames.items()}
    said = tuple(problem for block in blocks for problem in block.problems)
    sources = tuple(block.source for block in blocks)
    sheets = {(block.source.file, block.source.sheet): block.table for block in blocks}
    return _Read(tables, sources, {name: frozenset(cells) for name, cells in broken.items()}, said, counts, sheets)


def _stacked(name: str, parts: list[pd.DataFrame]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame({"_source": [], "_row": [], "_column": []}, dtype="int32")
    if len(parts) == 1:
        return parts[0]
    named = [column for column in TABLES[name] if any(column in part for part in parts)]
    wanted = [*named, "_source", "_row", "_column"]
    model = {column: next(part[column].iloc[:0] for part in parts if column in part) for column in wanted}
    whole = [part.assign(**{c: _blank(model[c], len(part)) for c in wanted if c not in part})[wanted] for part in parts]
    return pd.concat(whole, ignore_index=True)


def _blank(model: pd.Series, length: int) -> pd.Series:
    return model.reindex(range(length))


# ---------------------------------------------------------------- judging


def _judged(read: _Read, files: Sequence[DataFile], before: Sequence[Problem], words: Vocabulary) -> Check:
    lone = not len(read.tables["members"])
    typed, failures = checked(read.tables, words, read.broken, any_member=lone)
    _, notes = settled(typed, read.broken)
    found = addressed((*failures, *notes), typed, read.sources)
    problems = sorted({*before, *read.problems, *found}, key=_order)
    bad = {problem.file for problem in problems if problem.severity == "error"}
    names = tuple(file.name for file in files)
    accepted, out, more = (None, (), ()) if lone else _accepted(read, typed, bad, problems, words)
    refused = tuple(name for name in names if name in bad or name in more)
    tables = _told(typed, read, failures, notes)
    return Check(tuple(problems), accepted, names, refused, tables, read.counts, out, read.sheets)


def _order(problem: Problem) -> tuple[object, ...]:
    found = re.fullmatch(r"([A-Z]+)(\d+)", problem.cell)
    at = (int(found[2]), len(found[1]), found[1]) if found else (0, 0, problem.cell)
    return problem.severity == "note", problem.file, problem.sheet, at, problem.code


def _told(
    typed: Mapping[str, pd.DataFrame], read: _Read, failures: Sequence[Failure], notes: Sequence[Failure]
) -> dict[str, pd.DataFrame]:
    """Return every row that could be read, once, with the place it was read from."""
    files = pd.Series(["", *(source.file for source in read.sources)], dtype="str")
    sheets = pd.Series(["", *(source.sheet for source in read.sources)], dtype="str")
    told = {}
    for name, frame in typed.items():
        unread = {row for row, _ in read.broken.get(name, ())}
        unread |= {f.row for f in failures if f.table == name and f.code in _UNREAD}
        unread |= {f.row for f in notes if f.table == name}
        kept = frame.drop(index=sorted(unread & set(range(len(frame)))))
        source = kept["_source"].to_numpy()
        place = {"_file": files.take(source).to_numpy(), "_sheet": sheets.take(source).to_numpy(), "_row": kept["_row"]}
        told[name] = kept.drop(columns=["_source", "_row", "_column"]).assign(**place).reset_index(drop=True)
    return {name: frame for name, frame in told.items() if len(frame)}


_UNREAD = frozenset({"unknown_word", "bad_value", "missing_value", "out_of_range"})


def _accepted(
    read: _Read, typed: Mapping[str, pd.DataFrame], bad: set[str], problems: Sequence[Problem], words: Vocabulary
) -> tuple[Records | None, tuple[str, ...], frozenset[str]]:
    """Return the records of the branches none of whose files has an error, the branches left out, files too."""
    out: frozenset[str] = frozenset()
    refused = frozenset(bad)
    while True:
        out |= _branches_of(read, typed, refused)
        part = _without(read, typed, refused, out)
        if not len(part["members"]):
            return None, tuple(sorted(out)), refused
        again, failures = checked(part, words) if refused else (dict(part), [])
        worse = {problem.file for problem in addressed(failures, again, read.sources) if problem.severity == "error"}
        if not worse - refused:
            break
        refused |= worse
    notes = [problem for problem in problems if problem.severity == "note" and problem.file not in refused]
    kept, _ = settled(again)
    return Records.of_checked(kept, read.sources, notes, words), tuple(sorted(out)), refused


def _branches_of(read: _Read, typed: Mapping[str, pd.DataFrame], refused: frozenset[str]) -> frozenset[str]:
    """Return every branch of which a refused file speaks, in a row, in its name, or as part of one data set."""
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
    read: _Read, typed: Mapping[str, pd.DataFrame], refused: frozenset[str], out: frozenset[str]
) -> dict[str, pd.DataFrame]:
    if not refused:
        return dict(typed)
    members = typed["members"]
    gone = set(members.loc[members["branch"].isin(out), "member_id"].dropna())
    kept = {}
    for name, frame in typed.items():
        away = _in_files(frame, read.sources, refused)
        away |= (frame["branch"].isin(out) if "branch" in frame else frame["member_id"].isin(gone)).to_numpy()
        kept[name] = frame[~away].reset_index(drop=True)
    return kept


def _no_roster() -> Problem:
    text = Text("数据里没有花名册;请加入花名册,或用 --roster 指明", "no roster in the data; add one or give --roster")
    return Problem("error", "no_roster", text)
