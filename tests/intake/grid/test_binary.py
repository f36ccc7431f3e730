import struct
from pathlib import Path

import pytest

from jifen_analysis.intake import check
from jifen_analysis.intake.grid import Area, Fault, UnreadableError, open_grids
from jifen_analysis.intake.grid.binary import binary_facts

SECTOR = 512


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(row: int, column: int, text: str) -> bytes:
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def _number(row: int, column: int, value: float) -> bytes:
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def _error(row: int, column: int, code: int) -> bytes:
    return _record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))


def _formula(row: int, column: int, result: bytes, flags: int) -> bytes:
    return _record(0x0006, struct.pack("<HHH", row, column, 0) + result + struct.pack("<HIH", flags, 0, 0))


def _hidden_row(row: int) -> bytes:
    return _record(0x0208, struct.pack("<HHHHHHI", row, 0, 9, 255, 0, 0, 0x20))


def _stream(name: str, cells: bytes, styles: bytes) -> bytes:
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    end = _record(0x000A, b"")
    page = _record(0x0042, struct.pack("<H", 1200))
    label = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    at = len(begin + page + styles + end) + 4 + 6 + len(label)
    book = begin + page + styles + _record(0x0085, struct.pack("<IBB", at, 0, 0) + label) + end
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + end
    return (book + sheet).ljust(4096 + SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, length: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    body = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    body += struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(36)
    return body + struct.pack("<IQ", start, length)


def _workbook(name: str, cells: bytes, styles: bytes = b"") -> bytes:
    """Write an .xls by hand: one sector of links, one of directory, then the stream."""
    stream = _stream(name, cells, styles)
    count = -(-len(stream) // SECTOR)
    links = [0xFFFFFFFD, 0xFFFFFFFE, *(n + 3 for n in range(count - 1)), 0xFFFFFFFE]
    table = struct.pack(f"<{len(links)}I", *links).ljust(SECTOR, b"\xff")
    directory = (
        _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream)) + bytes(256)
    )
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)[: 9 * 4]
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return head.ljust(SECTOR, b"\0") + table + directory + stream.ljust(count * SECTOR, b"\0")


CELLS = (
    b"".join(_text(0, j, text) for j, text in enumerate(["编号", "党支部", "姓名"]))
    + _text(1, 0, "00001") + _text(1, 1, "甲支部") + _text(1, 2, "张三")
    + _hidden_row(2) + _number(2, 0, 2) + _error(2, 1, 0x17) + _text(2, 2, "李四")
    + _number(3, 0, 3) + _text(3, 1, "甲支部") + _formula(3, 2, b"\x03" + bytes(5) + b"\xff\xff", 2)
)  # fmt: skip


@pytest.mark.parametrize("name", ["a.xls", "a.et", "a.xlsx"])
def test_old_workbooks_are_read_by_their_bytes(tmp_path: Path, name: str) -> None:
    """Values come from calamine; errors, formulas never calculated and hidden rows from the records."""
    (tmp_path / name).write_bytes(_workbook("花名册", CELLS))
    (grid,) = open_grids(tmp_path / name, name)
    assert list(grid.rows())[1] == ("00001", "甲支部", "张三")
    assert (grid.columns[1][2], grid.columns[2][3].kind) == (Fault("error", "#REF!"), "uncalculated")
    assert grid.facts.hidden_rows == {3}
    found = check(tmp_path / name, id_width=5)
    assert [(p.code, p.cell) for p in found.errors] == [("cell_error", "B3"), ("formula_uncalculated", "C4")]
    assert found.tables["members"]["member_id"].tolist() == ["00001"]


def test_damaged_ones_are_refused(tmp_path: Path) -> None:
    """Half a file is no file."""
    content = _workbook("花名册", CELLS)
    (tmp_path / "a.xls").write_bytes(content[:700])
    assert binary_facts(content[:700]) == []
    with pytest.raises(UnreadableError, match="损坏"):
        open_grids(tmp_path / "a.xls", "a.xls")


def _format(number: int, code: str) -> bytes:
    return _record(0x041E, struct.pack("<HHB", number, len(code), 1) + code.encode("utf-16-le"))


