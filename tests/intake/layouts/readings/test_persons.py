from itertools import chain, permutations
from pathlib import Path

import pytest

from tests.intake.sheets import checked, errors, rows_of


@pytest.mark.parametrize("label", [("姓名:张三", None), ("姓名", "张三"), ("姓名:张三 支部:第一支部", "编号:00001")])
@pytest.mark.parametrize(
    ("head", "row", "table"),
    [
        (("日期", "活动", "出勤情况"), ("2024-03-05", "党课", "出勤"), "attendance"),
        (("日期", "事项", None), ("2024-03-05", "见义勇为", None), "events"),
        (("月份", "应缴", "实缴"), ("2024-03", 10, 10), "dues"),
    ],
)
def test_a_handbook_is_of_the_one_whom_a_label_names(
    tmp_path: Path, label: tuple[str, str], head: tuple[str, ...], row: tuple[str, ...], table: str
) -> None:
    """Lists without a person are of him who is named above them, in one cell or two."""
    found = checked(tmp_path, [("党员手册",), label, head, row])
    assert (errors(found), rows_of(found, table, "member_id")) == ([], [("00001",)])


@pytest.mark.parametrize(
    "pairs",
    [
        *[*permutations((("姓名", "张三"), ("党员编号", "00001"), ("党支部", "第一支部")), 2)][:3],
        (("姓名", "张三"), ("所在支部", "第一支部"), ("填写时间", "2024年12月")),
    ],
)
@pytest.mark.parametrize("sheet", ["Sheet1", "张三", "李四"])
def test_labels_beside_values_are_no_header(tmp_path: Path, pairs: tuple[tuple[str, str], ...], sheet: str) -> None:
    """A form's 姓名 | 张三 | 编号 | 00001 says whose marks stand below; a sheet called by another name is refused."""
    rows = [("2024年考评表",), tuple(chain(*pairs)), ("项目", "满分", "得分"), ("学习", 10, 9), ("工作", 10, 8)]
    found = checked(tmp_path, rows, sheet=sheet)
    assert [code for code, _ in errors(found)] == ["another_person"] * (sheet == "李四")
    if sheet != "李四":
        assert rows_of(found, "marks", "member_id", "item", "mark") == [("00001", "学习", 9), ("00001", "工作", 8)]


def test_an_id_above_is_held_against_the_name(tmp_path: Path) -> None:
    """A name with the id of another is refused, above the records as beside them."""
    rows = [("党员手册",), ("姓名:张三", "编号:00002"), ("日期", "活动", "出勤"), ("2024-03-05", "党课", "出勤")]
    assert [code for code, _ in errors(checked(tmp_path, rows))] == ["name_mismatch"]


@pytest.mark.parametrize("who", ["未参会", "应参加", "拟参加", "缺席"])
def test_a_list_of_those_who_did_not_come_says_nobody_came(tmp_path: Path, who: str) -> None:
    """Only the list of those who signed, or were there, makes all of them present."""
    rows = [(f"2024年3月5日党员大会{who}人员名单",), ("编号", "姓名"), ("00001", "张三")]
    found = checked(tmp_path, rows)
    assert bool(found.errors)
    assert rows_of(found, "attendance", "status") == []


@pytest.mark.parametrize("year", [2024, "2024", "2024年"])
@pytest.mark.parametrize("label", ["考核年度", "年度", "考核年度:"])
def test_a_year_beside_its_label_is_when(tmp_path: Path, year: int | str, label: str) -> None:
    """A form says 考核年度 | 2024, as a number or a text, and the marks below are of that year."""
    form = [("考核表",), ("姓名", "张三", "所在支部", "第一支部"), (label, year)]
    found = checked(tmp_path, [*form, ("考核内容", "标准分", "考核得分"), ("学习", 10, 9)])
    assert (errors(found), rows_of(found, "marks", "member_id", "period")) == ([], [("00001", "2024")])
