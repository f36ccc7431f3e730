import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen_analysis.intake import check
from jifen_analysis.tables.sources import letters
from jifen_analysis.vocabulary import standard
from tests.intake.sheets import ROSTER, book, checked, errors, filled_cells, rows_of

PEOPLE = [row[:2] for row in ROSTER[1:]]
DAYS = [date(2024, 3, 1) + timedelta(days) for days in range(31)]
SLOW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _header(day: date, form: str) -> object:
    forms = {"date": day, "day": day.day, "text": f"{day.day}日", "month": f"{day.month}月{day.day}日", "iso": str(day)}
    return forms[form]


@SLOW
@given(
    marks=st.dictionaries(
        st.tuples(st.sampled_from([member for member, _ in PEOPLE]), st.sampled_from(DAYS)),
        st.sampled_from(standard().codes("status")),
        min_size=2,
    ),
    form=st.sampled_from(["date", "day", "text", "month", "iso"]),
    identity=st.sampled_from(["id", "name", "both"]),
    title=st.booleans(),
    footer=st.booleans(),
    across=st.sampled_from(["", "日期", "日期\\姓名", "活动时间"]),
)
def test_ticks_survive_any_matrix(
    tmp_path: Path, marks: dict, form: str, identity: str, title: bool, footer: bool, across: str
) -> None:
    """Members by days or days by members, whatever the headers, titles and footers, gives back the same records."""
    days = sorted({DAYS[0], DAYS[1], *(day for _, day in marks)})
    heads = {"id": ["编号"], "name": ["姓名"], "both": ["编号", "姓名"]}[identity]
    who = {"id": lambda m, _: [m], "name": lambda _, n: [n], "both": lambda m, n: [m, n]}[identity]
    label = standard().label
    matrix = [[*heads, *(_header(day, form) for day in days)]]
    for member, name in PEOPLE:
        matrix.append(
            [
                *who(member, name),
                *(label("status", marks[member, day]) if (member, day) in marks else None for day in days),
            ]
        )
    if across:
        matrix[0][0] = across if len(heads) == 1 else heads[0]
        matrix = list(map(list, zip(*matrix, strict=True)))
    rows = [*[["2024年3月考勤表"]] * title, *matrix, *[["填表人:甲"]] * footer]
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    found = checked(tmp_path / "data", rows, sheet="2024年3月")
    assert found.errors == ()
    assert {(m, d): s for m, d, s in rows_of(found, "attendance", "member_id", "date", "status")} == {
        (member, str(day)): status for (member, day), status in marks.items()
    }
    assert sum(found.counts.values()) == filled_cells(tmp_path / "data" / "数据.xlsx")


@SLOW
@given(
    paid=st.dictionaries(
        st.tuples(st.sampled_from([member for member, _ in PEOPLE]), st.integers(1, 12)),
        st.tuples(st.integers(0, 50), st.none() | st.integers(0, 50)),
        min_size=2,
    ),
    merged=st.booleans(),
    year_in_header=st.booleans(),
)
def test_dues_survive_two_levels(tmp_path: Path, paid: dict, merged: bool, year_in_header: bool) -> None:
    """Months over 应缴 and 实缴, merged or not, give back the same months."""
    months = sorted({1, 2, *(month for _, month in paid)})
    upper, lower = ["编号", "姓名"], [None, None]
    for month in months:
        upper += [f"2024年{month}月" if year_in_header else f"{month}月", None]
        lower += ["应缴", "实缴"]
    body = [[m, n, *(value for month in months for value in paid.get((m, month), (None, None)))] for m, n in PEOPLE]
    areas = [f"{letters(3 + 2 * k)}2:{letters(4 + 2 * k)}2" for k in range(len(months))] if merged else []
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    found = checked(tmp_path / "data", [["2024年党费"], upper, lower, *body], merges=areas)
    assert found.errors == ()
    assert {(m, k): (due, p) for m, k, due, p in rows_of(found, "dues", "member_id", "month", "due", "paid")} == {
        (member, f"2024-{month:02d}"): (due, p) for (member, month), (due, p) in paid.items()
    }


