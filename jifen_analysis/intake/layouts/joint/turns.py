"""Days and months without a year, down a list that goes over the turn of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.cells.times import in_digits
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.piece import Piece

_BARE = re.compile(r"(\d{1,2})月(?:\d{1,2}[日号]?|份)?(?!\d).*")
_HALF = 6


def with_turned_years(piece: Piece) -> Piece:
    """Give days and months the year that the title's span says, or say where they fall from December to January."""
    if piece.scene.around.turn and piece.header.wide and piece.header.table in ("attendance", "dues"):
        return piece.saying("year_from_title", _TAKEN, (piece.header.row, min(piece.header.used)))
    for name in ("date", "month"):
        j = piece.header.columns.get(name, -1)
        read = {value: month for value in set(piece.grid.columns[j]) if (month := _bare(value))} if j >= 0 else {}
        if read and piece.scene.around.turn:
            piece = _dated(piece, j, read)
        elif read and max(read.values()) - min(read.values()) > _HALF:
            piece = _doubted(piece, j, read)
    return piece


def _bare(value: Value) -> int:
    found = _BARE.fullmatch(re.sub(r"\s", "", in_digits(plain(value)))) if isinstance(value, str) else None
    return int(found[1]) if found else 0


def _dated(piece: Piece, j: int, read: Mapping[Value, int]) -> Piece:
    rows = [(i, value) for i, value in piece.filled(j) if value in read]
    years = {i: piece.scene.around.year_of(read[value]) for i, value in rows}
    known: dict[int, Value] = {i: f"{years[i]}年{value}" for i, value in rows if years[i]}
    for i in [i for i, year in years.items() if year is None and piece.scene.around.year]:
        piece = piece.saying("year_unknown", _OUTSIDE, (i, j), "error")
    if known:
        piece = piece.saying("year_from_title", _TAKEN, (min(known), j), times=len(known))
    return piece.put(j, known)


def _doubted(piece: Piece, j: int, read: Mapping[Value, int]) -> Piece:
    """Say where the days of somebody, rising otherwise, fall from the end of a year to its beginning."""
    person = next((piece.header.columns[name] for name in ("member_id", "name") if name in piece.header.columns), -1)
    rows: dict[Value, list[tuple[int, int]]] = {}
    for i, value in piece.filled(j):
        if value in read:
            rows.setdefault(piece.grid.columns[person][i] if person >= 0 else None, []).append((i, read[value]))
    turned = sorted(i for own in rows.values() for i in _falls(own))
    return piece.saying("year_turns", _TURNED, (turned[0], j), times=len(turned)) if turned else piece


def _falls(own: list[tuple[int, int]]) -> Iterator[int]:
    steps = [(after - before, i) for (_, before), (i, after) in pairwise(own)]
    down = [i for step, i in steps if step < 0]
    return iter(down if len(down) == 1 and all(step >= 0 or step < -_HALF for step, _ in steps) else ())


_TAKEN = Text("没有写年份,按表题的起止年月读", "no year; that of the months which the title says")
_OUTSIDE = Text(
    "不在表题写的起止年月之内,不知是哪一年;请写全日期", "is outside the months of the title: write the year"
)
_TURNED = Text(
    "日期从年底到了年初,没有写年份,都按同一年读;若是下一年,请把年份写上",
    "the days go from the end of a year to its beginning and say no year; read as of one year: write it where not",
)
