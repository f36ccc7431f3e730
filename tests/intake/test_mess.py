"""Sheets as offices make them: read rightly, or refused at the right cell; every cell has one fate."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jifen_analysis.intake import check
from tests.intake.sheets import ROSTER, Rows, book, checked, errors, filled_cells, notes, rows_of

PERSON = ("编号", "姓名")
ONE = ("00001", "张三")
TWO = ("00002", "李四")
MARCH = ("2024年3月党课考勤",)


@pytest.mark.parametrize(
    ("rows", "merges", "statuses"),
    [
        ([MARCH, (*PERSON, "3月5日"), (*ONE, "√"), (*TWO, None)], ["C3:C4"], ["present", "present"]),
        ([MARCH, (*PERSON, "20240305", datetime(2024, 3, 12)), (*ONE, "√", "迟")], [], ["present", "late"]),
        ([MARCH, (*PERSON, 45356, 45363), (*ONE, "√", "假")], [], ["present", "leave"]),
        ([MARCH, (*PERSON, "3月5日"), (*ONE, "√"), ("说明:√表示缺席,×表示出勤",)], [], ["absent"]),
        ([MARCH, (*PERSON, 5, 6), (*ONE, "√", None), ("注:√参加,空白为未参加",)], [], ["present", "absent"]),
        ([MARCH, (*PERSON, 5, 12), (None, None, "二", "二"), (*ONE, "√", "假")], [], ["present", "leave"]),
        ([MARCH, (*PERSON, "3月5日", "3月6日"), (*ONE, "假", None)], ["C3:D3"], ["leave", "leave"]),
    ],
)
def test_matrices_of_ticks(tmp_path: Path, rows: Rows, merges: list[str], statuses: list[str]) -> None:
    """Single days, days as serials or compact text, signs turned round, merged ticks."""
    found = checked(tmp_path, rows, merges=merges)
    assert (errors(found), [status for (status,) in rows_of(found, "attendance", "status")]) == ([], statuses)
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


@pytest.mark.parametrize(
    ("rows", "code", "cells"),
    [
        ([MARCH, (*PERSON, datetime(1900, 1, 1), "3月5日"), (*ONE, "√", "√")], "bad_date", ["C2"]),
        ([("2024年党费",), (*PERSON, datetime(1900, 1, 2), "2月"), (*ONE, 10, 10)], "bad_date", ["C2"]),
        ([MARCH, (*PERSON, "5.3", "3月6日"), (*ONE, "√", "√")], "bad_date", ["C2"]),
        ([MARCH, (*PERSON, "3月5日", "3月5日"), (*ONE, "√", "×")], "contradiction", ["C3", "D3"]),
        ([MARCH, (*PERSON, "3月5日", "3月6日"), (*ONE, "√○", "迟/假")], "several_marks", ["C3", "D3"]),
        ([MARCH, (*PERSON, 31, 32), (*ONE, "√", "√"), (*TWO, "√", None)], "no_such_day", ["D3"]),
        ([MARCH, (*PERSON, "2204年3月5日", "3月6日"), (*ONE, "√", "√")], "out_of_range", ["C2"]),
        (
            [("编号", "月份", "应缴", "实缴"), ("00001", "2024-01", 9, 9), ("00001", "2024-01", 9, None)],
            "contradiction",
            ["D2", "D3"],
        ),
        ([MARCH, (*PERSON, "3月5日"), (*ONE, "√"), (*TWO, "△"), ("注:○为请假",)], "unknown_sign", ["C4"]),
        ([("2024年3月考勤(依据2019年办法)",), (*PERSON, 5, 6), (*ONE, "√", "√")], "year_unknown", ["C2"]),
        ([("2024年一季度考勤",), (*PERSON, 5, 6), (*ONE, "√", "√")], "year_unknown", ["C2"]),
        ([("编号", "月份", "应缴"), ("00001", datetime(1900, 5, 5), 10)], "out_of_range", ["B2"]),
        ([("编号", "月份", "应缴"), ("00001", "某月", 10), ("00001", "2024.13", 10)], "bad_month", ["B2", "B3"]),
    ],
)
def test_what_cannot_be_known_is_refused_where_it_stands(
    tmp_path: Path, rows: Rows, code: str, cells: list[str]
) -> None:
    """The cell of the refusal is the one to mend, and no cell is lost."""
    found = checked(tmp_path, rows)
    assert [cell for kind, cell in errors(found) if kind == code] == cells
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


def test_items_in_columns(tmp_path: Path) -> None:
    """A sheet of marks with an item a column is read item by item; totals, numbers and remarks are no items."""
    rows = [
        ("2024年度考评打分表",),
        ("序号", *PERSON, "职务", "政治学习", None, "履职尽责", "总分", "合计", "备注"),
        (None, None, None, None, "理论", "实践", None, None, None, None),
        (1, *ONE, "书记", 18, 5, 25, 48, 48, "好"),
        (2, *TWO, None, 20, 6, "约30", 50, 50, None),
    ]
    found = checked(tmp_path, rows, merges=["E2:F2"])
    assert errors(found) == [("bad_number", "G5")]
    assert rows_of(found, "marks", "member_id", "item", "mark")[::2] == [
        ("00001", "理论", 18.0),
        ("00001", "实践", 5.0),
        ("00001", "履职尽责", 25.0),
    ]
    assert "items_from_header" in notes(found)
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


def test_columns_of_numbers_are_marks_only_where_the_sheet_says_so(tmp_path: Path) -> None:
    """Without a name that says marks, any column of numbers would be an item; so none is."""
    found = checked(tmp_path, [("2024年",), (*PERSON, "政治学习", "履职尽责"), (*ONE, 18, 25)])
    assert found.verdict == "reject"
    assert rows_of(found, "marks", "item") == []


def test_sum_of_the_year_is_a_total(tmp_path: Path) -> None:
    """A column that sums the months is no month and no further amount."""
    found = checked(tmp_path, [("2024年党费",), (*PERSON, "1月", "2月", "全年合计"), (*ONE, 10, 10, 20)])
    assert (len(rows_of(found, "dues", "month")), found.counts["total"]) == (2, 1)


def test_hidden_rows_beside_a_stray_cell(tmp_path: Path) -> None:
    """A sheet that is read cell by cell still says what is hidden."""
    path = book(tmp_path / "a.xlsx", {"花名册": ROSTER, "考勤": [("编号", "日期", "活动", "出勤"),
                                                            ("00001", "2024-3-5", "党课", "出勤")]})  # fmt: skip
    made = openpyxl.load_workbook(path)
    made["考勤"].cell(1048576, 16384).value = "x"
    made["考勤"].row_dimensions[2].hidden = True
    made.save(path)
    found = check(path)
    assert (found.verdict, notes(found)) == ("accept_with_notes", {"hidden_rows"})


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_read_with_a_note(tmp_path: Path, state: str) -> None:
    """However deep a sheet is hidden, its records count."""
    path = book(tmp_path / "a.xlsx", {"花名册": ROSTER, "党费": [("编号", "月份", "应缴"), ("00001", "2024-05", 10)]})
    made = openpyxl.load_workbook(path)
    made["党费"].sheet_state = state
    made.save(path)
    found = check(path)
    assert (rows_of(found, "dues", "member_id"), notes(found)) == ([("00001",)], {"hidden_sheet"})


def _replaced(path: Path, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data.replace(old, new) if "sheet" in name else data)
    path.write_bytes(made.getvalue())


@pytest.mark.parametrize("where", [b"A99999999999", b"A9999999", b"AAAAAAAA2"])
def test_a_cell_beyond_any_sheet_is_damage(tmp_path: Path, where: bytes) -> None:
    """An address that no spreadsheet has is a damaged file, neither an overflow nor a range to allocate."""
    path = book(tmp_path / "a.xlsx", {"花名册": ROSTER})
    _replaced(path, b'r="A2"', b'r="' + where + b'"')
    assert [problem.code for problem in check(path).errors] == ["damaged"]


def test_encrypted_workbooks_are_refused_whole(tmp_path: Path) -> None:
    """A workbook with a password is one sentence that names the file."""
    mark = "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "密.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + mark)
    (problem,) = check(tmp_path / "密.xlsx").errors
    assert (problem.code, problem.file) == ("encrypted", "密.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("mark", [",", "\t"])
def test_text_files_in_any_encoding(tmp_path: Path, encoding: str, mark: str) -> None:
    """A title, an id without its zeros, text that begins with an equals sign."""
    rows: list[tuple[Any, ...]] = [("东街支部事项", "", "", "", ""), ("编号", "日期", "事项", "级别", "备注"),
                                   ("1", "2024.3.5", "表彰奖励", "市级", "=1+1")]  # fmt: skip
    text = "".join(mark.join(row) + "\r\n" for row in rows)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    (tmp_path / "r.csv").write_text("党员编号,党支部\n00001,东街支部\n", encoding="utf-8")
    found = check(tmp_path / "a.csv", roster=tmp_path / "r.csv")
    assert rows_of(found, "events", "member_id", "level", "note") == [("00001", "city", "=1+1")]
    assert found.verdict == "accept_with_notes"


def test_numbers_with_a_unit_are_told_once(tmp_path: Path) -> None:
    """A column of marks that are all written 分 has one note, with their number; another way of writing has its own."""
    (tmp_path / "花名册.csv").write_text("编号,姓名,党支部\n1,甲,一\n2,乙,一\n3,丙,一\n", encoding="utf-8")
    rows = "1,2024,党员,92.1分\n2,2024,党员,88分\n3,2024,党员,+90\n3,2024,群众,1００\n1,2024,群众,+90分\n"
    (tmp_path / "评议.csv").write_text(f"编号,考核期,评议主体,分数\n{rows}", encoding="utf-8")
    said = [note.message() for note in check(tmp_path).notes if note.code == "number_read"]
    assert said == ["“92.1分”读作 92.1(共 2 处)", "“+90分”读作 90"]
