"""Lists without a person's column, or with nothing else: a sheet of one person, and a list of those who came."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.cells.lexicon import CAME, NOT_THERE, TO_COME
from jifen_analysis.intake.cells.names import NAME, looks_like_name
from jifen_analysis.intake.grid import Grid, Value, is_blank
from jifen_analysis.intake.identity import fold_name
from jifen_analysis.intake.layouts.block import Spread
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.readings.listed import header_in
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.spellings import column_of, find_columns, is_harmless, is_person, is_somebody
from jifen_analysis.vocabulary import spelling

_TABLES = ("dues", "marks", "declarations", "attendance", "events")
_NAMED = re.compile(
    r"(?:党员|本人|申报人|被考核人)?姓\s*名\s*:\s*(?P<name>[\u4e00-\u9fff·]{2,8}?)(?=\s|$|[,;(、]|性别|所在|支部|编号|月份)"
)
_LISTED = re.compile(rf"签到(?:表|册|簿|名单|单)?|签名(?:表|册|簿)|(?:参加|{CAME})人员(?:名单|签名)?")
_SIGNED = re.compile(r"签|到|打卡|时间|状态")
"""Headers of what is blank where somebody did not come."""
_ELSE = re.compile(f"{NOT_THERE}|{TO_COME}|应参|通知|拟")


def a_sheet_a_person(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read a row that names no person as the header of the records of one, who is named above or by the sheet."""
    if any(is_person(value) for value in grid.row(row)):
        return None
    name, sure = _person(grid, scene)
    headers = [header_in(grid, row, table, named=table in scene.called) for table in _TABLES] if name else []
    named = [replace(header, person=name) for header in headers]
    telling = [one for one in named if one.telling >= 2 - (_dated(one) and (sure or not one.missing(scene.given)))]
    return min(telling, key=lambda header: header.merit(scene.given), default=None)


def _dated(header: Header) -> bool:
    return "date" in header.columns


def _person(grid: Grid, scene: Scene) -> tuple[str, bool]:
    """Return the one who is named, and whether a label says so, rather than the name of the sheet."""
    titles = list(map(plain, scene.titles))
    said = {found["name"] for text in titles if (found := _NAMED.search(text))}
    beside = {two for one, two in pairwise(titles) if re.fullmatch(r"(?:党员)?姓\s*名:?", one)}
    sheet = plain(grid.sheet)
    own = {sheet} if looks_like_name(sheet) else set()
    names = {name for name in said or beside or own if re.fullmatch(NAME, name) and not _is_word(name, scene)}
    return (names.pop() if len(names) == 1 else "", bool(said or beside))


def _is_word(name: str, scene: Scene) -> bool:
    """Return whether what looks like a name is a word of ours: a table, a kind of meeting, a header."""
    kinds = ("activity", "status", "group", "event", "stage", "post")
    tables = {spelling(text) for word in scene.words.tables.values() for text in word.spellings}
    return spelling(name) in tables or bool(find_columns(name)) or any(scene.words.code(kind, name) for kind in kinds)


def tells_of_one(row: Sequence[Value]) -> bool:
    """Return whether a row is label and value by turns, 姓名 | 张三 | 编号 | 00001: of one person, and no header."""
    filled = [display_raw(value) for value in row if not is_blank(value)]
    pairs = list(zip(filled[::2], filled[1::2], strict=False))
    labels = [column_of(label, "members") for label, _ in pairs]
    unknown = [label for (label, _), known in zip(pairs, labels, strict=True) if not known]
    if len(labels) - len(unknown) < 2 or any(map(looks_like_name, unknown)):
        return False
    told = [
        (label == "name" and looks_like_name(value))
        or (label == "member_id" and re.fullmatch(_SOME_ID, value))
        or (label == "branch" and value.endswith("支部"))
        for label, (_, value) in zip(labels, pairs, strict=True)
    ]
    heads = any(column_of(value, "members") or is_harmless(value) for _, value in pairs)
    return any(told) and not heads


def a_list_of_those_present(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read names under the title of a sign-in sheet, with nothing beside them that speaks of anybody."""
    titles = (*scene.titles, grid.sheet)
    lists = [found[0] for text in titles if (found := _LISTED.search(text))]
    sure = any("参加" not in said or scene.around.activity for said in lists)
    sure = sure and "planned" not in scene.called and not any(_ELSE.search(text) for text in titles)
    if not sure or scene.around.day is None:
        return None
    filled = [value for value in grid.row(row) if not is_blank(value)]
    only = all(
        is_person(value) or (is_harmless(display_raw(value)) and not _SIGNED.search(display_raw(value)))
        for value in filled
    )
    if not only or not any(map(is_somebody, filled)):
        return None
    header = header_in(grid, row, "attendance", named=True)
    return replace(header, spreads=(Spread({}, {"status": "present"}),))


# ---------------------------------------------------------------- whose rows they are


def with_person(piece: Piece) -> Piece:
    """Give every row the name of the one person that the sheet is of, or say that all who are listed came."""
    header = piece.header
    at = header.row, min(header.columns.values(), default=0)
    if header.person:
        text = Text(f"整张表是“{header.person}”一个人的", f"the whole sheet is called by one name: {header.person}")
        ids = _ids_above(piece)
        if len(ids) == 1 and "member_id" not in header.columns:  # held against the name
            piece = piece.with_column("member_id", dict.fromkeys(piece.body, ids.pop()), at[1])
        piece = piece.with_column("name", dict.fromkeys(piece.body, header.person), at[1]).saying(
            "one_person", text, at
        )
        sheet = plain(piece.grid.sheet)
        other = (
            looks_like_name(sheet) and not _is_word(sheet, piece.scene) and fold_name(sheet) != fold_name(header.person)
        )
        return piece.saying("another_person", _another(sheet, header.person), at, "error") if other else piece
    if not header.lists and any(not spread.fields and "status" in spread.constants for spread in header.spreads):
        text = Text("签到表上没有签到一栏,名单上的人都读作出勤", "no column of signs: all listed are present")
        return piece.saying("listed_as_present", text, at)
    return piece


def _another(sheet: str, name: str) -> Text:
    return Text(
        f"工作表叫“{sheet}”,表里写的是“{name}”,不知是谁的;请改成同一个人",
        f"the sheet is called {sheet} and says that it is of {name}: whose is it?",
    )


def _ids_above(piece: Piece) -> set[str]:
    """Return the ids that stand above the records of one member, behind a label or beside it."""
    texts = [plain(text) for text in piece.scene.titles]
    beside = {two for one, two in pairwise(texts) if _ID.fullmatch(one) and re.fullmatch(_SOME_ID, two)}
    return beside | {found[1] for text in texts for found in re.finditer(rf"{_ID.pattern}({_SOME_ID})", text)}


_SOME_ID = r"[A-Za-z]?\d{2,}"
_ID = re.compile(r"(?:党员|人员)?编号\s*:?\s*")
