from pathlib import Path

import pytest

from tests.intake.sheets import Rows, book, checked, errors, notes, rows_of


@pytest.mark.parametrize(
    ("head", "row", "period"),
    [
        (("年度",), (2023,), "2023"),
        (("年度", "季度"), (2023, "第一季度"), "2023Q1"),
        (("年度", "季度"), ("2023年", 1), "2023Q1"),
        (("年度", "半年"), (2023, "下半年"), "2023H2"),
        (("年度", "月份"), (2023, 5), "2023-05"),
        (("季度",), ("二季度",), "2024Q2"),
        (("年度", "考核期"), (2023, "上半年"), "2023H1"),
    ],
)
def test_the_row_beats_the_title(tmp_path: Path, head: tuple, row: tuple, period: str) -> None:
    """Year, half, quarter and month of a row, each in a column of its own, are its period, whatever the title says."""
    found = checked(tmp_path, [("2024年民主测评",), ("编号", *head, "优秀", "合格"), ("00001", *row, 5, 1)])
    assert (found.errors, rows_of(found, "ballots", "period")) == ((), [(period,)])
    assert ("row_beats_heading" in notes(found)) == (row[0] in (2023, "2023年"))


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        ([("2024年党课",), ("姓名", "月", "日", "出勤情况"), ("张三", 3, 5, "到")], "2024-03-05"),
        ([("姓名", "年度", "月份", "日", "出勤情况"), ("张三", "2023年", "3月", "5日", "到")], "2023-03-05"),
        ([("2024年党课",), ("姓名", "年度", "日期", "出勤情况"), ("张三", 2023, "3月5日", "到")], "2023-03-05"),
    ],
)
def test_a_day_in_parts(tmp_path: Path, rows: Rows, day: str) -> None:
    """Month and day in two columns are a day of the row's own year, else of the title's."""
    found = checked(tmp_path, rows)
    assert (found.errors, rows_of(found, "attendance", "date")) == ((), [(day,)])


@pytest.mark.parametrize("quarter", range(1, 5))
@pytest.mark.parametrize("form", ["{}", "第{}季度", "Q{}", "{words}季度"])
@pytest.mark.parametrize("own_year", [True, False])
def test_a_quarter_of_dues_is_three_months(tmp_path: Path, quarter: int, form: str, *, own_year: bool) -> None:
    """However a column 季度 says it, 1 is no January; the year of the row beats that of the title."""
    said = form.format(quarter, words="一二三四"[quarter - 1])
    value = int(said) if said.isdigit() else said
    head, row = (("年度",), (2023,)) if own_year else ((), ())
    rows = [("2024年党费",), ("姓名", *head, "季度", "月应缴", "实缴"), ("张三", *row, value, 10, 30)]
    found = checked(tmp_path, rows)
    months = [f"{2023 if own_year else 2024}-{month:02d}" for month in range(3 * quarter - 2, 3 * quarter + 1)]
    assert (found.errors, rows_of(found, "dues", "month", "paid")) == ((), [(month, 10) for month in months])


def test_a_month_in_a_column_of_its_own_holds_for_days_alone(tmp_path: Path) -> None:
    """月份, merged over several rows, and 日期 with 5日 alone are one day."""
    rows = [("2024年考勤",), ("月份", "日期", "活动", "姓名", "出勤"), ("3月", "5日", "党课", "张三", "到"),
            (None, "12日", "党课", "张三", "到")]  # fmt: skip
    found = checked(tmp_path, rows, merges=["A3:A4"])
    assert (found.errors, rows_of(found, "attendance", "date")) == ((), [("2024-03-05",), ("2024-03-12",)])


