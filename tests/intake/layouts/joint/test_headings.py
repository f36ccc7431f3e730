from pathlib import Path

import pytest

from jifen_analysis.intake import check
from tests.intake.sheets import ROSTER, Rows, book, checked, errors, notes, rows_of

DUES: Rows = (("姓名", "应缴", "实缴"), ("张三", 5, 5))


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ((("2024年3月考勤",), ("姓名", "4月5日"), ("张三", "√")), ["B2"]),
        ((("2024年3月考勤",), ("姓名", "日期", "出勤"), ("张三", "2024-04-05", "√")), ["B3"]),
        ((("2024年上半年党费",), ("姓名", "月份", "应缴"), ("张三", "8月", 5)), ["B3"]),
        ((("2024年上半年民主测评",), ("姓名", "考核期", "优秀"), ("张三", "2024年下半年", 8)), ["B3"]),
        ((("2024年党课",), ("姓名", "日期", "活动类型", "出勤"), ("张三", "2024-03-05", "党员大会", "√")), ["C3"]),
        ((("2024年党员互评",), ("姓名", "评议主体", "分数"), ("张三", "群众代表", 90)), ["B3"]),
        ((("2024年1月党费(每人每月10元)",), *DUES), ["B3"]),
        ((("第二支部2024年1月党费",), ("姓名", "党支部", "应缴"), ("张三", "第一支部", 5)), ["B3"]),
        ((("第一支部2024年一季度党费",), ("姓名", "党支部", "月份", "应缴"), ("张三", "第一党支部", "2月", 5)), []),
    ],
)
def test_where_rows_and_headings_disagree_the_row_counts_and_it_is_said(
    tmp_path: Path, rows: Rows, cells: list[str]
) -> None:
    """Times, kinds of meeting, groups, dues and branches of rows and headers are held against title, sheet and file."""
    found = checked(tmp_path, rows)
    assert [note.cell for note in found.notes if note.code == "row_beats_heading"] == cells


@pytest.mark.parametrize(
    ("title", "sheet", "file", "said"),
    [
        ("2024年1月党费", "2月", "甲.xlsx", True),
        ("2024年1月党费", "党费", "2023年.xlsx", True),
        ("第一支部2024年1月党费", "党费", "第二支部.xlsx", True),
        ("第一支部2024年1月党费", "1月", "2024年第一党支部.xlsx", False),
        ("第一支部2024年1月党费", "党费", "2024年一季度.xlsx", False),
    ],
)
def test_headings_that_disagree_are_said(tmp_path: Path, title: str, sheet: str, file: str, said: bool) -> None:
    """Title before sheet before file: where they name different years, months or branches, the nearest counts."""
    book(tmp_path / "花名册.xlsx", {"花名册": ROSTER})
    found = check(book(tmp_path / file, {sheet: ((title,), *DUES)}).parent)
    assert ("headings_differ" in {note.code for note in found.problems}) == said


def test_a_year_of_a_roster_beats_its_title(tmp_path: Path) -> None:
    """A row of 2023 below a title of 2024 is of 2023, and that is said."""
    rows = [("2024年党员花名册",), ("年度", "党员编号", "姓名", "党支部"), (2023, "00009", "赵六", "第一支部")]
    found = checked(tmp_path, rows, sheet="花名册二")
    assert [p.cell for p in found.notes if p.code == "row_beats_heading"] == ["A3"]


HEAD = ("编号", "姓名")


@pytest.mark.parametrize(
    ("rows", "column", "values"),
    [
        ([HEAD, ("东街党支部(1人)",), ("01", "甲"), ("西街党支部(1人)",), ("02", "乙")], "branch",
         ["东街党支部", "西街党支部"]),
        ([HEAD, ("一、东街党支部 书记:甲(共1人)",), ("01", "甲"), ("西街党支部(书记乙)",), ("02", "乙")], "branch",
         ["东街党支部", "西街党支部"]),
        ([(*HEAD, "党支部"), ("一、正式党员(1人)",), ("01", "甲", "东街支部"), ("二、预备党员",),
          ("02", "乙", "东街支部")], "stage", ["full", "probationary"]),
        ([(*HEAD, "党支部"), ("01", "甲", "东街支部"), ("离退休党员:",), ("02", "乙", "东街支部")], "retired",
         [None, True]),
    ],
)  # fmt: skip
def test_headings_say_branch_or_state(tmp_path: Path, rows: Rows, column: str, values: list) -> None:
    """A heading between the rows of a roster holds for those below it."""
    found = check(book(tmp_path / "a.xlsx", {"花名册": rows}))
    assert (found.errors, rows_of(found, "members", column)) == ((), [(value,) for value in values])


