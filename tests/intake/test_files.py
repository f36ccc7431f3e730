import os
from pathlib import Path

import pandas as pd
import pytest

from jifen_analysis.errors import UsageError
from jifen_analysis.intake import check
from jifen_analysis.intake.files import DataFile, data_files, in_sight
from jifen_analysis.report.sheets import Sheet
from jifen_analysis.report.workbook import write_workbook
from tests.command import files
from tests.intake.sheets import ROSTER, Rows, book


def test_lock_files_and_texts_about_the_data_are_left_in_peace(tmp_path: Path) -> None:
    """Lock files, hidden files and a README are no data; another document is left aside with a note."""
    book(tmp_path / "a.xlsx", {"花名册": ROSTER})
    for name in ("~$a.xlsx", ".DS_Store", "README.md", "布局.toml", "通知.docx"):
        (tmp_path / name).write_bytes(b"")
    files, notes = data_files(tmp_path)
    assert [file.name for file in files] == ["a.xlsx"]
    assert [(note.code, note.file) for note in notes] == [("left_aside", "通知.docx")]


def test_results_among_the_data_are_no_data(tmp_path: Path) -> None:
    """Workbooks that this program wrote, and tables with a manifest beside them, are left aside with a note."""
    book(tmp_path / "a.xlsx", {"花名册": ROSTER})
    write_workbook([Sheet("总分", pd.DataFrame({"member_id": ["00001"]}), ("编号",))], tmp_path / "结果.xlsx")
    (tmp_path / "结果.csv").write_text("member_id,branch\n00001,一支部\n", encoding="utf-8")
    (tmp_path / "结果.csv.manifest.json").write_text("{}", encoding="utf-8")
    files, notes = data_files(tmp_path)
    assert [file.name for file in files] == ["a.xlsx"]
    assert [note.file for note in notes] == ["结果.csv", "结果.xlsx"]
    assert all("本程序写出" in note.message() for note in notes)


def test_an_exported_pack_among_the_data_is_no_data(tmp_path: Path) -> None:
    """The same records once more, under pseudonyms, are left aside with a note; alone, they are what is read."""
    pack = tmp_path / "核验包"
    (pack / "records").mkdir(parents=True)
    (pack / "records" / "members.csv").write_text("member_id,branch\n甲7f,一支部\n", encoding="utf-8")
    (pack / "manifest.json").write_text('{"program": "jifen-analysis"}', encoding="utf-8")
    assert [file.name for file in data_files(tmp_path)[0]] == ["核验包/records/members.csv"]
    book(tmp_path / "a.xlsx", {"花名册": ROSTER})
    found, notes = data_files(tmp_path)
    assert [file.name for file in found] == ["a.xlsx"]
    assert [(note.code, note.file) for note in notes] == [("left_aside", "核验包")]
    assert [file.name for file in data_files(pack)[0]] == ["records/members.csv"]


def test_a_name_as_long_as_any_is_read(tmp_path: Path) -> None:
    """A name with no room for one beside it ends no run."""
    name = f"{'长' * 83}12.csv"
    (tmp_path / name).write_text("党员编号,党支部\n00001,一支部\n", encoding="utf-8")
    assert [file.name for file in data_files(tmp_path)[0]] == [name]


