from pathlib import Path

import pytest

from jifen_analysis.intake import check
from tests.intake.sheets import book, checked, errors, rows_of

ROSTER = [
    ("编号", "姓名", "党支部"),
    ("00001", "张三", "甲支部"),
    ("00002", "李 四", "甲支部"),
    ("00003", "阿布都·热依木", "甲支部"),
    ("00004", "张三", "乙支部"),
]
HEAD = ("姓名", "日期", "活动", "出勤")


def _check(folder: Path, rows: list, head: tuple = HEAD, sheet: str = "考勤"):
    book(folder / "花名册.xlsx", {"花名册": ROSTER})
    book(folder / "data.xlsx", {sheet: [head, *rows]})
    return check(folder)


@pytest.mark.parametrize("name", ["李四", "李　四", " 李 四 "])
def test_spaces_in_names_do_not_matter(tmp_path: Path, name: str) -> None:
    """Inner and ideographic spaces are no part of a name."""
    assert rows_of(_check(tmp_path, [(name, "2024-3-5", "党课", "到")]), "attendance", "member_id") == [("00002",)]


@pytest.mark.parametrize("name", ["阿布都热依木", "阿布都•热依木", "阿布都・热依木"])
def test_middle_dots_do_not_matter(tmp_path: Path, name: str) -> None:
    """A dot between the parts of a name comes in many shapes, or not at all."""
    assert rows_of(_check(tmp_path, [(name, "2024-3-5", "党课", "到")]), "attendance", "member_id") == [("00003",)]


def test_one_name_for_two_members_is_refused(tmp_path: Path) -> None:
    """Where the name must decide and cannot, both ids are named."""
    found = _check(tmp_path, [("张三", "2024-3-5", "党课", "到")])
    assert errors(found) == [("ambiguous_name", "A2")]
    assert "00001、00004" in found.errors[0].message()


def test_the_branch_decides_between_namesakes(tmp_path: Path) -> None:
    """A name is looked up in the branch of its row, or of its sheet."""
    head = ("党支部", *HEAD)
    found = _check(tmp_path, [("乙支部", "张三", "2024-3-5", "党课", "到")], head)
    assert rows_of(found, "attendance", "member_id") == [("00004",)]
    found = _check(tmp_path, [("张三", "2024-3-5", "党课", "到")], sheet="甲支部考勤")
    assert rows_of(found, "attendance", "member_id") == [("00001",)]


def test_unknown_names_name_the_nearest(tmp_path: Path) -> None:
    """A name on no roster is refused with the one most like it."""
    found = _check(tmp_path, [("张三丰", "2024-3-5", "党课", "到")])
    assert errors(found) == [("unknown_member", "A2")]
    assert "张三" in found.errors[0].message()


def test_id_and_name_must_agree(tmp_path: Path) -> None:
    """An id with another member's name is refused: nobody knows who is meant."""
    found = _check(tmp_path, [("00002", "张三", "2024-3-5", "党课", "到")], ("编号", *HEAD))
    assert errors(found) == [("name_mismatch", "B2")]


def test_numbers_are_padded_to_the_roster(tmp_path: Path) -> None:
    """Ids that a spreadsheet made numbers get their zeros back, with a note."""
    found = _check(tmp_path, [(2, "李四", "2024-3-5", "党课", "到")], ("编号", *HEAD))
    assert rows_of(found, "attendance", "member_id") == [("00002",)]
    assert [p.code for p in found.notes] == ["id_padded"]


def test_names_alone_need_a_roster(tmp_path: Path) -> None:
    """Without any roster a name says nobody; the refusal says what would help."""
    found = check(book(tmp_path / "a.xlsx", {"考勤": [HEAD, ("张三", "2024-3-5", "党课", "到")]}))
    assert errors(found) == [("name_without_roster", "A2")]
    assert "--roster" in found.errors[0].message("en")


def test_short_names_have_a_nearest_too(tmp_path: Path) -> None:
    """One wrong character of two still points to the member."""
    (problem,) = _check(tmp_path, [("李肆", "2024-3-5", "党课", "到")]).errors
    assert "李四" in problem.message()


def test_a_name_of_another_branch_says_which(tmp_path: Path) -> None:
    """A name that the branch does not have, but another one, is not the nearest to itself."""
    (problem,) = _check(tmp_path, [("李四", "2024-3-5", "党课", "到")], sheet="乙支部考勤").errors
    assert "甲支部有这个姓名" in problem.message()


def test_written_ids_are_padded_to_one_on_the_roster(tmp_path: Path) -> None:
    """Text that lost its zeros is padded only where the roster has the member."""
    found = _check(
        tmp_path, [("2", "李四", "2024-3-5", "党课", "到"), ("9", None, "2024-3-5", "党课", "到")], ("编号", *HEAD)
    )
    assert rows_of(found, "attendance", "member_id") == [("00002",), ("9",)]
    assert errors(found) == [("unknown_member", "A3")]


