from pathlib import Path
from typing import Any

import pytest

from tests.intake.sheets import Rows, checked, errors, notes, rows_of


@pytest.mark.parametrize(
    ("rows", "group", "marks"),
    [
        ([("2024年评议(班子成员)",), ("姓名", "评委1", "评委2", "最高分", "最后得分"), ("张三", 90, 95, 95, 92.5)],
         "committee", [90, 95]),
        ([("2024年民主评议",), ("姓名", "班子成员1", "班子成员2"), ("张三", 90, 95)], "committee", [90, 95]),
        ([("2024年民主评议",), ("姓名", "党员互评(5人)平均分", "群众平均得分", "平均分"), ("张三", 90, 95, 92.5)], None,
         [90, 95]),
        ([("2024年评议",), ("姓名", "党员人数", "党员平均分", "群众人数", "群众平均分"), ("张三", 3, 90, 5, 95)], None,
         [90, 95]),
        ([("2024年评议",), ("姓名", "群众代表1", "群众代表2", "群众代表平均分"), ("张三", 90, 95, 92.5)], "residents",
         [90, 95]),
        ([("2024年打分表(群众代表)",), ("姓名", "代表1", "代表2", "最高分"), ("张三", 90, 95, 95)], "residents",
         [90, 95]),
        ([("2024年党员互评表",), ("被评人", "张三", "李四"), ("张三", None, 90), ("李四", 95, None)], "members",
         [95, 90]),
        ([("2024年党员互评打分表",), ("姓名", "评议人1", "评议人2", "平均分"), ("张三", 90, 95, 92.5)], "members",
         [90, 95]),
        ([("2024年党员互评表",), ("被测评人", "张三", "李四"), ("张三", None, 90), ("李四", 95, None)], "members",
         [95, 90]),
        ([("2024年党员互评表",), ("姓名", "张三", "李四", "平均"), ("张三", None, 90, 90), ("李四", 95, None, 95)],
         "members", [95, 90]),
        ([("2024年民主评议",), ("姓名", "自评分", "互评分", "群众评分"), ("张三", 99, 90, 95)], None, [90, 95]),
    ],
)  # fmt: skip
def test_a_column_an_evaluator(tmp_path: Path, rows: Rows, group: str | None, marks: list) -> None:
    """Each numbered evaluator, or each name across the top, gives one mark; what is made of them is none."""
    found = checked(tmp_path, rows)
    assert rows_of(found, "marks", "item") == []
    assert (found.errors, [mark for (mark,) in rows_of(found, "evaluations", "mark")]) == ((), marks)
    assert {code for (code,) in rows_of(found, "evaluations", "group")} == (
        {group} if group else {"members", "residents"}
    )


def test_votes_that_are_no_known_votes_are_refused(tmp_path: Path) -> None:
    """A column of votes outside the vocabulary is never dropped; a count of papers is."""
    head = ("编号", "优秀", "良好", "合格", "有效票")
    found = checked(tmp_path, [("2024年民主测评",), head, ("00001", 5, 3, 2, 10)])
    assert errors(found) == [("column_counts", "C2")]
    assert "良好" in found.errors[0].message()


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("2024年民主测评",), ("姓名", "班子成员", None, "群众代表", None), (None, *["优秀", "合格"] * 2),
          ("张三", 5, 1, 8, 2)], "column_counts"),
        ([("2024年党员互评表",), ("姓名", "张三", "李四"), ("张三", None, 90), ("李四", 95, None)],
         "matrix_undirected"),
        ([("2024年3月5日党课签到表",), ("姓名", "签到时间"), ("张三", "8:55"), ("李四", None)], "missing_column"),
        ([("2024年民主测评",), ("姓名", "年度", "优秀", "合格"), ("张三", "去年", 5, 1)], "bad_period"),
    ],
)  # fmt: skip
def test_what_could_be_two_things_is_refused(tmp_path: Path, rows: Rows, code: str) -> None:
    """Votes are no marks, names across names need a direction, and who has no time of signing did not sign."""
    merges = ["B2:C2", "D2:E2"] if len(rows[1]) == 5 else []
    assert code in {kind for kind, _ in errors(checked(tmp_path, rows, merges=merges))}


def test_valid_votes_are_held_against_the_sum(tmp_path: Path) -> None:
    """A number of valid votes that the votes do not add up to is said."""
    rows = [("2024年民主测评",), ("编号", "优秀", "合格", "有效票"), ("00001", 5, 3, 9), ("00002", 5, 3, 8)]
    found = checked(tmp_path, rows)
    assert [(p.code, p.cell) for p in found.notes if p.code == "total_differs"] == [("total_differs", "D3")]


@pytest.mark.parametrize("title", ["2024年民主评议(10分制)", "2024年民主评议,满分5分"])
def test_marks_of_another_scale(tmp_path: Path, title: str) -> None:
    """Marks of ten are not read as of a hundred."""
    found = checked(tmp_path, [(title,), ("编号", "评议主体", "分数"), ("00001", "党员", 4.5)])
    assert [code for code, _ in errors(found)] == ["marks_of_another_scale"]


