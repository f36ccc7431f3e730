"""Minutes: a meeting a row, with those who came, and those who did not, listed in cells; a record of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import is_nothing, plain, quoted, read_cell, unspaced
from jifen_analysis.intake.cells.lexicon import CAME, MISSED, PEOPLE, PRESENT, REASON, TO_COME
from jifen_analysis.intake.cells.names import NAME
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.block import LONG, Spread, problem
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.legend import status_in
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.readings.listed import header_in
from jifen_analysis.intake.layouts.readings.statuses import AWAY, agreed, code_of
from jifen_analysis.intake.layouts.scene import Scene, texts_of
from jifen_analysis.intake.layouts.spellings import is_person
from jifen_analysis.tables.columns import Column
from jifen_analysis.vocabulary import Vocabulary, standard

_ROLE = rf"(?:参加|{PRESENT}|{MISSED})"
_LISTED = re.compile(rf"(?P<said>{_ROLE})(?:的?(?:{PEOPLE}|名单|人))+(?:姓名)?(?:(?:及|和|\()(?:{REASON})\)?)?")
_COUNT = re.compile(r"^共?(?P<n>\d+)[人名][:,(]?\s*|\s*[(,]?共?(?P<m>\d+)[人名]\)?$")
_ONE = re.compile(rf"(?P<name>{NAME})(?:\((?P<why>[^()]+)\))?")
_PARTS = re.compile(r"[、,;\s/]+(?![^()]*\))")
_GAPPED = re.compile(r"(?<=(?<![\u4e00-\u9fff])[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff](?![\u4e00-\u9fff]))")
"""The gap in a name that is made as wide as others, 周 明: nobody is called by one sign."""
_ROLES = re.compile(rf"[;。\n]+|[,、\s]+(?=(?:{TO_COME}|{_ROLE})(?:{PEOPLE})?[^、,;]*?(?:\d|:))")
"""What parts the roles of one cell: 参会:甲、乙;请假:丙."""
_OF_ROLE = re.compile(rf"(?P<said>{_ROLE})(?:{PEOPLE}|人)?(?:共?\(?(?P<n>\d+)[人名]\)?)?(?::(?P<names>.*))?")
_BEGINS = re.compile(rf"(?:{_ROLE}|{TO_COME})(?:{PEOPLE})?[^、,;]*?(?:\d|:)")
_CAME = ("参加", *CAME.split("|"))
"""Roles that say that somebody was there, and are no status by themselves."""
_DUE = re.compile(rf"(?:{TO_COME})(?:{PEOPLE}|人数)?:?(?P<n>\d+)[人名]?")


def a_meeting_a_row(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read a row that heads days and lists of members as the header of the meetings' minutes."""
    lists = _lists(grid, row, scene.words)
    if not lists:
        return None
    header = header_in(grid, row, "attendance", named=True)
    first = min(lists)
    columns = {name: j for name, j in header.columns.items() if j not in lists and name != "status"}
    if "date" not in columns or {"member_id", "name"} & set(columns):
        return None
    if not ("activity" in columns or scene.around.activity or any(map(_of_a_meeting, _heads(grid, row, lists)))):
        return None  # 参加人员 of anything
    spreads = (Spread({}, {"status": lists[first]}),)
    return Header("attendance", row, {**columns, "name": first}, {}, True, spreads, lists=lists)


def _lists(grid: Grid, row: int, words: Vocabulary) -> Mapping[int, str]:
    """Return the columns of lists, by headers such as 请假人员, or by 请假 over names alone, of several in one cell."""
    values = grid.row(row)
    found = {j: said for j, value in enumerate(values) if (said := announced(value))}
    if found or any(map(is_person, values)):
        return {j: code_of(said, words) or "present" for j, said in found.items()}
    told = [j for j, value in enumerate(values) if isinstance(value, str) and _tell_roles(grid.columns[j][row + 1 :])]
    if told:
        return {told[0]: ""}  # each says who was what
    bare = {j: code for j, value in enumerate(values) if (code := code_of(value, words))}
    cells = {value for j in bare for value in grid.columns[j][row + 1 :] if not is_nothing(value)}
    names = list(map(names_in, cells))
    return bare if names and all(names) and any(len(some) > 1 for some in names) else {}


