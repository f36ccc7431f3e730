"""Signs in columns that say one status each: the column's status, at most one a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain
from jifen_analysis.intake.cells.statuses import TICKS
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.legend import status_in
from jifen_analysis.intake.layouts.piece import Piece

ATTENDED = ("present", "late", "early_leave")
AWAY = ("leave", "sick_leave", "excused")
_NONE = frozenset({"0", "0.0", "否", "□", "☐"})
_ONE = frozenset({"1", "1.0", "是", "v", "V", "对", "○", "●", "■", "☑", "1次"})
_COUNTS = Text(
    "这几列是次数,不是某一次的出勤;没有每次的日期,不能计分;请报每次会议的签到",
    "these columns count meetings and say none of their days; send the signs of each meeting",
)
_SEVERAL = Text("同一次会议有不止一个记号;请只留一个", "more than one sign of one meeting; keep one")


def with_signs(piece: Piece) -> Piece:
    """Put the status of its column in place of every sign."""
    if not piece.header.signs:
        return piece
    meetings: dict[tuple[object, ...], list[int]] = {}
    for spread in piece.header.spreads:
        meetings.setdefault(tuple(spread.constants.items()), []).extend(spread.fields.values())
    columns = {j: piece.grid.columns[j] for j in piece.header.signs}
    if any(_is_count(columns[j][i]) for j in columns for i in piece.body):
        at = piece.header.row + piece.header.depth - 1, min(columns)
        silent = reduce(lambda so_far, j: so_far.put(j, dict.fromkeys(piece.body)), columns, piece)
        return silent.saying("status_counts", _COUNTS, at, "error")
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
    return _reasons(told, piece, places)


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


def _reasons(piece: Piece, before: Piece, places: Sequence[int]) -> Piece:
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
