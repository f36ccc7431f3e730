from pathlib import Path
from typing import Any

import pytest

from jifen_analysis.intake.cells.times import TO
from jifen_analysis.intake.layouts.surroundings import said_in
from jifen_analysis.intake.layouts.totals import months_in
from tests.intake.sheets import Rows, checked, errors, rows_of

TITLE = ("2024年党费",)
PAID = ("month", "due", "paid")
QUARTER = [("2024-01", 10, 10), ("2024-02", 10, 10), ("2024-03", 10, 10)]
START = ("编号", "月应缴", "起始月份")
LONG = ("编号", "月份", "应缴", "实缴")


@pytest.mark.parametrize(
    ("rows", "merges", "paid"),
    [
        ([LONG, ("00001", "1-3月", 30, 30)], [], QUARTER),
        ([LONG, ("00001", "一季度", 30, 30)], [], QUARTER),
        ([LONG, ("00001", "1、2、3月", 30, 30)], [], QUARTER),
        ([("编号", "月份", "月应缴", "实缴"), ("00001", "1-3月", 10, 30)], [], QUARTER),
        ([("编号", "月应缴", "1月", "2月", "3月"), ("00001", 10, None, None, "补缴1-3月30元")], [], QUARTER),
        ([("编号", "月应缴", "1月", "2月", "3月"), ("00001", 10, 30, None, None)], ["C3:E3"], QUARTER),
        ([("编号", "月应缴", "一季度"), ("00001", 10, 30)], [], QUARTER),
        ([("编号", "月应缴", "Q1"), ("00001", 10, 30)], [], QUARTER),
        ([(*START, "月数", "缴费金额"), ("00001", 10, "1月", 3, 30)], [], QUARTER),
        ([(*START, "终止月份", "实缴"), ("00001", 10, "2024年1月", "3月", 30)], [], QUARTER),
        ([(*START, "月数", "实缴"), ("00001", 10, "1月", 3, 20)], [], "months_unshared"),
        ([(*START, "月数", "实缴"), ("00001", 10, "11月", 3, 30)], [], "months_unshared"),
        ([(*START, "实缴"), ("00001", 10, "1月", 30)], [], "months_unshared"),
        ([(*START, "终止月份", "月数", "实缴"), ("00001", 10, "1月", "3月", 2, 30)], [], "months_unshared"),
        ([LONG, ("00001", "1-3月", 30, 20)], [], "months_unshared"),
        ([("编号", "月份", "月应缴", "实缴"), ("00001", "1-3月", 10, 25)], [], "months_unshared"),
        ([("编号", "月应缴", "1月", "2月", "3月"), ("00001", 10, 25, None, None)], ["C3:E3"], "merged_amount"),
        ([("编号", "月应缴", "一季度"), ("00001", 10, 25)], [], "months_unshared"),
        ([("编号", "月应缴", "1月", "2月", "3月"), ("00001", 10, None, None, "补缴1-3月20元")], [], "bad_number"),
    ],
)
def test_several_months_in_one(tmp_path: Path, rows: Rows, merges: list[str], paid: Any) -> None:
    """An amount is shared out where it is the due times the months, and refused elsewhere."""
    found = checked(tmp_path, [TITLE, *rows], merges=merges)
    if isinstance(paid, str):
        assert paid in {code for code, _ in errors(found)}
    else:
        assert (found.errors, sorted(rows_of(found, "dues", *PAID))) == ((), paid)


def test_months_in_one_without_a_year_are_refused_once(tmp_path: Path) -> None:
    """What cannot be dated is one mistake of one cell, not one a month."""
    assert len(errors(checked(tmp_path, [("党费",), LONG, ("00001", "1-6月", 60, 60)]))) == 1


@pytest.mark.parametrize("sign", TO)
def test_months_from_one_to_another_under_every_sign(tmp_path: Path, sign: str) -> None:
    """In a cell, in a header and in a title the same signs stand between two months."""
    found = checked(tmp_path, [TITLE, LONG, ("00001", f"1{sign}3月", 30, 30)])
    assert (found.errors, sorted(rows_of(found, "dues", *PAID))) == ((), QUARTER)
    assert months_in(f"1{sign}3月") == (1, 2, 3)
    assert said_in((f"2024年1{sign}6月考勤",))[:2] == (2024, "2024H1")


def test_single_amounts_that_differ(tmp_path: Path) -> None:
    """Without a due a nought is refused, never a due of nothing, and amounts that differ are named."""
    rows = [TITLE, ("编号", "1月", "2月", "3月"), ("00001", 10, 0, 10), ("00002", 10, 12, None)]
    found = checked(tmp_path, rows)
    assert errors(found) == [("due_unknown", "C3")]
    assert {("amounts_differ", "C4"), ("blank_months", "B2")} <= {(p.code, p.cell) for p in found.notes}


