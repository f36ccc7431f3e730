"""From the rows of a 方案表 to a scheme file's content, every mistake with its cell; and from this to rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jifen_analysis.errors import Problem, Text
from jifen_analysis.schemes.model.parts import MisfitError
from jifen_analysis.schemes.sheets.notation import Cell, Plain, terms_by
from jifen_analysis.schemes.sheets.plan import ABOUT, CHANGES, HEAD, SHEETS, PlanColumn, PlanSheet
from jifen_analysis.schemes.sheets.terms import Labels, Terms, terms_of
from jifen_analysis.tables.sources import letters
from jifen_analysis.vocabulary import spelling, standard

Rows = Sequence[Sequence[Cell]]
Address = tuple[str, str]
"""Sheet and cell."""
_AROUND = ("填写说明", "字典")
"""Sheets that a 方案表 brings, and that say nothing of the scheme."""


@dataclass(frozen=True)
class PlacedDocument:
    """What a 方案表 says, as a scheme file has it; the sheet and cell of each dotted path; what could not be read."""

    document: dict[str, Any]
    places: Mapping[str, Address]
    problems: tuple[Problem, ...] = ()

    def addressed(self, problem: Problem, file: str) -> Problem:
        """Give a problem at a dotted path the cell where that was written."""
        steps = problem.cell.split(".")
        paths = (".".join(steps[:n]) for n in range(len(steps), 0, -1))
        sheet, cell = next((self.places[path] for path in paths if path in self.places), (HEAD, ""))
        return Problem(problem.severity, problem.code, problem.text, file, sheet, cell, problem.value)


@dataclass(frozen=True)
class _PlacedValue:
    """A value, its path in the file, and the cell where it stands."""

    path: tuple[str, ...]
    value: Any
    place: Address


Found = Iterator[_PlacedValue | Problem]


def document_of(sheets: Mapping[str, Rows]) -> PlacedDocument:
    """Return what the rows of a 方案表 say."""
    tables = {
        sheet.name: _PlanTable.of(sheet, sheets[sheet.name]) for sheet in (*SHEETS, *CHANGES) if sheet.name in sheets
    }
    titled = [one for table in tables.values() for one in _titles(table)]
    terms = terms_of(_folded(titled))
    found = [
        *_strangers(sheets),
        *_about(sheets.get(HEAD, ()), terms),
        *(problem for table in tables.values() for problem in table.problems),
        *_parts(tables, terms),
        *(one for sheet in CHANGES if sheet.name in tables for one in _changes(tables[sheet.name], terms)),
    ]
    said = [one for one in found if isinstance(one, _PlacedValue)]
    places = {".".join(one.path): one.place for one in reversed(said)}
    return PlacedDocument(_folded(said), places, tuple(one for one in found if isinstance(one, Problem)))


def _folded(said: Sequence[_PlacedValue]) -> dict[str, Any]:
    """Put values at their paths; a table that is only named is there, too."""
    document: dict[str, Any] = {}
    for one in said:
        table = document
        for step in one.path[:-1]:
            table = table.setdefault(step, {})
        if one.value == {}:
            table.setdefault(one.path[-1], {})
        else:
            table[one.path[-1]] = one.value
    return document


def _strangers(sheets: Mapping[str, Rows]) -> Found:
    known = Labels.of({name: name for name in (HEAD, *(sheet.name for sheet in (*SHEETS, *CHANGES)))})
    for name, rows in sheets.items():
        if name not in known.shown.keys() | set(known.codes.values()) | set(_AROUND) and not all(
            _blank(cell) for row in rows for cell in row
        ):
            yield from _unknown(known, name, "方案表里", (name, "A1"))
    if HEAD not in sheets:
        text = Text(f"没有“{HEAD}”这张表,不是方案表", f"there is no sheet {HEAD}: not a scheme's workbook")
        yield Problem("error", "no_sheet", text)


def _unknown(known: Labels, said: Cell, what: str, place: Address) -> Iterator[Problem]:
    """Yield what is wrong with a name, if anything is."""
    try:
        known.code(str(said), what)
    except MisfitError as misfit:
        yield _bad_cell(misfit, place, said)


def _bad_cell(misfit: MisfitError, place: Address, said: Cell) -> Problem:
    return Problem("error", "bad_cell", misfit.text, "", *place, str(said))


# ---------------------------------------------------------------- one sheet


@dataclass(frozen=True)
class _PlanTable:
    """The rows of one sheet, laid out: the column of each header, rows by number without blank ones, odd headers."""

    sheet: PlanSheet
    at: Mapping[str, int]
    rows: tuple[tuple[int, Sequence[Cell]], ...]
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, sheet: PlanSheet, rows: Rows) -> _PlanTable:
        """Find the headers, and what stands below them."""
        known = {spelling(header): header for header in sheet.headers}
        first = next((n for n, row in enumerate(rows) if _headed(row, sheet)), 0)
        heads = rows[first] if rows else ()
        at = {
            known[spelling(str(cell))]: j
            for j, cell in enumerate(heads)
            if cell is not None and spelling(str(cell)) in known
        }
        names = Labels.of({header: header for header in sheet.headers})
        odd = [(j, cell) for j, cell in enumerate(heads) if cell is not None and spelling(str(cell)) not in known]
        problems = [
            problem
            for j, cell in odd
            for problem in _unknown(names, cell, "这张表的表头", (sheet.name, _cell_at(first, j)))
        ]
        below = tuple((n + 1, row) for n, row in enumerate(rows) if n > first and not all(map(_blank, row)))
        return cls(sheet, at, below, tuple(problems))

    def cell(self, row: Sequence[Cell], header: str) -> Cell:
        """Return a cell of a row; ``None`` where it is blank or the column is not there."""
        j = self.at.get(header, len(row))
        found = row[j] if j < len(row) else None
        return None if _blank(found) else found

    def place(self, number: int, header: str) -> Address:
        """Return the address of a cell."""
        return self.sheet.name, _cell_at(number - 1, self.at.get(header, 0))


def _blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _headed(row: Sequence[Cell], sheet: PlanSheet) -> bool:
    """Return whether a row holds the headers: that of the id, or several."""
    said = {spelling(str(cell)) for cell in row if cell is not None}
    return spelling(sheet.key) in said or len(said & set(map(spelling, sheet.headers))) > 1


def _cell_at(row: int, column: int) -> str:
    return f"{letters(column + 1)}{row + 1}"


def _one(path: tuple[str, ...], cell: Cell, column: PlanColumn, place: Address, terms: Terms) -> _PlacedValue | Problem:
    """Return what a cell says of the part at a path."""
    try:
        if isinstance(cell, str) and cell.startswith("="):
            raise MisfitError("这里是公式,请换成它的值", "a formula; write its value instead")
        return _PlacedValue((*path, *column.path), column.codec.read(cell, terms), place)
    except MisfitError as misfit:
        return _bad_cell(misfit, place, cell)


def _said(
    table: _PlanTable,
    number: int,
    row: Sequence[Cell],
    path: tuple[str, ...],
    columns: Sequence[PlanColumn],
    terms: Terms,
) -> Found:
    """Yield what the columns of a row say of the part at a path."""
    for column in columns:
        cell = table.cell(row, column.header)
        if cell is not None:
            yield _one(path, cell, column, table.place(number, column.header), terms)


# ---------------------------------------------------------------- ids


def _own_key(table: _PlanTable, row: Sequence[Cell]) -> str:
    """Return the id of a row; where none is written, its name without the signs that no id may have."""
    found = table.cell(row, table.sheet.key)
    if found is None:
        title = table.cell(row, "名称")
        return re.sub(r"[.;\s]+", "_", str(title).strip()) if title is not None else ""
    return str(Plain().read(found, Terms(standard())))


def _titles(table: _PlanTable) -> Iterator[_PlacedValue]:
    """Yield ids, titles and labels of the parts that cells elsewhere may name."""
    if table.sheet.owners or table.sheet in CHANGES:
        return
    plain = [column for column in table.sheet.columns if column.path[-1] in ("title", "label", "aliases")]
    for number, row in table.rows:
        key = _own_key(table, row)
        if key:
            path = (*table.sheet.section, key)
            yield _PlacedValue(path, {}, ("", ""))
            said = _said(table, number, row, path, plain, Terms(standard()))
            yield from (one for one in said if isinstance(one, _PlacedValue))


@dataclass(frozen=True)
class _PlacedRow:
    """A row and the path of its part."""

    path: tuple[str, ...]
    number: int
    row: Sequence[Cell]


def _parts(tables: Mapping[str, _PlanTable], terms: Terms) -> Found:
    owners: dict[tuple[str, ...], dict[str, str]] = {}
    for sheet in SHEETS:
        if sheet.name not in tables:
            continue
        table, seen = tables[sheet.name], set()
        for part in _rows_of(table, owners):
            if isinstance(part, Problem):
                yield part
                continue
            place = table.place(part.number, sheet.key)
            if part.path in seen:
                text = Text(f"“{part.path[-1]}”写了两次,请换一个{sheet.key}", f"{part.path[-1]} stands twice")
                yield Problem("error", "twice", text, "", *place, part.path[-1])
                continue
            seen.add(part.path)
            title = table.cell(part.row, "名称")
            owners.setdefault(part.path[:-1], {})[part.path[-1]] = str(title or "")
            yield _PlacedValue(part.path, {}, place)
            by = [column for column in sheet.columns if column.path == ("by",)]
            priced_by = (
                one for one in _said(table, part.number, part.row, (), by, terms) if isinstance(one, _PlacedValue)
            )
            own = terms_by(terms, next((one.value for one in priced_by), None))
            yield from _said(table, part.number, part.row, part.path, sheet.columns, own)


def _rows_of(table: _PlanTable, owners: Mapping[tuple[str, ...], Mapping[str, str]]) -> Iterator[_PlacedRow | Problem]:
    """Yield each row with its path; an owner that is not written is that of the row above."""
    before: tuple[Cell, ...] = (None,) * len(table.sheet.owners)
    for number, row in table.rows:
        said = [table.cell(row, header) for header in table.sheet.owners]
        before = tuple(own if own is not None else above for own, above in zip(said, before, strict=True))
        try:
            path = _path(table.sheet, before, owners)
        except MisfitError as misfit:
            at = next((header for header, cell in zip(table.sheet.owners, said, strict=True) if cell is not None), "")
            yield Problem("error", "no_owner", misfit.text, "", *table.place(number, at or table.sheet.key))
            continue
        key = _own_key(table, row)
        if key:
            yield _PlacedRow((*path, key), number, row)
        else:
            text = Text(f"这一行没有{table.sheet.key},也没有名称", "this row has neither an id nor a name")
            yield Problem("error", "no_key", text, "", *table.place(number, table.sheet.key))


def _path(
    sheet: PlanSheet, said: Sequence[Cell], owners: Mapping[tuple[str, ...], Mapping[str, str]]
) -> tuple[str, ...]:
    path: tuple[str, ...] = ()
    names = iter(zip(sheet.owners, said, strict=True))
    for step in sheet.section:
        if step != "*":
            path = (*path, step)
            continue
        header, cell = next(names)
        if cell is None:
            raise MisfitError(f"须写明{header}", f"{header} is wanted")
        path = (*path, Labels.of(owners.get(path, {})).code(str(Plain().read(cell, Terms(standard()))), header))
    return path


# ---------------------------------------------------------------- the first sheet, readings


def _about(rows: Rows, terms: Terms) -> Found:
    known = {spelling(column.header): column for column in ABOUT}
    for number, row in enumerate(rows, start=1):
        said, cell = (row[j] if j < len(row) else None for j in (0, 1))
        column = known.get(spelling(str(said))) if said is not None else None
        if column is not None and cell is not None:
            yield _one((), cell, column, (HEAD, f"B{number}"), terms)
        elif said is not None and number > 1 and column is None:
            names = Labels.of({one.header: one.header for one in ABOUT})
            yield from _unknown(names, said, "这张表", (HEAD, f"A{number}"))


def _changes(table: _PlanTable, terms: Terms) -> Found:
    """Yield what the rows of readings say: one that names no id goes on with the one above."""
    columns = {column.header: column for column in table.sheet.columns}
    whole = [column for column in table.sheet.columns if column.header not in ("改动", "路径", "值")]
    dropped: dict[str, list[str]] = {}
    key = ""
    for number, row in table.rows:
        key = _own_key(table, row) or key
        path, place = (table.sheet.section[0], key), table.place(number, table.sheet.key)
        yield _PlacedValue(path, {}, place)
        yield from _said(table, number, row, path, whole, terms)
        target = table.cell(row, "路径")
        if target is None:
            continue
        if table.cell(row, "改动") in ("删去", "drop"):
            dropped[key] = [*dropped.get(key, ()), str(target)]
            yield _PlacedValue((*path, "drop"), dropped[key], table.place(number, "路径"))
            continue
        for one in _said(table, number, row, (), [columns["值"]], terms):
            yield one if isinstance(one, Problem) else _PlacedValue((*path, "set", str(target)), one.value, one.place)


# ---------------------------------------------------------------- from a scheme to rows


_SAID_ONCE = ("title", "why", "clause", "assumed")
"""What the first row of a reading says for all of them."""


def rows_of(document: Mapping[str, Any]) -> dict[str, list[list[Cell]]]:
    """Return the rows of every sheet, the headers first."""
    terms = terms_of(document)
    about = [[column.header, _cell(document, column, terms)] for column in ABOUT]
    sheets: dict[str, list[list[Cell]]] = {HEAD: [["项目", "内容"], *about]}
    for sheet in SHEETS:
        found = [_row(sheet, owners, key, part, terms) for owners, key, part in _sections(document, sheet.section)]
        sheets[sheet.name] = [list(sheet.headers), *found]
    for sheet in CHANGES:
        rows = [
            row for key, part in document.get(sheet.section[0], {}).items() for row in _changed(sheet, key, part, terms)
        ]
        sheets[sheet.name] = [list(sheet.headers), *rows]
    return sheets


def _sections(
    part: Any, section: tuple[str, ...], owners: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Yield every part of a section with its owners and its own id."""
    if not section:
        yield from ((owners, key, one) for key, one in part.items())
        return
    step, *rest = section
    if step == "*":
        for key, one in part.items():
            yield from _sections(one, tuple(rest), (*owners, key))
    elif step in part:
        yield from _sections(part[step], tuple(rest), owners)


def _row(sheet: PlanSheet, owners: tuple[str, ...], key: str, part: Mapping[str, Any], terms: Terms) -> list[Cell]:
    own = terms_by(terms, part.get("by"))
    return [*owners, key, *(_cell(part, column, own) for column in sheet.columns)]


def _cell(part: Mapping[str, Any], column: PlanColumn, terms: Terms) -> Cell:
    found: Any = part
    for step in column.path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return None if found is None else column.codec.shown(found, terms)


def _changed(sheet: PlanSheet, key: str, part: Mapping[str, Any], terms: Terms) -> Iterator[list[Cell]]:
    """Yield a row for each path of a reading; what is said of the whole stands in the first."""
    sets = [{"how": "set", "path": path, "value": value} for path, value in part.get("set", {}).items()]
    drops = [{"how": "drop", "path": path} for path in part.get("drop", ())]
    for at, change in enumerate([*sets, *drops] or [{}]):
        whole = {name: part[name] for name in _SAID_ONCE if name in part} if at == 0 else {}
        yield _row(sheet, (), key, {**whole, **change}, terms)
