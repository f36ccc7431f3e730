"""Headings between the rows: the branch, or the state, of those below them."""

from __future__ import annotations

import re

from jifen_analysis.errors import Text
from jifen_analysis.intake.branches import bare_branch
from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.cells.standing import SET, Said, state_in
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.sentences import LISTED_APART, says_who_was_away
from jifen_analysis.vocabulary import Vocabulary

_NUMBER = re.compile(r"^\(?(?:[一二三四五六七八九十]+|\d+)\)?[、.]\s*|^\((?:[一二三四五六七八九十]+|\d+)\)\s*")
_COUNT = re.compile(r"\s*\(?(?:共|计)?\s*\d+\s*[人名]\)?:?$|:$")
_BRANCH = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]*(?:党支部|党总支|支部)")


def with_sections(piece: Piece) -> Piece:
    """Give the rows below a heading the branch or the state that it names, where they have none of their own."""
    piece = _of_title(piece) if piece.header.table == "members" else piece
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
        elif piece.header.table == "attendance" and says_who_was_away(plain(heading), piece):
            piece = piece.saying("absent_listed_apart", LISTED_APART, (at, piece.filled_at(at)), "error")
        else:
            piece = piece.saying("heading_unread", _unread(heading), (at, piece.filled_at(at)))
    found = {"branch": branches, **{name: states[name] for name in SET if name in states and name != "left"}}
    for name, values in found.items():
        if values and name not in piece.header.columns:
            piece = _put(piece, name, values)
        elif name == "branch":
            piece = _other_branch(piece, values)
    return piece


def _other_branch(piece: Piece, headings: dict[int, Value]) -> Piece:
    """Say where rows are of another branch than the heading over them: the row counts."""
    column = piece.grid.columns[piece.header.columns["branch"]] if headings else ()
    told = {i: (bare_branch(display_raw(column[i])), bare_branch(str(of))) for i, of in headings.items()}
    rows = [i for i, (own, of) in told.items() if own and not own.endswith(of) and not of.endswith(own)]
    at = (min(rows), piece.header.columns["branch"]) if rows else (0, 0)
    return piece.saying("row_beats_heading", _ROW_COUNTS, at, times=len(rows)) if rows else piece


_ROW_COUNTS = Text("与上面小标题的支部不同;以行内为准,请核对", "is not the branch of the heading above; the row counts")


def _of_title(piece: Piece) -> Piece:
    """Give all rows the state that title or sheet name says of them: 流动党员花名册; who has left needs a last day."""
    at = piece.header.row, min(piece.header.used)
    texts = (piece.grid.sheet, *piece.scene.titles)
    said = next((told for text in texts if (told := _state_of_list(plain(text), piece.scene.words))), {})
    if "left" in said and "until" not in piece.header.columns:
        return piece.saying("left_member", _LEFT, at, "error")
    for name in (name for name in said if name in SET and name not in (*piece.header.columns, "left")):
        word = said[name] if isinstance(said[name], str) else "是" if said[name] else "否"
        label = piece.scene.words.column("members", name).label
        shown = _shown(piece, name, word)
        text = Text(f"按表题或表名,“{label}”都读作{shown}", f"{name} of all rows, by title or sheet: {word}")
        rows: dict[int, Value] = dict.fromkeys(piece.body, word)
        piece = piece.with_column(name, rows, at[1]).saying("state_from_title", text, at, times=len(piece.body))
    return piece


_LEFT = Text(
    "表题或表名说这些人已不在支部(转出、去世、失联等),却没有截止日期;请加“截止日期”一列,或不报这张表",
    "title or sheet says that these members have left, but there is no last day (截止日期); give one, or leave it out",
)
_CALLED = r"(?:花?名[册单]|(?:基本)?信息|登记|台账|(?:基本)?情况|统计|汇总)+表?(?:[^\u4e00-\u9fff]|$)"
_LIST = re.compile(rf"(?P<who>[\u4e00-\u9fff]+?)(?P<of>党员)?(?(of)(?={_CALLED}|[^\u4e00-\u9fff]|$)|(?={_CALLED}))")
_JOINED = "、和及与或含"


def _state_of_list(text: str, words: Vocabulary) -> Said:
    """Return what the name of a list says of everybody in it: the longest state before 党员, named alone."""
    whole = state_in(text, words)
    for found in _LIST.finditer(text) if whole is None else ():
        last = found.end("who")
        starts = range(max(found.start(), last - _LONGEST), last)
        tails = (text[last : found.end()], "")
        read = ((k, state_in(text[k:last] + tail, words)) for k in starts for tail in tails)
        said = ((k, one) for k, one in read if one is not None and "post" not in one)
        first, whole = next(said, (0, whole))
        whole = None if first and text[first - 1] in _JOINED else whole
    return {} if whole is None or whole == {"stage": "full"} or "post" in whole else whole


_LONGEST = 7
"""Signs of the longest state before 党员."""


def _put(piece: Piece, name: str, values: dict[int, Value]) -> Piece:
    label = piece.scene.words.column("members", name).label
    said = "、".join(dict.fromkeys(_shown(piece, name, value) for value in values.values()))
    text = Text(f"按行间的小标题读作各行的“{label}”:{said}", f"{name} of the rows below each heading: {said}")
    at = next(iter(piece.headings))
    of = piece.filled_at(at)
    return piece.with_column(name, values, of).saying("heading_read", text, (at, of), times=len(values))


def _shown(piece: Piece, name: str, value: Value) -> str:
    words = piece.scene.words
    return words.label(name, str(value)) if name in words.words else display_raw(value)


def _bare(heading: str) -> str:
    return _COUNT.sub("", _NUMBER.sub("", plain(heading))).strip()


def _below(piece: Piece, at: int) -> list[int]:
    following = min((other for other in piece.headings if other > at), default=piece.grid.height)
    return [i for i in piece.body if at < i < following]


def _unread(heading: str) -> Text:
    return Text(f"小标题“{heading}”没有读", f"the heading “{heading}” is not read")
