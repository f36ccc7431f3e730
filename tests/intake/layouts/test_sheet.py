from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jifen_analysis.intake import check
from tests.intake.sheets import book, checked, errors, notes, rows_of

LONG = ("编号", "日期", "活动类型", "出勤情况")
SEEN = ("member_id", "date", "status")
ONE = [("00001", "2024-03-05", "present")]


def _attendance(folder: Path, rows: Any, **how: Any) -> list[tuple[Any, ...]]:
    return rows_of(checked(folder, rows, **how), "attendance", *SEEN)


@pytest.mark.parametrize(
    "rows",
    [
        [LONG, ("00001", "2024-03-05", "党课", "到")],
        [(), (), ("2024年考勤表",), ("说明:请逐行填写",), LONG, ("00001", "2024-03-05", "党课", "到")],
        [LONG, (), ("00001", "2024-03-05", "党课", "到"), (), ()],
        [("*编 号(必填)", "日期\n(年月日)", "【活动类型】", "★出勤情况:"), ("00001", "2024-03-05", "党课", "到")],
        [("出勤情况", "备注", "活动名称", "日期", "党员编号"), ("到", "x", "党课", "2024-03-05", "00001")],
        [("member_id", "date", "activity", "status"), ("00001", "2024-03-05", "lecture", "present")],
        [LONG, ("00001", "2024-03-05", "党课", "到"), ("填表人:甲", None, "审核人:乙"), ("记录数", 1)],
        [LONG, ("00001", "2024-03-05", "党课", "到"), LONG],
        [LONG, ("示例", "2024-03-05", "党课", "到"), ("00001", "2024-03-05", "党课", "到")],
        [("姓名", "日期", "活动类型", "出勤情况"), ("张 三", "2024-03-05", "党课", "到")],
        [
            ("序号", "姓名", *LONG),
            (1, "张 三", "00001", "2024-03-05", "党课", "到"),
            ("合计", None, None, None, None, 1),
        ],
    ],
    ids=[
        "plain",
        "titles",
        "blanks",
        "stars",
        "order",
        "english",
        "footer",
        "repeated",
        "example",
        "names",
        "numbered",
    ],
)
def test_long_sheets_are_read_in_every_dress(tmp_path: Path, rows: Any) -> None:
    """Titles, blanks, stars, order, language and footers do not change what a sheet says."""
    found = checked(tmp_path, rows)
    assert rows_of(found, "attendance", *SEEN) == ONE
    assert notes(found) <= {"reason_left"}
    assert found.errors == ()


def test_a_row_with_an_id_is_a_record_whatever_stands_before_it(tmp_path: Path) -> None:
    """Words of footers before somebody's id make no footer."""
    rows = [("职务", "备注", *LONG), ("支部书记", None, "00001", "2024-03-05", "党课", "到"),
            ("合计人员", "审核通过", "00002", "2024-03-05", "党课", "到"), ("合计", None, 2)]  # fmt: skip
    found = checked(tmp_path, rows)
    assert rows_of(found, "attendance", *SEEN) == [*ONE, ("00002", "2024-03-05", "present")]
    assert found.counts["total"] == 2


def test_days_of_a_month(tmp_path: Path) -> None:
    """Days 1-31 take year and month from the title; the weekday row is header; a legend explains signs."""
    rows = [
        ("第一支部2024年3月主题党日签到",),
        ("图例:√ 出勤 × 请假 ○ 缺席",),
        ("序号", "姓名", 1, 2, 31),
        (None, None, "五", "六", "日"),
        (1, "张三", "√", "×", "○"),
        (2, "李四", None, "√", None),
    ]
    found = checked(tmp_path, rows)
    assert rows_of(found, "attendance", *SEEN, "activity") == [
        ("00001", "2024-03-01", "present", "theme_day"),
        ("00001", "2024-03-02", "leave", "theme_day"),
        ("00002", "2024-03-02", "present", "theme_day"),
        ("00001", "2024-03-31", "absent", "theme_day"),
    ]
    assert notes(found) == {"blank_cells", "activity_from_title"}
    assert found.counts["legend"] == 1