def test_claims_with_an_item_a_column(tmp_path: Path) -> None:
    """A sheet of claims is read like one of marks; the full mark in a header is no part of the item."""
    rows = [("2024年上半年自评申报表",), ("姓名", "学习(20分)", "工作", "合计"), ("张三", 5, 10, 15)]
    found = checked(tmp_path, rows)
    assert rows_of(found, "declarations", "period", "item", "points") == [("2024H1", "学习", 5), ("2024H1", "工作", 10)]


def test_amount_and_day_below_a_month(tmp_path: Path) -> None:
    """日期 below a month is the day of payment."""
    rows = [("2024年党费",), ("姓名", "1月", None, "2月", None), (None, *["金额", "日期"] * 2),
            ("张三", 10, "2024-1-5", 10, "3月5日")]  # fmt: skip
    found = checked(tmp_path, rows, merges=["B2:C2", "D2:E2"])
    assert rows_of(found, "dues", "month", "paid", "paid_on") == [
        ("2024-01", 10, "2024-01-05"), ("2024-02", 10, "2024-03-05"),
    ]  # fmt: skip


@SLOW
@given(
    marks=st.lists(
        st.tuples(st.sampled_from(standard().codes("group")), st.sampled_from(PEOPLE), st.integers(0, 100)),
        min_size=1,
    ),
    in_title=st.booleans(),
)
def test_evaluations_survive_a_sheet_a_group(tmp_path: Path, marks: list, in_title: bool) -> None:
    """The group stands in the title, or is the name of the sheet."""
    sheets = {"花名册": ROSTER}
    for group in {group for group, _, _ in marks}:
        name = {"members": "党员互评"}.get(group, standard().label("group", group) + "评议")
        mine = [(*person, mark) for code, person, mark in marks if code == group]
        sheets[group if in_title else name] = [(f"2024年上半年{name * in_title}",), ("编号", "姓名", "得分"), *mine]
    found = check(book(tmp_path / "a.xlsx", sheets))
    assert found.errors == ()
    assert sorted(rows_of(found, "evaluations", "group", "member_id", "mark")) == sorted(
        (group, member, mark) for group, (member, _), mark in marks
    )


ACROSS = ("member_id", "period", "item", "mark")


def test_members_across_the_top(tmp_path: Path) -> None:
    """Items down the side; an unknown name is refused at its header, a bad mark at its cell."""
    rows = [("2024年上半年考评打分",), ("序号", "项目", "张 三", "李四", "李九", "合计"),
            (1, "政治学习", 10, "约20", 5, 10), (2, "履职", 9, 8, None, 17)]  # fmt: skip
    found = checked(tmp_path, rows)
    assert errors(found) == [("unknown_member", "E2"), ("bad_number", "D3")]
    assert rows_of(found, "marks", *ACROSS) == [
        ("00001", "2024H1", "政治学习", 10), ("00001", "2024H1", "履职", 9), ("00002", "2024H1", "履职", 8),
    ]  # fmt: skip
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


def test_a_record_of_a_sheet_on_its_side_has_its_cell(tmp_path: Path) -> None:
    """Every column of the record leads to the one cell that holds it."""
    rows = [
        ("2024年考勤",),
        ("日期", "活动", "张三", "李四"),
        ("3月5日", "党课", "√", "假"),
        ("3月12日", "党课", "√", "√"),
    ]
    records = checked(tmp_path, rows).records
    record = records.attendance.query("member_id == '00002' and status == 'leave'").iloc[0]
    assert [records.address(record, name)[2] for name in ("status", "member_id", "date")] == ["D3"] * 3


def test_one_meeting_with_its_members_across(tmp_path: Path) -> None:
    """What the meeting was stands beside its day."""
    found = checked(tmp_path, [("2024年考勤",), ("日期", "活动", "张三", "李四"), ("3月5日", "党课", "√", "假")])
    assert rows_of(found, "attendance", "date", "activity") == [("2024-03-05", "lecture")] * 2


def test_two_columns_a_member_are_not_turned(tmp_path: Path) -> None:
    """Amounts due and paid below a name over both would be two rows of one member."""
    rows = [
        ("2024年党费",),
        ("月份", "张三", None, "李四", None),
        (None, *["应缴", "实缴"] * 2),
        ("1月", 10, None, 5, 5),
    ]
    assert errors(checked(tmp_path, rows, merges=["B2:C2", "D2:E2"])) == [("no_header", "")]


