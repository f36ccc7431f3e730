"""What headings over and between the rows say of them: the nearer counts, and where two disagree it is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from jifen_analysis.errors import Severity, Text
from jifen_analysis.intake.branches import bare_branch, heads_rows
from jifen_analysis.intake.cells import display_raw, is_nothing, plain, quoted, read_cell
from jifen_analysis.intake.cells.lexicon import LISTS, MISSED
from jifen_analysis.intake.cells.names import SIGN_MEANT
from jifen_analysis.intake.cells.remarks import gone, of_somebody, of_state, void
from jifen_analysis.intake.cells.standing import SET, Said, state_in
from jifen_analysis.intake.cells.times import PART_OF_DAY
from jifen_analysis.intake.grid import Value, distinct_cells
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.sentences import LISTED_APART, says_who_was_away
from jifen_analysis.intake.layouts.surroundings import Surroundings, said_in, surroundings
from jifen_analysis.periods import Period
from jifen_analysis.tables import TABLES, Column
from jifen_analysis.vocabulary import Vocabulary

_TIMES = ("date", "month", "period", "year")
_WORDS = ("activity", "group")


def with_headings(piece: Piece) -> Piece:
    """Say where a column, or the headers of a wide sheet, speak of others than title, sheet and file do."""
    around = piece.scene.around
    for name, heading in _said(piece, around).items():
        j = piece.at(name)
        others = _others(piece, name, j, heading) if j >= 0 else set()
        rows = [i for i in piece.body if piece.grid.columns[j][i] in others] if others else []
        if rows:
            piece = piece.noting("row_beats_heading", _row(piece, j, rows, heading), rows, j)
        heads = [k for k, value in _in_headers(piece, name) if not _fits(name, value, heading)] if j < 0 else []
        if heads:
            piece = piece.saying("row_beats_heading", _head(heading), (piece.header.row, heads[0]), times=len(heads))
    return _places(piece)


def _said(piece: Piece, around: Surroundings) -> Mapping[str, Any]:
    """Return what the headings say of a column that the table has, as it would stand in it."""
    table = TABLES[piece.header.table]
    period = around.period or (str(around.year) if around.year else "")
    times = dict.fromkeys(_TIMES, Period.parse(period) if period else None)
    branch = around.branch if around.branch.endswith("支部") and piece.header.table != "members" else ""
    said = {**times, "activity": around.activity, "group": around.group, "due": around.due, "branch": branch}
    return {name: told for name, told in said.items() if told and (name in table or name == "branch")}


def _others(piece: Piece, name: str, j: int, heading: Any) -> set[Any]:
    """Return the values of a column that say something else than the heading."""
    column, words, year = TABLES[piece.header.table].get(name), piece.scene.words, piece.scene.around.year
    told = {value: _month_or_cell(value, name) for value in distinct_cells(piece.grid.columns[j], piece.body)}
    one = {alike: value for value, alike in told.items()}
    apart = {alike for alike, value in one.items() if _differs(value, name, column, words, year, heading)}
    return {value for value, alike in told.items() if alike in apart} if apart else set()


def _month_or_cell(value: Value, name: str) -> Any:
    """Return the month of a day, all of whose days differ from a heading or none; of anything else itself."""
    return (value.year, value.month) if name == "date" and type(value) in (date, datetime) else value  # type: ignore[union-attr]


@lru_cache(maxsize=1 << 16, typed=True)
def _differs(value: Value, name: str, column: Column | None, words: Vocabulary, year: int | None, heading: Any) -> bool:
    if is_nothing(value):
        return False
    said = display_raw(value) if column is None else read_cell(value, column, words, year).value
    return said is not None and not _fits(name, said, heading)


def _in_headers(piece: Piece, name: str) -> Iterator[tuple[int, Any]]:
    for spread in piece.header.spreads:
        if name in spread.constants and spread.fields:
            yield spread.first, spread.constants[name]


@lru_cache(maxsize=1 << 14)
def _fits(name: str, said: Any, heading: Any) -> bool:
    if name == "branch":
        one, other = bare_branch(str(said)), bare_branch(str(heading))
        return one.endswith(other) or other.endswith(one)
    if name not in _TIMES:
        return bool(said == heading)
    own = Period(12 * said.year + said.month - 1, 1) if isinstance(said, date) else Period.parse(str(said))
    return own in heading


def _places(piece: Piece) -> Piece:
    """Say where title, sheet and file name different years, months or branches: the nearest counts."""
    path = PurePath(piece.grid.file)
    places = (piece.scene.titles, (piece.grid.sheet,), (path.stem,), (path.parent.name,))
    told = [said_in(place, piece.scene.around.year) for place in places]
    for values in zip(*told, strict=True):
        found = list(dict.fromkeys(value for value in values if value))
        apart = [value for value in found[1:] if not _alike(str(found[0]), str(value))]
        if apart:
            text = Text(
                f"表题、表名、文件名说的不一样({'、'.join(map(str, found))}),按最近的“{found[0]}”读,请核对",
                f"title, sheet and file disagree ({', '.join(map(str, found))}); the nearest counts: {found[0]}",
            )
            piece = piece.saying("headings_differ", text, (piece.header.row, min(piece.header.used, default=0)))
    return piece


def _alike(one: str, other: str) -> bool:
    if "支部" in one:
        return _fits("branch", other, one)
    return one.startswith(other) or other.startswith(one) or _inside(one, other) or _inside(other, one)


def _inside(one: str, other: str) -> bool:
    return len(one) > 4 and len(other) > 4 and Period.parse(one) in Period.parse(other)


def _row(piece: Piece, j: int, rows: list[int], heading: Any) -> Text:
    listed = "、".join(dict.fromkeys(display_raw(piece.grid.columns[j][i]) for i in rows[:3]))
    return Text(
        f"写的是 {listed},表题、表名或文件名说的是 {_told(piece, heading)};以行内为准(共 {len(rows)} 行),请核对",
        f"says {listed}, title, sheet or file say {heading}; the row counts ({len(rows)} rows)",
    )


def _head(heading: Any) -> Text:
    return Text(
        f"列名说的不是表题、表名或文件名说的 {_told(None, heading)};以列名为准,请核对",
        f"the header says something else than title, sheet or file, {heading}; the header counts",
    )


def _told(piece: Piece | None, heading: Any) -> str:
    """Return what a heading says as a person reads it."""
    if isinstance(heading, Period):
        return heading.label()
    for kind in _WORDS if piece is not None else ():
        if piece is not None and heading in piece.scene.words.words[kind]:
            return piece.scene.words.label(kind, str(heading))
    return f"{heading:g}" if isinstance(heading, float) else str(heading)


# ---------------------------------------------------------------- between the rows


_NUMBER = re.compile(r"^\(?(?:[一二三四五六七八九十]+|\d+)\)?[、.]\s*|^\((?:[一二三四五六七八九十]+|\d+)\)\s*")
_COUNT = re.compile(r"\s*\(?(?:共|计)?\s*\d+\s*[人名]\)?:?$|:$")


def with_sections(piece: Piece) -> Piece:
    """Give the rows below a heading the branch or the state that it names, where they have none of their own."""
    if not piece.headings:
        return piece
    branches: dict[int, Value] = {}
    states: dict[str, dict[int, Value]] = {}
    for at, heading in piece.headings.items():
        text = _COUNT.sub("", _NUMBER.sub("", plain(heading))).strip()
        rows = _below(piece, at)
        if branch := heads_rows(heading):
            branches |= dict.fromkeys(rows, branch)
            piece = piece.noting("heading_unread", _in_part(heading), [at] * (text != branch), piece.filled_at(at))
        elif (said := _told_of_all(heading, text, piece)) is not None:
            for name, value in said.items():
                states.setdefault(name, {}).update(dict.fromkeys(rows, _ANSWERS.get(value, value)))
        elif piece.header.table == "attendance" and says_who_was_away(plain(heading), piece):
            piece = piece.saying("absent_listed_apart", LISTED_APART, (at, piece.filled_at(at)), "error")
        else:
            heavy = gone(text) or void(text) or (of_somebody(text) and not of_state(text))  # 退休党员 may be paid for
            severity: Severity = "error" if heavy else "note"
            piece = piece.saying("heading_unread", _unread(heading, heavy), (at, piece.filled_at(at)), severity)
    found = {
        "branch": branches,
        **{name: states[name] for name in (*SET, *_OF_MEETING) if name in states and name != "left"},
    }
    for name, values in found.items():
        if values and name not in piece.header.columns:
            piece = _put(piece, name, values)
        elif name == "branch":
            piece = _other_branch(piece, values)
    return piece


_ANSWERS: Mapping[Any, Value] = {True: "是", False: "否"}
_OF_MEETING = ("date", "activity")
_DAY = re.compile(rf"[年月日号]|{PART_OF_DAY}|\((?:星期|周)?.\)")
"""What says when, with nothing else in words."""


def _told_of_all(heading: str, text: str, piece: Piece) -> Mapping[str, Any] | None:
    """Return what a heading says of all below it: a state of members, or a meeting where nothing else says its day."""
    header, around = piece.header, piece.scene.around
    if header.table == "members":
        return state_in(text, piece.scene.words)
    dated = around.day or "date" in header.columns or any(one.constants for one in header.spreads)
    if header.table != "attendance" or dated or re.search(MISSED, text):
        return None
    told = surroundings([heading], "", "", around.year, piece.scene.words)
    alone = told.activity or not re.search(r"[\u4e00-\u9fff]", _DAY.sub("", text))
    meeting = {"date": told.day, "activity": told.activity or around.activity or "unspecified"}
    return meeting if told.day and alone else None


def _other_branch(piece: Piece, headings: dict[int, Value]) -> Piece:
    """Say where rows are of another branch than the heading over them: the row counts."""
    column = piece.grid.columns[piece.header.columns["branch"]] if headings else ()
    told = {i: (bare_branch(display_raw(column[i])), bare_branch(str(of))) for i, of in headings.items()}
    rows = [i for i, (own, of) in told.items() if own and not own.endswith(of) and not of.endswith(own)]
    return piece.noting("row_beats_heading", _ROW_COUNTS, rows, piece.at("branch"))


_ROW_COUNTS = Text("与上面小标题的支部不同;以行内为准,请核对", "is not the branch of the heading above; the row counts")


def with_state_of_title(piece: Piece) -> Piece:
    """Give all rows the state that title or sheet name says of them: 流动党员花名册; who has left needs a last day."""
    at = piece.header.row, min(piece.header.used)
    texts = (piece.grid.sheet, *piece.scene.titles)
    states = (_state_of_list(SIGN_MEANT.sub("", plain(text)), piece.scene.words) for text in texts)
    said = next(filter(None, states), {})
    if "left" in said and "until" not in piece.header.columns:
        return piece.saying("left_member", _LEFT, at, "error")
    for name in (name for name in said if name in SET and name in piece.header.columns):
        piece = _other_state(piece, name, said[name])
    for name in (name for name in said if name in SET and name not in (*piece.header.columns, "left")):
        word = said[name] if isinstance(said[name], str) else "是" if said[name] else "否"
        label = piece.scene.words.column("members", name).label
        shown = _shown(piece, name, word)
        text = Text(f"按表题或表名,“{label}”都读作{shown}", f"{name} of all rows, by title or sheet: {word}")
        rows: dict[int, Value] = dict.fromkeys(piece.body, word)
        piece = piece.with_column(name, rows, at[1]).saying("state_from_title", text, at, times=len(piece.body))
    return piece


def _other_state(piece: Piece, name: str, heading: str | bool) -> Piece:
    """Say where a column of states says something else of a row than the title says of all: the row counts."""
    j, words = piece.at(name), piece.scene.words
    told = {i: read_cell(value, TABLES["members"][name], words).value for i, value in piece.filled(j)}
    rows = [i for i, own in told.items() if own is not None and own != heading]
    shown = words.label(name, heading) if isinstance(heading, str) else "是" if heading else "否"
    text = Text(f"表题或表名说的是{shown};以行内为准,请核对", f"title or sheet say {heading}; the row counts")
    return piece.noting("row_beats_heading", text, rows, j)


_LEFT = Text(
    "表题或表名说这些人已不在支部(转出、去世、失联等),却没有截止日期;请加“截止日期”一列,或不报这张表",
    "title or sheet says that these members have left, but there is no last day (截止日期); give one, or leave it out",
)
_CALLED = rf"(?:花?名[册单]|(?:基本)?信息|基本情况|台账|汇总|{LISTS})+表?(?:[^\u4e00-\u9fff]|$)"
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
    label = piece.scene.words.column("attendance" if name in _OF_MEETING else "members", name).label
    said = "、".join(dict.fromkeys(_shown(piece, name, value) for value in values.values()))
    text = Text(f"按行间的小标题读作各行的“{label}”:{said}", f"{name} of the rows below each heading: {said}")
    at = next(iter(piece.headings))
    of = piece.filled_at(at)
    return piece.with_column(name, values, of).saying("heading_read", text, (at, of), times=len(values))


def _shown(piece: Piece, name: str, value: Value) -> str:
    words = piece.scene.words
    return words.label(name, str(value)) if name in words.words else display_raw(value)


def _in_part(heading: str) -> Text:
    return quoted(heading, "只读了其中的支部", "names a branch; the rest of it is not read")


def _below(piece: Piece, at: int) -> list[int]:
    following = min((other for other in piece.headings if other > at), default=piece.grid.height)
    return [i for i in piece.body if at < i < following]


def _unread(heading: str, heavy: bool) -> Text:
    zh, en = (";请把它的意思填到下面各行", ": put what it says into the rows below") if heavy else ("", "")
    return Text(f"小标题“{heading}”没有读{zh}", f"the heading “{heading}” is not read{en}")
