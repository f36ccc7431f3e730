"""Workbooks, CSV and Parquet files: opened, laid out, read, and checked against each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePath

import numpy as np
import pandas as pd

from jifen_analysis.allocation import without_collection
from jifen_analysis.errors import InvalidRecords, Problem, Text, cause
from jifen_analysis.intake.annotations import describe_annotations
from jifen_analysis.intake.branches import alike
from jifen_analysis.intake.cells.column import Coded, Reader, Typed
from jifen_analysis.intake.cells.times import YEAR
from jifen_analysis.intake.check import Check, Each, RosterSource, Watch
from jifen_analysis.intake.combine import Joined, combine_blocks, rows_of
from jifen_analysis.intake.correspondence import Correspondence, is_table_of_words, lay_out_with, of_year
from jifen_analysis.intake.files import UNUSED_QUERIES, UNUSED_TABLE, DataFile, data_files
from jifen_analysis.intake.grid import Grid, UnreadableError, cells_at, form, open_grids
from jifen_analysis.intake.held_tables import HeldTable
from jifen_analysis.intake.identity import FORMER, MemberIndex, id_width, roster_of
from jifen_analysis.intake.layouts import Block, Layout, lay_out, names_year, year_in
from jifen_analysis.intake.layouts.block import FATES, Fate, Hints, added_up
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.notes import VOTES_OF_SOME
from jifen_analysis.intake.layouts.readings.listed import best_table
from jifen_analysis.intake.layouts.refusals import without_tallies
from jifen_analysis.intake.layouts.return_markers import is_our_list
from jifen_analysis.intake.layouts.scene import scene_of
from jifen_analysis.intake.layouts.spellings import find_tables
from jifen_analysis.intake.parquet import header_grid, parquet_cells, parquet_columns, parquet_frame, parquet_grid
from jifen_analysis.intake.persons import roster_implied
from jifen_analysis.intake.raw import Raw, raw_tables
from jifen_analysis.intake.raw_check import Looks, check_raw, counted
from jifen_analysis.intake.raw_columns import Tally
from jifen_analysis.intake.raw_text import TextColumns, text_columns
from jifen_analysis.intake.reading import ReadBlock, ReadContext, appearances, read_block
from jifen_analysis.intake.reconcile import first_alike, same_file
from jifen_analysis.intake.validation import validate_records
from jifen_analysis.periods import Kind
from jifen_analysis.tables import TABLES, Records, Source
from jifen_analysis.tables.screening import LONG, UnclearError
from jifen_analysis.vocabulary import Vocabulary


@without_collection()
def check_files(
    path: str | Path | Sequence[HeldTable],
    words: Vocabulary,
    table: Correspondence,
    *,
    year: int | None = None,
    roster: RosterSource | None = None,
    id_width: int | None = None,
    each: Each = map,
    period: Kind | None = None,
    watch: Watch | None = None,
) -> Check:
    """Open, lay out, read and check files, or tables in none; see :func:`jifen_analysis.intake.load.check`."""
    files, aside = data_files(path) if isinstance(path, str | Path) else (path, ())
    hints, vocabulary = table.hints, words.respelt(table.hints.spellings).with_items(table.hints.items)
    known = _Opening(vocabulary, year or hints.year or _year_named(path), hints, id_width)
    opened = partial(_opened, known=known)
    open_: dict[DataFile | HeldTable, _OpenedFile] = {}
    told = [*aside, *(() if year else of_year(hints))]

    def checked(files: Sequence[DataFile | HeldTable], judge: Callable[[Joined, Sequence[Problem]], Check]) -> Check:
        open_.update(zip(new := [file for file in files if file not in open_], each(opened, new), strict=True))
        parts = _without_blank_forms(_once([open_[file] for file in files]))
        read = _read(parts, _given_roster(roster, replace(known, year=None)), vocabulary, id_width, each)
        beside = [*told, *(problem for part in parts for problem in part.problems)]
        return judge(replace(read, sources=(*read.sources, *table.sources)), beside)

    plain = [file for file in files if isinstance(file, DataFile) or file.typed]
    alone = plain if roster is None and not hints.of_cells else ()
    raw = raw_tables(alone, vocabulary, partial(_laid_out, known=known))
    looks: Looks = {}
    judge_raw = partial(check_raw, files=plain, words=vocabulary, period=period, watch=watch)
    while raw:
        others = [file for file in plain if file not in {part.file for one in raw for part in one.parts}]
        try:
            return checked(others, partial(judge_raw, raw, looks))
        except UnclearError as fault:  # something needs a look at each row
            left = tuple(one for one in raw if fault.tables and one.table not in fault.tables)
            open_.update(_known_parts(set(raw) - set(left), looks))
            raw = left
    return checked(files, lambda read, before: validate_records(read, files, before, vocabulary, period))


_YEAR_OF_FOLDER = re.compile(rf"({YEAR})(?:年.*)?|.*?({YEAR})年.*")


def _year_named(path: str | Path | Sequence[HeldTable]) -> int | None:
    """Return the year that the folder is named for that was given, or that the file lies in."""
    if not isinstance(path, str | Path):
        return None
    root = Path(path).resolve()
    found = _YEAR_OF_FOLDER.fullmatch((root if root.is_dir() else root.parent).name)
    return int(found[1] or found[2]) if found else None


# ---------------------------------------------------------------- opening


@dataclass(frozen=True)
class _Opening:
    """What is known while files are opened."""

    words: Vocabulary
    year: int | None
    hints: Hints
    width: int | None  # digits of an id

    def laid_out(self, grid: Grid, year: int | None) -> Layout:
        """Lay out a sheet of a year."""
        return lay_out_with(grid, self.words, year, self.hints)


@dataclass(frozen=True)
class _OpenedFile:
    """What one file holds, laid out but not read."""

    file: str
    digest: str = ""
    blocks: tuple[Block, ...] = ()
    ready: tuple[ReadBlock, ...] = ()
    problems: tuple[Problem, ...] = ()
    counts: Mapping[Fate, int] = field(default_factory=dict)
    around: tuple[str, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """What names and titles say of it, besides its bytes."""
        voters = (problem.value for problem in self.problems if problem.code == VOTES_OF_SOME)
        return (*self.around, *(_said(block.year, block.constants) for block in self.blocks), *voters)


def _said(year: int | None, constants: Mapping[str, object]) -> str:
    return f"{year} {sorted(map(str, constants.items()))}"


def _opened(file: DataFile | HeldTable, known: _Opening) -> _OpenedFile:
    try:
        if isinstance(file, HeldTable):
            return _frame_part(file, "", file.read(), known, typed=file.typed)
        digest = file.digest()
        if form(file.path) == "parquet":
            return _frame_part(file, digest, parquet_frame(file.path), known, typed=True)
        if (listed := _text_table(file, digest, known)) is not None:
            return listed
        layouts = _laid_out(open_grids(file.path, file.name), known)
    except UnreadableError as refusal:
        return _OpenedFile(file.name, problems=(Problem("error", refusal.code, refusal.text, file.name),))
    except OSError as fault:
        text = Text(f"打不开文件:{cause(fault).zh}", f"cannot open the file: {cause(fault).en}")
        return _OpenedFile(file.name, problems=(Problem("error", "not_readable", text, file.name),))
    return _part(file, digest, layouts)


def _laid_out(grids: Sequence[Grid], known: _Opening) -> list[Layout]:
    """Lay out the sheets of a workbook: the one year that their titles name is everyone's but the roster's."""
    if is_table_of_words(grids):
        queries = any("数据库" in column for grid in grids for column in grid.columns)
        note = Problem("note", "left_aside", UNUSED_QUERIES if queries else UNUSED_TABLE, grids[0].file)
        return [Layout(problems=(note,) * (grid is grids[0]), counts={"aside": grid.filled()}) for grid in grids]
    year = year_in(grid for grid in grids if not is_our_list(grid)) or known.year
    layouts = [known.laid_out(grid, year) for grid in grids]
    rosters = [any(block.table == "members" for block in layout.blocks) for layout in layouts]
    chosen = [
        known.laid_out(grid, known.year)
        if roster and year != known.year and not names_year(grid.sheet, grid.file)
        else layout
        for grid, layout, roster in zip(grids, layouts, rosters, strict=True)
    ]
    return [
        replace(layout, problems=(*layout.problems, *describe_annotations(grid, layout.blocks)))
        for grid, layout in zip(grids, without_tallies(grids, chosen), strict=True)
    ]


def _once(parts: Sequence[_OpenedFile]) -> list[_OpenedFile]:
    """Of files with the same bytes, read as of the same year and branch, keep the first: one submission."""
    first = first_alike((part.digest or part.file, *part.said) for part in parts)
    return [
        part if of == at else _OpenedFile(part.file, part.digest, problems=(same_file(part.file, parts[of].file),))
        for at, (part, of) in enumerate(zip(parts, first, strict=True))
    ]


def _without_blank_forms(parts: Sequence[_OpenedFile]) -> list[_OpenedFile]:
    """Beside what is filled, take files and sheets of headers alone for forms that nobody filled: said, left aside."""
    if not any(part.blocks or part.ready for part in parts):
        return list(parts)
    return [replace(part, problems=tuple(_blank_aside(part))) for part in parts]


def _blank_aside(part: _OpenedFile) -> Iterator[Problem]:
    """Yield the problems of a file, those of headers alone as notes: one for the file where it holds nothing else."""
    blank = [problem for problem in part.problems if problem.severity == "error" and problem.code in _LEFT_ASIDE]
    whole = not part.blocks and not part.ready
    if whole and any(problem.severity == "error" and problem not in blank for problem in part.problems):
        blank = []
    yield from (problem for problem in part.problems if problem not in blank)
    yield from dict.fromkeys(
        Problem("note", "blank_form", _LEFT_ASIDE[problem.code], part.file, "" if whole else problem.sheet)
        for problem in blank
    )


_LEFT_ASIDE = {
    "no_data": Text("只有表头没有填写,像是空白表,未读", "headers alone, like a form that nobody filled; left aside"),
    "no_cells": Text(
        "里面什么也没有,未读;若应有内容,请重新导出",
        "nothing at all in it; if it should hold something, export it again",
    ),
}
"""What is said of sheets on which nobody filled anything, beside filled ones."""


def _part(file: DataFile | HeldTable, digest: str, layouts: Sequence[Layout]) -> _OpenedFile:
    whole = Layout.together(layouts)
    problems = whole.problems
    if not whole.blocks and not problems:
        problems = (Problem("error", "no_cells", Text("工作簿里没有数据", "nothing in this file"), file.name),)
    return _OpenedFile(file.name, digest, whole.blocks, (), problems, whole.counts)


def _frame_part(
    file: DataFile | HeldTable, digest: str, frame: pd.DataFrame, known: _Opening, *, typed: bool
) -> _OpenedFile:
    words, year = known.words, known.year
    heads = header_grid(frame.columns, file.name)
    header = best_table(heads, 0, find_tables((PurePath(file.name).stem,), words), frozenset())
    # Two columns of one meaning are held against each other cell by cell, as on a sheet.
    doubtful = header is not None and bool(header.rivals or header.doubled)
    blank = isinstance(file, DataFile) and not len(frame)  # headers alone; what a database answers it does know
    if not typed or known.hints.of_cells or doubtful or blank:
        return _part(file, digest, [known.laid_out(parquet_grid(frame, file.name), year)])
    if header is None or header.missing(frozenset()):
        return _OpenedFile(file.name, digest, problems=lay_out(heads, words, year).problems)
    return _typed_part(file, digest, frame, header, words, scene_of(heads, 0, words, year).around.year)


def _typed_part(
    file: DataFile | HeldTable, digest: str, frame: pd.DataFrame, header: Header, words: Vocabulary, year: int | None
) -> _OpenedFile:
    own = {name: j for name, j in header.columns.items() if name in TABLES[header.table]}
    filled = {name: int(frame.iloc[:, j].notna().sum()) for j, name in enumerate(map(str, frame.columns))}
    counts = counted(list(frame.columns), header.columns.values(), filled)
    # Ids of others than the roster may have lost zeros: which, only the roster tells.
    typed = parquet_columns(frame, "members", own, words) if header.table == "members" else None
    if typed is None:
        cells = parquet_cells(frame, file.name, own.values())
        block = Block(cells, header.table, own, range(len(frame)), year=year, filled=counts.pop("record"))
        return _OpenedFile(file.name, digest, (block,), counts=counts)
    rows = np.arange(1, len(frame) + 1, dtype="int32")
    source = Source(file.name, "", {name: j + 1 for name, j in header.columns.items()}, digest)
    columns = {name: Typed(values) for name, values in typed.items()}
    read = ReadBlock("members", columns, rows, np.zeros_like(rows), {}, (), source)
    return _OpenedFile(file.name, digest, ready=(read,), counts=counts)


def _text_table(file: DataFile, digest: str, known: _Opening) -> _OpenedFile | None:
    """Return the table in a file of text that is a list of records; else nothing.

    Its columns are read as such where it is a roster of which nothing is to be said, and each different cell once.
    """
    if form(file.path) != "text" or known.hints.of_cells:
        return None
    found = text_columns(file, known.words, partial(_laid_out, known=known), ("members", *LONG))
    if found is None:
        return None
    part = _text_part(found, digest) if found.table == "members" and known.width is None else None
    try:
        tally = Tally()
        return part or _OpenedFile(file.name, digest, (found.block(tally),), counts={"header": len(found.names)})
    except UnclearError:
        return None


def _text_part(text: TextColumns, digest: str) -> _OpenedFile | None:
    """Return a table in a file of text that is read by column, and held; nothing where a look at cells is needed."""
    tally = Tally()
    try:
        columns = text.whole(tally)
    except UnclearError:
        return None
    rows = np.arange(text.first, text.first + tally.rows, dtype="int32")
    source = Source(text.file.name, "", {name: j + 1 for name, j in text.columns.items()}, digest)
    read = ReadBlock(text.table, columns, rows, np.zeros_like(rows), {}, (), source)
    counts: dict[Fate, int] = {"header": len(text.names), "record": tally.filled.total()}
    return _OpenedFile(text.file.name, digest, ready=(read,), counts=counts, around=(_said(text.year, text.constants),))


def _known_parts(raw: Iterable[Raw], looks: Looks) -> Mapping[DataFile | HeldTable, _OpenedFile]:
    """Return tables in files of text whose own cells were found in order: they need not be read cell by cell."""
    seen = [part for one in raw if one in looks for part in looks[one][0].parts]
    parts = {one.file: _text_part(one.held, one.digest) for one in seen if isinstance(one.held, TextColumns)}
    return {file: part for file, part in parts.items() if part is not None}


# ---------------------------------------------------------------- reading


def _given_roster(roster: RosterSource | None, known: _Opening) -> list[ReadBlock]:
    if roster is None:
        return []
    if isinstance(roster, Records):
        frame = roster.members
        columns = {name: Typed(frame[name]) for name in TABLES["members"] if name in frame}
        rows, across = (frame.get(n, pd.Series(0, frame.index)).to_numpy("int32") for n in ("_row", "_column"))
        return [ReadBlock("members", columns, rows, across, {}, (), Source(""))]
    files, _ = data_files(roster)
    parts = [_opened(file, known) for file in files]
    problems = [problem for part in parts for problem in part.problems if problem.severity == "error"]
    if problems:
        raise InvalidRecords(problems)
    return _blocks(parts, ReadContext(Reader(known.words), width=_width(parts, [], known.width)), map, roster=True)


def _blocks(parts: Sequence[_OpenedFile], desk: ReadContext, apply: Each, *, roster: bool) -> list[ReadBlock]:
    """Read the rosters of all parts, or all but them, in order; what came typed stays where it is."""
    asked = [
        replace(part, ready=(), blocks=tuple(block for block in part.blocks if (block.table == "members") == roster))
        for part in parts
    ]
    ready = ([block for block in part.ready if (block.table == "members") == roster] for part in parts)
    read = apply(partial(_read_blocks, desk=desk), asked)
    return [block for typed, own in zip(ready, read, strict=True) for block in (*typed, *own)]


def _read_blocks(part: _OpenedFile, desk: ReadContext) -> list[ReadBlock]:
    own = replace(desk, digests={part.file: part.digest})
    return [read for block in part.blocks for read in read_block(block, own)]


def _width(parts: Sequence[_OpenedFile], given: Iterable[ReadBlock], width: int | None) -> int | None:
    if width is not None or not any(part.blocks for part in parts):  # nothing is left to be padded
        return width
    rosters = [block for part in parts for block in part.blocks if block.table == "members"]
    ids = ((block, block.columns["member_id"]) for block in rosters if "member_id" in block.columns)
    cells = [value for block, j in ids for value in cells_at(block.grid.columns[j], block.body)]
    typed = (block for part in parts for block in part.ready if block.table == "members")
    return id_width([*cells, *(value for block in (*given, *typed) for value in block.columns["member_id"].used())])


def _read(
    parts: Sequence[_OpenedFile], given: list[ReadBlock], words: Vocabulary, width: int | None, apply: Each
) -> Joined:
    parts, implied = (parts, ()) if given else _with_implied(parts)
    desk = ReadContext(Reader(words), width=_width(parts, given, width))
    members = _blocks(parts, desk, apply, roster=True)
    members += _others(given, members) if given else []
    if any(block.table != "members" for part in parts for block in part.blocks):  # what came typed names no names
        desk = replace(desk, roster=_roster(members, words))
    blocks = [*members, *_blocks(parts, desk, apply, roster=False)]
    counts = added_up([*(part.counts for part in parts), *(block.counts for block in blocks)])
    return combine_blocks(blocks, words, {fate: counts[fate] for fate in FATES}, (*implied, *_look_alikes(members)))


def _roster(members: Sequence[ReadBlock], words: Vocabulary) -> MemberIndex:
    if not members:
        return MemberIndex()
    known = rows_of(members, "members", words)
    formerly = (block.columns.get(FORMER) or Coded.constant("", len(block)) for block in members)
    known[FORMER] = [name for column in formerly for name in column.listed()]
    return roster_of(known, [members[number - 1].source.file for number in known["_source"].tolist()])


def _look_alikes(members: Sequence[ReadBlock]) -> tuple[Problem, ...]:
    """Say which branches of the rosters look like one, and what would join them."""
    first: dict[str, tuple[Source, int, int]] = {}
    times: Counter[str] = Counter()
    for block in members:
        for branch, at_row, more in appearances(block.columns["branch"]):
            first.setdefault(branch, (block.source, int(block.rows[at_row]), int(block.across[at_row])))
            times[branch] += more
    places = {name: (first[name], _one_branch(name, other)) for name, other in alike(first)}
    return tuple(
        Problem("note", "branches_alike", said, at.file, at.sheet, at.cell(row, "branch", column), name, "branch",
                times[name])
        for name, ((at, row, column), said) in places.items()
    )  # fmt: skip


def _one_branch(name: str, other: str) -> Text:
    return Text(
        f"“{name}”与“{other}”像是同一个支部,现作两个支部;若是一个,请统一写法,或在对照表里把“{name}”写成“{other}”",
        f"{name} and {other} look like one branch and are taken for two; spell them alike, or join them in the "
        "correspondence table (对照表)",
    )


def _with_implied(parts: Sequence[_OpenedFile]) -> tuple[Sequence[_OpenedFile], tuple[Problem, ...]]:
    """Add the roster that one table holds, where nobody sent any."""
    blocks = [block for part in parts for block in part.blocks]
    sent = {block.table for block in blocks} | {block.table for part in parts for block in part.ready}
    found = roster_implied(blocks) if "members" not in sent else None
    if found is None:
        return parts, ()
    members, note = found
    own = [replace(p, blocks=(*p.blocks, members)) if p.file == members.grid.file else p for p in parts]
    return own, (note,)


def _others(given: Iterable[ReadBlock], members: Sequence[ReadBlock]) -> list[ReadBlock]:
    """Of a given roster, the rows of those whom the data's own rosters do not have."""
    own = {member for block in members for member in block.columns["member_id"].used()}
    return [block.kept(~block.columns["member_id"].where(own.__contains__)) for block in given]
