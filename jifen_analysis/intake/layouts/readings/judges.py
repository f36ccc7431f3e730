"""Evaluations with a column an evaluator: 评委1…n, 班子成员1…n, or the members' own names across the top."""

from __future__ import annotations

import re
from collections.abc import Callable

from jifen_analysis.intake.cells import display_raw, is_nothing, plain
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.identity import fold_name
from jifen_analysis.intake.layouts.block import Spread
from jifen_analysis.intake.layouts.headers import Header, Sum
from jifen_analysis.intake.layouts.readings.groups import group_keys
from jifen_analysis.intake.layouts.readings.wide import Keys
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.spellings import column_of, is_person, is_somebody
from jifen_analysis.vocabulary import Vocabulary

_NUMBER = r"(?:第?(?:\d+|[一二三四五六七八九十]+|[A-Z甲乙丙丁戊己庚辛])(?:号|位|名)?)"
_JUDGE = re.compile(
    rf"{_NUMBER}?(?P<who>评委|评审|评分人|打分人|评议人|测评人|评价人|专家|考评员|[\u4e00-\u9fff]{{2,6}}?)[-_]?{_NUMBER}?"
    r"(?:评分|打分|评价|评议|分数|得分|分)?"
)
_ANYBODY = ("评委", "评审", "评分人", "打分人", "评议人", "测评人", "评价人", "专家", "考评员", "代表", "成员")
_SUMMED = re.compile(
    r"(?:去掉)?(?:一个)?(?:最高|最低)分?|(?:最[后终]|平均|综合|总|加权)(?:得分|成绩|评分|分数?)?|平均|均分"
)
"""Headers that say what was made of the marks, beside them."""


def a_column_a_judge(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read a row as numbered evaluators, of the group that they are named for or that the title names."""
    return _across(grid, row, lambda value: judge_keys(value, scene.words))


def judge_keys(value: Value, words: Vocabulary) -> Keys | None:
    """Return the group of a numbered evaluator, empty where it names none; ``None`` of what is no evaluator."""
    found = _JUDGE.fullmatch(re.sub(r"\s", "", plain(value))) if isinstance(value, str) else None
    if not found or not re.search(_NUMBER, found[0].replace(found["who"], "", 1)):
        return None
    own = group_keys(found["who"], words)
    return own if own or found["who"] in _ANYBODY else None


def a_column_a_member(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read a row as the names of those below it: everybody's mark for everybody, one evaluation each."""
    names = next((j for j, value in enumerate(grid.row(row)) if (column_of(value, "dues") or ("",))[0] == "name"), None)
    if names is None or ("evaluations" not in scene.called and not scene.around.group):
        return None
    people = {fold_name(display_raw(value)) for value in set(grid.columns[names][row + 1 :]) if not is_nothing(value)}
    return _across(grid, row, lambda value: () if isinstance(value, str) and fold_name(value) in people else None)


def _across(grid: Grid, row: int, keys: Callable[[Value], Keys | None]) -> Header | None:
    columns: dict[str, int] = {}
    spreads: list[Spread] = []
    sums: list[Sum] = []
    for j, value in enumerate(grid.row(row)):
        own = (column_of(value, "evaluations") or ("",))[0]
        said = None if is_person(value) else keys(value)
        if said is not None:
            spreads.append(Spread({"mark": j}, dict(said)))
        elif is_summed(value):
            sums.append(Sum(j, display_raw(value), (), "mark"))
        elif own and own not in ("mark", "count"):
            columns.setdefault(own, j)
    somebody = any(is_somebody(value) for value in grid.row(row))
    if len(spreads) < 2 or not somebody:
        return None
    return Header("evaluations", row, columns, {}, True, tuple(spreads), sums=tuple(sums))


def is_summed(value: Value) -> bool:
    """Return whether a header announces what was made of marks: 最高分, 最后得分, 平均分.

    Examples
    --------
    >>> is_summed("去掉最高分"), is_summed("得分")
    (True, False)
    """
    return isinstance(value, str) and _SUMMED.fullmatch(re.sub(r"\s|\(.*?\)", "", plain(value))) is not None
