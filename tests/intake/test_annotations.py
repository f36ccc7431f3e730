import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.utils.cell import coordinate_to_tuple

from jifen_analysis.intake import Check, check
from jifen_analysis.intake.template import write_template
from tests.intake.sheets import ROSTER, Rows, book, errors, notes, rows_of

MEETING: Rows = (
    ("2024年3月党课签到表",),
    ("党员编号", "姓名", "日期", "出勤情况"),
    ("00001", "张三", "2024-03-05", "出勤"),
    ("00002", "李四", "2024-03-05", "请假"),
)


def dressed(
    folder: Path,
    rows: Rows,
    formats: Mapping[str, str] | None = None,
    said: Mapping[str, str] | None = None,
    struck: tuple[str, ...] = (),
) -> Check:
    """Check one sheet beside the roster, with number formats, comments and crossed-out cells."""
    path = book(folder / "数据.xlsx", {"花名册": ROSTER, "Sheet1": rows})
    made = openpyxl.load_workbook(path, rich_text=True)
    sheet = made["Sheet1"]
    for cell, code in (formats or {}).items():
        sheet[cell].number_format = code
    for cell, text in (said or {}).items():
        sheet[cell].comment = Comment(text, "张会计")
    for cell in struck:
        sheet[cell].font = Font(strike=True)
    made.save(path)
    return check(path)


@pytest.mark.parametrize(
    ("cell", "said", "verdict"),
    [("D3", "实际是请假", "reject"), ("B4", "5月已转出", "reject"), ("B3", "热心", "accept_with_notes")],
)
def test_comments_are_told(tmp_path: Path, cell: str, said: str, verdict: str) -> None:
    """What a comment says is named; what could change a score waits for a decision."""
    found = dressed(tmp_path, MEETING, said={cell: said})
    assert found.verdict == verdict
    told = [(p.code, p.cell) for p in found.problems if said in p.message()]
    assert told == [("comment", cell) if verdict == "reject" else ("comments", "")]


def test_what_is_crossed_out_is_no_record_in_silence(tmp_path: Path) -> None:
    """A row somebody crossed out is asked about, once."""
    assert errors(dressed(tmp_path, MEETING, struck=("A4", "B4", "D4"))) == [("crossed_out", "A4")]


def _lifted(text: str, how: str, raised: str) -> openpyxl.cell.rich_text.CellRichText:
    font = openpyxl.cell.text.InlineFont(vertAlign=how)
    return openpyxl.cell.rich_text.CellRichText(text, openpyxl.cell.rich_text.TextBlock(font, raised))


@pytest.mark.parametrize("how", ["superscript", "subscript"])
@pytest.mark.parametrize(
    ("text", "raised", "refused"), [("出勤", "1", False), ("2024-03-0", "1", True), ("出", "勤", False)]
)
def test_digits_that_are_raised_are_no_digits(
    tmp_path: Path, how: str, text: str, raised: str, *, refused: bool
) -> None:
    """The note 1 raised behind 2024-03-0 is refused, behind a word it is no part of it; raised words are words."""
    rich, day = _lifted(text, how, raised), text.startswith("2024")
    row = ("00002", "李四", rich, "出勤") if day else ("00002", "李四", "2024-03-05", rich)
    found = dressed(tmp_path, [*MEETING[:3], row])
    assert [cell for _, cell in errors(found)] == (["C4" if day else "D4"] if refused else [])


def test_notes_raised_behind_title_and_headers_are_no_part_of_them(tmp_path: Path) -> None:
    """出勤情况¹ is 出勤情况, and nothing is said to be crossed out."""
    title, *heads = [(_lifted(str(value), "superscript", "1")) for value in ("2024年3月5日党课", *MEETING[1])]
    found = dressed(tmp_path, [(title,), heads, *MEETING[2:]])
    assert (found.errors, "crossed_out" in {note.code for note in found.notes}) == ((), False)
    assert len(rows_of(found, "attendance", "status")) == len(MEETING) - 2


def test_zeros_that_a_sheet_does_not_show_are_said(tmp_path: Path) -> None:
    """A sheet may show its zeros blank: they are read as stored, and told."""
    made = openpyxl.load_workbook(
        book(
            tmp_path / "a.xlsx",
            {"花名册": ROSTER, "党费": [("编号", "月份", "应缴", "实缴"), ("00001", "2024-03", 5, 0)]},
        )
    )
    assert not [note for note in check(tmp_path / "a.xlsx").notes if note.code == "display_rounded"]
    made["党费"].sheet_view.showZeros = False
    made.save(tmp_path / "a.xlsx")
    assert [(p.cell, p.message()) for p in check(tmp_path / "a.xlsx").notes if p.code == "display_rounded"] == [
        ("D2", "显示为 空白,按存的 0 读")
    ]


def test_part_of_a_text_may_be_crossed_out(tmp_path: Path) -> None:
    """A line through half of a cell is seen, too."""
    rich = openpyxl.cell.rich_text.CellRichText("请假", openpyxl.cell.rich_text.TextBlock(
        openpyxl.cell.text.InlineFont(strike=True), "出勤"))  # fmt: skip
    assert ("crossed_out", "D4") in errors(dressed(tmp_path, [*MEETING[:3], ("00002", "李四", "2024-03-05", rich)]))


