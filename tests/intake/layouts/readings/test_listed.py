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


@pytest.mark.parametrize("day", ["刊发日期", "办理时间", "上报时间", "计划时间"])
@pytest.mark.parametrize("who", ["捐款人", "获奖者", "调解员", "志愿者姓名", "经手人", "承办人"])
def test_the_one_column_of_doers_and_of_days_says_who_and_when(tmp_path: Path, who: str, day: str) -> None:
    """Told by its kind alone, and said so; of those who only keep the list, and of when that was, it is refused."""
    found = checked(tmp_path, [(who, day, "事项"), ("张三", "2024-05-01", "见义勇为")])
    if who in ("经手人", "承办人") or day in ("上报时间", "计划时间"):
        assert errors(found)
        assert rows_of(found, "events", "date") == []
        return
    said = [note.cell for note in found.notes if note.code == "column_by_kind"]
    assert (errors(found), said) == ([], ["A1", "B1"])
    assert rows_of(found, "events", "member_id", "date") == [("00001", "2024-05-01")]


@pytest.mark.parametrize(
    "both",
    [("姓名", "填写人"), ("编号", "填写人"), ("捐款人", "志愿者"), ("当事人", "填写人"), ("受益人", "填写人")],
)
def test_who_filled_it_in_is_nobody_beside_whose_row_it_is(tmp_path: Path, both: tuple[str, str]) -> None:
    """Beside a column of doers, known or not, or of two alike, such a header names no member."""
    own = {"编号": "00001"}.get(both[0], "张三")
    found = checked(tmp_path, [(*both, "日期", "事项"), (own, "李四", "2024-05-01", "见义勇为")])
    read = {"姓名": "00001", "编号": "00001", "受益人": "00002"}.get(both[0])
    assert rows_of(found, "events", "member_id") == ([(read,)] if read else [])


@pytest.mark.parametrize(("head", "cell"), [("事项", "见义勇为"), ("活动类型", "党课")])
def test_a_day_in_three_columns_is_one_whatever_the_table(tmp_path: Path, head: str, cell: str) -> None:
    """年, 月 and 日 beside an event or a meeting are its day, and no month of dues."""
    more = ("出勤情况", "到") if head == "活动类型" else ("备注", None)
    found = checked(tmp_path, [("姓名", "年", "月", "日", head, more[0]), ("张三", 2024, 5, 6, cell, more[1])])
    assert errors(found) == []
    assert [*rows_of(found, "events", "date"), *rows_of(found, "attendance", "date")] == [("2024-05-06",)]


@pytest.mark.parametrize("who", ["经手人", "记录人", "授课人", "填写人", "审核员"])
def test_who_keeps_a_member_s_sheet_is_not_whose_it_is(tmp_path: Path, who: str) -> None:
    """On a sheet of one member the name in another column is nobody's record."""
    dues = [("张三党费缴纳记录",), ("月份", "应缴", "实缴", who), ("2024-01", 10, 10, "李四")]
    found = checked(tmp_path, dues, sheet="张三")
    assert (errors(found), rows_of(found, "dues", "member_id")) == ([], [("00001",)])
    meetings = [("张三考勤记录",), ("日期", "活动类型", "出勤情况", who), ("2024-01-05", "党课", "出勤", "李四")]
    found = checked(tmp_path / "2", meetings, sheet="张三")
    assert (errors(found), rows_of(found, "attendance", "member_id")) == ([], [("00001",)])
