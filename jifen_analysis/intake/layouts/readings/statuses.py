"""Attendance with a column for each status, or with a reason or a name where a sign would stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import reduce

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain, quoted, read_cell
from jifen_analysis.intake.cells.lexicon import ABSENT, KINDS, PRESENT, REASON, REMARKS
from jifen_analysis.intake.cells.remarks import void
from jifen_analysis.intake.cells.statuses import TICKS
from jifen_analysis.intake.grid import Grid, Value, grouped
from jifen_analysis.intake.identity import fold_name
from jifen_analysis.intake.layouts.block import Spread
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.labels import Label, labels, levels
from jifen_analysis.intake.layouts.legend import by_sign, status_in
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.readings.meetings import keys_in
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.spellings import PERSON, column_of
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary

_ENDS = re.compile(r"(?:情况|打√|划√|画√|\(.*?\))+$")


def a_column_a_status(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read rows as statuses, at least two of them, over signs."""
    found = (_at(grid, row, depth, scene) for depth in levels(grid, row))
    return next((header for header in found if header), None)


def _at(grid: Grid, row: int, depth: int, scene: Scene) -> Header | None:
    named = labels(grid, row, depth)
    columns: dict[str, int] = {}
    spreads: list[Spread] = []
    signs: dict[int, str] = {}
    for j, label in enumerate(named):
        own = next(filter(None, (column_of(part, "attendance") for part in label)), "")
        code = "" if own in PERSON else status_of(label, scene.words)
        if code:
            signs[j] = code
            spreads.append(Spread({"status": j}, dict(keys_in(label, scene.words))))
        elif own and own != "status":
            columns.setdefault(own, j)
        elif not code and keys_in(label, scene.words):
            return None  # a day on its own: the statuses beside it count days
    if not {"member_id", "name"} & set(columns) or not _several_each(spreads, signs):
        return None
    kept = {name: j for name, j in columns.items() if not any(name in spread.constants for spread in spreads)}
    return Header("attendance", row, kept, {}, True, tuple(spreads), depth, signs=signs)


def _several_each(spreads: Sequence[Spread], signs: Mapping[int, str]) -> bool:
    """Return whether every meeting has columns of at least two statuses."""
    meetings = grouped(
        (tuple(spread.constants.items()), code) for spread, code in zip(spreads, signs.values(), strict=True)
    )
    return bool(meetings) and min(len(set(codes)) for codes in meetings.values()) > 1


def status_of(label: Label, words: Vocabulary) -> str:
    """Return the status that the lowest level of a header names; 考勤 or 出勤情况 name none."""
    lowest = next((part for part in reversed(label) if part not in (None, "")), None)
    return code_of(lowest, words)


def code_of(value: Value, words: Vocabulary) -> str:
    """Return the status that a text names as a whole."""
    text = plain(value) if isinstance(value, str) else ""
    return (words.code("status", _ENDS.sub("", text)) or _MORE.get(_ENDS.sub("", text), "")) if text else ""


_MORE = dict.fromkeys((*PRESENT.split("|"), "签名", "签字"), "present")
"""Headers that say present beside those of other statuses."""


# ---------------------------------------------------------------- signs


ATTENDED = ("present", "late", "early_leave")
AWAY = ("leave", "sick_leave", "excused")
_NONE = frozenset({"0", "0.0", "否", "□", "☐"})
_ONE = frozenset({"1", "1.0", "是", "v", "V", "对", "○", "●", "■", "☑", "1次"})
COUNTS = Text(
    "这几列是次数,不是某一次的出勤;没有每次的日期,不能计分;请报每次会议的签到",
    "these columns count meetings and say none of their days; send the signs of each meeting",
)
_SEVERAL = Text("同一次会议有不止一个记号;请只留一个", "more than one sign of one meeting; keep one")


