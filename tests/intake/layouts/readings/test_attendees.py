from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.intake.sheets import checked, errors, filled_cells, notes, rows_of

DAY = "2024-03-05"
BOTH = [("00001", "present"), ("00002", "leave")]


@pytest.mark.parametrize(
    ("heads", "cells", "said"),
    [
        (("参会人员", "请假人员"), ("张三", "李四"), BOTH),
        (("出勤", "请假", "缺席"), ("张三、李四", "无", None), [("00001", "present"), ("00002", "present")]),
        (("实到名单", "缺席人员及原因"), ("1人:张三", "李四(病假)"), [("00001", "present"), ("00002", "sick_leave")]),
        (("参加人员",), ("张三\n李四(迟到)",), [("00001", "present"), ("00002", "late")]),
        (("人员情况",), ("参会:张三;请假:李四;缺席:无",), BOTH),
        (("到会情况",), ("应到2人,实到1人:张三;请假1人:李四",), BOTH),
        (("出席情况",), ("出席：张三；请假：李四（病假）",), [("00001", "present"), ("00002", "sick_leave")]),
    ],
)
def test_minutes_are_a_record_of_everybody_listed(
    tmp_path: Path, heads: tuple[str, ...], cells: tuple[Any, ...], said: list[tuple[str, str]]
) -> None:
    """Whose list it is, and what stands behind a name, is the status; nobody in a list is nobody."""
    found = checked(tmp_path, [("日期", "会议类型", "地点", *heads), (DAY, "党课", "会议室", *cells)])
    assert errors(found) == []
    assert sorted(rows_of(found, "attendance", "member_id", "status")) == said
    assert set(rows_of(found, "attendance", "date", "activity")) == {(DAY, "lecture")}


def test_what_stands_behind_a_name_is_read_or_told(tmp_path: Path) -> None:
    """列席 is no status: the member is listed, and the word is named."""
    found = checked(tmp_path, [("日期", "会议类型", "参会人员"), (DAY, "党课", "张三、李四(列席)")])
    assert [p.value for p in found.notes if p.code == "name_remark"] == ["张三、李四(列席)"]


@pytest.mark.parametrize("cell", ["全体党员", "张三等2人", "3人:张三、李四", "张三、某某某某某", "张三(未到)"])
def test_a_list_that_is_not_names_alone_is_refused(tmp_path: Path, cell: str) -> None:
    """Nobody of a cell is read where not everybody is, or the number or a status says otherwise."""
    found = checked(tmp_path, [("日期", "会议类型", "参会人员"), (DAY, "党课", cell)])
    assert {place for _, place in errors(found)} == {"C2"}


@pytest.mark.parametrize(
    "cell", ["参会:张三;列席:李四", "实到2人:张三;请假1人:李四", "参会:张三(请假)", "参会:张三;请假:张三"]
)
def test_roles_that_do_not_fit_are_refused(tmp_path: Path, cell: str) -> None:
    """A role nobody knows, another number, and somebody who came and did not are refused at the cell."""
    rows = [("日期", "会议类型", "人员情况"), (DAY, "党课", "参会:张三、李四"), ("2024-04-02", "党课", cell)]
    assert "C3" in {place for _, place in errors(checked(tmp_path, rows))}


def test_people_of_anything_are_no_attendance(tmp_path: Path) -> None:
    """参加人员 without a kind of meeting is refused; under the title of one event everybody did it."""
    rows = [("日期", "参加人员"), (DAY, "张三、李四")]
    assert errors(checked(tmp_path, [("2024年文体联谊记录",), *rows])) == [("no_header", "")]
    found = checked(tmp_path, [("2024年公益活动记录",), *rows])
    assert rows_of(found, "events", "member_id", "event") == [(i, "public_benefit") for i in ("00001", "00002")]


def test_who_stands_in_two_lists_of_a_meeting_is_refused(tmp_path: Path) -> None:
    """Nobody came and stayed away."""
    rows = [("日期", "会议类型", "参会人员", "请假人员"), (DAY, "党课", "张三、李四", "李四")]
    assert {code for code, _ in errors(checked(tmp_path, rows))} == {"contradiction"}


