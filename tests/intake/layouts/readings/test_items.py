from pathlib import Path

import pytest

from tests.intake.sheets import checked, errors, rows_of


@pytest.mark.parametrize(("top", "low"), [("理论学习", ("一季度", "二季度")), ("一季度", ("理论学习", "本职工作"))])
def test_a_quarter_beside_an_item_is_when(tmp_path: Path, top: str, low: tuple[str, str]) -> None:
    """Above or below the item a quarter is its period, and alone it is no item."""
    rows = [("2024年考评打分",), ("姓名", top, None), (None, *low), ("张三", 9, 8)]
    found = checked(tmp_path / "both", rows, merges=["A2:A3", "B2:C2"])
    whole = {"理论学习": [("理论学习", "2024Q1"), ("理论学习", "2024Q2")]}
    told = whole.get(top, [("理论学习", "2024Q1"), ("本职工作", "2024Q1")])
    assert (found.errors, rows_of(found, "marks", "item", "period")) == ((), told)
    alone = checked(tmp_path / "alone", [("2024年考评打分",), ("姓名", "一季度", "二季度"), ("张三", 9, 8)])
    assert alone.errors


@pytest.mark.parametrize("place", ["title", "sheet"])
@pytest.mark.parametrize("halves", [True, False])
@pytest.mark.parametrize(("named", "item"), [("理论学习", "理论学习"), ("理论学习、政策宣传", ""), ("思想作风", "")])
def test_an_item_that_only_title_or_sheet_names(
    tmp_path: Path, place: str, named: str, item: str, *, halves: bool
) -> None:
    """Where it is one of the scheme given it is the item of all marks, half by half; two, or another, are refused."""
    head, marks = (("上半年", "下半年"), (9, 8)) if halves else (("得分",), (9,))
    title = f"2024年{named if place == 'title' else '党员'}打分"
    sheet = {"sheet": named if place == "sheet" else "Sheet1"}
    found = checked(tmp_path, [(title,), ("姓名", *head), ("张三", *marks)], scheme="branch_scorecard", **sheet)
    read = rows_of(found, "marks", "item", "period", "mark")
    assert bool(found.errors) == (not item)
    assert (
        read
        == (
            [(item, f"2024H{n}", mark) for n, mark in enumerate(marks, start=1)]
            if halves
            else [(item, "2024", 9)]
            if item
            else []
        )
        or not item
    )


@pytest.mark.parametrize(
    ("title", "sheet"),
    [
        ("理论学习打分", "政策宣传"),
        ("打分(不计理论学习)", "一"),
        ("理论学习加分", "一"),
        ("理论学习以外项目打分", "一"),
    ],
)
def test_a_title_that_denies_the_item_or_a_sheet_of_another_gives_none(tmp_path: Path, title: str, sheet: str) -> None:
    """Whose marks these are is not known then, and the sheet is refused."""
    rows = [(f"2024年{title}",), ("姓名", "得分"), ("张三", 9)]
    assert checked(tmp_path, rows, scheme="branch_scorecard", sheet=sheet).errors


@pytest.mark.parametrize("low", [("初评", "复核"), ("自评", "支部评")])
def test_the_item_of_the_scheme_is_the_item_whatever_stands_below(tmp_path: Path, low: tuple[str, str]) -> None:
    """Two marks under one item are refused where they differ: neither 初评 nor 支部评 is an item beside it."""
    rows = [("2024年考评打分",), ("姓名", "理论学习", None), (None, *low), ("张三", 9, 8)]
    found = checked(tmp_path, rows, merges=["A2:A3", "B2:C2"], scheme="branch_scorecard")
    assert found.errors
    assert {item for (item,) in rows_of(found, "marks", "item")} <= {"理论学习"}


@pytest.mark.parametrize(
    "who", [["自评", "互评", "群众评分", "组织评分"], ["自评分(10%)", "党员互评(40%)", "群众(20%)"]]
)
def test_who_marked_is_no_item(tmp_path: Path, who: list[str]) -> None:
    """Marks by others are evaluations of theirs, whatever the sheet is called; what nobody weighs is named."""
    rows = [("2024年考评得分汇总",), ("姓名", *who), ("张三", *range(90, 90 + len(who)))]
    found = checked(tmp_path, rows)
    assert (errors(found), rows_of(found, "marks", "item")) == ([], [])
    assert rows_of(found, "evaluations", "group", "mark") == [("members", 91), ("residents", 92)]
    assert "B2" in {p.cell for p in found.notes if p.code == "column_unread"}
