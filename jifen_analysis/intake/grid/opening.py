"""Which reader a file needs: its bytes decide, not its suffix."""

from __future__ import annotations

import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from jifen_analysis.documents import ending
from jifen_analysis.intake.grid import package as packages
from jifen_analysis.intake.grid.delimited import decode, text_grid
from jifen_analysis.intake.grid.model import Grid, UnreadableError
from jifen_analysis.intake.grid.page import page_grids

Form = Literal["package", "binary", "text", "page", "xml", "parquet"]

SHEETS = frozenset({".xlsx", ".xlsm", ".xltx", ".xls", ".et", ".ett", ".xlsb", ".ods", ".wps"})
_HEADS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1")
_COMPRESSED = (
    b"\x1f\x8b\x08", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd",
    *(b"BZh%d1AY&SY" % level for level in range(1, 10)),
)  # fmt: skip
"""How files begin that gzip, xz, 7z, rar, zstd and bzip2 made."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def holds_table(path: Path) -> bool:
    """Return whether a file in a folder is one that may hold a table."""
    if path.suffix.lower() in SHEETS | {".csv", ".tsv", ".parquet"}:
        return True
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(_HEADS[0]) and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            return "xl/workbook.xml" in package.namelist()
    if path.suffix.lower() == ".txt":
        return _is_listed(head)
    return head.startswith(_HEADS[2]) or packages.SPREADSHEET_2003.encode() in head


def _is_listed(head: bytes) -> bool:
    """Return whether text is a table: a tab in each of its first lines, as spreadsheets write it (Unicode text)."""
    try:
        lines = decode(head[: len(head) & ~1], whole=False).splitlines()[:6]
    except UnreadableError:
        return False
    filled = [line for line in lines if line.strip()]
    return len(filled) > 1 and all("\t" in line for line in filled[:-1])


def form(path: Path) -> Form:
    """Return what a file is, by its first bytes.

    Raises
    ------
    UnreadableError
        Where it is nothing that holds a table.
    """
    with ending(path).open("rb") as stream:
        data = stream.read(4096)
    if not data:
        raise UnreadableError("empty_file", "文件是空的(0 字节)", "the file is empty (zero bytes)")
    if data.startswith(_HEADS[0]):
        return "package"
    if data.startswith(_HEADS[1]):
        if _ENCRYPTED in path.read_bytes():
            raise packages.refuse_encrypted()
        return "binary"
    if data.startswith(_HEADS[2]):
        return "parquet"
    for kind, (at, head) in _DATABASES.items():
        if data.startswith(head, at):
            raise _a_database(kind, path.name)
    return _written(data, path.suffix.lower())


_DATABASES = {"sqlite": (0, b"SQLite format 3\0"), "duckdb": (8, b"DUCK")}
"""Where and with what files of databases begin."""


def _a_database(kind: str, name: str) -> UnreadableError:
    said = f'database = "{kind}:///{name}"', '[queries] "花名册" = "SELECT …"'
    return UnreadableError(
        "a_database",
        f"是数据库文件;请另写一个 .toml,说明哪张表用哪个查询({said[0]},{said[1]}),再读那个 .toml",
        f"a file of a database; write a .toml that says which query fills which table ({said[0]}, {said[1]}), and read "
        "that",
    )


_PAGES = ("<html", "<!doctype html", "<table", "<meta", "<head", "<body", "<style", "<div")


def _written(data: bytes, suffix: str) -> Form:
    """Return what a file of text is."""
    if data.startswith(_COMPRESSED):
        raise UnreadableError(
            "compressed", "是压缩文件;请解压,报里面的表", "a compressed file; unpack it and send the table in it"
        )
    head = data.replace(b"\0", b"")[:2048].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").decode("ascii", "replace").lower()
    if head.startswith("<?xml") and packages.SPREADSHEET_2003 in head:
        return "xml"
    if head.startswith(_PAGES) or (head.startswith("<?xml") and "<html" in head):
        return "page"
    if head.startswith(("<?xml", "<!doctype")):
        raise UnreadableError(
            "not_a_workbook",
            "内容是 XML,不是工作簿;请用表格软件打开后另存为 .xlsx",
            "this is XML, but not a workbook; save it as .xlsx in a spreadsheet program",
        )
    if suffix not in SHEETS:
        return "text"
    if _is_listed(data):
        return "text"
    raise UnreadableError(
        "not_a_workbook",
        f"后缀是 {suffix},内容却不是工作簿;请重新另存为 .xlsx",
        f"named {suffix} but it is no workbook; save it as .xlsx",
    )


def open_grids(path: Path, file: str) -> list[Grid]:
    """Read the sheets of a workbook or text file.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        The name it goes by in messages.

    Raises
    ------
    UnreadableError
        Where it cannot be read.
    """
    found = form(path)
    if found == "text":
        return [text_grid(path.read_bytes(), file)]
    if found == "page":
        return page_grids(path.read_bytes(), file)
    # Not before a workbook is opened: converted folders and text need none of the libraries that read them.
    from jifen_analysis.intake.grid.spreadsheet import binary_grids, workbook_grids
    from jifen_analysis.intake.grid.xml2003 import xml_grids

    if found == "xml":
        return xml_grids(path.read_bytes(), file)
    if found == "binary":
        return binary_grids(path, file)
    with packages.open_package(path) as package:
        if "xl/workbook.xml" in package.NameToInfo:
            return workbook_grids(path, file, package)
        raise _other_package(package.namelist())


def _other_package(names: Collection[str]) -> UnreadableError:
    """Return the refusal of a package that is no workbook of ours to read."""
    if {"xl/workbook.bin", "content.xml"} & set(names):
        # What reads these is silent about error cells, and a cell must not vanish.
        return UnreadableError(
            "other_workbook",
            "是 .xlsb 或 .ods 工作簿,读不出其中的错误单元格;请在表格软件中另存为 .xlsx",
            "an .xlsb or .ods workbook, whose error cells cannot be read; save it as .xlsx",
        )
    return UnreadableError(
        "not_a_workbook",
        "是压缩文件,里面没有工作簿;请直接报工作簿",
        "a zip file without a workbook in it; send the workbook itself",
    )
