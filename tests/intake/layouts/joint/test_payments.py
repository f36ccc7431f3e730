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
