from pathlib import Path
from typing import Any

import pytest

from jifen_analysis.intake import check
from tests.intake.sheets import ROSTER, book, checked, errors, rows_of


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (("月份", "该交", "实缴"), ("2024-01", 10, 10)),
        (("日期", "活动", "到了没"), ("2024-03-05", "党课", "√")),
        (("日期", "什么事"), ("2024-05-01", "见义勇为")),
        (("打几分",), (90,)),
    ],
)
def test_records_in_a_branch_s_folder_are_no_roster(
    tmp_path: Path, head: tuple[str, ...], row: tuple[Any, ...]
) -> None:
    """A header that nobody knows is asked for; that the folder names a branch makes nobody a member instead."""
    book(tmp_path / "花名册.xlsx", {"花名册": ROSTER})
    book(tmp_path / "第一支部" / "报.xlsx", {"Sheet1": [("编号", "姓名", *head), ("00001", "张三", *row)]})
    assert errors(check(tmp_path)) == [("missing_column", "A1")]


def test_who_alone_is_a_roster_of_the_folder_s_branch(tmp_path: Path) -> None:
    """Ids and names are members; so is more beside them where the file is called so."""
    book(tmp_path / "第一支部" / "党员.xlsx", {"Sheet1": [("编号", "姓名"), ("00001", "张三")]})
    book(tmp_path / "第二支部" / "花名册.xlsx", {"Sheet1": [("编号", "姓名", "爱好"), ("00002", "李四", "下棋")]})
    found = check(tmp_path)
    assert (errors(found), rows_of(found, "members", "branch")) == ([], [("第一支部",), ("第二支部",)])


@pytest.mark.parametrize(("head", "cell"), [("事项", "见义勇为"), ("活动类型", "党课")])
def test_a_day_in_three_columns_is_one_whatever_the_table(tmp_path: Path, head: str, cell: str) -> None:
    """年, 月 and 日 beside an event or a meeting are its day, and no month of dues."""
    more = ("出勤情况", "到") if head == "活动类型" else ("备注", None)
    found = checked(tmp_path, [("姓名", "年", "月", "日", head, more[0]), ("张三", 2024, 5, 6, cell, more[1])])
    assert errors(found) == []
    assert [*rows_of(found, "events", "date"), *rows_of(found, "attendance", "date")] == [("2024-05-06",)]
