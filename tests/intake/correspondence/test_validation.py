"""Lines that will not do are refused with their cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from jifen_analysis.errors import InvalidRecords
from jifen_analysis.intake.correspondence import read_correspondence
from jifen_analysis.schemes.scheme import read_scheme
from tests.eleventh import written
from tests.intake.correspondence.lines import Filled, table

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