def _heads(grid: Grid, row: int, lists: Mapping[int, str]) -> Sequence[str]:
    return [plain(str(grid.columns[j][row])) for j in lists]


def _of_a_meeting(head: str) -> bool:
    """Return whether a header announces people of a meeting, and not of whatever it may be: 参会人员, 请假人员."""
    return announced(head) != "参加"


def _tell_roles(column: Sequence[Value]) -> bool:
    """Return whether every cell of a column begins with what somebody was, and one can be read."""
    cells = [value for value in column if not is_nothing(value)]
    told = all(isinstance(value, str) and _BEGINS.match(plain(value)) for value in cells)
    return told and any(map(roles_in, cells))


@lru_cache(maxsize=1 << 14)
def roles_in(value: Value) -> Sequence[tuple[str, str, str]]:
    """Return the names that a cell lists behind what they were, with that and what stands in brackets, or nothing.

    Examples
    --------
    >>> roles_in("参会:张三、李四;请假:王五(病假)")
    [('张三', '', '参会'), ('李四', '', '参会'), ('王五', '病假', '请假')]
    >>> roles_in("实到2人:张三、李四;请假1人:无"), roles_in("张三、李四")
    ([], [])
    """
    lines = map(plain, value.strip().splitlines()) if isinstance(value, str) else ()
    parts = [part for part in map(plain, _ROLES.split("\n".join(lines))) if part]
    due = [int(found["n"]) for part in parts if (found := _DUE.fullmatch(part))]
    told = [found for part in parts if not _DUE.fullmatch(part) and (found := _OF_ROLE.fullmatch(part))]
    named = [(one["said"], _names_of(one), one["n"]) for one in told]
    fits = all(names is not None and int(n or len(names)) == len(names) for _, names, n in named)
    people = [(name, why, said) for said, names, _ in named for name, why in names or ()]
    whole = len(told) + len(due) == len(parts) and fits and (not due or due == [len(people)])
    return people if whole else []


def _names_of(found: re.Match[str]) -> Sequence[tuple[str, str]] | None:
    """Return the names behind a role, none where it says 无 or nobody; ``None`` where it is no list of names."""
    said = found["names"]
    if said is None:
        return None if found["n"] != "0" else ()
    return () if is_nothing(said) else names_in(said) or None


@lru_cache(maxsize=1 << 14)
def announced(value: Value) -> str:
    """Return what a header says of those whom it announces, as 请假 of 请假人员; blank where it announces nobody."""
    found = _LISTED.fullmatch(plain(value)) if isinstance(value, str) else None
    return found["said"] if found else ""


_CAME_COUNTED = re.compile(rf"(?:实际参[加会]|{CAME}|出勤)(?:人数|党员数?|人次)?(?:\(人\))?")
_NOT_LISTED = Text(
    "只写了到会几人,没有列出是谁;只记缺席、请假的人会把出勤率算低,请列出参会人员,或每次会议一张签到表",
    "says how many came and not who: with those away alone everybody seems to be away; list who came",
)


def refuse_counted_attendees(grid: Grid, header: Header) -> Problem | None:
    """Refuse minutes that list those who were away, and of those who came say their number alone."""
    if not header.lists or {"present", ""} & {*header.lists.values()}:
        return None
    counted = (j for j, value in enumerate(grid.row(header.row)) if _CAME_COUNTED.fullmatch(unspaced(value)))
    return next((problem(grid, "attendees_counted", _NOT_LISTED, (header.row, j)) for j in counted), None)


