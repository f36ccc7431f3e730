import bz2
import gzip
import lzma
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from jifen_analysis.intake import check
from jifen_analysis.intake.grid import UnreadableError, holds_table, open_grids
from tests.intake.sheets import ROSTER, book


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 字节"),
        (b"<html><body><table></table></body></html>", "网页"),
        ("编号,姓名".encode(), "却不是工作簿"),
        (b"PK\x03\x04 half a zip", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ],
)
def test_files_that_are_no_workbook_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    """One sentence says why a file cannot be read."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=said):
        open_grids(path, "a.xlsx")


@pytest.mark.parametrize("name", ["a.csv.gz", "a.csv", "a.xlsx"])
@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_what_is_compressed_is_called_so(tmp_path: Path, compress: Callable[[bytes], bytes], name: str) -> None:
    """Under whatever name: not text in an unknown encoding, which no saving anew would mend."""
    (tmp_path / name).write_bytes(compress("党员编号,党支部\n00001,甲\n".encode()))
    found = check(tmp_path / name)
    assert [problem.message() for problem in found.problems] == ["是压缩文件;请解压,报里面的表"]


@pytest.mark.parametrize("name", ["a.csv", "a.xls", "a.dat", "a"])
def test_the_suffix_does_not_matter(tmp_path: Path, name: str) -> None:
    """A workbook under a wrong name is read as what it is."""
    path = tmp_path / name
    path.write_bytes(book(tmp_path / "b.xlsx", {"花名册": ROSTER}).read_bytes())
    assert holds_table(path)
    assert open_grids(path, name)[0].sheet == "花名册"


def test_other_zips_hold_no_table(tmp_path: Path) -> None:
    """A file that only begins like a package is no workbook."""
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04")
    assert not holds_table(tmp_path / "a.docx")


@pytest.mark.parametrize("part", ["xl/workbook.bin", "content.xml"])
def test_formats_whose_errors_would_vanish_are_refused(tmp_path: Path, part: str) -> None:
    """.xlsb and .ods, under whatever name, are refused in one sentence."""
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as package:
        package.writestr(part, "<x/>")
    with pytest.raises(UnreadableError, match="另存为"):
        open_grids(tmp_path / "a.xlsx", "a.xlsx")


def _shared(path: Path) -> Path:
    """Write the roster as spreadsheet programs do, with its texts in a part of their own."""
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("花名册")
        for i, row in enumerate(ROSTER):
            sheet.write_row(i, 0, row)
    return path


def _repacked(source: Path, target: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return target


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_parts_in_another_encoding_do_not_vanish(tmp_path: Path, part: str, encoding: str) -> None:
    """A sheet that its reader would find empty is called damaged."""
    source = _shared(tmp_path / "a.xlsx")

    def recoded(data: bytes) -> bytes:
        return f'<?xml version="1.0" encoding="{encoding}"?>{data.decode().rpartition("?>")[2]}'.encode(encoding)

    with pytest.raises(UnreadableError, match="UTF-8"):
        open_grids(_repacked(source, tmp_path / "b.xlsx", part, recoded), "b.xlsx")


def test_a_part_that_boasts_ends_nothing(tmp_path: Path) -> None:
    """A file that declares more texts than it has is refused, and the one beside it is read."""
    good = _shared(tmp_path / "a.xlsx")

    def boasting(data: bytes) -> bytes:
        return re.sub(rb'uniqueCount="\d+"', b'uniqueCount="99999999999"', data)

    _repacked(good, tmp_path / "b.xlsx", "xl/sharedStrings.xml", boasting)
    found = check(tmp_path)
    assert [(p.file, p.code) for p in found.errors] == [("b.xlsx", "damaged")]
    assert len(found.tables["members"]) == len(ROSTER) - 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
def test_unicode_text_is_a_table(tmp_path: Path, encoding: str) -> None:
    """What a spreadsheet saves as text with tabs is found in a folder; a letter is not."""
    lines = "\r\n".join("\t".join(row) for row in ROSTER) + "\r\n"
    (tmp_path / "花名册.txt").write_bytes(lines.encode(encoding))
    (tmp_path / "说明.txt").write_text("各支部:\n\t请按时报送。\n", encoding="utf-8")
    found = check(tmp_path)
    assert (found.verdict, len(found.tables["members"])) == ("accept_with_notes", len(ROSTER) - 1)
    assert [problem.file for problem in found.notes] == ["说明.txt"]
