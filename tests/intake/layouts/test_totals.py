from pathlib import Path

import pytest

from jifen_analysis.intake import check
from tests.intake.sheets import Rows, book, checked, filled_cells, notes

DUES = ("2024年党费",)
MAY = ("2024年5月党费",)
MARCH = ("2024年3月党课考勤",)


@pytest.mark.parametrize(
    ("rows", "merges", "wrong"),
    [
        ([DUES, ("姓名", "1月", "2月", "合计"), ("张三", 10, 10, 20), ("李四", 5, 5, 11)], [], {"D4": (11, 10)}),
        (
            [DUES, ("姓名", "1月", "2月", "3月", "一季度小计", "4月", "全年合计"), ("张三", 1, 2, 3, 7, 4, 10)],
            [],
            {"E3": (7, 6)},
        ),
        (
            [DUES, ("姓名", "1月", None, "合计", None), (None, "应缴", "实缴", "应缴", "实缴"), ("张三", 9, 5, 9, 6)],
            ["B2:C2", "D2:E2"],
            {"E4": (6, 5)},
        ),
        *(
            (
                [DUES, ("姓名", "1月", None, "合计"), (None, "应缴", "实缴", None), ("张三", 9, 5, total)],
                ["B2:C2"],
                wrong,
            )
            for total, wrong in ((9, {}), (5, {}), (14, {"D4": (14, 9)}))
        ),
        ([MARCH, ("姓名", 5, 12, "出勤次数", "请假"), ("张三", "√", "假", 2, 1)], [], {"D3": (2, 1)}),
        ([("2024年一季度打分表",), ("姓名", "学习", "工作", "总分"), ("张三", 9, 8, 16)], [], {"D3": (16, 17)}),
        ([("2024年上半年民主评议",), ("姓名", "党员", "群众", "加权平均"), ("张三", 90, 80, 86)], [], {}),
    ],
)
def test_columns_that_sum_are_checked_row_by_row(tmp_path: Path, rows: Rows, merges: list[str], wrong: dict) -> None:
    """A sum beside its months, days or items is no record; where it is wrong both numbers are said at its cell."""
    found = checked(tmp_path, rows, merges=merges)
    assert found.errors == ()
    said = {p.cell: p.message() for p in found.notes if p.code == "total_differs"}
    assert said == {cell: f"合计写的是 {total},相加是 {added}" for cell, (total, added) in wrong.items()}
    assert found.counts["total"] >= len(rows[-1:])
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


@pytest.mark.parametrize(
    ("label", "signs", "fit"),
    [
        ("出勤率", "√√缺", (2 / 3, "66.7%", 67)),
        ("到会率", "√迟缺缺", ("50%", 0.25)),
        ("出勤率", "√差缺", ("33%", "50%", "67%")),
        ("缺勤率", "√√√缺", ("25.00%",)),
    ],
)
def test_a_rate_is_held_against_the_signs(tmp_path: Path, label: str, signs: str, fit: tuple[object, ...]) -> None:
    """As people count it, with or without who was excused, at the end of a row and below a meeting; else said."""
    words = {"差": "出差", "迟": "迟到", "缺": "缺席", "√": "√"}
    days = [f"{n}月5日" for n in range(1, len(signs) + 1)]
    for n, said in enumerate((*fit, "90%")):
        row = ("张三", *(words[sign] for sign in signs), said)
        found = checked(tmp_path / f"{n}", [MARCH, ("姓名", *days, label), row])
        assert sum(p.code == "total_differs" for p in found.notes) == (n == len(fit)), (said, found.notes)
    for said in ("50%", "100%"):
        rows = [MARCH, ("姓名", "3月5日"), ("张三", "√"), ("李四", "缺席"), ("出勤率", said)]
        told = [p.cell for p in checked(tmp_path / said, rows).notes if p.code == "total_differs"]
        assert told == (["B5"] if said == "100%" else [])


