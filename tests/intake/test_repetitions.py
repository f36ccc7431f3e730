from pathlib import Path

import pytest

from jifen_analysis.intake import check
from tests.intake.sheets import ROSTER, Rows, book

DEED = ("张三", "2024-03-05", "值班")
OTHER = ("李四", "2024-03-06", "值班")
HEAD = ("姓名", "日期", "事项")


@pytest.mark.parametrize(
    ("sheets", "told"),
    [
        ({"事项": (HEAD, DEED, DEED)}, [("事项", "有 1 行", "第 3 行与第 2 行")]),
        ({"事项": (HEAD, DEED, OTHER), "事项(2)": (HEAD, OTHER, ("张三", "2024-04-05", "值班"))},
         [("事项(2)", "有 1 行", "第 2 行与数据.xlsx 事项 第 3 行")]),
        ({"事项": (HEAD, DEED, OTHER)}, []),
        ({"事项": (HEAD, DEED, ("李四", "2024-03-05", "值班"))}, []),
    ],
)  # fmt: skip
def test_a_deed_that_stands_twice_counts_twice_and_is_said(
    tmp_path: Path, sheets: dict[str, Rows], told: list[tuple[str, str, str]]
) -> None:
    """A list that was copied, and rows written twice, are named with both places; nothing is left out."""
    found = check(book(tmp_path / "数据.xlsx", {"花名册": ROSTER, **sheets}))
    notes = [p for p in found.notes if p.code == "repeated_events"]
    assert len(found.tables["events"]) == sum(len(rows) - 1 for rows in sheets.values())
    assert [p.sheet for p in notes] == [sheet for sheet, *_ in told]
    assert all(said in p.message() for p, (_, *parts) in zip(notes, told, strict=True) for said in parts)


@pytest.mark.parametrize(("mark", "said"), [(90, ["民主评议(2)"]), (91, [])])
def test_two_sheets_of_evaluations_with_the_same_rows_are_said(tmp_path: Path, mark: int, said: list[str]) -> None:
    """Within one file they may be two evaluators, or a copy: both count, and it is said."""
    head = ("姓名", "考核期", "评议主体", "分数")
    first, second = ((head, ("张三", "2024年", "党员", n)) for n in (90, mark))
    found = check(book(tmp_path / "数据.xlsx", {"花名册": ROSTER, "民主评议": first, "民主评议(2)": second}))
    assert len(found.tables["evaluations"]) == 2
    assert [p.sheet for p in found.notes if p.code == "repeated_sheet"] == said


@pytest.mark.parametrize(("name", "told"), [("李四", ["C2"]), ("张 三", []), ("张三", [])])
def test_an_id_with_two_names_is_said(tmp_path: Path, name: str, told: list[str]) -> None:
    """Of two years' rosters one names somebody else under the same id; blanks within a name are no other name."""
    head = ("年度", "党员编号", "姓名", "党支部")
    rosters = {
        f"花名册{year}": (head, (year, "00001", who, "第一支部")) for year, who in ((2023, "张三"), (2024, name))
    }
    found = check(book(tmp_path / "数据.xlsx", rosters))
    assert [(p.cell, p.sheet) for p in found.notes if p.code == "id_renamed"] == [(cell, "花名册2024") for cell in told]


@pytest.mark.parametrize(("other", "told"), [("0001", ["A3"]), ("2", []), ("010", [])])
def test_ids_that_differ_by_zeros_are_said(tmp_path: Path, other: str, told: list[str]) -> None:
    """001 and 0001 may be one member; ids of other widths are no reason to ask."""
    roster = (("党员编号", "姓名", "党支部"), ("001", "张三", "第一支部"), (other, "李四", "第一支部"))
    found = check(book(tmp_path / "数据.xlsx", {"花名册": roster}))
    assert [p.cell for p in found.notes if p.code == "ids_alike"] == told
    assert len(found.tables["members"]) == 2


