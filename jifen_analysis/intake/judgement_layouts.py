"""How a sheet of judgements may lie: what is judged down or across, a row for each judgement, a sheet for each judge.

One rule for every method: something is judged (an item, a member, one of four
bounds), judges say something of it, and either may run down the sheet. A sheet on
its side is read with its rows as columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from jifen_analysis.errors import InvalidRecords, Problem, Text, UsageError
from jifen_analysis.intake.cells import display_raw, is_nothing, plain
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.hand_lists import HandList, Headings, hand_lists
from jifen_analysis.intake.layouts.body import is_total
from jifen_analysis.intake.layouts.spellings import header_forms
from jifen_analysis.vocabulary import spelling, standard

Method = Literal["angoff", "contrasting_groups", "borderline_regression", "hofstee"]

BOUNDS = ("cut_low", "cut_high", "fail_low", "fail_high")

JUDGED: Mapping[Method, tuple[str, ...]] = {
    "angoff": ("item", "full"),
    "contrasting_groups": ("member_id", "worthy"),
    "borderline_regression": ("member_id", "rating"),
    "hofstee": ("judge", *BOUNDS),
}
"""Columns that the form of each method has."""

_CALLED = re.compile(r"(?:评委|专家|评定人)(?:姓名)?[:\s]*(\S.*)")
_BESIDE = frozenset({"序号", "备注", "说明"})
_PERSON = ("name", "branch")


Panel = Sequence[tuple[str, HandList, list[int]]]
"""Whose sheet it is, where it is one judge's, the list, and the rows in which something was judged."""


# ---------------------------------------------------------------- ways in which a sheet may lie


def _headings(*reads: str, beside: tuple[str, ...] = ()) -> Headings:
    return Headings("judgements", reads[0], reads, beside, frozenset(reads).issubset)


def _ways(method: Method) -> tuple[Headings, ...]:
    """Return in which ways a sheet may lie, first those that say the most; each upright, then on its side."""
    reads = JUDGED[method]
    if method == "hofstee":
        ways = [_headings(*reads), _headings(*BOUNDS)]
    elif method == "angoff":
        long = replace(_headings(*reads, "judge"), fits=_one_by_one)
        ways = [long, _headings(*reads), _headings("judge", "full")]  # the last with a corner that says 评委
    else:
        wide = replace(_headings(reads[0], beside=_PERSON), fits=lambda found: bool(judges_of_members(found)))
        cornered = replace(_headings("judge", beside=_PERSON), fits=_members_down)
        ways = [_headings(*reads, beside=(*_PERSON, "judge")), wide, cornered]
    return (*ways, *(replace(way, turned=True) for way in ways))


def _members_down(found: HandList) -> bool:
    """Return whether members run down below a corner that says 评委, and judges across: ids have digits."""
    keys = found.grid.columns[found.columns["judge"]][found.head + found.depth :]
    return bool(judges_of_members(found)) and any(re.search(r"\d", display_raw(key)) for key in keys if key is not None)


def _one_by_one(found: HandList) -> bool:
    """Return whether each row is one judgement: a column called 评委, and one other for what is said."""
    return _corner(found) and len(other_columns(found)) == 1


def _corner(found: HandList) -> bool:
    word = standard().column("judgements", "judge")
    head = found.value(found.head, "judge")
    return isinstance(head, str) and spelling(plain(head)) in {spelling(form) for form in (word.label, *word.aliases)}


def other_columns(found: HandList) -> list[int]:
    """Return the columns that may be a judge's: no number of the line, no remark, no mean."""
    left = sorted(set(range(len(found.grid.columns))) - set(found.columns.values()))
    heads = {at: found.grid.columns[at][found.head] for at in left}
    return [
        at
        for at, head in heads.items()
        if not is_total(head) and _BESIDE.isdisjoint(header_forms(head)) and _is_filled(found, at)
    ]


def _is_filled(found: HandList, at: int) -> bool:
    return any(not is_nothing(value) for value in found.grid.columns[at][found.head + found.depth :])


def judges_of_members(found: HandList) -> list[tuple[int, str]]:
    """Return the columns of members that are a judge's, and whose: called 评委张三, or beside a corner 评委."""
    heads = [(at, plain(display_raw(found.grid.columns[at][found.head] or ""))) for at in other_columns(found)]
    called = [(at, match[1]) for at, head in heads if (match := _CALLED.fullmatch(head))]
    return called or [(at, head) for at, head in heads if head and "judge" in found.columns and _corner(found)]


# ---------------------------------------------------------------- whose judgements they are


