"""Problems with their addresses: held by kind, put in order as numbers, and made one by one when they are asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import chain, compress
from typing import Any, overload

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from jifen_analysis.errors import ManyProblems, Problem, Severity, Text, kinds_of
from jifen_analysis.tables.columns import ORIGIN, TABLES
from jifen_analysis.tables.failures import Failure
from jifen_analysis.tables.sources import Source, letters

MANY = 10_000
"""Problems beyond which they are no objects until somebody asks for one."""
_AT_ONCE = 1 << 16


@dataclass(frozen=True, eq=False)
class Alike(Sequence[Problem]):
    """Problems of one kind in one sheet, or in a frame that came from none.

    Parameters
    ----------
    severity, code, word : str
        Of each of them; ``word`` is the ``kind`` of an unknown text.
    file, sheet : str
        Where they are.
    values : sequence of str
        The different values that were found.
    say : callable
        What is wrong with one of the values, by its place among them.
    codes : ndarray of int
        For each problem, which of the values stands there.
    down, across : ndarray of int
        Row and column of each cell, as a spreadsheet counts; 0 for none.
    named : callable, optional
        What a cell is called that is on no sheet.
    tell : callable, optional
        What says what is wrong with several of the values (rising) at once, in Chinese.
    """

    severity: Severity
    code: str
    word: str
    file: str
    sheet: str
    values: Sequence[str]
    say: Callable[[int], Text]
    codes: np.ndarray
    down: np.ndarray
    across: np.ndarray
    named: Callable[[int], str] | None = None
    tell: Callable[[np.ndarray], pa.Array] | None = None

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, at: int) -> Problem: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Problem]: ...
    def __getitem__(self, at: int | slice) -> Problem | Sequence[Problem]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        code, place = self.codes[at], (self.file, self.sheet, self.cell(at))
        return Problem(self.severity, self.code, self.say(code), *place, self.values[code], self.word)

    def cell(self, at: int) -> str:
        """Return the address of one of them."""
        if self.named:
            return self.named(at)
        return f"{letters(int(self.across[at]))}{self.down[at]}" if self.down[at] > 0 else ""

    def messages(self, codes: np.ndarray) -> pa.Array:
        """Return what is wrong with several of the values (rising), in Chinese."""
        if self.tell:
            return self.tell(codes)
        return pa.array((self.say(code).zh for code in codes.tolist()), pa.large_string())

    def cells(self, at: np.ndarray) -> pa.Array:
        """Return the addresses of some of them."""
        if self.named:
            return pa.array(map(self.named, at.tolist()), pa.string())
        down, (each, place) = self.down[at], np.unique(self.across[at], return_inverse=True)
        column = pa.array([letters(int(one)) for one in each.tolist()], pa.string()).take(pa.array(place))
        whole = pc.binary_join_element_wise(column, pa.array(down).cast(pa.string()), "")
        return pc.if_else(pa.array(down > 0), whole, "")


def address_failures(
    failures: Iterable[Failure], typed: Mapping[str, pd.DataFrame], sources: Sequence[Source]
) -> Iterator[Alike]:
    """Yield failures by the sheets of their records, with the cells."""
    for failure in failures:
        number, row, column = (_origin(typed[failure.table], name, failure.rows) for name in ORIGIN)
        known = np.where((number > 0) & (number <= len(sources)), number, 0)
        for one in np.unique(known).tolist():
            at = np.flatnonzero(known == one)
            mine = failure if len(at) == len(known) else failure.taken(at)
            yield _on_sheet(mine, sources[one - 1], row[at], column[at]) if one else _of_frame(mine)


def _on_sheet(failure: Failure, source: Source, row: np.ndarray, column: np.ndarray) -> Alike:
    unknown = failure.code == "unknown_word"
    word = TABLES[failure.table][failure.column].words if unknown else ""
    places = source.places(row, failure.column, column)
    said = source.file, source.sheet, failure.values, failure.say_of, failure.codes
    return Alike(failure.severity, failure.code, word, *said, *places, tell=failure.told)


def _of_frame(failure: Failure) -> Alike:
    nowhere = np.broadcast_to(np.int64(0), len(failure))
    said = failure.values, failure.say_of, failure.codes
    return Alike(failure.severity, failure.code, "", "", "", *said, nowhere, nowhere, failure.cell_of, failure.told)


def _origin(frame: pd.DataFrame, name: str, rows: np.ndarray) -> np.ndarray:
    return frame[name].to_numpy("int64")[rows] if name in frame else np.zeros(len(rows), "int64")


def add_addresses(
    failures: Iterable[Failure], typed: Mapping[str, pd.DataFrame], sources: Sequence[Source]
) -> list[Problem]:
    """Return failures as problems, each with the file, sheet and cell of its record."""
    return list(chain.from_iterable(address_failures(failures, typed, sources)))


# ---------------------------------------------------------------- in order


@dataclass(frozen=True, eq=False)
class Ordered(ManyProblems):
    """Problems in some order: of each, the part it belongs to, and where it stands in that.

    Parameters
    ----------
    parts : sequence of (Alike or tuple of Problem)
        Each of one severity, code, kind of word and sheet.
    part, at : ndarray of int
        For each problem.
    """

    parts: Sequence[Sequence[Problem]]
    part: np.ndarray
    at: np.ndarray

    def __len__(self) -> int:
        return len(self.part)

    @overload
    def __getitem__(self, at: int) -> Problem: ...
    @overload
    def __getitem__(self, at: slice) -> Ordered: ...
    def __getitem__(self, at: int | slice) -> Problem | Ordered:
        if isinstance(at, slice):
            return Ordered(self.parts, self.part[at], self.at[at])
        return self.parts[self.part[at]][int(self.at[at])]

    def __iter__(self) -> Iterator[Problem]:
        for start in range(0, len(self), _AT_ONCE):
            some = self[start : start + _AT_ONCE]
            for part, at in zip(some.part.tolist(), some.at.tolist(), strict=True):
                yield self.parts[part][at]

    def followed_by(self, more: Sequence[Problem]) -> Ordered:
        """Return them with others below."""
        kinds = kinds_of(tuple(more))
        part, at = _numbered(kinds, len(self.parts))
        return Ordered((*self.parts, *kinds), np.concatenate([self.part, part]), np.concatenate([self.at, at]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(Problem.__eq__, self, other))

    def __hash__(self) -> int:
        return hash(len(self))

    def __reduce__(self) -> tuple[type[tuple[Problem, ...]], tuple[tuple[Problem, ...]]]:
        return tuple, (tuple(self),)  # what says a text cannot be sent

    @cached_property
    def _keys(self) -> list[_Key]:
        return [_key(part) for part in self.parts]

    def among(self, kept: Iterable[bool]) -> Ordered:
        """Return the problems of some parts."""
        mine = np.array(list(kept), bool)[self.part]
        return self if mine.all() else Ordered(self.parts, self.part[mine], self.at[mine])

    @property
    def errors(self) -> Ordered:
        """Those of them that are errors."""
        return self.among(key[0] == "error" for key in self._keys)

    @property
    def notes(self) -> Ordered:
        """Those of them that are notes."""
        return self.among(key[0] == "note" for key in self._keys)

    def kinds(self) -> Sequence[Ordered]:
        """Return them kind by kind, in the order of the first of each."""
        number = {key: n for n, key in enumerate(dict.fromkeys(self._keys))}
        kind = np.array([number[key] for key in self._keys])[self.part]
        first = np.unique(kind, return_index=True)[1]
        return [self.among(number[key] == kind[at] for key in self._keys) for at in np.sort(first).tolist()]

    def values(self) -> Iterator[tuple[Problem, int]]:
        """Yield the first problem of each different value in each part, and of how many cells it is said."""
        for number in _numbers(self.part):
            at, part = self.at[self.part == number], self.parts[number]
            codes = part.codes[at] if isinstance(part, Alike) else np.arange(len(at))
            _, first, times = np.unique(codes, return_index=True, return_counts=True)
            for one, count in zip(at[first].tolist(), times.tolist(), strict=True):
                yield part[one], count * part[one].times

    def each(self) -> Iterator[tuple[Problem, Sequence[str]]]:
        """Yield the first problem of each part, and its different values; alone those that were said one by one."""
        for number in _numbers(self.part):
            at, part = self.at[self.part == number], self.parts[number]
            if isinstance(part, Alike):
                yield part[int(at[0])], _used(part.values, part.codes[at])
            else:
                yield from ((part[one], (part[one].value,)) for one in at.tolist())

    def texts(self) -> Iterator[tuple[str, int]]:
        """Yield what stands in the cells of each part, and in how many; no problem is made for that."""
        for number in _numbers(self.part):
            at, part = self.at[self.part == number], self.parts[number]
            if isinstance(part, Alike):
                times = np.bincount(part.codes[at], minlength=len(part.values)).tolist()
                yield from compress(zip(part.values, times, strict=True), times)
            else:
                yield from ((part[one].value, part[one].times) for one in at.tolist())


def _numbers(part: np.ndarray) -> list[int]:
    """Return the parts that problems belong to, counted, which is faster than putting them in order."""
    found: list[int] = np.flatnonzero(np.bincount(part)).tolist()
    return found


def _used(values: Sequence[str], codes: np.ndarray) -> Sequence[str]:
    """Return those of the values that stand somewhere."""
    there = np.bincount(codes, minlength=len(values)) > 0
    return values if there.all() else [*compress(values, there.tolist())]


_Key = tuple[str, str, str, str, str]


def _key(part: Sequence[Problem]) -> _Key:
    if isinstance(part, Alike):
        return part.severity, part.file, part.sheet, part.code, part.word
    one = part[0]
    return one.severity, one.file, one.sheet, one.code, one.kind


def _places(part: Sequence[Problem]) -> tuple[np.ndarray, np.ndarray]:
    """Return row and column of each cell, 0 for none."""
    if isinstance(part, Alike):
        return part.down, part.across
    found = np.array([_order(one)[3][:2] for one in part], "int64").reshape(-1, 2)
    return found[:, 0], found[:, 1]


def rows_of(problems: Sequence[Problem]) -> np.ndarray:
    """Return the row of each problem, as a spreadsheet counts; 0 for none."""
    if not isinstance(problems, Ordered):
        return _places(problems)[0]
    found = np.zeros(len(problems), "int64")
    for number in _numbers(problems.part):
        mine = problems.part == number
        found[mine] = _places(problems.parts[number])[0][problems.at[mine]]
    return found


def _numbered(parts: Sequence[Sequence[Problem]], before: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return the problems of parts one after the other: to which part each belongs, and where it stands there."""
    nothing = np.zeros(0, "int64")
    part = np.repeat(np.arange(before, before + len(parts), dtype="int32"), [len(one) for one in parts])
    return part, np.concatenate([nothing, *(np.arange(len(one)) for one in parts)])


