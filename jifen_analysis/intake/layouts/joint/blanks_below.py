"""Days, kinds and branches written once over the rows that they hold for, and left blank below, as merged cells are."""

from __future__ import annotations

from itertools import pairwise

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import is_nothing
from jifen_analysis.intake.grid import Value, is_blank
from jifen_analysis.intake.layouts.piece import Piece

_OVER = ("date", "activity", "month", "period", "year", "item", "group", "branch")


def with_activities(piece: Piece) -> Piece:
    """Take the one column in which every text is a known activity for that of the activities, however it is called."""
    header, words = piece.header, piece.scene.words
    if header.table != "attendance" or header.wide or "activity" in header.columns:
        return piece
    first = min((piece.at(name) for name in ("member_id", "name") if piece.at(name) >= 0), default=0)
    told = {j: piece.filled(j) for j in piece.unread() if piece.head(j)}
    named = [
        j
        for j, cells in told.items()
        if cells and (len(cells) == len(piece.body) or (j < first and cells[0][0] == piece.body[0]))
        and all(isinstance(value, str) and words.code("activity", value) for _, value in cells)
    ]  # fmt: skip
    if len(named) != 1:
        return piece
    head = piece.head(named[0])
    text = Text(f"“{head}”按内容读作 活动类型", f"{head}, by what stands in it: the activity")
    return piece.named("activity", named[0]).noting("column_meaning", text, [i for i, _ in told[named[0]]], named[0])


def with_blanks_below(piece: Piece) -> Piece:
    """Give blank cells what stands above them, where a column before the members groups the rows.

    Only where it plainly does: every value is another than the one above, and every one has blank cells below it.
    Somebody who left one cell out wrote the others, row by row.
    """
    people = [piece.at(name) for name in ("member_id", "name") if piece.at(name) >= 0]
    before = [j for name in _OVER if 0 <= (j := piece.at(name)) < min(people, default=0)]
    led = [j for j in sorted(before) if is_blank(piece.grid.columns[j][piece.body[-1]])] if piece.body else []
    if not led or not _groups(piece, led[0]):
        return piece
    blank = {i for i in piece.body if is_blank(piece.grid.columns[led[0]][i])}
    for j in led:
        if {i for i in piece.body if is_blank(piece.grid.columns[j][i])} == blank:
            piece = piece.noting("blank_as_above", _AS_ABOVE, blank, j).put(j, _filled_down(piece, j))
    return piece


_AS_ABOVE = Text("空白处与上面写的相同,照上面读", "blank cells are read as what is written above them")


def _groups(piece: Piece, j: int) -> bool:
    column = piece.grid.columns[j]
    values = [column[i] for i in piece.body]
    written = [value for value in values if not is_blank(value)]
    alone = any(not is_blank(one) and not is_blank(two) for one, two in pairwise(values))
    apart = all(one != two for one, two in pairwise(written))
    return len(written) > 1 and not is_blank(values[0]) and not alone and apart and not any(map(is_nothing, written))


def _filled_down(piece: Piece, j: int) -> dict[int, Value]:
    found: dict[int, Value] = {}
    above: Value = None
    for i in piece.body:
        value = piece.grid.columns[j][i]
        above = above if is_blank(value) else value
        if is_blank(value):
            found[i] = above
    return found