def test_formats_strikes_and_comments_are_found() -> None:
    """As in packages: what a format shows, what is crossed out (the fifth font is number 5), what is said beside."""
    font = [_record(0x0031, struct.pack("<HHH", 200, 0x08 if n == 4 else 0, 0x7FFF)) for n in range(5)]
    styles = b"".join(font) + _format(164, "0000000") + b"".join(
        _record(0x00E0, struct.pack("<HH", *known) + bytes(16)) for known in ((0, 0), (0, 164), (0, 58), (5, 0))
    )  # fmt: skip
    row = _record(0x0203, struct.pack("<HHHd", 1, 0, 1, 123)) + _record(0x0203, struct.pack("<HHHd", 1, 1, 3, 5))
    row += _record(0x00BD, struct.pack("<HHHIHIH", 2, 0, 1, 2, 2, 2, 1))
    said = "已转出"
    note = _record(0x005D, struct.pack("<HHHHH", 0x15, 18, 0x19, 7, 0)) + _record(
        0x01B6, struct.pack("<HHHHHHHI", 0, 0, 0, 0, 0, len(said), 16, 0)
    )
    note += _record(0x003C, b"\x01" + said.encode("utf-16-le")) + _record(0x001C, struct.pack("<HHHH", 1, 1, 0, 7))
    facts = binary_facts(_workbook("表", row + note, styles))[0]
    assert facts.formats == {(2, 1): "0000000", (3, 1): "0000000", (3, 2): 'm"月"d"日"'}
    assert (facts.struck, facts.comments) == (frozenset({(2, 2)}), {(2, 2): "已转出"})


def test_one_that_boasts_is_refused(tmp_path: Path) -> None:
    """More shared texts than the file has bytes would only be room reserved for nothing."""
    shared = _record(0x00FC, struct.pack("<ii", 2_000_000_000, 2_000_000_000))
    (tmp_path / "a.xls").write_bytes(_workbook("表", b"", shared))
    with pytest.raises(UnreadableError, match="损坏"):
        open_grids(tmp_path / "a.xls", "a.xls")


@pytest.mark.parametrize(
    ("letters", "pattern", "fill", "unseen"),
    [
        (9, 0, 64, True),  # white on paper
        (1, 0, 64, True),  # the same white by another number
        (0x7FFF, 0, 64, False),
        (10, 0, 64, False),
        (10, 1, 10, True),
        (9, 1, 10, False),
        (9, 1, 40, True),  # white by the palette of the file
        (10, 2, 10, False),  # dots of that colour on another
    ],
)
def test_letters_in_the_colour_of_what_is_behind_them_are_found(
    letters: int, pattern: int, fill: int, *, unseen: bool
) -> None:
    """By number as by the file's own palette; what a program chooses is seen."""
    palette = bytes(range(128))[: 32 * 4] + b"\xff\xff\xff\0" + bytes(range(100))[: 23 * 4]
    palette = palette[:4] + b"\xff\xff\xff\0" + palette[8:]
    styles = _record(0x0031, struct.pack("<HHH", 200, 0, letters)) + _record(0x0092, struct.pack("<H", 56) + palette)
    styles += _record(0x00E0, struct.pack("<HH", 0, 0) + bytes(10) + struct.pack("<IH", pattern << 26, fill))
    facts = binary_facts(_workbook("表", _number(1, 0, 5), styles))[0]
    assert facts.unseen == ({(2, 1)} if unseen else set())


def _picture(kind: int, top: int, left: int) -> bytes:
    anchor = struct.pack("<HHI9H", 0, 0xF010, 18, 0, left, 0, top, 0, left, 900, top, 200)
    return _record(0x00EC, bytes(24) + anchor) + _record(
        0x005D, struct.pack("<HHHHH", 0x15, 0x12, kind, 1, 0) + bytes(12)
    )


@pytest.mark.parametrize(("kind", "signed"), [(8, True), (6, False)])
def test_signatures_that_are_pictures_are_told_in_old_workbooks(tmp_path: Path, kind: int, *, signed: bool) -> None:
    """A picture in place of a sign is asked about, as in new workbooks; a box of text is none."""
    cells = b"".join(_text(0, j, text) for j, text in enumerate(["编号", "日期", "出勤情况"]))
    cells += (
        _text(1, 0, "00001")
        + _text(1, 1, "2024-03-05")
        + _text(1, 2, "出勤")
        + _text(2, 0, "00002")
        + _text(2, 1, "2024-03-05")
    )
    (tmp_path / "考勤.xls").write_bytes(_workbook("考勤", cells + _picture(kind, 2, 2)))
    assert [grid.facts.pictures for grid in open_grids(tmp_path / "考勤.xls", "考勤.xls")] == [
        {Area(3, 3, 3, 3)} if signed else set()
    ]
    assert ("picture" in {problem.code for problem in check(tmp_path).errors}) == signed


@pytest.mark.parametrize("shown", [True, False])
def test_zeros_that_an_old_sheet_does_not_show_are_known(tmp_path: Path, *, shown: bool) -> None:
    """Which cells with 0 look blank is said by how the sheet is shown."""
    cells = (
        _text(0, 0, "实缴")
        + _number(1, 0, 0)
        + _number(2, 0, 3)
        + _record(0x023E, struct.pack("<H", 0x10 * shown) + bytes(16))
    )
    (tmp_path / "a.xls").write_bytes(_workbook("党费", cells))
    assert set(open_grids(tmp_path / "a.xls", "a.xls")[0].facts.rounded) == (set() if shown else {(2, 1)})
