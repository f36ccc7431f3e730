"""What nobody knows yet: every unknown text once, and the table to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from jifen_analysis.errors import Problem, values_of
from jifen_analysis.intake.correspondence.book import HEADS, KIND, TEXT, BookRow, rows_in, write_rows
from jifen_analysis.intake.correspondence.kinds import find_kind, fold_text, labels_of_kinds, nearest
from jifen_analysis.saving import replacing, writable
from jifen_analysis.vocabulary import Vocabulary

COLUMNS = ("kind", "text", "count", "files", "file", "sheet", "cell", "nearest")
_YEARLESS = frozenset({"year_unknown"})
"""Problems that a year settles, whatever stands in their cells."""
_COMPARED = 100
"""Texts, the most frequent, to which the nearest known ones are looked for: looking is slow."""
_SHOWN = 3
"""Known words that are named beside an unknown one, at most."""
_LONGEST = 255
"""Signs of a text up to which it is a word or a header; what is longer is neither."""


def unknown_texts(problems: Sequence[Problem], words: Vocabulary, branches: Iterable[str] = ()) -> pd.DataFrame:
    """Return every text that a correspondence table could settle, once.

    Parameters
    ----------
    problems : sequence of Problem
        Of a check; those that say the kind of an unknown text are taken.
    words : Vocabulary
        With the words of the scheme.
    branches : iterable of str
        The branches that are known.

    Returns
    -------
    DataFrame
        kind, text, count (cells), files (how many), file, sheet, cell (of the
        first), nearest (the column that is missing there, and the known words
        most like it, joined by 、); by kind, the most frequent first.

    Examples
    --------
    >>> from jifen_analysis.errors import Text
    >>> from jifen_analysis.vocabulary import standard
    >>> problem = Problem("error", "unknown_word", Text("", ""), "a.xlsx", "考勤", "D4", "到 了", "status")
    >>> unknown_texts([problem, problem], standard())[["kind", "text", "count", "cell"]].to_numpy().tolist()
    [['status', '到 了', 2, 'D4']]
    """
    order = list(labels_of_kinds(words))
    found: dict[tuple[str, str], list[tuple[Problem, int]]] = {}
    for one, times in values_of(problems):
        kind, text = ("year", "") if one.code in _YEARLESS else (one.kind, one.value)
        key = fold_text(kind, text)
        if kind in order and not one.meaning and (key or kind == "year") and len(text) <= _LONGEST:
            found.setdefault((kind, key), []).append((one, times))
    known = tuple(branches)
    rows = [_row(kind, same) for (kind, _), same in found.items()]
    rows.sort(key=lambda row: (order.index(str(row[0])), -int(row[2]), str(row[1])))
    wanted = {place: [one.wanted for one, _ in same if one.wanted] for place, same in found.items()}
    near = ["、".join(_nearest(row, wanted, words, known)) for row in rows[:_COMPARED]]
    return pd.DataFrame(rows, columns=list(COLUMNS[:-1])).assign(nearest=[*near, *[""] * (len(rows) - len(near))])


def _row(kind: str, same: Sequence[tuple[Problem, int]]) -> tuple[str | int, ...]:
    first = same[0][0]
    text = "" if kind == "year" else first.value
    files = len({one.file for one, _ in same})
    return kind, text, sum(times for _, times in same), files, first.file, first.sheet, first.cell


def _nearest(
    row: tuple[str | int, ...],
    wanted: Mapping[tuple[str, str], Sequence[str]],
    words: Vocabulary,
    branches: Sequence[str],
) -> list[str]:
    """Return what is looked for where a text stands, then the known words that are spelt most like it."""
    kind, text = str(row[0]), str(row[1])
    missing = wanted[kind, fold_text(kind, text)]
    return list(dict.fromkeys((*missing, *nearest(kind, text, words, branches))))[:_SHOWN]


def write_unknown(unknown: pd.DataFrame, path: str | Path, words: Vocabulary, branches: Iterable[str] = ()) -> Path:
    """Write the table to fill in; what is filled in already at that place is kept, what is new is added below.

    Raises
    ------
    UsageError
        Where it cannot be written.
    InvalidRecords
        Where another file stands there.
    """
    target = writable(path, (".xlsx",))
    kept = rows_in(target) if target.exists() else []
    asked = {(row[KIND], fold_text(str(kind), row[TEXT])): row for kind, row in _asked(unknown, words)}
    places = [_place(row, words) for row in kept]
    rows = [_again(row, asked.get(place, {})) for row, place in zip(kept, places, strict=True)]
    rows += [BookRow({**dict.fromkeys(HEADS, ""), **cells}) for place, cells in asked.items() if place not in places]
    with replacing(target) as beside:
        write_rows(rows, beside, words, branches)
    return target


def _again(row: BookRow, cells: Mapping[str, str]) -> BookRow:
    """Return a row with what is found now; what it says stays."""
    return replace(row, cells={**row.cells, **{name: cells[name] for name in cells if name not in (KIND, TEXT)}})


def _place(row: BookRow, words: Vocabulary) -> tuple[str, str]:
    kind = find_kind(row.cells[KIND], words)
    label = labels_of_kinds(words)[kind] if kind else row.cells[KIND]
    return label, fold_text(kind or "", row.cells[TEXT])


def _asked(unknown: pd.DataFrame, words: Vocabulary) -> Iterable[tuple[str, Mapping[str, str]]]:
    """Yield the cells of every unknown text, but for the meaning."""
    kinds = labels_of_kinds(words)
    for kind, text, count, files, file, sheet, cell, near in unknown[list(COLUMNS)].itertuples(index=False):
        place = "!".join(part for part in (sheet, cell) if part)
        said = (kinds[kind], text, str(count), str(files), file, place, near)
        yield kind, dict(zip((name for name in HEADS if name not in ("读作", "备注")), said, strict=True))
