"""Columns of a roster that speak of states: header and values together decide what they set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import nothing, read_cell, shown
from jifen_analysis.intake.cells.standing import SET, Meaning, meaning_of
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.tables import TABLES

_OWN = frozenset(SET)


def with_standing(piece: Piece) -> Piece:
    """Put what a column says of states into the columns of the roster that it sets."""
    if piece.header.table != "members":
        return piece
    own = {j: name for name, j in piece.header.columns.items() if name in _OWN}
    for j in sorted({*own, *piece.unread()}):
        label = piece.label(j)
        cells = {i: piece.grid.columns[j][i] for i in piece.body}
        distinct = {value: None for value in cells.values() if isinstance(value, (str, int, float, bool))}
        found = meaning_of(label, distinct, piece.scene.words) if isinstance(label, str) else None
        if found is not None and not _plainly(found, own.get(j, ""), distinct, piece):
            piece = _put(piece.without(own[j]) if j in own else piece, j, cells, found)
    return piece


def _plainly(found: Meaning, own: str, values: Iterable[Value], piece: Piece) -> bool:
    """Return whether a column says what its header alone says already, value for value."""
    if not own or not found.columns <= {own}:
        return False
    column = TABLES["members"][own]
    return not any(
        value in found.says and read_cell(value, column, piece.scene.words).severity == "error" for value in values
    )


def _put(piece: Piece, j: int, cells: Mapping[int, Value], found: Meaning) -> Piece:
    for i, value in cells.items():
        refusal = found.refused.get(value) if not nothing(value) else None
        if refusal is not None and refusal.text is not None:
            piece = piece.saying(refusal.code, refusal.text, (i, j), "error")
    said = {i: found.says[value] for i, value in cells.items() if value in found.says}
    for name in sorted(found.columns - {"left"}):
        values = {i: _cell(one[name]) for i, one in said.items() if name in one}
        piece = _column(piece, name, values, j)
    return _left(piece, [i for i, one in said.items() if one.get("left")], j).reading(j)


def _cell(value: str | bool) -> Value:
    return value if isinstance(value, str) else "是" if value else "否"


def _column(piece: Piece, name: str, values: Mapping[int, Value], j: int) -> Piece:
    """Put values into a column, where it exists only into its blanks; two that differ are refused."""
    at, column = piece.header.columns.get(name), TABLES["members"][name]
    label = piece.scene.words.column("members", name).label
    if at is None:
        text = Text(f"这一列也说明“{label}”,照此读入", f"says {name} as well, and is read as that")
        return piece.with_column(name, values, j).saying("state_read", text, (piece.header.row, j), times=len(values))
    blanks = {i: value for i, value in values.items() if nothing(piece.grid.columns[at][i])}
    for i in values.keys() - blanks.keys():
        pair = [read_cell(value, column, piece.scene.words).value for value in (values[i], piece.grid.columns[at][i])]
        if pair[0] != pair[1]:
            other = shown(piece.grid.columns[at][i])
            text = Text(f"与“{label}”一列写的“{other}”不合", f"does not agree with “{other}” below {label}")
            piece = piece.saying("states_differ", text, (i, j), "error")
    return piece.put(at, blanks)


def _left(piece: Piece, rows: list[int], j: int) -> Piece:
    """Refuse a member who has left and stands without a last day."""
    until = piece.header.columns.get("until")
    for i in rows:
        if until is None or nothing(piece.grid.columns[until][i]):
            said = shown(piece.grid.columns[j][i])
            text = Text(
                f"“{said}”:已不在本支部,请填“截止日期”,不然按在册计分",
                f"“{said}”: no longer a member here; fill in 截止日期, or the scores go on",
            )
            piece = piece.saying("left_undated", text, (i, j), "error")
    return piece
