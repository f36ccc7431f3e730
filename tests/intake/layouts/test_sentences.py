from collections import Counter
from pathlib import Path

import pytest

from jifen_analysis.intake import check
from jifen_analysis.intake.layouts.sentences import _COLOURED, _FIGURES
from tests.intake.sheets import ROSTER, Rows, book, checked, errors, rows_of

CLASS = ("2024年3月5日党课签到",)
SIGNS: Rows = (("姓名", "签到"), ("张三", "√"), ("李四", "√"))
DUES: Rows = (("2024年1月党费",), ("姓名", "应缴", "实缴"), ("张三", 10, 10), ("李四", 5, 5))


def _attendance(title: str, *below: str) -> Rows:
    return ((title,), *SIGNS, *((line,) for line in below))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (_attendance("2024年3月5日党课签到(王五请假)"), {"absent_listed_apart": "A1"}),
        (_attendance("2024年3月5日党课签到", "请假人员:王五因公在外地出差"), {"absent_listed_apart": "A5"}),
        (_attendance("2024年3月5日党课签到", "注:李四因病未能到会"), {"absent_listed_apart": "A5"}),
        (_attendance("2024年3月5日党课签到", "请假2人:王五"), {"absent_listed_apart": "A5"}),
        (_attendance("2024年3月5日党课签到", "应到4人,实到2人;请假:王五(出差)"), {"absent_listed_apart": "A5"}),
        (_attendance("2024年3月5日党课签到", "说明:空白为出勤,只记缺勤人员"), {}),
        (_attendance("2024年3月5日党课签到", "应到:2人 实到:2人 请假:0人"), {}),
        (_attendance("2024年3月5日党课签到", "注:李四后来补签"), {"sentence_unread": "A5"}),
        (_attendance("2024年3月5日党课签到", "图例:√出勤,△有事请假", "主持人:张三 记录人:李四"), {}),
        ((*DUES, ("说明:李四2月起转出,党费已转新支部",)), {"sentence_unread": "A5"}),
        ((*DUES, ("注:张三补缴2023年12月党费10元",)), {"sentence_unread": "A5"}),
        ((DUES[0], ("(李四本月补缴上年党费20元)",), *DUES[1:]), {"sentence_unread": "A2"}),
        ((*DUES, ("合计", 15, 15, "张三尚欠12月党费")), {"sentence_unread": "D5"}),
        ((DUES[0], (*DUES[1], None, "张三2月转出"), *DUES[2:]), {"sentence_unread": "E2"}),
        ((*DUES, ("支部书记(签字):王五 2024年1月31日",), ("填表人:李四  审核人:王五",), ("2024年2月1日",)), {}),
        ((*DUES, ("注:本表一式两份,支部留存一份",)), {}),
        (_attendance("2024年3月5日党课签到(李四的签到作废)"), {"sentence_unread": "A1"}),
        (
            (("党员手册",), ("姓名:张三", "已转出"), ("月份", "应缴", "实缴"), ("2024-01", 5, 5)),
            {"sentence_unread": "B2"},
        ),
    ],
)
def test_what_sentences_around_the_records_say_is_named(tmp_path: Path, rows: Rows, said: dict[str, str]) -> None:
    """Who was away is refused outside the list; what a footer says of members or amounts is told."""
    found = checked(tmp_path, rows)
    assert {p.code: p.cell for p in found.problems if p.code in ("absent_listed_apart", "sentence_unread")} == said


@pytest.mark.parametrize(
    ("name", "footer", "code"),
    [
        ("张三*", "*迟到", "name_mark"),
        ("张三*", "主持人:王五", ""),
        ("张三", "*迟到", ""),
    ],
)
def test_what_a_mark_behind_a_name_means_is_refused(tmp_path: Path, name: str, footer: str, code: str) -> None:
    """A mark that a sentence explains must become words in the row; one that nothing explains is told."""
    found = checked(tmp_path, [CLASS, ("编号", *SIGNS[0]), ("00001", name, "√"), (footer,)])
    assert [p.code for p in found.errors] == [code] * bool(code)
    assert ("*" in name) == ("name_mark" in {p.code for p in found.problems})