def collect_problems(parts: Iterable[Sequence[Problem]]) -> Sequence[Problem]:
    """Return problems as they come; as objects only while they are few."""
    held = [part for part in parts if len(part)]
    if sum(map(len, held)) <= MANY:
        return tuple(chain.from_iterable(held))
    return Ordered(held, *_numbered(held))


def outside(problems: Sequence[Problem], files: Collection[str]) -> Sequence[Problem]:
    """Return the problems of other files than some."""
    if isinstance(problems, Ordered):
        return problems.among(_key(part)[1] not in files for part in problems.parts)
    return [problem for problem in problems if problem.file not in files]


def with_cells(problems: Sequence[Problem], cell: Callable[[str, str], str]) -> Sequence[Problem]:
    """Return problems whose cells are called otherwise, by file and address."""
    if not isinstance(problems, Ordered):
        return tuple(replace(one, cell=cell(one.file, one.cell)) for one in problems)
    return Ordered([_called(part, cell) for part in problems.parts], problems.part, problems.at)


def _called(part: Sequence[Problem], cell: Callable[[str, str], str]) -> Sequence[Problem]:
    if isinstance(part, Alike):
        return replace(part, named=lambda at: cell(part.file, part.cell(at)))
    return with_cells(part, cell)


def in_order(said: Iterable[Problem], parts: Iterable[Alike]) -> Sequence[Problem]:
    """Return problems once each, errors first, by file, sheet, row and column; as objects only while they are few."""
    held = [*kinds_of(tuple(said)), *(part for part in parts if len(part))]
    if sum(map(len, held)) <= MANY:
        return tuple(sorted(set(chain.from_iterable(held)), key=_order))
    part, at = _numbered(held)
    keys = [_key(one) for one in held]
    sheet = _ranked([(key[0] == "note", key[1], key[2]) for key in keys])
    code = _ranked([key[3] for key in keys])
    places = [_places(one) for one in held]
    down, across = (np.concatenate([place[way] for place in places]) for way in (0, 1))
    first = sheet[part] << 32 | down
    second = np.where(down > 0, across << 16 | code[part], 0)
    order = np.lexsort((second, first))
    tied = np.append(False, (np.diff(first[order]) == 0) & (np.diff(second[order]) == 0))
    return _once(Ordered(held, part[order], at[order]), tied)


