"""A sheet read as a correspondence table says, and what was settled so, said once a sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.correspondence.model import OTHERS, STANDING, fold_text, named_by
from jifen_analysis.intake.grid import Grid, Value, grouped, is_blank
from jifen_analysis.intake.layouts import Block, Layout, lay_out
from jifen_analysis.intake.layouts.block import Hints
from jifen_analysis.intake.layouts.spellings import DEEPEST, PERSON, header_forms
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import ASIDE, Vocabulary, spelling

_LEVELS = 3
"""Rows that a header may have."""


def lay_out_with(grid: Grid, words: Vocabulary, year: int | None, hints: Hints) -> Layout:
    """Lay out a sheet with everything that a correspondence table settles."""
    if hints == Hints():
        return lay_out(grid, words, year)
    name = spelling(grid.sheet)
    if name in hints.aside.get("sheet", ()):
        return Layout((), (_said(grid, "sheet", grid.sheet, ASIDE, words),), {"aside": grid.filled()})
    called, said = _renamed(grid, hints.headers, words)
    layout = lay_out(called, words, year, replace(hints, headers={}, symbols={}))
    if name in hints.sheets and layout.blocks:
        said.append(_said(grid, "sheet", grid.sheet, hints.sheets[name], words))
    settled = [_settled(block, hints, words) for block in layout.blocks]
    return Layout.together([Layout((), (*layout.problems, *said), layout.counts), *settled])


def of_year(hints: Hints) -> tuple[Problem, ...]:
    """Say which year is taken for days that name none."""
    if hints.year is None:
        return ()
    text = Text(f"没有写年份的日期,按对照表读作 {hints.year} 年", f"days that name no year are taken for {hints.year}")
    return (Problem("note", "settled", text, kind="year", meaning=str(hints.year)),)


def _said(
    grid: Grid, kind: str, text: str, meaning: str, words: Vocabulary, at: tuple[int, int] | None = None, times: int = 1
) -> Problem:
    """Say what a text was taken for."""
    many = (f"(共 {times} 处)", f" ({times} cells)") if times > 1 else ("", "")
    named = kind in ("header", "sheet", "item", "branch")
    zh, en = (f"{OTHERS[kind]}“{text}”", f"{kind} “{text}”") if named else (f"“{text}”", f"“{text}”")
    label = words.meant(kind, meaning)
    told = (f"{zh}按对照表不计", f"{en} is left aside, as the correspondence table says")
    if meaning != ASIDE:
        told = (f"{zh}按对照表读作“{label}”", f"{en} is read as “{label}”, as the correspondence table says")
    cell = grid.address(*at) if at else ""
    place = grid.file, grid.sheet, cell, text
    return Problem("note", "settled", Text(told[0] + many[0], told[1] + many[1]), *place, kind, times, meaning)


# ---------------------------------------------------------------- headers


def _renamed(grid: Grid, headers: Mapping[str, str], words: Vocabulary) -> tuple[Grid, list[Problem]]:
    """Return a sheet with its headers in our words, and what was put for what."""
    places = _headers(grid, headers, words) if headers else {}
    alike = grouped((plain(display_raw(grid.columns[j][i])), (i, j)) for i, j in places)
    said = [_said(grid, "header", text, places[at], words, at) for text, (at, *_) in alike.items()]
    return grid.put(places), said


def _headers(grid: Grid, headers: Mapping[str, str], words: Vocabulary) -> Mapping[tuple[int, int], str]:
    """Return the cells that are headers to be put in other words.

    They stand in the first row that has one, in the levels of the same header
    below it, and in every row that repeats it. Elsewhere such a text is a value.
    """
    rows = list(grid.rows())
    top = next((i for i, row in enumerate(rows[:DEEPEST]) if any(_meant(value, headers) for value in row)), None)
    if top is None:
        return {}
    persons = [j for j, value in enumerate(rows[top]) if _is_person(_meant(value, headers) or value, words)]
    levels = [i for i in range(top + 1, min(top + _LEVELS, len(rows))) if all(is_blank(rows[i][j]) for j in persons)]
    found: dict[tuple[int, int], str] = {}
    for i in (i for i, row in enumerate(rows) if i in levels or row == rows[top]):
        above = {j for k, j in found if i - _LEVELS < k < i}
        found |= {(i, j): said for j, v in enumerate(rows[i]) if j not in above and (said := _meant(v, headers))}
    return found


def _is_person(value: Value, words: Vocabulary) -> bool:
    return isinstance(value, str) and bool(set(PERSON) & set(named_by(value, words).values()))


def _meant(value: Value, headers: Mapping[str, str]) -> str:
    return next((headers[form] for form in header_forms(value) if form in headers), "")


# ---------------------------------------------------------------- words, signs, branches


def _settled(block: Block, hints: Hints, words: Vocabulary) -> Layout:
    """Return a block with its cells as they are meant, what is said of it, and how many cells were left aside."""
    joined, renamed = _joined(block, "branch", hints.branches, words)
    joined, of_items = _joined(joined, "item", hints.items, words) if block.table in _MARKED else (joined, [])
    notes = [note for kind, _, j in _coded(block) for note in _read(block, kind, j, hints, words)]
    notes += _states_read(block, hints, words) if block.table == "members" else ()
    kept, of_aside, count = _without(joined, hints, words)
    kept, of_columns, more = _without_items(kept, hints, words)
    if block.table == "attendance":  # what a legend of the sheet's own says holds before what is said of all sheets
        kept = replace(kept, symbols={**hints.symbols, **block.symbols})
    said = (*renamed, *of_items, *of_columns, *notes, *of_aside)
    return Layout((kept,), tuple(_once(said, block.grid, words)), {"aside": count + more})


_MARKED = ("marks", "declarations")
"""Tables of items."""


def _once(notes: Iterable[Problem], grid: Grid, words: Vocabulary) -> Iterator[Problem]:
    """Say what was settled in several columns once, at the first cell."""
    alike = grouped(((note.kind, fold_text(note.kind, note.value), note.meaning), note) for note in notes)
    for (kind, _, meaning), same in alike.items():
        told = _said(grid, kind, same[0].value, meaning, words, None, sum(note.times for note in same))
        yield replace(told, cell=same[0].cell)


def _coded(block: Block) -> Iterator[tuple[str, str, int]]:
    """Yield the columns of a block that hold words of the vocabulary, or names of items: kind, column, place."""
    places = [*block.columns.items(), *(place for spread in block.spreads for place in spread.fields.items())]
    columns = TABLES[block.table]
    kinds = (
        (columns[name].words or (name if name == "item" else ""), name, j) for name, j in places if name in columns
    )
    yield from ((kind, name, j) for kind, name, j in kinds if kind)


def _texts(block: Block, j: int, wanted: Callable[[str], bool]) -> dict[str, list[int]]:
    """Return the texts of a column that are wanted, each with its rows."""
    column = block.grid.columns[j]
    distinct = {
        value: display_raw(value) for value in {column[i] for i in block.body} if isinstance(value, (str, int, float))
    }
    meant = {value: text for value, text in distinct.items() if wanted(text)}
    cells = ((i, column[i]) for i in (block.body if meant else ()))
    return grouped((meant[cell], i) for i, cell in cells if isinstance(cell, (str, int, float)) and cell in meant)


def _read(block: Block, kind: str, j: int, hints: Hints, words: Vocabulary) -> Iterator[Problem]:
    """Say which words and signs of a column the table explains."""
    spellings, signs = hints.spellings.get(kind, {}), hints.symbols if kind == "status" else {}
    for text, rows in _texts(block, j, lambda text: spelling(text) in spellings).items():
        yield _said(block.grid, kind, text, spellings[spelling(text)], words, (rows[0], j), len(rows))
    for text, rows in _texts(block, j, lambda text: plain(text) in signs).items():
        if plain(text) not in block.symbols:
            yield _said(block.grid, "sign", text, signs[plain(text)], words, (rows[0], j), len(rows))


def _states_read(block: Block, hints: Hints, words: Vocabulary) -> Iterator[Problem]:
    """Say which words for states the table explains, in the columns that are no column of ours as they stand."""
    spelt = {kind: hints.spellings.get(kind, {}) for kind in ("post", "stage", STANDING)}
    known = {text: (kind, code) for kind, codes in spelt.items() for text, code in codes.items()}
    own = {j for _, _, j in _coded(block)}
    for j in (j for j in range(block.grid.width) if known and j not in own):
        for text, rows in _texts(block, j, lambda text: spelling(text) in known).items():
            kind, code = known[spelling(text)]
            meaning = ASIDE if spelling(text) in hints.aside.get(kind, ()) else code
            yield _said(block.grid, kind, text, meaning, words, (rows[0], j), len(rows))


def _joined(block: Block, column: str, joined: Mapping[str, str], words: Vocabulary) -> tuple[Block, list[Problem]]:
    """Put one name for every branch, or item, whether a column, the surroundings or a header says it."""
    said: list[Problem] = []

    def meaning(text: str) -> str:
        found = joined.get(fold_text(column, text), "")
        return "" if found == ASIDE else found

    def named(given: Mapping[str, Any]) -> Mapping[str, Any]:
        if not (name := str(given.get(column) or "")) or not (meant := meaning(name)):
            return given
        said.append(_said(block.grid, column, name, meant, words))
        return {**given, column: meant}

    constants = named(block.constants)
    spreads = tuple(replace(spread, constants=named(spread.constants)) for spread in block.spreads)
    j = block.columns.get(column)
    found = _texts(block, j, lambda text: bool(meaning(text))) if j is not None and joined else {}
    for text, rows in found.items():
        said.append(_said(block.grid, column, text, meaning(text), words, (rows[0], j or 0), len(rows)))
    cells = {(i, j or 0): meaning(text) for text, rows in found.items() for i in rows}
    return replace(block, grid=block.grid.put(cells), constants=constants, spreads=spreads), said


def _without_items(block: Block, hints: Hints, words: Vocabulary) -> tuple[Block, list[Problem], int]:
    """Leave aside the columns of items that are not to count."""
    named = [(spread, str(spread.constants.get("item") or "")) for spread in block.spreads]
    lost = [(spread, name) for spread, name in named if hints.items.get(fold_text("item", name)) == ASIDE]
    if not lost or block.table not in _MARKED:
        return block, [], 0
    columns = {j for spread, _ in lost for j in spread.fields.values()}
    count = sum(
        not is_blank(block.grid.columns[j][i]) and (i, j) not in block.copies for i in block.body for j in columns
    )
    kept = tuple(spread for spread, _ in named if spread not in [one for one, _ in lost])
    said = [_said(block.grid, "item", name, ASIDE, words) for _, name in lost]
    return replace(block, spreads=kept, filled=block.filled - count), said, count


def _without(block: Block, hints: Hints, words: Vocabulary) -> tuple[Block, list[Problem], int]:
    """Leave aside what is not to count: the row where a record is nothing without the word, else the word alone."""
    said: list[Problem] = []
    cells: dict[tuple[int, int], Value] = {}
    rows: set[int] = set()
    for kind, name, j in _coded(block) if hints.aside else ():
        column = TABLES[block.table][name]
        found = _texts(block, j, _aside(kind, hints))
        shared = name in block.columns or not block.wide
        if column.required and not shared and block.blank:
            continue  # here a blank has a meaning of its own: the word stays unknown, and is said to be
        for text, places in found.items():
            signed = kind == "status" and plain(text) in hints.aside.get("sign", ())
            said.append(_said(block.grid, "sign" if signed else kind, text, ASIDE, words, (places[0], j), len(places)))
            cells |= dict.fromkeys(((i, j) for i in places), None)
            rows |= set(places) if column.required and shared else set()
    lost = {(i, j) for i in rows for j in block.used} | cells.keys()
    count = sum(not is_blank(block.grid.columns[j][i]) and (i, j) not in block.copies for i, j in lost)
    body = [i for i in block.body if i not in rows] if rows else block.body
    return replace(block, grid=block.grid.put(cells), body=body, filled=block.filled - count), said, count


def _aside(kind: str, hints: Hints) -> Callable[[str], bool]:
    words, signs = hints.aside.get(kind, ()), hints.aside.get("sign", ()) if kind == "status" else ()
    return lambda text: fold_text(kind, text) in words or plain(text) in signs
