"""Where tables come from, and that a workbook and a TOML file say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font

import jifen_analysis as jf
from jifen_analysis.errors import InvalidRecords, UsageError
from jifen_analysis.intake.correspondence import (
    Correspondence,
    CorrespondenceLine,
    read_correspondence,
)
from jifen_analysis.intake.correspondence.book import HEADS, KIND, MEANING, TEXT, BookRow, write_rows
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.vocabulary import standard
from tests.eleventh import written
from tests.intake.correspondence.lines import Filled, table
from tests.intake.sheets import ROSTER, book

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=6).map(
    lambda text: f"甲{text}乙"
)
STRANGE = st.sampled_from(
    ["=1+1", '<b>"x"</b>', "http://a.b", "_x000D_甲", "+86", "@甲", "甲\\n", "00012", "甲'乙", "{=A1}"]
)
LINES = st.one_of(
    st.tuples(st.just("event"), WORDS | STRANGE, st.sampled_from(["public_benefit", "courage", "不计"])),
    st.tuples(st.just("status"), WORDS, st.sampled_from(["leave", "absent", "不计"])),
    st.tuples(st.just("sign"), st.sampled_from("○△▲●☆"), st.sampled_from(["leave", "late", "不计"])),
    st.tuples(st.just("header"), WORDS | STRANGE, st.sampled_from(["分数", "出勤情况", "不计"])),
    st.tuples(st.just("sheet"), WORDS | STRANGE, st.sampled_from(["attendance", "dues", "不计"])),
    st.tuples(st.just("branch"), WORDS | STRANGE, st.just("第一支部")),
    st.tuples(st.just("year"), st.just(""), st.just("2024")),
    st.tuples(st.just("blank"), st.just(""), st.just("absent")),
)


def as_table(lines: list[tuple[str, str, str]]) -> Correspondence | None:
    """Return lines as a table, nothing where they contradict one another."""
    try:
        return read_correspondence(Correspondence(tuple(CorrespondenceLine(*line) for line in lines)))
    except InvalidRecords:
        return None


def row(line: CorrespondenceLine) -> BookRow:
    """A line as a row of the workbook."""
    return BookRow({**dict.fromkeys(HEADS, ""), KIND: line.kind, TEXT: line.text, MEANING: line.meaning})


def document(one: Correspondence) -> dict[str, Any]:
    """A table as a TOML file says it."""
    keys = {"sign": "symbols", "header": "headers", "sheet": "sheets", "branch": "branches"}
    said: dict[str, Any] = {"words": {}}
    for line in one.lines:
        if not line.text:
            said[line.kind] = int(line.meaning) if line.kind == "year" else line.meaning
        else:
            held = said if line.kind in keys else said["words"]
            held.setdefault(keys.get(line.kind, line.kind), {})[line.text] = line.meaning
    return said


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, min_size=5, max_size=12).map(as_table).filter(bool))
def test_both_forms_say_the_same(tmp_path: Path, one: Correspondence) -> None:
    """Said in a workbook or in TOML a table is the same, whatever its words look like."""
    workbook, toml = tmp_path / "对照表.xlsx", tmp_path / "对照表.toml"
    write_rows([row(line) for line in one.lines], workbook, standard())
    toml.write_text(tomlkit.dumps(document(one)), encoding="utf-8", newline="\n")
    for path in (workbook, toml):
        again = read_correspondence(path)
        assert again == one
        assert again.hints == one.hints


def test_files_beside_the_data_and_named_ones_hold_together(tmp_path: Path) -> None:
    """All are read, and held against each other; one that is named twice is read once."""
    data = tmp_path / "报送"
    events = [("编号", "日期", "事项"), ("00001", "2024-03-05", "扫雪"), ("00001", "2024-03-06", "送菜")]
    book(data / "一.xlsx", {"花名册": ROSTER, "事项": events})
    beside = table(data / "对照表.xlsx", [("事项", "扫雪", "公益事业")])
    named = table(tmp_path / "去年.xlsx", [("事项", "送菜", "公益事业")])
    assert len(jf.check(data).errors) == 1
    found = jf.check(data, words=named)
    assert not found.errors
    assert not [note for note in found.notes if note.code == "left_aside"]
    assert {"对照表.xlsx", "去年.xlsx"} < {source.file for source in jf.load(data, words=named).sources}
    assert len(jf.load(data / "一.xlsx", words=named).events) == 2
    assert len(jf.check(data, words=beside).errors) == 1
    table(named, [("事项", "扫雪", "不计")])
    with pytest.raises(InvalidRecords, match=r"去年\.xlsx 对照表!C2.*对照表\.xlsx"):
        jf.check(data, words=named)


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    """A missing file is wrong usage; another workbook, a page, broken TOML and unknown keys are said to be so."""
    with pytest.raises(UsageError, match="没有这个对照表"):
        read_correspondence(tmp_path / "没有.xlsx")
    with pytest.raises(InvalidRecords, match="不是对照表"):
        read_correspondence(book(tmp_path / "别的.xlsx", {"花名册": ROSTER}))
    page = tmp_path / "网页.xlsx"
    page.write_text("<html>", encoding="utf-8")
    with pytest.raises(InvalidRecords, match=r"网页\.xlsx"):
        read_correspondence(page)
    for text, said in (
        ("year = ", "读不懂"),
        ("yaer = 2024", "yaer"),
        ("symbols = 3", "应是一张表"),
        ("words = 1", "words"),
    ):
        file = tmp_path / "布局.toml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(InvalidRecords, match=said):
            read_correspondence(file)


def test_only_three_columns_count(tmp_path: Path) -> None:
    """A title above, columns of one's own, another order and codes in place of labels are fine."""
    rows = [("我们的表",), ("读作", "谁定的", "类别", "报来的写法"), ("courage", "甲", "event", "救人")]
    found = read_correspondence(book(tmp_path / "表.xlsx", {"说明": [("看下一页",)], "Sheet2": rows}))
    assert found.lines == (CorrespondenceLine("event", "救人", "courage"),)


