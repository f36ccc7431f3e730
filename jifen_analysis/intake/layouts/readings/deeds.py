"""Events: a column each, ticked, or a row that says several things in one cell, or of several people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain, read_cell
from jifen_analysis.intake.cells.phrases import Deed, deed_in, honour_in
from jifen_analysis.intake.cells.remarks import void
from jifen_analysis.intake.cells.statuses import TICKS
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.labels import Label
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.readings.wide import Kind, WideColumn, read_wide
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary


def a_column_a_deed(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read rows as known events over ticks, on the day of the row or of the title."""
    return read_wide(grid, row, scene, _DEEDS, "events" in scene.called)


def _column(j: int, label: Label, scene: Scene) -> WideColumn | None:
    codes = [code for part in label if isinstance(part, str) and (code := scene.words.code("event", plain(part)))]
    return WideColumn(j, (("event", codes[-1]),), "quantity") if codes else None


_DEEDS = Kind("events", _column, ("quantity",))
"""A tick is one event; numbers may be times, hours or points, and are refused."""


# ---------------------------------------------------------------- several things in one cell, or of several people


_NAME = r"[\u4e00-\u9fff]{2,4}(?:\([\u4e00-\u9fff]\))?|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+"
_NAMES = re.compile(rf"(?:{_NAME})(?:[、,;\s/](?:{_NAME}))+")
_SHARED = ("amount", "points", "quantity")
_OF_MANY = ("events", "attendance")
"""Tables in which a row may speak of several people."""


def with_deeds(piece: Piece) -> Piece:
    """Part what one cell of an event says together: several names, an amount, a level."""
    if piece.header.table == "events" and piece.header.wide:
        return _void(_ticked(piece))
    if piece.header.table not in _OF_MANY or piece.header.wide:
        return piece
    apart = _void(_people(_honours(_for_and_against(piece))))
    if apart.header.table != "events":
        return apart
    return _levels(_events(_several_events(apart)))


def _ticked(piece: Piece) -> Piece:
    """Take every tick below the name of an event for one; what is no tick may be times, hours or points."""
    for j in piece.header.places("quantity"):
        signs = {i: TICKS.get(plain(display_raw(value)).casefold()) for i, value in piece.filled(j)}
        piece = piece.refusing("deed_unticked", _UNTICKED, (i for i, sign in signs.items() if sign is None), j)
        piece = piece.put(j, {i: 1 if sign == "present" else None for i, sign in signs.items()})
    at = piece.header.lines[-1], piece.header.places("quantity")[0]
    return piece.saying(
        "deeds_ticked", Text("每列一件事,打√的各读作一条", "an event a column: a record of every tick"), at
    )


_UNTICKED = Text(
    "列名是一件事,格里不是“√”,不知是次数、时长还是分;请打√,或一件一行(姓名、日期、事项、数量)",
    "no tick below the name of an event: times, hours or points? tick it, or give every event a row",
)


def _for_and_against(piece: Piece) -> Piece:
    """Make a record of each of two columns of events, those that add points and those that take them off."""
    own, others = piece.at("event"), piece.header.rivals.get("event", ())
    sides = {found[0] for j in (own, *others) if (found := _SIDE.match(piece.head(j)))} if others else set()
    if len(others) != 1 or len(sides) != 2:  # for and against
        return piece
    said = dict(piece.filled(others[0]))
    both = [i for i in said if not is_nothing(piece.grid.columns[own][i])]
    if any(_shared_number(piece, i) >= 0 for i in both):
        return piece
    first = piece.grid.height
    put = {first + both.index(i) if i in both else i: value for i, value in said.items()}
    rivals = {name: places for name, places in piece.header.rivals.items() if name != "event"}
    told = replace(piece, header=replace(piece.header, rivals=rivals)).repeated(both).put(own, put).reading(others[0])
    text = Text("加分与扣分各占一列,每格读作一条", "events for and against in two columns, a record each")
    return told.saying("two_sides", text, (piece.header.row, others[0]), times=len(said))


_SIDE = re.compile(r"[加扣减]")


def _honours(piece: Piece) -> Piece:
    """Say that rows with an award and no event are read as honours; without an award nobody knows what they are."""
    if piece.header.table != "events" or not any("event" in one.constants for one in piece.header.spreads):
        return piece
    j = piece.header.columns["award"]
    label = piece.scene.words.label("event", "honour")
    text = Text(f"没有“事项”列,有奖项名称,读作{label}", "no column of events, but one of awards: honours")
    bare = (i for i in piece.body if is_nothing(piece.grid.columns[j][i]))
    return piece.saying("event_from_award", text, (piece.header.row, j)).refusing("award_missing", _NO_AWARD, bare, j)


_NO_AWARD = Text("没有“事项”列,这一行也没有奖项名称,不知是什么事;请补上", "neither event nor award: say what it is")


def _void(piece: Piece) -> Piece:
    """Refuse events of which the remark says that they do not count."""
    if piece.header.table == "events" and "planned" in piece.scene.called:
        piece = piece.saying("record_void", _PLANNED, (piece.header.row, min(piece.header.used)), "error")
    j = piece.at("note") if piece.header.table == "events" else -1
    return piece.refusing_void(j, piece.which(j, lambda said: said if void(said) else None))


_PLANNED = Text(
    "表题、表名或文件名说这是拟定、候选、计划或未参加的,不是已发生的事;已经发生的请改标题,没有发生的请不要报",
    "title, sheet or file speak of what is proposed, planned or missed: rename it if it happened, else leave it out",
)


# ---------------------------------------------------------------- several people