def miscounted(grid: Grid, header: Header) -> Iterator[Problem]:
    """Note a number of people beside the lists of minutes that is not that of the names listed."""
    for j, value in enumerate(grid.row(header.row) if header.lists else ()):
        found = _COUNTED.fullmatch(unspaced(value)) if isinstance(value, str) and j not in header.lists else None
        codes = _THERE if found and found["came"] else (code_of(found["said"], standard()) if found else None,)
        lists = [grid.columns[k] for k, code in header.lists.items() if code in codes]
        for i in range(header.below, grid.height) if lists else ():
            said = read_cell(grid.columns[j][i], _PEOPLE_COUNTED, standard()).value
            names = [names_in(column[i]) for column in lists if not is_nothing(column[i])]
            listed = {sum(map(len, names)), *map(len, names[:1])}  # with who came late, or without
            if said is not None and all(names) and said not in listed:
                text = Text(f"写的是 {said:g} 人,列出的是 {max(listed)} 人", f"says {said:g}, {max(listed)} are listed")
                yield problem(grid, "total_differs", text, (i, j), "note")


_THERE = ("present", "late", "early_leave")
_COUNTED = re.compile(rf"(?P<said>(?P<came>实际参[加会]|{PRESENT})|{MISSED})(?:{PEOPLE})?(?:人?数|人次)?(?:\(人\))?")
_PEOPLE_COUNTED = Column("amount", "number")


def by_lists(grid: Grid, header: Header) -> list[Grid]:
    """Cut minutes with several lists a row: the first with all that stands beside them, the others alone."""
    first, *others = sorted(header.lists)
    shared, over = sorted(header.used - {first}), (*grid.above, *texts_of(grid, header.row))
    heads = {(header.row, j): grid.columns[j][header.row] for j in header.lists}
    # Alone such a header would be a status.
    whole = grid.put({at: f"{plain(str(head))}人员" for at, head in heads.items() if not announced(head)})
    alone = [replace(whole.picked([*shared, j]), above=over) for j in others]
    return [whole.picked([j for j in range(grid.width) if j not in others]), *alone]


def names_in(value: Value) -> Sequence[tuple[str, str]]:
    """Return the names that a cell lists, each with what stands behind it in brackets; nothing where anything else is.

    Examples
    --------
    >>> names_in("2人:张 三、李四(病假)")
    [('张三', ''), ('李四', '病假')]
    >>> names_in("张三、李四等5人"), names_in("3人:张三")
    ([], [])
    """
    text = _GAPPED.sub("", plain(value)) if isinstance(value, str) else ""
    count = _COUNT.search(text)
    parts = [_ONE.fullmatch(part) for part in _PARTS.split(_COUNT.sub("", text).strip()) if part]
    names = [(found["name"], found["why"] or "") for found in parts if found]
    told = int(count["n"] or count["m"]) if count else len(names)
    return names if len(names) == len(parts) == told else []


# ---------------------------------------------------------------- a record of everybody


def with_attendees(piece: Piece) -> Piece:
    """Give everybody in a list a row of his own, with the status of the list or what stands behind his name."""
    if not piece.header.lists:
        return piece
    ((j, code),) = piece.header.lists.items()
    listed = {i: _listed_in(value, code) for i, value in piece.filled(j)}
    piece = piece.refusing("list_unread", _LIST_UNREAD, (i for i, names in listed.items() if not names), j)
    people = [(i, *one) for i, names in listed.items() for one in names]
    told = _a_row_each(replace(piece, body=[i for i, names in listed.items() if names]), people, j, code)
    told = replace(told, header=told.header.with_spreads(LONG))
    first = min(listed, default=0)
    label = piece.scene.words.label("status", code) if code else "按格里写的出勤情况"
    zh, en = f"格里列出的人各读作一条,{label}(共 {len(people)} 人)", "everybody listed, a record each: "
    text = Text(zh, en + (code or "as the cell says"))
    return told.saying("names_parted", text, (first, j), times=len(people)) if people else told


