"""Tests of the sheets on which judges set cut scores: the blank one, and what is read of one filled in."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from jifen_analysis.analysis import standard_setting
from jifen_analysis.errors import InvalidRecords, UsageError
from jifen_analysis.intake import read_judgements, write_judgement_form
from jifen_analysis.intake.judgements import BOUNDS, RATINGS, Method
from jifen_analysis.vocabulary import standard

ITEMS = {"学习": 60.0, "活动": 40.0}
FILLED: dict[Method, list[list[Any]]] = {
    "angoff": [[0.9, "80%", None], [0.7, 1, None]],
    "contrasting_groups": [["00001", "甲", "够格"], ["00002", "乙", "不够格"], ["00003", "丙", None], [4, "丁", "√"]],
    "borderline_regression": [["00001", "甲", "优秀"], ["00002", "乙", 3.5], ["00003", "丙", None]],
    "hofstee": [["甲", 80, 90, 0.1, "60%"], ["乙", 85, 95, 0.2, 0.7]],
}


def written(path: Path, method: Method, rows: list[list[Any]]) -> Path:
    """The blank sheet, filled in as somebody would, with a total and a name below."""
    book = load_workbook(write_judgement_form(path / f"{method}.xlsx", method, items=ITEMS))
    sheet = book["判断"]
    first = 3 if method == "angoff" else 1
    for row, cells in enumerate(rows, start=2):
        for column, value in enumerate(cells, start=first):
            sheet.cell(row, column).value = value
    sheet.cell(len(rows) + 3, 1).value = "填表人:某某"
    book.save(path / f"{method}.xlsx")
    return path / f"{method}.xlsx"


def test_the_blank_sheet_is_read_as_it_was_filled(tmp_path: Path) -> None:
    """Of every method: who filled in nothing is left out, percentages, words and signs are what they say."""
    angoff = read_judgements(written(tmp_path, "angoff", FILLED["angoff"]), "angoff")
    assert angoff.points.to_dict() == ITEMS
    assert angoff.given.to_dict("index") == {"评委1": {"学习": 0.9, "活动": 0.7}, "评委2": {"学习": 0.8, "活动": 1.0}}
    assert standard_setting.angoff(angoff.given, angoff.points).cut == pytest.approx(85.0)
    for method, column, said in (
        ("contrasting_groups", "worthy", {"00001": 1.0, "00002": 0.0, "00004": 1.0}),
        ("borderline_regression", "rating", {"00001": 4.0, "00002": 3.5}),
    ):
        assert read_judgements(written(tmp_path, method, FILLED[method]), method).given[column].to_dict() == said
    bounds = read_judgements(written(tmp_path, "hofstee", FILLED["hofstee"]), "hofstee").given
    assert bounds.loc["甲"].tolist() == [80, 90, 0.1, 0.6]
    assert tuple(bounds) == BOUNDS == standard_setting.BOUNDS
    assert tuple(RATINGS.values()) == tuple(standard_setting.CHOICES.values())


@pytest.mark.parametrize("method", get_args(Method))
def test_the_blank_sheet_offers_what_is_read(tmp_path: Path, method: Method) -> None:
    """Blank it holds no judgement, and says its header; every cell to fill in has a list or a range."""
    form = write_judgement_form(tmp_path / "x.xlsx", method, items=ITEMS)
    with pytest.raises(UsageError, match="没有填好的判断:表头须有"):
        read_judgements(form, method) if method != "angoff" else read_judgements(blank_of_items(form), method)
    rules = load_workbook(form)["判断"].data_validations.dataValidation
    assert {rule.type for rule in rules} <= {"list", "decimal"}
    assert rules


def blank_of_items(form: Path) -> Path:
    """A form on which the items are struck out as well."""
    book = load_workbook(form)
    book["判断"].delete_rows(2, 5)
    book.save(form)
    return form


SHARES = st.one_of(st.floats(0, 1).map(lambda share: round(share, 3)), st.integers(0, 100).map("{}%".format))
WRONG = {"80", "约九成", 80, -0.1, 1.5, "120%", "√", True}


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_wrong_cell_is_named(tmp_path: Path, data: st.DataObject) -> None:
    """Of an honest sheet in which some cells are spoilt, just these are named, all at once; else all is read."""
    size = data.draw(st.integers(2, 4))
    shares = st.lists(SHARES, min_size=size, max_size=size)
    rows = data.draw(st.lists(shares, min_size=2, max_size=3))
    places = st.tuples(st.integers(0, len(rows) - 1), st.integers(0, size - 1))
    spoilt = data.draw(st.dictionaries(places, st.sampled_from(sorted(WRONG, key=str)), max_size=3))
    book = Workbook()
    book.active.append(["项目", "满分", *(f"第{n}位" for n in range(size))])
    for row, cells in enumerate(rows):
        book.active.append([f"项{row}", 10, *(spoilt.get((row, at), share) for at, share in enumerate(cells))])
    book.save(tmp_path / "a.xlsx")
    if not spoilt:
        assert read_judgements(tmp_path / "a.xlsx", "angoff").given.shape == (size, len(rows))
        return
    with pytest.raises(InvalidRecords) as found:
        read_judgements(tmp_path / "a.xlsx", "angoff")
    assert {one.cell for one in found.value.problems} == {f"{chr(ord('C') + at)}{row + 2}" for row, at in spoilt}


@pytest.mark.parametrize(
    ("method", "text", "cells"),
    [
        ("angoff", "项目,满分,甲,甲\n学习,60,1,1\n", ["C1", "D1"]),
        ("angoff", "项目,满分,甲,\n学习,60,1,1\n", ["D1"]),
        ("angoff", "项目,满分,甲,乙\n学习,60,1,\n,40,1,1\n学习,,1,1\n", ["B4", "D2", "A2", "A3", "A4"]),
        ("hofstee", "评委,最低分数线,最高分数线,最低未达线比例,最高未达线比例\n甲,90,80,10%,5%\n甲,80,90,,50%\n",
         ["D3", "A2", "A3", "C2", "E2"]),
        ("contrasting_groups", "编号,是否够格\n00001,也许\n,是\n00001,否\n", ["B2", "A3", "A2", "A4"]),
        ("borderline_regression", "编号,总体评定\n00001,良\n00002,-1\n", ["B2", "B3"]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_by_its_cell(tmp_path: Path, method: Method, text: str, cells: list[str]) -> None:
    """Judges without a name or with another's, gaps, bounds that fall, words that are no rating: every cell."""
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidRecords, match=r"a\.csv") as found:
        read_judgements(tmp_path / "a.csv", method)
    assert [problem.cell for problem in found.value.problems] == cells


