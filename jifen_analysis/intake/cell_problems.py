"""Marks on cells to problems: every error, and a note once for all values that are read alike."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, groupby, pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from jifen_analysis.errors import NOTHING, Problem, Text
from jifen_analysis.intake.cells import Reading, display_raw
from jifen_analysis.intake.grid import Value, grouped, indices
from jifen_analysis.intake.layouts import Block
from jifen_analysis.tables.problems import Alike


class Mark(NamedTuple):
    """What there is to say of equal cells of a column: their rows in the body, the column, what stands there."""

    rows: np.ndarray
    name: str
    j: int
    value: Value
    reading: Reading

    @property
    def refused(self) -> bool:
        """Whether the cells cannot be read."""
        return self.reading.severity == "error"


def refused_cells(block: Block, marks: Iterable[Mark]) -> Iterator[Alike]:
    """Yield every error, by column and kind."""
    groups = grouped(((mark.j, mark.reading.code, mark.reading.kind), mark) for mark in marks if mark.refused)
    for (j, code, word), same in groups.items():
        rows = np.concatenate([mark.rows for mark in same])
        codes, values, say = _together(same)
        places = block.grid.places(indices(block.body)[rows], j)
        yield Alike("error", code, word, block.grid.file, block.grid.sheet, values, say, codes, *places, tell=say.told)


def _together(marks: Sequence[Mark]) -> tuple[np.ndarray, Sequence[str], _Saying]:
    """Return which value each refused cell has, the values, and what is wrong with each."""
    texts = [mark.reading.each.texts if mark.reading.each else (display_raw(mark.value),) for mark in marks]
    places = [mark.reading.each.at if mark.reading.each else np.zeros(len(mark.rows), "int64") for mark in marks]
    before = (*accumulate(map(len, texts), initial=0),)
    codes = np.concatenate([at + start for at, start in zip(places, before, strict=False)])
    return codes, tuple(chain.from_iterable(texts)), _Saying(tuple(mark.reading for mark in marks), before)


@dataclass(frozen=True)
class _Saying:
    """What is wrong with each value that some readings refuse; no closure, for processes hand it on."""

    readings: tuple[Reading, ...]
    before: tuple[int, ...]  # how many values stand before those of each

    def __call__(self, code: int) -> Text:
        at = bisect_right(self.before, code) - 1
        reading = self.readings[at]
        return reading.each.say(code - self.before[at]) if reading.each else reading.text or NOTHING

    def told(self, codes: np.ndarray) -> pa.Array:
        """Return what is wrong with several of the values (rising), in Chinese."""
        ends = pairwise(np.searchsorted(codes, self.before).tolist())
        parts = zip(self.readings, self.before, ends, strict=False)  # the last begins where all end
        used = ((reading, codes[low:high] - start) for reading, start, (low, high) in parts if low < high)
        told = chain.from_iterable(_told(alike, same) for alike, same in groupby(used, lambda one: bool(one[0].each)))
        return pa.chunked_array(told, pa.large_string()).combine_chunks()


def _told(alike: bool, readings: Iterable[tuple[Reading, np.ndarray]]) -> Iterator[pa.Array]:
    """Yield what some readings say: one after the other where each says its own."""
    if alike:
        yield from (reading.each.told(codes) for reading, codes in readings if reading.each)
    else:
        yield pa.array([(reading.text or NOTHING).zh for reading, _ in readings], pa.large_string())


def cell_notes(block: Block, marks: Iterable[Mark]) -> Iterator[Problem]:
    """Yield the same note about the same value of a column once, at the first cell, with its number.

    Numbers written alike, such as 92.1分 and 88分, are the same here: how they are read is the same.
    """
    notes = [mark for mark in marks if not mark.refused]
    times: Counter[tuple[str, str, str]] = Counter()
    first: dict[tuple[str, str, str], tuple[int, int, Mark]] = {}
    for mark in notes:
        key, at = _alike(mark), (int(mark.rows.min()), mark.j, mark)
        times[key] += mark.reading.times * len(mark.rows)
        first[key] = min(first.get(key, at), at, key=lambda one: one[:2])
    for key, (row, j, mark) in sorted(first.items(), key=lambda item: item[1][:2]):
        yield _note(block, block.grid.address(block.body[row], j), mark, times[key])


def _alike(mark: Mark) -> tuple[str, str, str]:
    """Return what notes have in common that are said once."""
    said, code = display_raw(mark.value), mark.reading.code
    return mark.name, code, re.sub(r"[\d.,]+", "0", said) if code == "number_read" else said


def _note(block: Block, cell: str, mark: Mark, times: int) -> Problem:
    reading, grid = mark.reading, block.grid
    text = reading.text or Text("", "")
    if times > 1:
        text = Text(f"{text.zh}(共 {times} 处)", f"{text.en} ({times} cells)")
    place = grid.file, grid.sheet, cell, display_raw(mark.value)
    return Problem(reading.severity or "note", reading.code, text, *place, reading.kind, max(times, 1))