def test_words_are_text_in_the_workbook(tmp_path: Path) -> None:
    """What looks like a formula or a link is neither."""
    said = {"words": {"event": {"=1+1": "不计", "http://a.b": "见义勇为"}}}
    path = tmp_path / "对照表.xlsx"
    write_rows([row(line) for line in read_correspondence(said).lines], path, standard())
    cells = [cell for row in openpyxl.load_workbook(path)["对照表"].iter_rows(min_row=2) for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]


def test_every_sheet_of_a_table_counts(tmp_path: Path) -> None:
    """A copy of the sheet, filled in further, is no second table to be passed over; what contradicts is refused."""
    head = ("类别", "报来的写法", "读作")
    sheets = {"对照表": [head, ("事项", "扫雪", "公益活动")], "对照表 (2)": [head, ("事项", "赏花", "不计")]}
    path = book(tmp_path / "两张.xlsx", sheets)
    assert [line.text for line in read_correspondence(path).lines] == ["扫雪", "赏花"]
    sheets["对照表 (2)"] = [head, ("事项", "扫雪", "不计")]
    with pytest.raises(InvalidRecords, match=r"对照表 \(2\)!C2.*请只留一种"):
        read_correspondence(book(path, sheets))


def test_a_line_that_is_crossed_out_is_refused(tmp_path: Path) -> None:
    """Nobody knows whether it still holds."""
    path = table(tmp_path / "划掉.xlsx", [("事项", "扫雪", "公益活动")])
    opened = openpyxl.load_workbook(path)
    opened["对照表"]["C2"].font = Font(strike=True)
    opened.save(path)
    with pytest.raises(InvalidRecords, match=r"对照表!C2.*划掉了"):
        read_correspondence(path)


@pytest.mark.parametrize("name", ["2024对照表.xlsx", "对照表 - 副本.xlsx"])
def test_a_table_that_nobody_asked_for_is_said(tmp_path: Path, name: str) -> None:
    """Beside the data only one name counts; another table there is neither data nor applied."""
    rows = [("编号", "日期", "事项"), ("00001", "2024-03-05", "扫雪")]
    book(tmp_path / "数据.xlsx", {"花名册": ROSTER, "事项": rows})
    table(tmp_path / name, [("事项", "扫雪", "公益活动")])
    found = jf.check(tmp_path)
    assert [problem.code for problem in found.errors] == ["unknown_word"]
    assert ["没有用上" in note.message() for note in found.notes if note.file == name] == [True]
    (tmp_path / name).rename(tmp_path / "对照表.xlsx")
    assert jf.check(tmp_path).errors == ()