JUDGES = {"张三": {"学习": 0.9, "活动": 0.7}, "李四": {"学习": 0.8, "活动": 1.0}, "王五": {"学习": 0.5, "活动": 0.6}}
BY_ITEM = [
    ["项目", "满分", *JUDGES],
    *([item, full, *(said[item] for said in JUDGES.values())] for item, full in ITEMS.items()),
]
BY_JUDGE = [
    ["判断表"],
    ["评委", *ITEMS],
    ["满分", *ITEMS.values()],
    *([name, *said.values()] for name, said in JUDGES.items()),
]
ONE_EACH = {
    f"评委{name}": [["项目", "满分", "判断"], *([item, ITEMS[item], share] for item, share in said.items())]
    for name, said in JUDGES.items()
}
ABOVE = {str(n): [["评委:" + name[2:]], *rows] for n, (name, rows) in enumerate(ONE_EACH.items())}

HELD = {
    "张三": {"00001": "够格", "00002": "不够格"},
    "李四": {"00002": "够格"},
    "王五": {"00001": "不够格", "00002": "够格"},
}
LONG = [
    ["编号", "评委", "是否够格"],
    *([one, judge, word] for judge, said in HELD.items() for one, word in said.items()),
]
WIDE = [["编号", "姓名", *(f"评委{name}" for name in HELD)],
        *([one, "某", *(said.get(one) for said in HELD.values())] for one in ("00001", "00002"))]  # fmt: skip
APART = {
    f"评委{name}": [["编号", "是否够格"], *([one, word] for one, word in said.items())] for name, said in HELD.items()
}


