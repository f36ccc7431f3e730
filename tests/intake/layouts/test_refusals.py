from pathlib import Path
from typing import Any

import pytest

from jifen_analysis.intake import check
from tests.intake.sheets import ROSTER, book, checked, errors, rows_of


def test_two_columns_of_one_meaning_must_agree(tmp_path: Path) -> None:
    """Where 出勤 and 签到 say different things of one meeting, both headers are refused."""
    rows = [("编号", "日期", "活动", "出勤", "签到"), ("00001", "2024-3-5", "党课", "到", "缺")]
    assert errors(checked(tmp_path, rows)) == [("duplicate_header", "D1"), ("duplicate_header", "E1")]


@pytest.mark.parametrize(("other", "refused"), [("称职", True), ("合格票", False)])
def test_votes_of_another_word_are_other_votes(tmp_path: Path, other: str, refused: bool) -> None:
    """合格 and 称职 side by side are refused even where they are as many; the same word twice must agree."""
    found = checked(tmp_path, [("2024年民主测评",), ("编号", "优秀", "合格", other), ("00001", 10, 5, 5)])
    assert bool(found.errors) == refused
    alone = checked(tmp_path, [("2024年民主测评",), ("编号", "优秀", other), ("00001", 10, 5)])
    assert rows_of(alone, "ballots", "qualified") == [(5,)]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (("编号", "党员编号", "日期", "活动", "出勤"), (1, "00001", "2024-3-5", "党课", "到")),
        (("党员编号", "日期", "时间", "活动", "出勤"), ("00001", "2024-3-5", "14:30", "党课", "到")),
        (("党员编号", "日期", "活动类型", "活动名称", "出勤"), ("00001", "2024-3-5", "党课", "学党章", "到")),
        (("党员编号", "日期", "活动", "出勤", "签到"), ("00001", "2024-3-5", "党课", "到", "√")),
    ],
)
def test_a_further_column_that_says_something_else_is_left(tmp_path: Path, head: tuple, row: tuple) -> None:
    """A row number, an hour, a topic or the same in other words beside the column that counts is no contradiction."""
    found = checked(tmp_path, [head, row])
    assert errors(found) == []
    assert rows_of(found, "attendance", "member_id", "date", "activity", "status") == [
        ("00001", "2024-03-05", "lecture", "present")
    ]


@pytest.mark.parametrize(
    ("head", "row", "codes"),
    [
        (("编号", "应缴", "1月", "2月", "3月"), ("00001", 30, 10, 10, 10), ["due_of_all_months"]),
        (("编号", "应缴", "1月", "2月", "3月"), ("00001", 120, 10, 10, None), ["due_of_all_months"]),
        (("编号", "月应缴", "1月", "2月", "3月"), ("00001", 10, 4, 6, None), []),
        (("编号", "应缴", "1月", "2月", "3月"), ("00001", 10, 5, None, 10), []),
        (("编号", "应缴合计", "1月", "2月", "3月"), ("00001", 30, 10, 10, 10), []),
    ],
)
def test_the_due_of_all_months_is_no_month_s(tmp_path: Path, head: tuple, row: tuple, codes: list[str]) -> None:
    """A plain 应缴 that every row's months add up to would make every month too little."""
    found = checked(tmp_path, [("2024年党费",), head, row])
    assert [code for code, _ in errors(found)] == codes


@pytest.mark.parametrize(
    ("head", "lunar"), [("三月初五", True), ("腊月廿三", True), ("农历正月十五", True), ("三月", False)]
)
def test_days_of_the_lunar_calendar_are_called_that(tmp_path: Path, head: str, *, lunar: bool) -> None:
    """A header such as 三月初五 is refused with what would be right."""
    found = checked(tmp_path, [("2024年主题党日考勤",), ("姓名", head), ("张三", "出勤")])
    assert found.errors
    assert any("农历" in p.message() for p in (*found.problems, *found.notes)) == lunar


MARCH = (("2024年党课",), ("姓名", "3月5日"), ("张三", "√"))


@pytest.mark.parametrize(
    ("sheet", "heads", "row", "left"),
    [
        ("汇总", ("出勤次数", "出勤率"), (1, "100%"), True),
        ("全年统计", ("应缴", "实缴合计"), (120, 120), True),
        ("汇总", ("出勤次数", "情况"), (1, "4月请假"), False),
        ("Sheet2", ("出勤次数",), (1,), False),
    ],
)
def test_a_summary_beside_records_is_left_aside(
    tmp_path: Path, sheet: str, heads: tuple[str, ...], row: tuple[Any, ...], *, left: bool
) -> None:
    """A sheet of numbers alone that is called so is named and not read; words on it, or another name, are refused."""
    sheets = {"花名册": ROSTER, "3月": MARCH, sheet: (("姓名", *heads), ("张三", *row))}
    found = check(book(tmp_path / "数据.xlsx", sheets))
    assert ({problem.code for problem in found.notes} >= {"tally_left"}, not found.errors) == (left, left)


def test_a_summary_alone_is_refused(tmp_path: Path) -> None:
    """Where no sheet holds records, nothing is left aside."""
    found = check(book(tmp_path / "数据.xlsx", {"花名册": ROSTER, "汇总": (("姓名", "出勤次数"), ("张三", 1))}))
    assert [problem.sheet for problem in found.errors] == ["汇总"]


@pytest.mark.parametrize(("head", "left"), [("党支部", True), ("姓名", False)])
def test_counts_of_members_by_branch_are_left_aside_beside_rosters(tmp_path: Path, head: str, *, left: bool) -> None:
    """Beside rosters alone a summary of branches and numbers is named and not read; one of members is refused."""
    tally = [("党员情况汇总表",), (head, "党员数", "男"), ("第一支部", 2, 1)]
    found = check(book(tmp_path / "花名册.xlsx", {"花名册": ROSTER, "汇总": tally}))
    assert ({problem.code for problem in found.notes} >= {"tally_left"}, not found.errors) == (left, left)


@pytest.mark.parametrize(("row", "told"), [(("张三", "√"), True), (("张三", 9), True), (("一、", "编号为文本"), False)])
def test_a_guide_that_holds_more_than_words_is_named(tmp_path: Path, row: tuple[Any, ...], *, told: bool) -> None:
    """A sheet called a guide is left aside; with numbers or signs beside its texts, that is said."""
    found = check(book(tmp_path / "数据.xlsx", {"花名册": ROSTER, "填表说明": [("说明",), row]}))
    assert ([problem.code for problem in found.notes], found.errors) == (["guide_left"] * told, ())


def test_who_was_no_more_honoured_is_no_honour(tmp_path: Path) -> None:
    """Where the title alone says what was done, one that takes it back is refused."""
    rows = [("2024年5月6日取消表彰人员名单",), ("姓名", "级别"), ("张三", "区级")]
    assert ("sentence_unread", "A1") in errors(checked(tmp_path, rows))
