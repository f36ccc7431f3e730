"""How many gave the marks of a sheet of evaluations, where the title says it."""

from __future__ import annotations

import re

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.cells.names import looks_like_name
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.piece import Piece


def without_evaluators(piece: Piece) -> Piece:
    """Take a column of those who judged by name for what it is, on a sheet whose title says which group they are."""
    j = piece.header.columns.get("group", -1) if piece.header.table == "evaluations" else -1
    said = {value for _, value in piece.filled(j)} if j >= 0 else set()
    names = all(isinstance(value, str) and looks_like_name(value) for value in said)
    if not said or not names or any(piece.scene.words.code("group", str(value)) for value in said):
        return piece
    name = piece.header.columns.get("name", j)
    own = [i for i, value in piece.filled(j) if name != j and value == piece.grid.columns[name][i]]
    told = piece.saying("evaluated_self", _OWN, (own[0], j), times=len(own)) if own else piece
    return told.without("group").reading(j).saying("evaluators_named", _NAMED, (piece.header.row, j))


_OWN = Text(
    "自己评自己,照样计;若不该计,请删去这一行", "judged himself, and is counted: delete the row if it should not be"
)


_NAMED = Text("是谁评的不记,各读作一个评议人的一分", "who judged is not kept: each is one evaluator's mark")
_WHO = (
    r"(?:(?<!应)参[评加与](?:评议|测评|互评|评价)?的?(?:党员|群众|人员|代表|同志)*"
    r"|(?<!应)(?:评议|评价|打分|测评|评分|评委)人)"
)
_MANY = re.compile(rf"{_WHO}(?:人?数)?[为共:]*(\d+)\s*[人名位]|{_WHO}人?数[为共:]+(\d+)(?![\d.%])")


def with_counted_evaluators(piece: Piece) -> Piece:
    """Take the number of evaluators that the titles name for every mark of one group, where no column says it."""
    header = piece.header
    counted = "count" in header.columns or any("count" in one.fields for one in header.spreads)
    if header.table != "evaluations" or counted or len(header.spreads) > 1:
        return piece
    titles = [re.sub(r"\s", "", plain(text)) for text in piece.scene.titles]
    said = {int(one or other) for text in titles for one, other in _MANY.findall(text)} - {0}
    if len(said) != 1:
        return piece
    (count,) = said
    rows: dict[int, Value] = dict.fromkeys(piece.body, count)
    at = header.row, min(header.used)
    text = Text(f"没有“评议人数”列,按表题读作 {count} 人", f"no column of evaluators; {count}, as the title says")
    return piece.with_column("count", rows, at[1]).saying("count_from_title", text, at, times=len(rows))
