from itertools import product
from pathlib import Path

import pytest

from jifen_analysis.intake import check
from tests.intake.sheets import ROSTER, book

HEADS = {
    "evaluations": ("评议主体", "分数"),
    "marks": ("项目", "得分"),
    "ballots": ("优秀票", "合格票"),
}
OF = {"evaluations": "党员", "marks": "理论学习"}
WAYS = {"mean": 5.0, "sum": 10.0}
"""What becomes of 4 and 6."""


def _row(table: str, name: str, period: str, number: float) -> tuple[object, ...]:
    return (name, period, number if table == "ballots" else OF[table], number)


@pytest.mark.parametrize(("table", "way", "sheet"), [*product(HEADS, WAYS, ["年度汇总"]), ("marks", "mean", "全年")])
@pytest.mark.parametrize("said", ["same", "other", "partly"])
def test_a_sheet_made_of_others_does_not_count_again(
    tmp_path: Path, table: str, way: str, sheet: str, said: str
) -> None:
    """Quarters beside their year: held and left out; another number, or somebody of the year alone, is refused.

    Called 全年 alone it may as well be a year of its own, and counts where it is another.
    """
    head = ("姓名", "考核期", *HEADS[table])
    quarters = [_row(table, "张三", quarter, number) for quarter, number in (("2024Q1", 4), ("2024Q2", 6))]
    year = [_row(table, "张三", "2024", WAYS[way] + 2 * (said == "other"))]
    year += [_row(table, "李四", "2024", 7)] * (said == "partly")
    found = check(book(tmp_path / "数据.xlsx", {"花名册": ROSTER, "季度": (head, *quarters), sheet: (head, *year)}))
    told = {p.severity for p in (*found.errors, *found.notes) if p.code == "sheet_of_means"}
    sure = sheet == "年度汇总"
    assert told == ({"note"} if said == "same" else {"error"} if sure else set())
    assert len(found.tables[table]) == 2 + (not told) * len(year)


@pytest.mark.parametrize(
    ("sheet", "mark", "said", "rows"),
    [("汇总", 92, "note", 2), ("汇总", 91.96, "note", 2), ("平均分", 88, "error", 2), ("第二次", 92, "", 3)],
)
def test_means_of_one_period_are_held_to_their_rounding(
    tmp_path: Path, sheet: str, mark: float, said: str, rows: int
) -> None:
    """A sheet called otherwise counts."""
    head, who = ("姓名", "考核期", "评议主体", "分数"), ("张三", "2024年", "党员")
    sheets = {"花名册": ROSTER, "明细": (head, (*who, 90), (*who, 94)), sheet: (head, (*who, mark))}
    found = check(book(tmp_path / "数据.xlsx", sheets))
    assert {p.severity for p in (*found.errors, *found.notes) if p.code == "sheet_of_means"} == {said} - {""}
    assert len(found.tables["evaluations"]) == rows


def test_weighed_marks_of_each_group_do_not_count_beside_them(tmp_path: Path) -> None:
    """A 汇总 whose every number stands elsewhere as another one is refused, however few the others are."""
    head = ("姓名", "考核期", "评议主体", "分数")
    one, other = ("张三", "2024年", "班子成员"), ("张三", "2024年", "群众代表")
    sheets = {"班子": (head, (*one, 90)), "群众": (head, (*other, 80)), "汇总": (head, (*one, 27), (*other, 56))}
    found = check(book(tmp_path / "数据.xlsx", {"花名册": ROSTER, **sheets}))
    assert [(p.code, p.sheet) for p in found.errors] == [("sheet_of_means", "汇总")]


def test_the_only_sheet_of_a_file_is_called_as_that(tmp_path: Path) -> None:
    """A clerk leaves Sheet1, and calls the file 汇总; the year in the name of a file makes no summary of it."""
    head = ("姓名", "考核期", "项目", "得分")
    for name, mark in (("打分1", 4), ("打分2", 6), ("打分汇总", 5), ("2024年度打分", 5)):
        period = {"打分1": "2024Q1", "打分2": "2024Q2"}.get(name, "2024")
        book(tmp_path / f"{name}.xlsx", {"Sheet1": (head, ("张三", period, "理论学习", mark))})
    book(tmp_path / "花名册.xlsx", {"花名册": ROSTER})
    found = check(tmp_path)
    assert [p.file for p in found.notes if p.code == "sheet_of_means"] == ["打分汇总.xlsx"]
    assert len(found.tables["marks"]) == 3