def test_a_log_of_meetings_has_no_members(tmp_path: Path) -> None:
    """Words about a meeting under headers that might be names are no ticks."""
    rows = [("2024年",), ("日期", "会议类型", "地点", "主持人"), ("3月5日", "党课", "会议室", "张三")]
    assert [code for code, _ in errors(checked(tmp_path, rows))] == ["no_header"]


@pytest.mark.parametrize("heads", [("Jan", "Feb"), ("Jan-24", "Feb-24"), (202401, 202402), ("202401", "202402")])
def test_months_as_programs_write_them_head_columns(tmp_path: Path, heads: tuple[Any, ...]) -> None:
    """English names and numbers of six digits are months, too."""
    found = checked(tmp_path, [("2024年党费",), ("姓名", "月缴标准", *heads), ("张三", 10, 10, 10)])
    assert rows_of(found, "dues", "month", "due", "paid") == [("2024-01", 10, 10), ("2024-02", 10, 10)]
    assert not errors(found)


POINTS = ["党员积分台账", "党员互评得分", "群众评议", "民主测评", "考核得分", "考评打分"]


@pytest.mark.parametrize(("title", "due"), [*((title, False) for title in POINTS), ("党费", False), ("积分", True)])
def test_months_over_points_are_no_dues(tmp_path: Path, title: str, *, due: bool) -> None:
    """Numbers under months are payments only where nothing says that they are points, or a due stands beside them."""
    head, more = (("月应缴",), (90,)) if due else ((), ())
    found = checked(tmp_path, [(f"2024年{title}",), ("姓名", *head, "1月", "2月"), ("张三", *more, 90, 92)])
    months = rows_of(found, "dues", "month") if found.records is not None else []
    assert bool(months) == (due or "党费" in title)


@pytest.mark.parametrize("said", ["5日党课", "5号 党课", "3月5日党课"])
def test_a_header_may_say_day_and_meeting(tmp_path: Path, said: str) -> None:
    """On the sheet of a month a header such as 5日党课 is a meeting of that day."""
    found = checked(tmp_path, [("2024年3月考勤",), ("姓名", said), ("张三", "√")])
    assert (found.errors, rows_of(found, "attendance", "date", "activity")) == ((), [("2024-03-05", "lecture")])


@pytest.mark.parametrize(
    ("sheet", "day"), [("3.5党课", "2024-03-05"), ("12.21 主题党日", "2024-12-21"), ("1.1考勤", None)]
)
def test_a_sheet_may_be_called_by_day_and_meeting(tmp_path: Path, sheet: str, day: str | None) -> None:
    """3.5党课 is the meeting of a day; a number before anything else is not."""
    book(tmp_path / "2024年签到.xlsx", {"花名册": ROSTER, sheet: [("姓名", "签到"), ("张三", "√")]})
    found = check(tmp_path)
    assert rows_of(found, "attendance", "date") == ([(day,)] if day else [])


@pytest.mark.parametrize(("answer", "status"), [("是", "present"), ("否", "absent"), (1, "present"), (0, "absent")])
def test_whether_somebody_came_is_answered_in_a_list(tmp_path: Path, answer: object, status: str) -> None:
    """是否参加 takes yes and no in a list as it does under a day; a reason beside no says more."""
    head = ("日期", "活动名称", "姓名", "是否参加", "未参加原因")
    found = checked(tmp_path, [head, ("2024-03-05", "党课", "张三", answer, None)])
    assert (found.errors, rows_of(found, "attendance", "status")) == ((), [(status,)])
    told = checked(tmp_path / "why", [head, ("2024-03-05", "党课", "张三", "否", "因公出差")])
    assert rows_of(told, "attendance", "status") == [("excused",)]


@pytest.mark.parametrize(
    "corner", ["日期\n姓名", "      日期\n姓名", "姓名/时间", "姓名\\日期", "日期  姓名", "姓名|会议"]
)
def test_a_corner_may_say_what_goes_down_and_what_goes_across(tmp_path: Path, corner: str) -> None:
    """A header cell with a diagonal in it, 日期 above and 姓名 below, heads the names."""
    found = checked(tmp_path, [("2024年党课",), (corner, "3月5日", "4月2日"), ("张三", "√", "事假")])
    assert (found.errors, rows_of(found, "attendance", "status")) == ((), [("present",), ("leave",)])