@pytest.mark.parametrize(
    "rows",
    [
        [("2024年积分台账",), ("姓名", "日期", "事由", "加分", "累计积分"), ("张三", "2024-3-5", "x", 2, 2)],
        [("2024年度积分公示",), ("姓名", "总积分", "名次"), ("张三", 97, 1)],
        [("2024年积分汇总表",), ("姓名", "一季度", "二季度", "全年积分"), ("张三", 25, 24, 49)],
    ],
)  # fmt: skip
def test_results_are_refused_as_what_they_are(tmp_path: Path, rows: Rows) -> None:
    """A ledger or list of points is no record."""
    assert [code for code, _ in errors(checked(tmp_path, rows))] == ["results_not_records"]


def test_a_table_with_everybody_is_the_roster_where_there_is_none(tmp_path: Path) -> None:
    """Ids, names and branches beside the ticks of a meeting are the members, and it is said."""
    from jifen_analysis.intake import check
    from tests.intake.sheets import book

    rows = [("2024年党课考勤",), ("编号", "姓名", "党支部", "3月5日"), ("01", "甲", "东街支部", "√")]
    found = check(book(tmp_path / "a.xlsx", {"党课": rows}))
    assert rows_of(found, "members", "member_id", "branch") == [("01", "东街支部")]
    assert (found.errors, "roster_implied" in notes(found)) == ((), True)


@pytest.mark.parametrize(
    ("corner", "marks"), [("被评人\\评议人", [90, 88]), ("评议人\\被评人", [88, 90]), ("评议人/被评人", [])]
)
def test_the_corner_of_a_matrix_says_who_was_judged(tmp_path: Path, corner: str, marks: list[int]) -> None:
    """Of two words parted by a stroke from the upper left the first is of the rows; any other stroke says nothing."""
    rows = [("2024年党员互评",), (corner, "张三", "李四"), ("张三", None, 90), ("李四", 88, None)]
    found = checked(tmp_path, rows)
    assert [mark for _, mark in sorted(rows_of(found, "evaluations", "member_id", "mark"))] == marks
    assert bool(found.errors) == (not marks)


@pytest.mark.parametrize("said", ["(参评20人)", " 评议人数:20", ",参加评议党员共20名", "(应参评25人,实参评20人)"])
def test_the_title_says_how_many_gave_the_marks(tmp_path: Path, said: str) -> None:
    """Without a column of its own the number of the title is that of every mark, and that is said."""
    found = checked(tmp_path, [(f"2024年党员互评{said}",), ("姓名", "平均分"), ("张三", 95)])
    assert (errors(found), rows_of(found, "evaluations", "mark", "count")) == ([], [(95, 20)])
    assert "count_from_title" in notes(found)


def test_a_number_of_one_group_is_not_that_of_two(tmp_path: Path) -> None:
    """Where marks of several groups stand side by side the number of the title is of none."""
    rows = [("2024年民主评议(参评20人)",), ("姓名", "党员评议", "群众评议"), ("张三", 95, 90)]
    assert set(rows_of(checked(tmp_path, rows), "evaluations", "count")) == {(1,)}


def test_who_judged_by_name_is_not_kept(tmp_path: Path) -> None:
    """Each row is a mark of one evaluator of the group that the title names; where it names none it is refused."""
    rows = [("评议人", "被评议人", "得分"), ("李四", "张三", 90), ("欧阳·王五", "张三", 92)]
    found = checked(tmp_path, [("2024年党员互评",), *rows])
    assert (errors(found), rows_of(found, "evaluations", "group", "mark")) == ([], [("members", 90), ("members", 92)])
    assert notes(found) >= {"evaluators_named"}
    own = checked(tmp_path, [("2024年党员互评",), *rows, ("张三", "张三", 100)])
    assert [(p.code, p.cell) for p in own.notes if p.code == "evaluated_self"] == [("evaluated_self", "A5")]
    assert errors(checked(tmp_path, [("2024年评议",), *rows])) == [("missing_column", "A2")]


def test_who_was_judged_is_no_evaluator(tmp_path: Path) -> None:
    """评议党员30人 may be those who got the marks."""
    found = checked(tmp_path, [("2024年党员互评(评议党员30人)",), ("姓名", "平均分"), ("张三", 95)])
    assert rows_of(found, "evaluations", "count") == [(1,)]


@pytest.mark.parametrize("own", [100, None, "/"])
def test_marks_that_people_give_themselves_are_told(tmp_path: Path, own: Any) -> None:
    """Names across names: the marks on the diagonal count like the others, and that is said at the first."""
    rows = [("2024年党员互评",), ("被评议人", "张三", "李四"), ("张三", own, 90), ("李四", 85, own)]
    found = checked(tmp_path, rows)
    said = [(p.cell, p.times) for p in found.notes if p.code == "evaluated_self"]
    assert (len(found.tables["evaluations"]), said) == ((4, [("B3", 2)]) if own == 100 else (2, []))


@pytest.mark.parametrize(("second", "told"), [("党员评议", True), ("群众评议", False), ("党员评议(复)", False)])
def test_a_header_that_stands_twice_is_another_evaluator_s_and_said(tmp_path: Path, second: str, *, told: bool) -> None:
    """Two marks under the very same header count both, and it is said that they do."""
    found = checked(tmp_path, [("2024年上半年民主评议",), ("姓名", "党员评议", second), ("张三", 90, 80)])
    assert ([p.cell for p in found.notes if p.code == "evaluators_alike"], found.errors) == (["C2"] * told, ())
    assert len(rows_of(found, "evaluations", "mark")) == 2