@pytest.mark.parametrize("header", [date(2024, 3, 5), "3月5日", "2024-3-5", "2024年3月5日党课", "3/5"])
def test_dates_in_headers(tmp_path: Path, header: Any) -> None:
    """A header may be a real or a written date; 3/5 may be March or May and is refused."""
    found = checked(tmp_path, [("2024年考勤",), ("编号", header), ("00001", "√"), ("00002", "×")])
    if header == "3/5":
        assert errors(found) == [("bad_date", "B2")]
    else:
        assert rows_of(found, "attendance", *SEEN) == [*ONE, ("00002", "2024-03-05", "absent")]
        assert "sign_read" in notes(found)


def test_sheet_name_gives_the_month(tmp_path: Path) -> None:
    """A sheet a month: the name says which."""
    assert _attendance(tmp_path, [("姓名", *range(1, 32)), ("张三", *[None] * 4, "√")], sheet="2024年3月") == ONE


def test_day_without_month_is_refused_once(tmp_path: Path) -> None:
    """Days whose month nobody says are refused in one sentence, not in thirty-one."""
    found = checked(tmp_path, [("姓名", *range(1, 32)), ("张三", *["√"] * 31)])
    assert errors(found) == [("year_unknown", "B1")]


def test_tick_on_a_day_that_does_not_exist(tmp_path: Path) -> None:
    """Only the ticks on 31 June are refused, not its empty column."""
    rows = [("2024年6月考勤",), ("姓名", "1", "31"), ("张三", "√", "√"), ("李四", "√", None)]
    assert errors(checked(tmp_path, rows)) == [("no_such_day", "C3")]


DUES = ("member_id", "month", "due", "paid")


def test_two_level_header(tmp_path: Path) -> None:
    """Months over 应缴 and 实缴 give a record a month; the address is that of the amount."""
    rows = [
        ("2024年党费",),
        ("编号", "姓名", "1月", None, "2月", None),
        (None, None, "应缴", "实缴", "应缴", "实缴"),
        ("00001", "张三", 10, 10, 10, 5),
        ("00002", "李四", "免缴", None, 12, None),
        ("合计", None, 10, 10, 22, 16),
    ]
    found = checked(tmp_path, rows, merges=["A1:F1", "C2:D2", "E2:F2"])
    assert sorted(rows_of(found, "dues", *DUES)) == [
        ("00001", "2024-01", 10, 10),
        ("00001", "2024-02", 10, 5),
        ("00002", "2024-01", 0, None),
        ("00002", "2024-02", 12, None),
    ]
    assert [(p.code, p.cell, p.value) for p in found.notes if p.code == "total_differs"] == [
        ("total_differs", "F6", "16")
    ]
    record = found.records.dues.query("month == '2024-02'").iloc[0]
    assert found.records.address(record, "paid")[2] == "F4"
    assert found.records.address(record, "member_id")[2] == "A4"


def test_one_amount_a_month(tmp_path: Path) -> None:
    """One amount a month is taken as due and paid, with a note; 补缴 is paid late."""
    rows = [("编号", "1月", "2月", "3月"), ("00001", 10, "免缴", "补缴12"), ("00002", None, None, 5)]
    found = checked(tmp_path, rows, sheet="党费", year=2024)
    assert sorted(rows_of(found, "dues", *DUES, "paid_on")) == [
        ("00001", "2024-01", 10, 10, None),
        ("00001", "2024-02", 0, 0, None),
        ("00001", "2024-03", 12, 12, "2024-04-01"),
        ("00002", "2024-03", 5, 5, None),
    ]
    assert "amount_due_and_paid" in notes(found)


def test_merged_amount_is_refused(tmp_path: Path) -> None:
    """One amount merged over several months cannot be shared out."""
    rows = [("编号", "1月", "2月", "3月"), ("00001", 30, None, None)]
    assert errors(checked(tmp_path, rows, merges=["B2:D2"], year=2024)) == [("merged_amount", "B2")]