def _ranked(keys: Sequence[Any]) -> np.ndarray:
    rank = {key: n for n, key in enumerate(sorted(set(keys)))}
    return np.array([rank[key] for key in keys], "int64")


def _once(found: Ordered, tied: np.ndarray) -> Ordered:
    """Keep each problem once, and put in order those of a cell that have one code; ``tied`` with the one before."""
    same = tied & (np.diff(found.part, prepend=-1) == 0) & (np.diff(_codes(found), prepend=-1) == 0)
    part, at, tied = found.part[~same].copy(), found.at[~same].copy(), tied[~same]
    kept = np.ones(len(part), bool)
    starts = np.flatnonzero(~tied & np.append(tied[1:], False))
    for start, end in zip(starts.tolist(), _ends(starts, tied).tolist(), strict=True):
        run = [(found.parts[p][a], p, a) for p, a in zip(part[start:end].tolist(), at[start:end].tolist(), strict=True)]
        once = sorted({one: (one, p, a) for one, p, a in reversed(run)}.values(), key=lambda own: _order(own[0]))
        kept[start + len(once) : end] = False
        part[start : start + len(once)], at[start : start + len(once)] = zip(*((p, a) for _, p, a in once), strict=True)
    return Ordered(found.parts, part[kept], at[kept])


def _ends(starts: np.ndarray, tied: np.ndarray) -> np.ndarray:
    """Return where the runs that start somewhere end."""
    loose = np.append(np.flatnonzero(~tied), len(tied))
    return loose[np.searchsorted(loose, starts, side="right")]


def _codes(found: Ordered) -> np.ndarray:
    """Return which of its part's values each problem is of; those that were said one by one are all different."""
    codes = found.at.copy()
    for number in _numbers(found.part):
        part = found.parts[number]
        if isinstance(part, Alike) and not part.named:
            mine = found.part == number
            codes[mine] = part.codes[found.at[mine]]
    return codes


def _order(problem: Problem) -> tuple[Any, ...]:
    found = re.fullmatch(r"([A-Z]+)(\d+)", problem.cell)
    at = (int(found[2]), _number(found[1]), "") if found else (0, 0, problem.cell)  # by row, then column
    return problem.severity == "note", problem.file, problem.sheet, at, problem.code, problem.value, problem.text


def _number(name: str) -> int:
    return reduce(lambda number, letter: number * 26 + ord(letter) - 64, name, 0)