@pytest.mark.parametrize("colour", ["红色", "标黄", "蓝色字体", "灰色底纹", "加粗"])
@pytest.mark.parametrize("meaning", ["缺席", "未缴", "预备党员", "已转出"])
@pytest.mark.parametrize("link", ["为", "表示", "者"])
def test_what_a_colour_means_is_refused(colour: str, meaning: str, link: str) -> None:
    """Colours are not read: a sentence that gives them a meaning must become words in the cells."""
    assert _COLOURED.search(f"注:{colour}{link}{meaning}")
    assert not _COLOURED.search(f"注:{colour}{link}必填项")
    assert bool(_COLOURED.search(f"注:{colour}{link}任何一种意思")) == (link != "者")


@pytest.mark.parametrize("whole", ["表中数字", "以上分值", "所列分数", "本表得分"])
@pytest.mark.parametrize("of", ["扣分", "排名", "折算后的分", "百分比", "上年得分", "扣分数"])
@pytest.mark.parametrize("link", ["为", "均为", "是"])
def test_what_numbers_are_said_to_be_is_refused(whole: str, of: str, link: str) -> None:
    """Numbers that a sentence calls something else than marks must become marks; how marks came about may be said."""
    assert _FIGURES.search(f"注:{whole}{link}{of}")
    assert not _FIGURES.search(f"注:{whole}{link}评委打分的平均值")


@pytest.mark.parametrize(
    ("footer", "found"),
    [
        ("注:表中所列为扣分分值", [("figures_mean", "A5")]),
        ("注:得分低于6分的要约谈", []),
        ("说明:以上分数经支委会审核", []),
    ],
)
def test_a_sheet_of_other_numbers_is_refused_at_the_sentence(tmp_path: Path, footer: str, found: list) -> None:
    """Deductions called so below the marks are no marks; other sentences about marks refuse nothing."""
    rows = [("2024年打分表",), ("姓名", "学习", "工作"), ("张三", 1, 0), ("李四", 0, 2), (footer,)]
    assert errors(checked(tmp_path, rows)) == found


def test_who_leads_a_group_is_told_where_nothing_else_says_it(tmp_path: Path) -> None:
    """A heading that names a member as leader is not read: without a column of posts it is told."""
    rows = [("党员编号", "姓名"), ("第一党小组(组长:甲一)",), ("00011", "甲一"), ("填表人:甲一",)]
    found = check(book(tmp_path / "花名册.xlsx", {"第一支部": rows}))
    assert [(p.code, p.cell) for p in found.problems if p.code == "sentence_unread"] == [("sentence_unread", "A2")]


def test_a_coloured_legend_is_refused_at_its_cell(tmp_path: Path) -> None:
    """The error stands at the sentence; one about a red place of memory is none."""
    rows = _attendance("2024年3月5日红色基地主题党日签到", "注:红色为缺席")
    assert errors(checked(tmp_path, rows)) == [("colour_means", "A5")]


_BLANKS = ("空白", "空格", "未填写者", "未填", "不填的", "没填的")
_MEANT = {"attendance": ("出勤", "缺席", "请假", "不知道"), "dues": ("已按时缴纳", "免缴", "未缴", "转出")}
_LIST: dict[str, Rows] = {
    "attendance": (("2024年党课考勤",), ("姓名", "3月5日", "4月9日"), ("张三", "√", None), ("李四", "⊕", "√")),
    "dues": (("2024年党费",), ("姓名", "月应缴", "1月", "2月"), ("张三", 10, "√", None), ("李四", 5, "⊕", 5)),
}


@pytest.mark.parametrize("table", ["attendance", "dues"])
def test_what_a_sentence_says_of_blanks_and_signs_is_applied_or_refused(tmp_path: Path, table: str) -> None:
    """In every wording: the cells are read by the sentence, or it is an error at its place; never nothing."""
    blanks = [
        (f"注:{blank}{link}{word}", word) for blank in _BLANKS for link in ("为", "视为", ":") for word in _MEANT[table]
    ]
    signs = [(f"注:⊕{link}{word}", word) for link in ("为", "表示", "者为", "的是", ":") for word in _MEANT[table]]
    sheets = {f"{n}": (*_LIST[table], (text,)) for n, (text, _) in enumerate([*blanks, *signs])}
    found = check(book(tmp_path / "数据.xlsx", {"花名册": ROSTER, **sheets}))
    refused = {p.sheet for p in found.errors if p.code in ("legend_unread", "blank_unsaid")}
    applied = {p.sheet for p in found.notes if p.code == "blank_cells" and "图例" in p.message()}
    for n, (text, word) in enumerate(blanks):
        said = word != "未缴" and (table == "dues" or word == "不知道")
        assert (f"{n}" in refused) == said, text
        assert (f"{n}" in applied) == (table == "attendance" and not said), text
    wrong = {p.sheet for p in found.errors if p.code in ("legend_unread", "unknown_word", "bad_number")}
    for n, (text, word) in enumerate(signs, start=len(blanks)):
        assert (f"{n}" in wrong) == (word in ("不知道", "转出")), text


