from pathlib import Path

import pytest

from jifen_analysis.intake.dues import amount_of, state_of
from tests.intake.sheets import checked, notes, rows_of


@pytest.mark.parametrize(
    ("paid", "paid_on", "expected"),
    [
        ("补缴", None, (10, 10, "2024-02-01")),
        ("8(补缴)", None, (10, 8, "2024-02-01")),
        ("补缴10", "2024-05-01", (10, 10, "2024-05-01")),
        ("免缴", None, (0, None, None)),
        ("未缴", None, (10, None, None)),
        ("—", None, (10, None, None)),
        ("10元", None, (10, 10, None)),
    ],
)
def test_words_of_ledgers(tmp_path: Path, paid: str, paid_on: str | None, expected: tuple) -> None:
    """Paid in arrears is late, waived is nothing due, a dash is nothing paid."""
    rows = [("编号", "月份", "应缴", "实缴", "缴纳日期"), ("00001", "2024-01", 10, paid, paid_on)]
    found = checked(tmp_path, rows)
    assert found.errors == ()
    assert rows_of(found, "dues", "due", "paid", "paid_on") == [expected]


def test_a_rate_and_payments_by_month(tmp_path: Path) -> None:
    """With the monthly rate in a column of its own the months hold what was paid."""
    rows = [("编号", "月应缴", "1月", "2月", "合计"), ("00001", 10, 10, "免缴", 10), ("00002", 12, None, 5, 5)]
    found = checked(tmp_path, rows, year=2024)
    assert sorted(rows_of(found, "dues", "member_id", "month", "due", "paid")) == [
        ("00001", "2024-01", 10, 10),
        ("00001", "2024-02", 0, None),
        ("00002", "2024-02", 12, 5),
    ]
    assert notes(found) == {"dues_waived"}
    assert found.counts["total"] == 2


def test_other_words_are_no_state() -> None:
    """An amount is an amount."""
    assert [state_of(value) for value in (12, "12", None, "缴")] == [""] * 4
    assert amount_of("补缴:12") == "12"
