import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen_analysis.intake import check
from jifen_analysis.intake.dues import amount_of, state_of
from tests.intake.sheets import book, checked, errors, notes, rows_of


@pytest.mark.parametrize(
    ("paid", "paid_on", "expected"),
    [
        ("补缴", None, (10, 10, "2024-02-01")),
        ("8(补缴)", None, (10, 8, "2024-02-01")),
        ("补缴10", "2024-05-01", (10, 10, "2024-05-01")),
        ("免缴", None, (0, None, None)),
        ("未缴", None, (10, 0, None)),
        ("—", None, (10, None, None)),
        ("10元", None, (10, 10, None)),
        ("√", None, (10, 10, None)),
        ("已缴", "2024-01-20", (10, 10, "2024-01-20")),
        ("否", None, (10, 0, None)),
    ],
)
def test_words_of_ledgers(tmp_path: Path, paid: str, paid_on: str | None, expected: tuple) -> None:
    """Paid in arrears is late, waived is nothing due, a dash is nothing paid, a tick is what was due."""
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
        ("00002", "2024-01", 12, None),
        ("00002", "2024-02", 12, 5),
    ]
    assert notes(found) == {"dues_waived", "blank_unpaid"}
    assert found.counts["total"] == 2


PAYMENTS = st.sampled_from([("√", 10), ("已缴", 10), (10, 10), (4, 4), ("×", 0), ("欠", 0), (None, None)])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.tuples(*[PAYMENTS] * 3), min_size=2, max_size=2), in_title=st.booleans())
def test_marks_and_amounts_beside_a_stated_due(tmp_path: Path, cells: list, in_title: bool) -> None:
    """What is due stands in a column or in the title; a month that is blank for everybody has not come yet."""
    title = "2024年党费" + "(每人每月10元)" * in_title
    rate = [] if in_title else [10]
    rows = [(title,), ("编号", *(["月应缴"] if rate else []), "1月", "2月", "3月")]
    rows += [(f"0000{n}", *rate, *(cell for cell, _ in row)) for n, row in enumerate(cells, start=1)]
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    found = checked(tmp_path / "data", rows)
    told = [month for month in range(3) if any(row[month][0] is not None for row in cells)]
    assert found.errors == ()
    assert sorted(rows_of(found, "dues", "member_id", "month", "due", "paid", "paid_on"), key=str) == sorted(
        (
            (f"0000{n}", f"2024-0{month + 1}", 10, row[month][1], None)
            for n, row in enumerate(cells, start=1)
            for month in told
        ),
        key=str,
    )


@pytest.mark.parametrize("title", ["2024年党费", "2024年党费(120元/年)", "2024年党费:农民每月0.2元,职工每月10元"])
def test_a_mark_without_an_amount_is_refused(tmp_path: Path, title: str) -> None:
    """Nobody knows how much was paid; amounts beside it are read."""
    found = checked(tmp_path, [(title,), ("编号", "1月", "2月"), ("00001", "√", 10), ("00002", 5, "未缴")])
    assert errors(found) == [("due_unknown", "B3"), ("due_unknown", "C4")]
    assert "每人每月应缴" in found.errors[0].text.zh
    assert len(rows_of(found, "dues", "month")) == 2


def test_nothing_is_owed_before_the_first_or_after_the_last_month(tmp_path: Path) -> None:
    """A blank is a debt only where and while the roster has the member."""
    roster = [("编号", "姓名", "党支部", "转入日期", "转出日期"), ("01", "甲", "东街支部", "2024-02-10", "2024-03-31"),
              ("02", "乙", "东街支部"), ("01", "甲", "西街支部", "2024-04-01")]  # fmt: skip
    dues = [("东街支部2024年党费",), ("编号", "月应缴", *[f"{n}月" for n in range(1, 5)]),
            ("01", 5, None, 5), ("02", 5, *[5] * 4)]  # fmt: skip
    found = check(book(tmp_path / "a.xlsx", {"花名册": roster, "党费": dues}))
    first = [row for row in rows_of(found, "dues", "member_id", "month", "paid") if row[0] == "01"]
    assert (found.errors, first) == ((), [("01", "2024-02", 5), ("01", "2024-03", None)])


def test_other_words_are_no_state() -> None:
    """An amount is an amount."""
    assert [state_of(value) for value in (12, "12", None, "缴费")] == [""] * 4
    assert amount_of("补缴:12") == "12"


@pytest.mark.parametrize(("yes", "no"), [("是", "否"), (True, False), (1, 0), ("√", "×")])
def test_whether_it_was_paid(tmp_path: Path, yes: object, no: object) -> None:
    """Below 是否缴纳 a 1 is no amount."""
    rows = [("2024年1月党费",), ("编号", "应缴", "是否缴纳"), ("00001", 10, yes), ("00002", 10, no)]
    assert rows_of(checked(tmp_path, rows), "dues", "due", "paid") == [(10, 10), (10, 0)]


@pytest.mark.parametrize(
    ("legend", "paid"), [("注:√为未缴,○为已缴", [0, 5]), ("图例:√已缴 ○未缴", [5, 0]), ("○补缴", [5, 5])]
)
def test_a_legend_wins_over_habit(tmp_path: Path, legend: str, paid: list) -> None:
    """A sign is what the sheet says it is."""
    rows = [("2024年党费",), ("编号", "月应缴", "1月", "2月"), ("00001", 5, "√", "○"), (legend,)]
    found = checked(tmp_path, rows)
    assert (found.errors, [value for (value,) in rows_of(found, "dues", "paid")]) == ((), paid)
    assert found.counts["legend"] == 1


@pytest.mark.parametrize("cell", ["48(补缴1-3月)", "36补缴1-3月", "12(另补缴12)"])
def test_amounts_on_both_sides_of_a_word_are_refused_as_they_stand(tmp_path: Path, cell: str) -> None:
    """Of which months, and how much of each, nobody knows: the refusal shows what stands there."""
    found = checked(tmp_path, [("2024年党费",), ("姓名", "月应缴", "1月", "4月"), ("张三", 12, None, cell)])
    assert [cell in p.message() for p in found.errors] == [True]
