"""Sheets on which judges say where a line between two grades should be: read for ``analysis.standard_setting``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from jifen_analysis.errors import InvalidRecords, Problem, Text, UsageError
from jifen_analysis.intake.cells import display_raw, is_nothing, plain
from jifen_analysis.intake.cells.numbers import read_boolean, read_number, read_share
from jifen_analysis.intake.cells.reading import Reading, refusal
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.hand_lists import HandList, Headings, hand_lists, member_ids, read_optional
from jifen_analysis.intake.layouts.body import is_total
from jifen_analysis.intake.layouts.spellings import header_forms
from jifen_analysis.tables import Column
from jifen_analysis.vocabulary import standard

Method = Literal["angoff", "contrasting_groups", "borderline_regression", "hofstee"]

BOUNDS = ("cut_low", "cut_high", "fail_low", "fail_high")
RATINGS = {"优秀": 4.0, "合格": 3.0, "基本合格": 2.0, "不合格": 1.0}
"""What a word counts as a rating: as a ballot does."""
GROUPS = {"够格": True, "不够格": False}

_POINTS = Column("points", "number", low=0)


def _headings(*reads: str, beside: tuple[str, ...] = ()) -> Headings:
    return Headings("judgements", reads[0], reads, beside, frozenset(reads).issubset)


_HEADINGS: Mapping[Method, Headings] = {
    "angoff": _headings("item", "full"),
    "contrasting_groups": _headings("member_id", "worthy", beside=("name", "branch", "judge")),
    "borderline_regression": _headings("member_id", "rating", beside=("name", "branch", "judge")),
    "hofstee": _headings("judge", *BOUNDS),
}


_ON_ITS_SIDE = _headings("judge", "full")
"""Of items across: a row a judge, and one of full marks."""
_WIDE = _headings("member_id", beside=("name", "branch"))
"""Of members with a column a judge."""
_JUDGE = re.compile(r"(?:评委|专家|评定人)(?:姓名)?[::\s]*(\S.*)")


@dataclass(frozen=True)
class Judgements:
    """What judges wrote on a sheet.

    Parameters
    ----------
    given : DataFrame
        As the method of ``standard_setting`` takes it: judges by items (shares of
        full marks), judges by ``cut_low``, ``cut_high``, ``fail_low``,
        ``fail_high``, or members by ``worthy`` or ``rating``, of several judges
        by their names.
    points : Series by item
        Full marks of each item; empty where there are no items.
    """

    given: pd.DataFrame
    points: pd.Series


def read_judgements(path: str | Path, method: Method, *, id_width: int | None = None) -> Judgements:
    r"""Read what judges wrote, as the form of ``write_judgement_form`` asks it.

    A judge who filled in nothing, or a member of whom nothing is said, is left
    out; what is filled in by half is refused.

    Parameters
    ----------
    path : str or Path
        A workbook or CSV. ``angoff``: a row an item, with 项目, 满分 and a column for
        each judge, headed by the judge's name: the share of the full marks, 0.8 or
        80%, that a member gets who just reaches the grade; or items across: 评委
        and the items, a row 满分, a row a judge. ``hofstee``: a row a judge.
        ``contrasting_groups``: 编号 and 是否够格 (够格 or 不够格, 是 or 否).
        ``borderline_regression``: 编号 and 总体评定, a grade or a number. Of several
        judges of members: a column 评委 beside, a row for each of a member's
        judges; or a column for each judge, 评委张三. Of all but ``hofstee`` a sheet
        for each judge, too, called 评委张三, or with 评委:张三 above the list.
    method : {"angoff", "contrasting_groups", "borderline_regression", "hofstee"}
        The method that they are for.
    id_width : int, optional
        Digits of an id, as in ``read_results``.

    Raises
    ------
    UsageError
        Where there is no such file, or no such list in it.
    InvalidRecords
        With every cell that is missing, cannot be read or is out of range, and
        every name that stands twice.

    Examples
    --------
    >>> import tempfile
    >>> sheet = Path(tempfile.mkdtemp()) / "判断.csv"
    >>> _ = sheet.write_text("项目,满分,甲,乙\n学习,60,80%,0.7\n活动,40,90%,0.8\n", encoding="utf-8")
    >>> read_judgements(sheet, "angoff").given.loc["甲"].to_dict()
    {'学习': 0.8, '活动': 0.9}
    """
    source, headings = Path(path), _HEADINGS[method]
    lists = _lists(source, method)
    panel = [
        (judge, found, rows)
        for judge, found in _panel(source, lists, method)
        if (rows := _judged_rows(found, headings))
    ]
    if not panel:
        wanted = [standard().column(headings.table, name).label for name in headings.reads]
        raise UsageError(
            f"{source.name} 中没有填好的判断:表头须有 {'、'.join(wanted)}",
            f"no judgements in {source.name}: its header must name {', '.join(wanted)}, and something be filled in",
        )
    if method == "angoff":
        return _by_items(source, panel)
    return _by_judge(*panel[0][1:]) if method == "hofstee" else _by_members(panel, headings.reads[1], id_width)


def _lists(source: Path, method: Method) -> list[HandList]:
    """Return the lists of a file: as the form has them, else on their side, or with a column for each judge."""
    found = hand_lists(source, _HEADINGS[method])
    if found or method == "hofstee":
        return found
    if method != "angoff":
        return [one for one in hand_lists(source, _WIDE) if _judges_of_members(one)]
    turned = hand_lists(source, _ON_ITS_SIDE, turned=True)
    return [replace(one, columns={"item": one.columns["judge"], "full": one.columns["full"]}) for one in turned]


Panel = Sequence[tuple[str, HandList, list[int]]]
"""The judge whose sheet it is, where each has one, the list, and the rows in which something was judged."""


def _panel(source: Path, lists: Sequence[HandList], method: Method) -> list[tuple[str, HandList]]:
    """Return the lists with whose each is: of several each must say so, for they may be two panels, or two drafts."""
    if len(lists) < 2:
        return [("", found) for found in lists]
    judges = [_judge_of(found) for found in lists]
    if method == "hofstee" or not all(judges) or len(set(judges)) < len(judges):
        sheets = "、".join(found.grid.sheet for found in lists)
        raise UsageError(
            f"{source.name} 有不止一张判断表:{sheets};请合成一张,或每位评委一张,表名写明评委,如 评委张三",
            f"{source.name} has more than one sheet of judgements: {sheets}; put them into one, or give each judge one "
            "that is called so, as 评委张三",
        )
    return list(zip(judges, lists, strict=True))


def _judge_of(found: HandList) -> str:
    """Return the judge whose sheet it is said to be: by its name, or by what stands above the list."""
    above = [value for row in range(found.head) for value in found.grid.row(row) if isinstance(value, str)]
    said = [match[1].strip() for text in (found.grid.sheet, *above) if (match := _JUDGE.fullmatch(plain(text)))]
    return said[0] if said else ""


def _judged_rows(found: HandList, headings: Headings) -> list[int]:
    """Return the rows in which something was judged, of items also those that have full marks: no total, no footer."""
    columns = [found.columns[name] for name in headings.reads[1:] if name in found.columns]
    columns += _judges(found) if headings.key == "item" else [at for at, _ in _judges_of_members(found)]
    heading = found.value(found.head, headings.key)
    return [
        row
        for row in range(found.head + found.depth, found.grid.height)
        if any(not is_nothing(found.grid.columns[at][row]) for at in columns)
        and not is_total(name := found.value(row, headings.key))
        and name != heading
    ]


def _judges(found: HandList) -> list[int]:
    """Return the columns of a sheet of items that may be a judge's: no number of the line, no remark, no mean."""
    others = set(range(len(found.grid.columns))) - set(found.columns.values())
    heads = {at: found.grid.columns[at][found.head] for at in sorted(others)}
    return [at for at, head in heads.items() if not is_total(head) and _BESIDE.isdisjoint(header_forms(head))]