@pytest.mark.parametrize(
    ("month", "said", "day"),
    [
        ("2024-03", "3.15", "2024-03-15"),
        ("2024-03", "4.2", "2024-04-02"),
        ("2024-03", 3.15, "2024-03-15"),
        ("2024-03", "4月16日", "2024-04-16"),
        ("2024-03", 3.1, None),
        ("2024-03", "5.6", None),
        ("2024-12", "1月5日", None),
    ],
)
def test_a_day_of_payment_without_a_year_is_of_the_month_that_was_paid(
    tmp_path: Path, month: str, said: object, day: str | None
) -> None:
    """3.15 is a day where it is of the month or the next; what may be another day, or year, is refused."""
    found = checked(tmp_path, [("姓名", "月份", "应缴", "实缴", "缴纳日期"), ("张三", month, 10, 10, said)])
    assert rows_of(found, "dues", "paid_on") == ([(day,)] if day else [])
    assert bool(found.errors) != ("year_from_month" in notes(found)) == (day is not None)


def test_the_year_of_a_month_beats_the_file(tmp_path: Path) -> None:
    """年度 2024 and 月份 5 in a file of 2025 are May 2024, and it is said."""
    from jifen_analysis.intake import check

    dues = [("编号", "姓名", "年度", "月份", "应缴", "实缴"), ("01", "甲", 2024, 5, 5, 5)]
    sheets = {"花名册": [("编号", "姓名", "党支部"), ("01", "甲", "东街支部")], "党费": dues}
    found = check(book(tmp_path / "2025年党费.xlsx", sheets))
    assert rows_of(found, "dues", "month") == [("2024-05",)]
    assert {"row_beats_heading", "times_joined"} <= notes(found)


def test_the_day_of_a_vote_is_no_year(tmp_path: Path) -> None:
    """A title of 2023 stays of 2023 where the vote was held in January after."""
    rows = [("2023年度民主测评",), ("测评时间:2024年1月23日",), ("编号", "优秀", "合格"), ("00001", 5, 1)]
    assert rows_of(checked(tmp_path, rows), "ballots", "period") == [("2023",)]


@pytest.mark.parametrize(
    ("rows", "years"),
    [
        ([("2024年党课",), ("姓名", "日期", "出勤情况"), ("张三", "2042-03-05", "到")], 1),
        ([("2024年党课",), ("姓名", "日期", "出勤情况"), ("张三", "2024-03-05", "到")], 0),
        ([("2024年民主评议",), ("姓名", "考核期", "评议主体", "分数"), ("张三", "2023年", "群众", 90)], 1),
    ],
)
def test_a_time_of_another_year_than_the_title_is_said(tmp_path: Path, rows: Rows, years: int) -> None:
    """A whole day or period counts as written; that its year is not the title's may be a slip of the pen."""
    found = checked(tmp_path, rows)
    assert (found.errors, sum(note.code == "row_beats_heading" for note in found.notes)) == ((), years)


@pytest.mark.parametrize("months", [(12,), (3,), (1, 12), (6, 12)])
@pytest.mark.parametrize("paid", ["1月5日", "12月20日", "2024-01-05"])
@pytest.mark.parametrize("wide", [False, True])
def test_a_day_of_payment_before_its_month_is_doubted(
    tmp_path: Path, months: tuple[int, ...], paid: str, *, wide: bool
) -> None:
    """A day without a year is of the sheet; of January it may be of the next, unless more was paid ahead at once."""
    heads = ("应缴", "实缴", "缴纳日期")
    rows: Rows = [("姓名", "月份", *heads), *(("张三", f"{month}月", 10, 10, paid) for month in months)]
    if wide:
        over = [part for month in months for part in (f"{month}月", None, None)]
        rows = [("姓名", *over), (None, *heads * len(months)), ("张三", *(10, 10, paid) * len(months))]
    found = checked(tmp_path, [("2023年党费",), *rows])
    told = {p.severity for p in (*found.errors, *found.notes) if p.code == "paid_before"}
    assert told == ({"error" if months == (12,) else "note"} if paid == "1月5日" else set())
    assert all("2023年1月5日" in p.message() and "2024年1月5日" in p.message() for p in found.errors)


