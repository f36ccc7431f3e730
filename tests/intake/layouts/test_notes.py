from datetime import datetime
from pathlib import Path

import pytest

from tests.intake.sheets import checked, errors, notes


@pytest.mark.parametrize(("title", "only"), [("应缴党费表", True), ("党费应交明细", True), ("党费收缴表", False),
                                             ("党费(每人月应缴10元)", False), ("应缴实缴党费", False)])  # fmt: skip
def test_amounts_that_are_only_due_are_not_taken_as_paid(tmp_path: Path, title: str, *, only: bool) -> None:
    """Where the title says that amounts are due, nothing says that they were paid."""
    found = checked(tmp_path, [(f"2024年{title}",), ("姓名", "1月", "2月"), ("张三", 10, 10)])
    assert [p.code for p in found.errors] == (["only_due"] if only else [])


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("作废", "error"),
        ("去年", "note"),
        ("考勤_旧", "note"),
        ("初评", "note"),
        ("bak", "note"),
        ("填写样例", "error"),
        ("考勤草稿", "note"),
        ("考勤", None),
    ],
)
def test_a_sheet_that_is_called_void_is_not_read_in_silence(tmp_path: Path, name: str, severity: str | None) -> None:
    """A name that says that a sheet does not count refuses it; that of a draft is said."""
    found = checked(tmp_path, [("2024年3月5日党课",), ("姓名", "出勤"), ("张三", "√")], sheet=name)
    assert [p.severity for p in found.problems if p.code == "void_name"] == [severity] * (severity is not None)


@pytest.mark.parametrize("mark", ["(例)2024-01-01", "例:2024-01-01", "示例1"])
def test_an_example_that_is_left_out_is_named(tmp_path: Path, mark: str) -> None:
    """A row that says it is an example is no record, and that is said at its cell; our own forms' is known."""
    rows = [
        ("日期", "活动类型", "姓名", "出勤情况"),
        (mark, "党课", "张三", "到"),
        ("2024-03-05", "党课", "李四", "到"),
    ]
    assert [(p.code, p.cell) for p in checked(tmp_path, rows).notes] == [("example_left", "A2")]
    own = [rows[0], ("示例", *rows[1][1:]), rows[2]]
    assert checked(tmp_path / "own", own).notes == ()


@pytest.mark.parametrize(
    ("rows", "code", "cell", "said"),
    [
        ([("2024年党课",), ("姓名", "3月1日", 45356), ("张三", "√", "√")], "date_serial", "C2", "读作 2024-03-05"),
        ([("党费",), ("姓名", "2024-01", datetime(2024, 2, 15)), ("张三", 1, 2)], "day_as_month", "C2", "2024-02"),
    ],
)
def test_headers_that_had_to_be_read_are_said(tmp_path: Path, rows: list, code: str, cell: str, said: str) -> None:
    """A day that is a serial, a month that is a day: the reading taken stands in a note at the header."""
    found = checked(tmp_path, rows)
    assert [(p.cell, said in p.message()) for p in found.notes if p.code == code] == [(cell, True)]
    assert found.errors == ()


@pytest.mark.parametrize(
    ("title", "errors_found", "said"),
    [("主题党日暨党课签到", 1, "几种活动"), ("党员大会、党课考勤", 0, "几种活动"), ("考勤", 0, "没有注明")],
)
def test_a_title_with_several_meetings_names_none(tmp_path: Path, title: str, errors_found: int, said: str) -> None:
    """Two in one are refused, as in a cell; of a list of several it is said that each one is not known."""
    found = checked(tmp_path, [(f"2024年{title}",), ("姓名", "3月5日"), ("张三", "√")])
    told = [p for p in found.problems if p.code == "activity_from_title"]
    assert (len(found.errors), [said in p.message() for p in told]) == (errors_found, [True])


