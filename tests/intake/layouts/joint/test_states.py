from pathlib import Path
from typing import Any

import pytest

from jifen_analysis.intake import Check, check
from jifen_analysis.intake.branches import names_a_move
from tests.intake.sheets import book, errors, notes, rows_of


def roster(folder: Path, header: tuple[str, ...], *rows: tuple[Any, ...]) -> Check:
    """Check a roster of some columns besides id, name and branch."""
    people = [(f"0000{n}", name, "第一支部") for n, name in enumerate(("张三", "李四", "王五", "赵六"), start=1)]
    whole = [(*person, *row) for person, row in zip(people, rows, strict=False)]
    return check(book(folder / "花名册.xlsx", {"花名册": [("党员编号", "姓名", "党支部", *header), *whole]}))


def test_a_column_sets_what_its_words_say(tmp_path: Path) -> None:
    """党员类别 over 在职, 流动 and 离退休 is no stage, and that is said."""
    found = roster(tmp_path, ("党员类别",), ("在职党员",), ("流动党员",), ("离退休党员",))
    assert rows_of(found, "members", "floating", "retired") == [(None, False), (True, None), (None, True)]
    assert rows_of(found, "members", "stage") == [(None,)] * 3
    assert notes(found) == {"column_meaning"}


def test_two_columns_may_say_the_same(tmp_path: Path) -> None:
    """政治面貌 and 人员类别 agree, or are refused where they do not."""
    header = ("政治面貌", "人员类别")
    agree = roster(tmp_path / "a", header, ("中共预备党员", "预备党员、退休"), ("中共党员", "正式党员"))
    assert rows_of(agree, "members", "stage", "retired") == [("probationary", True), ("full", None)]
    differ = roster(tmp_path / "b", header, ("中共党员", "预备党员、退休"), ("中共党员", "正式党员"))
    assert errors(differ) == [("states_contradict", "E2")]


def test_who_has_left_needs_a_last_day(tmp_path: Path) -> None:
    """停止党籍 and 已去世 stay on no roster in silence; with a last day they may."""
    header = ("党籍状态", "截止日期")
    found = roster(tmp_path, header, ("正常", None), ("停止党籍", None), ("已去世", "2024-03-05"))
    assert errors(found) == [("left_member", "D3")]


@pytest.mark.parametrize(
    ("name", "code", "stage"),
    [
        ("李四（预备）", "", "probationary"),
        ("李四(已转出)", "left_member", None),
        ("李四(2024年5月转出)", "name_remark", None),
    ],
)
def test_remarks_behind_names_are_read_or_refused(tmp_path: Path, name: str, code: str, stage: str | None) -> None:
    """What is said behind a name sets the state, or waits for a decision; the name is the name."""
    rows = [("党员编号", "姓名", "党支部"), ("00001", "张三", "第一支部"), ("00002", name, "第一支部")]
    found = check(book(tmp_path / "花名册.xlsx", {"花名册": rows}))
    assert errors(found) == ([(code, "B3")] if code else [])
    if not code:
        assert rows_of(found, "members", "name", "stage") == [("张三", None), ("李四", stage)]


def test_no_day_of_full_membership_is_probation_for_who_joined_of_late(tmp_path: Path) -> None:
    """An old member whose day nobody knows is no probationary one."""
    header = ("入党时间", "转正时间")
    found = roster(tmp_path, header, ("1998.7", "1999.7"), ("2024-06-20", None), ("1975年7月", None))
    assert rows_of(found, "members", "stage") == [("full",), ("probationary",), (None,)]


def test_every_cell_is_counted_once(tmp_path: Path) -> None:
    """A cell that sets several columns is one cell."""
    found = roster(tmp_path, ("人员类别",), ("预备党员、流动党员",), ("正式党员、退休",))
    assert sum(found.counts.values()) == 4 + 8


def test_a_column_a_post(tmp_path: Path) -> None:
    """Ticks below the name of a post are who has it; several posts of one person are the higher, or one word."""
    found = roster(tmp_path / "a", ("书记", "组织委员"), ("√", None), (None, "√"), (None, None))
    assert rows_of(found, "members", "post") == [("secretary",), ("committee",), (None,)]
    said = (("支部书记、主任",), ("副书记兼组织委员",), ("党小组长",), ("书记、副书记",))
    listed = roster(tmp_path / "b", ("党内职务",), *said)
    assert errors(listed) == [("several_posts", "D5")]
    assert rows_of(listed, "members", "post")[:2] == [("secretary_director",), ("deputy",)]


def test_nothing_vanishes_beside_a_state(tmp_path: Path) -> None:
    """Of a column of remarks the words for states are read; the others are named, or wait for a decision."""
    found = roster(tmp_path, ("备注",), ("退休",), ("2024年5月转出",), ("热心人",))
    assert errors(found) == [("state_unread", "D3")]
    assert [note.cell for note in found.notes if note.code == "state_unread"] == ["D4"]


