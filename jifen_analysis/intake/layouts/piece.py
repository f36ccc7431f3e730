"""A table on its way to a block: its header, its rows, and what was put where it can be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from jifen_analysis.errors import Problem, Severity, Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain, read_cell
from jifen_analysis.intake.dues import amount_of
from jifen_analysis.intake.grid import Grid, Value, distinct_cells, is_blank
from jifen_analysis.intake.layouts.block import Spread, problem
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.tables import TABLES

_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Piece:
    """One table; what reads columns together hands on another one."""

    grid: Grid  # the sheet, its cells as they will be read
    header: Header  # its header
    first: int  # the first row below it
    body: Sequence[int]  # the rows with records
    scene: Scene  # what stands around it
    copies: frozenset[tuple[int, int]] = frozenset()  # cells that only repeat what stands elsewhere
    headings: Mapping[int, str] = field(default_factory=dict)  # row to what stands alone in it, between the records
    said: tuple[Problem, ...] = ()  # what is wrong, and readings taken

    @property
    def width(self) -> int:
        """How many columns the sheet itself has, without those that were made of them."""
        return len(set(self.grid.column_numbers))

    def label(self, j: int) -> Value:
        """Return the lowest text of a column's header."""
        lines = (self.grid.columns[j][i] for i in reversed(self.header.lines))
        return next((value for value in lines if value not in (None, "")), None)

    def head(self, j: int) -> str:
        """Return the lowest text of a column's header as it is compared."""
        label = self.label(j)
        return "" if label is None else plain(display_raw(label))

    def filled(self, j: int) -> list[tuple[int, Value]]:
        """Return the rows with records in which something stands in a column, and what."""
        cells = self.grid.columns[j]
        silent = set(filter(is_nothing, distinct_cells(cells, self.body)))
        return [(i, value) for i in self.body if (value := cells[i]) not in silent]

    def which(self, j: int, read: Callable[[str], _Found | None]) -> dict[int, _Found]:
        """Return the rows whose text in a column says something, and what; each distinct text is looked at once."""
        cells = distinct_cells(self.grid.columns[j], self.body) if j >= 0 else ()
        said = {text: found for text in cells if isinstance(text, str) and (found := read(text))}
        rows = ((i, self.grid.columns[j][i]) for i in self.body) if said else ()
        return {i: said[value] for i, value in rows if isinstance(value, str) and value in said}

    def amount(self, value: Value) -> float | None:
        """Return the amount of dues that a cell says."""
        number: float | None = read_cell(amount_of(value), TABLES["dues"]["paid"], self.scene.words).value
        return number

    def filled_at(self, i: int) -> int:
        """Return the first column of a row in which something stands."""
        return next(j for j in range(self.grid.width) if not is_blank(self.grid.columns[j][i]))

    def without(self, name: str) -> Piece:
        """Return the piece with a column that is not read on its own."""
        columns = {known: j for known, j in self.header.columns.items() if known != name}
        return replace(self, header=replace(self.header, columns=columns))

    def unread(self) -> list[int]:
        """Return the columns that nothing reads yet."""
        return [j for j in range(self.grid.width) if j not in self.header.used and j not in self.summed]

    @property
    def summed(self) -> frozenset[int]:
        """The columns that sum up others."""
        return frozenset(total.j for total in self.header.sums)

    def put(self, j: int, changes: Mapping[int, Value]) -> Piece:
        """Return the piece with other values in some rows of a column."""
        if not changes:
            return self
        old = self.grid.columns[j]
        grid = self.grid.put({(i, j): value for i, value in changes.items()})
        return replace(self, grid=grid, copies=self.copies | {(i, j) for i in changes if is_blank(old[i])})

    def repeated(self, rows: Sequence[int]) -> Piece:
        """Return the piece with some rows once more, below the sheet: with their numbers, and no cells of their own."""
        grid, more = self.grid, range(self.grid.height, self.grid.height + len(rows))
        columns = tuple((*column, *(column[i] for i in rows)) for column in grid.columns)
        numbers = (*grid.row_numbers, *(grid.row_numbers[i] for i in rows))
        copies = self.copies | {(i, j) for i in more for j in range(grid.width)}
        longer = replace(grid, columns=columns, row_numbers=numbers)
        return replace(self, grid=longer, body=(*self.body, *more), copies=copies)

    def named(self, name: str, j: int) -> Piece:
        """Return the piece with a name for one of its columns."""
        return replace(self, header=replace(self.header, columns={**self.header.columns, name: j}))

    def reading(self, *columns: int) -> Piece:
        """Return the piece with columns that are read together with others."""
        return replace(self, header=replace(self.header, beside=self.header.beside | set(columns)))

    def with_column(self, name: str, values: Mapping[int, Value], of: int, spread: Spread | None = None) -> Piece:
        """Return the piece with a column more, made of what stands in column ``of``; addresses are those of its cells.

        The column is of all records of a row, or of the one that ``spread`` names.
        """
        wider, header = self._wider(values, of), self.header
        if spread is None:
            return wider.named(name, self.grid.width)
        kept = [one for one in header.spreads if one.fields or one.constants]
        more = Spread({**spread.fields, name: self.grid.width}, spread.constants)
        return replace(wider, header=header.with_spreads((*kept, more)))

    def with_field(self, at: int, name: str, values: Mapping[int, Value], of: int) -> Piece:
        """Return the piece with a column more of one of the records beside each other, said by column ``of``."""
        spreads = list(self.header.spreads)
        spreads[at] = Spread({**spreads[at].fields, name: self.grid.width}, spreads[at].constants)
        return replace(self._wider(values, of), header=self.header.with_spreads(tuple(spreads)))

    def _wider(self, values: Mapping[int, Value], of: int) -> Piece:
        grid, at = self.grid, self.grid.width
        column = tuple(values.get(i) for i in range(grid.height))
        numbers = (*grid.column_numbers, grid.column_numbers[of])
        wider = replace(grid, columns=(*grid.columns, column), column_numbers=numbers)
        return replace(self, grid=wider, copies=self.copies | {(i, at) for i in values})

    def refusing_void(self, j: int, remarks: Mapping[int, str]) -> Piece:
        """Return the piece with an error at every remark, by row, that says that its row does not count."""
        piece = self
        for i, said in remarks.items():
            text = Text(
                f"备注“{said}”说这一条不算或有误;请删去或改正这一行",
                f"the remark “{said}” says that this does not count, or is wrong: delete or correct the row",
            )
            piece = piece.saying("record_void", text, (i, j), "error")
        return piece

    def at(self, name: str) -> int:
        """Return the place of a column that every record of a row reads; -1 where there is none."""
        return self.header.columns.get(name, -1)

    def cell(self, i: int, name: str) -> Value:
        """Return what stands in a row in a column that every record of it reads; nothing where there is none."""
        return self.grid.columns[self.header.columns[name]][i] if name in self.header.columns else None

    def refusing(self, code: str, text: Text, rows: Iterable[int], j: int) -> Piece:
        """Return the piece with an error at each of some rows of a column."""
        wrong = (problem(self.grid, code, text, (i, j)) for i in rows)
        return replace(self, said=(*self.said, *wrong))

    def noting(self, code: str, text: Text, rows: Collection[int], j: int) -> Piece:
        """Return the piece with something said once of some rows of a column, at the first; of none, nothing."""
        return self.saying(code, text, (min(rows), j), times=len(rows)) if rows else self

    def saying(
        self, code: str, text: Text, at: tuple[int, int], severity: Severity = "note", times: int = 1, kind: str = ""
    ) -> Piece:
        """Return the piece with something said of a cell."""
        return replace(self, said=(*self.said, problem(self.grid, code, text, at, severity, kind, times)))