@pytest.mark.parametrize("sign", ["/", "—", "无", None])
def test_a_month_that_is_struck_out_is_not_unpaid(tmp_path: Path, sign: str | None) -> None:
    """A slash where others have paid may mean that nothing was due: no record, and it is said; a blank is unpaid."""
    rows = [("2024年党费",), ("姓名", "月应缴", "1月", "2月"), ("张三", 10, 10, 10), ("李四", 10, sign, 10)]
    found = checked(tmp_path, rows)
    assert (found.errors, len(rows_of(found, "dues", "month"))) == ((), 4 if sign is None else 3)
    assert [(p.code, p.cell) for p in found.notes] == [("blank_unpaid" if sign is None else "struck_month", "C4")]


@pytest.mark.parametrize("below", ["签名", "票据号", "经办人"])
def test_what_stands_beside_an_amount_below_a_month_is_none(tmp_path: Path, below: str) -> None:
    """A signature under a month is no second amount."""
    rows = [("2024年党费",), ("姓名", "月应缴", "1月", None), (None, None, "金额", below), ("张三", 10, 10, "张三")]
    found = checked(tmp_path, rows, merges=["C2:D2"])
    assert (found.errors, rows_of(found, "dues", "due", "paid")) == ((), [(10, 10)])


@pytest.mark.parametrize(
    ("first", "wrong"),
    [
        ((30, None, None), 1),
        ((10, None, 20), 1),
        ((20, None, 10), 1),
        ((30, 10, 10), 0),
        ((10, None, 10), 0),
        ((10, None, None), 0),
    ],
)
def test_an_amount_for_several_months_in_one_of_them_is_asked_about(tmp_path: Path, first: tuple, wrong: int) -> None:
    """As many times the due as there are months with the blank ones beside it: paid at once, or too much?"""
    rows = [("2024年党费",), ("姓名", "月应缴", "1月", "2月", "3月"), ("张三", 10, *first), ("李四", 10, 10, 10, 10)]
    assert [code for code, _ in errors(checked(tmp_path, rows))] == ["months_at_once"] * wrong


def test_part_payments_of_one_month_are_not_dropped(tmp_path: Path) -> None:
    """1月(补) beside 1月 is no repetition of it."""
    rows = [("2024年党费",), ("姓名", "月应缴", "1月", "1月(补)", "2月"), ("张三", 10, 5, 5, 10)]
    assert errors(checked(tmp_path, rows)) == [("column_counts", "D2")]


@pytest.mark.parametrize("many", ["(20人)", "(20名)"])
def test_how_many_evaluated_may_stand_behind_their_group(tmp_path: Path, many: str) -> None:
    """党员互评(20人) is the mean of twenty."""
    found = checked(tmp_path, [("2024年民主评议",), ("姓名", f"党员互评{many}", "群众评议"), ("张三", 90, 92)])
    assert rows_of(found, "evaluations", "mark", "count") == [(90, 20), (92, 1)]


@pytest.mark.parametrize("behind", [True, False])
def test_what_stands_behind_each_month_is_of_it(tmp_path: Path, behind: bool) -> None:  # a case
    """缴费时间 behind every month is of that month; two of them elsewhere are refused, never the first for all."""
    head, row = ("1月", "缴费时间", "2月", "缴费时间"), (10, "2024-01-05", 10, "2024-02-06")
    order = range(4) if behind else (0, 2, 1, 3)
    rows = [("2024年党费",), ("姓名", "月应缴", *(head[k] for k in order)), ("张三", 10, *(row[k] for k in order))]
    found = checked(tmp_path, rows)
    paid = [("2024-01", "2024-01-05"), ("2024-02", "2024-02-06")]
    assert (rows_of(found, "dues", "month", "paid_on"), bool(found.errors)) == (paid if behind else [], not behind)


@pytest.mark.parametrize("cell", [4, "√"])
def test_kinds_of_meetings_without_a_day_are_named_as_such(tmp_path: Path, cell: int | str) -> None:
    """Columns headed by a kind of meeting alone hold counts, or signs of nobody knows which day."""
    rows = [("2024年考勤统计",), ("姓名", "党员大会", "党课"), ("张三", cell, cell)]
    assert errors(checked(tmp_path, rows)) == [("meetings_undated", "B2")]