def test_blocks_below_each_other(tmp_path: Path) -> None:
    """A title above the repeated header begins a block of its own; a page break alone does not."""
    head = ("编号", "应缴", "实缴")
    rows = [("2024年1月党费",), head, ("00001", 1, 1), ("2024年2月党费",), head, ("00001", 2, 2), head, ("00002", 3, 3)]
    assert rows_of(checked(tmp_path, rows), "dues", *DUES) == [
        ("00001", "2024-01", 1, 1),
        ("00001", "2024-02", 2, 2),
        ("00002", "2024-02", 3, 3),
    ]


def test_a_list_of_one_meeting_is_a_column_of_ticks(tmp_path: Path) -> None:
    """Day and activity stand in the title; who has no tick has no record, with a note."""
    rows = [("2024年3月5日党员大会签到表",), ("序号", "姓名", "签到"), (1, "张三", "√"), (2, "李四", None)]
    found = checked(tmp_path, rows)
    assert rows_of(found, "attendance", *SEEN, "activity") == [(*ONE[0], "general_meeting")]
    assert notes(found) == {"blank_cells", "activity_from_title", "date_from_title"}


def test_a_sheet_a_branch_and_a_sheet_a_month(tmp_path: Path) -> None:
    """The names of the sheets say which branch and which month, that of the workbook which year."""
    from jifen_analysis.intake import check
    from tests.intake.sheets import book

    sheets = {"甲支部": [("编号", "姓名"), ("01", "甲")], "乙支部": [("编号", "姓名"), ("02", "乙")],
              "1月": [("姓名", "应缴"), ("甲", 1)], "2月": [("姓名", "应缴"), ("乙", 1)]}  # fmt: skip
    found = check(book(tmp_path / "2024年.xlsx", sheets))
    assert rows_of(found, "members", "member_id", "branch", "year") == [("01", "甲支部", 2024), ("02", "乙支部", 2024)]
    assert rows_of(found, "dues", "member_id", "month") == [("01", "2024-01"), ("02", "2024-02")]
    assert notes(found) == {"branch_from_title", "month_from_title"}


def test_rows_that_were_left_unfilled_are_no_records(tmp_path: Path) -> None:
    """A list with everybody's name, filled in for some: the others have no record, with a note."""
    rows = [("编号", "姓名", *LONG[1:]), ("00001", "张三", "2024-3-5", "党课", "到"), ("00002", "李四"), ("00003",)]
    found = checked(tmp_path, rows)
    assert rows_of(found, "attendance", *SEEN) == ONE
    assert [(p.code, p.cell) for p in found.problems] == [("unfilled_rows", "A3")]


@pytest.mark.parametrize("remark", ["困难党员免缴", "3月转出", "补缴", "请假"])
@pytest.mark.parametrize("where", ["name", "beside"])
def test_what_a_remark_says_of_a_blank_row_is_not_lost(tmp_path: Path, remark: str, where: str) -> None:
    """A row without amounts that says why is no unfilled one: read, or refused at its cells."""
    blank = (f"李四({remark})", None, None, None) if where == "name" else ("李四", None, None, remark)
    rows = [("2024年3月党费",), ("姓名", "应缴", "实缴", "备注"), ("张三", 10, 10, None), blank]
    found = checked(tmp_path, rows)
    assert "unfilled_rows" not in notes(found)
    assert errors(found) or rows_of(found, "dues", "member_id", "due")[1:] == [("00002", 0)]


def test_head_counts_are_totals(tmp_path: Path) -> None:
    """Rows that count heads below a matrix are no members."""
    rows = [("姓名", date(2024, 3, 5)), ("张三", "√"), ("应到人数", 1), ("实到", 1), ("出勤率", "100%")]
    found = checked(tmp_path, rows)
    assert rows_of(found, "attendance", *SEEN) == ONE
    assert (found.errors, found.counts["total"]) == ((), 6)


def test_vote_counts_by_their_short_names(tmp_path: Path) -> None:
    """On a sheet of ballots 优秀 is a count of votes."""
    rows = [("2024年第三季度民主测评",), ("编号", "优秀", "合格", "弃权"), ("00001", 10, "2票", "—")]
    found = checked(tmp_path, rows)
    assert rows_of(found, "ballots", "period", "excellent", "qualified", "abstained") == [("2024Q3", 10, 2, None)]