@pytest.mark.parametrize(
    ("remark", "told"), [("与李四合捐", True), ("和 李 四、赵六一起", True), ("与张三家人合捐", False), ("热心", False)]
)
def test_a_remark_that_names_another_member_is_said(tmp_path: Path, remark: str, *, told: bool) -> None:
    """The deed counts for the member of its row alone; one's own name is no other's."""
    deed = ((*HEAD, "备注"), ("张三", "2024-03-05", "值班", remark))
    found = check(book(tmp_path / "数据.xlsx", {"花名册": ROSTER, "事项": deed}))
    said = [p for p in found.notes if p.code == "shared_deed"]
    assert [p.cell for p in said] == ["D2"] * told
    assert not any("李四" in p.message() for p in said)


@pytest.mark.parametrize("between", "、,/;，；／")
def test_signs_between_names_may_be_full_width(tmp_path: Path, between: str) -> None:
    """As most keyboards here write them."""
    roster = (("党员编号", "姓名", "党支部"), ("00001", f"张三{between}李四", "第一支部"))
    found = check(book(tmp_path / "数据.xlsx", {"花名册": roster}))
    assert [p.code for p in found.errors] == ["several_names"]


@pytest.mark.parametrize(
    ("name", "told"),
    [("李四、王五", True), ("李四/王五", True), ("李四 王五", True), ("李四(小)", False), ("李 四", False)],
)
def test_a_row_of_a_roster_is_one_member(tmp_path: Path, name: str, *, told: bool) -> None:
    """Two names beside one id would leave somebody out."""
    roster = (("党员编号", "姓名", "党支部"), ("00001", "张三", "第一支部"), ("00002", name, "第一支部"))
    found = check(book(tmp_path / "数据.xlsx", {"花名册": roster}))
    assert [(p.code, p.cell) for p in found.errors] == [("several_names", "B3")] * told


@pytest.mark.parametrize(
    ("member", "name", "born", "told"),
    [
        ("00002", "张三", "1990-01-01", "written_twice"),
        ("00002", "张三", "1991-01-01", ""),
        ("0000l", "李四", "1990-01-01", "letter_in_id"),
        ("00002预", "李四", "1990-01-01", "letter_in_id"),
        ("A0002", "李四", "1990-01-01", ""),
    ],
)
def test_one_member_who_may_stand_twice_is_said(tmp_path: Path, member: str, name: str, born: str, told: str) -> None:
    """One name and one day of birth under two ids, in whichever branches, and an id with a letter like a digit."""
    head = ("党员编号", "姓名", "党支部", "出生日期")
    for branch in ("第一支部", "第二支部"):
        roster = (head, ("00001", "张三", "第一支部", "1990-01-01"), (member, name, branch, born))
        found = check(book(tmp_path / "数据.xlsx", {"花名册": roster}))
        assert [(p.code, p.cell) for p in found.notes] == [(told, "A3")] * bool(told)
        assert len(found.tables["members"]) == 2


@pytest.mark.parametrize(("voters", "apart"), [(("党员投票", "群众投票"), True), (("测评", "汇总"), False)])
@pytest.mark.parametrize("where", ["title", "sheet", "file"])
def test_votes_of_several_groups_are_added_by_those_who_send_them(
    tmp_path: Path, voters: tuple[str, str], where: str, *, apart: bool
) -> None:
    """The same numbers of votes twice are one row; not where sheets, titles or files say that others voted."""
    for n, group in enumerate(voters):
        rows = [(f"2024年{group if where == 'title' else '民主测评'}",), ("姓名", "优秀", "合格"), ("张三", 5, 3)]
        name = group if where == "file" else f"数据{n}"
        book(tmp_path / f"{name}.xlsx", {"花名册": ROSTER, group if where == "sheet" else "Sheet1": rows})
    found = check(tmp_path)
    assert {p.code for p in found.errors} == ({"votes_apart"} if apart else set())
