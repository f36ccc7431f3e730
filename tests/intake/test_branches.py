import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.intake import branches, check
from jifen_analysis.intake.branches import alike, bare_branch, heads_rows
from tests.intake.sheets import book, errors, notes, rows_of

NAMES = [
    "第一支部",
    "第一支部第二党小组",
    "第 一 支部",
    "第一党支部",
    "一支部",
    "中共第一支部委员会",
    "1支部",
    "第一支部(挂靠)",
    "城关社区第一党支部",
]


@pytest.mark.parametrize(
    "names",
    [
        ["第一支部", "第二支部"],
        ["第一支部", "第十一支部"],
        ["东街第一支部", "西街第一支部"],
        ["机关支部", "老干部支部"],
    ],
)
def test_different_branches_are_not_alike(names: list[str]) -> None:
    """Another number, another place, another name."""
    assert list(alike(names)) == []


@given(st.permutations(NAMES))
def test_likeness_does_not_depend_on_the_order(names: list[str]) -> None:
    """All spellings of one branch are held against the plainest."""
    assert sorted(alike(names)) == sorted((name, "第一支部") for name in NAMES[1:])


SPELT = st.text(st.sampled_from("第一二十1党支部总委员会社区中共(原) 组甲"), max_size=12)


@given(st.lists(SPELT, max_size=5))
def test_what_is_plainly_bare_need_not_be_looked_at(names: list[str]) -> None:
    """A bare name is bare, and names that are known as such at a glance are those that a closer look finds alike."""
    bare, found = [*map(bare_branch, names)], [*alike(names)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(branches, "_IS_BARE", re.compile("(?!)"))
        assert (bare, found) == ([*map(bare_branch, names)], [*alike(names)])
    assert [*map(bare_branch, bare)] == [*map(bare_branch, map(bare_branch, bare))]


def test_look_alikes_are_said_and_two_spellings_of_one_are_read(tmp_path: Path) -> None:
    """A roster with two spellings is asked about; a record of 一支部 is of 第一支部 where there is no other."""
    people = [
        ("党员编号", "姓名", "党支部"),
        ("01", "张伟", "第一支部"),
        ("02", "张伟", "第二支部"),
        ("03", "李四", "二支部"),
    ]
    met = [("姓名", "党支部", "日期", "活动类型", "出勤情况"), ("张伟", "一支部", "2024-03-05", "党课", "到")]
    found = check(book(tmp_path / "a.xlsx", {"花名册": people, "考勤": met}))
    assert (errors(found), notes(found)) == ([], {"branch_read", "branches_alike"})
    assert rows_of(found, "attendance", "member_id") == [("01",)]
    alike_one = next(note for note in found.notes if note.code == "branches_alike")
    assert (alike_one.kind, alike_one.value, alike_one.cell, alike_one.times) == ("branch", "二支部", "C4", 1)
    assert found.unknown[["kind", "text", "nearest"]].to_numpy().tolist() == [
        ["branch", "二支部", "第二支部、第一支部"]
    ]
    joined = check(tmp_path / "a.xlsx", words={"branches": {"二支部": "第二支部"}})
    assert rows_of(joined, "members", "branch") == [("第一支部",), ("第二支部",), ("第二支部",)]
    assert notes(joined) == {"branch_read", "settled"}


def test_the_sex_behind_a_name_tells_two_apart(tmp_path: Path) -> None:
    """Behind the name on the roster, or in its column; a name without it stays ambiguous."""
    for n, people in enumerate(
        [
            [("党员编号", "姓名", "党支部"), ("01", "张伟(男)", "一"), ("02", "张伟(女)", "一")],
            [("党员编号", "姓名", "性别", "党支部"), ("01", "张伟", "男", "一"), ("02", "张伟", "女", "一")],
        ]
    ):
        met = [
            ("姓名", "日期", "活动类型", "出勤情况"),
            *((f"张伟{said}", "2024-03-05", "党课", "到") for said in ("(女)", "")),
        ]
        found = check(book(tmp_path / f"{n}.xlsx", {"花名册": people, "考勤": met}))
        assert errors(found) == [("ambiguous_name", "A3")]
        assert rows_of(found, "attendance", "member_id")[0] == ("02",)


def test_what_a_branch_was_called_before_is_no_other_branch() -> None:
    """第一支部(原第二支部) looks like 第一支部, and not like 第二支部."""
    assert list(alike(["第一支部(原第二支部)", "第一支部", "第二支部"])) == [("第一支部(原第二支部)", "第一支部")]


@given(
    st.sampled_from(["", "一、", "(二)", "3."]),
    st.sampled_from(["第一党支部", "二支部", "红旗村党总支", "机关第3支部"]),
    st.sampled_from([" 书记:张三", "(支部书记张三,共2人)", "(12人)", ":", "(负责人:张三、副书记:李四)", ""]),
)
def test_a_heading_names_the_branch_of_the_rows_below(number: str, branch: str, more: str) -> None:
    """Its number, its secretary and how many there are change nothing; a signature or a sentence is no heading."""
    assert heads_rows(number + branch + more) == branch
    assert not heads_rows(f"支部书记{more}")
    assert not heads_rows(f"{branch}2024年党费已缴清")