def test_groups_in_columns(tmp_path: Path) -> None:
    """An evaluation summary has a column a group; the period comes from the title."""
    rows = [("2024年上半年民主评议",), ("编号", "班子成员评分", "党员(40%)", "群众代表"), ("00001", 90, None, 101)]
    found = checked(tmp_path, rows)
    assert rows_of(found, "evaluations", "member_id", "period", "group", "mark") == [
        ("00001", "2024H1", "committee", 90)
    ]
    assert errors(found) == [("out_of_range", "D3")]


@pytest.mark.parametrize("gap", [(), (None,)])
def test_blocks_side_by_side(tmp_path: Path, gap: tuple[None, ...]) -> None:
    """Two blocks beside each other are two tables."""
    rows = [("2024年3月5日党课签到",), ("姓名", "出勤", *gap, "姓名", "出勤"), ("张三", "√", *gap, "李四", "缺席")]
    assert _attendance(tmp_path, rows) == [*ONE, ("00002", "2024-03-05", "absent")]


def test_merged_branch_holds_for_its_rows(tmp_path: Path) -> None:
    """A branch merged downwards is everyone's branch; the name is looked up in it."""
    rows = [
        ("党支部", "姓名", "日期", "活动", "出勤"),
        ("第一支部", "张三", "2024-3-5", "党课", "到"),
        (None, "李四", "2024-3-5", "党课", "到"),
    ]
    found = checked(tmp_path, rows, merges=["A2:A3"])
    assert rows_of(found, "attendance", *SEEN) == [*ONE, ("00002", "2024-03-05", "present")]


@pytest.mark.parametrize(
    ("rows", "code", "cells"),
    [
        (
            [("编号", "日期", "日期", "活动", "出勤"), ("00001", "2024-3-5", "2024-3-5", "党课", "到")],
            "duplicate_header",
            ["B1", "C1"],
        ),
        ([("编号", "日期", "活动", "出勤状态况"), ("00001", "2024-3-5", "党课", "来过一下")], "missing_column", ["D1"]),
        ([LONG, ("00001", "2024-3-5", None, "到")], "missing_value", ["C2"]),
        ([("00001", "2024-3-5", "党课", "到")], "no_header", [""]),
        (
            [LONG, ("00001", "2024-3-5", "党课", "到"), ("00001", "2024-3-5", "党课", "缺席")],
            "contradiction",
            ["D2", "D3"],
        ),
        ([LONG, ("00009", "2024-3-5", "党课", "到")], "unknown_member", ["A2"]),
        ([LONG, (None, "2024-3-5", "党课", "到")], "missing_value", ["A2"]),
    ],
)
def test_forms_that_are_refused(tmp_path: Path, rows: Any, code: str, cells: list[str]) -> None:
    """What cannot be known is refused at its cells."""
    assert errors(checked(tmp_path, rows)) == [(code, cell) for cell in cells]


def test_every_problem_of_a_row_is_said(tmp_path: Path) -> None:
    """A bad day does not hide an unknown member or an unknown word."""
    found = checked(tmp_path, [LONG, ("00009", "2024-02-30", "吃饭", "到")])
    assert {code for code, _ in errors(found)} == {"unknown_member", "no_such_day", "unknown_word"}


def test_guides_and_empty_sheets_are_no_data(tmp_path: Path) -> None:
    """A sheet of explanations and an empty one are left in peace."""
    assert checked(tmp_path, [("请按说明填写",), ("一、……",)], sheet="填写说明").verdict == "accept"
    assert checked(tmp_path, []).verdict == "accept"


def test_hidden_rows_are_read_with_a_note(tmp_path: Path) -> None:
    """Hiding a row does not take it back."""
    import openpyxl

    from jifen_analysis.intake import check
    from tests.intake.sheets import ROSTER, book

    path = book(tmp_path / "a.xlsx", {"花名册": ROSTER})
    made = openpyxl.load_workbook(path)
    made.active.row_dimensions[3].hidden = True
    made.active.column_dimensions["B"].hidden = True
    made.save(path)
    found = check(path)
    assert len(found.tables["members"]) == 3
    assert notes(found) == {"hidden_rows", "hidden_column"}


