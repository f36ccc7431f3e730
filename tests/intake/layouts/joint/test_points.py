from pathlib import Path
from typing import Any

import pytest

from tests.intake.sheets import checked, errors, notes, rows_of

DAY = "2024-05-01"
MARCH = "2024-03-05"


@pytest.mark.parametrize(("event", "points"), [("酌情扣分", -2), ("酌情加分", 3), ("酌情加减分", -1), ("酌情扣分", 2),
                                                ("酌情加分", -3)])  # fmt: skip
def test_points_have_the_sign_of_their_event(tmp_path: Path, event: str, points: int) -> None:
    """酌情扣分 2 would be added: it is refused, as is a negative 加分."""
    found = checked(tmp_path, [("姓名", "日期", "事项", "酌情分"), ("张三", MARCH, event, points)])
    wrong = "加减" not in event and (points < 0) == ("加" in event)
    assert errors(found) == ([("points_sign", "D2")] if wrong else [])


def test_points_beside_a_priced_event_are_named(tmp_path: Path) -> None:
    """What the scheme prices is not priced by the branch: said."""
    found = checked(tmp_path, [("姓名", "日期", "事项", "分值"), ("张三", MARCH, "值班", 2)])
    assert [(note.code, note.cell) for note in found.notes if "分值" in note.message()] == [("column_unread", "D1")]


@pytest.mark.parametrize(
    ("title", "points", "wrong"), [("扣分登记表", 3, True), ("扣分登记表", -3, False), ("加扣分登记", 3, False)]
)
def test_points_below_a_title_of_deductions_are_negative(
    tmp_path: Path, title: str, points: int, *, wrong: bool
) -> None:
    """On a sheet of points taken off a positive number would add them: refused; a sheet of both takes either."""
    rows = [(f"2024年{title}",), ("姓名", "日期", "事项", "酌情分值"), ("张三", "2024-03-05", "酌情加减分", points)]
    assert [p.code for p in checked(tmp_path, rows).errors] == ["points_sign"] * wrong


@pytest.mark.parametrize(
    ("event", "column", "value", "told"),
    [
        (event, column, value, column not in reads)
        for event, reads in (("见义勇为", ()), ("公益活动", ("数量",)), ("捐款", ("金额",)), ("表彰", ("级别",)))
        for column, value in (("数量", 3), ("金额", 500), ("级别", "市级"))
    ],
)
def test_what_an_event_does_not_look_at_is_told(
    tmp_path: Path, event: str, column: str, value: Any, *, told: bool
) -> None:
    """Three publications in one row are one record: whatever is given and not used is named."""
    needed = {"捐款": ("金额", 500), "表彰": ("级别", "市级")}.get(event, ("备注", None))
    more = () if needed[0] == column else (needed,)
    heads, cells = zip(("姓名", "张三"), ("日期", DAY), ("事项", event), (column, value), *more, strict=True)
    assert ("event_needs_not" in notes(checked(tmp_path, [heads, cells]))) == told


@pytest.mark.parametrize(("level", "refused"), [("区级", True), ("市级", False), (None, False)])
def test_an_award_of_another_level_than_its_row_is_refused(tmp_path: Path, level: str | None, *, refused: bool) -> None:
    """市级优秀共产党员 beside 区级 is one or the other."""
    rows = [("姓名", "日期", "事项", "级别", "荣誉称号"), ("张三", DAY, "表彰", level, "市级优秀共产党员")]
    assert ("levels_differ" in {code for code, _ in errors(checked(tmp_path, rows))}) == refused


@pytest.mark.parametrize(("more", "less"), [(3, None), (None, 2), (None, -2), (1, 2), (None, "多")])
def test_points_in_a_column_of_those_added_and_one_of_those_taken_off(tmp_path: Path, more: Any, less: Any) -> None:
    """Beside discretionary points alone: what is taken off is negative, however written; both in a row are refused."""
    rows = [("2024年酌情加减分",), ("编号", "姓名", "日期", "加分", "扣分"), ("00001", "张三", MARCH, more, less)]
    found = checked(tmp_path, rows)
    wrong = (more and less) or less == "多"
    assert bool(found.errors) is bool(wrong)
    assert wrong or rows_of(found, "events", "points") == [(-2.0 if less else 3.0,)]


@pytest.mark.parametrize(("event", "points"), [("酌情加分", [(3.0,)]), ("见义勇为", [(None,)])])
def test_a_column_of_numbers_is_of_points_where_only_such_events_stand(
    tmp_path: Path, event: str, points: list[tuple[float | None]]
) -> None:
    """分值 beside an event that the scheme prices stays unread, and named."""
    found = checked(tmp_path, [("编号", "姓名", "日期", "事项", "分值"), ("00001", "张三", MARCH, event, 3)])
    read = rows_of(found, "events", "points") if "points" in found.tables["events"] else [(None,)]
    assert (errors(found), read) == ([], points)
    assert any("分值" in p.message() for p in found.notes) is (event == "见义勇为")


@pytest.mark.parametrize("heading", ["二、扣分", "扣分事项", "(二)减分项目:"])
@pytest.mark.parametrize(("points", "refused"), [(2, True), (-2, False)])
def test_points_under_a_heading_of_deductions_are_negative(
    tmp_path: Path, heading: str, points: int, *, refused: bool
) -> None:
    """A heading between the rows says it as a title does, of the rows below it alone."""
    row = ("2024-05-06", "酌情加减分")
    rows = [
        ("2024年",),
        ("编号", "姓名", "日期", "事项", "分值"),
        ("一、加分",),
        ("00001", "张三", *row, 3),
        (heading,),
    ]
    found = checked(tmp_path, [*rows, ("00002", "李四", *row, points)])
    assert errors(found) == [("points_sign", "E6")] * refused
