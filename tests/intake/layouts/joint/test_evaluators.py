from pathlib import Path

import pytest

from tests.intake.sheets import checked, errors, notes, rows_of


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
