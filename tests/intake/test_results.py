import pytest
from openpyxl import Workbook

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
