from itertools import permutations
from pathlib import Path

import pytest

from tests.intake.sheets import Rows, checked, errors, filled_cells, notes, rows_of

MARCH: Rows = (
    ("第一支部2024年3月",),
    ("姓名", "3月5日党课", "3月12日主题党日", "应缴", "实缴", "备注"),
    ("张三", "√", "√", 10, 10, None),
    ("李四", "请假", "√", 5, 5, "热心"),
    ("合计", None, None, 15, 15, None),
)


def test_two_tables_of_which_every_row_holds_a_record(tmp_path: Path) -> None:
    """Signs and payments side by side beside one name are both read, and no cell is counted twice."""
    found = checked(tmp_path, MARCH)
    assert errors(found) == []
    assert len(rows_of(found, "attendance", "member_id")) == 4
    assert rows_of(found, "dues", "member_id", "month", "paid") == [("00001", "2024-03", 10), ("00002", "2024-03", 5)]
    assert notes(found) & {"column_unread", "names_unread"}
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


@pytest.mark.parametrize(("title", "code"), [("第一支部2024年", "column_counts"), ("第一支部", "year_unknown")])
def test_of_two_tables_a_row_both_must_be_whole(tmp_path: Path, title: str, code: str) -> None:
    """Where one of them lacks its month or year, nothing of it is read in silence."""
    assert code in {error for error, _ in errors(checked(tmp_path, ((title,), *MARCH[1:])))}


@pytest.mark.parametrize(("head", "read"), [("", True), ("特长", False)])
def test_names_without_a_header_are_names(tmp_path: Path, head: str, *, read: bool) -> None:
    """The one column of names under nothing says whose row it is; under another header it does not."""
    rows = [("2024年3月5日党课考勤",), ("序号", head, "出勤情况"), (1, "张三", "√"), (2, "李四", "请假")]
    found = checked(tmp_path, rows)
    assert (not found.errors, len(rows_of(found, "attendance", "status"))) == (read, 2 if read else 0)


LIST = ("姓名", "签到")


@pytest.mark.parametrize(
    ("rows", "dates"),
    [
        ([("2024年4月8日党课",), (*LIST, *LIST), ("张三", "○", "李四", "/"), ("○迟到 /公假",)], ("04-08", "04-08")),
        ([("2024年4月8日党课(○迟到 /公假)",), (*LIST, *LIST), ("张三", "○", "李四", "/")], ("04-08", "04-08")),
        ([("2024年4月8日党课",), LIST, ("张三", "○"), ("2024年5月8日党课",), LIST, ("李四", "/"), ("○迟到 /公假",)],
         ("04-08", "05-08")),
    ],
    ids=["below", "above", "below the last"],
)  # fmt: skip
def test_a_legend_holds_for_every_table_of_its_sheet(tmp_path: Path, rows: Rows, dates: tuple[str, ...]) -> None:
    """Whichever part of a sheet says what signs mean, a stroke among them, says it for all."""
    found = checked(tmp_path, rows)
    told = [("00001", f"2024-{dates[0]}", "late"), ("00002", f"2024-{dates[1]}", "excused")]
    assert (found.errors, sorted(rows_of(found, "attendance", "member_id", "date", "status"))) == ((), told)


TABLES: dict[str, Rows] = {
    "attendance": [("编号", "姓名", "日期", "活动类型", "出勤情况"), ("00001", "张三", "2024-05-05", "党课", "出勤")],
    "events": [("编号", "姓名", "日期", "事项"), ("00001", "张三", "2024-05-06", "见义勇为")],
    "dues": [("编号", "姓名", "月份", "应缴", "实缴"), ("00001", "张三", "2024年5月", 12, 12)],
    "evaluations": [("编号", "姓名", "评议主体", "考核期", "分数"), ("00001", "张三", "党员", "2024年", 90)],
}


@pytest.mark.parametrize("order", list(permutations(TABLES, 3)))
def test_tables_of_several_kinds_below_each_other(tmp_path: Path, order: tuple[str, ...]) -> None:
    """A header that shares most of its columns with the one above is no repetition of it: none is lost."""
    found = checked(tmp_path, [row for name in order for row in ((f"一、{name}",), *TABLES[name])])
    assert (found.errors, {name: len(found.tables[name]) for name in order}) == ((), dict.fromkeys(order, 1))


@pytest.mark.parametrize(
    ("title", "heads", "rows", "table"),
    [
        ("2024年党费", ("姓名", "月应缴", "1月", "2月"), ("姓名", "月应缴", "7月", "8月"), "dues"),
        ("2024年党课考勤", ("姓名", "1月5日", "2月5日"), ("姓名", "3月5日", "4月5日"), "attendance"),
        ("2024年民主评议", ("姓名", "班子成员"), ("姓名", "居民代表"), "evaluations"),
        ("2024年考评打分", ("姓名", "理论学习"), ("姓名", "本职工作"), "marks"),
    ],
)
@pytest.mark.parametrize("again", [False, True])
def test_a_list_that_goes_on_below_with_other_columns(
    tmp_path: Path, title: str, heads: tuple[str, ...], rows: tuple[str, ...], table: str, *, again: bool
) -> None:
    """Other months, days, groups or items under the same names are a further table, under the same title."""
    cells = ("√",) * len(heads) if table == "attendance" else (9,) * len(heads)
    below = heads if again else rows
    found = checked(tmp_path, [(title,), heads, ("张三", *cells[1:]), below, ("李四", *cells[1:])])
    keys = {"dues": "month", "attendance": "date", "evaluations": "group", "marks": "item"}
    told = set(rows_of(found, table, "member_id", keys[table]))
    many = len(heads) - 1 - ("月应缴" in heads)
    assert (found.errors, len(told), len({key for _, key in told})) == ((), 2 * many, many if again else 2 * many)


@pytest.mark.parametrize("who", [("编号", "00001", "00002"), ("姓名", "张三", "欧阳·王五")])
@pytest.mark.parametrize("heads", [("该交", "交了"), ("定额", "到账")])
def test_unknown_headers_over_numbers_are_nobody(tmp_path: Path, who: tuple[str, ...], heads: tuple[str, str]) -> None:
    """Where members go down the side, two words across the top are headers to be settled, and no names."""
    rows = [("党费",), (who[0], "月份", *heads), (who[1], "2024-01", 5, 5), (who[2], "2024-01", 5, 5)]
    found = checked(tmp_path, rows)
    assert [code for code, _ in errors(found)] == ["missing_column"]
    assert {p.value for p in found.notes if p.code == "header_unknown"} == {*heads}
    settled = checked(tmp_path, rows, words={"headers": dict(zip(heads, ("应缴", "实缴"), strict=True))})
    assert rows_of(settled, "dues", "due", "paid") == [(5, 5)] * 2