@pytest.mark.parametrize(("over", "only"), [("应缴", True), ("应缴党费", True), ("党费", False), ("收缴", False)])
def test_months_under_a_heading_of_what_is_due_were_not_paid(tmp_path: Path, over: str, *, only: bool) -> None:
    """One heading over all months says what their amounts are, as a title does."""
    rows = [("2024年",), ("姓名", over, None, "备注"), (None, "1月", "2月", None), ("张三", 10, 10, None)]
    found = checked(tmp_path, rows, sheet="党费", merges=["A2:A3", "B2:C2", "D2:D3"])
    assert [code for code, _ in errors(found)] == ["only_due"] * only


@pytest.mark.parametrize("head", ["参会人员", "实到名单", "缺席人员"])
def test_members_with_people_in_cells_are_refused_as_what_they_are(tmp_path: Path, head: str) -> None:
    """A row of somebody that lists others lacks no column: it has another form, and that is said."""
    rows = [("日期", "会议类型", "姓名", head), ("2024-03-05", "党课", "张三", "李四、王五")]
    assert {p.code for p in checked(tmp_path, rows).errors} == {"people_listed"}


@pytest.mark.parametrize(
    ("title", "code"),
    [("缺勤登记表", "tick_of_absence"), ("党课请假情况登记", "tick_of_absence"), ("考勤及请假登记表", None),
     ("缺席登记(√为缺席)", None), ("党课签到", None)],
)  # fmt: skip
def test_a_tick_on_a_list_of_absences_needs_a_legend(tmp_path: Path, title: str, code: str | None) -> None:
    """Where the title speaks of absences alone, a tick may mean either: refused until the sheet says it."""
    found = checked(
        tmp_path, [(f"2024年{title}",), ("姓名", "3月5日", "4月9日"), ("张三", "√", None), ("李四", None, "√")]
    )
    assert [(p.code, p.cell, p.times) for p in found.errors] == ([(code, "B3", 2)] if code else [])


@pytest.mark.parametrize("denial", ["不需", "无需", "不必", "不用"])
def test_what_a_legend_denies_is_no_status(tmp_path: Path, denial: str) -> None:
    """空白为不需参加 gives a blank no status, and a stroke that stands for nothing is counted by its sign."""
    rows = [
        ("2024年考勤",),
        ("姓名", "3月5日", "4月9日"),
        ("张三", "√", "—"),
        ("李四", None, "√"),
        (f"空白为{denial}参加",),
    ]
    found = checked(tmp_path, rows)
    assert len(found.tables["attendance"]) == 2
    assert [p.message() for p in found.notes if p.code == "blank_cells"] == ["空白 1 格,另有 “—” 1 格,不计为记录"]


@pytest.mark.parametrize(
    ("title", "below", "status"),
    [("党课考勤", "注:打√为出勤,未打√为缺席", ["present", "absent"]), ("党课考勤(√出勤)", "注:√为缺席", None),
     ("党课考勤(√出勤)", "注:√为出勤", ["present"])],
)  # fmt: skip
def test_what_legends_say_of_one_sign(tmp_path: Path, title: str, below: str, status: list[str] | None) -> None:
    """未打√ is of the blanks, not of the tick; legends that disagree leave the sign without a meaning."""
    found = checked(tmp_path, [(f"2024年{title}",), ("姓名", "3月5日", "4月9日"), ("张三", "√", None), (below,)])
    assert [p.code for p in found.errors] == ([] if status else ["unknown_word"])
    assert status is None or list(found.tables["attendance"]["status"]) == status


