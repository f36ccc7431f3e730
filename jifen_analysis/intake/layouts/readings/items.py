"""Marks, or claims, with a column an item.

Any header could be one, so only on a sheet that is called so; elsewhere those that the schemes given have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import is_nothing, unspaced
from jifen_analysis.intake.cells.lexicon import JUDGING, MARKS, REMARKS
from jifen_analysis.intake.cells.times import read_span
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.block import Spread, problem
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.labels import Label
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.readings.groups import group_keys
from jifen_analysis.intake.layouts.readings.judges import is_summed, judge_keys
from jifen_analysis.intake.layouts.readings.wide import (
    Keys,
    Kind,
    WideColumn,
    period_keys,
    read_wide,
    said_below,
)
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.spellings import column_of, is_harmless
from jifen_analysis.vocabulary import MarkedName, spelling

_FULL_MARK = re.compile(
    r"^(?:\(?\d+[.、)]|[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\))(?=\D)|\((?:满分)?\d+(?:分|%)\)$|\([^()加减扣]*\d分[^()加减扣]*\)$|\d+分$"
)
"""What stands around the name of an item: its number, and its full marks."""
_NO_ITEM = re.compile(rf"序号|{REMARKS}|签[名字].*|排名|名次|等[次级]|总评.*|得分率.*")


def a_column_an_item(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read rows as items over their marks."""
    return _read(grid, row, scene, _MARKS)


def a_column_a_claim(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read rows as items over the points that are claimed for them."""
    return _read(grid, row, scene, _CLAIMS)


def _read(grid: Grid, row: int, scene: Scene, kind: Kind) -> Header | None:
    """Read a row on a sheet that is called so, unless it has a column that says the item of each row."""
    listed = any(column_of(value, kind.table) == "item" for value in grid.row(row))
    known = kind.table in scene.called or (kind is _MARKS and scene.words.items)
    return read_wide(grid, row, scene, kind, True) if known and not listed else None


def _kind(table: str, field: str) -> Kind:
    def column(j: int, label: Label, scene: Scene) -> WideColumn | None:
        parts = reversed(list(enumerate(label)))
        for n, part in sorted(parts, key=lambda one: not _is_item(one[1], scene)):  # 理论学习 over 初评 is the item
            keys = _item_keys(part, table) if judge_keys(part, scene.words) is None else ()
            if keys and _says_who_marked(part, scene) and not _is_item(part, scene):
                continue
            if keys and table not in scene.called and spelling(str(keys[0][1])) not in scene.words.items:
                continue
            if keys:
                more = period_keys(label, table, scene.around.year)
                return WideColumn(j, tuple(dict.fromkeys((*keys, *more))), field, said_below(label, n, kind.field_of))
        spans = period_keys(label, table, scene.around.year) if "item" in scene.given else ()
        return WideColumn(j, spans, field) if spans else None  # halves of the one item that the sheet is called by

    kind = Kind(table, column, (field,), lambda spread, _: bool(spread))
    return kind


def _says_who_marked(part: Value, scene: Scene) -> bool:
    """Return whether a header says whose marks stand below it, as 互评分(40%) or 自评 do: no item of any scheme."""
    said = isinstance(part, str) and _MARKED_BY.fullmatch(unspaced(part))
    return bool(said or group_keys(part, scene.words))


_MARKED_BY = re.compile(rf"(?:自我?|(?:党|上级)?组织|党?支部|支委会?)(?:{JUDGING}|评|考评)+(?:{MARKS}|分)?(?:\(.*\))?")


def _is_item(part: Value, scene: Scene) -> bool:
    return isinstance(part, str) and spelling(item_in(part)) in scene.words.items


def _item_keys(part: Value, table: str) -> Keys:
    if not isinstance(part, str) or column_of(part, "members") or column_of(part, table):
        return ()
    text = item_in(part)
    if not text or text.isdigit() or read_span(text, _ANY_YEAR).value:  # 一季度 is when, not what
        return ()
    return () if _NO_ITEM.fullmatch(text) or is_harmless(text) or is_summed(text) else (("item", text),)


_ANY_YEAR = 2000


def item_in(text: str) -> str:
    """Return the name of an item without its number and its full marks.

    Examples
    --------
    >>> item_in("1.理论学习(10分)"), item_in("(三)本职工作"), item_in("理论学习(优10分,良8分)")
    ('理论学习', '本职工作', '理论学习')
    """
    return _FULL_MARK.sub("", unspaced(text))


_MARKS = _kind("marks", "mark")
_CLAIMS = _kind("declarations", "points")


# ---------------------------------------------------------------- items as the schemes spell them


def with_scheme_items(piece: Piece) -> Piece:
    """Put what the schemes call an item in place of one such as 1.理论学习(10分); name those that none has."""
    j, known = piece.at("item"), piece.scene.words.items
    column = piece.grid.columns[j] if j >= 0 else ()
    told = {str(value): (i, j) for i, value in reversed(piece.filled(j))} if j >= 0 else {}
    texts = [value for value in set(column) if isinstance(value, str) and not is_nothing(value)]
    named = {text: name for text in texts if (name := _in_scheme(item_in(text), known)) and name != text}
    piece = piece.put(j, {i: named[str(column[i])] for i in piece.body if column[i] in named} if named else {})
    for spread in (one for one in piece.header.spreads if "item" in one.constants):
        told[str(spread.constants["item"])] = piece.header.row, min(spread.fields.values())
    for name in (name for name in told if known and spelling(item_in(name)) not in known):
        piece = replace(piece, said=(*piece.said, _unknown(piece, name, told[name])))
    return replace(piece, header=piece.header.with_spreads(tuple(_named(one, known) for one in piece.header.spreads)))


def _unknown(piece: Piece, name: str, at: tuple[int, int]) -> Problem:
    text = Text(
        f"所给的方案没有“{name}”这个项目,不会计分;是哪一项(或不计),可在对照表里写明(--unknown)",
        f"no scheme given has an item {name}: not scored; a correspondence table (--unknown) may say which it is",
    )
    return replace(problem(piece.grid, "item_unknown", text, at, "note", "item"), value=name)


def _named(spread: Spread, known: Mapping[str, MarkedName]) -> Spread:
    item = spread.constants.get("item")
    return replace(spread, constants={**spread.constants, "item": _in_scheme(item, known)}) if item else spread


def _in_scheme(name: str, known: Mapping[str, MarkedName]) -> str:
    """Return a name as the schemes spell it; as it is where they do not have it, or do not agree."""
    one = known.get(spelling(name))
    return one.text or name if one else name
