"""Sign-in lists: whoever wrote their own name was there."""

from __future__ import annotations

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.identity import fold_name
from jifen_analysis.intake.layouts.piece import Piece


def with_signatures(piece: Piece) -> Piece:
    """Put 出勤 in place of a member's own name among the signs."""
    name = piece.header.columns.get("name")
    if piece.header.table != "attendance" or name is None:
        return piece
    places = {spread.fields.get("status", -1) for spread in piece.header.spreads}
    places.add(piece.header.columns.get("status", -1))
    for j in sorted(places - {-1}):
        piece = _signed(piece, j, piece.grid.columns[name])
    return piece


def _signed(piece: Piece, j: int, names: object) -> Piece:
    assert isinstance(names, (list, tuple))
    column = piece.grid.columns[j]
    people = {fold_name(name) for name in set(names) if isinstance(name, str)}
    if not any(isinstance(value, str) and fold_name(value) in people for value in set(column[piece.first :])):
        return piece
    signed: dict[int, Value] = {i: "出勤" for i in piece.body if _own(column[i], names[i])}
    if not signed:
        return piece
    text = Text(
        f"签的是本人姓名,读作出勤(共 {len(signed)} 处)", f"their own names, read as present ({len(signed)} cells)"
    )
    return piece.put(j, signed).saying("signature_read", text, (min(signed), j), times=len(signed))


def _own(value: Value, name: Value) -> bool:
    return (
        isinstance(value, str)
        and not is_nothing(value)
        and not is_nothing(name)
        and fold_name(value) == fold_name(display_raw(name))
    )