_REASON = re.compile(
    rf"(?:(?P<leave>请假|告假)|(?P<absent>{ABSENT})|出勤|考勤|到会|特殊)?(?:的?(?:{REASON}|情况|{KINDS}|{REMARKS}))|{REMARKS}|(?P<alone>请假)"
)


def with_signs(piece: Piece) -> Piece:
    """Put the status of its column in place of every sign."""
    if not piece.header.signs:
        return piece
    meetings = grouped((tuple(one.constants.items()), j) for one in piece.header.spreads for j in one.fields.values())
    columns = {j: piece.grid.columns[j] for j in piece.header.signs}
    if any(_is_count(columns[j][i]) for j in columns for i in piece.body):
        at = piece.header.lines[-1], min(columns)
        silent = reduce(lambda so_far, j: so_far.put(j, dict.fromkeys(piece.body)), columns, piece)
        return silent.saying("status_counts", COUNTS, at, "error")
    for places in meetings.values():
        piece = _settled(piece, places)
    return piece


def _is_count(value: Value) -> bool:
    text = plain(display_raw(value)) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else ""
    number = text.removesuffix("次").removesuffix(".0")
    return number.isdigit() and number not in ("0", "1")


def _settled(piece: Piece, places: Sequence[int]) -> Piece:
    changes: dict[int, dict[int, Value]] = {j: {} for j in places}
    told = piece
    for i in piece.body:
        said = {j: piece.grid.columns[j][i] for j in places}
        marked = [j for j, value in said.items() if not _is_none(value)]
        if len(marked) > 1:
            told = told.saying("several_marks", _SEVERAL, (i, marked[1]), "error")
        for j, value in said.items():
            changes[j][i] = _meant(value, piece.header.signs[j], piece) if j in marked[:1] else None
    for j, found in changes.items():
        told = told.put(j, found)
    return _by_column(told, piece, places)


def _is_none(value: Value) -> bool:
    return is_nothing(value) or (not isinstance(value, bool) and plain(display_raw(value)) in _NONE)


def _meant(value: Value, code: str, piece: Piece) -> Value:
    """Return the column's status for a sign or a reason, what contradicts it as it stands."""
    text = plain(display_raw(value))
    if TICKS.get(text.casefold()) == "present" or text in _ONE or value is True:
        return code
    own = status_in(text, piece.scene.words)
    if code in ATTENDED:
        return own if own in ATTENDED else value
    if code in AWAY:
        return code if own in AWAY or (not own and len(text) > 1) else value
    return code if own == code else value


def _by_column(piece: Piece, before: Piece, places: Sequence[int]) -> Piece:
    """Say which words in such a column were taken for a reason."""
    found: Mapping[str, tuple[int, int]] = {
        plain(str(before.grid.columns[j][i])): (i, j)
        for j in reversed(places)
        for i in reversed(before.body)
        if isinstance(before.grid.columns[j][i], str)
        and len(plain(str(before.grid.columns[j][i]))) > 1
        and piece.grid.columns[j][i] == before.header.signs[j]
    }
    for text, (i, j) in found.items():
        label = piece.scene.words.label("status", before.header.signs[j])
        said = Text(f"“{text}”写在“{label}”一列,按该列读作{label}", f"“{text}” stands below {label} and is read as it")
        piece = piece.saying("read_by_column", said, (i, j))
    return piece


# ---------------------------------------------------------------- reasons


def with_reasons(piece: Piece) -> Piece:
    """Read a blank sign as what the one column of reasons beside it says."""
    places = piece.header.places("status")
    meetings = {tuple(spread.constants.items()) for spread in piece.header.spreads}
    one = len(places) == 1 or (piece.header.signs and len(meetings) == 1)
    if not one:
        return piece
    for j in piece.unread():
        found = _REASON.fullmatch(piece.head(j))
        if found and piece.filled(j):
            kinds = piece.head(j).endswith(("类型", "类别"))  # not why, but which: 公假 is no mere leave
            meant = "leave" if found["leave"] or found["alone"] else "absent" if found["absent"] else ""
            piece = _told(piece, places, j, "" if kinds else meant)
    return piece


