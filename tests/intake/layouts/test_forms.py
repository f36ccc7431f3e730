from pathlib import Path

import pytest

from jifen_analysis.intake import check
from tests.intake.sheets import Rows, book, checked, errors, filled_cells, rows_of

FORM: Rows = (
    ("党员信息登记表",),
    ("姓名:", "张三", "性别:", "男"),
    ("党员编号:", "00001", "所在支部:", "第一支部"),
    ("入党时间:", "1998-07-01", "出生年月:", None),
    ("特长", "书法", "学历", "大学"),
)
LYING: Rows = (("项目", "内容"), ("姓名", "李四"), ("党员编号", "00002"), ("党支部", "第一支部"), ("入党时间", "某年"))


def test_forms_of_one_person_are_lists_of_one_row(tmp_path: Path) -> None:
    """Label beside value, in pairs or one below the other: each is a member, each cell keeps its own address."""
    book(tmp_path / "登记.xlsx", {"张三": FORM, "李四": LYING})
    found = check(tmp_path)
    assert errors(found) == [("bad_date", "B5")]
    assert rows_of(found, "members", "member_id", "name", "branch") == [("00001", "张三", "第一支部")]
    assert sum(found.counts.values()) == filled_cells(tmp_path / "登记.xlsx")


def test_a_form_with_cells_that_are_neither_label_nor_value_is_refused(tmp_path: Path) -> None:
    """Read as a list it would be nonsense: labels are no members."""
    rows = (*FORM[:3], ("入党时间:", "1998-07-01", "某某", 3, "某某"))
    found = check(book(tmp_path / "登记.xlsx", {"登记表": rows}))
    assert errors(found) == [("form_unclear", "")]


@pytest.mark.parametrize("beside", ["曾用名", "特长", "小组", "爱好"])
def test_a_list_with_an_unknown_header_beside_the_name_is_no_form(tmp_path: Path, beside: str) -> None:
    """Below 姓名 of a list stands a name, and no label; a blank list is a blank list."""
    head = ("党员编号", "姓名", beside, "党支部")
    found = check(book(tmp_path / "a.xlsx", {"花名册": (head, ("00001", "张三", "甲", "第一支部"))}))
    assert (errors(found), rows_of(found, "members", "name")) == ([], [("张三",)])
    assert errors(check(book(tmp_path / "b.xlsx", {"花名册": (head,)}))) == [("no_data", "A1")]


TITLE = ("2024年3月5日主题党日签到接龙",)
DAY = "2024-03-05"


@pytest.mark.parametrize(
    "rows",
    [
        [("1. 张三 2. 李四(病假)",)],
        [("#接龙",), ("1、张三\n2、李四 病假",)],
        [("1.张三",), ("2.李四 病假",), ("填表人:王某",)],
    ],
)
def test_a_chain_of_signatures_is_a_record_of_everybody(tmp_path: Path, rows: Rows) -> None:
    """In one cell or one below the other: a name alone came, a word behind it says otherwise; each cell counts once."""
    found = checked(tmp_path, [TITLE, *rows])
    read = [("00001", DAY, "theme_day", "present"), ("00002", DAY, "theme_day", "sick_leave")]
    assert (errors(found), rows_of(found, "attendance", "member_id", "date", "activity", "status")) == ([], read)
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


@pytest.mark.parametrize(
    ("title", "chain", "code"),
    [
        ("2024年3月5日主题党日报名接龙", "1. 张三 2. 李四", "chain_unclear"),
        ("2024年3月5日主题党日签到", "1. 张三 2. 李肆", "unknown_member"),
        ("2024年3月5日主题党日签到", "1. 张三 3. 李四", "no_header"),
        ("2024年3月5日主题党日签到", "1. 学习文件 2. 李四", "no_header"),
    ],
)
def test_a_chain_of_something_else_is_refused(tmp_path: Path, title: str, chain: str, code: str) -> None:
    """Who meant to come is not there yet; a gap, and what is no name, may be anything."""
    found = checked(tmp_path, [(title,), (chain,)])
    assert [kind for kind, _ in errors(found)] == [code]
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")
