"""A roster's columns about its members' state: header and values together say which columns of the roster they set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jifen_analysis.errors import Text
from jifen_analysis.intake.branches import names_a_move
from jifen_analysis.intake.cells import Reading, display_raw, is_nothing, plain, read_cell
from jifen_analysis.intake.cells.lexicon import WHEN
from jifen_analysis.intake.cells.names import SIGN_MEANT, STARS
from jifen_analysis.intake.cells.numbers import read_boolean
from jifen_analysis.intake.cells.remarks import weighty
from jifen_analysis.intake.cells.standing import SET, Meaning, Said, is_bare_member, read_standing, state_in
from jifen_analysis.intake.cells.times import read_day_of_life
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary

_OWN = TABLES["members"]
_REMARK = re.compile(r"\s*[(\[【]([^()\[\]【】]+)[)\]】]$")
"""What stands behind a name, once full-width brackets are folded."""
_FREE = ("name", "category")
"""Columns of texts of their own, which may say a state as well: 类别 over 正式 and 预备."""
_STAR = re.compile(rf"(?P<name>.*?)\s*(?P<sign>[{STARS}])")


@dataclass(frozen=True)
class _Source:
    """A column about members' states: its place and header, what each row says, which values say nothing known."""

    j: int
    head: str
    rows: Mapping[int, Said]
    refused: Mapping[Value, Reading]

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(name for said in self.rows.values() for name in said)


def with_states(piece: Piece) -> Piece:
    """Put what a roster's columns say of states into the columns that they set; names stay alone."""
    piece = _starred(_yearless(_moved(piece)))
    found = list(_sources(piece))
    return _put(piece, found) if found else piece


def _moved(piece: Piece) -> Piece:
    """Refuse a branch that is two, or one until a month: a transfer is two rows with their dates."""
    j = piece.at("branch")
    return piece.refusing("branch_moved", _TWO_BRANCHES, piece.which(j, names_a_move), j)


_TWO_BRANCHES = Text(
    "像是从一个支部转到另一个支部,不是一个支部的名称;请分两行写,各填起算日期、截止日期",
    "two branches, or one until some day: give a row for each, with its first and last day (起算日期, 截止日期)",
)


def _yearless(piece: Piece) -> Piece:
    """Say that rows without a year among those with one are read as of every year, not as of that of the row above.

    A first or a last day says itself of which.
    """
    columns, j = piece.grid.columns, piece.at("year")
    blank = [i for i in piece.body if is_nothing(columns[j][i])] if j >= 0 else []
    days = [columns[at] for at in map(piece.at, ("since", "until")) if at >= 0]
    open_ = [i for i in blank if all(is_nothing(column[i]) for column in days)]
    return piece.noting("year_blank", _EVERY_YEAR, open_, j) if len(blank) < len(piece.body) else piece


_EVERY_YEAR = Text(
    "有的行没有年度,读作各年都在册;若与上一行同年,请填上年度",
    "rows without a year are read as of every year; where they are of that of the row above, fill it in",
)


def _starred(piece: Piece) -> Piece:
    """Put what a sign behind names means, where a line of the sheet says so, in its place: 李四(预备党员)."""
    j, words = piece.at("name"), piece.scene.words
    signs = piece.which(j, lambda name: found["sign"] if (found := _STAR.fullmatch(plain(name))) else "")
    inside = frozenset(piece.body)
    lines = (value for i in range(piece.grid.height) if signs and i not in inside for value in piece.grid.row(i))
    found = (one for text in lines if isinstance(text, str) for one in SIGN_MEANT.finditer(plain(text)))
    said = {(one["sign"], one["word"]) for one in found}
    twice = Counter(sign for sign, _ in said)
    known = {sign: word for sign, word in sorted(said) if twice[sign] == 1 and state_in(word, words)}
    names = {i: _STAR.fullmatch(plain(str(piece.grid.columns[j][i]))) for i, sign in signs.items() if sign in known}
    for sign, word in known.items():
        text = Text(f"姓名后的“{sign}”按表上的说明读作{word}", f"the sign {sign} behind names is read as {word}")
        piece = piece.noting("name_sign", text, [i for i, own in signs.items() if own == sign], j)
    return piece.put(j, {i: f"{found['name']}({known[found['sign']]})" for i, found in names.items() if found})


