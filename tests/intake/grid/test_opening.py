import zipfile
from pathlib import Path

import pytest

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