@pytest.mark.parametrize(
    ("title", "rows", "told"),
    [
        ("2024年民主评议模拟测评", [("姓名", "优秀", "合格"), ("张三", 8, 2)], True),
        ("2024年民主测评(演练)", [("姓名", "优秀", "合格"), ("张三", 8, 2)], True),
        ("2024年民主评议测评", [("姓名", "优秀", "合格"), ("张三", 8, 2)], False),
        ("2024年支部班子民主测评", [("姓名", "优秀", "合格"), ("张三", 8, 2)], True),
        ("2024年群众评议(两名代表评分合计)", [("姓名", "分数"), ("张三", 95)], True),
        ("2024年班子成员民主测评", [("姓名", "优秀", "合格"), ("张三", 8, 2)], False),
        ("2024年特殊党费", [("姓名", "月份", "应缴", "实缴"), ("张三", "2024-01", 12, 12)], True),
        ("2024年欠缴党费党员名单", [("姓名", "月份", "应缴", "实缴"), ("张三", "2024-01", 12, 12)], True),
        ("2024年党费收缴及欠缴情况", [("姓名", "月份", "应缴", "实缴"), ("张三", "2024-01", 12, 12)], False),
        ("2024年消防演练", [("姓名", "日期", "活动类型", "出勤"), ("张三", "2024-03-05", "党课", "到")], False),
    ],
)
def test_titles_of_another_kind_are_said(tmp_path: Path, title: str, rows: list, *, told: bool) -> None:
    """A rehearsal, payments besides the dues and lists of debts are read, and that is said."""
    found = checked(tmp_path, [(title,), *rows])
    assert not found.errors
    assert [p.code for p in found.notes if p.code == "title_of_another_kind"] == ["title_of_another_kind"] * told


@pytest.mark.parametrize(("day", "told"), [("星期二", False), ("周二", False), ("星期三", True)])
def test_the_day_of_the_week_in_a_title(tmp_path: Path, day: str, *, told: bool) -> None:
    """2024-03-05 was a Tuesday: a title that says another day is asked about."""
    found = checked(tmp_path, [(f"2024年3月5日({day})党课",), ("姓名", "签到"), ("张三", "√")])
    assert (found.errors, "weekday_differs" in notes(found)) == ((), told)


@pytest.mark.parametrize(
    ("title", "refused"),
    [
        ("志愿服务签到", True),
        ("走访慰问签到", True),
        ("签到", False),
        ("志愿服务主题党日", False),
        ("志愿服务中心党支部签到", False),
        ("值班室党支部签到", False),
    ],
)
def test_a_sign_in_of_a_deed_is_no_meeting(tmp_path: Path, title: str, *, refused: bool) -> None:
    """Signs under a title that names what people did, and no meeting, are not taken for organisation life."""
    found = checked(tmp_path, [(f"2024年{title}",), ("姓名", "3月5日", "4月9日"), ("张三", "√", "√")])
    assert [code for code, _ in errors(found)] == ["activity_from_title"] * refused


@pytest.mark.parametrize(
    ("title", "head", "refused"),
    [
        ("爱心捐款统计", "1月", True),
        ("工会会费收缴", "1月", True),
        ("党费、会费收缴", "1月", False),
        ("收缴统计", "1月", False),
        ("保险公司第一党支部收缴统计", "1月", False),
        ("医保局机关支部收缴统计", "1月", False),
        ("第一支部医保收缴统计", "1月", True),
    ],
)
def test_other_money_by_months_is_no_dues(tmp_path: Path, title: str, head: str, *, refused: bool) -> None:
    """Amounts a month are dues only where title and names do not call them something else."""
    found = checked(tmp_path, [(f"2024年{title}",), ("姓名", head, "2月"), ("张三", 10, 10)])
    assert ("other_money" in {code for code, _ in errors(found)}) == refused


@pytest.mark.parametrize(
    ("title", "refused"), [("欠缴党费明细", True), ("党费测算表", True), ("特殊党费", True), ("党费", False)]
)
def test_lists_of_debts_plans_and_other_dues_say_nothing_of_payments(
    tmp_path: Path, title: str, *, refused: bool
) -> None:
    """Where no header speaks of payments, amounts under such a title were not paid by that."""
    found = checked(tmp_path, [(f"2024年{title}",), ("姓名", "1月", "2月"), ("张三", 10, 10)])
    assert [code for code, _ in errors(found)] == ["title_of_another_kind"] * refused


@pytest.mark.parametrize(("word", "refused"), [("示例", True), ("作废", True), ("样表", False), ("更正", False)])
def test_a_title_that_says_that_the_sheet_does_not_count(tmp_path: Path, word: str, *, refused: bool) -> None:
    """Behind the title, in brackets, it is of the whole sheet."""
    found = checked(tmp_path, [(f"2024年3月5日党课签到({word})",), ("姓名", "签到"), ("张三", "√")])
    assert [code for code, _ in errors(found)] == ["void_name"] * refused