def test_blocks_side_by_side_have_titles_of_their_own(tmp_path: Path) -> None:
    """Each block is of the month in the title over its own columns; others in another order are others."""
    rows = [
        ("2024年1月党费", None, None, None, "2024年2月党费"),
        ("姓名", "应缴", "实缴", None, "姓名", "应缴", "实缴"),
        ("张三", 1, 1, None, "李四", 2, 2),
        ("合计", 1, 1, None, "合计", 3, 2),
    ]
    found = checked(tmp_path, rows)
    assert rows_of(found, "dues", *DUES) == [("00001", "2024-01", 1, 1), ("00002", "2024-02", 2, 2)]
    assert [p.cell for p in found.notes if p.code == "total_differs"] == ["F4"]


def test_matrices_side_by_side(tmp_path: Path) -> None:
    """The second list of names is no further column of the first."""
    rows = [("2024年3月党课",), ("姓名", 5, 12, "姓名", 5, 12), ("张三", "√", "假", "李四", "迟", "√")]
    assert sorted(_attendance(tmp_path, rows)) == [
        ("00001", "2024-03-05", "present"), ("00001", "2024-03-12", "leave"),
        ("00002", "2024-03-05", "late"), ("00002", "2024-03-12", "present"),
    ]  # fmt: skip


def test_tables_below_each_other(tmp_path: Path) -> None:
    """Another header begins another table, with the year of the first title."""
    rows = [
        ("2024年1月党费",),
        ("姓名", "应缴"),
        ("张三", 1),
        (),
        ("考勤",),
        ("序号", "姓名", "3月5日"),
        (1, "张三", "√"),
    ]
    found = checked(tmp_path, rows)
    assert (len(found.tables["dues"]), rows_of(found, "attendance", *SEEN)) == (1, ONE)


@pytest.mark.parametrize("line", [(None, None, "(元)", "元"), ("1", "2", 3, 4), ("甲", "乙", 1, 2)])
def test_lines_that_explain_the_header(tmp_path: Path, line: tuple[Any, ...]) -> None:
    """Units, or numbers of the columns, between header and records."""
    found = checked(tmp_path, [("2024年1月党费",), ("编号", "姓名", "应缴", "实缴"), line, ("00001", "张三", 1, 1)])
    assert (found.errors, rows_of(found, "dues", *DUES)) == ((), [("00001", "2024-01", 1, 1)])


@pytest.mark.parametrize("head", [("姓名", "1月", "二季度"), ("姓名", "1-6月", "7-12月"), ("姓名", "上半年", "1月")])
def test_one_amount_for_several_months_is_refused(tmp_path: Path, head: tuple[str, ...]) -> None:
    """A quarter or half beside the months is a sum only where its months are there."""
    found = checked(tmp_path, [("2024年党费",), head, ("张三", 10, 30)])
    assert {code for code, _ in errors(found)} == {"bad_month"}


def test_months_as_numbers(tmp_path: Path) -> None:
    """On a sheet of dues the columns 1 to 12 are months."""
    rows = [("2024年党费",), ("姓名", *range(1, 13), "合计"), ("张三", *[10] * 12, 120)]
    found = checked(tmp_path, rows)
    assert [month for (month,) in rows_of(found, "dues", "month")] == [f"2024-{n:02d}" for n in range(1, 13)]


def test_a_cover_says_the_year(tmp_path: Path) -> None:
    """The one year that a workbook's titles name is that of its sheets; the roster stays everyone's of every year."""
    from jifen_analysis.intake import check
    from tests.intake.sheets import ROSTER, book

    sheets = {
        "封面": [("2024年度党员考勤",)],
        "花名册": ROSTER,
        "3月": [("姓名", *range(1, 6)), ("张三", *[None] * 4, "√")],
    }
    found = check(book(tmp_path / "a.xlsx", sheets))
    assert rows_of(found, "attendance", *SEEN) == ONE
    assert {year for (year,) in rows_of(found, "members", "year")} == {None}


def test_numbers_of_nobody_are_no_survey(tmp_path: Path) -> None:
    """Scores and counts without a branch or a question are no header, and no crash."""
    found = checked(tmp_path, [("2024年3月",), ("分数", "党课", "人数"), (5, "x", 3)])
    assert [code for code, _ in errors(found)] == ["no_header"]


