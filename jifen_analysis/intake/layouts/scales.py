"""Of how many points marks are: what title, header or a row of full marks say, held against the marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import display_raw, plain, read_cell
from jifen_analysis.intake.cells.lexicon import LOST, MARKS
from jifen_analysis.intake.layouts.block import problem
from jifen_analysis.intake.layouts.labels import are_full_marks
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.surroundings import highest_mark
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import spelling

_POINTS = re.compile(r"\(?(?<!满分)(?<!\d)(\d{1,3})分\)?$")
_LEAST = 2
"""Marks from which they say something of their scale."""
_TEN = 10


def off_scale(piece: Piece, below: Sequence[int] = ()) -> Iterator[Problem]:
    """Refuse evaluations not of a hundred, marks above the full marks named, amounts not in yuan.

    ``below`` are the rows under the records: a note there says as much as a title.
    """
    footers = [plain(value) for i in below for value in piece.grid.row(i) if isinstance(value, str)]
    yield from _other_unit(piece, footers)
    yield from _deductions(piece)
    table, title = piece.header.table, piece.scene.around.full or highest_mark(footers)
    if table == "evaluations" and title not in (None, 100):
        yield _other_scale(piece, min(piece.header.used), title or 0, ("表上", "the sheet"))
        return
    for j in piece.header.places("mark") if table in ("evaluations", "marks") else ():
        full = _full_marks_of(piece, j) or title
        share = _SHARE.search(piece.head(j)) if table == "evaluations" else None
        marks = dict(_marks(piece, j)) if full or share else {}
        if share and marks and max(marks.values()) <= float(share[1]):
            yield problem(piece.grid, "marks_weighed", _WEIGHED, (piece.header.row, j))
        if table == "evaluations" and full not in (None, 100) and marks and max(marks.values()) <= full:
            yield _other_scale(piece, j, full, ("列名", "the header"))
        elif table == "marks":
            yield from _unlike_scheme(piece, j)
            yield from (_above(piece, i, j, full or 0) for i, mark in marks.items() if mark > (full or 0))


def _deductions(piece: Piece) -> Iterator[Problem]:
    """Refuse marks that title, sheet, file or an item's name call deductions, unless the schemes have that item."""
    if piece.header.table not in ("marks", "declarations"):
        return
    called = (*piece.scene.titles, piece.grid.sheet, PurePath(piece.grid.file).stem)
    whole = any(_LOST.search(plain(text)) and not _GAINED.search(plain(text)) for text in called)
    items = [(str(one.constants.get("item", "")), one.fields.get("mark", -1)) for one in piece.header.spreads]
    lost = [j for item, j in items if _LOST.search(item) and spelling(item) not in piece.scene.words.items]
    for j in lost if not whole else [min(piece.header.used)] if piece.header.table == "marks" else ():
        yield problem(piece.grid, "marks_are_deductions", _DEDUCTED, (piece.header.row, j))


_LOST, _GAINED = re.compile(LOST), re.compile(f"{MARKS}|[加奖]")
_DEDUCTED = Text(
    "写明是扣分,而这里要的是得分(满分减去扣分);请换成得分再报",
    "these are deductions, and marks are wanted: the full marks less what is deducted",
)


def _other_unit(piece: Piece, footers: Sequence[str]) -> Iterator[Problem]:
    places = sorted({j for name in ("due", "paid", "amount") for j in piece.header.places(name)})
    said = (_TITLE_UNIT.search(plain(text)) for text in (*piece.scene.titles, *footers))
    titled = next((found[1] or found[2] for found in said if found), "")
    for j in places:
        own = [found[1] for i in piece.header.lines if (found := _UNIT.search(plain(str(piece.grid.columns[j][i]))))]
        unit = own[-1] if own else titled
        if unit:
            text = Text(f"金额的单位是{unit},这里要的是元;请换算成元", f"amounts in {unit}: convert them to yuan")
            yield problem(piece.grid, "amounts_of_another_unit", text, (piece.header.row, j))
    for j in piece.header.places("quantity"):
        if found := _TIME_UNIT.search(piece.head(j)):
            text = Text(f"数量的单位是{found[1]},这里要的是次数", f"quantities in {found[1]}: say how often")
            yield problem(piece.grid, "amounts_of_another_unit", text, (piece.header.row, j))


_SHARE = re.compile(r"[(占](?:占比?|权重|折算|按)?:?(\d{1,2})%")
"""The share of a group in the result: 群众评议(占30%)."""
_WEIGHED = Text(
    "列名写着占百分之几,而分数都不超过这个数,像是折算过的;请填折算前的百分制分数",
    "the header names a share and no mark is above it: they look weighed; give them as they were, of a hundred",
)
_SIZES = "角|分|[百千]元|万元?"
_UNIT = re.compile(rf"[(/](?:单位:)?({_SIZES}|[美港欧]元)\)?$")
_TIME_UNIT = re.compile(r"[(/](?:单位:)?(小时|学时|课时|分钟|天|元)\)?$")
_TITLE_UNIT = re.compile(rf"单位(?::|为|是|一律|均|都|\s)*({_SIZES}|[美港欧]元)|以(角|[百千]元|万元?)为?(?:单位|计)")