def _judges_of_members(found: HandList) -> list[tuple[int, str]]:
    """Return the columns of a sheet of members that are a judge's, and whose."""
    others = set(range(len(found.grid.columns))) - set(found.columns.values())
    heads = [(at, plain(display_raw(found.grid.columns[at][found.head] or ""))) for at in sorted(others)]
    return [(at, match[1]) for at, head in heads if (match := _JUDGE.fullmatch(head)) and not is_total(head)]


_BESIDE = frozenset({"序号", "备注", "说明"})


# ---------------------------------------------------------------- one sheet of each kind


Read = Callable[[Value], Reading]


def _by_members(panel: Panel, what: str, width: int | None) -> Judgements:
    read = _worthy if what == "worthy" else _rating
    faults = [fault for judge, found, rows in panel if not judge for fault in _without_judge(found, rows)]
    said: dict[str, pd.Series] = {}
    for judge, found, at, rows in _claims(panel, what):
        cells = _cells(found, rows, at, read)
        ids, wrong = member_ids([(found, row) for row in rows], width)
        faults += [*_faults(found, rows, at, cells), *wrong]
        if judge in said:
            faults.append(
                found.problem(found.head, at, "bad_judge", Text("这位评委已有一列", "this judge has a column"))
            )
        said[judge] = pd.Series(_values(cells), pd.Index(ids, dtype="str"), dtype="float64", name=judge or what)
    _refuse(faults)
    given = pd.concat(said.values(), axis=1, sort=False).rename_axis("member_id")
    return Judgements(given, pd.Series(dtype="float64"))