@pytest.mark.parametrize("form", ["{}花名册", "2024年东街支部{}名单", "东街支部{}", "{}信息登记表", "{}(1人)"])
@pytest.mark.parametrize(
    ("said", "column", "value"),
    [("预备党员", "stage", "probationary"), ("流动党员", "floating", True), ("离退休党员", "retired", True)],
)
@pytest.mark.parametrize("as_title", [True, False])
def test_a_list_may_be_called_by_the_state_of_everybody(
    tmp_path: Path, form: str, said: str, column: str, value: object, *, as_title: bool
) -> None:
    """流动党员花名册, in a title or as the sheet's name, says of all of them what a column would say, and is told."""
    name = form.format(said)
    rows = [(*HEAD, "党支部"), ("01", "甲", "东街支部")]
    sheets = {"花名册": [(name,), *rows]} if as_title else {name: rows}
    found = check(book(tmp_path / "a.xlsx", sheets))
    assert (found.errors, rows_of(found, "members", column)) == ((), [(value,)])
    assert "state_from_title" in notes(found)


@pytest.mark.parametrize("name", ["失联党员", "已转出党员名单", "2024年去世党员", "死亡"])
def test_a_list_of_who_has_left_is_no_roster(tmp_path: Path, name: str) -> None:
    """Nobody on a list of the lost or the dead counts as a member, unless a last day stands beside them."""
    rows = [(*HEAD, "党支部"), ("01", "甲", "东街支部")]
    assert errors(check(book(tmp_path / "a.xlsx", {name: rows}))) == [("left_member", "A1")]
    dated = [(*rows[0], "截止日期"), (*rows[1], "2024-06-30")]
    assert check(book(tmp_path / "b.xlsx", {name: dated})).errors == ()


@pytest.mark.parametrize("name", ["2024年入党积极分子名单", "发展对象花名册", "群众名册"])
def test_who_is_no_member_by_the_name_of_the_list_is_none(tmp_path: Path, name: str) -> None:
    """A list of those who want to join is not read as one of full members."""
    found = check(book(tmp_path / "a.xlsx", {"名单": [(name,), (*HEAD, "党支部"), ("01", "甲", "东街支部")]}))
    assert rows_of(found, "members", "stage") == [("none" if "群众" in name else "activist",)]


@pytest.mark.parametrize(("own", "said"), [("西街支部", True), ("东街党支部", False)])
def test_a_row_of_another_branch_than_its_heading_is_named(tmp_path: Path, own: str, *, said: bool) -> None:
    """The row counts, and that the heading says otherwise is told."""
    rows = [(*HEAD, "党支部"), ("东街支部(1人)",), ("01", "甲", own)]
    found = check(book(tmp_path / "a.xlsx", {"花名册": rows}))
    assert (rows_of(found, "members", "branch"), "row_beats_heading" in notes(found)) == ([(own,)], said)


@pytest.mark.parametrize("name", ["党员花名册", "正式党员", "退休、流动党员名单", "优秀党员名单", "党员"])
def test_a_list_of_several_kinds_says_nothing_of_each(tmp_path: Path, name: str) -> None:
    """What is said of some alone, or of nobody's state, is not read into every row."""
    found = check(book(tmp_path / "a.xlsx", {name: [(*HEAD, "党支部"), ("01", "甲", "东街支部")]}))
    assert (found.errors, rows_of(found, "members", "stage", "floating", "retired")) == ((), [(None, None, None)])


def test_a_heading_that_says_nothing_known_is_named(tmp_path: Path) -> None:
    """What a heading says is not lost in silence."""
    rows = [(*HEAD, "党支部"), ("第一党小组",), ("01", "甲", "东街支部")]
    assert "heading_unread" in notes(check(book(tmp_path / "a.xlsx", {"花名册": rows})))


@pytest.mark.parametrize(
    ("head", "value", "column", "wanted"),
    [
        ("党员类别", "离退休党员", "retired", True),
        ("党员类别", "预备党员", "stage", "probationary"),
        ("政治面貌", "中共党员(预备)", "stage", "probationary"),
        ("流动党员", "流出", "floating", True),
        ("党籍状态", "停止党籍", None, "left_undated"),
        ("党员类别", "待定", None, "unknown_state"),
    ],
)
def test_a_column_of_states(tmp_path: Path, head: str, value: str, column: str | None, wanted: object) -> None:
    """Header and values together say which column is set; who has left needs a last day."""
    found = check(book(tmp_path / "a.xlsx", {"花名册": [(*HEAD, "党支部", head), ("01", "甲", "东街支部", value)]}))
    if column is None:
        assert [cell for _, cell in errors(found)] == ["D2"]
    else:
        assert (found.errors, rows_of(found, "members", column)) == ((), [(wanted,)])