def note_unscaled(piece: Piece) -> Iterator[Problem]:
    """Note evaluations of which every mark is at most ten, where nothing says of how many they are; marks of one."""
    yield from _shares(piece)
    if piece.header.table != "evaluations" or piece.scene.around.full is not None:
        return
    marks = _all_small(piece, _TEN)
    if any(marks.values()) and not any(_full_marks_of(piece, j) for j in piece.header.places("mark")):
        text = Text(
            f"分数都不超过 {_TEN},像是十分制或五分制,现按百分制读;若不是百分制,请换算后再报",
            f"no mark is above {_TEN}, as on a scale of ten or five; read as of 100: if they are not, convert them",
        )
        yield problem(piece.grid, "marks_look_small", text, next(iter(marks)), "note")


def _shares(piece: Piece) -> Iterator[Problem]:
    """Note marks that are all at most one, and some less: they may be shares of the full marks."""
    marks = _all_small(piece, 1) if piece.header.table == "marks" else {}
    if any(0 < mark < 1 for mark in marks.values()) and _most(piece) > 1:
        yield problem(piece.grid, "marks_look_small", _SHARES, next(iter(marks)), "note")


def _most(piece: Piece) -> float:
    """Return the highest full marks that a scheme given has; two where none is given."""
    return max((one.full for one in piece.scene.words.items.values()), default=2)


def _all_small(piece: Piece, most: float) -> dict[tuple[int, int], float]:
    """Return all marks by row and column, where they say something of their scale and none is above a number."""
    columns = piece.header.places("mark")
    if any(mark > most for j in columns for _, mark in _marks(piece, j)):
        return {}
    marks = {(i, j): mark for j in columns for i, mark in _marks(piece, j)}
    return marks if len(marks) >= _LEAST else {}


_SHARES = Text(
    "分数都不超过 1,像是满分的几成,现按分数读;若是比例,请换算后再报",
    "no mark is above 1: they look like shares of the full marks, and are read as points; convert them if so",
)


def _other_scale(piece: Piece, j: int, full: float, said: tuple[str, str]) -> Problem:
    text = Text(
        f"{said[0]}写明满分 {full:g} 分,而评议分数按百分制计;请换算成百分制再报",
        f"{said[1]} says marks of {full:g}, evaluations are read as of 100; convert them first",
    )
    return problem(piece.grid, "marks_of_another_scale", text, (piece.header.row, j))


def _above(piece: Piece, i: int, j: int, full: float) -> Problem:
    value = display_raw(piece.grid.columns[j][i])
    text = Text(
        f"“{value}”高于表上写明的满分 {full:g};请核对分数或满分",
        f"{value} is above the full marks that the sheet names, {full:g}; check both",
    )
    return problem(piece.grid, "above_full_marks", text, (i, j))


def _unlike_scheme(piece: Piece, j: int) -> Iterator[Problem]:
    """Refuse full marks of an item that are not those of the schemes given."""
    said = _full_marks_of(piece, j, piece.head(j))
    items = (str(one.constants.get("item", "")) for one in piece.header.spreads if j in one.fields.values())
    known = next((piece.scene.words.items.get(spelling(item)) for item in items), None)
    most = known.full if known else 0.0
    if said and most and said != most:
        text = Text(
            f"表上写满分 {said:g},方案里这一项是 {most:g};请按方案的满分换算",
            f"the sheet says marks of {said:g}, the scheme has {most:g}: convert them",
        )
        yield problem(piece.grid, "marks_of_another_scale", text, (piece.header.row, j))


def _marks(piece: Piece, j: int) -> Iterator[tuple[int, float]]:
    for i, value in piece.filled(j):
        mark = read_cell(value, TABLES["marks"]["mark"], piece.scene.words).value
        if mark is not None:
            yield i, mark


def _full_marks_of(piece: Piece, j: int, head: str = "") -> float | None:
    """Return the full marks that a column's header (or ``head``), or a row of full marks below it, names."""
    column = piece.grid.columns[j]
    said = [head] if head else [plain(str(column[i])) for i in piece.header.lines]
    alone = [text for text in said if len(re.findall(r"\d分", text)) == 1]  # 优10分、良8分 are no full marks
    named = highest_mark([*said, *(_POINTS.sub(r"满分\1分", text) for text in alone)])
    below = [column[i] for i in range(piece.header.row, piece.first) if are_full_marks(piece.grid, i)]
    return named or next((float(value) for value in below if isinstance(value, (int, float))), None)
