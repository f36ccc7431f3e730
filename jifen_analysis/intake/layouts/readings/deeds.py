"""Events: a column each, ticked, or a row that says several things in one cell, or of several people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain, read_cell
from jifen_analysis.intake.cells.lexicon import MARKS
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
from jifen_analysis.vocabulary import Vocabulary, standard


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
    return _unused(_signed(_points(_levels(_events(_several_events(apart))))))


def _ticked(piece: Piece) -> Piece:
    """Take every tick below the name of an event for one; what is no tick may be times, hours or points."""
    for j in piece.header.places("quantity"):
        signs = {i: TICKS.get(plain(display_raw(value)).casefold()) for i, value in piece.filled(j)}
        for i in (i for i, sign in signs.items() if sign is None):
            piece = piece.saying("deed_unticked", _UNTICKED, (i, j), "error")
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
    told = piece.saying("event_from_award", text, (piece.header.row, j))
    for i in (i for i in piece.body if is_nothing(piece.grid.columns[j][i])):
        told = told.saying("award_missing", _NO_AWARD, (i, j), "error")
    return told


_NO_AWARD = Text("没有“事项”列,这一行也没有奖项名称,不知是什么事;请补上", "neither event nor award: say what it is")


def _unused(piece: Piece) -> Piece:
    """Say what a row gives that its event does not look at, and refuse an award of another level than its row's."""
    words, columns = piece.scene.words, TABLES["events"]
    titled = piece.scene.around.event if piece.at("event") < 0 else ""
    named = {i: piece.cell(i, "event") for i in piece.body}
    own = {value: read_cell(value, columns["event"], words).value or titled for value in set(named.values())}
    for name in ("level", "quantity", "amount", "points"):
        rows: dict[str, list[int]] = {}
        for i, value in piece.filled(piece.at(name)) if piece.at(name) >= 0 else ():
            word = words.words["event"].get(own[named[i]])
            if word and name not in word.reads and not _is_usual(name, value):
                rows.setdefault(word.label, []).append(i)
        for label, places in rows.items():
            piece = piece.noting("event_needs_not", _not_looked_at(label, name, words), places, piece.at(name))
    awards = piece.filled(piece.at("award")) if min(piece.at("award"), piece.at("level")) >= 0 else ()
    for i, value in awards:
        said, level = honour_in(plain(display_raw(value)), words), piece.cell(i, "level")
        if said and said["level"] != read_cell(level, columns["level"], words).value and not is_nothing(level):
            piece = piece.saying("levels_differ", _TWO_LEVELS, (i, piece.at("award")), "error")
    return piece


def _is_usual(name: str, value: Value) -> bool:
    """Return whether what stands in a column says no more than a blank cell does."""
    return plain(display_raw(value)) in ("0", "1") if name == "quantity" else value in (0, "0")


_TWO_LEVELS = Text(
    "与同一行“级别”写的不同,不知以哪个为准;请改其中一个", "names another level than its row: correct one"
)


def _not_looked_at(label: str, name: str, words: Vocabulary) -> Text:
    column, more = words.column("events", name).label, ";若是几次,请一次一行" if name == "quantity" else ""
    return Text(
        f"“{label}”不看{column},所填没有用到{more}",
        f"this event does not look at {name}{', a row for each time' if more else ''}",
    )


def _points(piece: Piece) -> Piece:
    """Take numbers beside discretionary points alone for those: of one column, or of one that adds and one for less."""
    if piece.at("points") >= 0 or not _all_discretionary(piece):
        return piece
    heads = {re.sub(r"\(.*?\)", "", piece.head(j)): j for j in piece.unread()}
    added, taken = heads.get("加分"), heads.get("扣分", heads.get("减分"))
    if added is not None and taken is not None:
        less = dict(piece.filled(taken))
        for i in (i for i in less if not is_nothing(piece.grid.columns[added][i])):
            piece = piece.saying("points_sign", _BOTH_SIDES, (i, taken), "error")
        text = Text("“扣分”一列的数按负数读", "points of the column that takes them off are negative")
        put = {i: _less(value) for i, value in less.items()}
        return piece.noting("points_taken", text, less, taken).put(added, put).named("points", added).reading(taken)
    one = next((heads[head] for head in _OF_POINTS if head in heads), None)
    return piece if one is None else piece.named("points", one)


_OF_POINTS = (*MARKS.split("|"), "分")
_BOTH_SIDES = Text(
    "同一行既有加分又有扣分,不知是两件事还是一件;请各写一行", "points added and taken off in one row: give each a row"
)


def _less(value: Value) -> Value:
    """Return points that are taken off as what they are: 2 and -2 alike; what is no number stays, and is refused."""
    number = read_cell(value, TABLES["events"]["points"], standard()).value
    return value if number is None else -abs(float(number))


def _all_discretionary(piece: Piece) -> bool:
    j = piece.at("event")
    if j < 0:
        return piece.header.table == "events" and piece.scene.around.event == "discretionary"
    said = {plain(display_raw(value)) for _, value in piece.filled(j)}
    return bool(said) and {piece.scene.words.code("event", text) for text in said} == {"discretionary"}


def _signed(piece: Piece) -> Piece:
    """Refuse points of the other sign than the event says: 酌情扣分 2 would add them."""
    at = piece.at("points")
    taken = {_sign_of(found[0]) for text in piece.scene.titles for found in re.finditer("[加扣减]+分", plain(text))}
    for i, value in piece.filled(at) if at >= 0 and taken == {-1} else ():
        points = read_cell(value, TABLES["events"]["points"], piece.scene.words).value
        if points is not None and points > 0:
            return piece.saying("points_sign", _TITLED, (i, at), "error")
    own: Mapping[int, tuple[int, Value]] = {
        i: (sign, piece.cell(i, "event")) for i, sign in piece.which(piece.at("event"), _sign_of).items()
    }
    for i, (sign, said) in {**_under_headings(piece), **own}.items() if at >= 0 else ():
        points = read_cell(piece.grid.columns[at][i], TABLES["events"]["points"], piece.scene.words).value
        if points is not None and points * sign < 0:
            piece = piece.saying("points_sign", _other_sign(said), (i, at), "error")
    return piece


def _under_headings(piece: Piece) -> Mapping[int, tuple[int, Value]]:
    """Return the sign that the heading over a row says, with the heading: 二、扣分."""
    said = {at: (sign, text) for at, text in piece.headings.items() if (sign := _sign_of(_ENDING.sub("分", text)))}
    last = {i: max((at for at in piece.headings if at < i), default=-1) for i in piece.body}
    return {i: said[at] for i, at in last.items() if at in said}


_ENDING = re.compile(r"分(?:事项|项目|情况|类)?(?:\(.*\))?:?$")


@lru_cache(maxsize=1 << 15)
def _sign_of(event: str) -> int | None:
    found = re.search(r"(?<!加)(?P<less>[扣减]分)$|加分$", plain(event))
    return None if found is None else -1 if found["less"] else 1


_TITLED = Text(
    "表题说的是扣分,这里却是正数,会成了加分;扣分请写负数,如 -2",
    "the title speaks of points taken off, and this would add them: write them negative, as -2",
)


def _other_sign(event: Value) -> Text:
    return Text(
        f"“{display_raw(event)}”与这个数的正负不合;扣分请写负数,如 -2,加分写正数",
        f"does not have the sign of {display_raw(event)}: points taken off are negative, as -2",
    )


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
