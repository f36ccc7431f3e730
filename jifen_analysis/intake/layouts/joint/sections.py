"""Headings between the rows: the branch, or the state, of those below them."""

from __future__ import annotations

import re

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.cells.standing import SET, state_in
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.piece import Piece

_NUMBER = re.compile(r"^\(?(?:[一二三四五六七八九十]+|\d+)\)?[、.]\s*|^\((?:[一二三四五六七八九十]+|\d+)\)\s*")
_COUNT = re.compile(r"\s*\(?(?:共|计)?\s*\d+\s*[人名]\)?:?$|:$")
_BRANCH = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]*(?:党支部|党总支|支部)")


def with_sections(piece: Piece) -> Piece:
    """Give the rows below a heading the branch or the state that it names, where they have none of their own."""
    if not piece.headings:
        return piece
    branches: dict[int, Value] = {}
    states: dict[str, dict[int, Value]] = {}
    for at, heading in piece.headings.items():
        text = _bare(heading)
        rows = _below(piece, at)
        if _BRANCH.fullmatch(text):
            branches |= dict.fromkeys(rows, text)
        elif piece.header.table == "members" and (said := state_in(text, piece.scene.words)) is not None:
            for name, value in said.items():
                word = value if isinstance(value, str) else "是" if value else "否"
                states.setdefault(name, {}).update(dict.fromkeys(rows, word))
        else:
            piece = piece.saying("heading_unread", _unread(heading), (at, piece.filled_at(at)))
    found = {"branch": branches, **{name: states[name] for name in SET if name in states and name != "left"}}
    for name, values in found.items():
        if values and name not in piece.header.columns:
            piece = _put(piece, name, values)
    return piece


def _put(piece: Piece, name: str, values: dict[int, Value]) -> Piece:
    label = piece.scene.words.column("members", name).label
    said = "、".join(dict.fromkeys(display_raw(value) for value in values.values()))
    text = Text(f"按行间的小标题读作各行的“{label}”:{said}", f"{name} of the rows below each heading: {said}")
    at = next(iter(piece.headings))
    of = piece.filled_at(at)
    return piece.with_column(name, values, of).saying("heading_read", text, (at, of), times=len(values))


def _bare(heading: str) -> str:
    return _COUNT.sub("", _NUMBER.sub("", plain(heading))).strip()


def _below(piece: Piece, at: int) -> list[int]:
    following = min((other for other in piece.headings if other > at), default=piece.grid.height)
    return [i for i in piece.body if at < i < following]


def _unread(heading: str) -> Text:
    return Text(f"小标题“{heading}”没有读", f"the heading “{heading}” is not read")
