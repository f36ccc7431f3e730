"""Blank sheets for judges to say where a line should be, with lists to choose from: filled in, they are read back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jifen_analysis.choices import DropDown, form_at, write_lists
from jifen_analysis.intake.judgements import BOUNDS, GROUPS, RATINGS, Method
from jifen_analysis.vocabulary import standard

JUDGES, ROWS = 12, 500
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
    head, text = (
        book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1}),
        book.add_format({"num_format": "@"}),
    )
    judges = [f"评委{n}" for n in range(1, JUDGES + 1)] if method == "angoff" else []
    named = _COLUMNS[method]
    for at, label in enumerate([*(standard().column("judgements", name).label for name in named), *judges]):
        sheet.write_string(0, at, label, head)
    sheet.set_column(0, len(named) - 1, 22, text if named[0] == "member_id" else None)
    for row, (item, points) in enumerate(items.items(), start=1):
        sheet.write_string(row, 0, item)
        sheet.write_number(row, 1, points)
    last = len(items) or (JUDGES if named[0] != "member_id" else ROWS)
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
