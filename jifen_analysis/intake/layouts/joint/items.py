"""Items of which each row names one, with numbers and full marks around their names."""

from __future__ import annotations

from jifen_analysis.errors import Text
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.readings.items import item_in
from jifen_analysis.vocabulary import spelling


def with_bare_items(piece: Piece) -> Piece:
    """Put the bare name of an item in place of one such as 1.理论学习(10分); name those that no scheme given has."""
    if piece.header.table != "marks":
        return piece
    j = piece.header.columns.get("item", -1)
    cells = piece.filled(j) if j >= 0 else []
    bare: dict[int, Value] = {i: item_in(value) for i, value in cells if isinstance(value, str)}
    piece = piece.put(j, {i: name for i, name in bare.items() if name and name != piece.grid.columns[j][i]})
    told = {str(value): (i, j) for i, value in reversed(cells)}
    for spread in (one for one in piece.header.spreads if "item" in one.constants):
        told[str(spread.constants["item"])] = piece.header.row, min(spread.fields.values())
    known = piece.scene.words.items
    for name in (name for name in told if known and spelling(item_in(name)) not in known):
        text = Text(f"所给的方案没有“{name}”这个项目,不会计分", f"no scheme given has an item {name}: not scored")
        piece = piece.saying("item_unknown", text, told[name])
    return piece
