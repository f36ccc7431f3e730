"""A sheet of one person: the name stands in the title or is that of the sheet, and is everyone's row."""

from __future__ import annotations

from jifen_analysis.errors import Text
from jifen_analysis.intake.layouts.piece import Piece


def with_person(piece: Piece) -> Piece:
    """Give every row the name of the one person that the sheet is of, or say that all who are listed came."""
    header = piece.header
    at = header.row, min(header.columns.values(), default=0)
    if header.person:
        text = Text(f"整张表是“{header.person}”一个人的", f"the whole sheet is called by one name: {header.person}")
        return piece.with_column("name", dict.fromkeys(piece.body, header.person), at[1]).saying("one_person", text, at)
    if any(not spread.fields and "status" in spread.constants for spread in header.spreads):
        text = Text("签到表上没有签到一栏,名单上的人都读作出勤", "no column of signs: all listed are present")
        return piece.saying("listed_as_present", text, at)
    return piece