@pytest.mark.parametrize("said", ["有效20张", "有效票:20张", "有效选票20票", "收回有效票数20份", "实到20人"])
def test_the_title_s_valid_ballots_are_held_against_every_row(tmp_path: Path, said: str) -> None:
    """A row whose votes are not as many as the title says is named."""
    rows = [(f"2024年民主测评(发出22张,{said})",), ("姓名", "优秀", "合格"), ("张三", 18, 2), ("李四", 18, 1)]
    found = checked(tmp_path, rows)
    assert [(p.cell, p.message()[-4:]) for p in found.notes if p.code == "total_differs"] == [("A4", "是 19")]


@pytest.mark.parametrize(
    ("head", "number", "wrong"), [("收回票数", 19, True), ("发出票(张)", "30张", False), ("有效票", 21, True)]
)
def test_papers_counted_beside_the_votes_are_held_against_them(
    tmp_path: Path, head: str, number: object, *, wrong: bool
) -> None:
    """A column of papers says as much as a title: more votes than papers came back are named at its cell."""
    rows = [("2024年民主测评",), ("姓名", "优秀", "合格", head), ("张三", 18, 2, number)]
    assert [p.cell for p in checked(tmp_path, rows).notes if p.code == "total_differs"] == ["D3"] * wrong


@pytest.mark.parametrize(("said", "differs"), [("参评15人", 1), ("发出票30张,收回票21张", 0), ("收回15张", 1)])
def test_papers_may_be_more_than_votes_but_not_fewer(tmp_path: Path, said: str, differs: int) -> None:
    """Papers that came back void explain a rest, above as below the list; votes without a paper are named."""
    rows = [("2024年民主测评",), ("姓名", "优秀", "合格"), ("张三", 18, 2), (said,)]
    found = checked(tmp_path, rows)
    assert sum(p.code == "total_differs" for p in found.notes) == differs
    assert "unfilled_rows" not in {p.code for p in found.notes}


@pytest.mark.parametrize(("said", "differs"), [("应到3人,实到1人,请假1人", 0), ("实到2人", 1), ("缺席1人", 1)])
def test_those_who_came_are_held_against_the_signs(tmp_path: Path, said: str, differs: int) -> None:
    """The list of one meeting that says how many came, or did not, is counted."""
    rows = [("2024年3月5日党课",), ("姓名", "出勤"), ("张三", "√"), ("李四", "请假"), (said,)]
    assert sum(p.code == "total_differs" for p in checked(tmp_path, rows).notes) == differs


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ([("张三", 10), ("李四", 5), ("合计", 15)], []),
        ([("合计", 15), ("张三", 10), ("李四", 5)], []),
        ([("张三", 10), ("第一支部小计", 9), ("李四", 5), ("第二支部小计:1人", 5), ("总 计", 15)], ["B4"]),
        ([("张三", 10), ("合计", 10), ("李四", 5), ("合计", 5), ("总计", 16)], ["B7"]),
        ([("张三", 10), ("本页小计", 10), ("李四", 5), ("累计", 15), ("人均", 99)], []),
        ([("张三", 10), ("小计", 10), MAY, ("姓名", "应缴"), ("李四", 5), ("总计", 15)], []),
        ([("张三", 10), ("小计", 10), (f"{MAY[0]}(续表)",), ("姓名", "应缴"), ("李四", 5), ("总计", 16)], ["B8"]),
    ],
)
def test_rows_that_sum_are_checked_over_their_own_rows(tmp_path: Path, rows: Rows, cells: list[str]) -> None:
    """Below, above, a block at a time or running: a total sums the rows it can be a total of; a mean sums none."""
    found = checked(tmp_path, [MAY, ("姓名", "应缴"), *rows])
    assert found.errors == ()
    assert [p.cell for p in found.notes if p.code == "total_differs"] == cells
    assert len(found.tables["dues"]) == 2


def test_what_cannot_be_read_is_not_summed(tmp_path: Path) -> None:
    """A total over a refused amount is not blamed as well."""
    found = checked(tmp_path, [MAY, ("姓名", "应缴"), ("张三", "约10"), ("李四", 5), ("合计", 15)])
    assert [p.code for p in found.problems] == ["bad_number", "month_from_title"]
    found = checked(tmp_path, [MARCH, ("姓名", 5, 12, "合计"), ("张三", "√", "√×", 2)])
    assert [p.code for p in found.problems] == ["several_marks", "activity_from_title"]


