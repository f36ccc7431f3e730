"""Chains that people sign one below the other in a chat: 1. 张三 2. 李四 请假, in one cell or in a column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.cells.names import looks_like_name
from jifen_analysis.intake.grid import Grid, Value, is_blank
from jifen_analysis.intake.layouts.block import Block, Layout
from jifen_analysis.intake.layouts.body import is_footer
from jifen_analysis.intake.layouts.notes import problem
from jifen_analysis.intake.layouts.scene import texts_of

_LINK = re.compile(r"(?:^|(?<=[\s、,;。]))(\d{1,3})\s*[.、)]\s*")
_ENTRY = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+)(?:[\s(,:-]+(?P<said>[^\d()]+)\)?)?"
)
_SIGNED = re.compile(r"签到|到会|实到|出勤|参会(?!通知)|打卡")
_UNCLEAR = Text(
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
    if len(people) < _FEWEST:
        return None
    top = people[0][0]
    if not any(map(_SIGNED.search, (*texts_of(grid, top), *grid.above, grid.sheet, grid.file))):
        at = top, next(j for j in range(grid.width) if not is_blank(grid.columns[j][top]))
        return Layout(problems=(problem(grid, "chain_unclear", _UNCLEAR, at),), counts={"refused": grid.filled()})
    return _listed(grid, top, people, cells[below:])


_FEWEST = 2


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