def test_hidden_digits_are_said_once_a_column(tmp_path: Path) -> None:
    """Marks are read as stored, and that they show less is said."""
    rows = [["党员编号", "考核期", "评议主体", "分数"], *([who, "2024", "党员", 89.96] for who in ("00001", "00002"))]
    found = dressed(tmp_path, rows, {"D2": "0.0", "D3": "0.0"})
    assert [p.message() for p in found.notes if p.code == "display_rounded"] == ["显示为 90.0,按存的 89.96 读(共 2 处)"]
    assert rows_of(found, "evaluations", "mark") == [(89.96,), (89.96,)]


def test_a_mean_is_read_as_it_is_shown(tmp_path: Path) -> None:
    """91.3333… under 0.00 is 91.33, and that is said."""
    rows = [["党员编号", "考核期", "评议主体", "分数"], ["00001", "2024", "党员", 274 / 3]]
    found = dressed(tmp_path, rows, {"D2": "0.00"})
    assert rows_of(found, "evaluations", "mark") == [(91.33,)]
    assert [p.message() for p in found.notes] == ["存的位数比显示的多,按显示的 91.33 读"]


def test_ids_are_what_the_format_shows(tmp_path: Path) -> None:
    """123 under 0000000 is 0000123."""
    rows = [["党员编号", "姓名", "党支部"], [123, "赵六", "第三支部"], [45, "钱七", "第三支部"]]
    found = dressed(tmp_path, rows, {"A2": "0000000", "A3": "0000000"})
    assert rows_of(found, "members", "member_id")[3:] == [("0000123",), ("0000045",)]


def test_percents_are_neither_marks_nor_votes(tmp_path: Path) -> None:
    """95% is no 0.95, and 100% no vote."""
    mark = [["党员编号", "考核期", "评议主体", "分数"], ["00001", "2024", "党员", 0.95]]
    vote = [["党员编号", "考核期", "优秀票", "合格票", "不合格票"], ["00001", "2024", 1, 0, 0]]
    assert errors(dressed(tmp_path, mark, {"D2": "0%"})) == [("percent", "D2")]
    assert errors(dressed(tmp_path, vote, {"C2": "0%"})) == [("percent", "C2")]


@pytest.mark.parametrize(("stored", "code"), [(2024, ""), (2025, "hidden_year")])
def test_a_year_nobody_sees_is_held_against_the_title(tmp_path: Path, stored: int, code: str) -> None:
    """3月5日 under a title of 2024 is read where 2024 is stored, and refused where another year is."""
    rows = [*MEETING[:2], ("00001", "张三", datetime(stored, 3, 5), "出勤")]
    found = dressed(tmp_path, rows, {"C3": 'm"月"d"日"'})
    assert errors(found) == ([(code, "C3")] if code else [])


@pytest.mark.parametrize(("stored", "code"), [(2024, ""), (2025, "hidden_year")])
def test_a_year_nobody_sees_in_a_header_is_held_against_the_title(tmp_path: Path, stored: int, code: str) -> None:
    """As in a cell: 3月5日 above a column is of the year that the title says, or of none."""
    rows = [("2024年党课签到表",), ("党员编号", datetime(stored, 3, 5), "2024-03-12"), ("00001", "√", "√")]
    found = dressed(tmp_path, rows, {"B2": 'm"月"d"日"'})
    assert errors(found) == ([(code, "B2")] if code else [])


def test_a_year_nobody_sees_is_said_where_no_title_has_one(tmp_path: Path) -> None:
    """The stored year is taken with a note."""
    rows = [("党员编号", "日期", "活动类型", "出勤情况"), ("00001", datetime(2025, 3, 5), "党课", "出勤")]
    found = dressed(tmp_path, rows, {"B2": 'm"月"d"日"'})
    assert notes(found) == {"hidden_year"}
    assert rows_of(found, "attendance", "date") == [("2025-03-05",)]


def test_a_month_is_no_day(tmp_path: Path) -> None:
    """2024年3月, which a program keeps as the first, is no day of a meeting, but will do for joining the party."""
    rows: list[list[Any]] = [
        ["党员编号", "日期", "活动类型", "出勤情况"],
        ["00001", datetime(2024, 3, 1), "党课", "出勤"],
    ]
    assert errors(dressed(tmp_path, rows, {"B2": 'yyyy"年"m"月"'})) == [("month_not_day", "B2")]


def test_our_blank_form_says_nothing_of_itself(tmp_path: Path) -> None:
    """The explanations in a blank workbook of ours are not the branch's."""
    path = tmp_path / "空白表.xlsx"
    write_template(path)
    assert not {"comment", "comments"} & notes(check(path))


