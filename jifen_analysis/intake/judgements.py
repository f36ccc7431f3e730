"""Sheets on which judges say where a line between two grades should be: made for them, and read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.choices import HEAD, DropDown, form_at, write_lists
from jifen_analysis.errors import Problem, Text, UsageError
from jifen_analysis.intake.cells import Reading, display_raw, is_nothing, plain
from jifen_analysis.intake.cells.numbers import read_boolean, read_number, read_share
from jifen_analysis.intake.cells.reading import refusal
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.hand_lists import HandList, member_ids, read_optional
from jifen_analysis.intake.judgement_layouts import (
    BOUNDS,
    JUDGED,
    Method,
    Panel,
    judges_of_members,
    other_columns,
    read_panel,
    refuse,
    without_judge,
)
from jifen_analysis.tables import Column
from jifen_analysis.vocabulary import standard

__all__ = ["BOUNDS", "GROUPS", "RATINGS", "Judgements", "Method", "read_judgements", "write_judgement_form"]

RATINGS = {"优秀": 4.0, "合格": 3.0, "基本合格": 2.0, "不合格": 1.0}
"""What a word counts as a rating: as a ballot does."""
GROUPS = {"够格": True, "不够格": False}

_POINTS = Column("points", "number", low=0)


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
        A workbook or CSV. ``angoff``: items with 项目, 满分 and, headed by each
        judge's name, the share of the full marks, 0.8 or 80%, that a member gets
        who just reaches the grade. ``contrasting_groups``: 编号 and 是否够格 (够格 or
        不够格, 是 or 否). ``borderline_regression``: 编号 and 总体评定, a grade or a
        number. ``hofstee``: 评委 and four bounds. Of every method judges may run
        down the sheet or across it (of members 评委张三, or 评委 in the corner), have a
        row for each thing that they judged, with 评委 beside, or a sheet each, called
        评委张三 or with 评委:张三 above; and any sheet may lie on its side.
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
    source = Path(path)
    panel = read_panel(source, method)
    if method == "angoff":
        return _by_items(source, panel)
    return _by_bounds(source, panel) if method == "hofstee" else _by_members(panel, JUDGED[method][1], id_width)


# ---------------------------------------------------------------- one sheet of each kind


Read = Callable[[Value], Reading]


def _by_members(panel: Panel, what: str, width: int | None) -> Judgements:
    read = _worthy if what == "worthy" else _rating
    faults = [fault for judge, found, rows in panel if not judge for fault in without_judge(found, rows)]
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
    refuse(faults)
    given = pd.concat(said.values(), axis=1, sort=False).rename_axis("member_id")
    return Judgements(given, pd.Series(dtype="float64"))


def _claims(panel: Panel, what: str) -> Iterator[tuple[str, HandList, int, list[int]]]:
    """Yield what each judge says: the list, the column and the rows in which it stands."""
    for judge, found, rows in panel:
        if what not in found.columns:
            for at, name in judges_of_members(found):
                yield name, found, at, [row for row in rows if not is_nothing(found.grid.columns[at][row])]
            continue
        names = [judge or found.text(row, "judge") for row in rows]
        for name in dict.fromkeys(names):
            own = [row for row, other in zip(rows, names, strict=True) if other == name]
            yield name, found, found.columns[what], own


def _by_bounds(source: Path, panel: Panel) -> Judgements:
    parts = [_of_bounds(source, *part) for part in panel]
    refuse([fault for _, faults in parts for fault in faults])
    return Judgements(pd.concat([given for given, _ in parts]), pd.Series(dtype="float64"))


def _of_bounds(source: Path, judge: str, found: HandList, rows: Sequence[int]) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the bounds on a sheet, a row a judge, and what is wrong with them."""
    if not judge and "judge" not in found.columns:
        sheet = found.grid.sheet
        raise UsageError(
            f"{source.name}:{sheet} 没有写明评委;请加一列 评委,或在表名写明,如 评委张三",
            f"{source.name}: {sheet} names no judge; add a column 评委, or call the sheet so, as 评委张三",
        )
    reads: Mapping[str, Read] = {**dict.fromkeys(BOUNDS[:2], _points), **dict.fromkeys(BOUNDS[2:], read_share)}
    cells = {name: _cells(found, rows, found.columns[name], read) for name, read in reads.items()}
    faults = [fault for name in BOUNDS for fault in _faults(found, rows, found.columns[name], cells[name])]
    given = pd.DataFrame({name: _values(cells[name]) for name in BOUNDS}, dtype="float64")
    if judge:
        faults += [found.problem(row, found.columns[BOUNDS[0]], "bad_judge", _ONE_JUDGES) for row in rows[1:]]
    else:
        faults += _wrong_names(found, rows, "judge")
    names = [judge] * len(rows) if judge else _names(found, rows, "judge")
    return given.set_axis(names, axis=0), [*faults, *_falling(found, rows, given)]


