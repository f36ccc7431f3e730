from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.sheets import checked, errors, notes, rows_of


@pytest.mark.parametrize("sign", ["同上", "〃", '"', "″"])
def test_a_mark_says_the_same_as_the_cell_above(tmp_path: Path, sign: str) -> None:
    """Day, kind and even the member of the row above are taken, over several rows, and that is said."""
    rows = [
        ("姓名", "日期", "活动", "出勤情况"),
        ("张三", "2024-03-05", "党课", "出勤"),
        ("李四", sign, sign, "请假"),
        (sign, "2024-04-02", sign, "缺席"),
    ]
    found = checked(tmp_path, rows)
    assert (errors(found), "same_as_above" in notes(found)) == ([], True)
    assert rows_of(found, "attendance", "member_id", "date", "activity", "status") == [
        ("00001", "2024-03-05", "lecture", "present"),
        ("00002", "2024-03-05", "lecture", "leave"),
        ("00002", "2024-04-02", "lecture", "absent"),
    ]


def test_a_mark_below_nothing_is_refused(tmp_path: Path) -> None:
    """Where the cell above is blank nobody knows what is the same."""
    rows = [("姓名", "日期", "活动", "出勤情况"), ("张三", None, "党课", "出勤"), ("李四", "同上", "党课", "请假")]
    assert ("bad_date", "B3") in errors(checked(tmp_path, rows))


def test_a_mark_that_a_legend_explains_is_a_sign(tmp_path: Path) -> None:
    """Where the sheet says what 〃 means it does not mean the cell above."""
    rows = [("2024年3月5日党课",), ("姓名", "出勤情况"), ("张三", "√"), ("李四", "〃"), ("注:〃表示请假",)]
    found = checked(tmp_path, rows)
    assert rows_of(found, "attendance", "status") == [("present",), ("leave",)]


HEAD = ("日期", "活动类型", "姓名", "出勤情况")
PEOPLE = ("张三", "李四", "王五")


@settings(max_examples=12, deadline=None)
@given(sizes=st.lists(st.integers(1, 3), min_size=1, max_size=3), gap=st.booleans())
def test_a_day_written_once_holds_for_the_rows_below_it(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], *, gap: bool
) -> None:
    """Two days at least, each over two rows at least; a cell that somebody left out is refused, never filled."""
    whole = [(f"2024-03-0{n}", "党课", who) for n, size in enumerate(sizes, start=1) for who in PEOPLE[:size]]
    rows = [(None, None, two[2], "√") if one[0] == two[0] else (*two, "√") for one, two in pairwise([("",), *whole])]
    if gap:
        rows = [(day, kind, *rest, "√") for (day, kind, *rest) in whole]
        rows[-1] = (None, None, *rows[-1][2:])
    found = checked(tmp_path_factory.mktemp("a"), [HEAD, *rows])
    grouped = not gap and len(sizes) > 1 and min(sizes) > 1
    full = all(row[0] for row in rows)
    assert ("blank_as_above" in notes(found)) is grouped
    assert bool(errors(found)) is not (grouped or full)
    if grouped:
        assert rows_of(found, "attendance", "date") == [(day,) for day, *_ in whole]


@pytest.mark.parametrize(("head", "read"), [(("日期", "姓名", "活动类型", "出勤情况"), 0), (HEAD, 4)])
def test_a_kind_behind_the_names_is_of_its_row(tmp_path: Path, head: tuple[str, ...], read: int) -> None:
    """Behind the members nothing groups them: a blank cell there is left out."""
    rows = [(f"2024-03-0{n}" if i == 0 else None, "党课" if i == 0 else None, who, "√") for n in (1, 2) for i, who in
            enumerate(PEOPLE[:2])]  # fmt: skip
    found = checked(tmp_path, [HEAD, *rows])
    order = [HEAD.index(name) for name in head]
    found = checked(tmp_path, [tuple(row[k] for k in order) for row in (HEAD, *rows)])
    assert len(rows_of(found, "attendance", "date")) == read if read else errors(found)