def test_files_are_named_below_what_was_loaded(tmp_path: Path) -> None:
    """Sub-folders are part of the name, in the same order on every machine."""
    for name in ("2024/乙.xlsx", "2023/甲.xlsx"):
        book(tmp_path / name, {"花名册": ROSTER})
    assert [file.name for file in data_files(tmp_path)[0]] == ["2023/甲.xlsx", "2024/乙.xlsx"]


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without permission the others are read all the same, and the one is named."""
    book(tmp_path / "a.xlsx", {"花名册": ROSTER})
    book(tmp_path / "b.xlsx", {"花名册": ROSTER})

    def digest(file: DataFile) -> str:
        if file.name == "b.xlsx":
            raise PermissionError(13, "Permission denied")
        return "0" * 64

    monkeypatch.setattr(DataFile, "digest", digest)
    found = check(tmp_path)
    assert [(p.file, p.code) for p in found.errors] == [("b.xlsx", "not_readable")]
    assert len(found.tables["members"]) == 3


def test_a_folder_that_may_not_be_looked_into_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies in a closed folder cannot be read, and that is said rather than passed over."""
    book(tmp_path / "a.xlsx", {"花名册": ROSTER})
    (tmp_path / "乙支部").mkdir()
    scandir = os.scandir

    def closed(path: str) -> object:
        if str(path).endswith("乙支部"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    found = check(tmp_path)
    assert [(p.file, p.code) for p in found.errors] == [("乙支部", "not_readable")]
    assert len(found.tables["members"]) == 3


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes among files, and asks who may make links")
def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    """A link to a folder or to nothing and a pipe are refused by name; a link to a file is one; a device is no data."""
    data = files(tmp_path / "数据", 花名册="党员编号,姓名,党支部\n00001,甲,一支部\n")
    (tmp_path / "别处").mkdir()
    (data / "2024").symlink_to(tmp_path / "别处")
    (data / "考勤.csv").symlink_to("/没有")
    os.mkfifo(data / "党费.csv")
    (data / ".隐").symlink_to("/没有")
    (tmp_path / "b.csv").write_text("党员编号,日期\n", encoding="utf-8")
    (data / "b.csv").symlink_to(tmp_path / "b.csv")
    found, said = data_files(data)
    assert [file.name for file in found] == ["b.csv", "花名册.csv"]
    assert sorted(one.file for one in said if "不是文件,未读" in one.message()) == ["2024", "党费.csv", "考勤.csv"]
    with pytest.raises(UsageError, match="设备或管道"):
        data_files(os.devnull)


def test_two_machines_see_the_same_where_the_names_are_the_same(tmp_path: Path) -> None:
    """What is in sight is told by the names of all files, of a file alone too; nothing is there or something."""
    for name in ("a/2024/x.csv", "b/2024/x.csv", "c/2024/y.csv"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(b"")
    seen = [in_sight(tmp_path / name) for name in ("a", "b", "c", "none", "a/2024/x.csv")]
    assert seen[0] == seen[1]
    assert len(set(seen)) == 4


def test_a_form_that_nobody_filled_is_left_aside(tmp_path: Path) -> None:
    """Among filled files it is noted; alone it is no data."""
    blank = [("党员编号", "日期", "活动类型", "出勤情况")]
    book(tmp_path / "空白表.xlsx", {"考勤": blank})
    assert [problem.code for problem in check(tmp_path).errors] == ["no_data"]
    book(tmp_path / "花名册.xlsx", {"花名册": ROSTER})
    found = check(tmp_path)
    assert (found.errors, [(note.code, note.file) for note in found.notes]) == ((), [("blank_form", "空白表.xlsx")])


@pytest.mark.parametrize("content", ["\ufeff", "\n\n", ",,,\n,,\n"])
def test_a_file_without_a_cell_is_not_called_headers(tmp_path: Path, content: str) -> None:
    """An export that failed leaves a file of nothing: said as that beside filled ones."""
    book(tmp_path / "花名册.xlsx", {"花名册": ROSTER})
    (tmp_path / "attendance.csv").write_text(content, encoding="utf-8")
    (note,) = check(tmp_path).problems
    assert (note.code, note.text.zh.split(",")[0]) == ("blank_form", "里面什么也没有")


@pytest.mark.parametrize(
    "blank",
    [
        [("党员编号", "姓名", "日期", "事项")],
        [("____年__月__日____考勤",), ("姓名", "出勤情况")],
        [("党费收缴表",), ("姓名", "应缴", "实缴")],
        [("姓名", "优秀", "合格")],
    ],
)
def test_a_sheet_that_nobody_filled_is_left_aside_beside_filled_ones(tmp_path: Path, blank: Rows) -> None:
    """Headers alone, as a branch without events leaves them, whatever they lack: said once for the sheet, no error."""
    book(tmp_path / "a.xlsx", {"花名册": ROSTER, "空表": blank})
    found = check(tmp_path)
    assert (found.errors, [(note.code, note.sheet) for note in found.notes]) == ((), [("blank_form", "空表")])
