"""A blank sign with a reason beside it, and a remark that says more than the sign."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain, read_cell
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.joint.signs import ATTENDED, AWAY
from jifen_analysis.intake.layouts.legend import by_sign, status_in
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary

_REASON = re.compile(
    r"(?:(?P<leave>请假|告假)|(?P<absent>缺席|缺勤|未到会?|未参会|未出席|不到会|旷会|未参加)|出勤|考勤|到会|特殊)?(?:的?(?:原因|事由|理由|说明|情况|类别|类型|备注))|备注|说明|情况说明|(?P<alone>请假)"
)


def with_reasons(piece: Piece) -> Piece:
    """Read a blank sign as what the one column of reasons beside it says."""
    places = [spread.fields["status"] for spread in piece.header.spreads if "status" in spread.fields]
    places += [piece.header.columns["status"]] if "status" in piece.header.columns else []
    meetings = {tuple(spread.constants.items()) for spread in piece.header.spreads}
    one = len(places) == 1 or (piece.header.signs and len(meetings) == 1)
    if piece.header.table != "attendance" or not one:
        return piece
    for j in piece.unread():
        label = piece.label(j)
        found = _REASON.fullmatch(plain(label)) if isinstance(label, str) else None
        if found and any(not is_nothing(piece.grid.columns[j][i]) for i in piece.body):
            meant = "leave" if found["leave"] or found["alone"] else "absent" if found["absent"] else ""
            piece = _told(piece, places, j, meant)
    return piece


def _told(piece: Piece, places: Sequence[int], j: int, meant: str) -> Piece:
    words = piece.scene.words
    for i in piece.body:
        reason = piece.grid.columns[j][i]
        if is_nothing(reason):
            continue
        sign = next((at for at in places if not is_nothing(piece.grid.columns[at][i])), places[0])
        value = piece.grid.columns[sign][i]
        own, code = _status(value, words), status_in(plain(display_raw(reason)), words)
        taken = _agreed(own, code, meant) if own or is_nothing(value) else own
        if taken is None:
            piece = piece.saying("reason_unclear", _unclear(value, reason), (i, j), "error")
        elif taken and taken != own:
            piece = piece.put(sign, {i: taken}).saying("sign_from_reason", _taken(reason, taken, words), (i, j))
        elif not code:
            piece = piece.saying("reason_left", _left(reason), (i, j))
    return piece.reading(j)


def _status(sign: Value, words: Vocabulary) -> str:
    """Return the status that a sign means; blank where it means none or is blank."""
    return read_cell(by_sign(sign, {}), TABLES["attendance"]["status"], words).value or ""


def _agreed(own: str, code: str, meant: str) -> str | None:
    """Return the status that sign and reason say together, the more specific of two; nothing where they disagree.

    Where the heading of the column says that it gives reasons of leave, any reason beside a blank is leave.
    """
    if not own:
        return meant if meant and (not code or code in AWAY) else code or None
    if not code or code == own or (own in AWAY and meant == "leave"):
        return own
    for family in (ATTENDED, AWAY):
        if own in family and code in family:
            return code if own == family[0] else own
    return code if own == "absent" and code in AWAY else None


def _taken(reason: Value, code: str, words: Vocabulary) -> Text:
    label = words.label("status", code)
    return Text(f"按旁边的“{display_raw(reason)}”读作{label}", f"read as {code} from “{display_raw(reason)}” beside it")


def _unclear(sign: Value, reason: Value) -> Text:
    stands = "空白" if is_nothing(sign) else f"“{display_raw(sign)}”"
    return Text(
        f"记号是{stands},旁边写的是“{display_raw(reason)}”,不知以哪个为准;请在记号一格写明 出勤、请假 或 缺席",
        f"the sign is {'blank' if is_nothing(sign) else display_raw(sign)}, "
        f"beside it stands “{display_raw(reason)}”: nobody knows which counts; "
        "write 出勤, 请假 or 缺席 where the sign stands",
    )


def _left(reason: Value) -> Text:
    return Text(f"“{display_raw(reason)}”是说明,不改变记号", f"“{display_raw(reason)}” is a remark and changes no sign")
