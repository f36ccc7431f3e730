"""Everybody whom the minutes of a meeting list: a record of each."""

from __future__ import annotations

from dataclasses import replace

from jifen_analysis.errors import Text
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.block import LONG
from jifen_analysis.intake.layouts.joint.signs import AWAY, agreed
from jifen_analysis.intake.layouts.legend import status_in
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.readings.attendees import names_in


def with_attendees(piece: Piece) -> Piece:
    """Give everybody in a list a row of his own, with the status of the list or what stands behind his name."""
    if not piece.header.lists:
        return piece
    ((j, code),) = piece.header.lists.items()
    listed = {i: names_in(value) for i, value in piece.filled(j)}
    for i in [i for i, names in listed.items() if not names]:
        piece = piece.saying("list_unread", _UNREAD, (i, j), "error")
    people = [(i, name, why) for i, names in listed.items() for name, why in names]
    again = [n for n, (i, _, _) in enumerate(people) if n and people[n - 1][0] == i]
    rows = dict(zip(again, range(piece.grid.height, piece.grid.height + len(again)), strict=True))
    piece = replace(piece, body=[i for i, names in listed.items() if names])
    longer = piece.repeated([people[n][0] for n in again])
    named: dict[int, Value] = {rows.get(n, i): name for n, (i, name, _) in enumerate(people)}
    statuses: dict[int, Value] = {}
    for n, (i, _, why) in enumerate(people):
        said = status_in(why, piece.scene.words) if why else ""
        status = agreed(code, said, code if code in AWAY else "")
        statuses[rows.get(n, i)] = said if code in AWAY and said in AWAY else status
        if status is None:
            longer = longer.saying("list_unread", _UNREAD, (i, j), "error")
    told = replace(longer, header=longer.header.with_spreads(LONG)).put(j, named)
    first = min(listed, default=0)
    label = piece.scene.words.label("status", code)
    text = Text(f"格里列出的人各读作一条,{label}(共 {len(people)} 人)", f"everybody listed, a record each: {code}")
    told = told.saying("names_parted", text, (first, j), times=len(people)) if people else told
    return told.with_column("status", statuses, j)


_UNREAD = Text(
    "这一格不全是姓名,或人数、状态与所写的不符,没有读;请只写姓名,用顿号隔开,如 张三、李四(病假)",
    "is not names alone, or says another number or status of them: write names alone, as 张三、李四(病假)",
)
