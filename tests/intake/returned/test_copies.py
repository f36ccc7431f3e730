import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.datavalidation import DataValidation

from jifen_analysis.errors import UsageError
from jifen_analysis.intake import check, return_copies
from jifen_analysis.intake.layouts.return_markers import OUR_LIST
from tests.intake.sheets import ROSTER, book

LONG = ("编号", "日期", "活动类型", "出勤情况")


def _bad(folder: Path) -> Path:
    """A workbook with two bad cells, one of which the branch had commented and coloured."""
    path = book(
        folder / "第一支部.xlsx",
        {"花名册": ROSTER, "考勤": [LONG, ("00001", "2024-02-30", "党课", "到"), ("00002", "2024-3-5", "党课", "○")]},
    )
    made = openpyxl.load_workbook(path)
    sheet = made["考勤"]
    sheet["B2"].comment = Comment("我们的批注", "支部")
    sheet["B2"].fill = PatternFill("solid", fgColor="FF00FF00")
    rule = DataValidation(type="list", formula1='"到,缺席"')
    rule.add("D2:D9")
    sheet.add_data_validation(rule)
    made.save(path)
    return path


def _returned(path: Path, folder: Path) -> Path:
    (copy,) = return_copies(path, check(path), folder)
    return copy


def test_bad_cells_are_marked_and_listed(tmp_path: Path) -> None:
    """Fill, comment, a column at the end of the row and a list with links; the branch's own things stay."""
    source = _bad(tmp_path)
    before = source.read_bytes()
    copy = _returned(source, tmp_path / "退回")
    assert copy.name == "第一支部_退回.xlsx"
    assert source.read_bytes() == before
    made = openpyxl.load_workbook(copy)
    sheet = made["考勤"]
    assert sheet["B2"].comment.text.startswith("我们的批注\n【退回】须改正:")
    assert "对照表" in sheet["D3"].comment.text
    assert (sheet["E1"].value, sheet["E2"].value.split(":")[0]) == ("退回说明", "【退回】B2")
    assert str(sheet.data_validations.dataValidation[0].sqref) == "D2:D9"
    listed = made[OUR_LIST]
    assert [cell.value for cell in listed["D"]] == ["单元格", "B2", "D3", ""]
    assert listed["D2"].hyperlink.location == "'考勤'!B2"
    assert listed.auto_filter.ref == "A1:F4"


def test_mended_copy_is_accepted_with_our_marks_in_it(tmp_path: Path) -> None:
    """The branch corrects the two cells and sends the copy back as it is."""
    copy = _returned(_bad(tmp_path), tmp_path / "退回")
    made = openpyxl.load_workbook(copy)
    made["考勤"]["B2"] = "2024-03-05"
    made["考勤"]["D3"] = "请假"
    made.save(copy)
    found = check(copy)
    assert {problem.code for problem in found.problems} == {"comments", "our_list_left"}  # the first are the branch's
    assert found.records.attendance["status"].tolist() == ["present", "leave"]


def test_marking_again_removes_only_our_marks(tmp_path: Path) -> None:
    """What was mended loses our mark, and the branch's colour and comment come back."""
    copy = _returned(_bad(tmp_path), tmp_path / "退回")
    made = openpyxl.load_workbook(copy)
    made["考勤"]["B2"] = "2024-03-05"
    made.save(copy)
    again = openpyxl.load_workbook(_returned(copy, tmp_path / "再退"))
    sheet = again["考勤"]
    assert sheet["B2"].comment.text == "我们的批注"
    assert sheet["B2"].fill.fgColor.rgb == "FF00FF00"
    assert sheet["E2"].value is None
    assert "【退回】" in sheet["D3"].comment.text
    assert again.sheetnames.count(OUR_LIST) == 1


