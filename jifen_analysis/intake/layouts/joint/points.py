"""What is given beside an event: points, whether they add or take off, and what its event does not look at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain, read_cell
from jifen_analysis.intake.cells.lexicon import MARKS
from jifen_analysis.intake.cells.phrases import honour_in
from jifen_analysis.intake.grid import Value, grouped
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary, standard


def with_points(piece: Piece) -> Piece:
    """Take numbers beside discretionary points for those, and hold what is given against what its event asks."""
    return piece if piece.header.wide else _unused(_signed(_points(piece)))


def _points(piece: Piece) -> Piece:
    """Take numbers beside discretionary points alone for those: of one column, or of one that adds and one for less."""
    if piece.at("points") >= 0 or not _all_discretionary(piece):
        return piece
    heads = {re.sub(r"\(.*?\)", "", piece.head(j)): j for j in piece.unread()}
    added, taken = heads.get("加分"), heads.get("扣分", heads.get("减分"))
    if added is not None and taken is not None:
        less = dict(piece.filled(taken))
        both = [i for i in less if not is_nothing(piece.grid.columns[added][i])]
        piece = piece.refusing("points_sign", _BOTH_SIDES, both, taken)
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


# ---------------------------------------------------------------- what an event does not look at


def _unused(piece: Piece) -> Piece:
    """Say what a row gives that its event does not look at, and refuse an award of another level than its row's."""
    words, columns = piece.scene.words, TABLES["events"]
    titled = piece.scene.around.event if piece.at("event") < 0 else ""
    named = {i: piece.cell(i, "event") for i in piece.body}
    own = {value: read_cell(value, columns["event"], words).value or titled for value in set(named.values())}
    for name in ("level", "quantity", "amount", "points"):
        cells = piece.filled(piece.at(name)) if piece.at(name) >= 0 else ()
        told = ((words.words["event"].get(own[named[i]]), i) for i, value in cells if not _is_usual(name, value))
        rows = grouped((word.label, i) for word, i in told if word and name not in word.reads)
        for label, places in rows.items():
            piece = piece.noting("event_needs_not", _not_looked_at(label, name, words), places, piece.at(name))
    awards = piece.filled(piece.at("award")) if min(piece.at("award"), piece.at("level")) >= 0 else ()
    for i, value in awards:
        said, level = honour_in(plain(display_raw(value)), words), piece.cell(i, "level")
        if said and said["level"] != read_cell(level, columns["level"], words).value and not is_nothing(level):
            piece = piece.saying("levels_differ", _TWO_LEVELS, (i, piece.at("award")), "error")
    return piece


@lru_cache(maxsize=1 << 12, typed=True)
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
