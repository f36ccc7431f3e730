"""Months of which only one amount is said: what was due is not known where it differs."""

from __future__ import annotations

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, read_cell
from jifen_analysis.intake.dues import amount_of
from jifen_analysis.intake.grid import Fault, Value
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.tables import TABLES


def with_amounts(piece: Piece) -> Piece:
    """Refuse a nought, and name what differs, among the single amounts of a member's months."""
    places = [spread.fields["due"] for spread in piece.header.spreads if list(spread.fields) == ["due"]]
    if piece.header.table != "dues" or len(places) < 2 or "due" in piece.header.columns:
        return piece
    if piece.scene.around.due is not None:
        return piece
    column, blanks = TABLES["dues"]["due"], 0
    for i in piece.body:
        cells = {j: piece.grid.columns[j][i] for j in places}
        read = {j: read_cell(amount_of(value), column, piece.scene.words).value for j, value in cells.items()}
        amounts = sorted({number for number in read.values() if number})
        blanks += sum(map(is_nothing, cells.values())) if amounts else 0
        for j in (j for j, number in read.items() if number == 0):
            piece = piece.put(j, {i: Fault("no_amount", display_raw(cells[j]))})
        if len(amounts) > 1:
            at = i, next(j for j, number in read.items() if number not in (None, 0) and number != read[_first(read)])
            piece = piece.saying("amounts_differ", _differing(amounts), at)
    if blanks:
        text = Text(
            f"空白 {blanks} 格,没有写应缴多少,不计为记录", f"{blanks} blank cells say no due and are no records"
        )
        piece = piece.saying("blank_months", text, (piece.header.row, min(places)), times=blanks)
    return piece


def _first(read: dict[int, Value]) -> int:
    return next(j for j, number in read.items() if number)


def _differing(amounts: list[float]) -> Text:
    listed = "、".join(f"{amount:g}" for amount in amounts)
    return Text(
        f"同一人各月金额不同({listed}),没有写应缴多少,每月按所填的数读作应缴并已缴;若有少缴,请加“月应缴”一列",
        f"amounts that differ ({listed}) and no due: each is taken as due and paid; if one is short add 月应缴",
    )
