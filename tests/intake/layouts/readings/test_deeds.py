from pathlib import Path
from typing import Any

import pytest

from tests.intake.sheets import checked, errors, notes, rows_of

TITLE = ("2024年5月1日加分登记",)
HEAD = ("编号", "姓名", "见义勇为", "调解矛盾纠纷")
DAY = "2024-05-01"


def test_a_tick_below_the_name_of_an_event_is_one(tmp_path: Path) -> None:
    """Every tick is a record on the day of the title, or of its row; a blank and a cross are none, and that is said."""
    found = checked(tmp_path, [TITLE, HEAD, ("00001", "张三", "√", "×"), ("00002", "李四", None, "√")])
    read = [("00001", DAY, "courage", 1), ("00002", DAY, "mediation", 1)]
    assert (errors(found), sorted(rows_of(found, "events", "member_id", "date", "event", "quantity"))) == ([], read)
    assert "deeds_ticked" in notes(found)
    summed = checked(tmp_path, [TITLE, (*HEAD, "合计"), ("00001", "张三", "√", "√", 3)])
    assert [p.cell for p in summed.notes if p.code == "total_differs"] == ["E3"]
    own = checked(tmp_path, [("加分登记",), (*HEAD, "日期"), ("00001", "张三", "√", None, "2024-05-06")])
    assert rows_of(own, "events", "date", "event") == [("2024-05-06", "courage")]


@pytest.mark.parametrize(
    ("more", "cell", "code"),
    [
        ("合理化建议被采纳", 2, "deed_unticked"),
        ("助老", "√", "column_counts"),
        ("捐款", "√", "missing_value"),
        ("5月2日办实事", "√", "column_counts"),
    ],
)
def test_what_a_tick_does_not_say_is_refused(tmp_path: Path, more: str, cell: object, code: str) -> None:
    """Numbers may be times or points, an unknown event is not dropped, and an amount is not made up."""
    rows = [TITLE, (*HEAD, more), ("00001", "张三", "√", None, cell)]
    assert code in {kind for kind, _ in errors(checked(tmp_path, rows))}
    assert (
        errors(checked(tmp_path, [("2024年5月加分登记",), HEAD, ("00001", "张三", "√", None)]))[0][0]
        == "missing_column"
    )


HEADS = ("姓名", "日期", "事项", "级别", "数量", "金额", "奖项")
MARCH = "2024-03-05"


@pytest.mark.parametrize(
    ("row", "read"),
    [
        (("捐款500元",), ("donation", None, 1, 500.0, None)),
        (("捐款500元", None, None, 500), ("donation", None, 1, 500.0, None)),
        (("公益活动2次",), ("public_benefit", None, 2, None, None)),
        (("区级优秀共产党员",), ("honour", "district", 1, None, "优秀共产党员")),
        (("获评区级优秀党务工作者",), ("honour", "district", 1, None, "优秀党务工作者")),
        (("荣获市级先进工作者称号",), ("honour", "city", 1, None, "先进工作者称号")),
        (("表彰", "市级优秀共产党员"), ("honour", "city", 1, None, "优秀共产党员")),
        (("省级表彰",), ("honour", "province", 1, None, None)),
        (("知识竞赛一等奖",), ("contest_prize", "first", 1, None, "知识竞赛")),
    ],
)
def test_one_cell_may_say_several_things(tmp_path: Path, row: tuple[Any, ...], read: tuple[Any, ...]) -> None:
    """What, how much, how often and by whom go to their columns, and that is said."""
    whole = ("张三", MARCH, *row)
    found = checked(tmp_path, [HEADS, (*whole, *[None] * (len(HEADS) - len(whole)))])
    assert errors(found) == []
    assert "event_read" in notes(found)
    assert rows_of(found, "events", "event", "level", "quantity", "amount", "award") == [read]


@pytest.mark.parametrize(
    "row", [("志愿服务2小时",), ("捐款500元", None, None, 300), ("值班500元",), ("优秀共产党员",), ("约捐款500元左右",)]
)
def test_what_is_not_sure_is_refused(tmp_path: Path, row: tuple[Any, ...]) -> None:
    """An unknown deed, a contradiction, a number that the event does not read, an honour by nobody."""
    whole = ("张三", MARCH, *row)
    found = checked(tmp_path, [HEADS, (*whole, *[None] * (len(HEADS) - len(whole)))])
    assert errors(found) == [("unknown_word", "C2")]


