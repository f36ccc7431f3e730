"""Who is meant: a sheet of one person, names that somebody once had, and names written as signatures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.identity import fold_name
from jifen_analysis.intake.layouts.piece import Piece

_FORMER = re.compile(r"曾\s*用\s*名|原(?:用)?名|别名|又名")


def with_person(piece: Piece) -> Piece:
    """Give every row the name of the one person that the sheet is of, or say that all who are listed came."""
    header = piece.header
    at = header.row, min(header.columns.values(), default=0)
    if header.person:
        text = Text(f"整张表是“{header.person}”一个人的", f"the whole sheet is called by one name: {header.person}")
        ids = _ids_above(piece)
        if len(ids) == 1 and "member_id" not in header.columns:  # held against the name
            piece = piece.with_column("member_id", dict.fromkeys(piece.body, ids.pop()), at[1])
        return piece.with_column("name", dict.fromkeys(piece.body, header.person), at[1]).saying("one_person", text, at)
    if not header.lists and any(not spread.fields and "status" in spread.constants for spread in header.spreads):
        text = Text("签到表上没有签到一栏,名单上的人都读作出勤", "no column of signs: all listed are present")
        return piece.saying("listed_as_present", text, at)
    return piece


def _ids_above(piece: Piece) -> set[str]:
    """Return the ids that stand above the records of one member, behind a label or beside it."""
    texts = [plain(text) for text in piece.scene.titles]
    beside = {two for one, two in pairwise(texts) if _ID.fullmatch(one) and re.fullmatch(r"[A-Za-z]?\d{2,}", two)}
    return beside | {found[1] for text in texts for found in re.finditer(rf"{_ID.pattern}([A-Za-z]?\d{{2,}})", text)}


_ID = re.compile(r"(?:党员|人员)?编号\s*:?\s*")


def with_former_names(piece: Piece) -> Piece:
    """Keep a roster's column of former names, by which members are found who are called otherwise by now."""
    former = (j for j in piece.unread() if _FORMER.fullmatch(piece.head(j)))
    j = next(former, -1) if piece.header.table == "members" else -1
    return piece if j < 0 else piece.named("former_name", j).reading(j)


def with_signatures(piece: Piece) -> Piece:
    """Put 出勤 in place of a member's own name among the signs of a list: whoever wrote it was there."""
    name = piece.header.columns.get("name")
    if piece.header.table != "attendance" or name is None:
        return piece
    for j in sorted(set(piece.header.places("status"))):
        piece = _signed(piece, j, piece.grid.columns[name])
    return piece


def _signed(piece: Piece, j: int, names: Sequence[Value]) -> Piece:
    column = piece.grid.columns[j]
    people = {fold_name(name) for name in set(names) if isinstance(name, str)}
    if not any(isinstance(value, str) and fold_name(value) in people for value in set(column[piece.first :])):
        return piece
    signed: dict[int, Value] = {i: "出勤" for i, value in piece.filled(j) if _own(value, names[i])}
    if not signed:
        return piece
    text = Text(
        f"签的是本人姓名,读作出勤(共 {len(signed)} 处)", f"their own names, read as present ({len(signed)} cells)"
    )
    return piece.put(j, signed).saying("signature_read", text, (min(signed), j), times=len(signed))


def _own(value: Value, name: Value) -> bool:
    named = isinstance(value, str) and not is_nothing(name)
    return named and fold_name(str(value)) == fold_name(display_raw(name))
