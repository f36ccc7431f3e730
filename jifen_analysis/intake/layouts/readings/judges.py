"""Evaluations with a column an evaluator: 评委1…n, 班子成员1…n, or members across the top; how many judged."""

from __future__ import annotations

import re
from collections.abc import Callable

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain, unspaced
from jifen_analysis.intake.cells.lexicon import JUDGES, JUDGING, MARKS, MEANS, PEOPLE
from jifen_analysis.intake.cells.names import looks_like_name
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.identity import fold_name
from jifen_analysis.intake.layouts.block import Spread
from jifen_analysis.intake.layouts.headers import Header, Sum
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.readings.groups import group_keys
from jifen_analysis.intake.layouts.readings.wide import Keys
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.spellings import column_of, is_person, is_somebody
from jifen_analysis.vocabulary import Vocabulary

_NUMBER = r"(?:第?(?:\d+|[一二三四五六七八九十]+|[A-Z甲乙丙丁戊己庚辛])(?:号|位|名)?)"
_JUDGE = re.compile(
    rf"{_NUMBER}?(?P<who>{JUDGES}|[\u4e00-\u9fff]{{2,6}}?)[-_]?{_NUMBER}?"
    rf"(?:{JUDGING}|{MARKS}|分)?"
)
_ANYBODY = (*JUDGES.split("|"), "代表", "成员")
_SUMMED = re.compile(
    rf"(?:去掉)?(?:一个)?(?:最高|最低)分?|(?:最[后终]|平均|综合|总|加权)(?:{MARKS}|成绩|评分|分)?|{MEANS}"
)
"""Headers that say what was made of the marks, beside them."""


def a_column_a_judge(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read a row as numbered evaluators, of the group that they are named for or that the title names."""
    return _across(grid, row, lambda value: judge_keys(value, scene.words))


def judge_keys(value: Value, words: Vocabulary) -> Keys | None:
    """Return the group of a numbered evaluator, empty where it names none; ``None`` of what is no evaluator."""
    found = _JUDGE.fullmatch(unspaced(value)) if isinstance(value, str) else None
    if not found or not re.search(_NUMBER, found[0].replace(found["who"], "", 1)):
        return None
    own = group_keys(found["who"], words)
    return own if own or found["who"] in _ANYBODY else None


def a_column_a_member(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read a row as the names of those below it: everybody's mark for everybody, one evaluation each."""
    names = next((j for j, value in enumerate(grid.row(row)) if column_of(value, "dues") == "name"), None)
    if names is None or ("evaluations" not in scene.called and not scene.around.group):
        return None
    people = {fold_name(display_raw(value)) for value in set(grid.columns[names][row + 1 :]) if not is_nothing(value)}
    return _across(grid, row, lambda value: () if isinstance(value, str) and fold_name(value) in people else None)


def _across(grid: Grid, row: int, keys: Callable[[Value], Keys | None]) -> Header | None:
    columns: dict[str, int] = {}
    spreads: list[Spread] = []
    sums: list[Sum] = []
    for j, value in enumerate(grid.row(row)):
        own = column_of(value, "evaluations")
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


# ---------------------------------------------------------------- who judged, and how many


def without_evaluators(piece: Piece) -> Piece:
    """Take a column of those who judged by name for what it is, on a sheet whose title says which group they are.

    Of names across the top those marks are said that somebody gave himself.
    """
    piece = _on_the_diagonal(piece) if piece.header.wide else piece
    j = piece.at("group")
    said = {value for _, value in piece.filled(j)} if j >= 0 else set()
    names = all(isinstance(value, str) and looks_like_name(value) for value in said)
    if not said or not names or any(piece.scene.words.code("group", str(value)) for value in said):
        return piece
    name = piece.header.columns.get("name", j)
    own = [i for i, value in piece.filled(j) if name != j and value == piece.grid.columns[name][i]]
    told = piece.noting("evaluated_self", _OWN, own, j).without("group").reading(j)
    return told.saying("evaluators_named", _NAMED, (piece.header.row, j))


def _on_the_diagonal(piece: Piece) -> Piece:
    """Say where the column of a name has a mark in its own row."""
    people = piece.at("name")
    if people < 0:
        return piece
    rows = {fold_name(display_raw(piece.grid.columns[people][i])): i for i in piece.body}
    at = [(rows[name], j) for j in piece.header.places("mark") if (name := fold_name(piece.head(j))) in rows]
    own = [(i, j) for i, j in at if not is_nothing(piece.grid.columns[j][i])]
    return piece.saying("evaluated_self", _OWN, own[0], times=len(own)) if own else piece


_OWN = Text("自己评自己,照样计;若不该计,请删去", "judged himself, and is counted: delete it if it should not be")


_NAMED = Text("是谁评的不记,各读作一个评议人的一分", "who judged is not kept: each is one evaluator's mark")
_WHO = (
    rf"(?:(?<!应)参[评加与](?:{JUDGING}|互评)?的?(?:{PEOPLE}|群众|代表)*"
    rf"|(?<!应)(?:{JUDGING}|评委)人)"
)
_MANY = re.compile(rf"{_WHO}(?:人?数)?[为共:]*(\d+)\s*[人名位]|{_WHO}人?数[为共:]+(\d+)(?![\d.%])")


def with_counted_evaluators(piece: Piece) -> Piece:
    """Take the number of evaluators that the titles name for every mark of one group, where no column says it."""
    header = piece.header
    counted = "count" in header.columns or any("count" in one.fields for one in header.spreads)
    if counted or len(header.spreads) > 1:
        return piece
    titles = [unspaced(text) for text in piece.scene.titles]
    said = {int(one or other) for text in titles for one, other in _MANY.findall(text)} - {0}
    if len(said) != 1:
        return piece
    (count,) = said
    rows: dict[int, Value] = dict.fromkeys(piece.body, count)
    at = header.row, min(header.used)
    text = Text(f"没有“评议人数”列,按表题读作 {count} 人", f"no column of evaluators; {count}, as the title says")
    return piece.with_column("count", rows, at[1]).saying("count_from_title", text, at, times=len(rows))