def test_several_names_are_a_record_each(tmp_path: Path) -> None:
    """At one cell, counted once; a name that nobody has is refused there."""
    deeds = [
        ("张三、李四", MARCH, "值班"),
        ("张 三", MARCH, "矛盾调解"),
        ("张三,赵云", MARCH, "见义勇为"),
    ]
    found = checked(tmp_path, [("姓名", "日期", "事项"), *deeds])
    assert errors(found) == [("unknown_member", "A4")]
    read = {row for row in rows_of(found, "events", "member_id", "event") if row[0]}
    assert read == {("00001", "duty_shift"), ("00002", "duty_shift"), ("00001", "mediation"), ("00001", "courage")}
    assert sum(found.counts.values()) == 12 + 12


def test_a_number_of_several_people_is_nobodys(tmp_path: Path) -> None:
    """500 yuan of two people may be of each, or of both."""
    rows = [("姓名", "日期", "事项", "金额"), ("张三、李四", MARCH, "捐款", 500)]
    assert ("shared_number", "D2") in errors(checked(tmp_path, rows))


@pytest.mark.parametrize(("remark", "refused"), [("作废", True), ("填错了", True), ("热心", False)])
def test_an_event_that_its_remark_takes_back_is_refused(tmp_path: Path, remark: str, refused: bool) -> None:
    """What a remark calls void or wrong is no event in silence."""
    found = checked(tmp_path, [("日期", "姓名", "事项", "备注"), ("2024-03-05", "张三", "值班", remark)])
    assert errors(found) == ([("record_void", "D2")] if refused else [])


@pytest.mark.parametrize(
    ("row", "read"),
    [
        (("见义勇为", None), [("courage",)]),
        ((None, "大操大办"), [("extravagance",)]),
        (("见义勇为", "大操大办"), [("courage",), ("extravagance",)]),
        (("见义勇为;矛盾调解", None), [("courage",), ("mediation",)]),
        (("见义勇为", "骂街"), [("courage",)]),
    ],
)
def test_what_adds_and_what_takes_off_are_records_each(tmp_path: Path, row: tuple[Any, ...], read: list[Any]) -> None:
    """Two columns of events, and two events in one cell, are a record each; a word that nobody knows is refused."""
    found = checked(tmp_path, [("姓名", "日期", "加分事项", "扣分事项"), ("张三", MARCH, *row)])
    assert (bool(found.errors), sorted(rows_of(found, "events", "event"))) == ("骂街" in row, read)


@pytest.mark.parametrize(
    ("title", "head", "row", "event"),
    [
        ("2024年3月5日捐款登记", ("金额",), (100,), "donation"),
        ("表彰", ("获奖时间", "荣誉名称", "级别"), (MARCH, "先进个人", "市级"), "honour"),
        ("2024年矛盾纠纷调解登记", ("日期", "备注"), (MARCH, "邻里"), "mediation"),
        ("2024年3月5日见义勇为名单", ("联系电话",), ("1380",), "courage"),
        ("2024年中心值班", ("值班日期", "带班"), (MARCH, None), "duty_shift"),
        ("表彰", ("获奖时间", "荣誉"), (MARCH, "市级优秀共产党员"), "honour"),
        ("2024年中心值班安排", ("值班日期",), (MARCH,), ""),
        ("2024年3月5日公益活动未参加人员", (), (), ""),
        ("拟表彰", ("日期", "级别"), (MARCH, "市级"), ""),
        ("2024年3月5日公益活动、捐款", ("金额",), (100,), ""),
        ("2024年3月5日党费捐款", ("金额",), (100,), ""),
    ],
)
def test_the_one_event_of_a_title_or_an_award_is_that_of_the_rows(
    tmp_path: Path, title: str, head: tuple[str, ...], row: tuple[Any, ...], event: str
) -> None:
    """A list of one event names it above, a list of awards by the award; of two, or of dues besides, none is read."""
    found = checked(tmp_path, [(title,), ("姓名", *head), ("张三", *row)])
    assert rows_of(found, "events", "event", "date") == ([(event, MARCH)] if event else [])
    assert bool(found.errors) == (not event)
