"""What is no list, read as one: forms of one person, label beside value, and chains that people sign in a chat."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.cells.lexicon import PRESENT
from jifen_analysis.intake.cells.names import NAME, looks_like_name
from jifen_analysis.intake.grid import Grid, Value, is_blank
from jifen_analysis.intake.layouts.block import Block, Layout, problem
from jifen_analysis.intake.layouts.body import is_footer
from jifen_analysis.intake.layouts.scene import texts_of, titles_of
from jifen_analysis.intake.layouts.spellings import column_of, is_harmless

_NAME = re.compile(r"[\u4e00-\u9fff]{1,2}\s*[\u4e00-\u9fff]{1,3}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+")
_SAID = re.compile(r"\s*(?P<label>[^:\d]{2,10}?)\s*:\s*(?P<value>\S.*)")
"""Label and value in one cell."""
_HEADS = re.compile(r"项目|栏目|名称|字段|内容|信息|填写内容|情况")
_TALLEST = 60
"""Rows up to which a sheet may be a form."""
_FEWEST = 3
"""Columns of a roster that make a form."""


@dataclass(frozen=True)
class _Pair:
    """A label and the value that it is of; where each stands in the grid."""

    label: Value
    value: Value
    at: tuple[int, int]
    place: tuple[int, int]


def one_person_form(grid: Grid) -> Grid | None:
    """Return a form of one member as a list with one row, its cells at the addresses where they stand."""
    if grid.height > _TALLEST or not _names_somebody(grid):
        return None
    rows: dict[int, list[_Pair]] = {}
    for i in range(grid.height):
        rows[i] = list(_pairs(grid, i))
        if not _all_placed(grid.row(i), rows[i]):
            return None  # more than a form: a list, or texts that nobody can place
    titles = [value for i in rows if not rows[i] for value in _over(grid.row(i))]
    pairs = [pair for found in rows.values() for pair in found]
    known = {name for pair in pairs if (name := column_of(pair.label, "members")) and not is_blank(pair.value)}
    names = [pair for pair in pairs if column_of(pair.label, "members") == "name"]
    if len(known) < _FEWEST or len(names) != 1 or not _NAME.fullmatch(plain(display_raw(names[0].value))):
        return None
    return _as_list(grid, pairs, names[0], [text for text in titles if isinstance(text, str)])


def refuse_form(grid: Grid) -> Problem | None:
    """Refuse a form of one member of which not every cell is understood: read as a list it would be nonsense."""
    if grid.height > _TALLEST or grid.elsewhere or not _names_somebody(grid, last=False):
        return None
    return problem(grid, "form_unclear", _UNCLEAR)


_UNCLEAR = Text(
    "像是一人一张的登记表,有的格不知是项目还是内容;请一项一格、内容写在右边一格,或改成一人一行的花名册",
    "looks like a form of one person, but some cells are neither label nor value: put each value right of its label, "
    "or send a list with a row a member",
)


def _names_somebody(grid: Grid, *, last: bool = True) -> bool:
    """Return whether a label for a name has a name beside or behind it, below it a label, or (``last``) nothing."""
    for j, column in enumerate(grid.columns):
        labels = {value for value in set(column) if isinstance(value, str) and "名" in value}
        for i in (i for i, value in enumerate(column) if value in labels):
            pair = next((one for one in _pairs(grid, i) if one.at[1] == j), None)
            below = next((value for value in column[i + 1 :] if not is_blank(value)), None)
            named = pair is not None and pair.value is not None and column_of(pair.label, "members") == "name"
            if named and (_goes_on(below) if below else last):
                return True
    return False


def _goes_on(below: Value) -> bool:
    """Return whether a form may go on with a cell: below 姓名 of a list stands a name, and no label."""
    said = _SAID.fullmatch(plain(below)) if isinstance(below, str) else None
    return _is_label(below) or (said is not None and bool(column_of(said["label"], "members")))


def _all_placed(row: Sequence[Value], pairs: Sequence[_Pair]) -> bool:
    """Return whether everything in a row is a label, its value, or a title."""
    covered = {at for pair in pairs for at in (pair.at, pair.place)}
    return len(covered) + (0 if pairs else len(_over(row))) == sum(not is_blank(value) for value in row)


def _as_list(grid: Grid, pairs: Sequence[_Pair], name: _Pair, titles: Sequence[str]) -> Grid:
    places = {(i, j): place for j, pair in enumerate(pairs) for i, place in enumerate((pair.at, pair.place))}
    numbers = {at: (grid.row_numbers[i], grid.column_numbers[j]) for at, (i, j) in places.items()}
    return replace(
        grid,
        columns=tuple((pair.label, pair.value) for pair in pairs),
        row_numbers=(min(row for row, _ in numbers.values()), grid.row_numbers[name.place[0]]),
        column_numbers=tuple(numbers[1, j][1] for j in range(len(pairs))),
        above=(*grid.above, *titles),
        elsewhere=numbers,
    )


def _over(row: Sequence[Value]) -> list[Value]:
    """Return what stands in a row that is a title, or that heads labels and values."""
    filled = [value for value in row if not is_blank(value)]
    heads = all(isinstance(value, str) and _HEADS.fullmatch(plain(value)) for value in filled)
    return filled if len(filled) == 1 or heads else []


def _pairs(grid: Grid, i: int) -> Iterator[_Pair]:
    """Yield the labels of a row, each with what stands beside it, or behind it in its own cell."""
    filled = [(j, value) for j, value in enumerate(grid.row(i)) if not is_blank(value)]
    heads = all(isinstance(value, str) and _HEADS.fullmatch(plain(value)) for _, value in filled)
    while filled and not heads:
        (j, label), *filled = filled
        said = _SAID.fullmatch(plain(label)) if isinstance(label, str) else None
        if said and column_of(said["label"], "members"):
            yield _Pair(said["label"], said["value"], (i, j), (i, j))
        elif filled and not _is_label(filled[0][1]) and (_is_label(label) or _is_word(label)):
            (k, value), *filled = filled
            yield _Pair(label, value, (i, j), (i, k))
        elif _is_label(label):
            yield _Pair(label, None, (i, j), (i, j))  # left blank


def _is_word(value: Value) -> bool:
    """Return whether a text may be a label that nobody knows, among those that are known."""
    return isinstance(value, str) and re.fullmatch(r"[\u4e00-\u9fff()、\s]{2,12}:?", plain(value)) is not None


def _is_label(value: Value) -> bool:
    text = plain(value) if isinstance(value, str) else ""
    return bool(text) and bool(column_of(value, "members") or is_harmless(text.rstrip(":")) or text.endswith(":"))


# ---------------------------------------------------------------- chains


_LINK = re.compile(r"(?:^|(?<=[\s、,;。]))(\d{1,3})\s*[.、)]\s*")
_ENTRY = re.compile(rf"(?P<name>{NAME})(?:[\s(,:-]+(?P<said>[^\d()]+)\)?)?")
_SIGNED = re.compile(rf"(?:{PRESENT})(?!通知)|打卡")
_CHAIN_UNCLEAR = Text(
    "像是接龙,不知接龙的是要来的(报名)还是来了的(签到);是签到的,请在表题写“签到”,并写明日期、活动;或改成一人一行",
    "a chain of names: of those who meant to come, or who came? write 签到 into the title, or give everybody a row",
)


def unchained(grid: Grid) -> Grid | Layout | None:
    """Return the list of a chain, a row for everybody with what he wrote; refused where they may only mean to come."""
    cells = [(i, value) for i, row in enumerate(grid.rows(0, grid.height)) for value in row if not is_blank(value)]
    below = len(cells)
    while below and is_footer(cells[below - 1][1]):
        below -= 1
    people = _people(cells[:below])
    if len(people) < _FEWEST_LINKS:
        return None
    top = people[0][0]
    if not any(map(_SIGNED.search, (*titles_of(grid, top), grid.file))):
        at = top, next(j for j in range(grid.width) if not is_blank(grid.columns[j][top]))
        return Layout(problems=(problem(grid, "chain_unclear", _CHAIN_UNCLEAR, at),), counts={"refused": grid.filled()})
    return _listed(grid, top, people, cells[below:])


_FEWEST_LINKS = 2


def _people(cells: Sequence[tuple[int, Value]]) -> Sequence[tuple[int, str, str]]:
    """Return row, name and word of everybody, where from one cell on nothing else stands, numbered from 1 on."""
    first = next((n for n, (_, value) in enumerate(cells) if _links(value)), len(cells))
    links = [(i, *link) for i, value in cells[first:] for link in _links(value) or [(0, "")]]
    found = [(i, _ENTRY.fullmatch(text)) for i, _, text in links]
    named = [(i, one["name"], one["said"] or "出勤") for i, one in found if one and looks_like_name(one["name"])]
    whole = len(named) == len(links) and [n for _, n, _ in links] == list(range(1, len(links) + 1))
    return named if whole else []


def _links(value: object) -> Sequence[tuple[int, str]]:
    """Return the numbered parts of a cell; nothing where it does not begin with one."""
    before, *parts = _LINK.split(value.strip()) if isinstance(value, str) else [""]
    numbered = zip(parts[::2], parts[1::2], strict=True) if not before else ()
    return [(int(n), plain(text).rstrip("、,;。 ")) for n, text in numbered]


def _listed(grid: Grid, top: int, people: Sequence[tuple[int, str, str]], footers: Sequence[tuple[int, Value]]) -> Grid:
    rows = [top, *(i for i, _, _ in people), *(i for i, _ in footers)]
    j = next(j for j in range(grid.width) if not is_blank(grid.columns[j][top]))
    heads = [(*grid.columns[j][:top], "姓名"), (*[None] * top, "出勤情况")]
    feet: list[list[Value]] = [[text for _, text in footers], [None] * len(footers)]
    columns = [(*heads[n], *(one[n + 1] for one in people), *feet[n]) for n in (0, 1)]
    numbers = (*grid.row_numbers[:top], *(grid.row_numbers[i] for i in rows))
    above = (*grid.above, *texts_of(grid, top))
    return replace(grid, columns=columns, row_numbers=numbers, column_numbers=[grid.column_numbers[j]] * 2, above=above)


def as_it_stood(layout: Layout, grid: Grid) -> Layout:
    """Return the layout of a chain's list with the cells that the sheet has: the parts of one are no cells more."""
    if not layout.blocks:
        return replace(layout, counts={"refused": grid.filled()})
    (block,) = layout.blocks
    own = {(i, 0) for i in {block.grid.row_numbers[i]: i for i in reversed(block.body)}.values()}
    copies = frozenset((i, j) for i in block.body for j in range(block.grid.width) if (i, j) not in own)
    told: Block = replace(block, copies=copies, filled=len(own))
    return replace(layout, blocks=(told,), counts={"title": grid.filled() - len(own)})