def _a_row_each(piece: Piece, people: Sequence[tuple[int, str, str, str]], j: int, code: str = "") -> Piece:
    """Return the piece with a row of everybody listed in a column: by row, name, what stands in brackets, and as what.

    His status is put where the signs stand, or in a column that is made of the list; there the first has its own row.
    """
    lines = [i for i, *_ in people]
    first = {i: n for n, i in reversed([*enumerate(lines)])} if piece.header.lists else {}
    more = [n for n, i in enumerate(lines) if first.get(i) != n]
    below = {n: piece.grid.height + k for k, n in enumerate(more)}
    rows = [below.get(n, i) for n, i in enumerate(lines)]
    longer = piece.repeated([lines[n] for n in more])
    statuses: dict[int, Value] = {}
    for row, (i, _, why, role) in zip(rows, people, strict=True):
        said = status_in(why, piece.scene.words) if why else ""
        own = "present" if role in _CAME else code_of(role, piece.scene.words) or code
        status = agreed(own, said, own if own in AWAY else "")
        statuses[row] = said if own in AWAY and said in AWAY else status
        if status is None:
            longer = longer.saying("list_unread", _LIST_UNREAD, (i, j), "error")
        if why and not said:
            longer = longer.saying("name_remark", quoted(why, "写在姓名后,没有读", "behind a name is not read"), (i, j))
    longer = longer.put(piece.at("name"), {row: one for row, (_, one, *_) in zip(rows, people, strict=True)})
    if piece.header.lists:
        return longer.with_column("status", statuses, j)
    (sign,) = piece.header.places("status")
    where = {
        (row, at): (longer.grid.row_numbers[row], longer.grid.column_numbers[j])
        for row in rows
        for at in (piece.at("name"), sign)
    }
    grid = replace(longer.grid, elsewhere={**longer.grid.elsewhere, **where})
    return replace(longer, grid=grid).put(sign, statuses)


def with_listed_apart(piece: Piece, others: Iterable[int]) -> Piece:
    """Give those a row who are listed below the signs of one meeting: 请假人员:张三(病假)."""
    places = piece.header.places("status") if piece.header.table == "attendance" else []
    if piece.at("name") < 0 or len(places) != 1 or "date" in piece.header.columns:
        return piece
    for i in (i for i in others if i > piece.header.row):
        people = [(i, *one) for one in roles_in(_one_line(piece.grid.row(i)))]
        if people:
            at = piece.filled_at(i)
            text = Text(f"名单外列出的 {len(people)} 人,按所写的读", f"{len(people)} listed apart, read as it says")
            read = frozenset((i, j) for j in range(piece.width))
            piece = _a_row_each(piece, people, at).saying("listed_apart", text, (i, at))
            piece = replace(piece, copies=piece.copies | read)
    return piece


def _one_line(row: Sequence[Value]) -> str:
    """Return what stands in a row as one text: 请假人员, and the names in the next cell."""
    said = [value for value in row if not is_nothing(value)]
    texts = [plain(value).removesuffix(":") for value in said if isinstance(value, str)]
    return ":".join(texts) if len(texts) == len(said) <= _PARTED else ""


_PARTED = 2
"""Cells of a line at most: a label, and who it labels."""


def _listed_in(value: Value, code: str) -> Sequence[tuple[str, str, str]]:
    """Return who is listed in a cell: name, what stands in brackets, and as what, where the cell says that itself."""
    return [(name, why, "") for name, why in names_in(value)] if code else roles_in(value)


_LIST_UNREAD = Text(
    "这一格不全是姓名,或人数、状态与所写的不符,没有读;请只写姓名,用顿号隔开,如 张三、李四(病假)",
    "is not names alone, or says another number or status of them: write names alone, as 张三、李四(病假)",
)