def test_the_minutes_of_one_meeting_are_a_form(tmp_path: Path) -> None:
    """Label beside value, each once: what is listed is read, what is not is named at its own cell."""
    form = [
        ("会议记录",),
        ("会议时间", "2024年3月5日"),
        ("会议类型", "党课"),
        ("地点", "会议室"),
        ("参会人员", "张三、李四"),
    ]
    found = checked(tmp_path, form)
    assert (errors(found), len(rows_of(found, "attendance", "status"))) == ([], 2)
    assert [(p.cell, p.times) for p in found.notes if p.code == "names_unread"] == [("A4", 1)]
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


@pytest.mark.parametrize("order", [*permutations(range(4), 2)][::3])
def test_minutes_may_have_several_labels_in_a_row(tmp_path: Path, order: tuple[int, int]) -> None:
    """Labels and values by turns are one meeting, and what is not read is named at the cell that holds it."""
    facts = [("会议时间", "2024年3月5日"), ("地点", "会议室"), ("主持人", "张三"), ("应到", 2)]
    beside = [fact for n in order for fact in facts[n]]
    rest = [fact for n, fact in enumerate(facts) if n not in order]
    form: list[tuple[Any, ...]] = [("党课会议记录",), tuple(beside), *rest, ("参会人员", "张三"), ("请假人员", "李四")]
    found = checked(tmp_path, [*form, ("缺席人员",)])
    assert (errors(found), sorted(rows_of(found, "attendance", "member_id", "status"))) == ([], BOTH)
    at = {value: f"{'ABCD'[j]}{i}" for i, row in enumerate(form, 1) for j, value in enumerate(row)}
    unread = {p.cell for p in found.notes if p.code in ("names_unread", "column_unread")}
    assert {at["地点"], at["主持人"]} <= unread
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")
    assert errors(checked(tmp_path / "more", [*form, ("王五未请假",)]))


@pytest.mark.parametrize("middle", [[], [("主持人", "张三", "章节", "章程")]])
def test_every_label_of_minutes_with_two_a_row_is_named(tmp_path: Path, middle: list[tuple[Any, ...]]) -> None:
    """In two rows of a sheet or three, however many labels stand in them, what is not read is told at its cell."""
    last = ("应到人员", "张三、李四", "参会人员", "张三")
    form = [("党课会议记录",), ("会议时间", "2024年3月5日", "地点", "会议室"), *middle, last]
    found = checked(tmp_path, form)
    assert (errors(found), rows_of(found, "attendance", "member_id", "status")) == ([], BOTH[:1])
    named = ["C2", *(["A3", "C3"] if middle else []), f"A{len(form)}"]
    assert [p.cell for p in found.notes if p.code in ("names_unread", "column_unread")] == named
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


@pytest.mark.parametrize(
    ("heads", "cells", "refused"),
    [
        (("实到", "缺席人员"), (5, "李四"), True),
        (("应到", "实到人数", "请假人员", "缺席人员"), (6, 4, "张三", "李四"), True),
        (("实到", "参会人员", "缺席人员"), (1, "张三", "李四"), False),
        (("缺席人员", "参会人员", "实到"), ("李四", "张三", 1), False),
    ],
)
def test_who_came_is_listed_where_others_are(
    tmp_path: Path, heads: tuple[str, ...], cells: tuple[Any, ...], *, refused: bool
) -> None:
    """Minutes that name those who were away, and count those who came, would have nobody come."""
    found = errors(checked(tmp_path, [("2024年三会一课台账",), ("日期", "会议类型", *heads), (DAY, "党课", *cells)]))
    assert [code for code, _ in found] == (["attendees_counted"] if refused else [])


