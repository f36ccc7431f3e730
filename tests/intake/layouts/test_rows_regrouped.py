"""Rows taken together, or apart, before a table is read."""

from itertools import chain, product
from pathlib import Path

import pytest

from tests.intake.sheets import checked, errors, filled_cells, rows_of

PAID = {
    ("00001", "01"): (12.0, 12.0),
    ("00001", "02"): (12.0, 0.0),
    ("00002", "01"): (10.0, 10.0),
    ("00002", "02"): (10.0, 5.0),
}
MONTHS = ("01", "02")
NAMES = {"00001": "张三", "00002": "李四"}


def _pairs(who: str, words: tuple[str, str], below: str) -> list[tuple[object, ...]]:
    upper, lower = ([PAID[who, month]["缴" in word and "应" not in word] for month in MONTHS] for word in words)
    again = (who, NAMES[who]) if below == "repeated" else (None, None)
    return [(who, NAMES[who], words[0], *upper, sum(upper)), (*again, words[1], *lower, sum(lower))]


@pytest.mark.parametrize(
    ("below", "words", "total"),
    [
        ("blank", ("应缴", "实缴"), True),
        ("repeated", ("应交党费", "已缴"), False),
        ("merged", ("应缴", "实缴"), True),
        ("repeated", ("已缴", "应交党费"), False),
        ("merged", ("实缴", "应缴"), True),
    ],
)
def test_due_and_paid_in_two_rows_of_a_member(
    tmp_path: Path, below: str, words: tuple[str, str], *, total: bool
) -> None:
    """Every month of both rows is one record with its own cells, and every cell of the sheet has its fate."""
    rows = [
        ("编号", "姓名", "项目", "1月", "2月", "合计"),
        *chain.from_iterable(_pairs(who, words, below) for who in NAMES),
    ]
    sums = {"应缴": (22, 22, 44), "实缴": (22, 5, 27)}
    rows += [("合计", None, words[0], *sums[words[0]]), (None, None, words[1], *sums[words[1]])] if total else []
    merges = [f"{column}{row}:{column}{row + 1}" for column, row in product("AB", (2, 4))] if below == "merged" else []
    found = checked(tmp_path, rows, merges=merges, year=2024)
    read = {
        (who, month[5:]): (due, paid)
        for who, month, due, paid in rows_of(found, "dues", "member_id", "month", "due", "paid")
    }
    assert (found.errors, [note.code for note in found.notes if "sum" in note.code], read) == ((), [], PAID)
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


@pytest.mark.parametrize("words", [("应缴", "实缴"), ("实缴", "应缴")])
@pytest.mark.parametrize("again", [True, False])
def test_due_and_paid_of_a_month_in_two_rows_of_one_amount(
    tmp_path: Path, words: tuple[str, str], *, again: bool
) -> None:
    """A column of amounts, and one that says what each is, are a record a month; months stay apart."""
    rows: list[tuple[object, ...]] = [("姓名", "月份", "项目", "金额")]
    for (who, month), both in PAID.items():
        amounts = dict(zip(("应缴", "实缴"), both, strict=True))
        rows += [
            (NAMES[who], f"2024-{month}", words[0], amounts[words[0]]),
            (*((NAMES[who], f"2024-{month}") if again else (None, None)), words[1], amounts[words[1]]),
        ]
    found = checked(tmp_path, rows, sheet="党费")
    read = {
        (who, month[5:]): (due, paid)
        for who, month, due, paid in rows_of(found, "dues", "member_id", "month", "due", "paid")
    }
    assert (errors(found), read) == ([], PAID)


def test_a_wrong_payment_of_the_second_row_is_named_where_it_stands(tmp_path: Path) -> None:
    """An error is at the cell of the sheet; a member with one row of the two leaves all as it was, and is refused."""
    rows = [
        ("编号", "姓名", "项目", "1月"),
        ("00001", "张三", "应缴", 12),
        (None, None, "实缴", "很多"),
        ("00002", "李四", "应缴", 10),
    ]
    assert errors(checked(tmp_path, rows[:3], sheet="党费", year=2024)) == [("bad_number", "D3")]
    assert ("column_counts", "C1") in errors(checked(tmp_path, rows, sheet="党费", year=2024))


@pytest.mark.parametrize("years", [(2023, 2024), (2024,)])
def test_a_month_that_nobody_paid_is_unpaid_and_years_stay_apart(tmp_path: Path, years: tuple[int, ...]) -> None:
    """What is due of a month, over a row that is blank there for all, is no payment, of whichever year."""
    rows: list[tuple[object, ...]] = [("编号", "姓名", "年度", "项目", "1月", "2月")]
    for year in years:
        rows += [("00001", "张三", year, "应缴", 12, 12), (None, None, None, "实缴", 12, None)]
    found = checked(tmp_path, rows, sheet="党费")
    read = {month: (due, paid) for month, due, paid in rows_of(found, "dues", "month", "due", "paid")}
    wanted = {f"{year}-{month}": (12.0, paid) for year in years for month, paid in (("01", 12.0), ("02", None))}
    assert (found.errors, read) == ((), wanted)
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


@pytest.mark.parametrize(
    ("place", "years", "blank"),
    [(0, (2023, 2024), True), (2, ("2023年", "2024年度"), False), (0, (2023, "2024"), False)],
)
def test_months_of_several_years_below_each_other(
    tmp_path: Path, place: int, years: tuple[object, object], *, blank: bool
) -> None:
    """A column of years says of which the months of a row are; a total of all years is of none of them."""
    rows: list[list[object]] = [["编号", "姓名", "月应缴", "1月", "2月"]]
    for n in range(len(years)):
        rows += [[who, name, 10 + n, 10 + n, 10 + n] for who, name in NAMES.items()]
    for at, row in enumerate(rows):
        said = "年度" if at == 0 else years[at > 2] if at % 2 or not blank else None
        row.insert(place, said)
    total = ["合计", *[None] * 3, 42, 42]
    found = checked(tmp_path, [*rows, total])
    read = {(who, month, due) for who, month, due in rows_of(found, "dues", "member_id", "month", "due")}
    assert (found.errors, read) == (
        (),
        {(w, f"{2023 + n}-{m}", 10.0 + n) for w, m, n in product(NAMES, MONTHS, (0, 1))},
    )
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")
