from pathlib import Path
from typing import Any

import pytest

from tests.intake.sheets import checked, errors, notes, rows_of

PAID = ("due", "paid", "paid_on")


@pytest.mark.parametrize(
    ("head", "cells", "paid"),
    [
        ("状态", (None, "已缴"), (10, 10, None)),
        ("缴费状态", (None, "未缴"), (10, 0, None)),
        ("备注", (None, "困难党员免缴"), (0, None, None)),
        ("备注", (None, "5月20日补缴"), (10, 10, "2024-05-20")),
        ("备注", (10, "5月20日补缴"), (10, 10, "2024-05-20")),
        ("备注", (10, "补缴4月党费"), (10, 10, "2024-05-01")),
        ("备注", (20, "含补缴3月"), "remark_unclear"),
        ("备注", (40, "补缴1-3月"), "remark_unclear"),
        ("备注", (10, "微信转账"), (10, 10, None)),
        ("备注", (10, "王五代缴"), (10, 10, None)),
        ("备注", (10, "未缴"), "remark_contradicts"),
        ("状态", (0, "已缴"), "remark_contradicts"),
    ],
)
def test_what_stands_beside_a_payment(tmp_path: Path, head: str, cells: tuple[Any, Any], paid: Any) -> None:
    """A blank payment is what the state or remark beside it says; one that contradicts the amount is refused."""
    found = checked(tmp_path, [("2024年4月党费",), ("编号", "应缴", "实缴", head), ("00001", 10, *cells)])
    if isinstance(paid, str):
        assert errors(found) == [(paid, "D3")]
    else:
        assert (found.errors, rows_of(found, "dues", *PAID)) == ((), [paid])
        assert notes(found) & {"paid_from_remark", "names_unread", "dues_arrears"} or "代缴" in cells[1]


def test_states_stand_for_payments_where_there_are_no_amounts(tmp_path: Path) -> None:
    """A ledger whose only word on payments is their state is read by it; a state nobody knows is not."""
    head = [("2024年4月党费",), ("姓名", "应缴", "缴费状态")]
    found = checked(tmp_path, [*head, ("张三", 10, "已缴"), ("李四", 20, "未缴")])
    assert rows_of(found, "dues", "due", "paid") == [(10, 10), (20, 0)]
    assert errors(checked(tmp_path / "odd", [*head, ("张三", 10, "已缴"), ("李四", 20, "在办")]))


HEAD: list[tuple[Any, ...]] = [("2024年党费",), ("姓名", "月应缴", "1月", "2月", "3月", "备注")]
FULL = [(10, 10, None)] * 3


def _months(found: Any, *columns: str) -> list[Any]:
    """Return some columns of the first member's months, in order."""
    rows = sorted(rows_of(found, "dues", "member_id", "month", *columns))
    return [row[2:] for row in rows if row[0] == "00001"]


def _ledger(folder: Path, cells: tuple[Any, Any, Any], remark: str, head: str = "备注") -> Any:
    rows = [HEAD[0], (*HEAD[1][:-1], head), ("张三", 10, *cells, remark), ("李四", 10, 10, 10, 10, None)]
    return checked(folder, rows)


@pytest.mark.parametrize(
    ("cells", "remark", "paid"),
    [
        ((10, None, 10), "2月免缴", {1: (0, None, None)}),
        ((10, None, None), "2-3月因困难免缴", {1: (0, None, None), 2: (0, None, None)}),
        ((None, None, None), "全年免缴", dict.fromkeys(range(3), (0, None, None))),
        ((None, None, 10), "1月免缴,2月未缴", {0: (0, None, None), 1: (10, 0, None)}),
        ((10, 10, 10), "2月党费于4月15日补缴", {1: (10, 10, "2024-04-15")}),
        ((10, None, 10), "4月15日补缴2月党费", {1: (10, 10, "2024-04-15")}),
        ((10, 10, 10), "银行代扣", {}),
    ],
)
def test_a_remark_on_single_months_is_read_into_them(
    tmp_path: Path, cells: tuple[Any, Any, Any], remark: str, paid: dict[int, Any]
) -> None:
    """What is said beyond doubt of a month beside a ledger is that month's: waived, not paid, or paid on a day."""
    found = _ledger(tmp_path, cells, remark)
    assert errors(found) == []
    assert _months(found, "due", "paid", "paid_on") == [paid.get(n, whole) for n, whole in enumerate(FULL)]


@pytest.mark.parametrize(
    ("cells", "remark", "said"),
    [
        ((10, 10, 10), "3月补缴", "两种读法"),
        ((10, None, 10), "3月补缴", "两种读法"),
        ((10, None, 10), "免缴", "两种读法"),
        ((10, 10, 10), "2月免缴", "2月 一格填的金额不合"),
        ((10, 10, None), "3月转出", "没有读"),
    ],
)
def test_a_remark_that_may_mean_two_things_is_refused(
    tmp_path: Path, cells: tuple[Any, Any, Any], remark: str, said: str
) -> None:
    """Where a remark contradicts an amount, or fits two readings, both are named at its cell."""
    (wrong,) = _ledger(tmp_path, cells, remark).errors
    assert (wrong.cell, said in wrong.text.zh) == ("F3", True)


def test_a_column_that_asks_whether_dues_were_waived(tmp_path: Path) -> None:
    """是否免缴 over yes waives the month, beside a payment and beside months."""
    assert _months(_ledger(tmp_path, (None, None, None), "是", "是否免缴"), "due") == [(0,)] * 3
    rows = [("2024年1月党费",), ("姓名", "应缴", "实缴", "是否免缴"), ("张三", 10, None, "是"), ("李四", 10, 10, "否")]
    assert _months(checked(tmp_path, rows), "due", "paid") == [(0, None)]


@pytest.mark.parametrize("head", ["是否按时缴纳", "是否足额缴纳", "按时缴纳情况", "是否按时足额", "是否及时缴纳"])
@pytest.mark.parametrize(("paid", "day"), [((), ()), ((10,), ()), ((10,), ("2024-04-20",))])
def test_a_no_to_whether_in_time_is_not_unpaid(
    tmp_path: Path, head: str, paid: tuple[int, ...], day: tuple[str, ...]
) -> None:
    """Yes is that the dues were paid; no may be late, or less, and is refused unless the day of payment is there."""
    heads = ("姓名", "应缴", *(["实缴"] * len(paid)), *(["缴纳日期"] * len(day)), head)
    rows = [("2024年3月党费",), heads, ("张三", 10, *paid, *day, "是"), ("李四", 10, *paid, *day, "否")]
    found = checked(tmp_path, rows)
    assert errors(found) == ([] if day else [("not_in_time", f"{'ABCDE'[len(heads) - 1]}4")])
    assert rows_of(found, "dues", "paid")[0] == (10.0,)