def test_results_of_formulas_stay(tmp_path: Path) -> None:
    """A formula keeps its result in the copy, so that it can be read again."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("花名册")
        for i, row in enumerate([("编号", "党支部", "姓名"), ("00001", None, "张三"), ("00002", "甲支部", None)]):
            sheet.write_row(i, 0, row)
        sheet.write_formula("C3", '="李"&"四"', None, "李四")
    found = check(_returned(path, tmp_path / "退回"))
    assert found.tables["members"]["name"].tolist() == ["李四"]
    assert [(p.code, p.cell) for p in found.errors] == [("missing_value", "B2")]


def test_text_files_come_back_as_workbooks(tmp_path: Path) -> None:
    """A CSV is returned as .xlsx with its text as it was."""
    path = tmp_path / "花名册.csv"
    path.write_text("编号,党支部,姓名\n00001,,=张三\n", encoding="utf-8")
    made = openpyxl.load_workbook(_returned(path, tmp_path / "退回"))
    assert made["数据"]["C2"].value == "=张三"
    assert made["数据"]["C2"].data_type == "s"


def test_copies_never_stand_over_their_source(tmp_path: Path) -> None:
    """A copy that would overwrite what was checked is wrong usage."""
    copy = _returned(_bad(tmp_path), tmp_path / "退回")
    with pytest.raises(UsageError, match="覆盖"):
        return_copies(copy, check(copy), copy.parent)


def test_many_marks_are_capped_and_said(tmp_path: Path) -> None:
    """Only the first 500 cells of a sheet are marked; the list names them all."""
    rows = [LONG, *[("00001", "2024-02-30", "党课", "到")] * 600]
    path = book(tmp_path / "a.xlsx", {"花名册": ROSTER, "考勤": rows})
    made = openpyxl.load_workbook(_returned(path, tmp_path / "退回"))
    assert sum(cell.comment is not None for cell in made["考勤"]["B"]) == 500
    listed = [cell.value for cell in made[OUR_LIST]["A"] if isinstance(cell.value, str)]
    assert any("只标出前 500 处" in text for text in listed)
    assert made[OUR_LIST].max_row > 600


def test_good_and_unreadable_files_have_no_copy(tmp_path: Path) -> None:
    """There is nothing to return of a file without error, nor of one that cannot be opened."""
    book(tmp_path / "data" / "a.xlsx", {"花名册": ROSTER})
    (tmp_path / "data" / "b.xlsx").write_bytes(b"")
    assert return_copies(tmp_path / "data", check(tmp_path / "data"), tmp_path / "退回") == ()


def test_a_wide_sheet_comes_back_and_is_accepted(tmp_path: Path) -> None:
    """Our column and words at the end of a matrix are no days and explain no signs."""
    rows = [("2024年3月考勤",), ("编号", 4, 11), ("00001", "√", "○"), ("00002", "○", "×"), ("合计", 1, 0)]
    path = book(tmp_path / "a.xlsx", {"花名册": ROSTER, "考勤": rows})
    copy = _returned(path, tmp_path / "退回")
    assert [(p.code, p.cell) for p in check(copy).errors] == [("unknown_sign", "C3"), ("unknown_sign", "B4")]
    made = openpyxl.load_workbook(copy)
    made["考勤"]["C3"] = made["考勤"]["B4"] = "假"
    made.save(copy)
    assert check(copy).errors == ()


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def _adorned(folder: Path) -> Path:
    """A workbook with what branches put into theirs, and one bad cell."""
    (folder / "图.png").write_bytes(PICTURE)
    path = folder / "甲支部.xlsx"
    with xlsxwriter.Workbook(path) as made:
        roster, sheet, words = (made.add_worksheet(name) for name in ("花名册", "考勤", "选项"))
        for i, row in enumerate(ROSTER):
            roster.write_row(i, 0, row)
        for i, row in enumerate([LONG, ("00001", "2024-02-30", "党课", "到")]):
            sheet.write_row(i, 0, row)
        words.write_column(0, 0, ["到", "缺席"])
        words.hide()
        chart = made.add_chart({"type": "column"})
        chart.add_series({"values": "=花名册!$A$2:$A$4"})
        sheet.insert_chart("H9", chart)
        sheet.insert_image("H2", str(folder / "图.png"))
        sheet.write_comment("D2", "支部的话")
        sheet.data_validation("D2:D9", {"validate": "list", "source": "=选项!$A$1:$A$2"})
        sheet.conditional_format("D2:D9", {"type": "data_bar", "data_bar_2010": True})
        sheet.set_column("F:XFD", None, None, {"hidden": True})
        sheet.set_header("&C页眉")
        sheet.freeze_panes(1, 0)
        sheet.print_area("A1:D2")
        sheet.protect("pw")
        sheet.write_rich_string("C4", "红", made.add_format({"bold": True}), "绿")
    return path


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_everything_of_the_branch_stays(tmp_path: Path) -> None:
    """Pictures, charts, shapes and texts byte for byte; on the sheet all but the marked cells."""
    source = _adorned(tmp_path)
    before, after = _parts(source), _parts(_returned(source, tmp_path / "退回"))
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed == {
        *("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"),
        *("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"),
    }
    old, new = (parts["xl/worksheets/sheet2.xml"].decode().partition("</sheetData>")[2] for parts in (before, after))
    assert new == old
    assert '<col min="5" max="5" width="48" customWidth="1"/>' in after["xl/worksheets/sheet2.xml"].decode()


def test_marks_move_with_their_cells(tmp_path: Path) -> None:
    """Sorted rows, an answer in our column, a colour of the theme: taking marks back finds them all."""
    source = _bad(tmp_path)
    made = openpyxl.load_workbook(source)
    made["考勤"]["B2"].fill = PatternFill("solid", fgColor=Color(theme=4, tint=0.6))
    made.save(source)
    copy = _returned(source, tmp_path / "退回")
    made = openpyxl.load_workbook(copy)
    sheet = made["考勤"]
    sheet.move_range("A2:E2", rows=2)
    sheet["B4"], sheet["E3"] = "2024-02-29", "已核对"
    made.save(copy)
    again = openpyxl.load_workbook(_returned(copy, tmp_path / "再退"))["考勤"]
    assert (again["B4"].fill.fgColor.theme, again["B4"].comment.text) == (4, "我们的批注")
    assert [again.cell(row, 5).value for row in (1, 3, 4)] == ["退回说明", "已核对", None]
    assert again["F3"].value.startswith("【退回】D3:")


def test_copies_of_one_name_stand_apart(tmp_path: Path) -> None:
    """The workbook's copy has the name, that of a CSV beside it keeps its ending; sub-folders stay."""
    _bad(tmp_path / "报" / "东")
    (tmp_path / "报" / "东" / "第一支部.csv").write_text("编号,月份,应缴\n00001,一季度,10\n", encoding="utf-8")
    found = check(tmp_path / "报")
    copies = return_copies(tmp_path / "报", found, tmp_path / "退")
    assert {copy.relative_to(tmp_path).as_posix() for copy in copies} == {
        "退/东/第一支部_退回.xlsx",
        "退/东/第一支部.csv_退回.xlsx",
    }