def sheets(path: Path, content: dict[str, list[list[Any]]]) -> Path:
    """A workbook of some sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in content.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


SUBJECTS: dict[Method, list[str]] = {
    "angoff": list(ITEMS), "contrasting_groups": ["00001", "00002", "00003"],
    "borderline_regression": ["00001", "00002", "00003"], "hofstee": list(BOUNDS),
}  # fmt: skip
SAYS: dict[Method, str] = {
    "angoff": "判断", "contrasting_groups": "是否够格", "borderline_regression": "总体评定", "hofstee": "",
}  # fmt: skip
Said = dict[str, dict[str, Any]]
Rows = list[list[Any]]


def down(method: Method, said: Said) -> dict[str, Rows]:
    """What is judged down the sheet, judges across."""
    if method == "hofstee":
        return {"判断": [["评委", *said], *([LABELS[one], *(said[judge][one] for judge in said)] for one in BOUNDS)]}
    called = list(said) if method == "angoff" else [f"评委{judge}" for judge in said]
    return {"判断": [[*HEADS[method], *called], *([*of(method, one), *(s.get(one) for s in said.values())]
                                                  for one in SUBJECTS[method])]}  # fmt: skip


def cornered(method: Method, said: Said) -> dict[str, Rows]:
    """Judges down the sheet below a corner that says 评委."""
    (rows,) = down(method, {judge.removeprefix("评委"): held for judge, held in said.items()}).values()
    if method != "hofstee":
        rows = [["评委", *(head.removeprefix("评委") for head in rows[0][1:])], *rows[1:]]
    return {"判断": turned(rows)}


def one_by_one(method: Method, said: Said) -> dict[str, Rows]:
    """A row for each judgement, or of bounds for each judge."""
    if method == "hofstee":
        return {"判断": turned(down(method, said)["判断"])}
    rows = [[*of(method, one), judge, value] for judge, held in said.items() for one, value in held.items()]
    return {"判断": [[*HEADS[method], "评委", SAYS[method]], *rows]}


def apart(method: Method, said: Said) -> dict[str, Rows]:
    """A sheet for each judge, called so."""
    if method == "hofstee":
        return {f"评委{judge}": [[LABELS[one] for one in BOUNDS], list(held.values())] for judge, held in said.items()}
    head = [[*HEADS[method], SAYS[method]]]
    return {
        f"评委{judge}": head + [[*of(method, *one), one[1]] for one in held.items()] for judge, held in said.items()
    }


def below_their_names(method: Method, said: Said) -> dict[str, Rows]:
    """A sheet for each judge, who is named above the list."""
    return {str(n): [[f"评委:{name[2:]}"], *rows] for n, (name, rows) in enumerate(apart(method, said).items())}


LABELS = {name: standard().column("judgements", name).label for name in BOUNDS}
HEADS: dict[Method, list[str]] = {
    "angoff": ["项目", "满分"], "contrasting_groups": ["编号"], "borderline_regression": ["编号"],
}  # fmt: skip


def of(method: Method, subject: str, _: Any = None) -> list[Any]:
    """What stands before the judgements of a line."""
    return [subject, ITEMS[subject]] if method == "angoff" else [subject]


def turned(rows: Rows) -> Rows:
    """The lines as columns."""
    return [list(column) for column in zip(*rows, strict=True)]


VALUES: dict[Method, st.SearchStrategy[tuple[Any, float]]] = {
    "angoff": st.integers(0, 100).flatmap(lambda n: st.sampled_from([(f"{n}%", n / 100), (n / 100, n / 100)])),
    "contrasting_groups": st.sampled_from([("够格", 1.0), ("不够格", 0.0), ("是", 1.0), ("否", 0.0)]),
    "borderline_regression": st.sampled_from([*RATINGS.items(), (2.5, 2.5), (3.25, 3.25)]),
}
BOUND_VALUES = st.tuples(st.integers(40, 60), st.integers(61, 90), st.integers(0, 20), st.integers(21, 90))


def judged(draw: st.DrawFn, method: Method) -> dict[str, dict[str, tuple[Any, float]]]:
    """What some judges say, as it is written and what that means; of members not everything."""
    judges = draw(st.lists(st.sampled_from(["张三", "李四", "王五", "赵六"]), min_size=2, unique=True))
    if method == "hofstee":
        drawn = {judge: draw(BOUND_VALUES) for judge in judges}
        return {
            judge: {one: (n, n) if "cut" in one else (f"{n}%", n / 100) for one, n in zip(BOUNDS, held, strict=True)}
            for judge, held in drawn.items()
        }
    every = method == "angoff"
    return {
        judge: {
            one: draw(VALUES[method])
            for at, one in enumerate(SUBJECTS[method])
            if every or (at + first) % len(judges) == 0 or draw(st.booleans())
        }
        for first, judge in enumerate(judges)
    }


LAYOUTS = [down, cornered, one_by_one, apart, below_their_names]


@pytest.mark.parametrize("method", get_args(Method))
@settings(deadline=None, max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data())
def test_judgements_say_the_same_in_every_layout(tmp_path: Path, method: Method, draw: st.DataObject) -> None:
    """Of every method: judges across, down, a row or a sheet each, upright or on its side, between other lines."""
    said = judged(draw.draw, method)
    written = {judge: {one: pair[0] for one, pair in held.items()} for judge, held in said.items()}
    meant = {judge: {one: pair[1] for one, pair in held.items()} for judge, held in said.items()}
    for layout, on_its_side in product(LAYOUTS, (False, True)):
        above = 1 if layout is below_their_names else 0
        laid = {
            sheet: [*(rows[:above] or [["判断表"]]), *turn(rows[above:], on_its_side), [], ["填表人:某"]]
            for sheet, rows in layout(method, written).items()
        }
        found = read_judgements(sheets(tmp_path / "a.xlsx", laid), method)
        given_by = found.given if method in {"angoff", "hofstee"} else found.given.T
        assert {judge: row.dropna().to_dict() for judge, row in given_by.iterrows()} == meant, (layout, on_its_side)
        assert method != "angoff" or found.points.to_dict() == ITEMS


def turn(rows: Rows, on_its_side: bool) -> Rows:
    """The lines as they are, or as columns."""
    return turned(rows) if on_its_side else rows


@pytest.mark.parametrize(
    ("method", "content", "cells"),
    [
        ("contrasting_groups", {"判断": [*LONG, ["00001", "", "够格"]]}, ["B7"]),
        ("contrasting_groups", {"判断": [*LONG, ["00001", "张三", "够格"]]}, ["A2", "A7"]),
        ("contrasting_groups", {"判断": [[*WIDE[0], "评委张三"], *([*row, "够格"] for row in WIDE[1:])]}, ["F1"]),
        ("angoff", {"评委张三": BY_ITEM, "评委李四": ONE_EACH["评委李四"]}, ["D1", "E1"]),
        ("angoff", {"判断": [*BY_JUDGE[:-1], ["王五", 0.5, "约六成"]]}, ["C6"]),
    ],
)
def test_what_is_wrong_in_a_panel_is_named_by_its_cell(
    tmp_path: Path, method: Method, content: dict[str, list[list[Any]]], cells: list[str]
) -> None:
    """No judge, a judge twice, several on a sheet of one, a wrong word: at the cell of the sheet as it is."""
    with pytest.raises(InvalidRecords) as found:
        read_judgements(sheets(tmp_path / "a.xlsx", content), method)
    assert [problem.cell for problem in found.value.problems] == cells


def test_sheets_of_a_panel_ask_the_same(tmp_path: Path) -> None:
    """Other full marks on another judge's sheet are no panel."""
    other = {"评委李四": [["项目", "满分", "判断"], ["学习", 50, 0.5], ["活动", 40, 0.5]]}
    with pytest.raises(UsageError, match="李四 的表与 张三 的项目或满分不同"):
        read_judgements(sheets(tmp_path / "a.xlsx", {"评委张三": ONE_EACH["评委张三"]} | other), "angoff")


def test_two_sheets_are_not_chosen_between(tmp_path: Path) -> None:
    """Two panels or two drafts: which is meant is not guessed; of no file it is said."""
    book = Workbook()
    for sheet in (book.active, book.create_sheet("初稿")):
        sheet.append(["项目", "满分", "甲"])
        sheet.append(["学习", 60, 0.5])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(UsageError, match="不止一张判断表:Sheet、初稿"):
        read_judgements(tmp_path / "a.xlsx", "angoff")
    with pytest.raises(UsageError, match="没有这个文件"):
        read_judgements(tmp_path / "none.xlsx", "angoff")