@pytest.mark.parametrize(
    ("letters", "behind", "told"),
    [
        ("FFFFFFFF", None, True),
        (Color(theme=0), None, True),
        (Color(indexed=9), "00FFFFFF", True),
        ("FF4472C4", "004472C4", True),
        (Color(theme=4), Color(theme=4), True),
        ("FFFFFFFF", "FF4472C4", False),
        (Color(theme=0, tint=-0.5), None, False),
        ("FF000000", None, False),
    ],
)
def test_letters_that_nobody_sees_are_no_record_in_silence(
    tmp_path: Path, letters: str | Color, behind: str | Color | None, *, told: bool
) -> None:
    """White on white, or any colour on itself, is asked about where it is read, and noted where it is not."""
    path = book(tmp_path / "数据.xlsx", {"花名册": ROSTER, "Sheet1": MEETING})
    made = openpyxl.load_workbook(path)
    for cell in (made["Sheet1"]["A1"], made["Sheet1"]["D4"]):
        cell.font = Font(color=letters)
        if behind is not None:
            cell.fill = PatternFill("solid", fgColor=behind)
    made.save(path)
    found = check(path)
    said = {(p.severity, p.cell) for p in (*found.problems, *found.notes) if p.code == "unseen"}
    assert said == ({("note", "A1"), ("error", "D4")} if told else set())


def drawn_over(path: Path, *shapes: str) -> Path:
    """Draw over the last sheet of a workbook: a picture over cells, such as C3 or C3:C4, or a box with a text."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    folder = "http://schemas.openxmlformats.org"
    links = f'<Relationships xmlns="{folder}/package/2006/relationships"><Relationship Id="rId9" '
    links += f'Target="../drawings/drawing1.xml" Type="{folder}/x/drawing"/></Relationships>'
    over = "".join(_anchor(shape) for shape in shapes)
    parts["xl/worksheets/_rels/sheet2.xml.rels"] = links.encode()
    parts["xl/drawings/drawing1.xml"] = f'<d:wsDr xmlns:d="x" xmlns:a="y">{over}</d:wsDr>'.encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


def _anchor(shape: str) -> str:
    first, _, last = shape.partition(":") if shape.isascii() else ("", "", "")
    row, column = coordinate_to_tuple(first) if shape.isascii() else (1, 1)
    start = f"<d:from><d:col>{column - 1}</d:col><d:row>{row - 1}</d:row></d:from>"
    if last:
        row, column = coordinate_to_tuple(last)
        start += f"<d:to><d:col>{column - 1}</d:col><d:row>{row - 1}</d:row></d:to>"
    inside = "<d:pic/>" if shape.isascii() else f"<d:sp><a:p><a:r><a:t>{shape}</a:t></a:r></a:p></d:sp>"
    return f"<d:oneCellAnchor>{start}{inside}</d:oneCellAnchor>"


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        (("C3", "C4"), [("error", "picture", "C3")]),
        (("C3", "F9"), [("error", "picture", "C3")]),
        (("C5", "F9"), [("note", "picture", "")]),
        (("C4:D7",), [("note", "picture", "")]),
        (("C4:C5",), [("error", "picture", "C4")]),
        (("C3:C6",), [("error", "picture", "C3")]),
        (("C4:C6",), [("note", "picture", "")]),
        (("李四实为请假",), [("error", "text_box", "")]),
        (("幸福社区", "C3"), [("note", "text_box", ""), ("error", "picture", "C3")]),
    ],
)
def test_what_is_drawn_over_a_sheet_is_told(
    tmp_path: Path, shapes: tuple[str, ...], said: list[tuple[str, ...]]
) -> None:
    """Pictures where a sign would stand, as signatures are, and boxes that speak of members wait for a decision."""
    rows = [
        ("2024年3月5日党课签到",),
        ("编号", "姓名", "签名"),
        ("00001", "张三"),
        ("00002", "李四"),
        ("00003", None, "√"),
    ]
    path = drawn_over(book(tmp_path / "数据.xlsx", {"花名册": ROSTER, "Sheet1": rows}), *shapes)
    found = check(path).problems
    told = [(p.severity, p.code, p.cell) for p in found if p.code in ("picture", "text_box")]
    assert sorted(told) == sorted(said)


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ("中共城关街道第一支部委员会", "note"),
        ("第一支部(盖章) 2025年1月6日", "note"),
        ("支部书记:张伟", "note"),
        ("联系人:支部组织委员 张三 13800000000", "note"),
        ("注意:请于12月31日前上报", "note"),
        ("党员先锋岗 优秀党支部", "note"),
        ("支部书记:张伟,李四请假", "error"),
        ("李四 5月已转出", "error"),
        ("张三扣5分", "error"),
        ("3月5日改为3月8日", "error"),
        ("第2行作废", "error"),
    ],
)
def test_who_signs_in_a_box_changes_no_score(tmp_path: Path, said: str, severity: str) -> None:
    """Addresses, seals, days of reports and praise in boxes are noted; what speaks of members or records is refused."""
    rows = [("2024年3月5日党课签到",), ("编号", "签名"), ("00001", "√")]
    path = drawn_over(book(tmp_path / "数据.xlsx", {"花名册": ROSTER, "Sheet1": rows}), said)
    assert [p.severity for p in check(path).problems if p.code == "text_box"] == [severity]