def _claims(panel: Panel, what: str) -> Iterator[tuple[str, HandList, int, list[int]]]:
    """Yield what each judge says: the list, the column and the rows in which it stands."""
    for judge, found, rows in panel:
        if what not in found.columns:
            for at, name in _judges_of_members(found):
                yield name, found, at, [row for row in rows if not is_nothing(found.grid.columns[at][row])]
            continue
        names = [judge or _said_judge(found, row) for row in rows]
        for name in dict.fromkeys(names):
            own = [row for row, other in zip(rows, names, strict=True) if other == name]
            yield name, found, found.columns[what], own


def _without_judge(found: HandList, rows: Sequence[int]) -> Iterator[Problem]:
    """Yield the rows that name no judge, where others do."""
    unnamed = [row for row in rows if not _said_judge(found, row)]
    if 0 < len(unnamed) < len(rows):
        text = Text("这一行没有写评委,别的行写了", "this line names no judge, others do")
        yield from (found.problem(row, found.columns["judge"], "bad_judge", text) for row in unnamed)


def _said_judge(found: HandList, row: int) -> str:
    value = found.value(row, "judge")
    return "" if is_nothing(value) else plain(display_raw(value))


def _by_judge(found: HandList, rows: Sequence[int]) -> Judgements:
    reads: Mapping[str, Read] = {**dict.fromkeys(BOUNDS[:2], _points), **dict.fromkeys(BOUNDS[2:], read_share)}
    cells = {name: _cells(found, rows, found.columns[name], read) for name, read in reads.items()}
    faults = [fault for name in BOUNDS for fault in _faults(found, rows, found.columns[name], cells[name])]
    given = pd.DataFrame({name: _values(cells[name]) for name in BOUNDS}, dtype="float64")
    _refuse([*faults, *_wrong_names(found, rows, "judge"), *_falling(found, rows, given)])
    return Judgements(given.set_axis(_names(found, rows, "judge"), axis=0), pd.Series(dtype="float64"))


def _falling(found: HandList, rows: Sequence[int], given: pd.DataFrame) -> Iterator[Problem]:
    text = Text("上限须高于下限", "the upper bound must be above the lower one")
    for low, high in (BOUNDS[:2], BOUNDS[2:]):
        for at in np.flatnonzero(given[low] >= given[high]).tolist():
            yield found.problem(rows[at], found.columns[high], "out_of_range", text)