def _put(piece: Piece, found: Sequence[_Source]) -> Piece:
    sources = [*_plain_ones(piece, found), *found]
    taken = {source.j for source in sources} - {piece.at(name) for name in _FREE}
    columns = {name: j for name, j in piece.header.columns.items() if j not in taken}
    known = replace(piece, header=replace(piece.header, columns=columns)).reading(*taken)
    for name in SET:
        tellers = [source for source in sources if name in source.columns]
        if name in _OWN and name not in columns and tellers:
            known = known.with_column(name, _merged(tellers, name), tellers[0].j)
    return _judged(_with_plain_names(known, found), sources, found)


def _merged(tellers: Sequence[_Source], name: str) -> dict[int, Value]:
    """Return what the first column that says anything of a row says of it."""
    return {i: said[name] for teller in reversed(tellers) for i, said in teller.rows.items() if name in said}


def _cells(piece: Piece, j: int) -> list[tuple[int, Value]]:
    return [(i, piece.grid.columns[j][i]) for i in piece.body]


# ---------------------------------------------------------------- which columns speak of states


def _sources(piece: Piece) -> Iterator[_Source]:
    named = {j: name for name, j in piece.header.columns.items()}
    for j in range(piece.grid.width):
        name, head = named.get(j, ""), piece.head(j)
        if (name and name not in (*SET, *_FREE)) or (not name and j in piece.header.used):
            continue
        meaning = _meaning(name, head, list(dict.fromkeys(v for _, v in _cells(piece, j))), piece.scene.words)
        if meaning and (meaning.says or meaning.refused):
            rows = {i: meaning.says[value] for i, value in _cells(piece, j) if value in meaning.says}
            yield _Source(j, head, rows, meaning.refused)
    if "stage" not in piece.header.columns:
        yield from _confirmed(piece)


def _meaning(name: str, head: str, values: Sequence[Value], words: Vocabulary) -> Meaning | None:
    if name == "name":
        return _beside_names(values, words)
    if name and name != "category" and _is_plain(name, values, words):
        return None
    # 党员 in a column of any kinds says that somebody is a member, not that he is a full one.
    told = values if name != "category" else [value for value in values if not is_bare_member(value)]
    return read_standing(head, told, words)


def _is_plain(name: str, values: Sequence[Value], words: Vocabulary) -> bool:
    """Return whether a column holds nothing but what its header asks for."""
    asked = [value for value in values if not is_nothing(value)]
    if _OWN[name].kind == "boolean":
        return all(read_boolean(value).severity is None for value in asked)
    return all(read_cell(value, _OWN[name], words).severity != "error" for value in asked)


def _plain_ones(piece: Piece, sources: Sequence[_Source]) -> Iterator[_Source]:
    """Yield the columns that say plainly what others say as well, so that each row can be held against all of them."""
    told = {source.j for source in sources}
    for name, j in piece.header.columns.items():
        if name in SET and j not in told and any(name in source.columns for source in sources):
            values = {i: read_cell(value, _OWN[name], piece.scene.words).value for i, value in _cells(piece, j)}
            yield _Source(j, piece.head(j), {i: {name: v} for i, v in values.items() if v is not None}, {})


def _beside_names(names: Sequence[Value], words: Vocabulary) -> Meaning:
    """Return what the remarks behind names say, such as 李四(预备); 张伟(男) is part of a name."""
    says: dict[Value, Said] = {}
    wrong: dict[Value, Reading] = {}
    for value in names:
        found = _REMARK.search(plain(value)) if isinstance(value, str) else None
        said = state_in(found[1], words) if found else None
        if said is not None:
            says[value] = said
        elif found and weighty(found[1]):
            wrong[value] = Reading(None, "error", "name_remark", _remark(str(value), found[1]))
    return Meaning(says, wrong)


def _remark(name: str, said: str) -> Text:
    return Text(
        f"“{name}”姓名后注的“{said}”没有读;请把它填到相应的列(发展阶段、职务、截止日期等),姓名只写姓名",
        "what is said behind the name is not read; put it into its own column",
    )


_CONFIRMED = re.compile(rf"(?:预备党员)?(?:转正|转为正式党员|转正式)(?:{WHEN})")
_LONGEST = timedelta(days=731)
"""How long somebody may stay on probation."""


def _confirmed(piece: Piece) -> Iterator[_Source]:
    """Take who has no date of full membership, and joined of late, for a probationary member."""
    j = next((j for j in range(piece.grid.width) if _CONFIRMED.fullmatch(piece.head(j))), -1)
    if j < 0 or "joined_on" not in piece.header.columns:
        return
    full, joined = _days(piece, j), _days(piece, piece.header.columns["joined_on"])
    latest = max((day for day in (*full.values(), *joined.values()) if day), default=date.min)
    rows = {i: _stage_by(full[i], joined[i], latest) for i in piece.body}
    if {"stage": "probationary"} in rows.values():
        yield _Source(j, piece.head(j), rows, {})