_ONE_JUDGES = Text("这张表写明是一位评委的,只能有一份判断", "this sheet is one judge's: it can hold one judgement only")


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
    judges = [at for at in other_columns(found) if any(not is_nothing(found.grid.columns[at][row]) for row in rows)]
    reads: Mapping[int, Read] = {found.columns["full"]: _points, **dict.fromkeys(judges, read_share)}
    cells = {at: _cells(found, rows, at, read) for at, read in reads.items()}
    faults = [fault for at in reads for fault in _faults(found, rows, at, cells[at])]
    heads = [plain(display_raw(found.grid.columns[at][found.head] or "")) for at in judges]
    doubtful = [at for at, head in zip(judges, heads, strict=True) if not head or heads.count(head) > 1]
    text = Text("每一列须写明是哪位评委,各不相同", "each column must be headed by its judge, each another")
    if judge:  # the sheet is one judge's, whatever its column is called
        text, doubtful, heads = _ONE_JUDGES, judges[1:], [judge] * len(judges)
    faults += [found.problem(found.head, at, "bad_judge", text) for at in doubtful]
    refuse([*faults, *_wrong_names(found, rows, "item")])
    items = _names(found, rows, "item")
    given = pd.DataFrame([_values(cells[at]) for at in judges], heads, items, dtype="float64")
    return Judgements(given, pd.Series(_values(cells[found.columns["full"]]), items, dtype="float64"))


# ---------------------------------------------------------------- cells


def _cells(found: HandList, rows: Sequence[int], at: int, read: Read) -> list[Reading]:
    return [read_optional(found.grid.columns[at][row], read) for row in rows]


def _values(cells: Sequence[Reading]) -> list[float | None]:
    return [cell.value for cell in cells]


def _names(found: HandList, rows: Sequence[int], key: str) -> list[str]:
    return [found.text(row, key) for row in rows]


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


# ---------------------------------------------------------------- blank sheets


_JUDGES, _MEMBERS = 12, 500
"""Columns or rows for judges, rows for members, that are prepared for filling in."""

_SHEET, _GUIDE = "判断", "说明"
_COLUMNS: Mapping[Method, tuple[str, ...]] = {
    "angoff": ("item", "full"),
    "contrasting_groups": ("member_id", "name", "worthy"),
    "borderline_regression": ("member_id", "name", "rating"),
    "hofstee": ("judge", *BOUNDS),
}
_LISTS: Mapping[str, tuple[str, ...]] = {"worthy": tuple(GROUPS), "rating": tuple(RATINGS)}
_SAID: Mapping[Method, str] = {
    "angoff": "一项一行;每位评委一列,表头改成评委姓名。刚好够格的人在这一项上得满分的几成?填 0 到 1 之间的数或百分数。"
    "也可每位评委复制一张,表名写明评委,如 评委张三。",
    "contrasting_groups": "一人一行;是否够格从列表中选。不了解的人空着,不算在内。编号按文本填写。"
    "几位评委:每位复制一张,表名写明评委,如 评委张三;按多数人的看法归组,各半的不算。",
    "borderline_regression": "一人一行;总体评定从列表中选,也可填数(优秀 4、合格 3、基本合格 2、不合格 1)。"
    "几位评委:每位复制一张,表名写明评委,如 评委张三;取各位评定的平均。",
    "hofstee": "一位评委一行。可接受的分数线最低几分、最高几分;可接受的未达线比例最低、最高几成(0 到 1,或百分数)。",
}


def write_judgement_form(path: str | Path, method: Method, *, items: Mapping[str, float] | None = None) -> Path:
    """Write the blank sheet that ``read_judgements`` reads.

    Parameters
    ----------
    path : str or Path
        Where to; ends in ``.xlsx``.
    method : {"angoff", "contrasting_groups", "borderline_regression", "hofstee"}
        What the judgements are for.
    items : mapping of str to float, optional
        Full marks by item, in points of the total, for ``angoff``; blank rows without.

    Returns
    -------
    Path
        The workbook.

    Raises
    ------
    UsageError
        Where it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> write_judgement_form(Path(tempfile.mkdtemp()) / "判断.xlsx", "angoff", items={"学习": 60, "活动": 40}).name
    '判断.xlsx'
    """
    target = Path(path)
    with form_at(target) as book:
        sheet = book.add_worksheet(_SHEET)
        guide = book.add_worksheet(_GUIDE)
        guide.set_column(0, 0, 100)
        guide.write_string(0, 0, _SAID[method])
        choices = write_lists(book, {name: _LISTS[name] for name in _COLUMNS[method] if name in _LISTS})
        _fill(sheet, book, method, items if items and method == "angoff" else {}, choices)
    return target


def _fill(sheet: Any, book: Any, method: Method, items: Mapping[str, float], choices: Mapping[str, DropDown]) -> None:
    head, text = book.add_format(HEAD), book.add_format({"num_format": "@"})
    judges = [f"评委{n}" for n in range(1, _JUDGES + 1)] if method == "angoff" else []
    named = _COLUMNS[method]
    for at, label in enumerate([*(standard().column("judgements", name).label for name in named), *judges]):
        sheet.write_string(0, at, label, head)
    sheet.set_column(0, len(named) - 1, 22, text if named[0] == "member_id" else None)
    for row, (item, points) in enumerate(items.items(), start=1):
        sheet.write_string(row, 0, item)
        sheet.write_number(row, 1, points)
    last = len(items) or (_JUDGES if named[0] != "member_id" else _MEMBERS)
    for at, name in enumerate([*named, *judges]):
        if rule := _rule(name, choices):
            sheet.data_validation(1, at, last, at, rule)
    sheet.freeze_panes(1, 1)


def _rule(name: str, choices: Mapping[str, DropDown]) -> dict[str, Any]:
    """Return what may be filled in; a rating may be a number, too."""
    if name in choices:
        return {**choices[name].rule, "error_type": "warning" if name == "rating" else "stop"}
    if name in ("item", "member_id", "name", "judge"):
        return {}
    most = 1e6 if name in ("full", *BOUNDS[:2]) else 1
    said = "请填数字" if most > 1 else "请填 0 到 1 之间的数,或百分数"
    return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": most, "error_message": said}