def read_panel(source: Path, method: Method) -> Panel:
    """Return what each sheet of judgements holds, of a sheet with a row for each judgement of items one entry a judge.

    Raises
    ------
    UsageError
        Where there is no such file, nothing was judged in it, or several sheets
        do not say whose they are.
    """
    lists = [_as_judged(found, method) for found in hand_lists(source, *_ways(method))]
    panel = [
        (judge, found, rows) for judge, found in _named(source, lists, method) if (rows := _judged_rows(found, method))
    ]
    if not panel:
        wanted = [standard().column("judgements", name).label for name in JUDGED[method]]
        raise UsageError(
            f"{source.name} 中没有填好的判断:表头须有 {'、'.join(wanted)}",
            f"no judgements in {source.name}: its header must name {', '.join(wanted)}, and something be filled in",
        )
    return [part for whose in panel for part in _by_judge(*whose)] if method == "angoff" else panel


def _as_judged(found: HandList, method: Method) -> HandList:
    """Return a list whose corner says 评委 as one of what is judged."""
    key = JUDGED[method][0]
    if key in found.columns or "judge" not in found.columns:
        return found
    return replace(found, columns={key: found.columns["judge"], **found.columns})


def _named(source: Path, lists: Sequence[HandList], method: Method) -> list[tuple[str, HandList]]:
    """Return the lists with whose each is: of several each must say so, for they may be two panels, or two drafts."""
    if len(lists) == 1 and (method != "hofstee" or "judge" in lists[0].columns):
        return [("", lists[0])]
    judges = [_judge_of(found) for found in lists]
    if len(lists) > 1 and (not all(judges) or len(set(judges)) < len(judges)):
        sheets = "、".join(found.grid.sheet for found in lists)
        raise UsageError(
            f"{source.name} 有不止一张判断表:{sheets};请合成一张,或每位评委一张,表名写明评委,如 评委张三",
            f"{source.name} has more than one sheet of judgements: {sheets}; put them into one, or give each judge one "
            "that is called so, as 评委张三",
        )
    return list(zip(judges, lists, strict=True))


def _judge_of(found: HandList) -> str:
    """Return the judge whose sheet it is said to be: by its name, or by what stands above the list."""
    grid = found.grid.on_its_side() if found.grid.turned else found.grid
    first = min(found.columns.values()) if found.grid.turned else found.head
    above = [value for row in range(first) for value in grid.row(row)]
    texts = [grid.sheet, *(value for value in above if isinstance(value, str))]
    said = [match[1].strip() for text in texts if (match := _CALLED.fullmatch(plain(text)))]
    return said[0] if said else ""


def _judged_rows(found: HandList, method: Method) -> list[int]:
    """Return the rows in which something was judged, of items also those that have full marks: no total, no footer."""
    key, *rest = JUDGED[method]
    columns = [found.columns[name] for name in rest if name in found.columns]
    columns += other_columns(found) if method == "angoff" else []
    columns += [at for at, _ in judges_of_members(found)] if "member_id" in found.columns else []
    heading = found.value(found.head, key)
    return [
        row
        for row in range(found.head + found.depth, found.grid.height)
        if any(not is_nothing(found.grid.columns[at][row]) for at in columns)
        and not is_total(name := found.value(row, key))
        and (is_nothing(name) or name != heading)
        and (key in found.columns or not _is_remark(found.grid.row(row)))
    ]


def _is_remark(line: Sequence[Value]) -> bool:
    """Return whether a line that nothing heads is no judgement: one text alone, and no number."""
    filled = [value for value in line if not is_nothing(value)]
    return len(filled) == 1 and isinstance(filled[0], str) and not re.match(r"\s*[\d.]", plain(filled[0]))


def _by_judge(judge: str, found: HandList, rows: list[int]) -> Iterator[tuple[str, HandList, list[int]]]:
    """Yield the rows of each judge, where each row is one judgement of an item."""
    if "judge" not in found.columns or found.columns["judge"] == found.columns["item"]:
        yield judge, found, rows
        return
    refuse([*without_judge(found, rows)])
    names = [found.text(row, "judge") for row in rows]
    for name in dict.fromkeys(names):
        yield name, found, [row for row, other in zip(rows, names, strict=True) if other == name]


def without_judge(found: HandList, rows: Sequence[int]) -> Iterator[Problem]:
    """Yield the rows that name no judge, where others do."""
    unnamed = [row for row in rows if not found.text(row, "judge")]
    if 0 < len(unnamed) < len(rows):
        text = Text("这一行没有写评委,别的行写了", "this line names no judge, others do")
        yield from (found.problem(row, found.columns["judge"], "bad_judge", text) for row in unnamed)


def refuse(problems: Sequence[Problem]) -> None:
    """Raise what is wrong, if anything is."""
    if problems:
        raise InvalidRecords(problems)