def _days(piece: Piece, j: int) -> dict[int, date | None]:
    year = piece.scene.around.year
    return {i: None if is_nothing(value) else read_day_of_life(value, year).value for i, value in _cells(piece, j)}


def _stage_by(full: date | None, joined: date | None, latest: date) -> Said:
    if full is not None:
        return {"stage": "full"}
    return {"stage": "probationary"} if joined is not None and latest - joined < _LONGEST else {}


# ---------------------------------------------------------------- what there is to say


def _with_plain_names(piece: Piece, sources: Sequence[_Source]) -> Piece:
    """Return the piece with its names without the remarks that were read."""
    j = piece.at("name")
    source = next((source for source in sources if source.j == j), None)
    names = {} if source is None else {i: _REMARK.sub("", plain(str(piece.grid.columns[j][i]))) for i in source.rows}
    return piece.put(j, names) if names else piece


def _judged(piece: Piece, sources: Sequence[_Source], found: Sequence[_Source]) -> Piece:
    for source in sources:
        piece = _left(_refused(_unsaid(piece, source), source), source)
    for name in SET:
        tellers = [source for source in sources if name in source.columns]
        for other in tellers[1:]:
            piece = _contradicted(piece, name, tellers[0], other)
    for source in found:
        piece = _noted(piece, source)
    return piece


def _unsaid(piece: Piece, source: _Source) -> Piece:
    """Name what stands in a column beside the states that are read; what could count waits for a decision."""
    if source.j == piece.header.columns.get("name") or not source.rows:
        return piece
    cells = [(i, v) for i, v in _cells(piece, source.j) if not is_nothing(v) and i not in source.rows]
    rest = [(i, value) for i, value in cells if value not in source.refused]
    for i, value in rest:
        heavy = weighty(display_raw(value))
        text = Text(
            f"“{source.head}”的“{display_raw(value)}”没有读{';请填到相应的列,或说明不计' if heavy else ''}",
            f"{source.head}: “{display_raw(value)}” is not read{'; put it into its own column' if heavy else ''}",
        )
        piece = piece.saying("state_unread", text, (i, source.j), "error" if heavy else "note")
    return piece


def _refused(piece: Piece, source: _Source) -> Piece:
    for i, value in _cells(piece, source.j):
        reading = source.refused.get(value)
        if reading and reading.text:
            piece = piece.saying(reading.code, reading.text, (i, source.j), "error", kind=reading.kind)
    return piece


def _left(piece: Piece, source: _Source) -> Piece:
    """Refuse who is said to have left, or to be lost, without a last day."""
    gone = (i for i, said in source.rows.items() if said.get("left") and is_nothing(piece.cell(i, "until")))
    text = Text(
        f"“{source.head}”说已不在支部(转出、去世、停止党籍等),却没有截止日期;请填截止日期,或从花名册删去这一行",
        f"{source.head} says that somebody has left, but there is no last day (截止日期); give one",
    )
    return piece.refusing("left_member", text, gone, source.j)


def _contradicted(piece: Piece, name: str, first: _Source, other: _Source) -> Piece:
    told = [(i, said[name], first.rows.get(i, {}).get(name)) for i, said in other.rows.items() if name in said]
    apart = [i for i, own, known in told if known not in (None, own)]
    zh, en = f"“{other.head}”与“{first.head}”说的不一样,请核对", f"{other.head} and {first.head} contradict each other"
    return piece.refusing("states_contradict", Text(zh, f"{en}; check them"), apart, other.j)


def _noted(piece: Piece, source: _Source) -> Piece:
    """Say once of each column what it was read as."""
    said = [name for name in SET if name in source.columns and name in _OWN]
    rows = [i for i, one in source.rows.items() if one]
    if not said:
        return piece
    labels = "、".join(piece.scene.words.column("members", name).label for name in said)
    text = Text(f"“{source.head}”按内容读作 {labels}", f"{source.head}, by what stands in it: {', '.join(said)}")
    return piece.noting("column_meaning", text, rows, source.j)


# ---------------------------------------------------------------- former names


_FORMER_NAME = re.compile(r"曾\s*用\s*名|原(?:用)?名|别名|又名")


def with_former_names(piece: Piece) -> Piece:
    """Keep a roster's column of former names, by which members are found who are called otherwise by now."""
    former = (j for j in piece.unread() if _FORMER_NAME.fullmatch(piece.head(j)))
    return next((piece.named("former_name", j).reading(j) for j in former), piece)