def _told(piece: Piece, places: Sequence[int], j: int, meant: str) -> Piece:
    words = piece.scene.words
    for i, reason in piece.filled(j):
        sign = next((at for at in places if not is_nothing(piece.grid.columns[at][i])), places[0])
        value = piece.grid.columns[sign][i]
        text = plain(display_raw(reason))
        own, code = _status(value, words), "absent" if _NO_LEAVE.fullmatch(text) else status_in(text, words)
        taken = agreed(own, code, meant) if own or is_nothing(value) else own
        if taken is None:
            piece = piece.saying("reason_unclear", _unclear(value, reason), (i, j), "error")
        elif taken and taken != own:
            piece = piece.put(sign, {i: taken}).saying("sign_from_reason", _taken(reason, taken, words), (i, j))
        elif code and code != own:
            piece = piece.saying("reason_left", _kept(reason, own, words), (i, j))
        elif not code and void(display_raw(reason)):
            piece = piece.refusing_void(j, {i: display_raw(reason)})
        elif not code:
            piece = piece.saying("reason_left", _left(reason), (i, j))
    return piece.reading(j)


_NO_LEAVE = re.compile(rf"无(?:故|{REASON})|[未没]有?请假|擅自[\u4e00-\u9fff]*")
"""What under 请假事由 is no reason of leave, but says that there was none."""


def _status(sign: Value, words: Vocabulary) -> str:
    """Return the status that a sign means; blank where it means none or is blank."""
    return read_cell(by_sign(sign, {}), TABLES["attendance"]["status"], words).value or ""


def agreed(own: str, code: str, meant: str) -> str | None:
    """Return the status that sign and reason say together, the more specific of two; nothing where they disagree.

    Where the heading of the column says that it gives reasons of leave, any reason beside a blank is leave; 病假 is
    a kind of leave and not only its reason. Whoever was away with leave is not absent, though the heading says so.
    """
    if (meant == "leave" and code == "sick_leave") or (meant == "absent" and code in AWAY):
        meant = ""
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


def _kept(reason: Value, own: str, words: Vocabulary) -> Text:
    label = words.label("status", own)
    return Text(
        f"旁边的原因是“{display_raw(reason)}”,仍按所填读作{label};若另有所指,请在记号一格写明",
        f"the reason beside it is “{display_raw(reason)}”; read as {own} all the same: write what is meant where the "
        "sign stands",
    )


def _left(reason: Value) -> Text:
    return quoted(reason, "是说明,不改变记号", "is a remark and changes no sign")


# ---------------------------------------------------------------- names written as signatures


def with_signatures(piece: Piece) -> Piece:
    """Put 出勤 in place of a member's own name among the signs of a list: whoever wrote it was there."""
    name = piece.at("name")
    for j in piece.header.places("status") if name >= 0 else ():
        piece = _with_names_signed(piece, j, piece.grid.columns[name])
    return piece


def _with_names_signed(piece: Piece, j: int, names: Sequence[Value]) -> Piece:
    column = piece.grid.columns[j]
    people = {fold_name(name) for name in set(names) if isinstance(name, str)}
    if not any(isinstance(value, str) and fold_name(value) in people for value in set(column[piece.first :])):
        return piece
    signed: dict[int, Value] = {i: "出勤" for i, value in piece.filled(j) if _own(value, names[i])}
    n = len(signed)
    text = Text(f"签的是本人姓名,读作出勤(共 {n} 处)", f"their own names, read as present ({n} cells)")
    return piece.put(j, signed).noting("signature_read", text, signed, j)


def _own(value: Value, name: Value) -> bool:
    named = isinstance(value, str) and not is_nothing(name)
    return named and fold_name(str(value)) == fold_name(display_raw(name))
