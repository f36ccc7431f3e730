from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from jifen_analysis.errors import UsageError
from jifen_analysis.intake import check, return_copies
from jifen_analysis.intake.layouts.sheet import OUR_LIST
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
    assert "[symbols]" in sheet["D3"].comment.text
    assert (sheet["E1"].value, sheet["E2"].value.split(":")[0]) == ("退回说明", "【退回】B2")
    assert str(sheet.data_validations.dataValidation[0].sqref) == "D2:D9"
    listed = made[OUR_LIST]
    assert [cell.value for cell in listed["D"]] == ["单元格", "B2", "D3"]
    assert listed["D2"].hyperlink.location == "'考勤'!B2"
    assert listed.auto_filter.ref == "A1:F3"


def test_mended_copy_is_accepted_with_our_marks_in_it(tmp_path: Path) -> None:
    """The branch corrects the two cells and sends the copy back as it is."""
    copy = _returned(_bad(tmp_path), tmp_path / "退回")
    made = openpyxl.load_workbook(copy)
    made["考勤"]["B2"] = "2024-03-05"
    made["考勤"]["D3"] = "请假"
    made.save(copy)
    found = check(copy)
    assert found.verdict == "accept"
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
    import xlsxwriter

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
    rows = [("2024年3月考勤",), ("编号", 1, 2), ("00001", "√", "○"), ("00002", "○", "×"), ("合计", 1, 0)]
    path = book(tmp_path / "a.xlsx", {"花名册": ROSTER, "考勤": rows})
    copy = _returned(path, tmp_path / "退回")
    assert [(p.code, p.cell) for p in check(copy).errors] == [("unknown_sign", "C3"), ("unknown_sign", "B4")]
    made = openpyxl.load_workbook(copy)
    made["考勤"]["C3"] = made["考勤"]["B4"] = "假"
    made.save(copy)
    assert check(copy).errors == ()