def test_a_table_above_another_is_no_title(tmp_path: Path) -> None:
    """Of two tables on a sheet the upper one is read too, however little its header says beside the lower one."""
    rows = [
        ("2024年3月5日党课签到",), ("姓名", "签到"), ("张三", "√"), (),
        ("2024年3月党费",), ("姓名", "应缴", "实缴"), ("李四", 10, 10),
    ]  # fmt: skip
    found = checked(tmp_path, rows)
    assert rows_of(found, "attendance", "member_id", "date", "status") == [("00001", "2024-03-05", "present")]
    assert rows_of(found, "dues", "member_id", "month", "paid") == [("00002", "2024-03", 10)]


def test_lines_about_a_meeting_above_its_list_are_no_table(tmp_path: Path) -> None:
    """What a form says of its meeting, or of its person, in pairs above the header stays a title."""
    rows = [
        ("2024年3月5日党员大会签到表",), ("主持人", "张三", "记录人", "李四"), ("姓名", "职务", "党支部"),
        ("序号", "姓名", "签名"), (1, "张三", "张三"),
    ]  # fmt: skip
    assert rows_of(checked(tmp_path, rows), "attendance", "member_id", "status") == [("00001", "present")]


def test_a_legend_in_quotation_marks(tmp_path: Path) -> None:
    """The signs and the words of a legend may stand in quotation marks."""
    rows = [("2024年党课考勤",), ("姓名", "3月5日", "4月2日"), ("张三", "√", "○"), ("注:“√”为“出勤”,“○”为“迟到”",)]
    assert rows_of(checked(tmp_path, rows), "attendance", "status") == [("present",), ("late",)]


def test_a_branch_beside_its_label(tmp_path: Path) -> None:
    """The words 所在党支部 before a branch are no other branch."""
    rows = [("所在党支部:第一党支部", "填表日期:2024年1月"), ("编号", "姓名", "性别"), ("00001", "张三", "男")]
    book(tmp_path / "名册.xlsx", {"花名册": rows})
    assert rows_of(check(tmp_path / "名册.xlsx"), "members", "branch") == [("第一党支部",)]


def test_a_legend_beside_the_title_is_no_level_of_the_header(tmp_path: Path) -> None:
    """A title over the names stays one, whatever stands beside it in its row."""
    rows = [("2024年党课考勤", None, None, "图例"), ("姓名", "3月5日", None, "△:请假"), ("张三", "△")]
    assert rows_of(checked(tmp_path, rows), "attendance", "date", "status") == [("2024-03-05", "leave")]


def test_counts_below_a_list_are_no_members(tmp_path: Path) -> None:
    """A last row of 应到4人 | 实到3人 | 缺席1人 is a total."""
    rows = [("2024年3月5日党课",), ("序号", "姓名", "签到"), (1, "张三", "√"), ("应到4人", "实到3人", "缺席1人")]
    assert rows_of(checked(tmp_path, rows), "attendance", "member_id") == [("00001",)]


@pytest.mark.parametrize(
    ("head", "mark", "said"), [("得分(10分)", 9, 1), ("评分(满分5分)", 4, 1), ("得分(30分)", 92, 0)]
)
def test_a_header_says_of_how_many_marks_are(tmp_path: Path, head: str, mark: int, said: int) -> None:
    """Marks of ten by their header are none of a hundred; where one is higher the header says a weight."""
    found = checked(tmp_path, [("2024年群众评议",), ("姓名", head), ("张三", mark)])
    assert [code for code, _ in errors(found)] == ["marks_of_another_scale"] * said


def test_who_paid_and_who_took_it_below_a_list_are_no_members(tmp_path: Path) -> None:
    """A last row of 交款人:… | 收款人:… | day is a footer."""
    rows = [
        ("2024年5月党费",),
        ("姓名", "应缴", "实缴"),
        ("张三", 5, 5),
        ("交款人:张三", "收款人:李四", "2024年5月31日"),
    ]
    assert rows_of(checked(tmp_path, rows), "dues", "member_id", "paid") == [("00001", 5)]
