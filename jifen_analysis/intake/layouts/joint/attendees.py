"""Everybody whom the minutes of a meeting list: a record of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jifen_analysis.errors import Text
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.block import LONG
from jifen_analysis.intake.layouts.joint.signs import AWAY, agreed
from jifen_analysis.intake.layouts.legend import status_in
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.readings.attendees import CAME, names_in, roles_in
from jifen_analysis.intake.layouts.readings.statuses import code_of


def with_attendees(piece: Piece) -> Piece:
    """Give everybody in a list a row of his own, with the status of the list or what stands behind his name."""
    if not piece.header.lists:
        return piece
    ((j, code),) = piece.header.lists.items()
    listed = {i: _listed_in(value, code) for i, value in piece.filled(j)}
    for i in [i for i, names in listed.items() if not names]:
        piece = piece.saying("list_unread", _UNREAD, (i, j), "error")
    people = [(i, *one) for i, names in listed.items() for one in names]
    again = [n for n, (i, *_) in enumerate(people) if n and people[n - 1][0] == i]
    rows = dict(zip(again, range(piece.grid.height, piece.grid.height + len(again)), strict=True))
    piece = replace(piece, body=[i for i, names in listed.items() if names])
    longer = piece.repeated([people[n][0] for n in again])
    named: dict[int, Value] = {rows.get(n, i): name for n, (i, name, *_) in enumerate(people)}
    statuses: dict[int, Value] = {}
    for n, (i, _, why, role) in enumerate(people):
        said = status_in(why, piece.scene.words) if why else ""
        own = "present" if role in CAME else code_of(role, piece.scene.words) or code
        status = agreed(own, said, own if own in AWAY else "")
        statuses[rows.get(n, i)] = said if own in AWAY and said in AWAY else status
        if status is None:
            longer = longer.saying("list_unread", _UNREAD, (i, j), "error")
    told = replace(longer, header=longer.header.with_spreads(LONG)).put(j, named)
    first = min(listed, default=0)
    label = piece.scene.words.label("status", code) if code else "按格里写的出勤情况"
    zh, en = f"格里列出的人各读作一条,{label}(共 {len(people)} 人)", "everybody listed, a record each: "
    text = Text(zh, en + (code or "as the cell says"))
    told = told.saying("names_parted", text, (first, j), times=len(people)) if people else told
    return told.with_column("status", statuses, j)


def _listed_in(value: Value, code: str) -> Sequence[tuple[str, str, str]]:
    """Return who is listed in a cell: name, what stands in brackets, and as what, where the cell says that itself."""
    return [(name, why, "") for name, why in names_in(value)] if code else roles_in(value)


_UNREAD = Text(
    "这一格不全是姓名,或人数、状态与所写的不符,没有读;请只写姓名,用顿号隔开,如 张三、李四(病假)",
    "is not names alone, or says another number or status of them: write names alone, as 张三、李四(病假)",
)