@pytest.mark.parametrize("name", ["李四(书记)", "李 四*", "李四（预备党员）", "李四[女]※"])
def test_what_somebody_is_is_no_part_of_the_name(tmp_path: Path, name: str) -> None:
    """A post, a stage or a star behind a name is left away, beside an id too."""
    found = _check(tmp_path, [(None, name, "2024-3-5", "党课", "到"), ("00002", name, "2024-3-6", "党课", "到")],
                   ("编号", *HEAD))  # fmt: skip
    assert found.errors == ()
    assert rows_of(found, "attendance", "member_id") == [("00002",)] * 2


def test_a_remark_that_tells_namesakes_apart_stays(tmp_path: Path) -> None:
    """(小) says who is meant, and nobody of that name is on the roster."""
    assert errors(_check(tmp_path, [("李四(小)", "2024-3-5", "党课", "到")])) == [("unknown_member", "A2")]


def test_capitals_of_an_id_do_not_matter(tmp_path: Path) -> None:
    """An id is that of the roster, unless two differ in nothing else."""
    roster = [ROSTER[0], ("g01x", "甲", "甲支部"), ("G02", "乙", "甲支部"), ("g02", "丙", "甲支部")]
    days = [("编号", *HEAD[1:]), *((who, "2024-3-5", "党课", "到") for who in ("G01X", "G02"))]
    found = check(book(tmp_path / "a.xlsx", {"花名册": roster, "考勤": days}))
    assert (found.errors, rows_of(found, "attendance", "member_id")) == ((), [("g01x",), ("G02",)])


@pytest.mark.parametrize(
    ("former", "wrong"),
    [(("王小五", None), []), (("王五、王小五", None), []), (("王小五", "王小五"), ["unknown_member"])],
)
def test_a_record_under_a_former_name_is_that_of_the_one_member_who_had_it(
    tmp_path: Path, former: tuple[str | None, str | None], wrong: list[str]
) -> None:
    """曾用名 on the roster finds whose record it is, with a note; two who had the name are nobody."""
    roster = [("编号", "姓名", "曾用名", "党支部")] + [
        (f"0000{n}", name, old, "甲支部") for n, name, old in zip((1, 2), ("张三", "李四"), former, strict=True)
    ]
    book(tmp_path / "花名册.xlsx", {"花名册": roster})
    book(tmp_path / "data.xlsx", {"考勤": [HEAD, ("王小五", "2024-3-5", "党课", "到")]})
    found = check(tmp_path)
    assert [code for code, _ in errors(found)] == wrong
    assert wrong or rows_of(found, "attendance", "member_id") == [("00001",)]
    assert wrong or "former_name" in {note.code for note in found.notes}


@pytest.mark.parametrize(
    ("branch", "told"),
    [("第一支部", False), ("城关社区第一党支部", False), ("第九支部", True), ("城关街道党委", False)],
)
@pytest.mark.parametrize("ids", [True, False])
def test_a_title_that_names_a_branch_of_no_roster_is_told(
    tmp_path: Path, branch: str, *, told: bool, ids: bool
) -> None:
    """The rows are read all the same; a place before the name, or what stands over branches, is no other branch."""
    rows = [(f"{branch}2024年3月5日党课签到",), ("编号" if ids else "姓名", "出勤"), ("00001" if ids else "张三", "到")]
    found = checked(tmp_path, rows)
    assert (found.errors, "branch_unknown" in {note.code for note in found.notes}) == ((), told)


@pytest.mark.parametrize(("branch", "told"), [("第一党支部", 0), ("第二支部", 1), ("", 0), ("某处", 1)])
def test_a_row_of_another_branch_than_the_members_is_told(tmp_path: Path, branch: str, told: int) -> None:
    """The id counts; the branch beside it is held against the roster, however it is written."""
    rows = [("编号", "党支部", "日期", "活动", "出勤情况"), ("00001", branch, "2024-03-05", "党课", "出勤")]
    found = checked(tmp_path, rows)
    assert (found.errors, sum(problem.code == "branch_differs" for problem in found.notes)) == ((), told)


@pytest.mark.parametrize("role", ["请假人员", "缺席人员:", "迟到党员名单"])
def test_what_some_people_did_is_no_name(tmp_path: Path, role: str) -> None:
    """Rows of minutes, headed by a status, are told as that, not as somebody who is not on the roster."""
    assert errors(_check(tmp_path, [(role, "2024-3-5", "党课", "到")])) == [("role_as_name", "A2")]
