from pathlib import Path

import pytest

from jifen_analysis.vocabulary import standard
from tests.intake.sheets import checked, errors, notes, rows_of

DAY = "2024-03-05"
LISTS = {
    "event": ("events", ("姓名", "日期"), ("张三", DAY), ["公益活动"]),
    "status": ("attendance", ("姓名", "日期", "活动类型"), ("张三", DAY, "党课"), ["出勤"]),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_column_of_known_words_is_what_the_table_lacks(tmp_path: Path, name: str) -> None:
    """Whatever it is called, one column of words of a kind is read as such, and that is said."""
    table, head, row, words = LISTS[name]
    rows = [("2024年情况",), (*head, "某一栏"), (*row, *words)]
    found = checked(tmp_path, rows, sheet=standard().tables[table].label)
    assert (errors(found), rows_of(found, table, name)) == ([], [(standard().code(name, words[0]),)])
    assert "column_meaning" in notes(found)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("more", [("另一栏", "{}"), ("某一栏", "不认得")])
def test_of_two_such_columns_or_another_word_none_is_taken(tmp_path: Path, name: str, more: tuple[str, str]) -> None:
    """Which of two columns is meant, or what a word among them means, nobody guesses."""
    table, head, row, words = LISTS[name]
    beside, value = more[0], more[1].format(words[0])
    own = (*head, "某一栏", beside) if beside != "某一栏" else (*head, "某一栏")
    cells = (*row, words[0], value) if beside != "某一栏" else (*row, value)
    found = checked(tmp_path, [("2024年情况",), own, cells], sheet=standard().tables[table].label)
    assert errors(found)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("head", ["上次", "去年同期", "下次计划", "拟参加", "未参加", "会前报名", "家属", "补课"])
def test_words_under_a_header_of_something_else_are_not_taken(tmp_path: Path, name: str, head: str) -> None:
    """What was another time, is only planned, or is somebody else's did not happen to the member of the row."""
    table, own, row, words = LISTS[name]
    rows = [("2024年情况",), (*own, head), (*row, *words)]
    assert "missing_column" in {
        code for code, _ in errors(checked(tmp_path, rows, sheet=standard().tables[table].label))
    }


@pytest.mark.parametrize(("head", "word"), [("职务", "班子成员"), ("政治面貌", "党员"), ("某一栏", "群众代表")])
def test_what_somebody_is_does_not_say_who_judged(tmp_path: Path, head: str, word: str) -> None:
    """Words for groups are words for members too."""
    rows = [("2024年民主评议",), ("姓名", head, "考核期", "评议分数", "评议人数"), ("张三", word, "2024", 90, 5)]
    assert "missing_column" in {code for code, _ in errors(checked(tmp_path, rows))}