def _people(piece: Piece) -> Piece:
    """Give each of several people in one cell a row of his own."""
    j = piece.at("name")
    if j < 0:
        return piece
    told = piece.which(j, _names)
    several = {i: names for i, names in told.items() if is_nothing(piece.cell(i, "member_id"))}
    for i, at in [(i, at) for i in several if (at := _shared_number(piece, i)) >= 0]:
        piece = piece.saying("shared_number", _WHOSE, (i, at), "error")
        del several[i]
    return _shared_out(piece, j, several) if several else piece


_WHOSE = Text(
    "一行有几个姓名,这个数不知是每人的还是合计;请一人一行",
    "several people in one row: nobody knows whether this is each one's or all of them's; a row each",
)


def _shared_number(piece: Piece, i: int) -> int:
    """Return the column of a number that several people of a row would share; -1 where there is none."""
    places = (piece.at(column) for column in _SHARED)
    return next((at for at in places if at >= 0 and not is_nothing(piece.grid.columns[at][i])), -1)


@lru_cache(maxsize=1 << 15)
def _names(value: str) -> Sequence[str]:
    text = plain(re.sub(r"(?<=\S)[ \t]*\n\s*(?=\S)", "、", value))
    return re.split(r"[、,;\s/]", text) if _NAMES.fullmatch(text) and not _is_one_spaced(text) else ()


def _is_one_spaced(text: str) -> bool:
    """Return whether a text is one name with a space in it, such as 张 三."""
    return " " in text and not re.search(r"[、,;/]", text) and len(text.replace(" ", "")) <= 4


def _shared_out(piece: Piece, j: int, several: Mapping[int, Sequence[str]]) -> Piece:
    """Repeat each row for everybody that it names; what is repeated is no cell of its own."""
    first = piece.grid.height
    again = [(i, name) for i, names in several.items() for name in names[1:]]
    told = piece.repeated([i for i, _ in again])
    for i, names in several.items():
        zh, en = f"一格里有 {len(names)} 个姓名,读作每人一条", f"{len(names)} names in one cell, a record of each"
        told = told.saying("names_parted", Text(zh, en), (i, j))
    first_names = {i: names[0] for i, names in several.items()}
    return told.put(j, {**first_names, **{row: name for row, (_, name) in enumerate(again, start=first)}})


# ---------------------------------------------------------------- several things


def _several_events(piece: Piece) -> Piece:
    """Give each of several known events in one cell a row of its own, where nothing else stands that is of one."""
    j, words = piece.at("event"), piece.scene.words
    several = piece.which(j, lambda text: _parts(text, words))
    for i, parts in several.items():
        if _shared_number(piece, i) >= 0 or not is_nothing(piece.cell(i, "level")):
            continue  # refused as no word where it stands
        first = piece.grid.height
        text = Text(f"一格里有 {len(parts)} 件事,读作每件一条", f"{len(parts)} events in one cell, a record of each")
        told = piece.repeated([i] * (len(parts) - 1)).saying("events_parted", text, (i, j))
        piece = told.put(j, {i: parts[0], **dict(enumerate(parts[1:], start=first))})
    return piece


def _parts(text: str, words: Vocabulary) -> Sequence[str]:
    parts = [part for part in re.split(r"[;。]\s*", plain(text)) if part]
    known = len(parts) > 1 and words.code("event", text) is None and all(words.code("event", part) for part in parts)
    return parts if known else ()


def _events(piece: Piece) -> Piece:
    j, words = piece.at("event"), piece.scene.words
    found = piece.which(j, lambda text: None if words.code("event", text) else deed_in(text, words))
    return _parted(piece, j, {i: deed for i, deed in found.items() if _fits(piece, i, deed)})


def _levels(piece: Piece) -> Piece:
    columns, words = piece.header.columns, piece.scene.words
    j = columns.get("level", columns.get("award", -1))
    found = piece.which(j, lambda text: None if words.code("level", text) else honour_in(text, words))
    beside = {} if j == columns.get("award") else found
    fits = (i for i in found if i not in beside or _fits(piece, i, {"award": found[i]["award"]}))
    return _parted(piece, j, {i: found[i] for i in fits})


def _fits(piece: Piece, i: int, deed: Deed) -> bool:
    """Return whether the other columns say nothing else of the row."""
    cells = {name: piece.cell(i, name) for name in deed if name != "event"}
    said = {name: cell for name, cell in cells.items() if not is_nothing(cell)}
    columns, words = TABLES["events"], piece.scene.words
    return all(read_cell(cell, columns[name], words).value == deed[name] for name, cell in said.items())


def _parted(piece: Piece, j: int, found: dict[int, Deed]) -> Piece:
    """Put what one column says together into the columns that it is said of, and say so."""
    for i, deed in found.items():
        said = "、".join(str(value) if isinstance(value, str) else f"{value:g}" for value in _in_words(piece, deed))
        text = Text(
            f"“{display_raw(piece.grid.columns[j][i])}”读作 {said}", f"is read as {', '.join(map(str, deed.values()))}"
        )
        piece = piece.saying("event_read", text, (i, j))
    for name in dict.fromkeys(name for deed in found.values() for name in deed):
        values: dict[int, Value] = {i: deed[name] for i, deed in found.items() if name in deed}
        at = piece.at(name)
        piece = piece.put(at, values) if at >= 0 else piece.with_column(name, values, j)
    return piece


def _in_words(piece: Piece, deed: Deed) -> list[str | float]:
    words = piece.scene.words
    return [words.label(name, str(value)) if name in words.words else value for name, value in deed.items()]