def test_two_rows_of_one_member_share_the_months(tmp_path: Path) -> None:
    """A blank in one row is no debt where the other row says that month."""
    rows = [TITLE, ("编号", "月应缴", "1月", "2月"), ("00001", 10, 10, None), ("00001", 12, None, 12)]
    assert rows_of(checked(tmp_path, rows), "dues", *PAID) == [("2024-01", 10, 10), ("2024-02", 12, 12)]


@pytest.mark.parametrize(
    ("span", "amount", "read"),
    [("2024年1-3月", 30, True), ("一季度", 30, True), ("2024年1-3月", 25, False), ("1-3月", 25, False)],
)
def test_months_in_one_column_take_the_year_of_those_beside(tmp_path: Path, span: str, amount: int, read: bool) -> None:
    """Without a title the year of the column, or of the months beside it, holds; no month of a wrong one is unpaid."""
    found = checked(tmp_path, [("编号", "月应缴", span, "2024-04"), ("00001", 10, amount, 10)])
    assert errors(found) == ([] if read else [("months_unshared", "C2")])
    assert sorted(rows_of(found, "dues", *PAID)) == [*QUARTER, ("2024-04", 10, 10)]
    assert not any("没有缴" in str(problem.text.zh) for problem in found.notes)


@pytest.mark.parametrize(
    ("heads", "paid"),
    [(("1-6月标准", "7-12月标准"), (8, 12)), (("上半年每月应缴", "下半年每月应缴"), (10, 0))],
)
def test_what_is_due_may_change_within_the_year(tmp_path: Path, heads: tuple[str, str], paid: tuple[Any, Any]) -> None:
    """A due under the months that it holds for is each month's due: what is paid beside it may be less."""
    rows = [("2024年党费",), ("姓名", *heads, "6月", "7月"), ("张三", 10, 12, *paid)]
    found = checked(tmp_path, rows)
    told = rows_of(found, "dues", "month", "due", "paid")
    assert (errors(found), told) == ([], [("2024-06", 10, paid[0]), ("2024-07", 12, paid[1])])


@pytest.mark.parametrize(
    ("cells", "refused"),
    [((1.5, 3.6), True), (("1.5", "2.28"), True), ((1.5, 10), False), ((10.5, 10.5), False), ((1.5, None), False)],
)
def test_days_where_amounts_should_stand(tmp_path: Path, cells: tuple[Any, Any], refused: bool) -> None:
    """Numbers that all name the month of their column, or the next, may be days of payment: they are refused."""
    rows = [("2024年党费",), ("姓名", "月应缴", "1月", "2月"), ("张三", 10, *cells)]
    assert errors(checked(tmp_path, rows)) == ([("days_or_amounts", "C3")] if refused else [])


@pytest.mark.parametrize("head", ["应缴(季度)", "应缴(全年)"])
def test_an_amount_of_several_months_is_no_months_due(tmp_path: Path, head: str) -> None:
    """What brackets call an amount of a quarter or a year is not taken for that of a month."""
    found = checked(tmp_path, [("2024年党费",), ("姓名", "月份", head, "实缴"), ("张三", "1月", 30, 10)])
    assert [code for code, _ in errors(found)] == ["missing_column"]


@pytest.mark.parametrize("span", ["2024.01-2024.03", "2024年1月至2024年3月", "202401-202403"])
def test_a_span_may_have_its_year_twice(tmp_path: Path, span: str) -> None:
    """The first and the last month, each with the year, are the months between them."""
    found = checked(tmp_path, [("姓名", "缴纳月份", "月应缴", "实缴"), ("张三", span, 10, 30)])
    assert (found.errors, rows_of(found, "dues", "month", "paid")) == ((), [(f"2024-0{n}", 10.0) for n in (1, 2, 3)])


@pytest.mark.parametrize(("before", "told"), [(None, True), (0, True), (10, False)])
def test_two_months_in_the_second(tmp_path: Path, before: int | None, *, told: bool) -> None:
    """Twice the due beside a month that is not paid may be both; whoever paid that, too, gave more."""
    rows = [("2024年党费",), ("姓名", "月应缴", "1月", "2月", "3月"), ("张三", 10, before, 20, 10)]
    assert [code for code, _ in errors(checked(tmp_path, rows))] == ["months_at_once"] * told


def test_one_month_over_what_was_due_and_paid_is_enough(tmp_path: Path) -> None:
    """A sheet without a title has a month, and below it what was due, what was paid and when."""
    rows = [("姓名", "2024年3月", None, None), (None, "应缴", "实缴", "缴纳日期"), ("张三", 10, 10, "2024-03-05")]
    found = checked(tmp_path, rows, merges=["A1:A2", "B1:D1"])
    assert (found.errors, rows_of(found, "dues", "month", "due", "paid")) == ((), [("2024-03", 10.0, 10.0)])
