from pathlib import Path

import pytest

from tests.intake.sheets import Rows, checked, errors, notes, rows_of

MARKS = (("张三", 18, 7), ("李四", 10, 8))


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ((("2024年考评打分(10分制)",), ("姓名", "学习", "服务"), *MARKS), [("above_full_marks", "B3")]),
        ((("2024年考评打分",), ("姓名", "学习(10分)", "服务"), *MARKS), [("above_full_marks", "B3")]),
        ((("2024年考评打分",), ("姓名", "学习", "服务"), ("满分", 20, 7), *MARKS), [("above_full_marks", "C5")]),
        ((("2024年考评打分",), ("姓名", "学习", "服务"), ("权重", 2, 1), *MARKS), []),
        ((("2024年考评打分(20分制)",), ("姓名", "学习", "服务"), *MARKS), []),
        ((("2024年群众评议(10分制)",), ("姓名", "评委1", "评委2"), ("张三", 8, 9)), [("marks_of_another_scale", "A2")]),
    ],
)
def test_marks_above_the_full_marks_that_a_sheet_names_are_refused(
    tmp_path: Path, rows: Rows, wrong: list[tuple[str, str]]
) -> None:
    """Title, header and a row of full marks are held against every mark below; weights are no full marks."""
    assert errors(checked(tmp_path, rows)) == wrong


@pytest.mark.parametrize(("marks", "said"), [((9, 8), True), ((9, 80), False)])
def test_small_marks_without_a_scale_are_read_as_of_a_hundred_and_said(
    tmp_path: Path, marks: tuple[int, int], said: bool
) -> None:
    """Where no mark is above ten and nothing names the scale, a note asks for it."""
    found = checked(tmp_path, (("2024年群众评议",), ("姓名", "评委1", "评委2"), ("张三", *marks)))
    assert errors(found) == []
    assert ("marks_look_small" in notes(found)) == said


@pytest.mark.parametrize("unit", ["角", "分", "万元", "千元", "元"])
@pytest.mark.parametrize("place", ["header", "title", "footer"])
def test_amounts_in_another_unit_are_refused(tmp_path: Path, unit: str, place: str) -> None:
    """Amounts are yuan: tenths, or tens of thousands, are not read as if they were."""
    head = f"实缴({unit})" if place == "header" else "实缴"
    title = "2024年3月党费" + (f" 单位:{unit}" if place == "title" else "")
    below = [(f"注:以上金额单位为{unit}",)] * (place == "footer")
    found = checked(tmp_path, [(title,), ("姓名", "应缴", head), ("张三", 10, 10), *below])
    wrong = {code for code, _ in errors(found)}
    assert wrong == (set() if unit == "元" else {"amounts_of_another_unit"})


@pytest.mark.parametrize(
    ("label", "refused"), [("次数(小时)", True), ("数量(学时)", True), ("数量(次)", False), ("人次", False)]
)
def test_hours_are_no_times(tmp_path: Path, label: str, *, refused: bool) -> None:
    """A column of quantities that counts hours is refused: two hours are not twice."""
    rows = [("姓名", "日期", "事项", label), ("张三", "2024-03-05", "公益活动", 2)]
    assert bool(checked(tmp_path, rows).errors) == refused


@pytest.mark.parametrize("note", ["注:按5分制打分", "说明:满分10分"])
def test_a_note_below_the_marks_says_their_scale_as_well(tmp_path: Path, note: str) -> None:
    """What stands under the records says of how many points they are, as a title does."""
    rows = [("姓名", "考核期", "评议主体", "分数"), ("张三", "2024年", "党员", 4.5), (note,)]
    assert [code for code, _ in errors(checked(tmp_path, rows))] == ["marks_of_another_scale"]


@pytest.mark.parametrize(("marks", "weighed"), [((28.5, 36.8), True), ((95, 92), False)])
def test_marks_no_higher_than_their_share_look_weighed(
    tmp_path: Path, marks: tuple[float, float], *, weighed: bool
) -> None:
    """Marks below a header with a share are of a hundred; none above the share, and they were weighed already."""
    rows = [("2024年民主评议",), ("姓名", "班子成员评议(占30%)", "党员互评(占40%)"), ("张三", *marks)]
    assert errors(checked(tmp_path, rows)) == ([("marks_weighed", "B2"), ("marks_weighed", "C2")] if weighed else [])


HEAD = ("姓名", "1.理论学习\n(满分10分)", "(二)本职工作10分")


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (HEAD, []),
        (("姓名", "理论学习(优10分、良8分、差5分)", "本职工作\n(未完成0分,完成10分)"), []),
        (("姓名", "理论学习(20分)", "本职工作"), ["marks_of_another_scale"]),
        (("姓名", "理论学习", "廉洁自律"), ["item_unknown"]),
    ],
)
@pytest.mark.parametrize("title", ["2024年考评打分", "2024年"])
def test_items_of_the_scheme_that_is_given(tmp_path: Path, title: str, head: tuple[str, ...], told: list[str]) -> None:
    """Its items are known under any title, without their numbers; other full marks, and items it has not, are said."""
    found = checked(tmp_path, [(title,), head, ("张三", 9, 8)], scheme="branch_scorecard")
    if not told:
        marks = [("理论学习", 9.0), ("本职工作", 8.0)]
        assert (found.errors, sorted(rows_of(found, "marks", "item", "mark"))) == ((), sorted(marks))
    elif told == ["item_unknown"] and title == "2024年":
        assert errors(found) == [("column_counts", "C2")]
    else:
        assert {code for code, _ in errors(found)} | (notes(found) & {"item_unknown"}) == {*told}


def test_numbers_of_a_list_are_no_items_and_nobody(tmp_path: Path) -> None:
    """① and ② are explained somewhere else: neither months nor items nor ids of members."""
    rows = [("2024年考评打分",), ("编号", "姓名", "①", "②"), ("00001", "张三", 9, 8), ("注:①理论学习 ②本职工作",)]
    assert {cell for _, cell in errors(checked(tmp_path, rows))} == {"A2"}


@pytest.mark.parametrize(
    ("title", "sheet", "heads", "refused"),
    [
        ("2024年考评打分表(扣分)", "Sheet1", ("学习", "工作"), True),
        ("2024年考评打分", "扣分", ("学习", "工作"), True),
        ("2024年考评打分", "Sheet1", ("学习扣分", "工作失分"), True),
        ("2024年考评打分(加分、扣分)", "Sheet1", ("学习", "工作"), False),
        ("2024年考评打分", "Sheet1", ("学习", "工作"), False),
    ],
)
def test_deductions_are_no_marks(
    tmp_path: Path, title: str, sheet: str, heads: tuple[str, str], *, refused: bool
) -> None:
    """Where title, sheet or items say 扣分 the numbers are what was lost, whatever their sign."""
    found = checked(tmp_path, [(title,), ("姓名", *heads), ("张三", 1, 0), ("李四", 0, 2)], sheet=sheet)
    assert {code for code, _ in errors(found)} == ({"marks_are_deductions"} if refused else set())


@pytest.mark.parametrize(
    ("marks", "told"), [((0.9, 1), True), ((0.5, 0.8), True), ((0, 1), False), ((0.5, 2), False), ((9, 8), False)]
)
def test_marks_that_may_be_shares_are_told(tmp_path: Path, marks: tuple[float, float], *, told: bool) -> None:
    """No mark above one, and some less: points as they stand, or shares of the full marks; it is said."""
    found = checked(tmp_path, [("2024年考评打分",), ("姓名", "学习", "工作"), ("张三", *marks)])
    assert (errors(found), "marks_look_small" in notes(found)) == ([], told)