@pytest.mark.parametrize("sign", ["*", "★", "△"])
@pytest.mark.parametrize(
    ("meaning", "wrong", "stage"),
    [
        ("", [], None),
        ("带{}者为预备党员", [], "probationary"),
        ("{}=预备党员", [], "probationary"),
        ("{}为困难党员", ["name_mark"], None),
        ("不带{}者为预备党员", ["name_mark"], None),
        ("{0}为预备党员,{0}为流动党员", ["name_mark"], None),
        ("带{}者为正式党员,其余为预备党员", ["name_mark"], None),
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_signs_behind_names_are_read_as_the_sheet_says(
    tmp_path: Path, sign: str, meaning: str, wrong: list[str], stage: str | None, *, above: bool
) -> None:
    """A sign is what a line above or below says that it is; where that is no state it is refused, without one told."""
    said = [(f"名册,{meaning.format(sign)}",)] if meaning else []
    rows = [("党员编号", "姓名", "党支部"), ("00001", "张三", "第一支部"), ("00002", f"李四{sign}", "第一支部")]
    found = check(book(tmp_path / "花名册.xlsx", {"花名册": [*said, *rows] if above else [*rows, *said]}))
    assert [code for code, _ in errors(found)] == wrong
    assert wrong or rows_of(found, "members", "stage") == [(None,), (stage,)]
    assert meaning or [note.code for note in found.notes] == ["name_mark"]


@pytest.mark.parametrize("one", ["第一支部", "城关党支部", "中共机关支部委员会"])
@pytest.mark.parametrize(
    "how", ["{}(7月起转{})", "{}→{}", "{}、{}", "{}/{}", "{}转{}", "{}(2024年7月调入)", "{}(7月前)", "{}(转自{})"]
)
def test_a_branch_that_is_two_is_refused(tmp_path: Path, one: str, how: str) -> None:
    """A transfer within a cell is named at it; what a branch was called before is no transfer."""
    rows = [
        ("党员编号", "姓名", "党支部"),
        ("00001", "张三", f"{one}(原第三支部)"),
        ("00002", "李四", how.format(one, "第二支部")),
    ]
    assert errors(check(book(tmp_path / "花名册.xlsx", {"花名册": rows}))) == [("branch_moved", "C3")]


@pytest.mark.parametrize(
    "name",
    ["转塘街道第一支部", "机关一、二科支部", "流动党员支部", "调度中心支部", "一支部改制企业支部", "一支部-二组"],
)
def test_the_name_of_a_branch_is_no_transfer(name: str) -> None:
    """Words for moves that are part of a name, and lists of offices before it, are no transfer."""
    assert not names_a_move(name)


@pytest.mark.parametrize(
    ("years", "since", "told"),
    [
        ((2023, None, 2024), None, True),
        ((None,) * 3, None, False),
        ((2023, 2023, 2024), None, False),
        ((2023, None, 2024), "2023-08-01", False),
        ((None,) * 3, "2023-08-01", False),
    ],
)
def test_rows_without_a_year_among_those_with_one_are_told(
    tmp_path: Path, years: tuple[int | None, ...], since: str | None, *, told: bool
) -> None:
    """A blank year is every year, or was meant for that of the row above: it is said, but of who has a first day."""
    rows = [
        ("党员编号", "姓名", "党支部", "年度", "起算日期"),
        *((f"0000{n}", "张三李四王五"[2 * n : 2 * n + 2], "第一支部", year, since) for n, year in enumerate(years)),
    ]
    found = check(book(tmp_path / "花名册.xlsx", {"花名册": rows}))
    assert (errors(found), "year_blank" in notes(found)) == ([], told)


@pytest.mark.parametrize(("other", "differ"), [("纪检委员", True), ("副书记", True), ("党支部书记", False)])
def test_two_posts_ticked_in_a_row_are_refused(tmp_path: Path, other: str, *, differ: bool) -> None:
    """Somebody has one post: ticks below two that are not the same are held against each other."""
    found = roster(tmp_path, ("书记", other), ("√", "√"), (None, None))
    assert errors(found) == [("states_contradict", "E2")] * differ


@pytest.mark.parametrize("member", ["党员", "中共党员"])
def test_a_member_among_kinds_may_be_of_any_stage(tmp_path: Path, member: str) -> None:
    """类别 over 党员 does not contradict a stage beside it; 正式党员 does."""
    found = roster(tmp_path / "a", ("类别", "发展阶段"), (member, "预备"), ("群众", "群众"))
    assert (errors(found), rows_of(found, "members", "stage")) == ([], [("probationary",), ("none",)])
    differ = roster(tmp_path / "b", ("类别", "发展阶段"), ("正式党员", "预备"))
    assert [code for code, _ in errors(differ)] == ["states_contradict"]


def test_a_file_called_a_roster_is_one(tmp_path: Path) -> None:
    """状态 beside branch and name is a state there, and no status of a meeting; 出勤情况 without a day is refused."""
    found = roster(tmp_path / "a", ("状态",), ("正常",), ("流动",))
    assert (errors(found), rows_of(found, "members", "floating")) == ([], [(None,), (True,)])
    rows = [("党员编号", "姓名", "党支部", "状态"), ("00001", "张三", "第一支部", "流动")]
    plain = check(book(tmp_path / "花名册.xlsx", {"Sheet1": rows}))
    assert (errors(plain), rows_of(plain, "members", "floating")) == ([], [(True,)])
    signs = [(*rows[0][:3], "出勤情况"), (*rows[1][:3], "出勤")]
    assert errors(check(book(tmp_path / "b" / "花名册.xlsx", {"Sheet1": signs})))
