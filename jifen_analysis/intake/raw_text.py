"""Tables in comma-separated files under our own column names, read by column as the look at each cell reads them.

What a sheet is taken for hangs on its head and on its different texts. So the head of such a file is laid out as a
sheet, and so is a row for each text that is new: where all of that is a plain list of records, all of the file is.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice, pairwise, zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv

from jifen_analysis.intake.cells.column import Coded, Typed
from jifen_analysis.intake.files import DataFile
from jifen_analysis.intake.grid import CodedCells, Grid, UnreadableError
from jifen_analysis.intake.grid.delimited import decoded, quotes, separator_of, without_guard
from jifen_analysis.intake.layouts import Block, Layout
from jifen_analysis.intake.layouts.block import LONG as A_RECORD_A_ROW
from jifen_analysis.intake.layouts.scene import scene_of
from jifen_analysis.intake.raw_columns import Part, RawColumns, Tally, given_back, widened
from jifen_analysis.intake.text_values import TextReader, all_as_written, are_plain, read_type
from jifen_analysis.store.table import typed_values
from jifen_analysis.tables import TABLES, Column
from jifen_analysis.tables.coded import coded_texts
from jifen_analysis.tables.columns import TEXT, TEXTUAL, dtype
from jifen_analysis.tables.screening import LONG, UnclearError
from jifen_analysis.vocabulary import Vocabulary

BLOCK = 1 << 21
"""Bytes that are read at a time."""
PIECE = 1 << 27
"""Bytes from which on a piece of a file is read by a processor of its own."""
_HEAD = 1 << 18
_FIRST = 64
"""Records in the head: more than a header is looked for among, or a form of one person has."""
_NEW = 4096
"""Rows with new texts that are laid out at a time."""
_TEXT = pa.dictionary(pa.int32(), pa.string())

LayOut = Callable[[Sequence[Grid]], Sequence[Layout]]
"""How the sheets of a file are laid out, by everything that is known besides."""


@dataclass(frozen=True)
class _Piece:
    """Some whole lines of a file: where they begin, and how many bytes they have; all where that is not said."""

    start: int = 0
    size: int | None = None

    def of(self, file: pa.NativeFile) -> pa.NativeFile:
        """Return them to be read."""
        return file if self.size is None else file.get_stream(self.start, self.size)


_WHOLE = _Piece()


def _line_ends(path: Path, places: Iterable[int]) -> list[int]:
    """Return where the line ends in which each of some places of a file lies."""
    with path.open("rb") as stream:
        ends = []
        for place in places:
            stream.seek(place)
            stream.readline()
            ends.append(stream.tell())
    return ends


@dataclass(frozen=True, eq=False, kw_only=True)
class TextColumns(RawColumns):
    """The columns of a comma-separated file."""

    file: DataFile  # where they stand
    encoding: str  # of the text, as is the separator
    separator: str
    head: tuple[tuple[str, ...], ...]  # the header and the first records
    lay_out: LayOut  # how a sheet is laid out
    year: int | None = None  # the year of days that name none
    constants: Mapping[str, Any] = field(default_factory=dict)  # what title and names say instead of a column
    first: int = 2
    kept: bool = True  # splitting it again would cost more

    def read(self, columns: Collection[str]) -> Iterator[pa.RecordBatch]:
        """Do as :meth:`RawColumns.read`."""
        wanted = [name for name in self.names if name in columns]
        read = self._reader(wanted)
        return (widened(read(texts)) for texts in self._batches(wanted))

    def looked_through(self) -> Sequence[Part]:
        """Return all columns, a large file in as many parts as there are processors, counted.

        On the way, a row is laid out for each text that is new in a part.
        """
        tallies = [(some, Tally()) for some in self._pieces()]
        return [Part(tally, map(self._reader(self.names), self._told(tally, some))) for some, tally in tallies]

    def _pieces(self) -> Sequence[_Piece]:
        """Return the lines of the file as pieces of about the same size; with quotes, nobody knows where one begins."""
        size = self.file.state()[0]
        if self._quotes != "none" or size < 2 * PIECE:
            return [_WHOLE]
        wanted = min(os.cpu_count() or 1, size // PIECE)
        ends = _line_ends(self.file.path, [size * at // wanted for at in range(1, wanted)])
        return [_Piece(low, high - low) for low, high in pairwise([0, *ends, size]) if low < high]

    def _told(self, tally: Tally, some: _Piece = _WHOLE) -> Iterator[pa.RecordBatch]:
        """Yield all columns as text, count, and lay out a row for each text that is new."""
        if self._quotes == "odd":
            raise UnclearError
        told = _Told(self)
        # How many rows there are before a piece is not known; certainly fewer than bytes.
        first = self.first + some.start
        for texts in self._batches(self.names, some):
            told.look(first + tally.rows, texts)
            tally.rows, tally.batches = tally.rows + len(texts), tally.batches + 1
            tally.read = min(tally.batches * BLOCK, some.size or self.file.state()[0])
            for name in self.names:
                tally.filled[name] += _filled(texts[name])
            yield texts
        if not tally.rows:  # soon read row by row
            raise UnclearError
        told.lay_out()

    def _reader(self, names: Sequence[str]) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
        """Return what reads columns of text."""
        each = {name: TextReader(TABLES[self.table][name], self.words.unhinted, self.year) for name in names}
        return lambda texts: pa.RecordBatch.from_pydict({name: read(texts[name]) for name, read in each.items()})

    def _batches(self, names: Sequence[str], some: _Piece = _WHOLE) -> Iterator[pa.RecordBatch]:
        """Yield columns as text, each different one once."""
        # The header is known; where no cell is quoted, none need be looked for.
        reading = pc_csv.ReadOptions(
            block_size=BLOCK,
            encoding=self.encoding,
            use_threads=False,
            column_names=self.names,
            skip_rows_after_names=0 if some.start else 1,  # a record as any other: it may have several lines
        )
        quoting: dict[str, Any] = {"newlines_in_values": True} if self._quotes != "none" else {"quote_char": False}
        parsing = pc_csv.ParseOptions(delimiter=self.separator, ignore_empty_lines=False, **quoting)
        converting = pc_csv.ConvertOptions(
            column_types=dict.fromkeys(names, _TEXT), include_columns=names, strings_can_be_null=False
        )
        try:
            with (
                pa.OSFile(str(self.file.path)) as file,
                pc_csv.open_csv(some.of(file), reading, parsing, converting) as opened,
            ):
                yield from given_back(opened)
        except (pa.ArrowException, UnicodeError) as fault:
            raise UnclearError from fault

    def whole(self, tally: Tally) -> dict[str, Coded | Typed]:
        """Return all columns with all their values, and count; as :meth:`looked_through` reads them."""
        looked = map(self._reader(self.names), self._told(tally))
        read = pa.Table.from_batches(map(widened, looked), self._schema).unify_dictionaries()
        columns = TABLES[self.table]
        typed = {name: _series(read.column(name), columns[name], self.words) for name in self.names}
        said = {name: Coded.constant(value, tally.rows) for name, value in self.constants.items()}
        return {**{name: Typed(values) for name, values in typed.items()}, **said}

    def block(self, tally: Tally) -> Block:
        """Return all cells as they stand, each different one of a column once, laid out as a list of records.

        Raises
        ------
        UnclearError
            Where the file is no such list, or what it says is not read as it stands.
        """
        texts = pa.Table.from_batches([*self._told(tally)], pa.schema([(name, _TEXT) for name in self.names]))
        whole = texts.unify_dictionaries().combine_chunks()
        columns = [_coded(whole.column(name).chunk(0)) for name in self.names]
        rows = np.arange(self.first, self.first + tally.rows)
        sheet = Grid(self.file.name, "", columns, rows, range(1, len(columns) + 1), plain=True)  # type: ignore[arg-type]
        filled = tally.filled.total()
        return Block(sheet, self.table, self.columns, range(tally.rows), A_RECORD_A_ROW, self.constants, self.year,
                     filled=filled)  # fmt: skip

    @cached_property
    def _quotes(self) -> str:
        return quotes(self.file.path, self.separator)

    @property
    def _schema(self) -> pa.Schema:
        return pa.schema([(name, read_type(TABLES[self.table][name].kind)) for name in self.names])

    def sheet(self, numbers: Sequence[int] = (), more: Sequence[Sequence[str]] = ()) -> Grid:
        """Return the head and some further rows, given by column, as a sheet."""
        heads = zip(*self.head, strict=True)
        columns = [_unguarded([*head, *texts]) for head, texts in zip_longest(heads, more, fillvalue=())]
        return Grid(self.file.name, "", columns, [*range(1, len(self.head) + 1), *numbers],
                    range(1, len(columns) + 1), plain=True)  # fmt: skip

    def is_plain(self, sheet: Grid) -> bool:
        """Return whether a sheet is a plain list of records, and nothing is to be said of it."""
        layouts = self.lay_out([sheet])
        blocks = [block for layout in layouts for block in layout.blocks]
        return not any(layout.problems for layout in layouts) and len(blocks) == 1 and self._holds_all(blocks[0], sheet)

    def _holds_all(self, block: Block, sheet: Grid) -> bool:
        whole = block.columns == self.columns and list(block.body) == list(range(1, sheet.height))
        plain = block.table == self.table and block.spreads == A_RECORD_A_ROW and block.year == self.year
        more = block.constants != self.constants or block.symbols or block.blank or block.copies
        same = [tuple(column) for column in block.grid.columns] == [tuple(column) for column in sheet.columns]
        return whole and plain and not more and same


class _Told:
    """Which texts of a file have been laid out, and the rows of those that have not."""

    def __init__(self, file: TextColumns) -> None:
        self._file = file
        self._seen: dict[str, set[str]] = {name: set() for name in file.names}
        self._numbers: list[int] = []
        self._kept: list[pa.RecordBatch] = []

    def look(self, number: int, texts: pa.RecordBatch) -> None:
        """Keep a row for each text that is new, and that of the largest mark; its first row has a number."""
        rows = {row for name in self._file.names for row in self._new(name, texts[name])}
        if "mark" in self._file.names:
            rows |= _largest(texts["mark"])
        ordered = [row for row in sorted(rows) if number + row > len(self._file.head)]
        if ordered:
            self._numbers += [number + row for row in ordered]
            self._kept.append(texts.take(pa.array(ordered, pa.int64())))
        if len(self._numbers) > _NEW:
            self.lay_out()

    def _new(self, name: str, texts: pa.DictionaryArray) -> list[int]:
        """Return the first rows of the texts that are new and not told by their form alone."""
        kind, seen = TABLES[self._file.table][name].kind, self._seen[name]
        each = texts.dictionary.to_pylist() if kind not in _BY_FORM else _odd(texts.dictionary, kind)
        new = {text for text in each if text not in seen}
        if not new:
            return []
        seen |= new
        first = np.full(len(texts.dictionary), -1)
        first[texts.indices.to_numpy()[::-1]] = np.arange(len(texts))[::-1]
        return [row for row, text in zip(first.tolist(), texts.dictionary.to_pylist(), strict=True) if text in new]

    def lay_out(self) -> None:
        """Lay out the rows that were kept, and forget them."""
        columns = [[text for kept in self._kept for text in _spelt(kept[name])] for name in self._file.names]
        if not self._file.is_plain(self._file.sheet(self._numbers, columns)):
            raise UnclearError
        self._numbers, self._kept = [], []


def _spelt(texts: pa.DictionaryArray) -> list[str]:
    """Return a column of texts; far faster than spelling out what points to them, one by one."""
    spelt: list[str] = texts.dictionary_decode().to_pylist()
    return spelt


def _unguarded(column: Sequence[str]) -> tuple[str, ...]:
    """Return a column of cells, each different one once; few columns have a guard to be looked for."""
    each = dict.fromkeys(column)
    guarded = any(text.startswith("'") for text in each)
    known = {text: without_guard(text) if guarded else text for text in each}
    return tuple(map(known.__getitem__, column))


def _coded(texts: pa.DictionaryArray) -> CodedCells:
    """Return a column of cells, where each text is taken as it stands."""
    if not all_as_written(texts.dictionary):
        raise UnclearError
    return CodedCells(texts.indices.to_numpy(), texts.dictionary.to_pylist())


def _largest(texts: pa.DictionaryArray) -> set[int]:
    """Return the first row of the largest number that is written plainly."""
    plain = pc.and_(are_plain(texts.dictionary, "number"), pc.not_equal(texts.dictionary, ""))
    numbers = pc.if_else(plain, texts.dictionary, pa.scalar(None, pa.string())).cast(pa.float64())
    if numbers.null_count == len(numbers):
        return set()
    return {pc.index(texts.indices, int(np.nanargmax(numbers.to_numpy(zero_copy_only=False)))).as_py()} - {-1}


_BY_FORM = ("id", "number", "count")
"""Kinds with so many different texts that only those are laid out which are not of their plain form."""


def _odd(texts: pa.Array, kind: str) -> list[str]:
    plain = are_plain(texts, kind).to_numpy(zero_copy_only=False)
    return [] if plain.all() else texts.filter(pa.array(~plain)).to_pylist()


def _filled(texts: pa.DictionaryArray) -> int:
    """Return how many cells are not blank."""
    blank = pc.equal(pc.utf8_trim_whitespace(texts.dictionary), "")
    return len(texts) - (pc.sum(blank.take(texts.indices)).as_py() or 0) if pc.any(blank).as_py() else len(texts)


def _series(values: pa.ChunkedArray, column: Column, words: Vocabulary) -> pd.Series:
    """Return a column as it has its type in memory, texts each of them once."""
    if column.kind not in TEXTUAL:
        return pd.Series(typed_values(values, column.kind, dtype(column, words)), copy=False)
    coded = values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)
    if 2 * len(coded.dictionary) > len(coded):  # pointing to mostly different ones is no gain
        return pd.Series(coded.cast("string").to_pandas(), dtype=TEXT)
    return pd.Series(coded_texts(coded))


# ---------------------------------------------------------------- opening


def text_columns(
    file: DataFile, words: Vocabulary, lay_out: LayOut, tables: Collection[str] = LONG
) -> TextColumns | None:
    """Return the table in a file of text, where it is a list of records under a header of its columns alone."""
    read = _head(file.path)
    header = read[2][0] if read else ()
    if read is None or len(set(header)) < len(header):
        return None
    encoding, separator, head = read
    bare = TextColumns(file=file, table="", names=header, columns={}, encoding=encoding, separator=separator, head=head,
                       lay_out=lay_out, words=words)  # fmt: skip
    blocks = [block for layout in lay_out([bare.sheet()]) for block in layout.blocks]
    if len(blocks) != 1 or blocks[0].table not in tables:
        return None
    block, columns = blocks[0], TABLES[blocks[0].table]
    required = {name for name, column in columns.items() if column.required}
    if len(block.columns) < len(header) or not required <= set(block.columns) <= set(columns):
        return None
    names = tuple(sorted(block.columns, key=block.columns.__getitem__))
    places = {name: at for at, name in enumerate(names)}
    found = replace(bare, table=block.table, names=names, columns=places, year=block.year, constants=block.constants)
    said = set(found.constants) - ({"year"} if found.table == "members" else set())
    due = scene_of(found.sheet(), 0, words, found.year).around.due
    return found if not said and due is None and found.is_plain(found.sheet()) else None


def _head(path: Path) -> tuple[str, str, tuple[tuple[str, ...], ...]] | None:
    """Return encoding and separator of a file, and its header with the first records; nothing where it is not plain."""
    with path.open("rb") as stream:
        data = stream.read(_HEAD)
    try:
        encoding, text = decoded(data, whole=False)
        mark = separator_of(text)
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True), _FIRST + 1))
    except (UnreadableError, csv.Error):
        return None
    cut = len(data) == _HEAD and len(rows) <= _FIRST
    if not rows or cut or encoding.startswith("utf-16"):
        return None
    if any(len(row) != len(rows[0]) for row in rows):
        return None
    return encoding.removesuffix("-sig"), mark, tuple(map(tuple, rows))