def test_a_sheet_a_person(tmp_path: Path) -> None:
    """The name of the sheet, or 姓名 in the title, is whose records they are; a name of nobody is refused."""
    head, row = ("月份", "应缴党费", "实缴党费"), ("2024-01", 10, 10)
    found = checked(tmp_path / "1", [("李四党费缴纳记录",), head, row], sheet="李四")
    assert (found.errors, rows_of(found, "dues", "member_id", "paid")) == ((), [("00002", 10)])
    found = checked(tmp_path / "2", [("姓名:张三", "支部:第一支部"), head, row])
    assert (found.errors, rows_of(found, "dues", "member_id")) == ((), [("00001",)])
    found = checked(tmp_path / "3", [("2024年党费",), head, row], sheet="李四")
    assert (found.errors, rows_of(found, "dues", "member_id")) == ((), [("00002",)])
    assert {code for code, _ in errors(checked(tmp_path / "4", [head, row], sheet="王麻子"))} == {"unknown_member"}
    deeds = [("日期", "事项", "经手人"), ("2024-03-05", "调解矛盾纠纷", "张三")]
    found = checked(tmp_path / "5", deeds, sheet="李四")  # who only took it down did nothing
    assert (found.errors, rows_of(found, "events", "member_id")) == ((), [("00002",)])


def test_a_list_of_those_who_came(tmp_path: Path) -> None:
    """Names under a sign-in title, without a column of signs, were there, and it is said."""
    rows = [("支部党员大会签到表",), ("会议时间:2024年3月5日",), ("序号", "姓名", "联系电话"), (1, "张三", "138")]
    found = checked(tmp_path, rows)
    assert (found.errors, rows_of(found, "attendance", "date", "status")) == ((), [("2024-03-05", "present")])
    assert "listed_as_present" in notes(found)
    assert errors(checked(tmp_path / "2", [("请假人员签到表",), *rows[1:]])) != []
    apart = checked(tmp_path / "3", [*rows, ("请假人员:李四",)])
    assert errors(apart) == [("absent_listed_apart", "A5")]


def test_headings_between_names_alone_are_headings(tmp_path: Path) -> None:
    """Without ids, too, the branch between the names says which of two members of one name is meant."""
    roster = (("党员编号", "姓名", "党支部"), ("00001", "张伟", "第一支部"), ("00002", "张伟", "第二支部"))
    rows = (("2024年3月5日党课",), ("姓名", "签到"), ("第一支部",), ("张伟", "√"), ("第二支部",), ("张伟", "请假"))
    found = check(book(tmp_path / "数据.xlsx", {"花名册": roster, "签到": rows}))
    assert (found.errors, rows_of(found, "attendance", "member_id", "status")) == (
        (),
        [("00001", "present"), ("00002", "leave")],
    )
    away = (*rows[:2], ("张三", "√"), ("李四因病未参加",), ("李四", "√"))
    assert errors(checked(tmp_path, away)) == [("absent_listed_apart", "A4")]


@pytest.mark.parametrize(
    ("heading", "refused"),
    [
        ("以下党员免缴", True),
        ("以下为已转出党员", True),
        ("退休党员", False),
        ("二、预备党员(1人)", False),
        ("第二党小组", False),
    ],
)
def test_a_heading_that_could_change_a_score_is_refused(tmp_path: Path, heading: str, *, refused: bool) -> None:
    """Who need not pay, or left, is said row by row; that somebody is retired changes no payment."""
    rows = [("2024年3月党费",), ("姓名", "应缴", "实缴"), ("张三", 10, 10), (heading,), ("李四", 10, 10)]
    assert errors(checked(tmp_path, rows)) == [("heading_unread", "A4")] * refused