def _by_items(source: Path, panel: Panel) -> Judgements:
    """Return what all sheets of a panel say, which must ask the same."""
    parts = [_by_item(found, rows, judge) for judge, found, rows in panel]
    points = parts[0].points
    for part, (judge, *_) in zip(parts, panel, strict=True):
        if part.points.to_dict() != points.to_dict():
            raise UsageError(
                f"{source.name}:{judge} 的表与 {panel[0][0]} 的项目或满分不同",
                f"{source.name}: the items or full marks of {judge} are not those of {panel[0][0]}",
            )
    return Judgements(pd.concat([part.given for part in parts]), points)


def _by_item(found: HandList, rows: Sequence[int], judge: str) -> Judgements:
    judges = [at for at in _judges(found) if any(not is_nothing(found.grid.columns[at][row]) for row in rows)]
    reads: Mapping[int, Read] = {found.columns["full"]: _points, **dict.fromkeys(judges, read_share)}
    cells = {at: _cells(found, rows, at, read) for at, read in reads.items()}
    faults = [fault for at in reads for fault in _faults(found, rows, at, cells[at])]
    heads = [plain(display_raw(found.grid.columns[at][found.head] or "")) for at in judges]
    doubtful = [at for at, head in zip(judges, heads, strict=True) if not head or heads.count(head) > 1]
    text = Text("每一列须写明是哪位评委,各不相同", "each column must be headed by its judge, each another")
    if judge:  # the sheet is one judge's, whatever its column is called
        several = Text(
            "这张表写明是一位评委的,只能有一列判断", "this sheet is one judge's: it can have one column only"
        )
        text, doubtful, heads = several, judges[1:], [judge] * len(judges)
    faults += [found.problem(found.head, at, "bad_judge", text) for at in doubtful]
    _refuse([*faults, *_wrong_names(found, rows, "item")])
    items = _names(found, rows, "item")
    given = pd.DataFrame([_values(cells[at]) for at in judges], heads, items, dtype="float64")
    return Judgements(given, pd.Series(_values(cells[found.columns["full"]]), items, dtype="float64"))


# ---------------------------------------------------------------- cells


def _cells(found: HandList, rows: Sequence[int], at: int, read: Read) -> list[Reading]:
    return [read_optional(found.grid.columns[at][row], read) for row in rows]


def _values(cells: Sequence[Reading]) -> list[float | None]:
    return [cell.value for cell in cells]


def _names(found: HandList, rows: Sequence[int], key: str) -> list[str]:
    values = [found.value(row, key) for row in rows]
    return ["" if is_nothing(value) else plain(display_raw(value)) for value in values]


def _faults(found: HandList, rows: Sequence[int], at: int, cells: Sequence[Reading]) -> Iterator[Problem]:
    blank = Text("这里没有填", "nothing is filled in here")
    for row, cell in zip(rows, cells, strict=True):
        if cell.severity == "error" and cell.text:
            yield found.problem(row, at, cell.code, cell.text)
        elif cell.value is None:
            yield found.problem(row, at, "missing_value", blank)


def _wrong_names(found: HandList, rows: Sequence[int], key: str) -> Iterator[Problem]:
    names = _names(found, rows, key)
    missing = Text("这一行没有名称", "this line has no name")
    doubled = Text("此名称出现不止一次,请留一行", "this name stands more than once; keep one row")
    times = Counter(names)
    for row, name in zip(rows, names, strict=True):
        if not name or times[name] > 1:
            code, text = ("duplicate_name", doubled) if name else ("missing_name", missing)
            yield found.problem(row, found.columns[key], code, text)


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidRecords(problems)


def _points(value: Value) -> Reading:
    return read_number(value, _POINTS)


def _worthy(value: Value) -> Reading:
    said = plain(display_raw(value))
    found = Reading(GROUPS[said]) if said in GROUPS else read_boolean(value)
    return found if found.severity == "error" else Reading(float(found.value))


def _rating(value: Value) -> Reading:
    said = plain(display_raw(value))
    found = Reading(RATINGS[said]) if said in RATINGS else _points(value)
    if found.severity != "error":
        return found
    listed = "、".join(RATINGS)
    return refusal("bad_rating", value, f"不是评定;请写 {listed},或数字", f"is no rating; write {listed}, or a number")
