"""A column under a header that nobody knows, read by the words that stand in it, where that is what the table lacks."""

from __future__ import annotations

import re

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.spellings import PERSON
from jifen_analysis.tables import TABLES


def with_words(piece: Piece) -> Piece:
    """Read the one column that holds nothing but known words of a kind as the one that the table lacks."""
    table, lacked = TABLES[piece.header.table], piece.header.missing(piece.scene.given)
    bare = piece.header.table == "attendance" and not piece.header.wide and "activity" not in piece.header.columns
    wanted = lacked if len(lacked) == 1 else ("activity",) if bare and not lacked else ()
    for name in (name for name in wanted if name in _OF_THE_RECORD):
        found = [j for j in piece.unread() if _holds_words(piece, j, table[name].words)]
        found = [j for j in found if piece.head(j) and not _says_otherwise(plain(piece.head(j)), name)]
        found = [j for j in found if lacked or _holds_for_all(piece, j)]
        if len(found) == 1:
            label = piece.scene.words.column(piece.header.table, name).label
            text = Text(f"“{piece.head(found[0])}”按内容读作 {label}", f"by what stands in it read as {name}")
            rows = [i for i, _ in piece.filled(found[0])]
            piece = piece.named(name, found[0]).noting("column_meaning", text, rows, found[0])
    return piece


_OF_THE_RECORD = ("event", "status", "activity")
"""Words that say what happened: 党员 and 班子成员 may say who judged, or who was judged."""


def _says_otherwise(head: str, name: str) -> bool:
    return _OF_OTHERS.search(head) is not None or (name == "status" and _HOW.search(head) is not None)


_OF_OTHERS = re.compile(
    r"上[次回期一年月]|下[次回期一年月]|前次|[去往历明来]年|同期|[拟未应]|计划|打算|预[计定]|意[向愿]|希望|申[请报]|报名|会前|原[来先定]|补[课学会签]"
    "|家[属人]|配偶|子女|爱人|父母|介绍|负责|承办|主办"
)
"""Headers of what was another time, is yet to come, or is somebody else's."""
_HOW = re.compile("[方形]式|渠道|途径")
"""Headers of how a meeting was held: 线下 below them is said of those who stayed away, too."""


def _holds_for_all(piece: Piece, j: int) -> bool:
    """Return whether a column says something of every row, or stands before the members and groups their rows."""
    first = min((piece.at(name) for name in PERSON if piece.at(name) >= 0), default=0)
    rows = [i for i, _ in piece.filled(j)]
    return len(rows) == len(piece.body) or (j < first and rows[0] == piece.body[0])


def _holds_words(piece: Piece, j: int, kind: str) -> bool:
    values = {value for _, value in piece.filled(j)}
    known = (isinstance(value, str) and piece.scene.words.code(kind, plain(value)) for value in values)
    return bool(values) and all(known)