@pytest.mark.parametrize(
    ("legend", "read"),
    [
        ("注:划√为缺席,其余为出勤", {"present": 2, "absent": 1}),
        ("注:打√者为未到会人员,其他人员均出勤", {"present": 2, "absent": 1}),
        ("注:打√的是缺席", {}),
    ],
)
def test_ticks_of_absence_need_a_word_on_the_others(tmp_path: Path, legend: str, read: dict[str, int]) -> None:
    """Where who is ticked was away, the sheet must say what blanks are; 其余 says it."""
    rows = [("2024年3月5日党课",), ("姓名", "考勤"), ("张三", None), ("李四", "√"), ("欧阳·王五", None), (legend,)]
    found = checked(tmp_path, rows)
    assert dict(Counter(status for (status,) in rows_of(found, "attendance", "status"))) == read or errors(found)
    assert errors(found) == [("blank_unsaid", "B3")] * (not read)


@pytest.mark.parametrize(("moved", "said"), [("改在", True), ("改为", True), ("推迟到", True), ("定于", False)])
def test_a_sentence_that_moves_a_meeting_is_refused(tmp_path: Path, moved: str, *, said: bool) -> None:
    """Another day than the header's is written into the header."""
    rows = (*_LIST["attendance"][:3], (f"注:4月9日党课因故{moved}4月16日召开。",))
    assert errors(checked(tmp_path, rows)) == [("legend_unread", "A4")] * said


@pytest.mark.parametrize(("meant", "refused"), [("公假", True), ("请假", False), ("不知道", True), ("缺席", True)])
@pytest.mark.parametrize("link", ["=", "为", ":", "表示"])
def test_one_character_is_read_as_its_sheet_explains_it(
    tmp_path: Path, link: str, meant: str, *, refused: bool
) -> None:
    """假=公假 is not what 假 is read as: refused; 假=请假 is."""
    rows = (*SIGNS[:2], ("李四", "假"), (f"注:到=出勤,假{link}{meant}",))
    found = checked(tmp_path, (CLASS, *rows))
    assert errors(found) == [("legend_unread", "A5")] * refused


@pytest.mark.parametrize("paid", [10, None])
@pytest.mark.parametrize(
    ("footer", "waived"),
    [("困难党员经批准免缴", True), ("李四同志免缴党费", True), ("困难党员可免缴", False), ("本月无免缴党员", False)],
)
def test_who_is_said_not_to_pay_below_blank_payments_is_refused(
    tmp_path: Path, footer: str, paid: int | None, *, waived: bool
) -> None:
    """With a name or without; a rule, or that it is nobody, changes no record, nor does one beside payments of all."""
    rows = [("2024年3月党费",), ("姓名", "应缴", "实缴"), ("张三", 10, 10), ("李四", 10, paid), (f"注:{footer}",)]
    assert errors(checked(tmp_path, rows)) == [("sentence_unread", "A5")] * (waived and paid is None)


@pytest.mark.parametrize("said", ["其余党员全部到会", "除以上人员外均按时参加", "其他同志均已到场"])
@pytest.mark.parametrize(
    ("signs", "how"), [(("请假", "病假"), "error"), (("请假", "出勤"), "note"), (("请假", None), None)]
)
def test_those_who_are_said_to_have_come_are_not_lost(
    tmp_path: Path, said: str, signs: tuple[str, str | None], how: str | None
) -> None:
    """Where only those away are listed the others have no record: refused; where others are listed it is told."""
    rows = [CLASS, SIGNS[0], *zip(("张三", "李四"), signs, strict=True), (said,)]
    found = checked(tmp_path, rows)
    assert [p.severity for p in (*found.errors, *found.notes) if p.code == "others_came"] == [how] * (how is not None)