SPANS = ["2024年12月—2025年1月", "2024.12-2025.01", "2024年12月至次年1月"]


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("wide", [False, True])
def test_a_span_over_the_turn_says_the_year_of_each_day(tmp_path: Path, span: str, *, wide: bool) -> None:
    """In a list as in columns a day without a year is of the year in which its month is."""
    days = ("12月25日", "1月8日")
    body = (
        [("姓名", *days), ("张三", "√", "√")] if wide else [("姓名", "日期", "出勤"), *(("张三", d, "√") for d in days)]
    )
    found = checked(tmp_path, [(f"党课考勤({span})",), *body], sheet="2024年考勤")
    assert (errors(found), "year_from_title" in notes(found)) == ([], True)
    assert rows_of(found, "attendance", "date") == [("2024-12-25",), ("2025-01-08",)]


def test_a_day_outside_the_span_is_refused(tmp_path: Path) -> None:
    """June is in no year of a list from December to January."""
    rows = [(f"党课考勤({SPANS[0]})",), ("姓名", "日期", "出勤"), ("张三", "6月8日", "√")]
    assert errors(checked(tmp_path, rows, sheet="2024年考勤")) == [("year_unknown", "B3")]


@pytest.mark.parametrize(
    ("days", "turned"),
    [
        (("11月5日", "12月3日", "1月7日"), True),
        (("1月7日", "12月3日"), False),
        (("12月3日", "8月7日", "1月7日"), False),
        (("12月3日", "2024年1月7日"), False),
    ],
)
def test_days_that_fall_to_january_are_named(tmp_path: Path, days: tuple[str, ...], *, turned: bool) -> None:
    """One fall of somebody's rising days is refused; lists sorted backwards, and whole days, have none."""
    rows = [
        ("2024年党课考勤",),
        ("姓名", "日期", "出勤"),
        *((name, day, "√") for name in ("张三", "李四") for day in days),
    ]
    found = checked(tmp_path, rows)
    assert errors(found) == [("year_turns", "B5")] * turned
    assert all("2024年1月7日" in p.message() and "2025年1月7日" in p.message() for p in found.errors)


@pytest.mark.parametrize("title", ["2024年1-12月党课考勤", "2024年1月—12月党课考勤"])
@pytest.mark.parametrize("wide", [False, True])
def test_a_title_of_the_months_of_one_year_settles_it(tmp_path: Path, title: str, *, wide: bool) -> None:
    """Days in whatever order are of that year."""
    days = ("12月3日", "1月7日")
    rows: Rows = [("姓名", "日期", "出勤情况"), *(("张三", day, "√") for day in days)]
    found = checked(tmp_path, [(title,), *([("姓名", *days), ("张三", "√", "√")] if wide else rows)])
    assert (errors(found), len(rows_of(found, "attendance", "date"))) == ([], 2)


@pytest.mark.parametrize(("on", "told"), [("2024-03-05 14:20", False), ("2024-03-08 09:10", True), ("14:20", False)])
def test_who_signed_on_another_day_is_said(tmp_path: Path, on: str, *, told: bool) -> None:
    """A list of one meeting with a signature of three days later may be one that was made up for."""
    rows = [("2024年3月5日党课签到表",), ("姓名", "签到状态", "签到时间"), ("张三", "已签到", on)]
    assert ("signed_later" in notes(checked(tmp_path, rows))) == told


@pytest.mark.parametrize("day", ["5日", "五日", "5号"])
@pytest.mark.parametrize(
    ("title", "sheet"), [("2024年2月考勤", "Sheet1"), ("2024年考勤", "2月"), ("2024年考勤", "Sheet1")]
)
def test_a_day_alone_is_one_of_the_month_of_title_or_sheet(tmp_path: Path, title: str, sheet: str, day: str) -> None:
    """Where nothing says the month, nobody knows it; where something does, what was taken is said."""
    found = checked(
        tmp_path, [(title,), ("姓名", "日期", "活动", "出勤情况"), ("张三", day, "党课", "到")], sheet=sheet
    )
    if "2月" not in title + sheet:
        assert errors(found) == [("bad_date", "B3")]
    else:
        assert (errors(found), rows_of(found, "attendance", "date")) == ([], [("2024-02-05",)])
        assert "month_from_title" in notes(found)