@pytest.mark.parametrize(
    ("title", "head", "values", "told"),
    [
        ("预备党员花名册", "发展阶段", ("正式", "预备"), ["D3"]),
        ("预备党员花名册", "发展阶段", ("预备", None), []),
        ("离退休党员花名册", "退休", ("是", "否"), ["D4"]),
    ],
)
def test_a_state_that_the_title_denies_is_told(
    tmp_path: Path, title: str, head: str, values: tuple[str | None, ...], told: list[str]
) -> None:
    """The row's own state counts, and where the title says another of everybody, that is said."""
    people = (("00001", "张三", "第一支部"), ("00002", "李四", "第一支部"))
    rows = [
        (title,),
        ("党员编号", "姓名", "党支部", head),
        *((*who, value) for who, value in zip(people, values, strict=True)),
    ]
    found = check(book(tmp_path / "花名册.xlsx", {"Sheet1": rows}))
    assert [p.cell for p in found.notes if p.code == "row_beats_heading"] == told
    assert not found.errors


@pytest.mark.parametrize("year", ["2024年", "2024年度", ""])
@pytest.mark.parametrize("who", ["转出党员", "去世党员"])
def test_a_heading_with_a_year_is_no_member(tmp_path: Path, year: str, who: str) -> None:
    """2024年转出党员 between the rows has digits as an id has, and is a heading all the same."""
    rows = [(*HEAD, "党支部"), ("01", "甲", "东街支部"), (f"{year}{who}",), ("02", "乙", "东街支部")]
    assert errors(check(book(tmp_path / "a.xlsx", {"花名册": rows}))) == [("heading_unread", "A3")]


def test_what_a_heading_says_besides_the_branch_is_named(tmp_path: Path) -> None:
    """The secretary in a heading is nobody's post yet."""
    rows = [HEAD, ("东街党支部(书记:甲)",), ("01", "甲"), ("西街党支部",), ("02", "乙")]
    found = check(book(tmp_path / "a.xlsx", {"花名册": rows}))
    assert [(p.code, p.cell) for p in found.notes if p.code == "heading_unread"] == [("heading_unread", "A2")]


@pytest.mark.parametrize(
    "heading", ["拟转入东街支部", "以下人员转出至东街支部", "非本支部", "未编入支部", "代收东街支部"]
)
def test_a_heading_of_where_people_are_not_is_no_branch(tmp_path: Path, heading: str) -> None:
    """Those below have no branch then, and a roster asks for it; 非公企业支部 is one."""
    rows = [HEAD, ("非公企业支部",), ("01", "甲"), (heading,), ("02", "乙")]
    found = check(book(tmp_path / "a.xlsx", {"花名册": rows}))
    assert ("missing_value", "A5") in errors(found)
    assert [p.cell for p in found.problems if p.code == "heading_unread"] == ["A4"]


@pytest.mark.parametrize("kinds", [("党员大会", "党课"), ("", "主题党日"), ("", "")])
@pytest.mark.parametrize("form", ["2024年{}月{}日{}", "2024-{:02}-{:02} {}", "{}月{}日{}", "{}月{}日(下午){}"])
def test_headings_say_which_meeting_the_rows_below_are_of(tmp_path: Path, form: str, kinds: tuple[str, str]) -> None:
    """A day, with a kind of meeting or without, between the rows of a list without days is that of those below."""
    days, codes = ((3, 5), (4, 12)), {"党员大会": "general_meeting", "党课": "lecture", "主题党日": "theme_day"}
    told = [form.format(*day, kind) for day, kind in zip(days, kinds, strict=True)]
    rows = [
        ("2024年考勤",),
        ("姓名", "出勤情况"),
        (told[0],),
        ("张三", "出勤"),
        ("李四", "病假"),
        (told[1],),
        ("张三", "迟到"),
    ]
    found = checked(tmp_path, rows)
    want = [("00001", "2024-03-05", kinds[0]), ("00002", "2024-03-05", kinds[0]), ("00001", "2024-04-12", kinds[1])]
    assert (errors(found), rows_of(found, "attendance", "member_id", "date", "activity")) == (
        [],
        [(member, day, codes.get(kind, "unspecified")) for member, day, kind in want],
    )
    assert errors(checked(tmp_path / "before", [*rows[:2], ("李四", "出勤"), *rows[2:]])) == [("missing_value", "A3")]


@pytest.mark.parametrize("heading", ["3月5日生病请假", "3月5日", "3月5日前填报"])
def test_a_heading_beside_a_day_of_the_title_is_no_meeting(tmp_path: Path, heading: str) -> None:
    """Where the title says the day, another between the rows is told, and never read as theirs."""
    found = checked(tmp_path, [("2024年3月6日党课",), ("姓名", "出勤情况"), (heading,), ("张三", "出勤")])
    assert "heading_unread" in {p.code for p in (*found.errors, *found.notes)}
    assert rows_of(found, "attendance", "date") == [("2024-03-06",)]