@pytest.mark.parametrize(
    ("header", "said", "right"),
    [
        *[("最高分", 95, True), ("最高分", 90, False), ("最低分", 80, True), ("去掉最低分", 85, False)],
        *[("平均分", 87.5, True), ("平均分", 88, True), ("平均分", 90, False)],
        *[("最后得分", 87.5, True), ("最后得分", 350, True), ("最后得分", 87, False), ("综合得分", 1, True)],
    ],
)
def test_what_was_made_of_marks_is_held_against_them(tmp_path: Path, header: str, said: float, right: bool) -> None:
    """The highest, the lowest, the mean (with or without both) and the last are checked; what is weighed is not."""
    rows = [("2024年群众评议",), ("姓名", "评委1", "评委2", "评委3", "评委4", header), ("张三", 90, 80, 85, 95, said)]
    found = checked(tmp_path, rows)
    assert (found.errors, len(found.tables["evaluations"])) == ((), 4)
    assert [p.cell for p in found.notes if p.code == "total_differs"] == ([] if right else ["F3"])


@pytest.mark.parametrize(
    ("heading", "footers", "differs"),
    [
        ("第一支部(2人)", ["共2人"], 0),
        ("第一支部(3人)", ["共2人"], 1),
        ("第一支部", ["合计:3名党员"], 1),
        ("第一支部(3人)", ["共3名党员"], 2),
        ("第一支部", ["小计(2人)", "小计0人", "总计(2人)"], 0),
        ("第一支部", ["第一支部小计:3人", "合计(1人)"], 2),
    ],
)
def test_members_counted_are_held_against_the_list(
    tmp_path: Path, heading: str, footers: list[str], differs: int
) -> None:
    """A heading counts those below it, a subtotal those since the one before, a footer all: a wrong number is told."""
    rows = [("党员编号", "姓名"), (heading,), ("00011", "甲一"), ("00012", "乙二"), *((one,) for one in footers)]
    found = check(book(tmp_path / "花名册.xlsx", {"花名册": rows}))
    assert sum(problem.code == "total_differs" for problem in found.notes) == differs
    assert len(found.tables["members"]) == 2


@pytest.mark.parametrize(
    ("label", "said", "wrong"),
    [("出勤人数", 2, False), ("实到", 3, True), ("缺席人数", 1, False), ("缺席人数", 0, True), ("应到人数", 9, False)],
)
def test_how_many_came_below_the_signs_is_held_against_them(
    tmp_path: Path, label: str, said: int, *, wrong: bool
) -> None:
    """A row of heads counts those that its label names; who should have come is no sum of signs."""
    rows = [("2024年党课",), ("姓名", "3月5日"), ("张三", "√"), ("李四", "迟到"), ("欧阳·王五", "缺席"), (label, said)]
    assert [p.cell for p in checked(tmp_path, rows).notes if p.code == "total_differs"] == ["B6"] * wrong


@pytest.mark.parametrize(("said", "wrong"), [(2, False), (3, False), (4, True)])
def test_how_many_did_something_is_held_against_the_rows(tmp_path: Path, said: int, *, wrong: bool) -> None:
    """共3人 below events may count the rows or the members."""
    row = ("2024-05-06", "公益活动")
    rows = [
        ("姓名", "日期", "事项"),
        ("张三", *row),
        ("李四", *row),
        ("张三", "2024-05-07", "公益活动"),
        (f"共{said}人",),
    ]
    assert [p.cell for p in checked(tmp_path, rows).notes if p.code == "total_differs"] == ["A5"] * wrong


@pytest.mark.parametrize("said", ["实到3人", "实到2人"])
def test_how_many_came_is_not_held_against_half_a_list(tmp_path: Path, said: str) -> None:
    """Of two lists side by side the title counts both."""
    head = ("姓名", "签到")
    whole = [(f"2024年3月5日党课签到表({said})",), (*head, *head), ("张三", "√", "李四", "√")]
    codes = [
        notes(checked(tmp_path / name, rows))
        for name, rows in (("two", whole), ("one", [whole[0], head, ("张三", "√")]))
    ]
    assert ["total_differs" in found for found in codes] == [False, True]
