import pytest
from openpyxl import Workbook, load_workbook

from jifen_analysis.analysis import movement
from jifen_analysis.errors import InvalidRecords, UsageError
from jifen_analysis.intake.results import read_results


def workbook(path, rows):
    """Write rows into a new workbook."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_list_below_a_title_is_read(tmp_path):
    """A title, a header in other words and blank cells are taken as they stand."""
    rows = [
        ["2023年度结果"],
        [],
        ["序号", "党员编号", "姓名", "总积分", "认定等次"],
        [1, "00001", "甲", 91.5, "优秀"],
        [2, "00002", "乙", None, "合格"],
    ]
    read = read_results(workbook(tmp_path / "去年.xlsx", rows))
    assert read.index.tolist() == ["00001", "00002"]
    assert read["total"].isna().tolist() == [False, True]
    assert read["grade"].tolist() == ["优秀", "合格"]


def test_a_list_is_a_before(tmp_path):
    """Movement between years takes its columns as they are."""
    (tmp_path / "a.csv").write_text("编号,总分,等次\n00001,70,合格\n00002,95,优秀\n", encoding="utf-8")
    before = read_results(tmp_path / "a.csv")
    moved = movement.transitions(before["grade"], before["grade"], ["优秀", "合格", "不合格"])
    assert moved.counts.loc["优秀", "优秀"] == 1


def test_every_bad_cell_is_said_at_once(tmp_path):
    """Words for a total and a member who stands twice are refused together, with their cells."""
    rows = [["编号", "总分"], ["00001", "九十"], ["00002", 80], ["00002", 81]]
    with pytest.raises(InvalidRecords, match="B2") as found:
        read_results(workbook(tmp_path / "a.xlsx", rows))
    assert [problem.cell for problem in found.value.problems] == ["B2", "A3", "A4"]


@pytest.mark.parametrize("content", ["姓名,总分\n甲,90\n", ""])
def test_a_file_without_a_list_is_refused(tmp_path, content):
    """A file that names no member ids, or nothing at all, is refused in one sentence."""
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"a\.csv"):
        read_results(tmp_path / "a.csv")


def test_a_missing_file_is_said(tmp_path):
    """A path that leads nowhere is said as such."""
    with pytest.raises(UsageError, match="没有这个文件"):
        read_results(tmp_path / "none.xlsx")


def test_totals_footers_and_repeated_headers_are_no_members(tmp_path):
    """What a clerk writes below a list, and the header of the next page, are nobody's result."""
    rows = [
        ["序号", "编号", "姓名", "全年积分", "评定等次"],
        [1, "00001", "甲", "91.5分", " 优秀 "],
        ["序号", "编号", "姓名", "全年积分", "评定等次"],
        [2, "00002", "乙", 80, "合格"],
        ["合计", None, None, 171.5],
        ["说明:以上数据经支委会审核"],
        ["制表人:丙"],
    ]
    read = read_results(workbook(tmp_path / "a.xlsx", rows))
    assert read["total"].to_dict() == {"00001": 91.5, "00002": 80.0}
    assert read["grade"].tolist() == ["优秀", "合格"]


def test_a_header_of_two_rows_is_one(tmp_path):
    """What stands below a merged 考核结果 says which column is which."""
    rows = [["编号", "姓名", "考核结果", None], [None, None, "总分", "等次"], ["00001", "甲", 90, "优秀"]]
    assert read_results(workbook(tmp_path / "a.xlsx", rows)).loc["00001"].tolist() == [90.0, "优秀"]


def test_the_usual_name_of_a_column_wins(tmp_path):
    """A running number called 编号 stands beside the id, and 合计 is no second total."""
    rows = [["编号", "党员编号", "总分", "合计"], [1, "00007", 90, 180]]
    assert read_results(workbook(tmp_path / "a.xlsx", rows))["total"].to_dict() == {"00007": 90.0}


def test_numbers_get_their_zeros_back(tmp_path):
    """From the ids that are text, or from the width that is said; texts of a CSV too."""
    mixed = workbook(tmp_path / "a.xlsx", [["编号", "总分"], [1, 90], ["00002", 80]])
    assert read_results(mixed).index.tolist() == ["00001", "00002"]
    (tmp_path / "a.csv").write_text("编号,总分\n1,90\n12,80\n", encoding="gb18030")
    assert read_results(tmp_path / "a.csv").index.tolist() == ["1", "12"]
    assert read_results(tmp_path / "a.csv", id_width=5).index.tolist() == ["00001", "00012"]


def test_every_sheet_is_read(tmp_path):
    """A branch a sheet is one list; who stands on two sheets stands twice."""
    path = workbook(tmp_path / "a.xlsx", [["编号", "总分"], ["00001", 90]])
    book = load_workbook(path)
    second = book.create_sheet("二")
    for row in (["编号", "等次"], ["00002", "合格"]):
        second.append(row)
    book.save(path)
    assert read_results(path).index.tolist() == ["00001", "00002"]
    second.append(["00001", "优秀"])
    book.save(path)
    with pytest.raises(InvalidRecords, match="二!A3: 此编号出现不止一次"):
        read_results(path)


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ([["编号", "总积分", "合计得分"], ["00001", 90, 91]], ["B1", "C1"]),
        ([["编号", "姓名", "总分"], ["00001", "甲", 90], [None, "乙", 80], [None, None, 70]], ["A3", "A4"]),
    ],
)
def test_what_is_in_doubt_is_refused(tmp_path, rows, cells):
    """Two totals, or a line without an id: nothing is chosen and nothing dropped."""
    with pytest.raises(InvalidRecords, match="有 2 处错误") as found:
        read_results(workbook(tmp_path / "a.xlsx", rows))
    assert [problem.cell for problem in found.value.problems] == cells


def test_a_list_of_nobody_is_refused(tmp_path):
    """A header alone is no list."""
    with pytest.raises(UsageError, match="结果表是空的"):
        read_results(workbook(tmp_path / "a.xlsx", [["编号", "总分"]]))
