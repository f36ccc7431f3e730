"""The names that members of a roster once had: their records may still go by them."""

from __future__ import annotations

import re
from dataclasses import replace

from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.layouts.piece import Piece

_FORMER = re.compile(r"曾\s*用\s*名|原(?:用)?名|别名|又名")


def with_former_names(piece: Piece) -> Piece:
    """Keep a roster's column of former names, by which members are found who are called otherwise by now."""
    if piece.header.table != "members":
        return piece
    j = next((j for j in piece.unread() if _FORMER.fullmatch(plain(display_raw(piece.label(j) or "")))), -1)
    if j < 0:
        return piece
    return replace(piece, header=replace(piece.header, columns={**piece.header.columns, "former_name": j})).reading(j)
