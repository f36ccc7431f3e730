from pathlib import Path
from typing import Any

import pytest

from tests.intake.sheets import checked, errors, rows_of


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