@pytest.mark.parametrize(
    ("below", "status"),
    [
        (("请假人员:李四(病假)",), "sick_leave"),
        (("请假人员", "李四"), "leave"),
        (("请假1人:李四(出差)",), "excused"),
        (("缺席:李四;请假:无",), "absent"),
        (("迟到人员:李四",), "late"),
        (("请假:李四(在外地)",), "leave"),
        (("请假2人:李四",), ""),
        (("请假人员:李四等",), ""),
        (("缺席:李四(病假)",), "sick_leave"),
    ],
)
@pytest.mark.parametrize("sign", [None, "√"])
def test_those_listed_below_one_meeting_s_signs_have_a_record(
    tmp_path: Path, below: tuple[str, ...], status: str, sign: str | None
) -> None:
    """At their own cell, as it says; what is no list of names is refused, and so is one that the signs deny."""
    rows = [("2024年3月5日党课签到",), ("姓名", "签到"), ("张三", "√"), ("李四", sign), ("实到1人",), below]
    found = checked(tmp_path, rows)
    read = sorted(rows_of(found, "attendance", "member_id", "status"))
    if sign or not status:
        assert {cell for _, cell in errors(found)} & {"A6", "B6"}
    else:
        assert (errors(found), read) == ([], [("00001", "present"), ("00002", status)])
        assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")
    several = [("2024年党课签到",), ("姓名", "3月5日", "4月5日"), ("张三", "√", "√"), below]
    assert "listed_apart" not in notes(checked(tmp_path / "several", several))


@pytest.mark.parametrize("sign", ["请假", "缺席", "迟到", "病假"])
def test_a_row_that_begins_with_its_sign_is_no_line_below_the_list(tmp_path: Path, sign: str) -> None:
    """Where the signs stand before the names, 请假 beside 李四 is his row like all others."""
    found = checked(tmp_path, [("2024年3月5日党课签到",), ("出勤情况", "姓名"), (sign, "李四"), ("出勤", "张三")])
    assert (errors(found), {note.code for note in found.notes} & {"listed_apart"}) == ([], set())
    assert [who for (who,) in rows_of(found, "attendance", "member_id")] == ["00002", "00001"]


@pytest.mark.parametrize(
    "told", ["缺席:1人(李四)", "应到3人 实到2人 缺席1人(李四)", "应到:3人 实到:2人 请假:1人(李四)"]
)
def test_who_is_counted_among_others_is_never_passed_over(tmp_path: Path, told: str) -> None:
    """A name behind the number of those away is refused where the line is, whether or not the list has him."""
    for people in (("张三",), ("张三", "李四")):
        rows = [("2024年3月5日党课签到",), ("姓名", "签到"), *((name, "√") for name in people), (told,)]
        found = checked(tmp_path / str(len(people)), rows)
        assert errors(found) == [("absent_listed_apart", f"A{3 + len(people)}")]


@pytest.mark.parametrize("gap", ["", " ", "　"])
@pytest.mark.parametrize(
    ("heads", "numbers", "wrong"),
    [
        (("实到", "请假人数"), (2, "0人"), []),
        (("出席人数(人)", "请假"), (3, 0), ["C2"]),
        (("到会党员数", "请假人数"), ("2人", 1), ["D2"]),
        (("应到", "实到人数"), (9, 1), ["D2"]),
    ],
)
def test_numbers_beside_lists_are_held_against_them(
    tmp_path: Path, gap: str, heads: tuple[str, str], numbers: tuple[Any, Any], wrong: list[str]
) -> None:
    """How many came or were away is how many names are listed, however wide a name is made; who was due is not."""
    rows = [
        ("日期", "会议类型", *heads, "到会人员", "请假人员"),
        (DAY, "党课", *numbers, f"张{gap}三、李{gap}四", "无"),
    ]
    for lists in (2, 1):  # of one list alone, nobody knows how many were away
        found = checked(tmp_path / str(lists), [row[: 4 + lists] for row in rows])
        assert (errors(found), rows_of(found, "attendance", "member_id")) == ([], [("00001",), ("00002",)])
        told = [p.cell for p in found.notes if p.code == "total_differs"]
        assert told == (wrong if lists > 1 or "请假" not in heads[1] or wrong == ["C2"] else [])
        assert sum(found.counts.values()) == filled_cells(tmp_path / str(lists) / "数据.xlsx")


@pytest.mark.parametrize("heading", ["请假人员", "请假人员:", "请假人员(1人)", "缺席", "迟到人员:"])
@pytest.mark.parametrize("sign", [None, "√"])
def test_a_heading_of_those_away_is_no_line_that_names_them(tmp_path: Path, heading: str, sign: str | None) -> None:
    """Over rows of its own it is refused: what it says is in none of their cells."""
    rows = [("2024年3月5日党课签到",), ("姓名", "签到"), ("张三", "√"), (heading,), ("李四", sign)]
    assert "A4" in {cell for _, cell in errors(checked(tmp_path, rows))}