def test_a_copy_beside_its_source_is_no_source(tmp_path: Path) -> None:
    """Written twice into the folder of the data nothing that was sent is lost: the second time is refused."""
    source = _bad(tmp_path / "报")
    return_copies(tmp_path / "报", check(tmp_path / "报"), tmp_path / "报")
    before = source.read_bytes()
    with pytest.raises(UsageError, match="换一个文件夹"):
        return_copies(tmp_path / "报", check(tmp_path / "报"), tmp_path / "报")
    assert source.read_bytes() == before


def _changed(path: Path, target: Path, change: Callable[[str, str], str]) -> Path:
    with zipfile.ZipFile(target, "w") as package:
        for name, data in _parts(path).items():
            package.writestr(name, change(name, data.decode()))
    return target


def _without_numbers(name: str, xml: str) -> str:
    return re.sub(r'(<(?:c|row)) r="[A-Z]*\d+"', r"\1", xml) if "worksheets/sheet" in name else xml


def _prefixed(name: str, xml: str) -> str:
    if "worksheets/sheet" not in name and name not in ("xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"):
        return xml
    return re.sub(r"<(/?)(\w+)(?=[\s>/])", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")


@pytest.mark.parametrize(("change", "lost"), [(_without_numbers, False), (_prefixed, True)])
def test_unusual_packages_are_marked_too(tmp_path: Path, change: Callable[[str, str], str], lost: bool) -> None:
    """Cells without addresses are counted; a package of another dialect is returned as its values, and this is said."""
    plain = book(tmp_path / "a.xlsx", {"花名册": ROSTER, "考勤": [LONG, ("00001", "2024-02-30", "党课", "到")]})
    made = openpyxl.load_workbook(_returned(_changed(plain, tmp_path / "b.xlsx", change), tmp_path / "退回"))
    assert made["考勤"]["B2"].comment.text.startswith("【退回】")
    assert made["考勤"]["E2"].value.startswith("【退回】B2:")
    assert any("未能保留" in str(cell.value) for cell in made[OUR_LIST]["A"]) == lost


def test_a_thousand_marks_take_seconds(tmp_path: Path) -> None:
    """1,000 bad cells on two sheets among 44,000."""
    rows = [LONG, *[("00001", "2024-02-30" if i % 11 == 0 else "2024-03-05", "党课", "到") for i in range(5500)]]
    path = book(tmp_path / "a.xlsx", {"花名册": ROSTER, "一月": rows, "二月": rows})
    found = check(path)
    assert len(found.errors) == 1000
    start = time.process_time()
    return_copies(path, found, tmp_path / "退回")
    assert time.process_time() - start < 5


def test_a_list_of_the_branch_may_bear_the_name_of_ours(tmp_path: Path) -> None:
    """Ours is known by what is in it: the branch's is read, stays, and another return replaces only ours."""
    mine = [("编号", "日期", "活动类型", "出勤情况"), ("00001", "2024-02-30", "党课", "到")]
    source = book(tmp_path / "a.xlsx", {"花名册": ROSTER, OUR_LIST: mine})
    first = _returned(source, tmp_path / "一")
    again = _returned(first, tmp_path / "二")
    assert [problem.cell for problem in check(again).errors] == ["B2"]
    for copy in (first, again):
        made = openpyxl.load_workbook(copy)
        assert made.sheetnames == [f"{OUR_LIST}2", "花名册", OUR_LIST]
        assert made[OUR_LIST]["B2"].value == "2024-02-30"