WRONG = [
    (("天气", "下雨", "缺席"), "没有“天气”这一类"),
    (("年份", "", "24"), "不是年份"),
    (("年份", "", "不计"), "不能写“不计”"),
    (("空格", "", "吃饭"), "没有“吃饭”"),
    (("记号", "○", "吃饭"), "可填:出勤、迟到"),
    (("列名", "考评", "天气"), "没有“天气”"),
    (("工作表", "一", "天气"), "没有“天气”"),
    (("事项", "扫雪", "公益事页"), "最接近的是“公益事业"),
    (("事项", "、", "公益事业"), "不能作为一种写法"),
    (("支部", "一支部", "不计"), "不能写“不计”"),
    (("列名", "姓名", "不计"), "少不了的列"),
    (("列名", "出勤情况", "不计"), "少不了的列"),
    (("列名", "出勤情况", "活动类型"), "本来就是“出勤情况”一列"),
    (("出勤情况", "旷会", "出勤"), "“旷会”本来就读作“缺席”,不能又读作“出勤”"),
    (("出勤情况", "旷 会", "不计"), "不能又读作“不计”"),
    (("记号", "√", "缺席"), "本来就读作“出勤”"),
    (("事项", "植树", "见义勇为"), "本来就读作“义务植树”"),
]


@pytest.mark.parametrize(("line", "said"), WRONG)
def test_a_wrong_line_is_refused_with_its_cell(line: Filled, said: str, tmp_path: Path) -> None:
    """Unknown kinds and meanings, meanings for what is known already, what can never be left aside."""
    fine = (
        ("事项", "扫雪", "公益事业"),
        ("列名", "备注", "不计"),
        ("列名", "到了没有", "出勤情况"),
        ("记号", "×", "请假"),
    )
    words = read_scheme(written(tmp_path)).words
    path = table(tmp_path / "对照表.xlsx", [fine[1], line, *fine[2:], ("事项", "没填", "")], title="2024年对照表")
    with pytest.raises(InvalidRecords, match=said) as refusal:
        read_correspondence(path, words)
    assert [(one.file, one.sheet, one.cell) for one in refusal.value.problems] == [("对照表.xlsx", "对照表", "C4")]
    assert read_correspondence(table(tmp_path / "好.xlsx", fine), words).lines


CONTRADICTIONS = [
    [("事项", "扫雪", "公益事业"), ("事项", "扫 雪", "见义勇为")],
    [("事项", "扫雪", "公益事业"), ("事项", "扫雪", "不计")],
    [("记号", "○", "请假"), ("出勤情况", "○", "迟到")],
    [("年份", "", "2023"), ("年份", "", "2024")],
    [("空格", "", "缺席"), ("空格", "随便", "出勤")],
    [("列名", "*考评得分", "分数"), ("列名", "考评 得分", "备注")],
    [("支部", "一支部", "第一支部"), ("支部", "第一 支部", "机关支部")],
]


@pytest.mark.parametrize("lines", CONTRADICTIONS)
def test_contradictions_name_both_lines(lines: list[Filled], tmp_path: Path) -> None:
    """One text with two meanings, however it is spelt: neither is obeyed."""
    with pytest.raises(InvalidRecords, match="请只留一种") as refusal:
        read_correspondence(table(tmp_path / "对照表.xlsx", lines))
    (problem,) = refusal.value.problems
    assert {problem.cell, *[cell for cell in ("C2", "C3") if cell in problem.message()]} == {"C2", "C3"}


def test_every_wrong_line_is_said_at_once(tmp_path: Path) -> None:
    """All of them, in one refusal; the same meaning twice is none."""
    lines = [line for line, _ in WRONG if line[1] != "植树"] + [("事项", "扫雪", "公益事业")] * 2
    with pytest.raises(InvalidRecords) as refusal:
        read_correspondence(table(tmp_path / "对照表.xlsx", lines))
    assert {problem.cell for problem in refusal.value.problems} == {f"C{row}" for row in range(2, len(lines))}


def test_what_is_known_may_be_said_again() -> None:
    """A line that says what is so anyway does no harm."""
    found = read_correspondence({"words": {"status": {"旷会": "缺席"}}, "headers": {"考勤结果": "出勤情况"}})
    assert [line.meaning for line in found.lines] == ["absent", "出勤情况"]
